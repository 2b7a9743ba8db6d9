"""The calls table: citizens' calls for an officer to their screen.

A screen has at most one open call, however often the button is touched. A call holds the page, never a person or form.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk import clock
from kiosk.expired_rows import ExpiredRows


@dataclass(frozen=True)
class OfficerCall:
    """An open call of a session, with the page (`place`) that it was made on."""

    id: int
    session: str
    place: str
    since: datetime


def insert(db: Database, session: str, place: str, now: datetime) -> None:
    """Insert a call; while the session has an open one, nothing changes."""
    sql = "insert into calls (session, place, since) values (?, ?, ?) on conflict do nothing"
    db.execute(sql, [session, place, clock.timestamp(now)])


def withdraw(db: Database, session: str) -> bool:
    """Delete a session's open call; return False when there was none."""
    return db.execute("delete from calls where session = ? and answered_at is null", [session]).rowcount > 0


def answer(db: Database, call_id: int, now: datetime) -> bool:
    """Mark a call as answered; return False when it was answered or withdrawn before."""
    sql = "update calls set answered_at = ? where id = ? and answered_at is null"
    return db.execute(sql, [clock.timestamp(now), call_id]).rowcount > 0


def is_open(db: Database, session: str) -> bool:
    """Return whether a session has an open call."""
    return bool(db.execute("select 1 from calls where session = ? and answered_at is null", [session]).fetchall())


def is_answered(db: Database, session: str, since: datetime) -> bool:
    """Return whether an officer has answered a session's call since a time."""
    sql = "select 1 from calls where session = ? and answered_at >= ?"
    return bool(db.execute(sql, [session, clock.timestamp(since)]).fetchall())


def all_open(db: Database) -> list[OfficerCall]:
    """Return the open calls, oldest first."""
    rows = db.query("select id, session, place, since from calls where answered_at is null order by id")
    return [OfficerCall(**{**row, "since": clock.parse_timestamp(row["since"])}) for row in rows]


def made_before(since: datetime) -> ExpiredRows:
    """Return the calls made before a time."""
    args = {"since": clock.timestamp(since)}
    return ExpiredRows(table="calls", change="delete from calls", where="since < :since", args=args)
