"""The receipts table: the last receipt number of each day.

A receipt number is printed and never issued twice, even when yesterday's copy is restored at noon. After a restore the
day continues in a block of its own: ordinary 1-8999, after a restore 9001-9499, after a second restore 9501-9999.
"""

from datetime import date

from sqlite_utils import Database

from kiosk.errors import ReceiptNumbersUsedUp

_LAST_BEFORE_BLOCK = {1: 9000, 2: 9500}
_BLOCK_ENDS = (8999, 9499, 9999)


def next_seq(db: Database, day: date) -> int:
    """Return the day's next number.

    Raises:
        ReceiptNumbersUsedUp: the day's block is used up.
    """
    last = last_seq(db, day)
    if last in _BLOCK_ENDS:
        raise ReceiptNumbersUsedUp
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), last + 1])
    return last + 1


def last_seq(db: Database, day: date) -> int:
    """Return the day's last number; 0 before the first."""
    for (last,) in db.execute("select last from receipts where day = ?", [day.isoformat()]).fetchall():
        return int(last)
    return 0


def start_restore_block(db: Database, day: date, restores: int) -> None:
    """Continue a day in the block of its first or second restore.

    Args:
        restores: how often the day was restored, counted outside the store: the restored copy cannot know it.

    Raises:
        ReceiptNumbersUsedUp: it is the third restore; the ward uses paper until tomorrow.
    """
    if restores not in _LAST_BEFORE_BLOCK:
        raise ReceiptNumbersUsedUp
    sql = """insert into receipts (day, last) values (?, ?)
             on conflict (day) do update set last = max(last, excluded.last)"""
    db.execute(sql, [day.isoformat(), _LAST_BEFORE_BLOCK[restores]])


def close_day(db: Database, day: date) -> None:
    """Issue no more numbers of a day."""
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), _BLOCK_ENDS[-1]])
