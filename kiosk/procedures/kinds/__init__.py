"""Kinds of question: a closed list, one class each.

A procedure file names a kind and never brings code. To add one: a class here, a template in templates/parts/, a line in
docs/procedures.md.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from kiosk.procedures.kinds import choices, dates, documents, groups, numbers, places, sessions, text
from kiosk.procedures.kinds.base import ParsedAnswer, Posted, QuestionKind
from kiosk.procedures.model import Field

__all__ = ["NAMES", "ParsedAnswer", "Posted", "QuestionKind", "by_name", "of", "parts_of"]

_MAKERS: dict[str, Callable[[], QuestionKind]] = {
    "person_name": text.PersonNameKind,
    "text": text.TextKind,
    "longtext": text.LongTextKind,
    "phone": text.PhoneKind,
    "email": text.EmailKind,
    "id_number": text.IdNumberKind,
    "date": dates.DateKind,
    "time": dates.TimeKind,
    "choice": choices.ChoiceKind,
    "choice_text": choices.ChoiceTextKind,
    "multichoice": choices.MultiChoiceKind,
    "sex": choices.SexKind,
    "boolean": choices.BooleanKind,
    "number": numbers.NumberKind,
    "money": numbers.MoneyKind,
    "id_document": documents.IdDocumentKind,
    "address": places.AddressKind,
    "place": places.PlaceKind,
    "ward": places.WardKind,
    "ethnicity": choices.ethnicity,
    "nationality": choices.nationality,
    "session": sessions.SessionKind,
    "group": groups.GroupKind,
    "group_list": groups.GroupListKind,
}
NAMES = tuple(_MAKERS)


@cache
def by_name(name: str) -> QuestionKind:
    """Return the kind with a name.

    Raises:
        KeyError: there is no such kind.
    """
    return _MAKERS[name]()


def of(field: Field) -> QuestionKind:
    """Return the kind of a field."""
    return by_name(field.kind)


def parts_of(field: Field) -> tuple[Field, ...]:
    """Return the parts of a group that are asked, with the names that a page posts as keys: `group.part`."""
    return tuple(replace(part, key=f"{field.key}.{part.key}") for part in field.fields if part.asked)
