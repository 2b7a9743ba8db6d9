"""Between kiosk and sync: what an outbox row means, and what the portal's word does.

`pack` opens the vault at the moment of sending and at no other; `settle` and `heard` run inside the write that
moves the outbox row or the cursor, so that the two never disagree.
"""

from datetime import datetime
from functools import partial

from sqlite_utils import Database

from kiosk import clock
from kiosk.errors import SealBroken
from kiosk.records import audit, submissions
from kiosk.records.submissions import Delivery, PortalWord
from kiosk.room import Room
from sync.parcel import Outcome, Parcel, Receipt, Subject

NOTE = "portal-note"
STANDS: dict[str, Delivery] = {
    "created": "confirmed",
    "duplicate": "confirmed",
    "conflict": "quarantined",
    "invalid": "quarantined",
    "lost": "queued",
}


def pack(room: Room, subject: Subject) -> Parcel | None:
    """Return the frozen bytes of a submission; None when they cannot be opened any more."""
    with room.store.read() as db:
        found = submissions.find(db, subject.id)
        sealed = submissions.body(db, subject.id)
    if found is None or sealed is None:
        return None
    try:
        body = room.vault.open(submissions.BODY, subject.id, sealed)
    except SealBroken:
        return None
    return Parcel(subject.id, found.digest, body, found.receipt_no, found.supersedes)


def settle(room: Room, db: Database, subject: Subject, outcome: Outcome) -> None:
    """Write down what became of a submission: it stands at the portal, or an officer must look."""
    now = room.clock.now()
    stands = STANDS[outcome.kind]
    submissions.set_delivery(db, subject.id, stands, now)
    if outcome.receipt is not None:
        heard(room, db, outcome.receipt)
    if stands == "quarantined":
        note = "; ".join(f"{error.pointer} {error.message}".strip() for error in outcome.errors)
        _quarantine(room, db, subject.id, note, now)


def heard(room: Room, db: Database, receipt: Receipt) -> None:
    """Write down the portal's later word; what is old news was held back by sync."""
    word = PortalWord(
        code=receipt.status_code,
        revision=receipt.revision,
        at=room.clock.now(),
        official_no=receipt.official_no,
        due_at=clock.read(receipt.due_at) if receipt.due_at else None,
        note=room.vault.seal(NOTE, receipt.submission_id, receipt.note.encode()) if receipt.note else None,
    )
    submissions.apply_receipt(db, receipt.submission_id, word, room.clock.now())


def answers_for(room: Room) -> tuple["partial[Parcel | None]", "partial[None]", "partial[None]"]:
    """Return pack, settle and heard of a room, as sync asks for them."""
    return partial(pack, room), partial(settle, room), partial(heard, room)


def _quarantine(room: Room, db: Database, submission_id: str, note: str, now: datetime) -> None:
    submissions.keep_note(db, submission_id, room.vault.seal(NOTE, submission_id, note.encode()))
    line = audit.Line("quarantine", "portal", submission_id)
    audit.note(db, room.audit_key(), now, line)
