"""Queues of kiosks: which forms wait for a counter, for the status pages.

A post replaces the one before. Its time is that of the signature, which follows this gateway's clock, so a post that
was held up on the way is as old as it is, and never replaces a later one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from sync.encoding import timestamp
from sync.gateway import kiosks
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import queues

KEPT = timedelta(days=1)
"""Numbers end with the day."""
_TICKET = ("label", "receiptNo", "state", "ahead", "counters", "minutes")


@dataclass(frozen=True, kw_only=True)
class QueuePlace:
    """The place of a form in the queue of its kiosk.

    Attributes:
        label: its number, such as C012.
        state: waiting; called: awaited at `counters[0]`; absent: nobody came; held: its citizen fetches a paper.
        ahead: calls before it.
        minutes: how long it still waits, as a range; None where the kiosk cannot tell.
        counters: the open counters that may call it.
        calls: numbers that are called or served at these counters now, by counter.
        posted_at: time of the post.
    """

    label: str
    state: Literal["waiting", "called", "absent", "held"]
    ahead: int
    minutes: tuple[int, int] | None
    counters: tuple[int, ...]
    calls: Mapping[int, str]
    posted_at: datetime


def record_queue(db: Connection, kiosk: Kiosk, queue: Mapping[str, Any], posted_at: datetime, now: datetime) -> None:
    """Store the queue of a kiosk, which the contract allows, unless a later one is here; it replaces the one before."""
    kiosks.lock_kiosk(db, kiosk.kiosk_id)
    is_kiosk = queues.c.kiosk_id == kiosk.kiosk_id
    at = timestamp(min(posted_at, now))
    if (db.execute(select(queues.c.posted_at).where(is_kiosk)).scalar() or "") > at:
        return
    known = {
        "calls": [{"label": call["label"], "counter": call["counter"]} for call in queue["calls"]],
        "tickets": [{name: ticket[name] for name in _TICKET if name in ticket} for ticket in queue["tickets"]],
    }
    db.execute(delete(queues).where(is_kiosk))
    db.execute(insert(queues).values(kiosk_id=kiosk.kiosk_id, content=json.dumps(known), posted_at=at))


def read_place(text: str, posted_at: str, receipt_no: str) -> QueuePlace | None:
    """Return the place of a form in a stored queue and its time; None for one that does not wait."""
    if receipt_no not in text:
        return None
    content = json.loads(text)
    found = [ticket for ticket in content["tickets"] if ticket["receiptNo"] == receipt_no]
    if not found:
        return None
    ticket = found[-1]
    minutes = ticket.get("minutes")
    counters = tuple(ticket["counters"])
    return QueuePlace(
        label=ticket["label"],
        state=ticket["state"],
        ahead=ticket["ahead"],
        minutes=(minutes[0], minutes[1]) if minutes else None,
        counters=counters,
        calls={call["counter"]: call["label"] for call in content["calls"] if call["counter"] in counters},
        posted_at=datetime.fromisoformat(posted_at),
    )


def delete_old_queues(db: Connection, now: datetime) -> None:
    """Delete the queues of days that are over."""
    db.execute(delete(queues).where(queues.c.posted_at <= timestamp(now - KEPT)))
