"""Whether a request has the shape that the contract gives it.

``shapes.json`` is taken from docs/kiosk-sync-1.yaml (a test says whether it still agrees); this is the small part of
JSON Schema that the contract uses. What is wrong is said in Vietnamese, for the officer, and names the place; it never
quotes what was written there. Unknown members are let pass, as the contract wants.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sync.parcel import FieldError

_SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text(encoding="utf-8"))
# The rules of each schema in ``_SHAPES``, which lives as long as the process, so that its id stays its own.
_FOUND: dict[int, tuple[tuple[str, Callable[[Any, Any], bool], Any], ...]] = {}
_MOST = 20
# What every JSON reader can hold exactly (RFC 7493); beyond it, databases and other programs break.
_EXACT = 2**53
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def faults(shape: str, value: object) -> list[FieldError]:
    """List what keeps a value from a shape of the contract, at most twenty things; empty when nothing does."""
    found: list[FieldError] = []
    _walk(_SHAPES[shape], value, "", found)
    return found[:_MOST]


def _walk(schema: dict[str, Any], value: object, at: str, found: list[FieldError]) -> None:
    if "$ref" in schema:
        _walk(_SHAPES[schema["$ref"].rpartition("/")[2]], value, at, found)
        return
    if "oneOf" in schema:
        _one_of(schema["oneOf"], value, at, found)
    for word, is_right, wanted in _rules(schema):
        if not is_right(wanted, value):
            found.append(FieldError(at, word, _SAID[word]))
            return
    if isinstance(value, dict):
        _members(schema, value, at, found)
    elif isinstance(value, list) and "items" in schema:
        _items(schema["items"], value, at, found)


def _rules(schema: dict[str, Any]) -> tuple[tuple[str, Callable[[Any, Any], bool], Any], ...]:
    """Give the rules that a schema of the contract uses; found once, because every form walks through it."""
    known = _FOUND.get(id(schema))
    if known is None:
        known = tuple((word, is_right, schema[word]) for word, is_right in _RULES.items() if word in schema)
        _FOUND[id(schema)] = known
    return known


def _one_of(choices: list[dict[str, Any]], value: object, at: str, found: list[FieldError]) -> None:
    tried: list[list[FieldError]] = [[] for _ in choices]
    for choice, errors in zip(choices, tried, strict=True):
        _walk(choice, value, at, errors)
    if sum(not errors for errors in tried) != 1:
        found.append(tried[0][0] if tried[0] else FieldError(at, "oneOf", _SAID["type"]))


def _members(schema: dict[str, Any], value: dict[str, object], at: str, found: list[FieldError]) -> None:
    for name in schema.get("required", ()):
        if name not in value:
            found.append(FieldError(f"{at}/{name}", "required", _SAID["required"]))
    for name, member in schema.get("properties", {}).items():
        if name in value:
            _walk(member, value[name], f"{at}/{name}", found)


def _items(schema: dict[str, Any], value: list[object], at: str, found: list[FieldError]) -> None:
    for place, item in enumerate(value):
        if len(found) >= _MOST:
            return
        _walk(schema, item, f"{at}/{place}", found)


def _is_type(names: str | list[str], value: object) -> bool:
    if isinstance(names, str):
        return _TYPES[names](value)
    return any(_TYPES[name](value) for name in names)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int | float) and _is_number(value) and abs(value) < _EXACT and value == int(value)


_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_whole,
    "null": lambda value: value is None,
}


def _has_format(name: str, value: object) -> bool:
    if not isinstance(value, str):
        return True
    if name == "uuid":
        return _UUID.fullmatch(value) is not None
    try:
        if name == "date":
            return len(value) == 10 and bool(date.fromisoformat(value))
        return _MOMENT.fullmatch(value) is not None and bool(datetime.fromisoformat(value.upper()))
    except ValueError:
        return False


def _is_like(pattern: str, value: str) -> bool:
    # In JSON Schema "$" is the very end; in Python it would let a line break pass.
    return re.search(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), value) is not None


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_type,
    "const": lambda wanted, value: bool(value == wanted),
    "enum": lambda words, value: value in words,
    "minLength": lambda least, value: not isinstance(value, str) or len(value) >= least,
    "maxLength": lambda most, value: not isinstance(value, str) or len(value) <= most,
    "pattern": lambda pattern, value: not isinstance(value, str) or _is_like(pattern, value),
    "format": _has_format,
    "minimum": lambda least, value: not _is_number(value) or value >= least,
    "maximum": lambda most, value: not _is_number(value) or value <= most,
    "minItems": lambda least, value: not isinstance(value, list) or len(value) >= least,
    "maxItems": lambda most, value: not isinstance(value, list) or len(value) <= most,
}

_SAID = {
    "required": "Thiếu mục này.",
    "type": "Mục này không đúng loại dữ liệu đã quy ước.",
    "const": "Mục này khác giá trị đã quy ước.",
    "enum": "Mục này không có trong các giá trị đã quy ước.",
    "minLength": "Mục này ngắn hơn quy ước.",
    "maxLength": "Mục này dài hơn quy ước.",
    "pattern": "Mục này không viết đúng khuôn đã quy ước.",
    "format": "Mục này không viết đúng khuôn đã quy ước.",
    "minimum": "Số này nhỏ hơn quy ước.",
    "maximum": "Số này lớn hơn quy ước.",
    "minItems": "Danh sách này ngắn hơn quy ước.",
    "maxItems": "Danh sách này dài hơn quy ước.",
}
