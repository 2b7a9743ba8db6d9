"""What a technician does with the machine: send now, release, answer whether a paper came out, print again."""

from sqlite_utils import Database

import printers.spool
import sync.link
import sync.outbox
from kiosk.records import audit, decisions, submissions
from kiosk.room import Room


def send_now(room: Room) -> None:
    """End every pause and make everything due at once."""
    with room.store.write() as db:
        sync.link.resume(db)
        sync.outbox.hurry(db)
        _note(db, room, "send_now", "outbox")


def release(room: Room, subject_id: str) -> bool:
    """Put a submission or an event that was set aside back in line; return whether it was set aside."""
    with room.store.write() as db:
        was = sync.outbox.release(db, subject_id, room.clock.now())
        if was:
            if not decisions.set_delivery(db, subject_id, "queued"):
                submissions.set_delivery(db, subject_id, "queued", room.clock.now())
            _note(db, room, "release", subject_id)
    return was


def paper_seen(room: Room, job_id: int, *, is_out: bool) -> None:
    """Write down what a person saw: an unknown paper came out, or it is printed again."""
    with room.store.write() as db:
        printers.spool.answer(db, job_id, room.clock.now(), printed=is_out, by="technician")
        _note(db, room, "paper_seen", str(job_id))


def reprint(room: Room, job_id: int, why: str) -> None:
    """Print a paper once more; it says that it is a copy."""
    with room.store.write() as db:
        printers.spool.reprint(db, job_id, "technician", why, room.clock.now())
        _note(db, room, "reprint", str(job_id))


def _note(db: Database, room: Room, act: str, subject: str) -> None:
    line = audit.Line(act, "technician", subject)
    audit.note(db, room.audit_key(), room.clock.now(), line)
