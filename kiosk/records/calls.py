"""The calls table: hands that were raised for an officer.

A screen has at most one hand up, however often it is touched. Only the place is told, never who or what.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk import clock


@dataclass(frozen=True)
class Call:
    """A raised hand: at which screen, on which page, since when."""

    id: int
    session: str
    place: str
    since: datetime


def raise_(db: Database, session: str, place: str, now: datetime) -> None:
    """Raise a hand; a second touch changes nothing."""
    sql = "insert into calls (session, place, since) values (?, ?, ?) on conflict do nothing"
    db.execute(sql, [session, place, clock.stamp(now)])


def withdraw(db: Database, session: str) -> bool:
    """Take the hand down; False when none was up."""
    return db.execute("delete from calls where session = ? and answered_at is null", [session]).rowcount > 0


def answer(db: Database, call_id: int, now: datetime) -> bool:
    """Note that an officer has come; False when somebody else had, or the hand is down."""
    sql = "update calls set answered_at = ? where id = ? and answered_at is null"
    return db.execute(sql, [clock.stamp(now), call_id]).rowcount > 0


def is_raised(db: Database, session: str) -> bool:
    """Tell whether a screen's hand is up."""
    return bool(db.execute("select 1 from calls where session = ? and answered_at is null", [session]).fetchall())


def is_coming(db: Database, session: str, since: datetime) -> bool:
    """Tell whether an officer said, since a time, that one is coming to a screen."""
    sql = "select 1 from calls where session = ? and answered_at >= ?"
    return bool(db.execute(sql, [session, clock.stamp(since)]).fetchall())


def open(db: Database) -> list[Call]:
    """List the raised hands, the longest wait first."""
    rows = db.query("select id, session, place, since from calls where answered_at is null order by id")
    return [Call(row["id"], row["session"], row["place"], clock.read(row["since"])) for row in rows]


def forget_before(db: Database, since: datetime) -> int:
    """Delete the calls raised before a time; say how many."""
    return db.execute("delete from calls where since < ?", [clock.stamp(since)]).rowcount
