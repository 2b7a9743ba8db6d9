"""Rules about dates, ages and the expiry of cards."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from kiosk.procedures import conditions
from kiosk.procedures.checks.base import (
    DATES,
    IDS,
    NUMBER,
    OPTIONAL_NUMBER,
    SESSIONS,
    Arg,
    Args,
    CheckContext,
    Values,
    first_day,
    number_of,
    takes,
)

RENEWALS = (25, 40, 60)
"""Ages at which a card expires, unless it was issued in the two years before.

Source: Luật Căn cước 26/2023/QH15, art. 21.
"""
TWO_YEARS = 24  # months


@takes(DATES)
def not_future(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no date is after today; a partial date counts as its first day."""
    return all(first_day(value) <= context.today for value in values if value)


@takes(DATES, keys=(1, 1), day=Arg("day"))
def before_day(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the date is before `day`; a partial date counts as its first day."""
    return not values[0] or first_day(values[0]) < first_day(args["day"])


@takes(DATES, keys=(1, 1))
def whole_date(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the date has a day: not only a year, or a month and a year."""
    return not values[0] or len(values[0]) == len("2026-01-01")


@takes(DATES, keys=(1, 1), days=NUMBER)
def not_older_than(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the date is at most `days` ago."""
    days = conditions.days_old(values[0], context.today)
    return days is None or days <= int(args["days"])


@takes(DATES)
def not_past(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no date is before today; a partial date counts as its first day."""
    return all(first_day(value) >= context.today for value in values if value)


@takes(DATES, keys=(1, 1), days=NUMBER)
def within_days(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the date is at most `days` days ahead."""
    return not values[0] or (first_day(values[0]) - context.today).days <= int(args["days"])


@takes(DATES, keys=(1, 2), days=NUMBER)
def earliest_day(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the date is at least `days` days after the second date, or after today.

    A date that is not whole, or a second date that is not known, is no error.
    """
    day, *others = values
    first = others[0] if others else context.today.isoformat()
    days = conditions.days_old(first, date.fromisoformat(day)) if day and len(day) == len("2026-01-01") else None
    return days is None or days >= int(args["days"])


@takes(DATES, keys=(2, None))
def in_order(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the dates are in order; a year is compared as a year."""
    known = [value for value in values if value]
    return all(_not_before(later, earlier) for earlier, later in pairwise(known))


@takes(DATES, keys=(1, 2), low=OPTIONAL_NUMBER, high=OPTIONAL_NUMBER)
def age_between(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the age at the second date (default: today) is from `low` to `high` years, where given."""
    born = values[0]
    when = values[1] if len(values) > 1 else context.today.isoformat()
    if not born or not when:
        return True
    age = conditions.years_old(born, first_day(when))
    return age is None or int(args.get("low", 0)) <= age <= int(args.get("high", age))


@takes(DATES, keys=(2, 2), months=NUMBER)
def max_months(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the second date is after the first, by at most `months` months."""
    if not values[0] or not values[1]:
        return True
    start = first_day(values[0])
    end = first_day(values[1])
    return start < end <= conditions.months_later(start, int(args["months"]))


@takes(IDS, DATES, keys=(1, 2))
def card_expired(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether an identity card is still valid, by the birth date (second value) or the year in its number.

    Without the day of issue, only a person who reached an age of renewal in the last year gets the warning.
    """
    paper = values[0]
    born = (values[1] if len(values) > 1 else None) or _born_by(number_of(paper))
    if not born:
        return True
    issued = paper.get("ngay_cap") if isinstance(paper, Mapping) else None
    since = first_day(issued) if issued else conditions.months_later(context.today, -12)
    ends = (conditions.months_later(first_day(born), age * 12) for age in RENEWALS)
    slack = TWO_YEARS if issued else 0
    return not any(conditions.months_later(since, slack) < end <= context.today for end in ends)


@takes(SESSIONS, keys=(1, 1))
def seats_left(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the session ("2026-12-03T14:00 ...") is not over and has seats; a waiting list always has."""
    day, _, hour = str(values[0] or "").partition("T")
    if not hour:
        return True
    return date.fromisoformat(day) >= context.today and context.office.seats.get(values[0], 1) > 0


def _not_before(later: str, earlier: str) -> bool:
    size = min(len(later), len(earlier))
    return later[:size] >= earlier[:size]


def _born_by(number: str) -> str | None:
    """Return the year of birth in an id number, or None.

    Source: NĐ 137/2015/NĐ-CP art. 13.
    """
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return None
    return str(1900 + int(number[3]) // 2 * 100 + int(number[4:6]))
