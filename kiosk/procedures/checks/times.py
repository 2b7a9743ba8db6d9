"""Rules about dates, ages and how long a card is good."""

# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from kiosk.procedures import conditions
from kiosk.procedures.checks.base import Args, CheckContext, Values, first_day, number_of

RENEWALS = (25, 40, 60)
"""A card ends at these ages unless it was issued in the two years before (Law on Identity 26/2023/QH15, article 21)."""
TWO_YEARS = 24


def not_future(values: Values, args: Args, scene: CheckContext) -> bool:
    """No date is after today; of a partial date its first day counts."""
    return all(first_day(value) <= scene.today for value in values if value)


def whole_date(values: Values, args: Args, scene: CheckContext) -> bool:
    """The date has a day: not only a year, or a month and a year."""
    return not values[0] or len(values[0]) == len("2026-01-01")


def not_older_than(values: Values, args: Args, scene: CheckContext) -> bool:
    """The date is at most `days` ago."""
    days = conditions.days_old(values[0], scene.today)
    return days is None or days <= int(args["days"])


def in_order(values: Values, args: Args, scene: CheckContext) -> bool:
    """Each date is not before the one that stands before it; a year is compared as a year."""
    known = [value for value in values if value]
    return all(_not_before(later, earlier) for earlier, later in pairwise(known))


def age_between(values: Values, args: Args, scene: CheckContext) -> bool:
    """The age of the first at the date of the second (one key: today) is from `low` to `high` years, if given."""
    born = values[0]
    when = values[1] if len(values) > 1 else scene.today.isoformat()
    if not born or not when:
        return True
    age = conditions.years_old(born, first_day(when))
    return age is None or int(args.get("low", 0)) <= age <= int(args.get("high", age))


def max_months(values: Values, args: Args, scene: CheckContext) -> bool:
    """From the first date to the second it is at most `months` months, and not backwards."""
    if not values[0] or not values[1]:
        return True
    start, end = first_day(values[0]), first_day(values[1])
    return start < end <= conditions.months_later(start, int(args["months"]))


def card_expired(values: Values, args: Args, scene: CheckContext) -> bool:
    """The identity card of the first is not past its end, by the birth date of the second or the year in its number.

    Without the day of issue only somebody who came of an age for renewal within the last year is asked to look.
    """
    paper = values[0]
    born = (values[1] if len(values) > 1 else None) or _born_by(number_of(paper))
    if not born:
        return True
    issued = paper.get("ngay_cap") if isinstance(paper, Mapping) else None
    since = first_day(issued) if issued else conditions.months_later(scene.today, -12)
    ends = (conditions.months_later(first_day(born), age * 12) for age in RENEWALS)
    slack = TWO_YEARS if issued else 0
    return not any(conditions.months_later(since, slack) < end <= scene.today for end in ends)


def seats_left(values: Values, args: Args, scene: CheckContext) -> bool:
    """The session ("2026-12-03T14:00") is still to come and has seats; what is no session (a waiting list) is well."""
    day, _, hour = str(values[0] or "").partition("T")
    if not hour:
        return True
    return date.fromisoformat(day) >= scene.today and scene.office.seats.get(values[0], 1) > 0


def _not_before(later: str, earlier: str) -> bool:
    size = min(len(later), len(earlier))
    return later[:size] >= earlier[:size]


def _born_by(number: str) -> str | None:
    """Return the year of birth in an id number (Decree 137/2015, article 13), or None."""
    if len(number) != 12 or not number.isdigit():
        return None
    return str(1900 + int(number[3]) // 2 * 100 + int(number[4:6]))
