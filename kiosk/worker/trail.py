"""Verification of the audit trail: the whole chain again and again, a piece at a time, so that nothing else waits."""

import logging

from kiosk.context import Context
from kiosk.health import trail_check
from kiosk.records import audit
from kiosk.worker.task import Task

log = logging.getLogger(__name__)

ROUND_SECONDS = 3600.0
"""Pause between two verifications of the whole chain."""
PIECE = 1000
"""Lines of a piece: some 10 ms."""
IDLE_SECONDS = 0.25
LIMIT_SECONDS = 600.0


class TrailVerification:
    """Verification of one store's audit trail, with the place that it has reached."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._verified = audit.EMPTY
        self._due = context.clock.monotonic()

    def task(self) -> Task:
        """Return the task of the verification."""
        return Task("trail", step=self.step, idle=IDLE_SECONDS, limit=LIMIT_SECONDS)

    def step(self) -> bool:
        """Verify the next piece if it is due; return False, so that there is a pause before the piece after it."""
        now = self._context.clock.monotonic()
        if now < self._due:
            return False
        with self._context.store.read() as db:
            head, broken = audit.verify_piece(db, self._context.audit_key(), self._verified, PIECE)
        is_last = head.seq - self._verified.seq < PIECE
        self._verified = head
        if broken is not None or is_last:
            self._finish(broken)
        return False

    def _finish(self, broken: int | None) -> None:
        """Store the result and begin again after the pause."""
        cut = trail_check.copied_cut_after(self._context) or trail_check.cut_after(self._context)
        if broken is not None:
            log.error("audit trail changed", extra={"number": broken})
        elif cut is not None:
            log.error("audit trail cut", extra={"number": self._verified.seq})
        with self._context.store.write() as db:
            trail_check.save_result(db, broken, self._verified, cut)
        self._verified = audit.EMPTY
        self._due = self._context.clock.monotonic() + ROUND_SECONDS
