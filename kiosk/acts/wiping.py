"""Retention: everything past its term is wiped in slices, so that no Submit waits for the clean-up.

Expired rows are found in a read and wiped in many short writes. A slice is sized by the time that the last one held the
writer. Between two slices others get the writer, and the write-ahead log is copied without holding it.
"""

from dataclasses import dataclass
from threading import Event
from typing import Any

from kiosk.backup import aside
from kiosk.context import Context
from kiosk.dossiers.retention import TERMS, Sweep
from kiosk.records import scans
from kiosk.store import files
from kiosk.store.db import copy_log

WRITER_SECONDS = 0.012
"""Seconds that a slice may hold the writer; a slower one makes the next one smaller. The limit is 50 ms."""
STEP_SECONDS = 2.0
"""Seconds after which `wipe_expired` returns, so that the kiosk can stop."""
MIN_PAUSE = 0.005
FIRST_SLICE = 50
MAX_SLICE = 1000
FOUND_AT_ONCE = 5000


@dataclass(frozen=True)
class WipeResult:
    """Result of one step: deleted drafts, and whether nothing expired is left."""

    drafts: int
    is_complete: bool


class _Slicer:
    """Runs sweeps in slices until its time is over."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._deadline = context.clock.monotonic() + STEP_SECONDS
        self._size = FIRST_SLICE
        self.is_complete = True

    def run(self, sweep: Sweep) -> int:
        """Wipe what a sweep finds; return how many rows. Each sweep begins small: its rows cost another time."""
        total = 0
        self._size = FIRST_SLICE
        while self.is_complete:
            with self._context.store.read() as db:
                keys = sweep.find(db, FOUND_AT_ONCE)
            wiped = self._wipe(sweep, keys)
            if not wiped:
                break
            total += wiped
        return total

    def _wipe(self, sweep: Sweep, keys: list[Any]) -> int:
        wiped = 0
        while keys:
            if self._context.clock.monotonic() >= self._deadline:
                self.is_complete = False
                break
            chosen = keys[: self._size]
            keys = keys[self._size :]
            with self._context.store.write() as db:
                begun = self._context.clock.monotonic()
                wiped += sweep.wipe(db, chosen)
            took = self._context.clock.monotonic() - begun
            self._fit(took)
            copy_log(self._context.store)
            Event().wait(max(took, MIN_PAUSE))
        return wiped

    def _fit(self, took: float) -> None:
        if took > WRITER_SECONDS:
            self._size = max(1, int(self._size * WRITER_SECONDS / took))
        elif took < WRITER_SECONDS / 2:
            self._size = min(MAX_SLICE, self._size * 2)


def wipe_expired(context: Context) -> WipeResult:
    """Wipe what is past its retention period, for some seconds at most; call again unless it is complete."""
    slicer = _Slicer(context)
    wiped = {table: sum(slicer.run(sweep) for sweep in term.sweeps(context)) for table, term in TERMS.items()}
    if slicer.is_complete:
        with context.store.read() as db:
            file_names = scans.file_names(db)
        files.delete_unnamed(context.config.scans_folder, file_names, context.clock.now())
        aside.delete_expired(context)
    return WipeResult(drafts=wiped["drafts"], is_complete=slicer.is_complete)
