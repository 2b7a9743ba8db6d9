"""Fill in and submit a form through the acts behind the pages, as fast as the store allows."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from kiosk.acts import applying
from kiosk.base import codes
from kiosk.context import Context
from kiosk.procedures.samples import sample_answers
from kiosk.vietnam.reference_data import read

BIRTH = "1.001193"
COPY = "2.000635"


@dataclass(frozen=True)
class FinishedDraft:
    """A complete draft that is not submitted yet."""

    session: str
    draft_id: str


def fill_in_form(context: Context, code: str = BIRTH) -> FinishedDraft:
    """Fill in a whole form with made-up people."""
    today = context.clock.today()
    procedure = context.catalogue.in_force(code, today)
    assert procedure is not None
    visitor = _visitor(code)
    dates = {key: (today - timedelta(days=days)).isoformat() for key, days in visitor.get("days_old", {}).items()}
    answers = sample_answers(procedure, context.office, today, visitor["answers"] | dates)
    session = codes.token()
    applying.start_session(context, session)
    row = applying.begin(context, session, procedure=procedure, answers=answers)
    applying.update_draft(context, row.id, lambda draft: draft.done.extend(step.id for step in procedure.steps))
    return FinishedDraft(session, row.id)


def submit_draft(context: Context, draft: FinishedDraft) -> tuple[str, str]:
    """Submit a draft; return its id and its receipt number."""
    result = applying.submit(context, draft.session, draft.draft_id)
    applying.end_session(context, draft.session)
    return result.submission.id, result.submission.receipt_no


def submit_form(context: Context, code: str = BIRTH) -> tuple[str, str]:
    """Fill in and submit a form; return its id and its receipt number."""
    return submit_draft(context, fill_in_form(context, code))


@cache
def _visitor(code: str) -> dict[str, Any]:
    """Return a made-up visitor who needs this procedure."""
    visitors: list[dict[str, Any]] = read("practice_morning.toml")["visitor"]
    return next(visitor for visitor in visitors if visitor.get("code") == code)
