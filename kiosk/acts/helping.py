"""An officer goes to somebody who raised a hand at a screen."""

from kiosk.context import Context
from kiosk.records import audit, calls


def go_to(context: Context, call_id: int, actor: str) -> bool:
    """Say that one is coming; False when somebody else is, or the hand is down."""
    now = context.clock.now()
    with context.store.write() as db:
        if not calls.answer(db, call_id, now):
            return False
        audit.note(db, context.audit_key(), now, audit.AuditLine("help", actor, f"call {call_id}"))
        return True
