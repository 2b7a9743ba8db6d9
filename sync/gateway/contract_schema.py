"""Whether a request has the shape that the contract gives it.

``shapes.json`` is taken from docs/kiosk-sync-1.yaml (a test says whether it still agrees); jsonschema-rs reads it. What
is wrong is said in Vietnamese, for the officer, and names the place; it never quotes what was written there. Unknown
members are let pass, as the contract wants.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationErrorKind

from sync.parcel import FieldError

_SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text(encoding="utf-8"))
_MOST = 20


def faults(shape: str, value: object) -> list[FieldError]:
    """List what keeps a value from a shape of the contract, at most twenty things; empty when nothing does."""
    try:
        return [] if _validator(shape).is_valid(value) else _found(_validator(shape), value)
    except UnicodeEncodeError:  # half a letter, written as an escape
        return [FieldError("", "type", _SAID["type"])]


def _found(validator: Draft202012Validator, value: object) -> list[FieldError]:
    """Give the first fault of each place."""
    found: dict[str, FieldError] = {}
    for error in validator.iter_errors(value):
        fault = _fault(error.kind, [str(part) for part in error.instance_path])
        found.setdefault(fault.pointer, fault)
        if len(found) == _MOST:
            break
    return list(found.values())


@cache
def _validator(shape: str) -> Draft202012Validator:
    asked = {"components": {"schemas": _SHAPES}, "$ref": f"#/components/schemas/{shape}"}
    return Draft202012Validator(asked, validate_formats=True)


def _fault(kind: ValidationErrorKind, path: list[str]) -> FieldError:
    if isinstance(kind, ValidationErrorKind.Required):
        path = [*path, kind.property]
    return FieldError("".join(f"/{part}" for part in path), kind.name, _SAID.get(kind.name, _SAID["type"]))


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
