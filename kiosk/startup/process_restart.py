"""Restart of a process: by a request in the store, which a technician's page writes, or when key or store are back.

Under systemd the process ends with `STATUS` and its unit starts it again. Anywhere else it replaces itself by the same
command, so that `kiosk run` in a terminal comes back too. Requests in flight are answered first; forms that are being
filled in are in the store.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from kiosk.acts import restarting
from kiosk.base.errors import KioskError
from kiosk.config import Config
from kiosk.context import Context

log = logging.getLogger(__name__)

STATUS = 75
"""Exit status of a process that wants to be started again: EX_TEMPFAIL of sysexits.h."""
LOOK_SECONDS = 1.0
FilesState = tuple[int, ...]
OF_SYSTEMD = "INVOCATION_ID"
"""Environment variable that systemd sets for the processes of its units."""


class ProcessRestart:
    """Restart of this process.

    Args:
        stop: ends the process; by default the signal that also ends it from outside.
    """

    def __init__(self, stop: Callable[[], None] | None = None) -> None:
        self._stop = stop or _end_by_signal
        self._is_requested = False

    @contextmanager
    def watch(self, context: Context) -> Iterator[None]:
        """Look for a request while the block runs."""
        end = Event()
        known = restarting.last_request(context)
        thread = Thread(target=self._look, args=[context, known, end], name="restart", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join(LOOK_SECONDS * 2)

    @contextmanager
    def watch_files(self, config: Config, known: FilesState) -> Iterator[None]:
        """Look while the block runs whether key or store have changed, for a process that serves nothing without them.

        Args:
            known: their state before the process has tried to open them.
        """
        end = Event()
        args = [config, known, end]
        thread = Thread(target=self._look_at_files, args=args, name="restart", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join(LOOK_SECONDS * 2)

    def _look_at_files(self, config: Config, known: FilesState, end: Event) -> None:
        while not end.wait(LOOK_SECONDS):
            if files_state(config) != known:
                log.info("key or store changed")
                self._is_requested = True
                self._stop()
                return

    def _look(self, context: Context, known: str, end: Event) -> None:
        while not end.wait(LOOK_SECONDS):
            try:
                is_new = restarting.last_request(context) != known
            except KioskError:
                continue  # a store that is busy now is asked again
            if is_new:
                log.info("restart requested")
                self._is_requested = True
                self._stop()
                return

    def exit_status(self) -> int:
        """Return the exit status of the process; outside systemd replace the process by its own command instead."""
        if not self._is_requested:
            return 0
        if OF_SYSTEMD not in os.environ:
            arguments = [sys.executable, "-m", "kiosk", *sys.argv[1:]]
            os.execv(sys.executable, arguments)  # noqa: S606  # nosec B606 # our own program
        return STATUS


def files_state(config: Config) -> FilesState:
    """Return what shows that the key was put back or given to this user, and that the store's disk is there.

    The store's own changes do not count: the worker opens it at each of its starts.
    """
    return (
        *_file_state(config.key_path, ("st_ino", "st_size", "st_ctime_ns")),
        *_file_state(config.store_path, ("st_dev", "st_ino")),
    )


def _file_state(path: Path, names: tuple[str, ...]) -> FilesState:
    try:
        status = path.stat()
    except OSError:
        return (0,)
    return (os.access(path, os.R_OK), *(getattr(status, name) for name in names))


def _end_by_signal() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
