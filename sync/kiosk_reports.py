"""Reports of the kiosk's state to the portal: sent while the connection is open, and never in the way of a form."""

import logging
from datetime import datetime

from sync import errors, outbox
from sync.link import Link, Store
from sync.portals.base import KioskReport, ReportAnswer, TakesReports

log = logging.getLogger(__name__)


def is_possible(store: Store, link: Link) -> bool:
    """Return whether a report may be sent now; making one costs more than this question."""
    with store.read() as db:
        return link.is_open(db)


def send(store: Store, portal: TakesReports, link: Link, report: KioskReport, now: datetime) -> ReportAnswer | None:
    """Send a report; None when it did not arrive.

    A portal that refuses this report may still take forms: that is logged and is no fault of the connection.
    """
    try:
        answer = portal.report(report)
    except errors.BatchRefused as error:
        log.warning("kiosk report refused", extra={"code": error.code})
        return None
    except errors.SyncError as error:
        # Nothing was sent that a lost answer could double.
        failure = errors.NotSent(error.code) if type(error) is errors.Unsure else error
        with store.write() as db:
            link.record_failure(db, failure, now)
        return None
    with store.write() as db:
        if link.record_success(db, answer.epoch, now):
            outbox.make_due(db)
    return answer
