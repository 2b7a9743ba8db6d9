"""A technician confirms that the clock is right after a leap."""

from kiosk.context import Context, clock_trust
from kiosk.records import audit


def confirm_time(context: Context, actor: str) -> None:
    """Trust the clock again after a leap."""
    with context.store.write() as db:
        clock_trust.mark_trusted(db, context)
        line = audit.AuditLine(act="confirm_time", actor=actor, subject="clock")
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
