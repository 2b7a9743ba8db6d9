"""The reuse table: answers kept for a person's next visit, only with their own consent.

Law 91/2025/QH15 art. 9: silence is no consent; without a row here nothing is offered. The owner is a keyed hash of the
id number, the body is sealed under it, and one row a person is all there is.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk import clock


@dataclass(frozen=True)
class Kept:
    """Sealed answers, since when with consent and until when."""

    owner: str
    body: bytes
    consented_at: datetime
    expires_at: datetime


def keep(db: Database, kept: Kept) -> None:
    """Keep answers in the place of earlier ones."""
    sql = """insert into reuse (owner, body, consented_at, expires_at) values (?, ?, ?, ?)
             on conflict (owner) do update set body = excluded.body, consented_at = excluded.consented_at,
               expires_at = excluded.expires_at"""
    db.execute(sql, [kept.owner, kept.body, clock.stamp(kept.consented_at), clock.stamp(kept.expires_at)])


def find(db: Database, owner: str, now: datetime) -> Kept | None:
    """Find what a person let be kept, unless its time is over."""
    for row in db.query("select * from reuse where owner = ? and expires_at > ?", [owner, clock.stamp(now)]):
        return Kept(row["owner"], row["body"], clock.read(row["consented_at"]), clock.read(row["expires_at"]))
    return None


def forget(db: Database, owner: str) -> bool:
    """Delete what a person let be kept; False when there was nothing."""
    return db.execute("delete from reuse where owner = ?", [owner]).rowcount > 0


def forget_expired(db: Database, now: datetime) -> int:
    """Delete what is out of time; say how many."""
    return db.execute("delete from reuse where expires_at <= ?", [clock.stamp(now)]).rowcount
