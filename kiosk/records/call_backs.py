"""The class_call_backs table: people who asked to be called when a class is near, one row a submission.

A row waits until the person is invited to a session or declines. It is deleted some days after that, and also when
nobody has settled it for `WAITING_DAYS`. Name and telephone number are in the sealed form.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

CallOutcome = Literal["invited", "declined"]
WAITING_DAYS = timedelta(days=60)
"""Time after which a request that nobody has settled leaves the list: the classes of two months have passed."""
SETTLED_DAYS = timedelta(days=7)
"""Time for which a settled request is shown, so that a wrong press can be undone."""


@dataclass(frozen=True)
class CallBack:
    """A request to be called: calls that reached nobody, and how it ended."""

    submission_id: str
    added_at: datetime
    tries: int
    tried_at: datetime | None
    outcome: CallOutcome | None
    settled_at: datetime | None


def add(db: Database, submission_id: str, now: datetime) -> None:
    """Add a submission to the list; one that is there keeps its calls."""
    sql = "insert or ignore into class_call_backs (submission_id, added_at) values (?, ?)"
    db.execute(sql, [submission_id, clock.timestamp(now)])


def remove(db: Database, submission_id: str) -> None:
    """Remove a submission: it has chosen a session."""
    db.execute("delete from class_call_backs where submission_id = ?", [submission_id])


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Move a request from a submission to its correction."""
    db.execute("update class_call_backs set submission_id = ? where submission_id = ?", [new_id, old_id])


def list_all(db: Database) -> list[CallBack]:
    """Return the list: who waits first, in the order of asking, then the settled ones, the newest first."""
    sql = """select submission_id, added_at, tries, tried_at, outcome, settled_at from class_call_backs
             order by settled_at is not null, settled_at desc, added_at, submission_id"""
    return [_call_back(row) for row in db.query(sql)]


def count_waiting(db: Database) -> int:
    """Count the people who wait for a call."""
    return int(db.execute("select count(*) from class_call_backs where outcome is null").fetchone()[0])


def note_try(db: Database, submission_id: str, now: datetime) -> bool:
    """Note a call that reached nobody; return False for a request that is settled or unknown."""
    sql = """update class_call_backs set tries = tries + 1, tried_at = ? where submission_id = ? and outcome is null"""
    return db.execute(sql, [clock.timestamp(now), submission_id]).rowcount > 0


def settle(db: Database, submission_id: str, outcome: CallOutcome, now: datetime) -> bool:
    """Settle a request; return False for one that is settled or unknown."""
    sql = "update class_call_backs set outcome = ?, settled_at = ? where submission_id = ? and outcome is null"
    return db.execute(sql, [outcome, clock.timestamp(now), submission_id]).rowcount > 0


def reopen(db: Database, submission_id: str) -> bool:
    """Put a settled request back; return False for one that waits or is unknown."""
    sql = """update class_call_backs set outcome = null, settled_at = null
             where submission_id = ? and outcome is not null"""
    return db.execute(sql, [submission_id]).rowcount > 0


def expired(now: datetime) -> ExpiredRows:
    """Return the requests past their term, and those whose form was wiped."""
    return ExpiredRows(
        table="class_call_backs",
        change="delete from class_call_backs",
        where="""settled_at < :settled or (outcome is null and added_at < :added)
                 or exists (select 1 from submissions s where s.id = submission_id and s.body is null)""",
        args={"settled": clock.timestamp(now - SETTLED_DAYS), "added": clock.timestamp(now - WAITING_DAYS)},
    )


def _call_back(row: dict[str, Any]) -> CallBack:
    times = {key: clock.parse_timestamp(row[key]) if row[key] else None for key in ("tried_at", "settled_at")}
    return CallBack(**{**row, **times, "added_at": clock.parse_timestamp(row["added_at"])})
