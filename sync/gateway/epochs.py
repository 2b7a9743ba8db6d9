"""The epoch of the gateway's store, and the notices to its operator.

An epoch lasts as long as the store forgets nothing. A cursor beyond the counter proves that it did: it was put back
from a copy. Then a new epoch begins, and every kiosk asks what is missing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sync.encoding import timestamp
from sync.gateway.tables import epochs, notices


def current_epoch(db: Connection) -> str:
    """Tell the epoch."""
    return str(db.execute(select(epochs.c.epoch)).scalar_one())


def ensure_epoch(db: Connection, now: datetime, token: Callable[[], str]) -> None:
    """Begin the first epoch of a new store; an old store keeps its own."""
    if db.execute(select(epochs.c.id)).first() is None:
        db.execute(insert(epochs).values(id=1, epoch=token()[:32], begun_at=timestamp(now)))


def renew_epoch(db: Connection, known: str, now: datetime, token: Callable[[], str]) -> None:
    """Begin another epoch, because the store was put back from a copy, and tell the operator.

    ``known`` is the epoch in which that was seen: when another process has seen it too, one new epoch is enough.
    """
    fresh = update(epochs).where(epochs.c.epoch == known).values(epoch=token()[:32], begun_at=timestamp(now))
    if db.execute(fresh).rowcount == 0:
        return
    text = "Kho của cổng đã được phục hồi từ bản sao; các máy đang được hỏi lại những hồ sơ còn thiếu."
    db.execute(insert(notices).values(noted_at=timestamp(now), text=text))


def recent_notices(db: Connection, most: int) -> list[Row[Any]]:
    """List the latest notices to the operator."""
    return list(db.execute(select(notices).order_by(notices.c.no.desc()).limit(most)))
