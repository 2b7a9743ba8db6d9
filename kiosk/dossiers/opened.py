"""Decrypted submissions: what papers and pages of a dossier read.

A body is decrypted for one request or print job and kept nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.base import clock
from kiosk.base.errors import SealBroken
from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket


@dataclass(frozen=True)
class OpenedSubmission:
    """A submission with its decrypted answers, its procedure as of acceptance, the applicant and the newest ticket."""

    submission: Submission
    procedure: Procedure
    answers: Mapping[str, Any]
    applicant: Mapping[str, Any]
    ticket: Ticket | None
    sources: Mapping[str, str] = field(default_factory=dict)
    """Source of each answer by path: card, hand, kept, officer."""
    givers: Mapping[str, str] = field(default_factory=dict)
    """Code of the officer who gave an answer, by path, where its source is officer."""
    changes: tuple[Mapping[str, str], ...] = ()
    """The last change of each key up to this revision: the officer's code and the time."""
    assistance: Mapping[str, Any] | None = None
    """The contract's `assistance`: the officer, the reason, whether it was read back, and how it is signed."""
    status_page: Mapping[str, str] | None = None
    """The contract's `statusPage`: hashes of the key of its status page."""


def open_submission(context: Context, submission_id: str) -> OpenedSubmission | None:
    """Return a decrypted submission; None when it is unknown, wiped, or its version is not in the catalogue."""
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
        sealed = submissions.body(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
        accepted_at = decisions.first_acceptance(db, submission.receipt_no) if submission else None
    if submission is None or sealed is None:
        return None
    procedure = procedure_at_acceptance(context, submission, accepted_at)
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
        givers=form.get("givers", {}),
        assistance=body.get("assistance"),
        status_page=body.get("statusPage"),
    )


def procedure_at_acceptance(context: Context, submission: Submission, accepted_at: datetime | None) -> Procedure | None:
    """Return the version of a procedure under which a case goes on: that of the day of its acceptance.

    A case that is not accepted yet would be accepted today. Where the later version asks other things, the case keeps
    the version of its form, and is filled in again at the desk.

    Source: Luật Hộ tịch 03/2026/QH16, transition (secondary).
    """
    filed = context.catalogue.version(submission.procedure, submission.version)
    day = clock.local(accepted_at or context.clock.now()).date()
    later = context.catalogue.in_force(submission.procedure, day)
    if filed is None or later is None or later.effective_from <= filed.effective_from:
        return filed
    return later if later.by_key.keys() == filed.by_key.keys() else filed


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
