"""What a technician does with the machine: send now, stop, retry, ask the city again, answer about a paper, reprint."""

from datetime import timedelta

from sqlite_utils import Database

import printers.spool
import sync.engine
import sync.link
import sync.outbox
from kiosk import clock
from kiosk.health.timekeeping import SEEN
from kiosk.records import audit, marks
from kiosk.room import Room

ASKED = "audit.asked"
"""The mark of the last time that the city was asked about everything."""
DAILY, OVERDUE = timedelta(hours=20), timedelta(hours=36)


def send_now(room: Room, actor: str = "technician") -> None:
    """End every pause and stop, and make everything due at once."""
    with room.store.write() as db:
        sync.engine.send_now(db)
        _note(db, room, "send_now", "outbox", actor)


def stop(room: Room, actor: str, seconds: float | None) -> None:
    """Stop sending for so long, or (None) until somebody goes on."""
    with room.store.write() as db:
        sync.link.stop(db, room.clock.now(), room.clock.monotonic(), seconds)
        _note(db, room, "stop_sending", "outbox", actor)


def go_on(room: Room, actor: str) -> None:
    """End a stop; what was paused for another reason stays so."""
    with room.store.write() as db:
        sync.link.go_on(db)
        _note(db, room, "go_on", "outbox", actor)


def retry(room: Room, actor: str, subject_id: str) -> bool:
    """Try one form now, as far as the line may be used; return whether it still waits."""
    with room.store.write() as db:
        is_open = sync.outbox.hurry_one(db, subject_id)
        if is_open:
            sync.link.try_soon(db)
            _note(db, room, "retry", subject_id, actor)
    return is_open


def is_audit_due(room: Room) -> bool:
    """Tell whether the city is to be asked again: once a day while the counter is closed, at the latest each other day.

    A machine that is switched off at night asks by day, and a clock that was set back asks once more.
    """
    now = room.clock.now()
    with room.store.read() as db:
        told = marks.get(db, ASKED)
    age = abs(now - clock.read(told)) if told else OVERDUE
    return age >= OVERDUE or (age >= DAILY and not room.calendar.is_open(now))


def ask_audit(room: Room, actor: str) -> None:
    """Ask the city about everything that it took."""
    with room.store.write() as db:
        sync.link.ask_audit(db)
        marks.put(db, ASKED, clock.stamp(room.clock.now()))
        _note(db, room, "ask_audit", "outbox", actor)


def carried_out(room: Room, actor: str, forms: int, acts: int) -> None:
    """Write down that forms and acts of the desk were copied onto a stick."""
    with room.store.write() as db:
        line = audit.Line("carried_out", actor, "stick", {"forms": forms, "acts": acts})
        audit.note(db, room.audit_key(), room.clock.now(), line)


def carried_back(room: Room, actor: str, taken: int, refused: int) -> None:
    """Write down that answers of the gateway were read from a stick."""
    with room.store.write() as db:
        line = audit.Line("carried_back", actor, "stick", {"taken": taken, "refused": refused})
        audit.note(db, room.audit_key(), room.clock.now(), line)


def confirm_time(room: Room, actor: str) -> None:
    """Take a technician's word that the clock is right after a leap: from now on it is sure."""
    with room.store.write() as db:
        marks.put(db, SEEN, clock.stamp(room.clock.now()))
        _note(db, room, "confirm_time", "clock", actor)


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


def _note(db: Database, room: Room, act: str, subject: str, actor: str = "technician") -> None:
    line = audit.Line(act, actor, subject)
    audit.note(db, room.audit_key(), room.clock.now(), line)
