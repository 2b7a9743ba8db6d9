"""The backup schedule: a copy every hour, also across restarts, and five minutes after a failure.

A kiosk that restarts often must not fill its rotation with copies of one hour, so the hour is counted from the newest
copy; if that is in the future, because the clock was set back, it is counted from the start.
"""

import logging

from kiosk.backup import create, rotation
from kiosk.base.errors import KioskError
from kiosk.context import Context

log = logging.getLogger(__name__)

RETRY_SECONDS = 300.0
"""Seconds after which a failed copy is tried again."""


class BackupSchedule:
    """Creates copies when they are due."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings = context.config.backup
        self._due = context.clock.monotonic() + self._first_wait()

    @property
    def _every(self) -> float:
        return self._settings.minutes * 60.0

    def step(self) -> bool:
        """Create a copy if one is due; return whether one was created. Without a folder in the settings none is due."""
        now = self._context.clock.monotonic()
        if self._settings != self._context.config.backup:
            self._settings = self._context.config.backup
            self._due = now + self._first_wait()
        if not self._settings.path:
            return False
        if now < self._due:
            return False
        try:
            path = create.create(self._context)
        except KioskError as fault:
            log.warning("copy failed", extra={"code": fault.code})
            self._due = now + min(RETRY_SECONDS, self._every)
            return False
        log.info("copy taken", extra={"bytes": path.stat().st_size})
        self._due = now + self._every
        return True

    def _first_wait(self) -> float:
        config = self._context.config
        try:
            copies = rotation.list_copies(config.backup_folder, config.kiosk.id) if config.backup_folder else []
        except KioskError:
            return 0.0
        if not copies:
            return 0.0
        age = (self._context.clock.now() - copies[0].made_at).total_seconds()
        return self._every if age < 0 else max(0.0, self._every - age)
