"""Inputs of every rule: the values at its keys, its arguments, and the day and ward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kiosk.procedures.answers import Office
from kiosk.procedures.kinds.places import PLACE_KINDS


@dataclass(frozen=True)
class CheckContext:
    """The day and the ward for which a form is checked."""

    today: date
    office: Office


Values = list[Any]
Args = Mapping[str, Any]
Rule = Callable[[Values, Args, CheckContext], bool]


ANY_KIND: frozenset[str] = frozenset()
DATES = frozenset({"date"})
IDS = frozenset({"id_number", "id_document"})
NATIONALITIES = frozenset({"nationality"})
NUMBERS = frozenset({"number", "money"})
ROWS = frozenset({"group_list"})
TEXTS = frozenset({"person_name", "text", "longtext", "phone", "email", "choice_text", "id_number"})
PLACES = PLACE_KINDS
SESSIONS = frozenset({"session"})


@dataclass(frozen=True)
class Arg:
    """An argument of a rule, as `args` of a check gives it."""

    kind: Literal["number", "words", "column", "sex", "day", "amount", "value"]
    is_optional: bool = False


@dataclass(frozen=True)
class Takes:
    """Keys and arguments that a rule takes: kinds of its keys in order (the last for all further keys), how many."""

    kinds: tuple[frozenset[str], ...]
    least: int
    most: int | None
    args: Mapping[str, Arg]


TAKES: dict[str, Takes] = {}
"""Name of a rule -> the keys and arguments that it takes."""


def takes(*kinds: frozenset[str], keys: tuple[int, int | None] = (1, None), **args: Arg) -> Callable[[Rule], Rule]:
    """Declare the keys and arguments of a rule beside it; the loader compares each check with them.

    Args:
        kinds: kinds of the keys in order, the last for all further keys; `ANY_KIND` for any.
        keys: least and most number of keys.
        args: the arguments.
    """

    def declare(rule: Rule) -> Rule:
        TAKES[rule.__name__] = Takes(kinds=kinds, least=keys[0], most=keys[1], args=args)
        return rule

    return declare


NUMBER = Arg("number")
OPTIONAL_NUMBER = Arg("number", is_optional=True)
COLUMN = Arg("column")


def number_of(value: Any) -> str:
    """Return the number of an identity paper, given as a paper or as a number; "" for none."""
    return str(value.get("so", "") if isinstance(value, Mapping) else value or "")


def first_day(value: str) -> date:
    """Return a date, or the first day of a month or year."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)
