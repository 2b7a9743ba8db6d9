"""Validation rules that a procedure file may name: a closed list, one small function each.

A rule gets the values at its keys, its arguments, the day and the ward, and returns whether the values are valid.
A missing answer is valid: it has its own message. Only `at_least_one_of` and `at_least_rows` ask for an answer.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.procedures.answers import CITIZEN, sex_of
from kiosk.procedures.checks import places, rows, times, words
from kiosk.procedures.checks.base import (
    ANY_KIND,
    IDS,
    NATIONALITIES,
    TAKES,
    TEXTS,
    Arg,
    Args,
    CheckContext,
    Rule,
    Values,
    number_of,
    takes,
)
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.model import Check, Procedure

__all__ = ["RULES", "TAKES", "CheckContext", "failed_checks", "failing_keys", "passes"]


@takes(ANY_KIND)
def at_least_one_of(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether one of the keys is answered."""
    return any(values)


@takes(ANY_KIND, keys=(0, None))
def never(values: Values, args: Args, context: CheckContext) -> bool:
    """Return False: the situation in `when` is not allowed."""
    return False


@takes(IDS, keys=(1, 1), sex=Arg("sex"))
def sex_is(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the id number belongs to a person of this sex."""
    return sex_of(values[0]) in {None, args["sex"]}


@takes(NATIONALITIES)
def all_citizens(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether nobody has another nationality than Vietnamese; such a case is a procedure of its own."""
    return all(value in {None, CITIZEN} for value in values)


@takes(IDS | TEXTS, keys=(2, None))
def different(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no id number occurs twice."""
    numbers = [number for number in map(number_of, values) if number]
    return len(numbers) == len(set(numbers))


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        at_least_one_of,
        never,
        sex_is,
        all_citizens,
        different,
        times.not_future,
        times.not_older_than,
        times.not_past,
        times.within_days,
        times.earliest_day,
        times.before_day,
        times.in_order,
        times.age_between,
        times.max_months,
        times.whole_date,
        times.card_expired,
        times.seats_left,
        words.surname_in,
        words.shorter_than,
        words.longer_than,
        words.no_telex_left,
        words.without_words,
        words.only_digits,
        words.at_most,
        words.below_amount,
        words.positive,
        rows.at_least_rows,
        rows.rows_at_most,
        rows.rows_unique,
        rows.rows_differ,
        rows.rows_exactly_one,
        rows.any_age_at_least,
        places.in_ward,
        places.any_in_ward,
        places.in_city,
        places.in_own_ward_or_other_city,
        places.different_place,
        places.other_ward,
        places.own_city,
    )
}


def passes(check: Check, answers: Mapping[str, Any], context: CheckContext) -> bool:
    """Return whether the answers satisfy a check; a check whose `when` does not hold is satisfied."""
    if not holds(check.when, answers, context.today):
        return True
    return RULES[check.rule]([value_at(answers, key) for key in check.keys], check.args, context)


def failing_keys(check: Check, answers: Mapping[str, Any], context: CheckContext) -> list[str]:
    """Return the keys of a failed check whose answer fails by itself; none where the rule compares its keys."""
    if TAKES[check.rule].least != 1:
        return []
    rule = RULES[check.rule]
    return [key for key in check.keys if not rule([value_at(answers, key)], check.args, context)]


def failed_checks(
    procedure: Procedure, answers: Mapping[str, Any], context: CheckContext, step: str = ""
) -> list[Check]:
    """Return the checks that the answers fail, of one step or of all, in the order of the file."""
    return [
        check for check in procedure.checks if (not step or check.at == step) and not passes(check, answers, context)
    ]
