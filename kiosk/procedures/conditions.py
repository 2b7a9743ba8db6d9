"""Conditions of a procedure file: whether `when` holds for these answers.

An unanswered key is None: `is`, `in`, `has` and the ages fail on it, `not` and `not_in` hold; `{key}` alone holds for
what is not answered. A citizen is never asked for a page
whose condition cannot be known yet, because a step may only depend on what stands before it (reading.py sees to that).
"""

import calendar as months
from collections.abc import Iterator, Mapping
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


def value_at(answers: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of keys and row numbers; None when there is none."""
    if "." not in path:  # nearly all, and a form asks some hundred times
        return answers.get(path)
    value: Any = answers
    for name in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def leaf_conditions(when: When) -> Iterator[Condition]:
    """Yield the conditions of a list that ask for a key, those within `any` too."""
    for one in when:
        yield from leaf_conditions(one.any_) if one.any_ else (one,)


def holds(when: When, answers: Answers, today: date) -> bool:
    """Return whether all conditions of a list hold."""
    for condition in when:  # noqa: SIM110 - asked some hundred times a page, nearly always of no condition
        if not _one(condition, answers, today):
            return False
    return True


def _one(condition: Condition, answers: Answers, today: date) -> bool:
    if condition.any_:
        return any(_one(one, answers, today) for one in condition.any_)
    value = value_at(answers, condition.key)
    if condition.age_under is not None or condition.age_at_least is not None:
        return _is_aged(condition, value, today)
    if condition.has is not None:
        return isinstance(value, list) and condition.has in value
    if condition.in_ or condition.not_in:
        return value in condition.in_ if condition.in_ else value not in condition.not_in
    return bool(value == condition.is_ if condition.not_ is None else value != condition.not_)


def _is_aged(condition: Condition, born: Any, today: date) -> bool:
    age = years_old(born, today)
    if age is None:
        return False
    is_old_enough = condition.age_at_least is None or age >= condition.age_at_least
    return is_old_enough and (condition.age_under is None or age < condition.age_under)
