"""The receipts table: the last receipt number of each day.

A receipt number is printed and never issued twice, even when yesterday's copy is restored at noon or another machine
takes over. The numbers of a day lie in blocks: 1-4999 ordinary, four from 5001 for a fresh store
(`dossiers.numbering`), 9001-9499 after a restore, 9501-9999 after a second restore.
"""

from datetime import date

from sqlite_utils import Database

from kiosk.base.errors import ReceiptNumbersUsedUp

_ENDS = {0: 4999, 5000: 5999, 6000: 6999, 7000: 7999, 8000: 8999, 9000: 9499, 9500: 9999}
"""The last number of each block, by the number before the block."""
FRESH_BLOCKS = (5000, 6000, 7000, 8000)
_RESTORE_BLOCKS = {1: 9000, 2: 9500}


def next_seq(db: Database, day: date) -> int:
    """Return the day's next number.

    Raises:
        ReceiptNumbersUsedUp: the day's block is used up.
    """
    last = last_seq(db, day)
    if last in _ENDS.values():
        raise ReceiptNumbersUsedUp
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), last + 1])
    return last + 1


def last_seq(db: Database, day: date) -> int:
    """Return the day's last number; 0 before the first."""
    for (last,) in db.execute("select last from receipts where day = ?", [day.isoformat()]).fetchall():
        return int(last)
    return 0


def last_day(db: Database) -> date | None:
    """Return the last day on which a receipt number was given; None before the first."""
    day = db.execute("select max(day) from receipts").fetchone()[0]
    return date.fromisoformat(day) if day else None


def block_of(seq: int) -> int:
    """Return the block of a number, or of the number before a block: named by the number before it."""
    return max(block for block in _ENDS if block <= seq)


def has_numbers(db: Database) -> bool:
    """Return whether this store has issued a number."""
    return db.execute("select 1 from receipts limit 1").fetchone() is not None


def count_days(db: Database, but: date) -> int:
    """Count the days with numbers, without one day."""
    return int(db.execute("select count(*) from receipts where day <> ?", [but.isoformat()]).fetchone()[0])


def start_block(db: Database, day: date, block: int) -> None:
    """Continue a day in a block, named by the number before it; its last number never goes back."""
    sql = """insert into receipts (day, last) values (?, ?)
             on conflict (day) do update set last = max(last, excluded.last)"""
    db.execute(sql, [day.isoformat(), block])


def start_block_after(db: Database, day: date, used: int) -> None:
    """Continue a day in the first block that begins after a number used elsewhere.

    Raises:
        ReceiptNumbersUsedUp: there is no later block; the ward uses paper until tomorrow.
    """
    later = [block for block in _ENDS if block >= used]
    if not later:
        raise ReceiptNumbersUsedUp
    start_block(db, day, later[0])


def start_restore_block(db: Database, day: date, restores: int) -> None:
    """Continue a day in the block of its first or second restore, or after the block that the copy was in.

    Args:
        restores: how often the day was restored, counted outside the store: the restored copy cannot know it.

    Raises:
        ReceiptNumbersUsedUp: there is no later block; the ward uses paper until tomorrow.
    """
    if restores not in _RESTORE_BLOCKS:
        raise ReceiptNumbersUsedUp
    block = _RESTORE_BLOCKS[restores]
    last = last_seq(db, day)
    start_block_after(db, day, block if last < block else last + 1)


def close_day(db: Database, day: date) -> None:
    """Issue no more numbers of a day."""
    sql = "insert into receipts (day, last) values (?, ?) on conflict (day) do update set last = excluded.last"
    db.execute(sql, [day.isoformat(), max(_ENDS.values())])
