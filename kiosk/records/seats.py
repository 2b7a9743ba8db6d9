"""The class_seats table: who has a seat in which session of a class, told by submissions alone.

No name stands here, so that seats can be counted without opening a sealed body.
"""

from datetime import date

from sqlite_utils import Database


def take(db: Database, submission_id: str, session: str) -> None:
    """Take a seat in a session; a submission has one seat, the last it asked for."""
    sql = "insert into class_seats (submission_id, session) values (?, ?) on conflict do update set session = ?"
    db.execute(sql, [submission_id, session, session])


def give_up(db: Database, submission_id: str) -> None:
    """Give a seat back."""
    db.execute("delete from class_seats where submission_id = ?", [submission_id])


def taken(db: Database, today: date) -> dict[str, int]:
    """Count the seats taken by session, from today on."""
    sql = "select session, count(*) from class_seats where session >= ? group by session"
    return dict(db.execute(sql, [today.isoformat()]).fetchall())


def forget_before(db: Database, day: date) -> int:
    """Delete the seats of sessions before a day; say how many."""
    return db.execute("delete from class_seats where session < ?", [day.isoformat()]).rowcount
