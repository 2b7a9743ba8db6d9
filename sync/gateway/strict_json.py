"""Strict JSON parser for content of kiosks: values that other programs read differently are refused."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)

# The largest integer that every JSON reader holds exactly (RFC 7493); beyond it, databases and other programs break.
_MAX_EXACT = 2**53
# Each number is parsed in Python: four million of them, 8 MB, take 3 s and 500 MB. An honest batch has some hundred.
_MAX_NUMBERS = 20_000


def parse_json(text: str) -> Any:
    """Parse JSON strictly.

    Raises:
        ValueError: NaN, a lone surrogate, a number that other programs cannot hold exactly, or too many numbers.
    """
    text.encode()
    left = iter(range(_MAX_NUMBERS))

    def parse_int(digits: str) -> int:
        return _require_exact(int(digits), left)

    def parse_float(digits: str) -> float:
        return _require_exact(float(digits), left)

    return json.loads(text, parse_constant=_refuse_constant, parse_int=parse_int, parse_float=parse_float)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _require_exact(number: Number, left: Iterator[int]) -> Number:
    if next(left, None) is None:
        raise ValueError("too many numbers")
    if abs(number) >= _MAX_EXACT:
        raise ValueError("a number too large for JSON")
    return number
