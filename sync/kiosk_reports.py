"""Reports of a kiosk to the portal, its state and its need list: while the connection is open, never before a form."""

import logging
from datetime import datetime

from sync import errors, outbox
from sync.link import Link, Store
from sync.portals.base import KioskReport, ReportAnswer, TakesNeedLists, TakesReports
from sync.portals.need_list import NeedList

log = logging.getLogger(__name__)


def is_possible(store: Store, link: Link) -> bool:
    """Return whether a report may be sent now; making one costs more than this question."""
    with store.read() as db:
        return link.is_open(db)


def send(store: Store, portal: TakesReports, link: Link, report: KioskReport, now: datetime) -> ReportAnswer | None:
    """Send a report; None when it did not arrive."""
    try:
        answer = portal.report(report)
    except errors.SyncError as error:
        _record_failure(store, link, error, now)
        return None
    _record_success(store, link, answer.epoch, now)
    return answer


def send_need_list(store: Store, portal: TakesNeedLists, link: Link, need_list: NeedList, now: datetime) -> None:
    """Send what the ward's procedures need; the answer to the next report tells whether the portal has it."""
    try:
        epoch = portal.put_need_list(need_list)
    except errors.SyncError as error:
        _record_failure(store, link, error, now)
    else:
        _record_success(store, link, epoch, now)


def _record_success(store: Store, link: Link, epoch: str, now: datetime) -> None:
    with store.write() as db:
        if link.record_success(db, epoch, now):
            outbox.make_due(db)


def _record_failure(store: Store, link: Link, error: errors.SyncError, now: datetime) -> None:
    """Record a failure; a portal that refuses this content may still take forms, so that is only logged."""
    if isinstance(error, errors.BatchRefused):
        log.warning("kiosk report refused", extra={"code": error.code})
        return
    # Nothing was sent that a lost answer could double.
    failure = errors.NotSent(error.code) if type(error) is errors.Unsure else error
    with store.write() as db:
        link.record_failure(db, failure, now)
