"""Printed forms of a procedure: its declaration, and the forms that are enclosed with it in some situations."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, EnclosedForm, Procedure


def placed_forms(procedure: Procedure) -> Iterator[tuple[str, Declaration]]:
    """Yield (place in the file, form) of every printed form, the declaration first."""
    if procedure.declaration:
        yield "declaration", procedure.declaration
    for form in procedure.enclosed:
        yield f"enclosed[{form.id}]", form


def enclosed_forms(procedure: Procedure, answers: Mapping[str, Any], today: date) -> list[EnclosedForm]:
    """Return the forms that are enclosed with the declaration for these answers."""
    return [form for form in procedure.enclosed if holds(form.when, answers, today)]


def needed_forms(procedure: Procedure, answers: Mapping[str, Any], today: date) -> list[Declaration]:
    """Return the declaration and the forms that are enclosed with it for these answers."""
    declaration = [procedure.declaration] if procedure.declaration else []
    return [*declaration, *enclosed_forms(procedure, answers, today)]


def has_oath(procedure: Procedure, answers: Mapping[str, Any], today: date) -> bool:
    """Return whether a form for these answers has an oath; without one, nobody is asked to swear."""
    forms = needed_forms(procedure, answers, today)
    return any(line.oath and holds(line.when, answers, today) for form in forms for line in form.lines)
