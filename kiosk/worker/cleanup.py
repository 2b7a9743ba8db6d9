"""Clean-up: expired data, forms covered for too long, disk reserve, nightly audit, write-ahead log."""

import logging
from collections.abc import Callable, Collection

from kiosk.acts import covering, delivering, wiping
from kiosk.base import codes
from kiosk.context import Context, clock_trust
from kiosk.store import disk_reserve
from kiosk.store.db import checkpoint
from kiosk.worker.task import Task
from printers import spool

log = logging.getLogger(__name__)

CLEANUP_SECONDS = 600.0
"""Interval of the clean-up."""
RESERVE_SECONDS = 20.0
"""Interval of the check of the disk reserve."""
COVER_SECONDS = 5.0
"""Interval of the check for screens that were covered for too long."""
AUDIT_PROBABILITY = 1 / 12
"""Probability of starting a due audit in one clean-up: spreads the kiosks of a province over some hours."""
IDLE_SECONDS = 1.0
LIMIT_SECONDS = 600.0


class Cleanup:
    """Clean-up of one store.

    Args:
        context: the context.
        printed_kinds: returns the kinds of paper that have a printer.
        may_audit: the portal can be asked about everything delivered.
        request_time: asks the portal for its time, because this machine's clock is in doubt.
    """

    def __init__(
        self,
        context: Context,
        *,
        printed_kinds: Callable[[], Collection[str]],
        may_audit: bool,
        request_time: Callable[[], None],
    ) -> None:
        self._context = context
        self._printed_kinds = printed_kinds
        self._may_audit = may_audit
        self._request_time = request_time
        self._cleanup_at = self._reserve_at = self._covers_at = context.clock.monotonic()

    def task(self) -> Task:
        """Return the task of the clean-up."""
        return Task("cleanup", step=self.step, idle=IDLE_SECONDS, limit=LIMIT_SECONDS)

    def step(self) -> bool:
        """Do what is due; return whether drafts were wiped, or more is left to wipe."""
        self._maintain_reserve()
        self._put_away_forms()
        spool.mark_without_printer(self._context.store, self._printed_kinds(), self._context.clock.now())
        now = self._context.clock.monotonic()
        if now < self._cleanup_at:
            return False
        self._cleanup_at = now + CLEANUP_SECONDS
        has_wiped = self._wipe_expired()
        self.start_audit()
        checkpoint(self._context.store)
        return has_wiped

    def _put_away_forms(self) -> None:
        now = self._context.clock.monotonic()
        if now >= self._covers_at:
            self._covers_at = now + COVER_SECONDS
            covering.put_away_overdue(self._context)

    def _maintain_reserve(self) -> None:
        now = self._context.clock.monotonic()
        if now < self._reserve_at or self._context.config.kiosk.practice:
            return
        self._reserve_at = now + RESERVE_SECONDS
        if disk_reserve.maintain(self._context.config.folder):
            log.error("disk reserve deleted")

    def start_audit(self) -> None:
        """Start the nightly audit of everything delivered, at random, so that kiosks do not all ask at once."""
        if not self._may_audit or not delivering.is_audit_due(self._context):
            return
        if codes.random_source().random() < AUDIT_PROBABILITY:
            delivering.request_audit(self._context, "worker")

    def _wipe_expired(self) -> bool:
        """Wipe expired data, unless the clock is in doubt: a clock that jumps by years must not wipe a form."""
        if clock_trust.doubt(self._context) is not None:
            log.warning("nothing wiped", extra={"reason": "clock"})
            self._request_time()
            return False
        with self._context.store.write() as db:
            clock_trust.mark_trusted(db, self._context)
        result = wiping.wipe_expired(self._context)
        if not result.is_complete:
            self._cleanup_at = self._context.clock.monotonic()
        return result.drafts > 0 or not result.is_complete
