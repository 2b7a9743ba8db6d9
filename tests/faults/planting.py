"""Defects planted into a kiosk, to see that the matrix turns red: ``WARD_PLANT`` names one for a process."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any

from kiosk import clock_trust
from kiosk.records import receipts, submissions
from kiosk.store import db, disk_reserve
from kiosk.worker import IDLE_SECONDS, Worker, log
from sync import deadline, errors
from sync.engine import Engine
from sync.parcel import Hello, Load, Outcome, Receipt, Sent
from sync.portals import kiosk_sync
from sync.portals.kiosk_sync import KioskSync


def any_answer_is_success() -> None:
    """Take whatever comes back for the portal's yes."""
    hello = KioskSync.hello
    send = KioskSync.send

    def greeted(self: KioskSync) -> Hello:
        try:
            return hello(self)
        except errors.Unsure:
            return Hello(
                epoch="e", server_time=datetime.now(UTC), is_maintenance=False, batch_limit=50, bytes_limit=1 << 20
            )

    def sent(self: KioskSync, loads: Sequence[Load]) -> Sent:
        self._anchor = self._anchor or (datetime.now(UTC), self._clock())
        try:
            return send(self, loads)
        except errors.Unsure:
            return Sent("e", {one.subject.id: _taken(one) for one in loads})

    KioskSync.hello = greeted
    KioskSync.send = sent


def results_by_position() -> None:
    """Take the first result for the first form, whatever id it names."""
    send = KioskSync.send
    outcomes = kiosk_sync.kiosk_sync_decode.outcomes
    asked: list[str] = []

    def sent(self: KioskSync, loads: Sequence[Load]) -> Sent:
        asked[:] = [one.subject.id for one in loads]
        return send(self, loads)

    def placed(found: dict[str, Any], name: str) -> dict[str, Outcome]:
        told = [one | {name: subject} for subject, one in zip(asked, found["results"], strict=True)]
        return outcomes({"results": told}, name)

    KioskSync.send = sent
    kiosk_sync.kiosk_sync_decode.outcomes = placed


def no_deadline() -> None:
    """Wait for an answer as long as a byte comes now and then."""
    deadline.Deadline.__enter__ = lambda self: self


def no_bisection() -> None:
    """Set a whole batch aside for the one that spoils it."""

    def cut(self: Engine, db: Any, rows: list[Any], error: errors.Smaller, *, now: datetime) -> None:
        for row in rows:
            self._set_aside(db, row.subject, error.reason, error=_NOT_READ, now=now)

    from sync.engine import _NOT_READ

    Engine._split = cut


def no_audit() -> None:
    """Believe that a portal never forgets."""

    def ended(self: Engine, _span: tuple[int, int], now: datetime) -> bool:
        with self._store.write() as db:
            self._finish_audit(db, now)
        return True

    Engine._audit = ended


def wiped_by_the_wall_clock() -> None:
    """Trust the clock, and wipe what is old by it, whether it has left or not."""
    wipe = "update submissions set body = null where closed_at < ? or touched_at < ?"

    def wiped(db: Any, *before: datetime) -> int:
        return int(db.execute(wipe, [submissions.clock.timestamp(at) for at in before]).rowcount)

    clock_trust.doubt = lambda _context: None
    submissions.wipe = wiped


def unknown_once_unknown_for_ever() -> None:
    """Take a 401 for the last word."""
    errors.NotKnown.is_held = True


def the_line_is_the_forms_fault() -> None:
    """Charge a form for a line that is down."""

    def charged(self: Engine, error: errors.SyncError, now: datetime) -> None:
        with self._store.write() as db:
            self.link.record_failure(db, error, now)
            db.execute("update outbox set attempts = attempts + 1 where state in ('todo', 'unknown')")

    Engine._record_failure = charged


def retry_after_unheard() -> None:
    """Come again after three seconds, whatever the portal asks for."""
    kiosk_sync.retry_after_seconds = lambda _answer: 3.0


def a_commit_that_waits_for_no_disk() -> None:
    """Take the memory of the machine for its disk."""
    db._PRAGMAS = tuple(one.replace("synchronous = full", "synchronous = off") for one in db._PRAGMAS)


def forms_begun_on_a_full_disk() -> None:
    """Begin a form whatever room there is for it."""
    disk_reserve.has_room_for_form = lambda _folder: True


def a_busy_store_ends_the_worker() -> None:
    """Die of the first fault."""

    def run(self: Worker, stop: Event) -> None:
        try:
            while not stop.is_set():
                if not self.step():
                    stop.wait(IDLE_SECONDS)
        except Exception:
            log.exception("worker")
            raise

    Worker.run = run


def numbers_go_on_where_the_copy_ended() -> None:
    """Give the numbers again that were given since the copy."""
    receipts.start_restore_block = lambda _db, _day, _restores: None


PLANTS: dict[str, Callable[[], None]] = {
    one.__name__.replace("_", " "): one
    for one in (
        *(any_answer_is_success, results_by_position, no_deadline, no_bisection, no_audit, wiped_by_the_wall_clock),
        *(unknown_once_unknown_for_ever, the_line_is_the_forms_fault, retry_after_unheard),
        *(a_commit_that_waits_for_no_disk, forms_begun_on_a_full_disk, a_busy_store_ends_the_worker),
        numbers_go_on_where_the_copy_ended,
    )
}


def _taken(load: Load) -> Outcome:
    receipt = Receipt(
        submission_id=load.subject.id, digest=load.digest, received_at="2026-11-24T01:30:00Z", revision=1, status_code=1
    )
    return Outcome("created", receipt if load.subject.kind == "submission" else None)
