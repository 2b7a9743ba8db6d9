"""The class_seats table: seats in sessions of the ward's classes, one for each submission.

It holds no name, so seats can be counted without opening a sealed body.
"""

import json
from collections.abc import Collection
from datetime import date

from sqlite_utils import Database

from kiosk.store.expired_rows import ExpiredRows


def assign(db: Database, submission_id: str, session: str) -> None:
    """Assign a seat in a session; it replaces the submission's earlier seat."""
    sql = "insert into class_seats (submission_id, session) values (?, ?) on conflict do update set session = ?"
    db.execute(sql, [submission_id, session, session])


def release(db: Database, submission_id: str) -> None:
    """Release the seat of a submission."""
    db.execute("delete from class_seats where submission_id = ?", [submission_id])


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Move a seat from a submission to its correction."""
    db.execute("update class_seats set submission_id = ? where submission_id = ?", [new_id, old_id])


def session_of(db: Database, submission_ids: Collection[str]) -> dict[str, str]:
    """Return the sessions in which some submissions have a seat, by submission."""
    sql = "select submission_id, session from class_seats where submission_id in (select value from json_each(?))"
    return dict(db.execute(sql, [json.dumps(list(submission_ids))]).fetchall())


def count_by_session(db: Database, today: date) -> dict[str, int]:
    """Count the assigned seats of each session from today on."""
    sql = "select session, count(*) from class_seats where session >= ? group by session"
    return dict(db.execute(sql, [today.isoformat()]).fetchall())


def of_session(db: Database, session: str) -> list[str]:
    """Return the submissions that have a seat in a session, in the order in which they were filed."""
    sql = """select class_seats.submission_id from class_seats join submissions on submissions.id = submission_id
             where session = ? order by completed_at, submissions.id"""
    return [str(row[0]) for row in db.execute(sql, [session]).fetchall()]


def before(day: date) -> ExpiredRows:
    """Return the seats of sessions before a day."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="class_seats", change="delete from class_seats", where="session < :day", args=args)
