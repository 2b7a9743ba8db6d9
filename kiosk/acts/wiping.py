"""Retention: everything past its term is wiped in slices, so that no Submit waits for the clean-up.

Expired rows are found in a read and wiped in many short writes. A slice is sized by the time that the last one held the
writer. Between two slices others get the writer, and the write-ahead log is copied without holding it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlite_utils import Database

import printers.spool
import sync.attempts
import sync.file_outbox
import sync.outbox
from kiosk.backup import aside
from kiosk.context import Context
from kiosk.records import (
    answered_posts,
    call_backs,
    calls,
    counters,
    decisions,
    drafts,
    inspections,
    kept_drafts,
    lookups,
    openings,
    opinions,
    page_counts,
    procedure_versions,
    refusals,
    reuse,
    scans,
    seats,
    services,
    sessions,
    submissions,
    tickets,
    tries,
    unsent_posts,
)
from kiosk.store import files
from kiosk.store.db import copy_log
from kiosk.store.expired_rows import ExpiredRows

MAX_RETENTION_DAYS = 365
"""Longest retention of the body of a submission that nobody touched (docs/security.md), whatever the state of its case;
of the log of delivery attempts; and of the counts of opinions, which are figures without a person."""
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


@dataclass(frozen=True)
class _Sweep:
    """One kind of expired rows: `find` runs in a read, `wipe` in a write."""

    find: Callable[[Database, int], list[Any]]
    wipe: Callable[[Database, list[Any]], int]


class _Slicer:
    """Runs sweeps in slices until its time is over."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._deadline = context.clock.monotonic() + STEP_SECONDS
        self._size = FIRST_SLICE
        self.is_complete = True

    def run(self, sweep: _Sweep) -> int:
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

    def _wipe(self, sweep: _Sweep, keys: list[Any]) -> int:
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
    now = context.clock.now()
    slicer = _Slicer(context)
    oldest = now - timedelta(hours=context.config.keep.draft_hours)
    wiped_drafts = slicer.run(_sweep(drafts.untouched(oldest, context.clock.today())))
    for sweep in _sweeps(context):
        slicer.run(sweep)
    if slicer.is_complete:
        with context.store.read() as db:
            file_names = scans.file_names(db)
        files.delete_unnamed(context.config.scans_folder, file_names, now)
        aside.delete_expired(context)
    return WipeResult(drafts=wiped_drafts, is_complete=slicer.is_complete)


def _sweeps(context: Context) -> Iterator[_Sweep]:
    """Yield the sweeps: bodies first, then what hangs on them."""
    now = context.clock.now()
    keep = context.config.keep
    first_day = context.clock.today() - timedelta(days=keep.ticket_days)
    longest = now - timedelta(days=MAX_RETENTION_DAYS)
    yield _sweep(sessions.unseen(now - timedelta(hours=keep.draft_hours)))
    yield _sweep(kept_drafts.without_draft())
    yield _sweep(kept_drafts.ended_before(context.clock.today() - kept_drafts.REMEMBERED))
    yield _sweep(reuse.expired(now))
    for expired in (answered_posts.expired(now), unsent_posts.expired(now), unsent_posts.expired_sessions(now)):
        yield _sweep(expired)
    yield _sweep(calls.made_before(now - timedelta(days=1)))
    yield _sweep(tries.made_before(now - tries.LONGEST_SPAN))
    yield _sweep(submissions.of_ended_classes(context.clock.today(), now - call_backs.WAITING_DAYS, now))
    yield _sweep(call_backs.expired(now))
    if not context.config.portal.capabilities.takes_forms:
        yield _unsent_sweep(context, longest)
    yield _sweep(submissions.expired_bodies(now - timedelta(days=keep.body_days), longest))
    for expired in (inspections.without_body(), lookups.without_body(), openings.without_body()):
        yield _sweep(expired)
    yield _scan_sweep(context)
    yield _sweep(decisions.without_body())
    yield _sweep(procedure_versions.unused())
    yield _sweep(refusals.without_subject())
    for records in (tickets, counters, seats, page_counts):
        yield _sweep(records.before(first_day))
    yield _sweep(services.notes_before(first_day))
    yield _sweep(opinions.before(context.clock.today() - timedelta(days=MAX_RETENTION_DAYS)))
    yield _sweep(opinions.texts_before(context.clock.today() - timedelta(days=keep.opinion_days)))
    ended = now - timedelta(days=keep.ticket_days)
    yield _Sweep(
        find=lambda db, limit: printers.spool.find_ended(db, ended, limit),
        wipe=lambda db, ids: printers.spool.delete_ended(db, ended, ids),
    )
    yield _Sweep(
        find=lambda db, limit: sync.attempts.find_before(db, longest, limit),
        wipe=sync.attempts.delete,
    )


def _sweep(expired: ExpiredRows) -> _Sweep:
    return _Sweep(find=expired.find, wipe=expired.wipe)


def _unsent_sweep(context: Context, longest: datetime) -> _Sweep:
    """Return the sweep of forms that wait for a portal that was never set: they are kept as long as others."""
    now = context.clock.now()
    closed_before = now - timedelta(days=context.config.keep.body_days)

    def wipe(db: Database, ids: list[Any]) -> int:
        forgotten = [submission_id for submission_id in ids if submissions.forget_unsent(db, submission_id)]
        for submission_id in forgotten:
            events = [child.subject.id for child in sync.outbox.list_children(db, submission_id)]
            for subject in (submission_id, *events):
                sync.outbox.withdraw_unsent(db, subject, now)
                decisions.remove_event(db, subject)
                sync.file_outbox.drop_of_parent(db, subject, now)
        return len(forgotten)

    return _Sweep(find=lambda db, limit: submissions.find_unsent(db, closed_before, longest, limit), wipe=wipe)


def _scan_sweep(context: Context) -> _Sweep:
    """Return the sweep of scans; their files are no longer sent."""

    def wipe(db: Database, ids: list[Any]) -> int:
        deleted = scans.delete_without_body(db, ids)
        for scan_id in deleted:
            sync.file_outbox.drop(db, scan_id, context.clock.now())
        return len(deleted)

    return _Sweep(find=scans.find_without_body, wipe=wipe)
