"""Leave a block of receipt numbers that another machine of this kiosk has used."""

import logging
from collections.abc import Mapping
from datetime import date

from kiosk.base.errors import ReceiptNumbersUsedUp
from kiosk.context import Context
from kiosk.records import receipts

log = logging.getLogger(__name__)


def leave_used_block(context: Context, known: Mapping[date, int]) -> bool:
    """Continue today in a later block, when the portal knows a number that this store did not issue.

    Args:
        known: the highest number of each day at the portal.

    Returns:
        Whether the numbers have moved.
    """
    today = context.clock.today()
    highest = known.get(today, 0)
    with context.store.write() as db:
        if highest <= receipts.last_seq(db, today):
            return False
        try:
            receipts.start_block_after(db, today, highest)
        except ReceiptNumbersUsedUp:  # no block is left: paper until tomorrow
            receipts.close_day(db, today)
    log.warning("receipt numbers moved to another block", extra={"number": highest})
    return True
