"""Conditions of a procedure file: whether `when` holds for these answers.

An unanswered key is None: `is` and `in` fail on it, `not` and `not_in` hold; `{key}` alone holds for what is not
answered. A citizen is never asked for a page
whose condition cannot be known yet, because a step may only depend on what stands before it (reading.py sees to that).
"""

import calendar as months
from datetime import date
from typing import Any

from kiosk.procedures.model import Answers, Condition, When


def years_old(born: str | None, on: date) -> int | None:
    """Return full years at a day for YYYY-MM-DD, or YYYY-MM or YYYY from their first day; None when unknown."""
    if not born:
        return None
    parts = [int(piece) for piece in born.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return on.year - year - ((on.month, on.day) < (month, day))


def days_old(when: str | None, on: date) -> int | None:
    """Return full days from a whole date to a day; None when it is not a whole date."""
    if not when or len(when) != len("2026-01-01"):
        return None
    return (on - date.fromisoformat(when)).days


def months_later(start: date, count: int) -> date:
    """Return the same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def holds(when: When, answers: Answers, today: date) -> bool:
    """Return whether all conditions of a list hold."""
    return all(_one(condition, answers.get(condition.key), today) for condition in when)


def _one(condition: Condition, value: Any, today: date) -> bool:
    if condition.age_under is not None:
        age = years_old(value, today)
        return age is not None and age < condition.age_under
    if condition.in_:
        return value in condition.in_
    if condition.not_in:
        return value not in condition.not_in
    if condition.not_ is not None:
        return bool(value != condition.not_)
    return bool(value == condition.is_)
