"""The feed of changes as a kiosk reads it: from a cursor on, as long as the cursor is of this store.

A cursor names the epoch, how many changes of its kiosk were read, and a mark of the last of them. One beyond the
counter proves that the store was put back from a copy; so does one whose change is another here, which happens when the
counter has grown past it again before the kiosk came back.
"""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select

from sync.encoding import sha256_hex
from sync.gateway import kiosks, submissions
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import Problem
from sync.gateway.tables import changes
from sync.gateway.tables import submissions as kept

MOST = 200


@dataclass(frozen=True)
class Page:
    """Some changes in their order, the cursor behind them, and whether there are more."""

    items: list[dict[str, Any]]
    cursor: str
    has_more: bool


def read(db: Connection, kiosk: Kiosk, epoch: str, cursor: str, limit: int) -> Page | Literal["foreign", "forgotten"]:
    """Read a page; ``foreign``: a cursor of another epoch; ``forgotten``: this store does not know what was read."""
    of, place, mark = _parts(cursor) if cursor else (epoch, 0, "")
    if of != epoch:
        return "foreign"
    if place > kiosks.last_seq(db, kiosk.kiosk_id) or (mark and mark != _mark(db, kiosk, place)):
        return "forgotten"
    if cursor:
        kiosks.note_read(db, kiosk.kiosk_id, place)
    items, last, more = submissions.feed(db, kiosk, place, min(max(limit, 1), MOST))
    return Page(items, f"{epoch}:{last}:{_mark(db, kiosk, last)}" if last else f"{epoch}:0", more)


def _parts(cursor: str) -> tuple[str, int, str]:
    """Read a cursor: epoch, place, mark (empty in those of earlier releases). Problem when it is none."""
    of, place, mark = (*cursor.split(":"), "")[:3] if 1 <= cursor.count(":") <= 2 else ("", "", "")
    if not place.isascii() or not place.isdigit() or len(cursor) > 200:
        raise Problem("cursor")
    return of, int(place), mark


def _mark(db: Connection, kiosk: Kiosk, seq: int) -> str:
    """Give a short mark of a change: another change of the same number has another, because its time differs.

    The taking of a submission is a change that stands in its own row.
    """
    mine = (changes.c.kiosk_id == kiosk.kiosk_id) & (changes.c.seq == seq)
    row = db.execute(select(changes.c.submission_id, changes.c.revision, changes.c.changed_at).where(mine)).first()
    if row is None:
        mine = (kept.c.kiosk_id == kiosk.kiosk_id) & (kept.c.taken_seq == seq)
        row = db.execute(select(kept.c.submission_id, kept.c.digest, kept.c.received_at).where(mine)).first()
    return sha256_hex(" ".join(map(str, row)).encode())[:12] if row else "none"
