"""Converter from a TOML table to a frozen dataclass; collects every error of the table.

The type hints of a dataclass are the format: nothing is declared twice. `Words` is a text in two languages: `key` and
`key_en` in the file. A field with an underscore at its end (`is_`, `from_`: Python keywords) is written without it.
Errors are collected, not raised one by one: the author of a file needs the whole list. `place` is the path of a table
or value in the file, as in `FileError`. Not shared with `kiosk.config.toml_reader`: a setting has limits, patterns and
an error in two languages with its line; a procedure has nested tables, lists of tables and `Words`.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from kiosk.procedures.base import Words
from kiosk.procedures.file_errors import FileError, FileErrors, one_of, suggestion

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
    "waivers": "waiver",
    "rates": "rate",
}
"""Attribute of a dataclass -> name of its table in a file."""

TYPE_NAMES = {
    str: "chữ trong ngoặc kép",
    int: "số nguyên",
    bool: "true hoặc false",
    date: "ngày viết như 2026-11-24, không có ngoặc kép",
    Mapping: "một bảng trong ngoặc nhọn",
}


class TomlField(NamedTuple):
    """A field of a dataclass, with its name in a file."""

    attribute: str
    hint: Any
    name: str
    is_words: bool
    is_required: bool
    others: tuple[tuple[str, str], ...] = ()
    """(language, key) of a text in further languages."""


@cache
def toml_fields(dataclass_type: type) -> tuple[TomlField, ...]:
    """Return the fields of a dataclass; cached, because a start asks some thousand times."""
    hints = typing.get_type_hints(dataclass_type)
    return tuple(
        TomlField(
            attribute=item.name,
            hint=hints[item.name],
            name=_name_in_file(item.name, hints[item.name]),
            is_words=_is_words(hints[item.name]),
            is_required=item.default is MISSING and item.default_factory is MISSING,
            others=_other_names(item.name, hints[item.name]),
        )
        for item in fields(dataclass_type)
    )


OTHER_LANGUAGES = ("fr", "zh", "ko", "ja", "lo", "km", "th", "ktv", "pac", "bru")
"""Languages that a file may have besides Vietnamese and English; ktv is Cơ Tu, pac Tà Ôi, bru Bru-Vân Kiều."""


def _other_names(attribute: str, hint: Any) -> tuple[tuple[str, str], ...]:
    """Return (language, key) of a text, or list of texts, in further languages; none for another field."""
    name = _name_in_file(attribute, hint)
    is_text = _is_words(hint) or hint == tuple[Words, ...]
    return tuple((lang, f"{name}_{lang}") for lang in OTHER_LANGUAGES) if is_text else ()


@cache
def _known_names(dataclass_type: type) -> frozenset[str]:
    names = {item.name for item in toml_fields(dataclass_type)}
    texts = [item.name for item in toml_fields(dataclass_type) if item.is_words]
    lists = [item.name for item in toml_fields(dataclass_type) if item.hint == tuple[Words, ...]]
    translated = {f"{name}_{lang}" for name in texts for lang in ("en", *OTHER_LANGUAGES)}
    return frozenset(names | translated | {f"{name}_{lang}" for name in lists for lang in OTHER_LANGUAGES})


def parse_table(dataclass_type: Any, table: Mapping[str, Any], place: str, errors: FileErrors) -> Any:
    """Return a dataclass filled from a table; append unknown, missing and wrongly typed values to `errors`."""
    values: dict[str, Any] = {}
    for item in toml_fields(dataclass_type):
        if item.name in table or (item.is_words and item.name + "_en" in table):
            values[item.attribute] = _value(item, table=table, place=_inside(place, item.name), errors=errors)
        elif item.is_required:
            errors.append(FileError(place, f"thiếu '{item.name}'"))
            values[item.attribute] = _empty(item.hint)
    for name in sorted(table.keys() - _known_names(dataclass_type)):
        errors.append(_unknown(dataclass_type, name, _inside(place, name)))
    return dataclass_type(**values)


def _unknown(dataclass_type: type, name: str, place: str) -> FileError:
    known = _known_names(dataclass_type)
    return FileError(place, f"'{name}' không có trong quy cách{suggestion(name, known)}")


def _empty(hint: Any) -> Any:
    """Return a value of the right type for a wrong or missing one, so that the rest of the file can be checked."""
    origin = typing.get_origin(hint)
    if _is_union(hint):
        return None
    if origin is Literal:
        return typing.get_args(hint)[0]
    if is_dataclass(hint):
        return Words("", "") if hint is Words else None
    return {str: "", int: 0, bool: False, date: date.min, tuple: (), Mapping: {}}[origin or hint]


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _name_in_file(attribute: str, hint: Any) -> str:
    if attribute in TABLES:
        return TABLES[attribute]
    is_list_of_tables = typing.get_origin(hint) is tuple and is_dataclass(typing.get_args(hint)[0])
    # Each table of a list is written as [[field]] or [[step]]; a list of `Words` is one array.
    if is_list_of_tables and attribute in {"fields", "steps"} and typing.get_args(hint)[0] is not Words:
        return attribute[:-1]
    return attribute.rstrip("_")


def _is_union(hint: Any) -> bool:
    """Return whether a hint is `X | None`; of a Literal it is another type."""
    return typing.get_origin(hint) in {types.UnionType, typing.Union}


def _is_words(hint: Any) -> bool:
    return hint is Words or (_is_union(hint) and Words in typing.get_args(hint))


def _value(item: TomlField, table: Mapping[str, Any], place: str, errors: FileErrors) -> Any:
    more = {lang: table[key] for lang, key in item.others if key in table} if item.others else {}
    if item.is_words:
        words = _words(vi=table.get(item.name), en=table.get(item.name + "_en"), place=place, errors=errors)
        return replace(words, more=_texts(more)) if more else words
    value = convert(hint=item.hint, value=table[item.name], place=place, errors=errors)
    if more:
        return tuple(replace(words, more=_texts(more, at)) for at, words in enumerate(value))
    return value


def _texts(more: Mapping[str, Any], at: int | None = None) -> dict[str, str]:
    """Return the texts of a word in further languages; `at` is the position in lists of texts."""
    texts: dict[str, str] = {}
    for lang, value in more.items():
        text = value if at is None else value[at] if isinstance(value, list) and at < len(value) else None
        if isinstance(text, str) and text.strip():
            texts[lang] = text
    return texts


def _words(vi: Any, en: Any, place: str, errors: FileErrors) -> Words:
    for text, suffix, language in ((vi, "", "tiếng Việt"), (en, "_en", "tiếng Anh")):
        if not isinstance(text, str) or not text.strip():
            errors.append(FileError(place + suffix, f"thiếu chữ {language} (cần cả hai thứ tiếng)"))
    return Words(vi if isinstance(vi, str) else "", en if isinstance(en, str) else "")


def convert(hint: Any, value: Any, place: str, errors: FileErrors) -> Any:
    """Return one value converted to its type hint."""
    kind, argument = _kind_of(hint)
    if kind == "sequence":
        return _sequence(hint=argument, value=value, place=place, errors=errors)
    if kind == "literal":
        return _literal(allowed=argument, value=value, place=place, errors=errors)
    if kind == "table" and isinstance(value, Mapping):
        return parse_table(dataclass_type=argument, table=value, place=place, errors=errors)
    if kind == "table":
        errors.append(FileError(place, f'phải là một bảng, như {{ key = "...", is = "..." }}, không phải {value!r}'))
        return None
    return _plain(hint=argument, value=value, place=place, errors=errors)


@cache
def _kind_of(hint: Any) -> tuple[Literal["sequence", "literal", "table", "plain"], Any]:
    """Return how a value of a hint is converted, and the hint of its items, the allowed values, or the type."""
    if _is_union(hint):
        return _kind_of(next(item for item in typing.get_args(hint) if item is not type(None)))
    origin = typing.get_origin(hint)
    if origin is tuple:
        return "sequence", typing.get_args(hint)[0]
    if origin is Literal:
        return "literal", typing.get_args(hint)
    return ("table" if is_dataclass(hint) else "plain"), hint


def _literal(allowed: tuple[Any, ...], value: Any, place: str, errors: FileErrors) -> Any:
    if value in allowed:
        return value
    errors.append(FileError(place, f"'{value}' phải là {one_of(allowed)}{suggestion(value, allowed)}"))
    return allowed[0]


def _sequence(hint: Any, value: Any, place: str, errors: FileErrors) -> tuple[Any, ...]:
    if not isinstance(value, list):
        errors.append(FileError(place, "phải là một danh sách: [[...]] hoặc [ ... ]"))
        return ()
    if hint is Words:
        pairs = [item if isinstance(item, list) and len(item) == 2 else (None, None) for item in value]
        return tuple(
            _words(vi=vi, en=en, place=f"{place}[{number}]", errors=errors) for number, (vi, en) in enumerate(pairs, 1)
        )
    if hint is str and all(isinstance(item, str) for item in value):
        return tuple(value)
    items = (
        convert(hint=hint, value=item, place=f"{place}[{label(item, number)}]", errors=errors)
        for number, item in enumerate(value, 1)
    )
    return tuple(item for item in items if item is not None)


def label(item: Any, number: int) -> str:
    """Return the name of a list item in error messages: its key or id, else its number."""
    if isinstance(item, Mapping):
        return str(item.get("key") or item.get("id") or number)
    return str(number)


def _plain(hint: Any, value: Any, place: str, errors: FileErrors) -> Any:
    if hint is Any:
        return tuple(value) if isinstance(value, list) else value
    hint_type = typing.get_origin(hint) or hint
    expected = {str: str, int: int, bool: bool, date: date, Mapping: Mapping}.get(hint_type, Mapping)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        errors.append(FileError(place, f"phải là {TYPE_NAMES[expected]}, không phải {value!r}"))
        return _empty(hint)
    return value
