"""A technician confirms that the clock is right after a leap."""

from kiosk import clock_trust
from kiosk.context import Context
from kiosk.records import audit


def confirm_time(context: Context, actor: str) -> None:
    """Trust the clock again after a leap, because a technician confirmed it."""
    with context.store.write() as db:
        clock_trust.mark_trusted(db, context)
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("confirm_time", actor, "clock"))
