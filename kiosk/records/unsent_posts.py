"""The opened_sessions and unsent_posts tables: who opened a session, and text that was typed in one that has ended.

A post of an ended session changes nothing. It is sealed for the officer who opened the session, and only that officer
gets it back, for `KEPT_FOR`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

CONTENT = "unsent post"
"""Vault purpose of the sealed path and form."""
KEPT_FOR = timedelta(hours=24)
MAX_POSTS = 20
"""Posts that are kept for one officer; the oldest are deleted first."""


@dataclass(frozen=True)
class OpenedSession:
    """A session, also one that has ended: the officer who opened it, and where."""

    person: str
    workstation: str


@dataclass(frozen=True)
class UnsentPost:
    """A sealed post of an officer."""

    id: str
    at: datetime
    content: bytes


def record_session(db: Database, session: str, opened: OpenedSession, now: datetime) -> None:
    """Record who opened a session."""
    sql = "insert into opened_sessions (session, person, workstation, at) values (?, ?, ?, ?)"
    db.execute(sql, [session, opened.person, opened.workstation, clock.timestamp(now)])


def find_session(db: Database, session: str) -> OpenedSession | None:
    """Return who opened a session of the last `KEPT_FOR`."""
    row = db.execute("select person, workstation from opened_sessions where session = ?", [session]).fetchone()
    return OpenedSession(person=row[0], workstation=row[1]) if row else None


def insert(db: Database, person: str, post: UnsentPost) -> None:
    """Insert a post, and delete the oldest of the officer beyond `MAX_POSTS`."""
    sql = "insert into unsent_posts (id, person, at, content) values (?, ?, ?, ?)"
    db.execute(sql, [post.id, person, clock.timestamp(post.at), post.content])
    sql = """delete from unsent_posts where person = :person and rowid not in
             (select rowid from unsent_posts where person = :person order by at desc, rowid desc limit :most)"""
    db.execute(sql, {"person": person, "most": MAX_POSTS})


def of_person(db: Database, person: str) -> list[UnsentPost]:
    """Return the posts of an officer, oldest first."""
    rows = db.query("select id, at, content from unsent_posts where person = ? order by at, rowid", [person])
    return [_post(row) for row in rows]


def count(db: Database, person: str) -> int:
    """Return the number of posts of an officer."""
    ((number,),) = db.execute("select count(*) from unsent_posts where person = ?", [person]).fetchall()
    return int(number)


def delete(db: Database, person: str, post_id: str) -> bool:
    """Delete a post of an officer; return False when it is gone."""
    return db.execute("delete from unsent_posts where person = ? and id = ?", [person, post_id]).rowcount > 0


def expired(now: datetime) -> ExpiredRows:
    """Return the posts that waited longer than `KEPT_FOR`."""
    args = {"before": clock.timestamp(now - KEPT_FOR)}
    return ExpiredRows(table="unsent_posts", change="delete from unsent_posts", where="at < :before", args=args)


def expired_sessions(now: datetime) -> ExpiredRows:
    """Return the sessions that were opened longer ago than `KEPT_FOR`."""
    args = {"before": clock.timestamp(now - KEPT_FOR)}
    change = "delete from opened_sessions"
    return ExpiredRows(table="opened_sessions", change=change, where="at < :before", args=args, key="session")


def _post(row: dict[str, Any]) -> UnsentPost:
    return UnsentPost(id=row["id"], at=clock.parse_timestamp(row["at"]), content=row["content"])
