"""The wrong_guesses table: how often somebody guessed wrongly at a subject from an address, and when last.

A subject is a keyed hash: people type their password into the field of the name. Rows older than a day are deleted, and
beyond `MAX_ROWS` those with the fewest guesses first, so that many made-up names do not remove the row of a real one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from kiosk.base import clock

KEPT_FOR = timedelta(hours=24)
MAX_ROWS = 5000


@dataclass(frozen=True)
class WrongGuesses:
    """The number of wrong guesses in a row, and the time of the last one."""

    count: int
    at: datetime


def find(db: Database, subject: str, address: str) -> WrongGuesses | None:
    """Return the wrong guesses at a subject from an address; None for none."""
    sql = "select count, at from wrong_guesses where subject = ? and address = ?"
    row = db.execute(sql, [subject, address]).fetchone()
    return WrongGuesses(count=row[0], at=clock.parse_timestamp(row[1])) if row else None


def add(db: Database, subject: str, address: str, now: datetime, kept_for: timedelta = KEPT_FOR) -> int:
    """Count a wrong guess and return the count; it starts again where the last one is older than `kept_for`."""
    at = clock.timestamp(now)
    db.execute("delete from wrong_guesses where at < ?", [clock.timestamp(now - KEPT_FOR)])
    sql = """insert into wrong_guesses (subject, address, count, at) values (:subject, :address, 1, :at)
             on conflict do update set count = iif(wrong_guesses.at < :since, 1, count + 1), at = :at returning count"""
    args = {"subject": subject, "address": address, "at": at, "since": clock.timestamp(now - kept_for)}
    ((count,),) = db.execute(sql, args).fetchall()
    _delete_excess(db)
    return int(count)


def delete(db: Database, subject: str, address: str) -> None:
    """Delete the wrong guesses at a subject from an address, after a right one."""
    db.execute("delete from wrong_guesses where subject = ? and address = ?", [subject, address])


def _delete_excess(db: Database) -> None:
    (rows,) = db.execute("select count(*) from wrong_guesses").fetchone()
    if rows > MAX_ROWS:
        sql = """delete from wrong_guesses where (subject, address) in
                 (select subject, address from wrong_guesses order by count, at limit ?)"""
        db.execute(sql, [rows - MAX_ROWS])
