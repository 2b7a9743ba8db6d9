"""The connection to the portal: its state, back-off, pauses, stops and audits.

    wait        exponential back-off after a failure of the connection
    pause       the portal refused every request (login, rate, maintenance, clock, version); it ends automatically,
                because a login that is refused today may be accepted tomorrow
    held pause  a pause (`is_held`) that ends only by `resume`: a technician must act
    stop        a technician's order to send nothing, with or without an end

One row in the store holds the state, for people and for the sender. A fault of the connection or of the portal waits
**here** and costs no form an attempt; the times are on the monotonic clock. A start of the worker, "send now" and a
connection that comes up make everything due at once. A start begins with a random wait, so that the kiosks of a
province do not all return at once.

An acknowledgement is a subject that became `done`; `done_no` counts them, and each row has its number. After a restore
of the portal an audit asks about the submissions up to `audit_to` and their events. Not every portal answers about
events, so those that the restored copy may lack are sent again. `read_no` is the last acknowledgement when the feed was
last read to its end: until then the portal had not been restored unnoticed. `audit_lost` is the first submission that
the copy lacks, `audit_kept` the last one before it that the copy has. An example:

    acknowledged: 1 submission A, 2 event of A, 3 submission B, 4 event of B      done_no = 4, audit_to = 4
    the feed was last read to its end after 2                                     read_no = 2
    the restored copy has A, but not B: B and its event are queued again          audit_kept = 1, audit_lost = 3
    the end of the audit queues the events after min(audit_kept, read_no) = 1: the event of A too
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sqlite_utils import Database

from sync import attempts, backoff, errors
from sync.backoff import BackoffSettings, RandomSource
from sync.encoding import timestamp
from sync.parcel import Hello

log = logging.getLogger(__name__)

PauseReason = Literal["auth", "rate", "maintenance", "clock", "version"]


class Store(Protocol):
    """A store, as sync uses it: snapshots and transactions."""

    def read(self) -> AbstractContextManager[Database]:
        """Open a consistent snapshot."""

    def write(self) -> AbstractContextManager[Database]:
        """Open one transaction; it commits at the end of the block or not at all."""


@dataclass(frozen=True)
class LinkState:
    """State of the connection, for people.

    Attributes:
        is_up: None before the first contact; after a failure False until an exchange has worked again.
        paused: why delivery is paused.
        is_held: the pause is held: only a technician ends it.
        until: end of the wait or pause, UTC text; no decision depends on it.
        failures: failures in a row.
        last_class: class of the latest failure.
        last_code: code of the latest failure.
        last_success: UTC text.
        clock_offset: portal minus kiosk, in seconds, at the time `greeted`.
        greeted: time of the latest greeting, UTC text by this kiosk's clock.
        epoch: epoch of the portal's store.
        is_auditing: an audit is under way.
    """

    is_up: bool | None
    paused: PauseReason | None
    is_held: bool
    until: str | None
    failures: int
    last_class: str | None
    last_code: str | None
    last_success: str | None
    clock_offset: float | None
    greeted: str | None
    epoch: str | None
    is_auditing: bool


@dataclass(frozen=True)
class Stop:
    """A technician's stop of all delivery: its start and its end (None: until `end_stop`), as UTC text."""

    since: str
    ends: str | None


def state(db: Database) -> LinkState:
    """Return the state of the connection."""
    row = next(iter(db.query("select * from link where id = 1")))
    return LinkState(
        is_up=None if row["is_down"] is None else not (row["is_down"] or row["failures"]),
        paused=row["paused"],
        is_held=bool(row["is_held"]),
        until=row["until"],
        failures=row["failures"],
        last_class=row["last_class"],
        last_code=row["last_code"],
        last_success=row["last_success"],
        clock_offset=row["clock_offset"],
        greeted=row["greeted"],
        epoch=row["epoch"],
        is_auditing=row["audit_from"] is not None,
    )


def resume(db: Database) -> None:
    """End every pause, stop and wait; `engine.send_now` also makes everything due."""
    db.execute(
        "update link set paused = null, is_held = 0, until = null, wait_until = 0, failures = 0, stopped = null"
        " where id = 1"
    )


def end_wait(db: Database) -> None:
    """End the wait after a failure of the connection, but no pause: an officer wants one form sent."""
    db.execute("update link set wait_until = 0 where id = 1 and paused is null")


def stop(db: Database, now: datetime, monotonic_now: float, seconds: float | None) -> None:
    """Stop all exchanges at a technician's request.

    A stop with an end is over when the worker starts again, like every time of an earlier run.

    Args:
        db: the store, inside a write.
        now: the time, for people.
        monotonic_now: the same time on the monotonic clock, in seconds.
        seconds: length of the stop; None: until `end_stop`.
    """
    until = None if seconds is None else monotonic_now + seconds
    ends = None if seconds is None else timestamp(now + timedelta(seconds=seconds))
    db.execute(
        "update link set stopped = ?, stop_ends = ?, stop_run = run, stop_until = ? where id = 1",
        [timestamp(now), ends, until],
    )


