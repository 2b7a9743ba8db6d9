"""The portal's later word on what was delivered: the changes feed.

The cursor moves in the same write as what it brought, and a receipt is applied only when its revision is greater than
the one held (that is what "never backwards" means: a status may well go from 5 back to 4). A portal that does not
know the cursor was restored from a copy: it is read from the start again, and everything delivered is asked about.
"""

import logging
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from sync import errors, file_outbox, link, outbox
from sync.link import Link, Store
from sync.parcel import Page, Receipt
from sync.portals.base import Portal

log = logging.getLogger(__name__)


class Apply(Protocol):
    """The caller's way to take note of the portal's word."""

    def __call__(self, db: Database, receipt: Receipt, /) -> None:
        """Note it within the write that moves the cursor; it is newer than any given before."""


def pull(store: Store, portal: Portal, line: Link, apply: Apply, now: datetime) -> bool:
    """Read one page, if the line may be used; True when there is more to read at once."""
    with store.read() as db:
        if not line.is_open(db):
            return False
        cursor = link.read_cursor(db)
    try:
        page = portal.changes(cursor)
    except errors.Restored as error:
        return _start_again(store, line, error, now)
    except errors.SyncError as error:
        with store.write() as db:
            line.failed(db, _as_read(error), now)
        return False
    with store.write() as db:
        return _take(db, line, page, apply, now)


def _take(db: Database, line: Link, page: Page, apply: Apply, now: datetime) -> bool:
    if line.worked(db, page.epoch, now):
        outbox.hurry(db)
    fresh = [receipt for receipt in page.receipts if outbox.is_newer(db, receipt, page.epoch)]
    for receipt in fresh:
        file_outbox.want(db, receipt.missing_files)
        apply(db, receipt)
    link.keep_cursor(db, page.cursor, is_end=not page.has_more)
    log.info("statuses read", extra={"count": len(page.receipts), "applied": len(fresh)})
    return page.has_more


def _start_again(store: Store, line: Link, error: errors.Restored, now: datetime) -> bool:
    log.warning("cursor refused", extra={"code": error.code})
    with store.write() as db:
        line.worked(db, error.epoch, now)
        link.keep_cursor(db, None)
        link.ask_audit(db, is_doubted=True)
    return True


def _as_read(error: errors.SyncError) -> errors.SyncError:
    """Take a lost or foreign answer to a mere question as a fault of the line: nothing was handed over."""
    return errors.NotSent(error.code) if type(error) is errors.Unsure else error
