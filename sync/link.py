"""The line to the portal: is it up, may it be used now, and what is to be done about it.

One row in the store says it for people and for the drainer. A fault of the line or of the portal waits **here** and
costs no form an attempt. ``held`` pauses end only by ``resume`` (a technician); all others end by themselves, on the
monotonic clock, because a portal that refuses a login today may take it tomorrow. A boot, "send now" and a line that
comes up make everything due at once; a boot draws a first wait by lot, so that a province does not return as one.
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
from sync.backoff import BackoffSettings, Chance
from sync.parcel import Hello, stamp

log = logging.getLogger(__name__)

PauseReason = Literal["auth", "rate", "maintenance", "clock", "version", "disk"]


class Store(Protocol):
    """What sync needs of a store: a steady view, and one transaction."""

    def read(self) -> AbstractContextManager[Database]:
        """Give a steady view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open one transaction; it commits at the end of the block or not at all."""


@dataclass(frozen=True)
class State:
    """The line for people; ``until`` is UTC text and decides nothing.

    ``clock_offset`` is portal minus kiosk, in seconds, as it was ``greeted`` (UTC text, by this kiosk's clock).
    ``is_up`` is None before the first contact, and False until an exchange has worked again.
    ``is_held``: only a technician ends this pause.
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
    """A person has stopped the sending, since when and until when (None: until somebody goes on), as UTC text."""

    since: str
    ends: str | None


def state(db: Database) -> State:
    """Tell how the line is."""
    row = next(iter(db.query("select * from link where id = 1")))
    return State(
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
    """End every pause, stop and wait; ``engine.send_now`` also makes everything due."""
    db.execute(
        "update link set paused = null, is_held = 0, until = null, wait_until = 0, failures = 0, stopped = null"
        " where id = 1"
    )


def try_soon(db: Database) -> None:
    """End the wait behind a failure of the line, and no pause: somebody wants to see one form go."""
    db.execute("update link set wait_until = 0 where id = 1 and paused is null")


def stop(db: Database, now: datetime, at: float, seconds: float | None) -> None:
    """Stop sending and asking because a person wants it, from ``at`` (monotonic) for so long; None: until ``go_on``.

    A stop with an end is over after a boot, like every mark of an earlier run.
    """
    until, ends = (None, None) if seconds is None else (at + seconds, stamp(now + timedelta(seconds=seconds)))
    db.execute(
        "update link set stopped = ?, stop_ends = ?, stop_run = run, stop_until = ? where id = 1",
        [stamp(now), ends, until],
    )


def go_on(db: Database) -> None:
    """End a stop; pauses and waits stay."""
    db.execute("update link set stopped = null where id = 1")


def stopped(db: Database, at: float) -> Stop | None:
    """Tell whether a person has stopped the sending, at this moment of the monotonic clock."""
    row = db.execute(f"select stopped, stop_ends from link where {_IS_STOPPED}", {"at": at}).fetchone()  # noqa: S608
    return Stop(*row) if row else None


def hold(db: Database, reason: PauseReason) -> None:
    """Stop sending until ``resume``: the kiosk's health says so (a disk that fails)."""
    db.execute("update link set paused = ?, is_held = 1, until = null where id = 1", [reason])


def ask_audit(db: Database, *, is_doubted: bool = False) -> None:
    """Ask the portal again about everything delivered; ``is_doubted``: it was restored, so events go again too.

    An audit that is under way begins anew. What it found lost has been sent again since, so the new one would find
    nothing missing: what the portal still had before that loss is kept, as our place in the feed is.
    """
    db.execute(
        "update link set read_no = case when audit_lost is null then read_no else min(read_no, audit_kept) end,"
        " audit_from = 0, audit_to = done_no, audit_kept = 0, audit_lost = null, is_doubted = max(is_doubted, ?)"
        " where id = 1",
        [int(is_doubted)],
    )


def audit_span(db: Database) -> tuple[int, int] | None:
    """Tell after which acknowledgement a running audit goes on, and up to which; None when there is none."""
    start, end = db.execute("select audit_from, audit_to from link where id = 1").fetchone()
    return None if start is None else (start, end)


def audited(db: Database, *, after: int, kept: int, lost: int | None) -> None:
    """Note how far an audit came, the last acknowledgement that the portal still knows, and the first that it lost.

    What comes behind the first loss says nothing of what the restored copy held: it may have been taken since.
    """
    db.execute(
        "update link set audit_from = :after, is_doubted = max(is_doubted, :lost is not null),"
        " audit_kept = case when audit_lost is null then max(audit_kept, :kept) else audit_kept end,"
        " audit_lost = coalesce(audit_lost, :lost) where id = 1",
        {"after": after, "kept": kept, "lost": lost},
    )


def end_audit(db: Database) -> tuple[int, int] | None:
    """End an audit; when the portal was restored give the span of acknowledgements that it may have lost.

    What was acknowledged after the portal last knew our place in its feed may have been taken by the restored store.
    """
    sql = "select min(audit_kept, read_no), audit_to, is_doubted from link where id = 1"
    kept, end, is_doubted = db.execute(sql).fetchone()
    db.execute("update link set audit_from = null, audit_kept = 0, audit_lost = null, is_doubted = 0 where id = 1")
    return (kept, end) if is_doubted else None


def read_cursor(db: Database) -> str | None:
    """Tell how far the changes feed was read."""
    found: str | None = db.execute("select cursor from link where id = 1").fetchone()[0]
    return found


def keep_cursor(db: Database, cursor: str | None, *, is_end: bool = False) -> None:
    """Move the cursor, in the same write as what it brought; ``is_end``: nothing is left to read.

    Then the portal knows our place, and all that was acknowledged until now came before any restore that we shall
    still hear of; unless an audit is looking for one.
    """
    db.execute(
        "update link set cursor = ?, read_no = case when ? and audit_from is null then done_no else read_no end"
        " where id = 1",
        [cursor, int(is_end)],
    )


_IS_STOPPED = "stopped is not null and (stop_until is null or (stop_run = run and stop_until > :at))"


class Link:
    """The line as one run of the drainer uses it: gives leave, and takes note of what happened."""

    def __init__(
        self, chance: Chance, pace: BackoffSettings | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.pace = pace or BackoffSettings()
        self.chance = chance
        self.clock = clock
        self.run = 0
        self._greeted_at: float | None = None
        self._wants_time = False

    def begin(self, db: Database) -> None:
        """Begin a run, behind a first spread."""
        spread = self.chance.uniform(0.0, self.pace.spread)
        sql = "update link set run = run + 1, wait_until = ?, failures = 0 where id = 1 returning run"
        self.run = db.execute(sql, [self.clock() + spread]).fetchone()[0]
        log.info("sync run begun", extra={"run": self.run, "spread": round(spread, 1)})

    def is_open(self, db: Database) -> bool:
        """Tell whether anything may be sent or asked at this moment."""
        sql = f"select is_held or ({_IS_STOPPED}), run = :run and wait_until > :at from link where id = 1"  # noqa: S608
        is_held, must_wait = db.execute(sql, {"run": self.run, "at": self.clock()}).fetchone()
        return bool(self.run) and not is_held and not must_wait

    @property
    def is_greeted(self) -> bool:
        """Tell whether the portal answered a moment ago, so that its limits and epoch are known."""
        return self._greeted_at is not None and self.clock() - self._greeted_at < self.pace.greeting

    def ask_time(self) -> None:
        """Let the portal's time be asked for once, as soon as nothing is due: this machine's own is in doubt."""
        self._wants_time = True

    @property
    def wants_greeting(self) -> bool:
        """Tell whether the portal's time should be asked: somebody wants it, or it was told long ago in this run."""
        old = max(self.pace.longest, self.pace.greeting)
        return self._wants_time or (self._greeted_at is not None and self.clock() - self._greeted_at >= old)

    def greeted(self, db: Database, hello: Hello, now: datetime) -> bool:
        """Note the portal's greeting (it does not prove that this kiosk is known); True when the line came up."""
        offset = (hello.server_time - now).total_seconds()
        came_up = self._is_down(db)
        db.execute(
            "update link set is_down = 0, clock_offset = ?, greeted = ?, last_success = ?,"
            " paused = case when paused in ('auth', 'clock', 'disk') then paused end,"
            " until = case when paused in ('auth', 'clock') then until end where id = 1",
            [offset, stamp(now), stamp(now)],
        )
        self._greeted_at = self.clock()
        self._wants_time = False
        self._note_epoch(db, hello.epoch)
        return came_up

    def worked(self, db: Database, epoch: str, now: datetime) -> bool:
        """Note that the portal took this kiosk's word: nothing is paused any more; True when the line came up."""
        came_up = self._is_down(db)
        was = db.execute("select failures > 0 or paused is not null from link where is_held = 0").fetchone()
        if was and was[0]:
            attempts.note(db, None, now, "up")
        db.execute(
            "update link set is_down = 0, failures = 0, paused = null, until = null, last_class = null,"
            " last_code = null, last_success = ? where id = 1 and is_held = 0",
            [stamp(now)],
        )
        self._note_epoch(db, epoch)
        return came_up

    def _is_down(self, db: Database) -> bool:
        return bool(db.execute("select is_down = 1 from link where id = 1").fetchone()[0])

    def _note_epoch(self, db: Database, epoch: str) -> None:
        """Take note of the portal's epoch: another one means that its store was restored, so everything is asked."""
        before = db.execute("select epoch from link where id = 1").fetchone()[0]
        if before == epoch:
            return
        db.execute("update link set epoch = ?, cursor = null where id = 1", [epoch])
        if before is not None:
            log.warning("portal restored")
            ask_audit(db, is_doubted=True)

    def failed(self, db: Database, error: errors.SyncError, now: datetime) -> None:
        """Note a failure of the line or the portal, and wait."""
        self._greeted_at = None
        self._wants_time = False
        log.warning("sync failed", extra={"class": error.reason, "code": error.code})
        if isinstance(error, errors.Pause):
            self._pause(db, error, now)
            became: attempts.Became = "paused"
        else:
            self._wait(db, error, now)
            became = "down" if isinstance(error, errors.NotSent) else "unknown"
        attempts.note(db, None, now, became, error.reason, error.code)

    def _pause(self, db: Database, error: errors.Pause, now: datetime) -> None:
        asked = error.seconds
        if asked is None and error.reason in ("auth", "clock", "version"):
            asked = self.pace.longest
        seconds = backoff.for_pause(asked, self.pace, self.chance)
        db.execute(
            "update link set paused = ?, is_held = max(is_held, ?), wait_until = ?, run = ?, until = ?, is_down = 0,"
            " last_class = ?, last_code = ? where id = 1",
            [error.reason, error.is_held, self.clock() + seconds, self.run, _until(error, now, seconds),
             error.reason, error.code],
        )  # fmt: skip

    def _wait(self, db: Database, error: errors.SyncError, now: datetime) -> None:
        sql = "update link set failures = failures + 1 where id = 1 returning failures"
        failures = db.execute(sql).fetchone()[0]
        seconds = backoff.after(failures, self.pace, self.chance)
        until = stamp(now + timedelta(seconds=seconds))
        db.execute(
            "update link set is_down = case when ? then 1 else is_down end, wait_until = ?, run = ?, until = ?,"
            " last_class = ?, last_code = ? where id = 1",
            [isinstance(error, errors.NotSent), self.clock() + seconds, self.run, until,
             error.reason, error.code],
        )  # fmt: skip


def _until(error: errors.Pause, now: datetime, seconds: float) -> str | None:
    return None if error.is_held else stamp(now + timedelta(seconds=seconds))
