"""Checks of the texts and names of a procedure file: braces, boxes, doubled options, what no printer prints."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from kiosk.procedures.answers import field_at
from kiosk.procedures.file_errors import FileError, one_of, suggestion
from kiosk.procedures.model import AnswerOption, Declaration, DeclarationLine, Field, Procedure
from kiosk.procedures.page_checks import possible_answers
from kiosk.procedures.printed_forms import placed_forms

_KEY_IN_TEXT = re.compile(r"\{([^{}?]*)(?:\?([^{}]*))?\}")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_NAME = re.compile(r"\w[\w-]*", re.ASCII)
_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u260f\u2614-\u27bf\ufe0f]")
"""Emoji and dingbats, which no font of the papers has; ☐ and ☑ are printed."""


def text_errors(procedure: Procedure) -> Iterator[FileError]:
    """Yield every error of the texts and names of a procedure."""
    yield from _names(procedure)
    for place, text in printed_texts(procedure):
        yield from _braces(procedure, place, text)
    for place, form in placed_forms(procedure):
        for number, line in enumerate(form.lines, 1):
            yield from _line(procedure, line, f"{place}.line[{number}]")
    for place, options in _option_lists(procedure):
        ids = [option.id for option in options]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            yield FileError(f"{place}.options", f"lựa chọn '{name}' có hai lần; mỗi id chỉ dùng một lần")
    for picture in sorted({found for text in _all_texts(procedure) for found in _PICTURE.findall(text)}):
        yield FileError("", f"có hình '{picture}' trong một câu: máy in không in được; xóa hình đó")


def printed_texts(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of each text that may have keys in braces."""
    yield "summary", procedure.summary
    for place, form in placed_forms(procedure):
        yield from _texts_of_form(form, place)


def keys_in(text: str) -> list[str]:
    """Return the keys in the braces of a text: `{khoa}` and `{khoa?lua_chon}`."""
    return [key for key, _option in _KEY_IN_TEXT.findall(text)]


def _texts_of_form(form: Declaration, place: str) -> Iterator[tuple[str, str]]:
    yield f"{place}.place_and_date", form.place_and_date
    for number, line in enumerate(form.lines, 1):
        yield from ((f"{place}.line[{number}]", text) for text in (line.text, *line.cells))
    for signature in form.signatures:
        yield f"{place}.signature[{signature.key}]", signature.date_line


def _names(procedure: Procedure) -> Iterator[FileError]:
    if procedure.code and not _CODE.fullmatch(procedure.code):
        yield FileError("code", f"'{procedure.code}' chỉ được có chữ không dấu, số, dấu chấm và gạch ngang")
    names = [(f"field[{item.key}].key", item.key) for item in procedure.fields]
    names += [(f"step[{step.id}].id", step.id) for step in procedure.steps]
    for place, name in names:
        if name and not _NAME.fullmatch(name):
            yield FileError(place, f"'{name}' chỉ được có chữ không dấu, số và dấu gạch dưới")


def _braces(procedure: Procedure, place: str, text: str) -> Iterator[FileError]:
    if {"{", "}"} & set(_KEY_IN_TEXT.sub("", text)):
        yield FileError(place, f"dấu ngoặc nhọn không thành cặp trong “{text[:60]}”; mỗi ô viết một lần như {{khoa}}")
    for key, option in _KEY_IN_TEXT.findall(text):
        if option and field_at(procedure, key) is not None:
            yield from _box(procedure, place, key=key, option=option)


def _box(procedure: Procedure, place: str, *, key: str, option: str) -> Iterator[FileError]:
    answers = possible_answers(procedure, key) or ()
    known = [str(answer).lower() if isinstance(answer, bool) else str(answer) for answer in answers]
    if option not in known:
        wanted = f"phải là {one_of(known)}" if known else "hỏi một ô không có lựa chọn"
        yield FileError(place, f"ô vuông {{{key}?{option}}}: '{option}' {wanted}{suggestion(option, known)}")


def _line(procedure: Procedure, line: DeclarationLine, place: str) -> Iterator[FileError]:
    for name, key, kind in (
        ("table", line.table, "group_list"),
        ("each", line.each, "group_list"),
        ("boxes", line.boxes, "id_number"),
    ):
        item = field_at(procedure, key) if key else None
        if item is not None and item.kind != kind:
            yield FileError(place, f"{name} cần một ô kind = \"{kind}\"; ô '{key}' là {item.kind}")


def _option_lists(procedure: Procedure) -> Iterator[tuple[str, tuple[AnswerOption, ...]]]:
    for situation in procedure.situations:
        yield f"situation[{situation.key}]", situation.options
    for item in procedure.fields:
        yield from _option_lists_of(item, f"field[{item.key}]")
    for fee in procedure.fees:
        yield f"fee[{fee.id}]", (*fee.options, *fee.local_options)


def _option_lists_of(item: Field, place: str) -> Iterator[tuple[str, tuple[AnswerOption, ...]]]:
    yield place, item.options
    for part in item.fields:
        yield from _option_lists_of(part, f"{place}.field[{part.key}]")


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _all_texts(item)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _all_texts(getattr(value, item.name))
