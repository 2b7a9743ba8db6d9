"""A technician controls delivery: send now, stop, resume, retry one form, audit, carry by USB stick."""

from datetime import timedelta

from sqlite_utils import Database

import sync.engine
import sync.link
import sync.outbox
from kiosk import clock
from kiosk.context import Context
from kiosk.records import audit, marks

ASKED = "audit.asked"
"""The mark of the last time that the city was asked about everything."""
DAILY, OVERDUE = timedelta(hours=20), timedelta(hours=36)


def send_now(context: Context, actor: str = "technician") -> None:
    """End every pause and stop, and make everything due at once."""
    with context.store.write() as db:
        sync.engine.send_now(db)
        _note(db, context, "send_now", "outbox", actor)


def stop(context: Context, actor: str, seconds: float | None) -> None:
    """Stop sending for so long, or (None) until somebody goes on."""
    with context.store.write() as db:
        sync.link.stop(db, context.clock.now(), context.clock.monotonic(), seconds)
        _note(db, context, "stop_sending", "outbox", actor)


def go_on(context: Context, actor: str) -> None:
    """End a stop; what was paused for another reason stays so."""
    with context.store.write() as db:
        sync.link.go_on(db)
        _note(db, context, "go_on", "outbox", actor)


def retry(context: Context, actor: str, subject_id: str) -> bool:
    """Try one form now, as far as the line may be used; return whether it still waits."""
    with context.store.write() as db:
        is_open = sync.outbox.hurry_one(db, subject_id)
        if is_open:
            sync.link.try_soon(db)
            _note(db, context, "retry", subject_id, actor)
    return is_open


def is_audit_due(context: Context) -> bool:
    """Tell whether the city is to be asked again: once a day while the counter is closed, at the latest each other day.

    A machine that is switched off at night asks by day, and a clock that was set back asks once more.
    """
    now = context.clock.now()
    with context.store.read() as db:
        told = marks.get(db, ASKED)
    age = abs(now - clock.read(told)) if told else OVERDUE
    return age >= OVERDUE or (age >= DAILY and not context.calendar.is_open(now))


def ask_audit(context: Context, actor: str) -> None:
    """Ask the city about everything that it took."""
    with context.store.write() as db:
        sync.link.ask_audit(db)
        marks.put(db, ASKED, clock.stamp(context.clock.now()))
        _note(db, context, "ask_audit", "outbox", actor)


def carried_out(context: Context, actor: str, forms: int, acts: int) -> None:
    """Write down that forms and acts of the desk were copied onto a stick."""
    with context.store.write() as db:
        line = audit.AuditLine("carried_out", actor, "stick", {"forms": forms, "acts": acts})
        audit.note(db, context.audit_key(), context.clock.now(), line)


def carried_back(context: Context, actor: str, taken: int, refused: int) -> None:
    """Write down that answers of the gateway were read from a stick."""
    with context.store.write() as db:
        line = audit.AuditLine("carried_back", actor, "stick", {"taken": taken, "refused": refused})
        audit.note(db, context.audit_key(), context.clock.now(), line)


def _note(db: Database, context: Context, act: str, subject: str, actor: str = "technician") -> None:
    line = audit.AuditLine(act, actor, subject)
    audit.note(db, context.audit_key(), context.clock.now(), line)
