"""The answered_posts table: posts that took effect or were answered by a page, by idempotency key.

They come from desk pages, and from the touchscreen's button that keeps a form. A row of a post that took effect is
inserted in the write of its act: a repeated post finds it, or fails on it. The page of an answer is sealed, and deleted
with its row after `KEPT_FOR`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

PAGE = "answer of a post"
"""Vault purpose of a sealed page."""
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class AnsweredPost:
    """An answered post.

    `page` is sealed: the page of its answer, or the id of the form that it has kept; None where its act took effect.
    """

    key: str
    page: bytes | None


def insert(db: Database, key: str, session: str, now: datetime) -> bool:
    """Insert a post that took effect; return False where the key is there already."""
    sql = "insert into answered_posts (key, session, at) values (?, ?, ?) on conflict do nothing"
    return db.execute(sql, [key, session, clock.timestamp(now)]).rowcount > 0


def set_page(db: Database, key: str, session: str, page: bytes, now: datetime) -> None:
    """Set the sealed page that answered a post of a session."""
    sql = """insert into answered_posts (key, session, at, page) values (?, ?, ?, ?)
             on conflict do update set page = excluded.page where session = excluded.session"""
    db.execute(sql, [key, session, clock.timestamp(now), page])


def find(db: Database, key: str, session: str) -> AnsweredPost | None:
    """Return an answered post of a session."""
    row = db.execute("select key, page from answered_posts where key = ? and session = ?", [key, session]).fetchone()
    return AnsweredPost(key=row[0], page=row[1]) if row else None


def expired(now: datetime) -> ExpiredRows:
    """Return the posts that were answered longer ago than `KEPT_FOR`."""
    args = {"before": clock.timestamp(now - KEPT_FOR)}
    change = "delete from answered_posts"
    return ExpiredRows(table="answered_posts", change=change, where="at < :before", args=args, key="key")