def end_stop(db: Database) -> None:
    """End a stop; pauses and waits stay."""
    db.execute("update link set stopped = null where id = 1")


def has_been_known(db: Database) -> bool:
    """Return whether the portal ever answered a signed request: it gave a cursor, or took a form."""
    sql = "select (select cursor from link) is not null or exists (select 1 from outbox where state = 'done')"
    return bool(db.execute(sql).fetchone()[0])


def current_stop(db: Database, monotonic_now: float) -> Stop | None:
    """Return the stop that is in force at `monotonic_now` (seconds), or None."""
    query = f"select stopped, stop_ends from link where {_IS_STOPPED}"  # noqa: S608  # nosec B608 # a constant of this module
    row = db.execute(query, {"at": monotonic_now}).fetchone()
    return Stop(since=row[0], ends=row[1]) if row else None


def request_audit(db: Database, *, is_doubted: bool = False) -> None:
    """Start an audit of everything delivered; `is_doubted`: the portal was restored, so events are sent again too.

    An audit that is under way restarts. The submissions that it found lost have been sent again since, so the new audit
    would find nothing missing: `read_no` is lowered to `audit_kept`, so that the end of the new audit still sends the
    events after it.
    """
    db.execute(
        "update link set read_no = case when audit_lost is null then read_no else min(read_no, audit_kept) end,"
        " audit_from = 0, audit_to = done_no, audit_kept = 0, audit_lost = null, is_doubted = max(is_doubted, ?)"
        " where id = 1",
        [int(is_doubted)],
    )


def audit_span(db: Database) -> tuple[int, int] | None:
    """Return the acknowledgement after which a running audit goes on, and the last one; None when there is no audit."""
    start, end = db.execute("select audit_from, audit_to from link where id = 1").fetchone()
    return None if start is None else (start, end)


def save_audit_progress(db: Database, *, after: int, kept: int, lost: int | None, is_doubted: bool) -> None:
    """Store the progress of an audit.

    Acknowledgements after the first loss do not show what the restored copy had: the portal may have taken them since.

    Args:
        db: the store, inside a write.
        after: the last acknowledgement that was checked.
        kept: the last one that the portal still knows, before any loss.
        lost: the first submission that the portal has lost, or None.
        is_doubted: the portal has lost a submission or an event, so it was restored.
    """
    db.execute(
        "update link set audit_from = :after, is_doubted = max(is_doubted, :is_doubted),"
        " audit_kept = case when audit_lost is null then max(audit_kept, :kept) else audit_kept end,"
        " audit_lost = coalesce(audit_lost, :lost) where id = 1",
        {"after": after, "kept": kept, "lost": lost, "is_doubted": int(is_doubted)},
    )


def finish_audit(db: Database) -> tuple[int, int] | None:
    """End an audit; return the span (after, up to) of acknowledgements that a restored portal may have lost, or None.

    Acknowledgements after `read_no` may have come from the restored store: they do not show what the copy had.
    """
    sql = "select min(audit_kept, read_no), audit_to, is_doubted from link where id = 1"
    kept, end, is_doubted = db.execute(sql).fetchone()
    db.execute("update link set audit_from = null, audit_kept = 0, audit_lost = null, is_doubted = 0 where id = 1")
    return (kept, end) if is_doubted else None


def load_cursor(db: Database) -> str | None:
    """Return the cursor of the changes feed."""
    cursor: str | None = db.execute("select cursor from link where id = 1").fetchone()[0]
    return cursor


def save_cursor(db: Database, cursor: str | None, *, is_end: bool = False) -> None:
    """Move the cursor, in the same write as the receipts of its page; `is_end`: the feed is read to its end.

    At the end the portal knows this kiosk's place, so all acknowledgements until now are older than any restore that is
    still unnoticed; `read_no` is set to the last one, unless an audit is under way.
    """
    db.execute(
        "update link set cursor = ?, read_no = case when ? and audit_from is null then done_no else read_no end"
        " where id = 1",
        [cursor, int(is_end)],
    )


_IS_STOPPED = "stopped is not null and (stop_until is null or (stop_run = run and stop_until > :at))"


