"""The reuse table: answers kept for a person's next visit, only with their own consent.

Law 91/2025/QH15 art. 9: silence is no consent; without a row here nothing is offered. The owner is a keyed hash of the
facts of a card (kiosk/dossiers/kept_details.py), and the body is sealed under it. A card has at most one row.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows


@dataclass(frozen=True)
class ReuseRow:
    """A person's sealed answers, the time of consent and the time of expiry."""

    owner: str
    body: bytes
    consented_at: datetime
    expires_at: datetime


def save(db: Database, row: ReuseRow) -> None:
    """Save a person's answers, replacing earlier ones."""
    sql = """insert into reuse (owner, body, consented_at, expires_at)
             values (:owner, :body, :consented_at, :expires_at)
             on conflict (owner) do update set body = excluded.body, consented_at = excluded.consented_at,
               expires_at = excluded.expires_at"""
    db.execute(sql, vars(row) | {name: clock.timestamp(getattr(row, name)) for name in _TIMES})


def find(db: Database, owner: str, now: datetime) -> ReuseRow | None:
    """Return a person's answers, unless they have expired."""
    sql = "select owner, body, consented_at, expires_at from reuse where owner = ? and expires_at > ?"
    for row in db.query(sql, [owner, clock.timestamp(now)]):
        return ReuseRow(**{**row, **{name: clock.parse_timestamp(row[name]) for name in _TIMES}})
    return None


def delete(db: Database, owner: str) -> bool:
    """Delete a person's answers; return False when there were none."""
    return db.execute("delete from reuse where owner = ?", [owner]).rowcount > 0


def expired(now: datetime) -> ExpiredRows:
    """Return the expired answers."""
    args = {"now": clock.timestamp(now)}
    return ExpiredRows(table="reuse", change="delete from reuse", where="expires_at <= :now", args=args)


_TIMES = ("consented_at", "expires_at")
