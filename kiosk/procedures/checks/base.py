"""Inputs of every rule: the values at its keys, its arguments, and the day and ward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.procedures.answers import Office


@dataclass(frozen=True)
class CheckContext:
    """The day and the ward for which a form is checked."""

    today: date
    office: Office


Values = list[Any]
Args = Mapping[str, Any]
Rule = Callable[[Values, Args, CheckContext], bool]


def number_of(value: Any) -> str:
    """Return the number of an identity paper, given as a paper or as a number; "" for none."""
    return str(value.get("so", "") if isinstance(value, Mapping) else value or "")


def first_day(value: str) -> date:
    """Return a date, or the first day of a month or year."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)
