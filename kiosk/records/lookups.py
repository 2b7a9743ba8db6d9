"""The submission_names table: finds submissions by a person's name or telephone number.

A name is stored as a keyed hash of its folded letters, so a whole name can be found and none can be read. A telephone
number is stored the same way, under a purpose of its own. The row is
deleted with the body; after that a case is found by its numbers alone.
"""

from collections.abc import Collection

from sqlite_utils import Database

from kiosk.store.expired_rows import ExpiredRows

LIMIT = 50


def insert(db: Database, submission_id: str, names: Collection[str]) -> None:
    """Insert the name hashes of a submission."""
    sql = "insert into submission_names (name, submission_id) values (?, ?) on conflict do nothing"
    for name in names:
        db.execute(sql, [name, submission_id])


def by_name(db: Database, name: str) -> list[str]:
    """Return the ids of the newest submissions with a name hash, newest first, at most 50."""
    sql = "select submission_id from submission_names where name = ? order by submission_id desc limit ?"
    return [submission_id for (submission_id,) in db.execute(sql, [name, LIMIT]).fetchall()]


def without_body() -> ExpiredRows:
    """Return the names of submissions without a body."""
    where = "exists (select 1 from submissions s where s.id = submission_names.submission_id and s.body is null)"
    change = "delete from submission_names"
    return ExpiredRows(table="submission_names", change=change, where=where, key="submission_id")
