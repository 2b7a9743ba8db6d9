"""The clean-up of 200,000 expired tickets, names and print jobs: how long it holds the writer, and what a Submit waits.

One kiosk in this process, without a socket. First Submits while nothing else runs, then Submits while the clean-up runs
in a thread, then a clean-up that finds nothing.

A Submit beside the clean-up waits for one slice, which is planned to hold the writer for 12 ms, and then does its own
work. So both figures are divided by 12 ms and the 99th percentile of a Submit alone: a slow machine makes only the
second longer, and longer slices make the figures worse. A person feels no wait of 50 ms: that is about three times the
sum on a calm machine, and twice beside other work.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bench._figures import Figures, p99
from bench.archived import KioskUnderTest, add_archive, open_kiosk
from kiosk.acts import wiping
from kiosk.context import Context

SUBMITS = 300
SLICE_MS = 12.0
LONGEST = 90.0
"""Seconds after which the measured part ends, whether the clean-up is complete or not."""


class Holds:
    """The seconds for which one thread held the writer, write by write."""

    def __init__(self, context: Context) -> None:
        self.seconds: list[float] = []
        self._write = context.store.write
        context.store.write = self._timed  # type: ignore[method-assign]

    @contextmanager
    def _timed(self) -> Iterator[Database]:
        is_cleanup = threading.current_thread().name == "cleanup"
        begun = 0.0
        try:
            with self._write() as db:
                begun = time.perf_counter()
                yield db
        finally:
            if is_cleanup:
                self.seconds.append(time.perf_counter() - begun)


def clean_up(context: Context) -> None:
    """Run the clean-up until it is complete, or for the longest time."""
    ends = time.monotonic() + LONGEST
    while not wiping.wipe_expired(context).is_complete and time.monotonic() < ends:
        pass


def submit_while(kiosk: KioskUnderTest, thread: threading.Thread) -> list[float]:
    """Submit until a thread has ended; return the milliseconds of each."""
    times = []
    thread.start()
    while thread.is_alive():
        times.append(kiosk.submit() * 1000)
    return times


def run() -> Figures:
    """Measure Submits alone, beside the clean-up, and the clean-up that finds nothing."""
    with tempfile.TemporaryDirectory() as folder, open_kiosk(Path(folder)) as kiosk:
        add_archive(kiosk.context)
        quiet = [kiosk.submit() * 1000 for _ in range(SUBMITS)]
        holds = Holds(kiosk.context)
        busy = submit_while(kiosk, threading.Thread(target=clean_up, args=[kiosk.context], name="cleanup"))
        wiping_holds = [seconds * 1000 for seconds in holds.seconds]
        while not wiping.wipe_expired(kiosk.context).is_complete:
            pass
        holds.seconds.clear()
        idle = threading.Thread(target=clean_up, args=[kiosk.context], name="cleanup")
        idle.start()
        idle.join()
    whole = SLICE_MS + p99(quiet)
    return [
        ("clean-up, longest hold of the writer / slice and Submit", max(wiping_holds) / whole, "<= 3"),
        ("  longest hold, ms", max(wiping_holds), ""),
        ("  median hold, ms", statistics.median(wiping_holds), f"of {len(wiping_holds)} writes"),
        ("  with nothing to wipe, holds of the writer", float(len(holds.seconds)), "<= 0"),
        ("Submit p99 beside the clean-up / slice and Submit", p99(busy) / whole, "<= 2"),
        ("  alone, ms", p99(quiet), ""),
        ("  beside the clean-up, ms", p99(busy), f"of {len(busy)} Submits"),
    ]
