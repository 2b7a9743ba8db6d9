"""Log of delivery attempts: one row for each attempt with a subject or with the connection (no subject).

A row is written where a subject or the connection changes state (`outbox`, `link`), in the same transaction, so that
log and state never disagree. It holds classes and codes only: a portal's text may quote an answer, and the caller keeps
that sealed. No decision depends on this log.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from sync.encoding import timestamp

AttemptResult = Literal["todo", "unknown", "done", "refused", "up", "down", "paused"]


@dataclass(frozen=True)
class Attempt:
    """One attempt; `reason` is its failure class, None after a success; `at` is UTC text."""

    no: int
    subject: str | None
    at: str
    became: AttemptResult
    reason: str | None
    code: str | None


def add(
    db: Database,
    subject: str | None,
    now: datetime,
    result: AttemptResult,
    reason: str | None = None,
    code: str | None = None,
) -> None:
    """Log an attempt with a subject, or (None) with the connection."""
    sql = "insert into attempts (subject, at, became, class, code) values (?, ?, ?, ?, ?)"
    db.execute(sql, [subject, timestamp(now), result, reason, code])


def of_subject(db: Database, subject: str, limit: int = 200) -> list[Attempt]:
    """Return the latest attempts with a subject, oldest first."""
    return _select(db, "where subject = ?", [subject, limit])


def of_subject_and_link(db: Database, subject: str, since: str, until: int | None, limit: int = 200) -> list[Attempt]:
    """Return the latest attempts with a subject, and with the connection from `since` on, oldest first.

    Args:
        db: the store.
        subject: id of the subject.
        since: UTC text; earlier attempts with the connection are left out.
        until: number of the last attempt to return; None for no end.
        limit: at most so many.
    """
    where = "where (subject = ? or (subject is null and at >= ?)) and no <= ?"
    return _select(db, where, [subject, since, until if until is not None else 1 << 62, limit])


def of_link(db: Database, limit: int = 200) -> list[Attempt]:
    """Return the latest changes of the connection, oldest first."""
    return _select(db, "where subject is null", [limit])


def last_no(db: Database, subject: str) -> int | None:
    """Return the number of a subject's latest attempt; None before the first."""
    no: int | None = db.execute("select max(no) from attempts where subject = ?", [subject]).fetchone()[0]
    return no


def count_since(db: Database, subject: str, since: str) -> int:
    """Count the attempts with a subject, and the failures of the connection from `since` (UTC text) on."""
    sql = """select (select count(*) from attempts where subject = ?)
                  + (select count(*) from attempts indexed by attempts_of_line
                     where subject is null and became <> 'up' and at >= ?)"""
    return int(db.execute(sql, [subject, since]).fetchone()[0])


def count_since_link_up(db: Database) -> int:
    """Count the deliveries since the connection last came up; 0 when it never was down."""
    sql = """select count(*) from attempts where became = 'done'
               and no > (select max(no) from attempts where subject is null and became = 'up')"""
    return int(db.execute(sql).fetchone()[0])


def find_before(db: Database, before: datetime, limit: int) -> list[int]:
    """Return the numbers of some attempts before a time."""
    rows = db.execute("select no from attempts where at < ? limit ?", [timestamp(before), limit]).fetchall()
    return [int(row[0]) for row in rows]


def delete(db: Database, numbers: Sequence[int]) -> int:
    """Delete attempts; return how many."""
    sql = "delete from attempts where no in (select value from json_each(?))"
    return db.execute(sql, [json.dumps(list(numbers))]).rowcount


def _select(db: Database, where: str, values: list[str | int]) -> list[Attempt]:
    sql = f"select no, subject, at, became, class, code from attempts {where} order by no desc limit ?"  # noqa: S608  # nosec B608 # constants of this module
    rows = db.execute(sql, values).fetchall()
    return [
        Attempt(no=no, subject=subject, at=at, became=became, reason=reason, code=code)
        for no, subject, at, became, reason, code in reversed(rows)
    ]
