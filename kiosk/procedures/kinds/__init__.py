"""The kinds of question: a closed list, one class each.

A procedure names a kind; it never brings code. To add one: a class here, a template part, a line in docs/procedures.md.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from kiosk.procedures.kinds import choices, dates, documents, groups, numbers, places, sessions, text
from kiosk.procedures.kinds.base import Kind, Posted, Reading
from kiosk.procedures.model import Field

__all__ = ["NAMES", "Kind", "Posted", "Reading", "named", "of", "parts_of"]

_MAKERS: dict[str, Callable[[], Kind]] = {
    "person_name": text.PersonName,
    "text": text.Text,
    "longtext": text.LongText,
    "phone": text.Phone,
    "email": text.Email,
    "id_number": text.IdNumber,
    "date": dates.Date,
    "time": dates.Time,
    "choice": choices.Choice,
    "choice_text": choices.ChoiceText,
    "multichoice": choices.MultiChoice,
    "sex": choices.Sex,
    "boolean": choices.Boolean,
    "number": numbers.Number,
    "money": numbers.Money,
    "id_document": documents.IdDocument,
    "address": places.Address,
    "place": places.Place,
    "ward": places.Ward,
    "ethnicity": choices.ethnicity,
    "nationality": choices.nationality,
    "session": sessions.Session,
    "group": groups.Group,
    "group_list": groups.GroupList,
}
NAMES = tuple(_MAKERS)


@cache
def named(name: str) -> Kind:
    """Return the kind of a name; KeyError when it is none of the closed list."""
    return _MAKERS[name]()


def of(field: Field) -> Kind:
    """Return the kind of a field."""
    return named(field.kind)


def parts_of(field: Field) -> tuple[Field, ...]:
    """Return a group's parts that are asked, under the names that a page posts: `group.part`."""
    return tuple(replace(part, key=f"{field.key}.{part.key}") for part in field.fields if part.asked)
