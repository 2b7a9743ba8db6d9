"""When a copy is due: an hour after the last one, also over restarts; after a failure in five minutes.

A kiosk that starts again and again must not fill its ring with copies of one hour, so the time of the newest copy
counts; where the clock makes that impossible (it lies in the future), the hour is counted from the start.
"""

import logging
from threading import Event

from kiosk.backup import create, rotation
from kiosk.context import Context
from kiosk.errors import KioskError

log = logging.getLogger(__name__)

REST = 10.0
AGAIN = 300.0
"""Seconds after which a copy that failed is tried again."""


class Hourly:
    """Takes a copy whenever one is due."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._every = context.config.backup.minutes * 60.0
        self._due = context.clock.monotonic() + self._first_wait()

    def step(self) -> bool:
        """Take a copy, if one is due; say whether one was taken."""
        now = self._context.clock.monotonic()
        if now < self._due:
            return False
        try:
            path = create.take(self._context)
        except KioskError as fault:
            log.warning("copy failed", extra={"code": fault.code})
            self._due = now + min(AGAIN, self._every)
            return False
        log.info("copy taken", extra={"bytes": path.stat().st_size})
        self._due = now + self._every
        return True

    def run(self, stop: Event) -> None:
        """Step until told to stop; whatever goes wrong with one copy, the next is tried."""
        while not stop.wait(REST):
            try:
                self.step()
            except Exception:  # the copies outlive every fault; the log has it
                log.exception("copies")

    def _first_wait(self) -> float:
        config = self._context.config
        try:
            copies = rotation.listed(config.backup_folder, config.kiosk.id) if config.backup_folder else []
        except KioskError:
            return 0.0
        if not copies:
            return 0.0
        age = (self._context.clock.now() - copies[0].made_at).total_seconds()
        return self._every if age < 0 else max(0.0, self._every - age)
