"""The openings table: cases that officers opened away from the counter, with a reason and an end.

An opening belongs to one session: it ends with the session, and no other browser can use it. It is valid for all
revisions of a case, so a correction does not close it. The words are sealed and wiped with the body; the reason stays.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

WORDS = "opening"
"""Vault purpose of the sealed words."""
AT_PORTAL = "portal"
"""Session of an opening by an operator of the portal, whose login is the actor; no session at a desk has this name."""

OpeningReason = Literal["hand_out", "asked", "paper", "check", "authority", "other"]
REASONS: tuple[OpeningReason, ...] = get_args(OpeningReason)


@dataclass(frozen=True)
class Opening:
    """An opened case, valid from `opened_at` until before `closes_at`; `words` are sealed."""

    id: str
    submission_id: str
    session: str
    actor: str
    reason: OpeningReason
    words: bytes | None
    opened_at: datetime
    closes_at: datetime


def insert(db: Database, opening: Opening) -> None:
    """Insert an opening."""
    sql = """insert into openings (id, submission_id, session, actor, reason, words, opened_at, closes_at)
             values (:id, :submission_id, :session, :actor, :reason, :words, :opened_at, :closes_at)"""
    times = {name: clock.timestamp(getattr(opening, name)) for name in _TIMES}
    db.execute(sql, vars(opening) | times)


def current(db: Database, submission_id: str, session: str, now: datetime) -> Opening | None:
    """Return a session's valid opening of a case; it is not valid before `opened_at`, when the clock was set back."""
    sql = f"select * from openings where {_IS_CURRENT} order by closes_at desc limit 1"  # noqa: S608  # nosec B608 # constants of this module
    return next((_opening(row) for row in db.query(sql, _args(submission_id, session, now))), None)


def prolong(db: Database, session: str, submission_id: str, now: datetime, closes_at: datetime) -> None:
    """Let a session's valid opening of a case end later."""
    sql = f"update openings set closes_at = :later where {_IS_CURRENT} and closes_at < :later"  # noqa: S608  # nosec B608 # constants of this module
    db.execute(sql, _args(submission_id, session, now) | {"later": clock.timestamp(closes_at)})


def close(db: Database, submission_id: str, session: str, now: datetime) -> bool:
    """Close a session's opening of a case before its time; return False when there is none."""
    sql = f"update openings set closes_at = :now where {_IS_CURRENT}"  # noqa: S608  # nosec B608 # constants of this module
    return db.execute(sql, _args(submission_id, session, now)).rowcount > 0


def between(db: Database, start: datetime, end: datetime) -> list[Opening]:
    """Return the openings from `start` until before `end`, oldest first."""
    sql = "select * from openings where opened_at >= ? and opened_at < ? order by opened_at, id"
    return [_opening(row) for row in db.query(sql, [clock.timestamp(start), clock.timestamp(end)])]


def without_body() -> ExpiredRows:
    """Return the openings with words about submissions without a body; the words are wiped."""
    where = """words is not null
               and exists (select 1 from submissions s where s.id = openings.submission_id and s.body is null)"""
    return ExpiredRows(table="openings", change="update openings set words = null", where=where)


_TIMES = ("opened_at", "closes_at")
_IS_CURRENT = """session = :session and opened_at <= :now and closes_at > :now and submission_id in (
  select other.id from submissions one join submissions other on other.receipt_no = one.receipt_no
  where one.id = :id)"""


def _args(submission_id: str, session: str, now: datetime) -> dict[str, str]:
    return {"id": submission_id, "session": session, "now": clock.timestamp(now)}


def _opening(row: dict[str, Any]) -> Opening:
    times = {name: clock.parse_timestamp(row[name]) for name in _TIMES}
    return Opening(**{**row, **times})
