"""Feed of changes for a kiosk, from a cursor of this store.

A cursor contains the epoch, the number of changes that the kiosk has read, and a fingerprint of the last of them. A
cursor beyond the counter proves that the store was restored from a backup. So does another fingerprint: then the
counter has grown past the cursor again before the kiosk came back.

A kiosk that reads payment notices says so, and its cursor also has the number up to which it has read them. A cursor of
an older release has none, so the first page after an update begins with the notices that the kiosk has read past.
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


@dataclass(frozen=True)
class _Cursor:
    """A cursor: numbers of the last change and of the last notice that were read; None for a kiosk without notices."""

    epoch: str
    seq: int
    fingerprint: str
    notice_seq: int | None

    def text(self) -> str:
        """Return the cursor as the kiosk keeps it.

        The number of the notices is a part of the fingerprint: an older gateway finds another fingerprint, and the
        kiosk begins again without a cursor.
        """
        if not self.seq:
            return f"{self.epoch}:0"
        notices = "" if self.notice_seq is None else f".{self.notice_seq}"
        return f"{self.epoch}:{self.seq}:{self.fingerprint}{notices}"


def read_changes(
    db: Connection, kiosk: Kiosk, epoch: str, cursor: str, limit: int, *, reads_payments: bool = False
) -> ChangesPage | Literal["other_epoch", "restored"]:
    """Read a page of changes.

    Args:
        db: the store, inside a transaction.
        kiosk: the reader.
        epoch: the epoch of the store.
        cursor: the cursor of the page before; "" for the first page.
        limit: how many changes at most.
        reads_payments: the kiosk's release reads payment notices.

    Returns:
        The page; "other_epoch" for a cursor of another epoch; "restored" when the cursor proves a restore.

    Raises:
        Problem: the text is no cursor.
    """
    start = _parse_cursor(cursor) if cursor else _Cursor(epoch=epoch, seq=0, fingerprint="", notice_seq=0)
    if start.epoch != epoch:
        return "other_epoch"
    is_known = not start.fingerprint or start.fingerprint == _fingerprint(db, kiosk, start.seq)
    if start.seq > kiosks.last_seq(db, kiosk.kiosk_id) or not is_known:
        return "restored"
    if cursor:
        kiosks.set_read_seq(db, kiosk.kiosk_id, start.seq)
    count = min(max(limit, 1), MAX_CHANGES)
    notices_after = (start.notice_seq or 0) if reads_payments else start.seq
    rows = [
        *status_changes.list_changes(db, kiosk=kiosk, after=start.seq, limit=count + 1),
        *payment_notices.list_notices(db, kiosk.kiosk_id, after=notices_after, limit=count + 1),
    ]
    rows.sort(key=itemgetter("seq"))
    page = rows[:count]
    has_more = len(rows) > count
    last_seq = max(start.seq, page[-1]["seq"]) if page else start.seq
    notice_seq = page[-1]["seq"] if has_more else last_seq
    following = _Cursor(
        epoch=epoch,
        seq=last_seq,
        fingerprint=_fingerprint(db, kiosk, last_seq) if last_seq else "",
        notice_seq=notice_seq if reads_payments else None,
    )
    return ChangesPage(
        items=status_changes.receipts_json(db, kiosk, [row for row in page if "submission_id" in row]),
        payments=[payment_notices.notice_json(row) for row in page if "reference" in row],
        cursor=following.text(),
        has_more=has_more,
    )


def _parse_cursor(cursor: str) -> _Cursor:
    """Return the parts of a cursor; cursors of earlier releases have no fingerprint, or no number of notices."""
    epoch, seq, tail = (*cursor.split(":"), "")[:3] if 1 <= cursor.count(":") <= 2 else ("", "", "")
    fingerprint, separator, notices = tail.partition(".")
    if not _is_number(seq) or (separator and not _is_number(notices)) or len(cursor) > 200:
        raise Problem("cursor")
    notice_seq = int(notices) if separator else None
    return _Cursor(epoch=epoch, seq=int(seq), fingerprint=fingerprint, notice_seq=notice_seq)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


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
