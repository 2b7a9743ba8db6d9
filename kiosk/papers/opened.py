"""A submission with its body open: what the papers about it are made of.

The body is opened for the moment of composing and kept nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.errors import SealBroken
from kiosk.procedures.model import Procedure
from kiosk.records import submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.room import Room


@dataclass(frozen=True)
class Opened:
    """A submission, its procedure as it was then, its answers, who handed it in, and the newest number drawn for it."""

    submission: Submission
    procedure: Procedure
    answers: Mapping[str, Any]
    applicant: Mapping[str, Any]
    ticket: Ticket | None


def open_submission(room: Room, submission_id: str) -> Opened | None:
    """Return a submission opened; None when it is unknown, wiped, or of a version that is no longer on the shelf."""
    with room.store.read() as db:
        found = submissions.find(db, submission_id)
        sealed = submissions.body(db, submission_id)
        ticket = tickets.of_submission(db, submission_id)
    if found is None or sealed is None:
        return None
    procedure = room.shelf.version(found.procedure, found.version)
    body = _body(room, submission_id, sealed)
    if procedure is None or body is None:
        return None
    return Opened(found, procedure, body["form"]["answers"], body["applicant"], ticket)


def _body(room: Room, submission_id: str, sealed: bytes) -> dict[str, Any] | None:
    try:
        return dict(json.loads(room.vault.open(submissions.BODY, submission_id, sealed)))
    except SealBroken:
        return None
