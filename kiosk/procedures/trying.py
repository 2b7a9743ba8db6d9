"""Made-up answers to a whole form, for its author: every page walked, nobody's data."""

from datetime import date
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.conditions import holds
from kiosk.procedures.filling import Office, complete, situations
from kiosk.procedures.model import Procedure


def made_up(procedure: Procedure, office: Office, today: date) -> dict[str, Any]:
    """Return whole answers: the first of each choice, a sample everywhere else, and all that follows from them."""
    answers: dict[str, Any] = {
        item.key: next(option.id for option in item.options if not option.officer)
        for item in procedure.situations
        if item.options
    }
    for item in procedure.fields:
        known = answers | situations(procedure, answers, today)
        if item.asked and not item.derive and holds(item.when, known, today):
            answers[item.key] = kinds.of(item).sample(item)
    return complete(procedure, answers, office, today)
