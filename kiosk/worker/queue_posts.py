"""Posts of the queue to the portal, for the status pages on citizens' phones.

A post is worth nothing a minute later, so a failed one is not repeated by itself, is no fault of the connection, and
nothing of it is stored.
"""

import logging
from datetime import date

import sync.link
from kiosk.context import Context
from kiosk.dossiers import status_page
from kiosk.portal import queue_feed
from kiosk.records import queue_stats
from sync import errors
from sync.link import Link
from sync.portals.base import TakesQueue

LOOK_SECONDS = 1.0
"""Interval of the question whether the queue has changed."""
PAUSE_SECONDS = 15.0
"""Shortest time between two posts."""
REPEAT_SECONDS = 30.0
"""Interval of posts while somebody waits and nothing changes: the page calls a queue of 60 seconds old."""
FAILED_SECONDS = 60.0
REFUSED_SECONDS = 3600.0
"""Pause at a portal that takes no queue: an older one."""

_log = logging.getLogger(__name__)


class QueuePosts:
    """When the queue is posted: after a change and while somebody waits, and only while the connection is up."""

    def __init__(self, context: Context, link: Link) -> None:
        self._context = context
        self._link = link
        self._next_at = self._repeat_at = context.clock.monotonic()
        self._posted: tuple[date, int] | None = None
        """Day and version of the queue that the portal has."""
        self._is_empty = False
        """Whether nobody waits in the queue that the portal has; at a start that is not known."""

    def round(self, portal: TakesQueue) -> bool:
        """Post the queue, if it is due; return whether it was posted."""
        now = self._context.clock.monotonic()
        if now < self._next_at or not status_page.is_offered(self._context.config):
            return False
        self._next_at = now + LOOK_SECONDS
        with self._context.store.read() as db:
            version = (self._context.clock.today(), queue_stats.version(db))
            may_post = self._link.is_open(db) and sync.link.state(db).is_up
        is_due = version != self._posted or (not self._is_empty and now >= self._repeat_at)
        return bool(may_post) and is_due and self._post(portal, version, now)

    def _post(self, portal: TakesQueue, version: tuple[date, int], now: float) -> bool:
        queue = queue_feed.find_queue(self._context)
        is_empty = not queue.tickets
        if is_empty and self._is_empty:
            self._posted = version
            return False
        try:
            is_taken = portal.post_queue(queue)
        except errors.SyncError as error:
            _log.info("queue not posted", extra={"class": error.reason, "code": error.fact})
            self._next_at = now + FAILED_SECONDS
            return False
        self._posted = version
        self._is_empty = is_empty
        self._repeat_at = now + REPEAT_SECONDS
        self._next_at = now + (PAUSE_SECONDS if is_taken else REFUSED_SECONDS)
        return is_taken
