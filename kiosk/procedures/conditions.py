"""Conditions of a procedure file: whether `when` holds for these answers.

An unanswered key is None: `is`, `in`, `has`, ages and days fail on it, `not` and `not_in` hold; `{key}` alone holds for
an unanswered key. The condition of a page is always known when the page comes: a step may only depend on earlier pages
(cross_checks.py checks it).
"""

import calendar as month_lengths
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.base import codes
from kiosk.procedures.base import Answers, Condition, When


def years_old(born: str | None, on: date) -> int | None:
    """Return the age in full years on a day; a YYYY-MM or YYYY counts from its first day; None when unknown."""
    if not born:
        return None
    parts = [int(piece) for piece in born.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return on.year - year - ((on.month, on.day) < (month, day))


def days_old(when: str | None, on: date) -> int | None:
    """Return the full days from a date to a day; None where it is not a whole date (YYYY-MM-DD)."""
    if not when or len(when) != len("2026-01-01"):
        return None
    return (on - date.fromisoformat(when)).days


def months_later(start: date, count: int) -> date:
    """Return the same day `count` months later, or the last day of that month where it is shorter."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    last_day = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_day))


PLACE_CODES: Mapping[str, str] = {"ward": "wardCode", "province": "provinceCode"}
"""Part of a place in a condition -> its name in an answer."""


def value_at(answers: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path of keys and row numbers, or None."""
    if "." not in path:  # nearly all paths, and a page looks up some hundred
        return answers.get(path)
    value: Any = answers
    for name in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(name, value.get(PLACE_CODES.get(name, name)))
        elif isinstance(value, list) and 0 <= codes.parse_number(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def leaf_conditions(when: When) -> Iterator[Condition]:
    """Yield the conditions of a list that have a key, also those inside `any`."""
    for condition in when:
        yield from leaf_conditions(condition.any_) if condition.any_ else (condition,)


def holds(when: When, answers: Answers, today: date) -> bool:
    """Return whether all conditions of a list hold."""
    for condition in when:  # noqa: SIM110 - called some hundred times a page, nearly always without a condition
        if not _holds(condition, answers, today):
            return False
    return True


def _holds(condition: Condition, answers: Answers, today: date) -> bool:
    if condition.any_:
        return any(_holds(other, answers, today) for other in condition.any_)
    value = value_at(answers, condition.key)
    if condition.answered is not None:
        return condition.answered == (value not in (None, ""))
    if condition.age_under is not None or condition.age_at_least is not None:
        return _age_holds(condition, value, today)
    if condition.days_over is not None or condition.days_at_most is not None:
        return _days_hold(condition, value, today)
    return _value_holds(condition, value)


def _value_holds(condition: Condition, value: Any) -> bool:
    if condition.has is not None:
        return isinstance(value, list) and condition.has in value
    if condition.in_:
        return value in condition.in_
    if condition.not_in:
        return value not in condition.not_in
    return bool(value == condition.is_ if condition.not_ is None else value != condition.not_)


def _days_hold(condition: Condition, value: Any, today: date) -> bool:
    days = days_old(value, today)
    if days is None:
        return False
    is_late_enough = condition.days_over is None or days > condition.days_over
    return is_late_enough and (condition.days_at_most is None or days <= condition.days_at_most)


def _age_holds(condition: Condition, born: Any, today: date) -> bool:
    age = years_old(born, today)
    if age is None:
        return False
    is_old_enough = condition.age_at_least is None or age >= condition.age_at_least
    return is_old_enough and (condition.age_under is None or age < condition.age_under)
