"""Sheets of a procedure's workbook and their columns, from the format: a sheet for each list of tables of a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_origin

from kiosk.procedures.base import Words
from kiosk.procedures.checks import RULES
from kiosk.procedures.kinds import NAMES
from kiosk.procedures.model import Check, Field, Procedure
from kiosk.procedures.toml_dataclasses import TomlField, toml_fields

TITLES = {
    "": "Thủ tục",
    "field": "Ô",
    "options": "Lựa chọn",
    "step": "Trang",
    "check": "Kiểm",
    "paper": "Giấy",
    "fee": "Phí",
    "time": "Thời hạn",
    "situation": "Câu hỏi đầu",
    "note": "Lời dặn",
    "copy": "Chép",
    "enclosed": "Giấy kèm",
    "line": "Dòng tờ khai",
    "signature": "Chữ ký",
    "local_options": "Miễn thêm",
    "waiver": "Miễn qua mạng",
    "rate": "Bậc phí",
}
"""Table of a file -> name of its sheet; "" is the head of the file."""
PARENT = "thuộc"
PRINTED_KINDS = ("signature", "consent_block")
"""Kinds of fields that are signed on the paper and never asked."""


@cache
def records() -> Mapping[str, tuple[str, Any]]:
    """Return the table and the record of the rows of each sheet, by the name of the sheet."""
    found: dict[str, tuple[str, Any]] = {TITLES[""]: ("", Procedure)}
    waiting: list[Any] = [Procedure]
    while waiting:
        for item in toml_fields(waiting.pop()):
            many = many_of(item)
            single = single_of(item)
            if single is not None:
                waiting.append(single)
            if many is not None and item.name in TITLES and TITLES[item.name] not in found:
                found[TITLES[item.name]] = (item.name, many)
                waiting.append(many)
    return found


@dataclass(frozen=True)
class SheetColumn:
    """A column that a sheet may have: its head, and the values that a cell may have; none: any."""

    name: str
    values: tuple[str, ...] = ()


@cache
def columns_of(sheet: str) -> tuple[SheetColumn, ...]:
    """Return every column that a sheet of rows may have."""
    table, record = records()[sheet]
    first = (SheetColumn(PARENT),) if is_inner(table) else ()
    return (*first, *_columns_of_record(record, ""))


def _columns_of_record(record: Any, prefix: str) -> Iterator[SheetColumn]:
    for item in toml_fields(record):
        single = single_of(item)
        if single is not None:
            yield from _columns_of_record(single, f"{prefix}{item.name}.")
        elif item.hint == tuple[Words, ...] or (many_of(item) is not None and item.name not in _SHARED):
            continue
        else:
            yield SheetColumn(f"{prefix}{item.name}", _values_of(record, item))
            if item.is_words:
                yield SheetColumn(f"{prefix}{item.name}_en")


_SHARED = frozenset({"options", "local_options"})
"""Lists of rows that may be the name of a list in choices.toml."""


def _values_of(record: Any, item: TomlField) -> tuple[str, ...]:
    if (record, item.name) == (Field, "kind"):
        return (*NAMES, *PRINTED_KINDS)
    if (record, item.name) == (Check, "rule"):
        return tuple(sorted(RULES))
    if type_of(item) is bool:
        return ("có", "không")
    literals = [hint for hint in (item.hint, *get_args(item.hint)) if get_origin(hint) is Literal]
    return tuple(str(value) for hint in literals[:1] for value in get_args(hint))


def is_inner(name: str) -> bool:
    """Return whether the rows of a table belong to a row of another sheet."""
    return name in {"field", "options", "local_options", "line", "signature", "waiver", "rate"}


def single_of(item: TomlField) -> Any:
    """Return the record of a single table (`[step.person]`), or None."""
    hints = [item.hint, *get_args(item.hint)]
    return next(
        (hint for hint in hints if is_dataclass(hint) and hint is not Words and get_origin(item.hint) is not tuple),
        None,
    )


def many_of(item: TomlField) -> Any:
    """Return the record of a list of tables (`[[step]]`), or None."""
    inner = get_args(item.hint)[0] if get_origin(item.hint) is tuple else None
    return inner if is_dataclass(inner) and inner is not Words else None


def type_of(item: TomlField | None) -> Any:
    """Return str, int, bool or date for a plain value; None for one that is written as in a file."""
    if item is None:
        return None
    if item.is_words:
        return str
    if get_origin(item.hint) in {tuple, Mapping}:
        return None
    hints = [item.hint, *get_args(item.hint)]
    if any(get_origin(hint) is Literal or isinstance(hint, str) for hint in hints):
        return str
    return next((hint for hint in hints if hint in (str, int, bool, date)), None)
