"""Retention: the content of a dossier is deleted a term after its last change.

Content is everything that names a person: bodies, events, notes, files, and the words of a forward target. The rows
stay with their digests and status, so that a repeated request is still a duplicate, and the status of a case can still
be read. The key of its status page and the number for messages are deleted too. A dossier that waits for the forward
target keeps its content, however long that takes.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select, update

from sync.encoding import timestamp
from sync.gateway import files, kiosks, messages, status_keys
from sync.gateway.sealing import DELETED
from sync.gateway.tables import changes, documents, events, forward_steps, forwards, receipt_numbers, submissions

_OPEN_FORWARDS = ("due", "sending", "refused")
_BATCH = 50


def delete_expired(db: Connection, now: datetime, days: int) -> int:
    """Delete the content of up to 50 dossiers whose term is over; return how many.

    Args:
        db: the store, inside a transaction.
        now: the time.
        days: the term after the last change.
    """
    numbers = receipt_numbers.c
    is_open = exists().where(
        (forwards.c.kiosk_id == numbers.kiosk_id)
        & (forwards.c.receipt_no == numbers.receipt_no)
        & forwards.c.state.in_(_OPEN_FORWARDS)
    )
    is_expired = (numbers.touched_at < timestamp(now - timedelta(days=days))) & numbers.deleted_at.is_(None)
    rows = db.execute(
        select(numbers.kiosk_id, numbers.receipt_no)
        .where(is_expired & ~is_open)
        .order_by(numbers.kiosk_id, numbers.receipt_no)
        .limit(_BATCH)
    ).all()
    for kiosk_id, receipt_no in rows:
        kiosks.lock_kiosk(db, kiosk_id)
        _delete_content(db, kiosk_id, receipt_no, now)
    return len(rows)


def _delete_content(db: Connection, kiosk_id: str, receipt_no: str, now: datetime) -> None:
    of_number = (submissions.c.kiosk_id == kiosk_id) & (submissions.c.receipt_no == receipt_no)
    ids = list(db.execute(select(submissions.c.submission_id).where(of_number)).scalars())
    db.execute(update(submissions).where(of_number).values(body=DELETED, note=""))
    is_change = (changes.c.kiosk_id == kiosk_id) & changes.c.submission_id.in_(ids)
    db.execute(update(changes).where(is_change).values(note=""))
    is_event = (events.c.kiosk_id == kiosk_id) & (events.c.receipt_no == receipt_no)
    db.execute(update(events).where(is_event).values(body=DELETED))
    is_step = (forward_steps.c.kiosk_id == kiosk_id) & (forward_steps.c.receipt_no == receipt_no)
    db.execute(update(forward_steps).where(is_step).values(words=""))
    is_document = (documents.c.kiosk_id == kiosk_id) & (documents.c.receipt_no == receipt_no)
    named = set(db.execute(select(documents.c.sha256).where(is_document)).scalars())
    db.execute(update(documents).where(is_document).values(is_gone=True, name=""))
    for sha256 in sorted(filter(None, named)):
        files.delete_if_unnamed(db, files.FileKey(kiosk_id, sha256))
    status_keys.delete_keys(db, kiosk_id, receipt_no)
    messages.delete_messages_content(db, kiosk_id, receipt_no)
    is_number = (receipt_numbers.c.kiosk_id == kiosk_id) & (receipt_numbers.c.receipt_no == receipt_no)
    db.execute(update(receipt_numbers).where(is_number).values(deleted_at=timestamp(now)))
