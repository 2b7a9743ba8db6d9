"""A submission with its body open: what the papers about it are made of.

The body is opened for the moment of composing and kept nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.context import Context
from kiosk.errors import SealBroken
from kiosk.procedures.model import Procedure
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket


@dataclass(frozen=True)
class OpenedSubmission:
    """A submission, its procedure as it was then, its answers, who handed it in, and the newest number drawn for it."""

    submission: Submission
    procedure: Procedure
    answers: Mapping[str, Any]
    applicant: Mapping[str, Any]
    ticket: Ticket | None
    sources: Mapping[str, str] = field(default_factory=dict)
    """How each answer came, by key: card, hand, kept, officer."""
    changes: tuple[Mapping[str, str], ...] = ()
    """Which officer (a code of the staff) changed which key when, in this revision and those before it."""


def open_submission(context: Context, submission_id: str) -> OpenedSubmission | None:
    """Return a submission opened; None when it is unknown, wiped, or of a version that is no longer on the shelf."""
    with context.store.read() as db:
        found = submissions.find(db, submission_id)
        sealed = submissions.body(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
    if found is None or sealed is None:
        return None
    procedure = context.catalogue.version(found.procedure, found.version)
    body = _body(context, submission_id, sealed)
    if procedure is None or body is None:
        return None
    form = body["form"]
    marks = (form.get("sources", {}), tuple(form.get("changes", ())))
    return OpenedSubmission(found, procedure, form["answers"], body["applicant"], ticket, *marks)


def open_last(context: Context, submission_id: str) -> OpenedSubmission | None:
    """Return the last revision of a submission opened: what is printed of it now says what is true now."""
    with context.store.read() as db:
        found = submissions.find(db, submission_id)
        last = submissions.by_receipt(db, found.receipt_no) if found else None
    return open_submission(context, last.id) if last else None


def _body(context: Context, submission_id: str, sealed: bytes) -> dict[str, Any] | None:
    try:
        return dict(json.loads(context.vault.open(submissions.BODY, submission_id, sealed)))
    except SealBroken:
        return None
