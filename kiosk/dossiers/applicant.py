"""The applicant of a form: the page of the form that asks for them, their id number, whether they are elderly."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.procedures import journey
from kiosk.procedures.conditions import years_old
from kiosk.procedures.model import FormStep, Procedure

ELDERLY_AGE = 60
"""Years; law 39/2009/QH12 art. 2."""


def page_or_first(procedure: Procedure, answers: Mapping[str, Any], day: date) -> FormStep | None:
    """Return the applicant's page; that of the first person where a helper applies who has no page in the form."""
    first = next((step for step in procedure.steps if step.person), None)
    return journey.applicant_step(procedure, answers, day) or first


def id_number(procedure: Procedure, answers: Mapping[str, Any], today: date) -> str:
    """Return the applicant's id number; empty without one."""
    value = answers.get(answer_keys(procedure, answers, today).get("id", ""))
    return str(value.get("so", "") if isinstance(value, Mapping) else value or "")


def is_elderly(procedure: Procedure, answers: Mapping[str, Any], today: date) -> bool:
    """Return whether the applicant is 60 or older (law 39/2009/QH12 art. 2); False where nobody applies."""
    step = journey.applicant_step(procedure, answers, today)
    fills = step.person.fills if step and step.person else {}
    born = answers.get(fills.get("date_of_birth", "")) or answers.get(fills.get("year_of_birth", ""))
    age = years_old(str(born), today) if born else None
    return age is not None and age >= ELDERLY_AGE


def answer_keys(procedure: Procedure, answers: Mapping[str, Any], today: date) -> Mapping[str, str]:
    """Return the answer keys of the applicant by what they hold: full_name, id, residence ..."""
    step = page_or_first(procedure, answers, today)
    return step.person.fills if step and step.person else {}
