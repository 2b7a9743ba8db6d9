"""Branches of a form: given answers that lead to every page, line and paper of a procedure at least once."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from kiosk.procedures.answers import field_at
from kiosk.procedures.base import Condition
from kiosk.procedures.conditions import leaf_conditions, months_later
from kiosk.procedures.model import Field, Procedure, Situation

Branch = Mapping[str, Any]
YEAR = 12  # months
_MOST = 4000
"""Branches after which no more are tried; the largest form of the catalogue has some hundred."""


def branches(procedure: Procedure, today: date) -> list[Branch]:
    """Return every combination of situations, each with every answer that a condition of the file asks about."""
    situations = [_asked(situation) for situation in procedure.situations if situation.options]
    derived = [list(_derived(situation, today)) for situation in procedure.situations]
    single: list[Branch] = [{}, *_condition_answers(procedure, today)]
    combinations = product(product(*filter(None, situations)), product(*filter(None, derived)), single)
    found: list[Branch] = []
    for chosen, dates, answer in combinations:
        found.append(dict(ChainMap(answer, *dates, dict(chosen))))
        if len(found) == _MOST:
            break
    return found


def _asked(situation: Situation) -> list[tuple[str, Any]]:
    return [(situation.key, option.id) for option in situation.options if not option.officer]


def _derived(situation: Situation, today: date) -> Iterator[dict[str, Any]]:
    """Yield answers for which a derived situation is `yes`, and answers for which it is `no`."""
    if situation.older_than:
        days = int(situation.older_than["days"])
        for ago in (days + 1, days):
            yield {situation.older_than["key"]: (today - timedelta(days=ago)).isoformat()}
    elif situation.age_under:
        yield from (dict([age]) for age in _ages(situation.age_under["key"], int(situation.age_under["years"]), today))
    elif situation.sex_of or situation.citizens:
        keys = [situation.sex_of["key"]] if situation.sex_of else list((situation.citizens or {})["papers"].values())
        yield {key: {"loai": "can_cuoc", "so": "046196000123"} for key in keys}
        yield {key: {"loai": "ho_chieu", "so": "C1234567"} for key in keys}


def _ages(key: str, years: int, today: date) -> Iterator[tuple[str, str]]:
    """Yield (key, birth date) of a person of that age today, and of one who reaches it tomorrow."""
    birthday = months_later(today, -years * YEAR)
    yield key, birthday.isoformat()
    yield key, (birthday + timedelta(days=1)).isoformat()


def _conditions(record: Any) -> Iterator[Condition]:
    """Yield every condition with a key, anywhere in a procedure."""
    if isinstance(record, Condition):
        yield from leaf_conditions((record,))
    elif is_dataclass(record):
        for item in fields(record):
            yield from _conditions(getattr(record, item.name))
    elif isinstance(record, tuple):
        for inner in record:
            yield from _conditions(inner)


def _condition_answers(procedure: Procedure, today: date) -> Iterator[Branch]:
    conditions = list(_conditions(procedure))
    for key in dict.fromkeys(condition.key for condition in conditions if "." not in condition.key):
        item = field_at(procedure, key)
        if item is not None:
            yield from ({key: value} for value in _values(item))
    ages = {(condition.key, condition.age_under or condition.age_at_least) for condition in conditions}
    for key, years in sorted((key, years) for key, years in ages if years and "." not in key):
        yield from ({key: value} for _, value in _ages(key, years, today))
    days = {(item.key, item.days_over if item.days_over is not None else item.days_at_most) for item in conditions}
    for key, count in sorted((key, count) for key, count in days if count is not None and "." not in key):
        yield from ({key: (today - timedelta(days=ago)).isoformat()} for ago in (count, count + 1))


def _values(item: Field) -> list[Any]:
    """Return the options of a field; none for a typed one."""
    options = [option.id for option in item.options]
    if item.kind == "boolean":
        return [True, False]
    if item.kind == "multichoice":
        return [[option] for option in options]
    return options if item.kind in {"choice", "choice_text", "sex"} else []
