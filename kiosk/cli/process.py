"""Parts of every process that runs for months: memory, log, worker lock, watches for releases and content, SIGTERM.

`kiosk worker` and the gateway import this module and no page: that spares 0.23 s of the processor and 17 MB.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import IO

from kiosk.base import allocator, release
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings, StoreUnavailable
from kiosk.base.log import close_log, open_log, open_standard_error
from kiosk.config import Config
from kiosk.context import Context
from kiosk.startup.context_factory import use_new_content
from kiosk.updates import handover
from kiosk.worker import Worker, WorkerBusy, lock_worker, open_worker
from sync.backoff import BackoffSettings

log = logging.getLogger(__name__)

CONTENT_SECONDS = 5.0
"""Interval of looking for another content release."""
BACKOFF = BackoffSettings()
"""Tests shorten it, so that a fault of ten minutes takes twenty seconds (tests/faults/child_process.py)."""
PRACTICE_CODE = "KIOSK_PRACTICE_CODE"
PRACTICE_PASSWORD = "KIOSK_PRACTICE_PASSWORD"  # noqa: S105  # nosec B105 # the name of a variable
"""Environment variables of the practice gateway: the command line of a process can be read by everybody (ps)."""
PRACTICE_BACKOFF = BackoffSettings(first=2.0, longest=20.0, spread=1.0, pause=5.0)


def add_practice(command: argparse.ArgumentParser) -> None:
    """Add the options of a command that can serve practice."""
    command.add_argument("--practice", action="store_true", help="made-up data in a folder of its own")
    command.add_argument("--port", type=int, help="port of the pages; gateway +1, virtual printers +2 and +3")


def hold_worker_lock(config: Config) -> IO[bytes]:
    """Lock the store for this worker, until the file is closed.

    Raises:
        BadSettings: another process holds it.
    """
    try:
        return lock_worker(config)
    except WorkerBusy:
        raise BadSettings(
            "Máy đã chạy rồi: một tiến trình khác đang giữ kho này.",
            "Already running: another process holds this store.",
        ) from None


def open_paced_worker(context: Context) -> Worker:
    """Open the worker with the back-off of practice or of a ward."""
    return open_worker(context, PRACTICE_BACKOFF if context.config.kiosk.practice else BACKOFF)


@contextmanager
def prepare_process(config: Config) -> Iterator[None]:
    """Prepare a process that runs for months: memory and log."""
    allocator.save_memory()
    try:
        handler = open_log(config.log_path)
    except StoreUnavailable as error:
        if not config.folder.is_dir():
            raise
        # Citizens come first: the pages open, and health.log_file raises the alarm.
        print(error.vi, file=sys.stderr)
        handler = open_standard_error()
    logging.getLogger("waitress").setLevel(logging.ERROR)
    log.info("started", extra={"release": release.current().text})
    try:
        yield
    finally:
        close_log(handler)


@contextmanager
def stop_event() -> Iterator[Event]:
    """Return an event that is set at the end."""
    stop = Event()
    try:
        yield stop
    finally:
        stop.set()


@contextmanager
def release_watch(config: Config, *, serves_pages: bool) -> Iterator[None]:
    """End this process when another release is the current one; its unit starts it again."""
    if not config.updates.programs or config.kiosk.practice:
        yield
        return
    with stop_event() as stop:
        watch = Thread(
            target=handover.watch,
            args=[config, SYSTEM],
            kwargs={"stop": stop, "leave": _end_process, "checks": serves_pages},
            name="release watch",
            daemon=True,
        )
        watch.start()
        yield


@contextmanager
def content_watch(context: Context) -> Iterator[None]:
    """Use the procedures of another content release without a restart."""
    end = Event()

    def look() -> None:
        while not end.wait(CONTENT_SECONDS):
            try:
                use_new_content(context)
            except Exception:  # the pages go on with the content before; the log has it
                log.exception("content not read")

    Thread(target=look, name="content watch", daemon=True).start()
    try:
        yield
    finally:
        end.set()


def _end_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def exit_on_sigterm(signum: int, frame: FrameType | None) -> None:
    """Turn SIGTERM into SystemExit, so that requests in flight are answered and everything is closed."""
    raise SystemExit(0)
