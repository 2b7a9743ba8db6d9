"""What a person asks to be printed, beside what Submit prints by itself."""

import json

import printers.spool
from kiosk.procedures import journey
from kiosk.procedures.filling import Draft
from kiosk.room import Room


def missing(room: Room, draft_id: str, draft: Draft) -> None:
    """Print "CẦN MANG THÊM" for a form in hand; the spool keeps the form's code and situations, nobody's name."""
    procedure = room.shelf.version(draft.code, draft.version)
    told = journey.scene(procedure, draft, room.clock.today()) if procedure else {}
    situations = {one.key: told.get(one.key) for one in procedure.situations} if procedure else {}
    known = json.dumps(situations, sort_keys=True)
    facts = {"code": draft.code, "version": draft.version, "situations": known}
    now = room.clock.now()
    with room.store.write() as db:
        printers.spool.put(db, f"missing:{draft_id}", "missing", draft_id, facts, now)
