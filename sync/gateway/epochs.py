"""The epoch of the gateway's store, and notices to its operator.

An epoch lasts until the store loses data. Two things prove that the store was restored from a backup: a cursor beyond
the counter of changes, and, at a start, another PostgreSQL database than the one in which the epoch began (its mark is
in the epoch). Then a new epoch begins, and every kiosk runs an audit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from sync.encoding import sha256_hex, timestamp
from sync.gateway.tables import epochs, notices

SAME_NOTICE = timedelta(hours=24)
_DATABASE = text(
    "select (select oid from pg_database where datname = current_database()),"
    " (select system_identifier from pg_control_system()), (select timeline_id from pg_control_checkpoint())"
)
"""A dump makes another oid, another server has another identifier, a recovered archive another timeline."""
_MARK_LENGTH = 10


def current_epoch(db: Connection) -> str:
    """Return the epoch."""
    return str(db.execute(select(epochs.c.epoch)).scalar_one())


def ensure_epoch(db: Connection, now: datetime, token: Callable[[], str]) -> None:
    """Begin the first epoch of a new store, or a new one where a backup was restored into this database.

    An epoch of an earlier release has no mark, and is kept.
    """
    epoch = db.execute(select(epochs.c.epoch)).scalar()
    if epoch is None:
        db.execute(insert(epochs).values(id=1, epoch=_new_epoch(db, token), begun_at=timestamp(now)))
    elif "." in epoch and epoch.rpartition(".")[2] != _database_mark(db):
        renew_epoch(db, known_epoch=epoch, now=now, token=token)


def _new_epoch(db: Connection, token: Callable[[], str]) -> str:
    mark = _database_mark(db)
    return f"{token()[:20]}.{mark}" if mark else token()[:32]


def _database_mark(db: Connection) -> str:
    """Return a short hash of the PostgreSQL database; empty with SQLite, where a restored file shows nothing."""
    if db.dialect.name != "postgresql":
        return ""
    return sha256_hex(" ".join(map(str, db.execute(_DATABASE).one())).encode())[:_MARK_LENGTH]


def renew_epoch(db: Connection, known_epoch: str, now: datetime, token: Callable[[], str]) -> None:
    """Begin a new epoch because the store was restored, and notify the operator.

    Args:
        db: the store, inside a transaction.
        known_epoch: the epoch in which the restore was noticed; when another process has renewed it, nothing is done.
        now: the time.
        token: returns a random text.
    """
    is_known = epochs.c.epoch == known_epoch
    renewed = update(epochs).where(is_known).values(epoch=_new_epoch(db, token), begun_at=timestamp(now))
    if db.execute(renewed).rowcount == 0:
        return
    words = "Kho của cổng là bản phục hồi, hoặc bản của máy dự phòng. Các máy đang được hỏi lại hồ sơ còn thiếu."
    notify(db, words, now)


def notify(db: Connection, words: str, now: datetime) -> None:
    """Add a notice to the operator; the same words at most once in `SAME_NOTICE`."""
    since = timestamp(now - SAME_NOTICE)
    is_shown = (notices.c.text == words) & (notices.c.noted_at > since)
    if db.execute(select(notices.c.no).where(is_shown)).first() is None:
        db.execute(insert(notices).values(noted_at=timestamp(now), text=words))


def recent_notices(db: Connection, limit: int) -> list[Row[Any]]:
    """Return the latest notices to the operator, latest first."""
    return list(db.execute(select(notices).order_by(notices.c.no.desc()).limit(limit)))
