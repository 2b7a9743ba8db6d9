"""Payments that the bank told of: matched by payment key and sum.

A notice is recorded in the write that moves the cursor of the feed, and matched here afterwards, in a write of its own:
a process that dies between the two matches it at its next start. Nothing is ever matched by a name.
"""

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers import awaited_transfers, payment_keys, seen_transfers
from kiosk.records import payment_notices, submissions, tickets
from kiosk.records.payment_notices import NoticeRow

BATCH = 50
"""Notices that one write matches."""


def await_transfer(context: Context) -> None:
    """Note that a page waits for a transfer, so that the feed is read more often for some minutes."""
    with context.store.write() as db:
        awaited_transfers.note(context, db)


def match_notices(context: Context) -> int:
    """Match notices that were recorded; return how many."""
    with context.store.write() as db:
        notices = payment_notices.unsettled(db, BATCH)
        for notice in notices:
            subject = _find_subject(context, db, notice)
            payment_notices.settle(db, notice, subject, context.clock.now())
            if subject:
                seen_transfers.apply(context, db, subject)
        return len(notices)


def _find_subject(context: Context, db: Database, notice: NoticeRow) -> str | None:
    """Return the subject of the key, if this kiosk has it; a key of another store leads to none, or to a past day."""
    found = payment_keys.find_subject(context, notice.payment_key) if notice.payment_key else None
    if found is None:
        return None
    if found.receipt_no:
        is_known = submissions.by_receipt(db, found.receipt_no) is not None
    else:
        is_known = tickets.by_label(db, found.day, found.label) is not None
    return found.code if is_known else None
