"""The log of attempts: what was tried, when, and what became of it; a row an attempt, in the order in which it was.

A row is about a subject, or about the line itself (no subject). It is written where a subject or the line changes
state (``outbox``, ``link``), in the same write, so that log and state never disagree. Classes and codes only: what a
portal says in words may quote an answer, and is kept by the caller, sealed. Nothing is ever decided on this log.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from sync.parcel import stamp

Became = Literal["todo", "unknown", "done", "refused", "up", "down", "paused"]


@dataclass(frozen=True)
class Attempt:
    """One attempt; ``reason`` is its failure class, None when it went well; ``at`` is UTC text."""

    no: int
    subject: str | None
    at: str
    became: Became
    reason: str | None
    code: str | None


def note(
    db: Database, subject: str | None, now: datetime, became: Became, reason: str | None = None, code: str | None = None
) -> None:
    """Write an attempt down, of a subject or (None) of the line."""
    sql = "insert into attempts (subject, at, became, class, code) values (?, ?, ?, ?, ?)"
    db.execute(sql, [subject, stamp(now), became, reason, code])


def of(db: Database, subject: str, limit: int = 200) -> list[Attempt]:
    """List the latest attempts of a subject, in the order in which they were."""
    return _listed(db, "where subject = ?", [subject, limit])


def around(db: Database, subject: str, since: str, until: int | None, limit: int = 200) -> list[Attempt]:
    """List a subject's latest attempts among the turns of the line since ``since``, up to an attempt's number."""
    where = "where (subject = ? or (subject is null and at >= ?)) and no <= ?"
    return _listed(db, where, [subject, since, until if until is not None else 1 << 62, limit])


def of_line(db: Database, limit: int = 200) -> list[Attempt]:
    """List the latest turns of the line, in the order in which they were."""
    return _listed(db, "where subject is null", [limit])


def last(db: Database, subject: str) -> int | None:
    """Give the number of a subject's latest attempt; None before the first."""
    found: int | None = db.execute("select max(no) from attempts where subject = ?", [subject]).fetchone()[0]
    return found


def count(db: Database, subject: str, since: str) -> int:
    """Count how often a subject was tried, and how often the line failed since ``since`` (UTC text) while it waited."""
    sql = """select (select count(*) from attempts where subject = ?)
                  + (select count(*) from attempts indexed by attempts_of_line
                     where subject is null and became <> 'up' and at >= ?)"""
    return int(db.execute(sql, [subject, since]).fetchone()[0])


def drained(db: Database) -> int:
    """Count what was delivered since the line came up last; 0 when it never was down."""
    sql = """select count(*) from attempts where became = 'done'
               and no > (select max(no) from attempts where subject is null and became = 'up')"""
    return int(db.execute(sql).fetchone()[0])


def forget(db: Database, before: datetime) -> int:
    """Remove what was noted before a day; say how many."""
    return db.execute("delete from attempts where at < ?", [stamp(before)]).rowcount


def _listed(db: Database, where: str, told: list[str | int]) -> list[Attempt]:
    sql = f"select no, subject, at, became, class, code from attempts {where} order by no desc limit ?"  # noqa: S608
    return [Attempt(*row) for row in reversed(db.execute(sql, told).fetchall())]