class Link:
    """The connection during one run of the sender: decides whether it may be used, and records the results."""

    def __init__(
        self,
        rng: RandomSource,
        backoff_settings: BackoffSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.backoff_settings = backoff_settings or BackoffSettings()
        self.rng = rng
        self.clock = clock
        self.run = 0
        self._greeted_at: float | None = None
        self._wants_time = False

    def begin_run(self, db: Database) -> None:
        """Begin a run with a random first wait."""
        spread = self.rng.uniform(0.0, self.backoff_settings.spread)
        sql = "update link set run = run + 1, wait_until = ?, failures = 0 where id = 1 returning run"
        self.run = db.execute(sql, [self.clock() + spread]).fetchone()[0]
        log.info("sync run begun", extra={"run": self.run, "spread": round(spread, 1)})

    def is_open(self, db: Database) -> bool:
        """Return whether an exchange is allowed now."""
        sql = f"select is_held or ({_IS_STOPPED}), run = :run and wait_until > :at from link where id = 1"  # noqa: S608  # nosec B608 # constants of this module
        is_held, must_wait = db.execute(sql, {"run": self.run, "at": self.clock()}).fetchone()
        return bool(self.run) and not is_held and not must_wait

    @property
    def is_greeted(self) -> bool:
        """Return whether the latest greeting is still valid, so that the portal's limits and epoch are known."""
        return self._greeted_at is not None and self.clock() - self._greeted_at < self.backoff_settings.greeting

    def request_time(self) -> None:
        """Request the portal's time once, as soon as nothing is due, because this machine's clock is in doubt."""
        self._wants_time = True

    @property
    def wants_greeting(self) -> bool:
        """Return whether a greeting is wanted: it was requested, or the latest one of this run is old."""
        old = max(self.backoff_settings.longest, self.backoff_settings.greeting)
        return self._wants_time or (self._greeted_at is not None and self.clock() - self._greeted_at >= old)

    def record_greeting(self, db: Database, hello: Hello, now: datetime) -> bool:
        """Record a greeting (it does not prove that this kiosk is known); return True when the connection came up."""
        offset = (hello.server_time - now).total_seconds()
        came_up = self._is_down(db)
        # 'disk' is in the first list only: that pause is held, so it has no time in `until`.
        db.execute(
            "update link set is_down = 0, clock_offset = ?, greeted = ?, last_success = ?,"
            " paused = case when paused in ('auth', 'clock', 'disk') then paused end,"
            " until = case when paused in ('auth', 'clock') then until end where id = 1",
            [offset, timestamp(now), timestamp(now)],
        )
        self._greeted_at = self.clock()
        self._wants_time = False
        self._note_epoch(db, hello.epoch)
        return came_up

    def record_success(self, db: Database, epoch: str, now: datetime) -> bool:
        """Record a signed exchange that worked, which ends every pause; return True when the connection came up."""
        came_up = self._is_down(db)
        row = db.execute("select failures > 0 or paused is not null from link where is_held = 0").fetchone()
        had_failed = row is not None and bool(row[0])
        if had_failed:
            attempts.add(db, subject=None, now=now, result="up")
        db.execute(
            "update link set is_down = 0, failures = 0, paused = null, until = null, last_class = null,"
            " last_code = null, last_success = ? where id = 1 and is_held = 0",
            [timestamp(now)],
        )
        self._note_epoch(db, epoch)
        return came_up

    def _is_down(self, db: Database) -> bool:
        return bool(db.execute("select is_down = 1 from link where id = 1").fetchone()[0])

    def _note_epoch(self, db: Database, epoch: str) -> None:
        """Store the portal's epoch: another one means that its store was restored, so an audit is started."""
        before = db.execute("select epoch from link where id = 1").fetchone()[0]
        if before == epoch:
            return
        db.execute("update link set epoch = ?, cursor = null where id = 1", [epoch])
        if before is not None:
            log.warning("portal restored")
            request_audit(db, is_doubted=True)

    def record_failure(self, db: Database, error: errors.SyncError, now: datetime) -> None:
        """Record a failure of the connection or the portal, and wait."""
        self._greeted_at = None
        self._wants_time = False
        log.warning("sync failed", extra={"class": error.reason, "code": error.fact})
        if isinstance(error, errors.Pause):
            self._pause(db, error, now)
            result: attempts.AttemptResult = "paused"
        else:
            self._wait(db, error, now)
            result = "down" if isinstance(error, errors.NotSent) else "unknown"
        attempts.add(db, subject=None, now=now, result=result, reason=error.reason, code=error.code)

    def _pause(self, db: Database, error: errors.Pause, now: datetime) -> None:
        requested = error.seconds
        if requested is None and error.reason in ("auth", "clock", "version"):
            requested = self.backoff_settings.longest
        seconds = backoff.pause_seconds(requested, self.backoff_settings, self.rng)
        db.execute(
            "update link set paused = ?, is_held = max(is_held, ?), wait_until = ?, run = ?, until = ?, is_down = 0,"
            " last_class = ?, last_code = ? where id = 1",
            [error.reason, error.is_held, self.clock() + seconds, self.run, _until(error, now, seconds),
             error.reason, error.code],
        )  # fmt: skip

    def _wait(self, db: Database, error: errors.SyncError, now: datetime) -> None:
        sql = "update link set failures = failures + 1 where id = 1 returning failures"
        failures = db.execute(sql).fetchone()[0]
        seconds = backoff.retry_delay(failures, self.backoff_settings, self.rng)
        until = timestamp(now + timedelta(seconds=seconds))
        db.execute(
            "update link set is_down = case when ? then 1 else is_down end, wait_until = ?, run = ?, until = ?,"
            " last_class = ?, last_code = ? where id = 1",
            [isinstance(error, errors.NotSent), self.clock() + seconds, self.run, until,
             error.reason, error.code],
        )  # fmt: skip


def _until(error: errors.Pause, now: datetime, seconds: float) -> str | None:
    return None if error.is_held else timestamp(now + timedelta(seconds=seconds))
