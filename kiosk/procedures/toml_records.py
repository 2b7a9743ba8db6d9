"""A table of a TOML file into a frozen record, with every mistake named at once.

The record's own type hints are the format: nothing is declared twice. `key_en` belongs to `key`; a Python word with an
underscore behind it (`is_`, `from_`) is written without. Mistakes are gathered, never raised one by one: an author who
mends a file wants the whole list.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from kiosk.procedures.file_errors import FileError, FileErrors, one_of, suggestion
from kiosk.procedures.model import Words

TABLES = {
    "times": "time",
    "fees": "fee",
    "papers": "paper",
    "situations": "situation",
    "copies": "copy",
    "checks": "check",
    "notes": "note",
    "signatures": "signature",
    "lines": "line",
}


NAMES = {
    str: "chữ trong ngoặc kép",
    int: "số nguyên",
    bool: "true hoặc false",
    date: "ngày viết như 2026-11-24, không có ngoặc kép",
    Mapping: "một bảng trong ngoặc nhọn",
}


class _Part(NamedTuple):
    """A field of a record as a file has it."""

    attribute: str
    hint: Any
    name: str
    is_words: bool
    is_wanted: bool


@cache
def _parts(kind: type) -> tuple[_Part, ...]:
    """What a record is made of: asked some thousand times at a start, so found out once."""
    hints = typing.get_type_hints(kind)
    return tuple(
        _Part(
            item.name,
            hints[item.name],
            _name_in_file(item.name, hints[item.name]),
            _is_words(hints[item.name]),
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(kind)
    )


@cache
def _known(kind: type) -> frozenset[str]:
    return frozenset(name for one in _parts(kind) for name in (one.name, one.name + "_en" * one.is_words))


def record(kind: Any, table: Mapping[str, Any], where: str, faults: FileErrors) -> Any:
    """Return `kind` filled from a table; what is unknown, absent or of the wrong kind goes to `faults`."""
    given: dict[str, Any] = {}
    for attribute, hint, name, is_words, is_wanted in _parts(kind):
        if name in table or (is_words and name + "_en" in table):
            given[attribute] = _value(hint, table, name, _in(where, name), faults)
        elif is_wanted:
            faults.append(FileError(where, f"thiếu '{name}'"))
            given[attribute] = _empty(hint)
    for name in sorted(table.keys() - _known(kind)):
        faults.append(FileError(_in(where, name), f"'{name}' không có trong quy cách{suggestion(name, _known(kind))}"))
    return kind(**given)


def _empty(hint: Any) -> Any:
    """A value of the right kind in place of a wrong or absent one, so that the rest of the file can be judged."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return None
    if origin is Literal:
        return inner[0]
    if is_dataclass(hint):
        return Words("", "") if hint is Words else None
    return {str: "", int: 0, bool: False, date: date.min, tuple: (), Mapping: {}}[origin or hint]


def _in(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _name_in_file(attribute: str, hint: Any) -> str:
    if attribute in TABLES:
        return TABLES[attribute]
    many_records = typing.get_origin(hint) is tuple and is_dataclass(typing.get_args(hint)[0])
    if many_records and attribute in {"fields", "steps"} and typing.get_args(hint)[0] is not Words:
        return attribute[:-1]
    return attribute.rstrip("_")


def _is_words(hint: Any) -> bool:
    return hint is Words or (isinstance(hint, types.UnionType) and Words in typing.get_args(hint))


def _value(hint: Any, table: Mapping[str, Any], name: str, where: str, faults: FileErrors) -> Any:
    if _is_words(hint):
        return _words(table.get(name), table.get(name + "_en"), where, faults)
    return convert(hint, table[name], where, faults)


def _words(vi: Any, en: Any, where: str, faults: FileErrors) -> Words:
    for text, tail, tongue in ((vi, "", "tiếng Việt"), (en, "_en", "tiếng Anh")):
        if not isinstance(text, str) or not text.strip():
            faults.append(FileError(where + tail, f"thiếu chữ {tongue} (cần cả hai thứ tiếng)"))
    return Words(vi if isinstance(vi, str) else "", en if isinstance(en, str) else "")


def convert(hint: Any, value: Any, where: str, faults: FileErrors) -> Any:
    """Return one value as its hint wants it."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return convert(next(one for one in inner if one is not type(None)), value, where, faults)
    if origin is tuple:
        return _many(inner[0], value, where, faults)
    if origin is Literal:
        if value not in inner:
            faults.append(FileError(where, f"'{value}' phải là {one_of(inner)}{suggestion(value, inner)}"))
        return value if value in inner else inner[0]
    if is_dataclass(hint) and isinstance(value, Mapping):
        return record(hint, value, where, faults)
    if is_dataclass(hint):
        faults.append(FileError(where, f'phải là một bảng, như {{ key = "...", is = "..." }}, không phải {value!r}'))
        return None
    return _plain(hint, value, where, faults)


def _many(hint: Any, value: Any, where: str, faults: FileErrors) -> tuple[Any, ...]:
    if not isinstance(value, list):
        faults.append(FileError(where, "phải là một danh sách: [[...]] hoặc [ ... ]"))
        return ()
    if hint is Words:
        pairs = [one if isinstance(one, list) and len(one) == 2 else (None, None) for one in value]
        return tuple(_words(vi, en, f"{where}[{at}]", faults) for at, (vi, en) in enumerate(pairs, 1))
    found = (convert(hint, one, f"{where}[{label(one, at)}]", faults) for at, one in enumerate(value, 1))
    return tuple(one for one in found if one is not None)


def label(one: Any, at: int) -> str:
    """Name one of a list as mistakes do: by its key or id, else by its number."""
    if isinstance(one, Mapping):
        return str(one.get("key") or one.get("id") or at)
    return str(at)


def _plain(hint: Any, value: Any, where: str, faults: FileErrors) -> Any:
    if hint is Any:
        return tuple(value) if isinstance(value, list) else value
    kind = typing.get_origin(hint) or hint
    wanted = {str: str, int: int, bool: bool, date: date, Mapping: Mapping}.get(kind, Mapping)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        faults.append(FileError(where, f"phải là {NAMES[wanted]}, không phải {value!r}"))
        return _empty(hint)
    return value
