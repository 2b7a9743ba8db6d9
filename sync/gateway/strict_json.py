"""Strict JSON parser for content of kiosks: values that other programs read differently are refused."""

import json
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)

# The largest integer that every JSON reader holds exactly (RFC 7493); beyond it, databases and other programs break.
_MAX_EXACT = 2**53


def parse_json(text: str) -> Any:
    """Parse JSON strictly.

    Raises:
        ValueError: NaN, a lone surrogate, or a number that other programs cannot hold exactly.
    """
    text.encode()
    return json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int, parse_float=_parse_float)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _parse_int(text: str) -> int:
    return _require_exact(int(text))


def _parse_float(text: str) -> float:
    return _require_exact(float(text))


def _require_exact(number: Number) -> Number:
    if abs(number) >= _MAX_EXACT:
        raise ValueError("a number too large for JSON")
    return number
