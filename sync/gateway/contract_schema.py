"""Validate JSON against the schemas of the contract, with messages in Vietnamese for the officer.

`contract_schema.json` is extracted from docs/kiosk-sync-1.yaml (a test compares them); jsonschema-rs validates. A
message names the place and never quotes the content. Unknown members are allowed, as in the contract.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationErrorKind

from sync.parcel import FieldError

SCHEMA_FILE = Path(__file__).with_suffix(".json")
_SCHEMAS: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
_MAX_ERRORS = 20


def validate(schema: str, value: object) -> list[FieldError]:
    """Return the errors of a value by a schema of the contract, one for each place and at most twenty."""
    validator = _validator(schema)
    try:
        return [] if validator.is_valid(value) else _field_errors(validator, value)
    except UnicodeEncodeError:  # a lone surrogate, written as an escape
        return [FieldError("", "type", MESSAGES["type"])]


def _field_errors(validator: Draft202012Validator, value: object) -> list[FieldError]:
    """Return the first error of each place."""
    by_pointer: dict[str, FieldError] = {}
    for error in validator.iter_errors(value):
        field_error = _field_error(error.kind, [str(part) for part in error.instance_path])
        by_pointer.setdefault(field_error.pointer, field_error)
        if len(by_pointer) == _MAX_ERRORS:
            break
    return list(by_pointer.values())


@cache
def _validator(schema: str) -> Draft202012Validator:
    document = {"components": {"schemas": _SCHEMAS}, "$ref": f"#/components/schemas/{schema}"}
    return Draft202012Validator(document, validate_formats=True)


def _field_error(kind: ValidationErrorKind, path: list[str]) -> FieldError:
    if isinstance(kind, ValidationErrorKind.Required):
        path = [*path, kind.property]
    pointer = "".join(f"/{part}" for part in path)
    return FieldError(pointer, kind.name, MESSAGES.get(kind.name, MESSAGES["type"]))


MESSAGES = {
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
