"""Feed of changes for a kiosk, from a cursor of this store.

A cursor contains the epoch, the number of changes that the kiosk has read, and a fingerprint of the last of them. A
cursor beyond the counter proves that the store was restored from a backup. So does another fingerprint: then the
counter has grown past the cursor again before the kiosk came back.
"""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Connection, select

from sync.encoding import sha256_hex
from sync.gateway import kiosks, status_changes
from sync.gateway.kiosks import Kiosk
from sync.gateway.payments import payment_notices
from sync.gateway.problems import Problem
from sync.gateway.tables import changes
from sync.gateway.tables import payment_notices as notices_table
from sync.gateway.tables import submissions as submissions_table

MAX_CHANGES = 200


@dataclass(frozen=True)
class ChangesPage:
    """Receipts and payment notices in their order, the cursor after them, and whether there are more."""

    items: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    cursor: str
    has_more: bool


def read_changes(
    db: Connection, kiosk: Kiosk, epoch: str, cursor: str, limit: int
) -> ChangesPage | Literal["other_epoch", "restored"]:
    """Read a page of changes.

    Args:
        db: the store, inside a transaction.
        kiosk: the reader.
        epoch: the epoch of the store.
        cursor: the cursor of the page before; "" for the first page.
        limit: how many changes at most.

    Returns:
        The page; "other_epoch" for a cursor of another epoch; "restored" when the cursor proves a restore.

    Raises:
        Problem: the text is no cursor.
    """
    if cursor:
        cursor_epoch, seq, fingerprint = _parse_cursor(cursor)
    else:
        cursor_epoch = epoch
        seq = 0
        fingerprint = ""
    if cursor_epoch != epoch:
        return "other_epoch"
    if seq > kiosks.last_seq(db, kiosk.kiosk_id) or (fingerprint and fingerprint != _fingerprint(db, kiosk, seq)):
        return "restored"
    if cursor:
        kiosks.set_read_seq(db, kiosk.kiosk_id, seq)
    count = min(max(limit, 1), MAX_CHANGES)
    rows = [
        *status_changes.list_changes(db, kiosk=kiosk, after=seq, limit=count + 1),
        *payment_notices.list_notices(db, kiosk.kiosk_id, after=seq, limit=count + 1),
    ]
    rows.sort(key=itemgetter("seq"))
    page = rows[:count]
    last_seq = page[-1]["seq"] if page else seq
    next_cursor = f"{epoch}:{last_seq}:{_fingerprint(db, kiosk, last_seq)}" if last_seq else f"{epoch}:0"
    return ChangesPage(
        items=status_changes.receipts_json(db, kiosk, [row for row in page if "submission_id" in row]),
        payments=[payment_notices.notice_json(row) for row in page if "reference" in row],
        cursor=next_cursor,
        has_more=len(rows) > count,
    )


def _parse_cursor(cursor: str) -> tuple[str, int, str]:
    """Return the epoch, the number and the fingerprint (empty in cursors of earlier releases)."""
    epoch, seq, fingerprint = (*cursor.split(":"), "")[:3] if 1 <= cursor.count(":") <= 2 else ("", "", "")
    if not seq.isascii() or not seq.isdigit() or len(cursor) > 200:
        raise Problem("cursor")
    return epoch, int(seq), fingerprint


def _fingerprint(db: Connection, kiosk: Kiosk, seq: int) -> str:
    """Return a short hash of a change; another change of the same number has another time, so another hash.

    The receiving of a submission is a change that is stored in the submission's own row, a payment notice one in its
    own.
    """
    is_change = (changes.c.kiosk_id == kiosk.kiosk_id) & (changes.c.seq == seq)
    row = db.execute(select(changes.c.submission_id, changes.c.revision, changes.c.changed_at).where(is_change)).first()
    if row is None:
        columns = submissions_table.c
        is_receiving = (columns.kiosk_id == kiosk.kiosk_id) & (columns.taken_seq == seq)
        row = db.execute(select(columns.submission_id, columns.digest, columns.received_at).where(is_receiving)).first()
    if row is None:
        columns = notices_table.c
        is_notice = (columns.kiosk_id == kiosk.kiosk_id) & (columns.seq == seq)
        row = db.execute(select(columns.account_id, columns.reference, columns.received_at).where(is_notice)).first()
    return sha256_hex(" ".join(map(str, row)).encode())[:12] if row else "none"
