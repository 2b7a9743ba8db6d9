"""Decisions of the desk about an accepted dossier, as forward targets get them: status, time and officer's code."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.gateway import sealing
from sync.gateway.forward_targets import DeskDecision
from sync.gateway.tables import events

STATUS_CODES = {"accepted": 2, "refused": 3, "supplement": 5, "withdrawn": 7, "stopped": 8, "handed_out": 10}
"""Status of the national list that an event sets."""
REOPENED_CODES = {"waiting": 1, "accepted": 2, "supplement": 5}


def status_code(event: dict[str, Any]) -> int | None:
    """Return the status code that an event sets; None when it sets none."""
    if event["kind"] == "reopened":
        return REOPENED_CODES.get(event.get("reopenedTo", ""))
    return STATUS_CODES.get(event["kind"])


def list_decisions(db: Connection, kiosk_id: str, receipt_no: str) -> tuple[DeskDecision, ...]:
    """Return the decisions of a receipt number from its first acceptance on, in order."""
    of_receipt = (events.c.kiosk_id == kiosk_id) & (events.c.receipt_no == receipt_no)
    is_decision = events.c.kind.in_((*STATUS_CODES, "reopened")) & (events.c.body != sealing.DELETED)
    decisions: list[DeskDecision] = []
    for row in db.execute(select(events).where(of_receipt & is_decision).order_by(events.c.seq)):
        event = json.loads(sealing.sealer(db).open(sealing.EVENT, row.event_id, row.body))
        code = status_code(event)
        if code is None or (not decisions and row.kind != "accepted"):
            continue
        at = datetime.fromisoformat(event["at"])
        decisions.append(DeskDecision(seq=row.seq, kind=row.kind, status_code=code, at=at, officer=event["officer"]))
    return tuple(decisions)
