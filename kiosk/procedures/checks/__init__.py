"""The rules a procedure file may name: a closed list, one small function each.

A rule is given the values at its keys, its own arguments and the day and office; it returns True when all is well.
What is not answered yet is well: a missing answer has its own words.
"""

# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Mapping
from typing import Any

from kiosk.procedures.answers import sex_of
from kiosk.procedures.checks import places, rows, times, words
from kiosk.procedures.checks.base import Args, CheckContext, Rule, Values, number_of
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.model import Check, Procedure

__all__ = ["RULES", "CheckContext", "failed_checks", "passes"]


def at_least_one_of(values: Values, args: Args, scene: CheckContext) -> bool:
    """One of them is answered."""
    return any(values)


def never(values: Values, args: Args, scene: CheckContext) -> bool:
    """What `when` describes may not be."""
    return False


def sex_is(values: Values, args: Args, scene: CheckContext) -> bool:
    """The id number belongs to a person of this sex."""
    return sex_of(values[0]) in {None, args["sex"]}


def different(values: Values, args: Args, scene: CheckContext) -> bool:
    """Two people do not share one id number."""
    numbers = [number for number in map(number_of, values) if number]
    return len(numbers) == len(set(numbers))


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        *(at_least_one_of, never, sex_is, different),
        *(times.not_future, times.not_older_than, times.in_order, times.age_between, times.max_months),
        *(times.whole_date, times.card_expired, times.seats_left),
        *(words.surname_in, words.shorter_than, words.no_telex_left, words.without_words, words.only_digits),
        *(words.at_most, words.positive),
        *(rows.at_least_rows, rows.rows_at_most, rows.rows_unique, rows.rows_differ, rows.rows_exactly_one),
        *(places.in_ward, places.any_in_ward, places.different_place, places.own_city),
    )
}
ASKS = frozenset({"at_least_one_of", "at_least_rows"})
"""The rules that speak while nothing is answered: they ask for an answer."""


def passes(check: Check, answers: Mapping[str, Any], scene: CheckContext) -> bool:
    """Return whether a check has nothing to say."""
    if not holds(check.when, answers, scene.today):
        return True
    return RULES[check.rule]([value_at(answers, key) for key in check.keys], check.args, scene)


def failed_checks(procedure: Procedure, answers: Mapping[str, Any], scene: CheckContext, step: str = "") -> list[Check]:
    """Return the checks that have something to say, of one step or of all, in the order of the file."""
    return [check for check in procedure.checks if (not step or check.at == step) and not passes(check, answers, scene)]
