"""Texts of a procedure with their places, and whether each of them has every language of its file."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.file_errors import FileError
from kiosk.procedures.model import Procedure
from kiosk.procedures.toml_dataclasses import OTHER_LANGUAGES, toml_fields


def texts_of(record: Any, place: str = "") -> Iterator[tuple[str, Words]]:
    """Yield (place in the file, text) of every text of a record."""
    record_type: Any = type(record)
    for item in toml_fields(record_type):
        value = getattr(record, item.attribute)
        inside = f"{place}.{item.name}".lstrip(".")
        if isinstance(value, Words):
            yield inside, value
        elif isinstance(value, tuple):
            for number, inner in enumerate(value, 1):
                name = f"{inside}[{getattr(inner, 'key', '') or getattr(inner, 'id', '') or number}]"
                if isinstance(inner, Words):
                    yield name, inner
                elif is_dataclass(inner):
                    yield from texts_of(inner, name)
        elif is_dataclass(value):
            yield from texts_of(value, inside)


def language_errors(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each unknown language, and for each text that lacks a language of the file."""
    if not procedure.languages:
        return
    for lang in procedure.languages:
        if lang not in OTHER_LANGUAGES:
            yield FileError("languages", f"'{lang}' phải là một trong: {', '.join(OTHER_LANGUAGES)}")
    wanted = [lang for lang in procedure.languages if lang in OTHER_LANGUAGES]
    for place, words in texts_of(procedure):
        for lang in wanted:
            if lang not in words.more:
                yield FileError(place, f"thiếu chữ tiếng '{lang}' (languages ở đầu tệp có tiếng ấy)")
