"""An officer goes to somebody who raised a hand at a screen."""

from kiosk.records import audit, calls
from kiosk.room import Room


def go_to(room: Room, call_id: int, actor: str) -> bool:
    """Say that one is coming; False when somebody else is, or the hand is down."""
    now = room.clock.now()
    with room.store.write() as db:
        if not calls.answer(db, call_id, now):
            return False
        audit.note(db, room.audit_key(), now, audit.Line("help", actor, f"call {call_id}"))
        return True
