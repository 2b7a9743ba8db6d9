"""A technician controls delivery to the portal: send now, stop, resume, retry one form, audit, USB stick."""

from datetime import timedelta

from sqlite_utils import Database

import sync.engine
import sync.link
import sync.outbox
from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import audit, marks

AUDIT_REQUESTED = "audit.asked"
"""Mark of the last time that the portal was asked about all submissions."""
AUDIT_INTERVAL = timedelta(hours=20)
AUDIT_OVERDUE = timedelta(hours=36)


def send_now(context: Context, actor: str = "technician") -> None:
    """End every pause and stop, and make everything due at once."""
    with context.store.write() as db:
        sync.engine.send_now(db)
        _note(db, context, act="send_now", actor=actor)


def stop(context: Context, actor: str, seconds: float | None) -> None:
    """Stop sending for some seconds, or (None) until `resume`."""
    with context.store.write() as db:
        sync.link.stop(db, now=context.clock.now(), monotonic_now=context.clock.monotonic(), seconds=seconds)
        _note(db, context, act="stop_sending", actor=actor)


def resume(context: Context, actor: str) -> None:
    """End a stop; pauses for another reason stay."""
    with context.store.write() as db:
        sync.link.end_stop(db)
        _note(db, context, act="go_on", actor=actor)


def retry(context: Context, actor: str, subject_id: str) -> bool:
    """Send one form now, if the connection may be used; return whether it is still in the outbox."""
    with context.store.write() as db:
        is_open = sync.outbox.make_one_due(db, subject_id)
        if is_open:
            sync.link.end_wait(db)
            _note(db, context, act="retry", actor=actor, subject=subject_id)
    return is_open


def is_audit_due(context: Context) -> bool:
    """Return whether the next audit is due: once a day while the counter is closed, after 36 hours at any time.

    So a kiosk that is switched off at night audits by day, and a clock that was set back causes one more audit.
    """
    now = context.clock.now()
    with context.store.read() as db:
        requested_at = marks.get(db, AUDIT_REQUESTED)
    age = abs(now - clock.parse_timestamp(requested_at)) if requested_at else AUDIT_OVERDUE
    return age >= AUDIT_OVERDUE or (age >= AUDIT_INTERVAL and not context.calendar.is_open(now))


def request_audit(context: Context, actor: str) -> None:
    """Ask the portal about all submissions that it confirmed."""
    with context.store.write() as db:
        sync.link.request_audit(db)
        marks.put(db, AUDIT_REQUESTED, clock.timestamp(context.clock.now()))
        _note(db, context, act="ask_audit", actor=actor)


def record_export(context: Context, actor: str, forms: int, acts: int) -> None:
    """Record how many forms and desk acts were copied onto a USB stick."""
    with context.store.write() as db:
        line = audit.AuditLine(act="carried_out", actor=actor, subject="stick", facts={"forms": forms, "acts": acts})
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def record_import(context: Context, actor: str, taken: int, refused: int) -> None:
    """Record how many receipts of the gateway were read from a USB stick."""
    with context.store.write() as db:
        line = audit.AuditLine(
            act="carried_back", actor=actor, subject="stick", facts={"taken": taken, "refused": refused}
        )
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _note(db: Database, context: Context, *, act: str, actor: str, subject: str = "outbox") -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
