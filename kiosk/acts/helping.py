"""An officer answers a citizen's call at a touchscreen."""

from kiosk.context import Context
from kiosk.records import audit, calls


def answer_call(context: Context, call_id: int, actor: str) -> bool:
    """Mark a call as answered; False when another officer answered it, or it was withdrawn."""
    now = context.clock.now()
    with context.store.write() as db:
        if not calls.answer(db, call_id, now):
            return False
        line = audit.AuditLine(act="help", actor=actor, subject=f"call {call_id}")
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True
