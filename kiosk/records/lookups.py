"""The submission_names table: finds submissions by a person's name.

A name is stored as a keyed hash of its folded letters, so a whole name can be found and none can be read. The row is
deleted with the body; after that a case is found by its numbers alone.
"""

from collections.abc import Collection

from sqlite_utils import Database

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


def wipe(db: Database) -> int:
    """Delete the names of submissions without a body; return how many."""
    sql = "delete from submission_names where submission_id in (select id from submissions where body is null)"
    return db.execute(sql).rowcount
