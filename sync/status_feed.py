"""The changes feed: later receipts of the portal for delivered submissions.

The cursor moves in the same write as the receipts and payment notices of its page. A receipt is applied only when its
revision is greater than the stored one. (The status itself may well go from 5 back to 4.) A portal that does not know
the cursor was restored from a copy: the feed is read from the start again, and an audit asks about all delivered.
"""

import logging
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from sync import errors, file_outbox, outbox
from sync import link as links
from sync.link import Link, Store
from sync.parcel import FeedPage, PaymentNotice, Receipt
from sync.portals.base import Portal

log = logging.getLogger(__name__)


class ApplyReceipt(Protocol):
    """Callback that records a receipt."""

    def __call__(self, db: Database, receipt: Receipt, /) -> None:
        """Record a receipt within the write that moves the cursor; it is newer than any before."""


class RecordPayment(Protocol):
    """Callback that records a payment notice."""

    def __call__(self, db: Database, notice: PaymentNotice, /) -> None:
        """Record a notice within the write that moves the cursor; one that is here already changes nothing."""


def ignore_payment(_db: Database, _notice: PaymentNotice, /) -> None:
    """Drop a notice, for a caller without payments."""


def pull(
    store: Store,
    portal: Portal,
    link: Link,
    apply_receipt: ApplyReceipt,
    now: datetime,
    record_payment: RecordPayment = ignore_payment,
) -> bool:
    """Read one page, if the connection may be used; return True when there is more to read at once."""
    with store.read() as db:
        if not link.is_open(db):
            return False
        cursor = links.load_cursor(db)
    try:
        page = portal.changes(cursor)
    except errors.Restored as error:
        return _start_again(store, link, error, now=now)
    except errors.SyncError as error:
        with store.write() as db:
            link.record_failure(db, _as_read(error), now)
        return False
    with store.write() as db:
        return _apply_page(db, link, page, apply_receipt=apply_receipt, now=now, record_payment=record_payment)


def _apply_page(
    db: Database,
    link: Link,
    page: FeedPage,
    *,
    apply_receipt: ApplyReceipt,
    now: datetime,
    record_payment: RecordPayment,
) -> bool:
    if link.record_success(db, page.epoch, now):
        outbox.make_due(db)
    fresh = [receipt for receipt in page.receipts if outbox.record_revision(db, receipt, page.epoch)]
    for receipt in fresh:
        file_outbox.resend_missing(db, receipt.missing_files)
        apply_receipt(db, receipt)
    for notice in page.payments:
        record_payment(db, notice)
    links.save_cursor(db, page.cursor, is_end=not page.has_more)
    log.info("statuses read", extra={"count": len(page.receipts), "applied": len(fresh)})
    return page.has_more


def _start_again(store: Store, link: Link, error: errors.Restored, *, now: datetime) -> bool:
    log.warning("cursor refused", extra={"code": error.fact})
    with store.write() as db:
        link.record_success(db, error.epoch, now)
        links.save_cursor(db, None)
        links.request_audit(db, is_doubted=True)
    return True


def _as_read(error: errors.SyncError) -> errors.SyncError:
    """Return a lost or foreign answer to a read as a fault of the connection: nothing was sent."""
    return errors.NotSent(error.code) if type(error) is errors.Unsure else error
