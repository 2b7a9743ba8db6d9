"""Decrypted submissions: what papers and pages of a dossier read.

A body is decrypted for one request or print job and kept nowhere.
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
    """A submission with its decrypted answers, the procedure in its version, the applicant and the newest ticket."""

    submission: Submission
    procedure: Procedure
    answers: Mapping[str, Any]
    applicant: Mapping[str, Any]
    ticket: Ticket | None
    sources: Mapping[str, str] = field(default_factory=dict)
    """Source of each answer by key: card, hand, kept, officer."""
    changes: tuple[Mapping[str, str], ...] = ()
    """The last change of each key up to this revision: the officer's code and the time."""


def open_submission(context: Context, submission_id: str) -> OpenedSubmission | None:
    """Return a decrypted submission; None when it is unknown, wiped, or its version is not in the catalogue."""
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
        sealed = submissions.body(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
    if submission is None or sealed is None:
        return None
    procedure = context.catalogue.version(submission.procedure, submission.version)
    body = _decrypt(context, submission_id, sealed)
    if procedure is None or body is None:
        return None
    form = body["form"]
    return OpenedSubmission(
        submission=submission,
        procedure=procedure,
        answers=form["answers"],
        applicant=body["applicant"],
        ticket=ticket,
        sources=form.get("sources", {}),
        changes=tuple(form.get("changes", ())),
    )


def open_latest(context: Context, submission_id: str) -> OpenedSubmission | None:
    """Return the last revision of a submission's dossier, decrypted: a print made now has the present answers."""
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
        latest = submissions.by_receipt(db, submission.receipt_no) if submission else None
    return open_submission(context, latest.id) if latest else None


def _decrypt(context: Context, submission_id: str, sealed: bytes) -> dict[str, Any] | None:
    try:
        return dict(json.loads(context.vault.open(submissions.BODY, submission_id, sealed)))
    except SealBroken:
        return None
