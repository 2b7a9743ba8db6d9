"""The rules a procedure file may name: a closed list, one small function each.

A rule is given the values at its keys, its own arguments and the day and office; it returns True when all is well.
What is not answered yet is well: a missing answer has its own words.
"""

# ruff: noqa: ARG001 - all rules have one signature

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from kiosk import names, places, reference
from kiosk.procedures import conditions
from kiosk.procedures.conditions import holds
from kiosk.procedures.filling import Office, at, sex_of
from kiosk.procedures.model import Check, Procedure


@dataclass(frozen=True)
class Scene:
    """Where and when a form is judged."""

    today: date
    office: Office


Values = list[Any]
Args = Mapping[str, Any]
Rule = Callable[[Values, Args, Scene], bool]


def not_future(values: Values, args: Args, scene: Scene) -> bool:
    """No date is after today; of a partial date its first day counts."""
    return all(_first_day(value) <= scene.today for value in values if value)


def not_older_than(values: Values, args: Args, scene: Scene) -> bool:
    """The date is at most `days` ago."""
    days = conditions.days_old(values[0], scene.today)
    return days is None or days <= int(args["days"])


def in_order(values: Values, args: Args, scene: Scene) -> bool:
    """Each date is not before the one that stands before it; a year is compared as a year."""
    known = [value for value in values if value]
    return all(_not_before(later, earlier) for earlier, later in pairwise(known))


def at_least_one_of(values: Values, args: Args, scene: Scene) -> bool:
    """One of them is answered."""
    return any(values)


def never(values: Values, args: Args, scene: Scene) -> bool:
    """What `when` describes may not be."""
    return False


def sex_is(values: Values, args: Args, scene: Scene) -> bool:
    """The id number belongs to a person of this sex."""
    return sex_of(values[0]) in {None, args["sex"]}


def different(values: Values, args: Args, scene: Scene) -> bool:
    """Two people do not share one id number."""
    numbers = [number for number in map(_number, values) if number]
    return len(numbers) == len(set(numbers))


def age_between(values: Values, args: Args, scene: Scene) -> bool:
    """The age of the first at the date of the second lies within `low` and `high` years."""
    born, when = values[0], values[1]
    if not born or not when:
        return True
    age = conditions.years_old(born, _first_day(when))
    return age is None or int(args["low"]) <= age <= int(args["high"])


def surname_in(values: Values, args: Args, scene: Scene) -> bool:
    """The first name's surname is that of one of the others."""
    child, *parents = values
    surnames = [names.surname(parent) for parent in parents if parent]
    return not child or not surnames or any(names.same(names.surname(child), one) for one in surnames)


def shorter_than(values: Values, args: Args, scene: Scene) -> bool:
    """The text has at most `letters` letters."""
    return len(str(values[0] or "")) <= int(args["letters"])


def no_telex_left(values: Values, args: Args, scene: Scene) -> bool:
    """No typing keys were left in the name ("Nguyeenx"): a Vietnamese syllable never ends in one of s f r x j."""
    return not any(_telex_like(word) for word in str(values[0] or "").split())


def at_most(values: Values, args: Args, scene: Scene) -> bool:
    """The number is not larger than `most`."""
    return values[0] is None or int(values[0]) <= int(args["most"])


def max_months(values: Values, args: Args, scene: Scene) -> bool:
    """From the first date to the second it is at most `months` months, and not backwards."""
    if not values[0] or not values[1]:
        return True
    start, end = _first_day(values[0]), _first_day(values[1])
    return start < end <= conditions.months_later(start, int(args["months"]))


def in_ward(values: Values, args: Args, scene: Scene) -> bool:
    """The place lies in this ward."""
    code = _ward(values[0])
    return code is None or code == scene.office.ward_code


def any_in_ward(values: Values, args: Args, scene: Scene) -> bool:
    """One of the places lies in this ward."""
    codes = [code for code in map(_ward, values) if code]
    return not codes or scene.office.ward_code in codes


def different_place(values: Values, args: Args, scene: Scene) -> bool:
    """Two addresses are not the same house."""
    first, second = values[0] or {}, values[1] or {}
    if not _ward(first) or _ward(first) != _ward(second):
        return True
    return names.fold(str(first.get("detail", ""))) != names.fold(str(second.get("detail", "")))


def own_city(values: Values, args: Args, scene: Scene) -> bool:
    """A written place does not name another province."""
    text = f" {names.fold(str(values[0] or ''))} "
    named = {code for name, code in _province_names() if f" {name} " in text}
    return not named or scene.office.province_code in named


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        not_future, not_older_than, in_order, at_least_one_of, never, sex_is, different, age_between, surname_in,
        shorter_than, no_telex_left, at_most, max_months, in_ward, any_in_ward, different_place, own_city,
    )
}  # fmt: skip


def is_well(check: Check, answers: Mapping[str, Any], scene: Scene) -> bool:
    """Return whether a check has nothing to say."""
    if not holds(check.when, answers, scene.today):
        return True
    return RULES[check.rule]([at(answers, key) for key in check.keys], check.args, scene)


def broken(procedure: Procedure, answers: Mapping[str, Any], scene: Scene, step: str = "") -> list[Check]:
    """Return the checks that have something to say, of one step or of all, in the order of the file."""
    return [
        check for check in procedure.checks if (not step or check.at == step) and not is_well(check, answers, scene)
    ]


def _first_day(value: str) -> date:
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _not_before(later: str, earlier: str) -> bool:
    size = min(len(later), len(earlier))
    return later[:size] >= earlier[:size]


def _number(value: Any) -> str:
    return str(value.get("so", "") if isinstance(value, Mapping) else value or "")


def _ward(value: Any) -> str | None:
    return value.get("wardCode") if isinstance(value, Mapping) else None


@cache
def _province_names() -> tuple[tuple[str, str], ...]:
    """Provinces of today and those of before July 2025, folded, with the code of today."""
    former = [(places.split_kind(name)[1], code) for _, name, code in reference.read("id_provinces.json")["rows"]]
    return tuple((names.fold(name), code) for name, code in former + [(p.short, p.code) for p in places.provinces()])


_ONSETS = ("ch", "dd", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr")


def _telex_like(word: str) -> bool:
    low = word.lower()
    onset = re.match("[^aeiouy]*", low)
    if onset and len(onset[0]) > 1 and onset[0] not in _ONSETS:
        return False  # Ksor, Kpor: a name of the Central Highlands
    if re.search("aa|ee|oo(?!ng)|dd|aw|ow|uw", low):  # Loong is a surname of the Cơ Tu
        return True
    return len(low) > 2 and low[-1] in "sfrxj" and low.isascii() and low[-2] in "aeiouynmghtpc"
