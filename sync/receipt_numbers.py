"""The highest receipt numbers that the portal knows of this kiosk, under whatever key they were sent.

A machine that replaces another one, or whose store was restored, cannot know the numbers that are on paper already.
The portal knows those that were delivered.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sync import errors, outbox
from sync.link import Link, Store
from sync.portals.base import KnowsNumbers


def ask(store: Store, portal: KnowsNumbers, link: Link, now: datetime) -> Mapping[date, int] | None:
    """Return the highest number of each recent day; None while the connection may not be used or failed.

    A portal that does not answer this question (an older release) knows none.
    """
    with store.read() as db:
        if not link.is_open(db):
            return None
    try:
        known = portal.numbers()
    except errors.SyncError as error:
        # Nothing was sent, so a lost answer is a fault of the connection.
        failure = errors.NotSent(error.code) if type(error) is errors.Unsure else error
        with store.write() as db:
            link.record_failure(db, failure, now)
        return None
    with store.write() as db:
        if link.record_success(db, known.epoch, now):
            outbox.make_due(db)
    return known.highest
