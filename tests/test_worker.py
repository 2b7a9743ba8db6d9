"""The worker does one due thing a step, survives errors, and no task of it waits for another one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, cast

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.base import clock
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import PrinterSection
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.health.heartbeat import Beat
from kiosk.portal.signing_key import portal_key
from kiosk.startup.wiring import file_limits, open_printers
from kiosk.worker import Worker, WorkerBusy, lock_worker
from kiosk.worker.task import Task
from printers import spool
from printers.settings import PrinterSettings
from printers.virtual.server import VirtualPrinter
from sync.backoff import BackoffSettings
from sync.errors import NotSent
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.walker import Walker
from tests.running import BlockedPrinter, run_worker, wait_until

if TYPE_CHECKING:
    from sync.portals.base import Portal


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed=0, folder=tmp_path) as printer:
        yield printer


def _worker(walker: Walker, printer: VirtualPrinter) -> Worker:
    config = replace(walker.context.config, printers=(PrinterSection(address=printer.address),))
    return Worker(walker.context, None, open_printers(config))


def _run(worker: Worker) -> None:
    for _ in range(20):
        if not worker.step():
            return


def test_a_slip_comes_out_once(walker: Walker, printer: VirtualPrinter) -> None:
    submit(birth_until_check(walker))
    worker = _worker(walker, printer)
    _run(worker)
    _run(worker)
    assert len(printer.papers) == 1
    with walker.context.store.read() as db:
        assert [job.state for job in spool.of_subject(db, submission_checks.only_submission(walker.context).id)] == [
            "printed"
        ]


def test_tickets_slips_and_lists_come_out_in_their_order(walker: Walker, printer: VirtualPrinter) -> None:
    submit(birth_until_check(walker))
    queueing.draw_ticket(walker.context, walker.context.config.series[1])
    _run(_worker(walker, printer))
    with walker.context.store.read() as db:
        assert [(row["kind"], row["state"]) for row in db.query("select kind, state from jobs order by id")] == [
            ("slip", "printed"),
            ("ticket", "printed"),
        ]
    assert len(printer.papers) == 2


def test_without_a_printer_the_slip_waits_and_the_visit_is_done_all_the_same(walker: Walker) -> None:
    submit(birth_until_check(walker))
    assert walker.at == "/done"
    worker = Worker(walker.context, None, {})
    _run(worker)
    with walker.context.store.read() as db:
        jobs = spool.of_subject(db, submission_checks.only_submission(walker.context).id)
    assert [(job.state, job.reason) for job in jobs] == [("waiting", "no_printer")]


def test_a_paper_that_was_under_way_when_the_power_went_is_asked_about(walker: Walker, printer: VirtualPrinter) -> None:
    submit(birth_until_check(walker))
    with walker.context.store.write() as db:
        job = spool.of_subject(db, submission_checks.only_submission(walker.context).id)[0]
        spool.mark_sending(db, job.id, walker.context.clock.now())
    _run(_worker(walker, printer))
    with walker.context.store.read() as db:
        assert [job.state for job in spool.of_subject(db, submission_checks.only_submission(walker.context).id)] == [
            "unknown"
        ]
    assert printer.papers == []


def test_what_was_wiped_leaves_the_log_too(walker: Walker) -> None:
    begin_birth(walker)
    log = walker.context.store.path.with_name(walker.context.store.path.name + "-wal")
    assert log.stat().st_size
    _run(Worker(walker.context, None, {}))
    assert log.stat().st_size == 0


def test_a_form_that_was_left_is_wiped_after_its_day(walker: Walker, clock: FixedClock) -> None:
    mother_registers(begin_birth(walker))
    worker = Worker(walker.context, None, {})
    _run(worker)
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from drafts")] == [1]
    clock.advance(25 * 3600)
    _run(worker)
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from drafts")] == [0]


def test_the_worker_outlives_a_fault_and_stops_when_told(app: Flask, walker: Walker, printer: VirtualPrinter) -> None:
    with walker.context.store.write() as db:
        now = walker.context.clock.now()
        spool.enqueue(db, key="odd", kind="slip", subject="no-such-subject", facts={}, now=now)
        db.execute(
            "create trigger fall before update on jobs when old.key = 'odd' begin select raise(abort, 'odd'); end"
        )
    stop = Event()
    thread = Thread(target=_worker(walker, printer).run, args=[stop])
    thread.start()
    with walker.context.store.write() as db:
        db.execute("delete from jobs where key = 'odd'")
    submit(birth_until_check(walker))
    wait_until(lambda: printer.papers)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert len(printer.papers) == 1


class HangingPortal:
    """A portal each of whose exchanges hangs until `release`."""

    def __init__(self) -> None:
        self.is_asked = Event()
        self.release = Event()

    def __getattr__(self, name: str) -> Any:
        def exchange(*_args: object) -> None:
            self.is_asked.set()
            self.release.wait(60)
            raise NotSent("deadline")

        return exchange

    def close(self) -> None:
        """Close nothing."""


def _without_printers(walker: Walker) -> Context:
    """Return the context of the walker without printers; its clock stands still, so that nothing expires."""
    return replace(walker.context, config=replace(walker.context.config, printers=()))


def test_paper_does_not_wait_for_a_portal_that_hangs(walker: Walker, printer: VirtualPrinter) -> None:
    context = _without_printers(walker)
    config = replace(context.config, printers=(PrinterSection(address=printer.address),))
    context = replace(context, config=config)
    portal = HangingPortal()
    submit(birth_until_check(walker))
    with run_worker(Worker(context, cast("Portal", portal), open_printers(config), BackoffSettings(spread=0))):
        wait_until(portal.is_asked.is_set)
        queueing.draw_ticket(walker.context, config.series[1])
        wait_until(lambda: len(printer.papers) == 2)
        assert not portal.release.is_set()
        portal.release.set()


def test_neither_delivery_nor_the_other_printer_waits_for_a_printer_that_hangs(
    walker: Walker, printer: VirtualPrinter
) -> None:
    context = _without_printers(walker)
    config = replace(context.config, printers=(PrinterSection(name="B", address=printer.address, use=("slip",)),))
    blocked = BlockedPrinter(PrinterSettings(name="A"))
    printers = {"ticket": [blocked], **open_printers(config)}
    portal = HangingPortal()
    portal.release.set()
    queueing.draw_ticket(walker.context, config.series[1])
    submit(birth_until_check(walker))
    with run_worker(Worker(context, cast("Portal", portal), printers, BackoffSettings(spread=0))):
        wait_until(blocked.is_printing.is_set)
        wait_until(lambda: printer.papers)
        wait_until(portal.is_asked.is_set)
        blocked.release.set()


def test_each_thread_beats_and_a_worker_that_was_stopped_beats_no_more(walker: Walker) -> None:
    context = _without_printers(walker)

    def beats() -> dict[str, Beat]:
        with context.store.read() as db:
            return heartbeat.load(db)

    assert beats() == {}
    extra = Task("backup", step=lambda: False, idle=0.1, limit=60)
    with run_worker(Worker(context, None, {}, more_tasks=[extra])):
        wait_until(beats)
        assert set(beats()) == {"worker", "delivery", "cleanup", "backup", "trail"}
        assert heartbeat.worker(context).state == "ok"
    assert beats() == {}
    assert heartbeat.worker(context).code == "WORK-01"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_has_ended_is_started_again(walker: Walker) -> None:
    steps: list[int] = []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise SystemExit  # no Exception: it ends the thread
        return False

    task = Task("backup", step=step, idle=0.1, limit=60)
    with run_worker(Worker(_without_printers(walker), None, {}, more_tasks=[task])):
        wait_until(lambda: len(steps) > 2)


def test_a_step_that_hangs_stops_the_beat_of_its_thread_alone(walker: Walker) -> None:
    context = walker.context  # its clock stands still
    task = Task("backup", step=lambda: False, idle=0.1, limit=60)
    worker = Worker(context, None, {}, more_tasks=[task])
    worker.step()
    worker.run_task = lambda *_: None  # type: ignore[method-assign]
    for _ in range(5):
        context.clock.advance(20)  # type: ignore[attr-defined]
        for name in ("delivery", "cleanup"):
            worker._last_steps[name] = context.clock.monotonic()
        worker._store_beats()
    result = heartbeat.worker(context)
    assert (result.code, result.words) == ("WORK-02", "Đứng yên: sao lưu")


def test_one_store_has_one_worker(practice: Config) -> None:
    first = lock_worker(practice)
    with pytest.raises(WorkerBusy):
        lock_worker(practice)
    first.close()
    lock_worker(practice).close()


def test_the_signing_key_is_made_once_and_read_by_the_kiosk_alone(tmp_path: Path) -> None:
    path = tmp_path / "portal.key"
    key = portal_key(path)
    assert len(key) == 32
    assert portal_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert portal_key(tmp_path / "other.key") != key


@pytest.mark.parametrize(
    ("hours", "open_at", "shut_at"),
    [
        ((), ["00:00", "12:00", "23:59"], []),
        (("17:00-07:00",), ["17:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "16:59"]),
        (("11:30-13:30", "17:00-18:00"), ["11:30", "13:29", "17:30"], ["11:29", "13:30", "16:59", "18:00"]),
    ],
)
def test_scans_go_within_their_hours_of_the_wards_day(
    practice: Config, hours: tuple[str, ...], open_at: list[str], shut_at: list[str]
) -> None:
    allowed = file_limits(replace(practice, portal=replace(practice.portal, file_hours=hours)))
    day = clock.local(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
    for times, is_open in ((open_at, True), (shut_at, False)):
        for at in map(time.fromisoformat, times):
            assert allowed.is_open(day.replace(hour=at.hour, minute=at.minute).astimezone(UTC)) is is_open, at


def test_scans_may_have_so_many_kilobits_of_the_line(practice: Config) -> None:
    assert file_limits(practice).rate is None
    assert file_limits(replace(practice, portal=replace(practice.portal, file_kbit=256))).rate == 32_000
