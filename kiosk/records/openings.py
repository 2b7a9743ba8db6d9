"""The openings table: which cases an officer opened away from the counter, why, and until when.

An opening is of one session: it ends with it, and another officer's browser cannot use it. It holds for all revisions
of a case, so that a correction does not close it. Words are sealed and go when the body goes; the reason stays.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlite_utils import Database

from kiosk import clock

WORDS = "opening"
"""The kind of record that the sealed words are, for the vault."""

Reason = Literal["hand_out", "asked", "paper", "check", "authority", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True)
class Opening:
    """A case that was opened: by which session of whom, why, from when until when."""

    id: str
    submission_id: str
    session: str
    actor: str
    reason: Reason
    words: bytes | None
    opened_at: datetime
    closes_at: datetime


def open(db: Database, one: Opening) -> None:
    """Write down that a case is open."""
    sql = """insert into openings (id, submission_id, session, actor, reason, words, opened_at, closes_at)
             values (?, ?, ?, ?, ?, ?, ?, ?)"""
    told = [one.id, one.submission_id, one.session, one.actor, one.reason, one.words]
    db.execute(sql, [*told, clock.stamp(one.opened_at), clock.stamp(one.closes_at)])


def standing(db: Database, submission_id: str, session: str, now: datetime) -> Opening | None:
    """Return the opening of a case that holds for a session now; a clock that went back closes it."""
    sql = f"select * from openings where {_STANDING} order by closes_at desc limit 1"  # noqa: S608
    return next((_opening(row) for row in db.query(sql, _told(submission_id, session, now))), None)


def close(db: Database, submission_id: str, session: str, now: datetime) -> bool:
    """Close a case before its time; False when it is not open."""
    sql = f"update openings set closes_at = :now where {_STANDING}"  # noqa: S608
    return db.execute(sql, _told(submission_id, session, now)).rowcount > 0


def between(db: Database, start: datetime, end: datetime) -> list[Opening]:
    """List what was opened from a time until before another, in order."""
    sql = "select * from openings where opened_at >= ? and opened_at < ? order by opened_at, id"
    return [_opening(row) for row in db.query(sql, [clock.stamp(start), clock.stamp(end)])]


def wipe(db: Database) -> int:
    """Delete the words about submissions whose body is gone; say how many."""
    sql = """update openings set words = null where words is not null
             and submission_id in (select id from submissions where body is null)"""
    return db.execute(sql).rowcount


_STANDING = """session = :session and opened_at <= :now and closes_at > :now and submission_id in (
  select other.id from submissions one join submissions other on other.receipt_no = one.receipt_no
  where one.id = :id)"""


def _told(submission_id: str, session: str, now: datetime) -> dict[str, str]:
    return {"id": submission_id, "session": session, "now": clock.stamp(now)}


def _opening(row: dict[str, object]) -> Opening:
    times = {name: clock.read(str(row[name])) for name in ("opened_at", "closes_at")}
    return Opening(**{**row, **times})  # type: ignore[arg-type]
