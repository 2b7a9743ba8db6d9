"""A form filled in and handed in by the acts behind the pages, as fast as the store takes it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from kiosk import codes
from kiosk.acts import applying
from kiosk.context import Context
from kiosk.procedures.samples import sample_answers
from kiosk.vietnam.reference_data import read

BIRTH = "1.001193"
COPY = "2.000635"
ALONE = "1.004873"


@dataclass(frozen=True)
class Begun:
    """A form that was answered to its end and not handed in yet."""

    session: str
    draft_id: str


def begin(context: Context, code: str = BIRTH) -> Begun:
    """Answer a whole form of made-up people."""
    today = context.clock.today()
    procedure = context.catalogue.in_force(code, today)
    assert procedure is not None
    told = _told(code)
    days = {key: (today - timedelta(days=count)).isoformat() for key, count in told.get("days_old", {}).items()}
    answers = sample_answers(procedure, context.office, today, told["answers"] | days)
    session = codes.token()
    applying.start_session(context, session)
    held = applying.begin(context, session, procedure=procedure, answers=answers, lacking=[])
    applying.update_draft(context, held.id, lambda draft: draft.done.extend(step.id for step in procedure.steps))
    return Begun(session, held.id)


def finish(context: Context, begun: Begun) -> tuple[str, str]:
    """Hand in what was begun; give its id and its receipt number."""
    filed = applying.submit(context, begun.session, begun.draft_id, may_keep=False)
    applying.end_session(context, begun.session)
    return filed.submission.id, filed.submission.receipt_no


def hand_in(context: Context, code: str = BIRTH) -> tuple[str, str]:
    """Answer a form and hand it in; give its id and its receipt number."""
    return finish(context, begin(context, code))


@cache
def _told(code: str) -> dict[str, Any]:
    """What somebody of the made-up morning says of a procedure."""
    visitors: list[dict[str, Any]] = read("practice_morning.toml")["visitor"]
    return next(one for one in visitors if one.get("code") == code)
