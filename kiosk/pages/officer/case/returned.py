"""Pages of the forms and desk events that the portal refused: the list, and the buttons to send again or withdraw.

The list shows receipt numbers, procedures and fields only. The portal's words are on the page of an opened case.
"""

from dataclasses import dataclass

from flask import redirect, request
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

import sync.outbox
from kiosk.acts import refusals as refusal_acts
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.delivery_log import refused_fields
from kiosk.pages.officer.case.current_case import CaseAccess, require_access
from kiosk.pages.officer.case.refusal_words import refusal_words
from kiosk.pages.officer.case.status import event_title, procedure_of
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.records import decisions, refusals, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam.calendar import short_time

SHOWN = 100


@dataclass(frozen=True)
class ReturnedRow:
    """A refused form or desk event in the list; `submission_id` names its case."""

    submission_id: str
    receipt_no: str
    matter: str
    title: str
    at: str
    code: str
    fields: tuple[str, ...]


@officer.get("/returned")
@allow("officer")
def returned() -> str:
    """List what the portal refused."""
    with context().store.read() as db:
        rows = [
            _row(db, submission, subject=submission.id, title="Tờ khai")
            for submission in submissions.all_returned(db, SHOWN)
        ]
        for decision in decisions.all_quarantined(db, SHOWN):
            submission = submissions.find(db, decision.submission_id)
            if submission is not None:
                rows.append(_row(db, submission, subject=decision.id, title=event_title(decision)))
    return render("officer/returned.html", rows=rows, users=users_by_subject(sitting().person.code))


@officer.post("/case/<submission_id>/returned/again")
@allow("officer")
def send_again(submission_id: str) -> Answer:
    """Send a refused form or desk event again."""
    access = require_access(submission_id)
    is_done = refusal_acts.send_again(context(), _subject(access), sitting().person.code)
    return redirect(access.url("again" if is_done else "moved"), 303)


@officer.post("/case/<submission_id>/returned/withdraw")
@allow("officer")
def withdraw(submission_id: str) -> Answer:
    """Withdraw a refused form or desk event: it is never sent again."""
    access = require_access(submission_id)
    reason = request.form.get("reason", "")
    is_done = refusal_acts.withdraw(context(), _subject(access), reason=reason, actor=sitting().person.code)
    return redirect(access.url("withdrawn" if is_done else "moved"), 303)


def _subject(access: CaseAccess) -> str:
    """Return the posted id of a form or desk event; NotAllowed where it is of another case."""
    subject = request.form.get("subject", "")
    receipt_no = access.submission.receipt_no
    with context().store.read() as db:
        ids = {submission.id for submission in submissions.revisions(db, receipt_no)}
        ids |= {decision.id for decision in decisions.quarantined_of(db, receipt_no)}
    if subject not in ids:
        raise NotAllowed
    return subject


def _row(db: Database, submission: Submission, subject: str, title: str) -> ReturnedRow:
    procedure = procedure_of(submission)
    status = sync.outbox.status_of(db, subject)
    return ReturnedRow(
        submission_id=submission.id,
        receipt_no=submission.receipt_no,
        matter=procedure.short.vi if procedure else submission.procedure,
        title=title,
        at=short_time(status.updated, context().clock.today()) if status else "",
        code=refusal_words(status.last_class, status.last_code) if status else "",
        fields=tuple(refused_fields(refusals.last(db, subject), procedure)),
    )
