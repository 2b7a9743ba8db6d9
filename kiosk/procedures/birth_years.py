"""Years of birth: a year alone is an answer wherever a card may fill in a person's date of birth."""

from collections.abc import Container
from dataclasses import replace

from kiosk.procedures.model import Field, Procedure


def accept_years(procedure: Procedure) -> Procedure:
    """Return a procedure that accepts a year of birth alone wherever a card may fill in the date.

    Cards of people who never knew their birthday have the year only, and nobody can be asked for more by hand.
    """
    births = {step.person.fills.get("date_of_birth", "") for step in procedure.steps if step.person}
    lists = {step.rows for step in procedure.steps if step.rows}
    fields = tuple(_with_years(item, births, is_list=item.key in lists) for item in procedure.fields)
    return replace(procedure, fields=fields)


def _with_years(item: Field, births: Container[str], *, is_list: bool) -> Field:
    """Return a field that accepts a year alone where it is a person's date of birth."""
    if item.kind == "date" and item.key in births:
        return replace(item, partial=True)
    kinds = [column.kind for column in item.fields]
    if not is_list or "person_name" not in kinds or not {"id_number", "id_document"} & set(kinds):
        return item  # no card fills in its rows
    birth = [column.key for column in item.fields if column.kind == "date"][-1:]
    return replace(item, fields=tuple(_with_years(column, birth, is_list=False) for column in item.fields))
