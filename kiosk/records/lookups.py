"""The submission_names table: by whose name a submission is found.

A name stands here as a keyed hash of its folded letters, so that a whole name can be looked for and none read. It goes
when the body goes: after that a case is found by its numbers alone.
"""

from collections.abc import Collection

from sqlite_utils import Database

MOST = 50


def keep(db: Database, submission_id: str, names: Collection[str]) -> None:
    """Let a submission be found by these hashes."""
    sql = "insert into submission_names (name, submission_id) values (?, ?) on conflict do nothing"
    for name in names:
        db.execute(sql, [name, submission_id])


def by_name(db: Database, name: str) -> list[str]:
    """List the submissions of a hash by their ids, the newest first, at most 50."""
    sql = "select submission_id from submission_names where name = ? order by submission_id desc limit ?"
    return [submission_id for (submission_id,) in db.execute(sql, [name, MOST]).fetchall()]


def wipe(db: Database) -> int:
    """Delete the names of submissions whose body is gone; say how many."""
    sql = "delete from submission_names where submission_id in (select id from submissions where body is null)"
    return db.execute(sql).rowcount
