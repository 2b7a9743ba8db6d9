"""Sample answers to a whole form, without anybody's data: for its author, and for demo data."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import Office, complete, derived_situations
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Procedure

NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})


def sample_answers(
    procedure: Procedure, office: Office, today: date, given: Mapping[str, Any] = NO_ANSWERS
) -> dict[str, Any]:
    """Return complete answers: those given, the first option of each situation, samples, and the computed values."""
    answers: dict[str, Any] = {
        item.key: given.get(item.key) or next(option.id for option in item.options if not option.officer)
        for item in procedure.situations
        if item.options
    }
    for item in procedure.fields:
        known = answers | derived_situations(procedure, answers, today)
        if item.asked and not item.derive and holds(item.when, known, today):
            answers[item.key] = given.get(item.key) or kinds.of(item).sample(item)
    return complete(procedure=procedure, given=answers, office=office, today=today)
