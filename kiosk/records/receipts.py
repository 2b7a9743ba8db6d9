"""The receipts table: the last receipt number that each day has given.

A number is printed and never given twice, also not after a copy of yesterday evening was restored at noon: the day
then goes on in a block of its own (ordinary 1-8999, after a restore 9001-9499, after a second 9501-9999).
"""

from datetime import date

from sqlite_utils import Database

from kiosk.errors import NumbersSpent

_AFTER_RESTORE = {1: 9000, 2: 9500}
_ENDS = (8999, 9499, 9999)


def next_seq(db: Database, day: date) -> int:
    """Give the day's next number; NumbersSpent at the end of its block."""
    last = last_seq(db, day)
    if last in _ENDS:
        raise NumbersSpent
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), last + 1])
    return last + 1


def last_seq(db: Database, day: date) -> int:
    """Tell the last number that the day has given, 0 for none."""
    for (last,) in db.execute("select last from receipts where day = ?", [day.isoformat()]).fetchall():
        return int(last)
    return 0


def move_after_restore(db: Database, day: date, restores: int) -> None:
    """Go on in the block of the day's first or second restore; NumbersSpent at the third: paper until tomorrow.

    The restored copy cannot know how often this day was restored: whoever restores counts it outside the store.
    """
    if restores not in _AFTER_RESTORE:
        raise NumbersSpent
    sql = (
        "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = max(last, excluded.last)"
    )
    db.execute(sql, [day.isoformat(), _AFTER_RESTORE[restores]])


def spend(db: Database, day: date) -> None:
    """Give no number of a day any more."""
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), _ENDS[-1]])
