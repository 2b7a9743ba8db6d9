"""The epoch of the gateway's store, and notices to its operator.

An epoch lasts until the store loses data. A cursor beyond the counter of changes proves that the store was restored
from a backup. Then a new epoch begins, and every kiosk runs an audit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync.encoding import timestamp
from sync.gateway.tables import epochs, notices

SAME_NOTICE = timedelta(hours=24)


def current_epoch(db: Connection) -> str:
    """Return the epoch."""
    return str(db.execute(select(epochs.c.epoch)).scalar_one())


def ensure_epoch(db: Connection, now: datetime, token: Callable[[], str]) -> None:
    """Begin the first epoch of a new store; an existing epoch is kept."""
    if db.execute(select(epochs.c.id)).first() is None:
        db.execute(insert(epochs).values(id=1, epoch=token()[:32], begun_at=timestamp(now)))


def renew_epoch(db: Connection, known_epoch: str, now: datetime, token: Callable[[], str]) -> None:
    """Begin a new epoch because the store was restored, and notify the operator.

    Args:
        db: the store, inside a transaction.
        known_epoch: the epoch in which the restore was noticed; when another process has renewed it, nothing is done.
        now: the time.
        token: returns a random text.
    """
    is_known = epochs.c.epoch == known_epoch
    renewed = update(epochs).where(is_known).values(epoch=token()[:32], begun_at=timestamp(now))
    if db.execute(renewed).rowcount == 0:
        return
    text = "Kho của cổng đã được phục hồi từ bản sao; các máy đang được hỏi lại những hồ sơ còn thiếu."
    notify(db, text, now)


def notify(db: Connection, text: str, now: datetime) -> None:
    """Add a notice to the operator; the same words at most once in `SAME_NOTICE`."""
    since = timestamp(now - SAME_NOTICE)
    is_shown = (notices.c.text == text) & (notices.c.noted_at > since)
    if db.execute(select(notices.c.no).where(is_shown)).first() is None:
        db.execute(insert(notices).values(noted_at=timestamp(now), text=text))


def recent_notices(db: Connection, limit: int) -> list[Row[Any]]:
    """Return the latest notices to the operator, latest first."""
    return list(db.execute(select(notices).order_by(notices.c.no.desc()).limit(limit)))
