"""The next receipt number of a store, which may be the second one of this kiosk.

A fresh store cannot know whether another machine of this kiosk has issued numbers today: it replaces a machine whose
disk is lost. So it begins in a block of its own, chosen at random, on the first two days with numbers. Two, because
the clock of a new machine may be wrong on the first. docs/decisions/0016 gives the reasons.
"""

from datetime import date

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.records import marks, receipts

MARK = "fresh-block"
"""Mark of a fresh store: the number before its block."""
FRESH_DAYS = 2


def mark_fresh(db: Database) -> None:
    """Choose the block in which a new store begins; a store with numbers, or with a block, keeps what it has."""
    if marks.get(db, MARK) is not None or receipts.has_numbers(db):
        return
    marks.put(db, MARK, str(codes.random_source().choice(receipts.FRESH_BLOCKS)))


def next_seq(db: Database, day: date) -> int:
    """Return the day's next number.

    Raises:
        ReceiptNumbersUsedUp: the day's block is used up.
    """
    if receipts.last_seq(db, day) == 0:
        block = marks.get(db, MARK)
        if block is not None and receipts.count_days(db, but=day) < FRESH_DAYS:
            receipts.start_block(db, day, int(block))
    return receipts.next_seq(db, day)
