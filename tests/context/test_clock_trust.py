"""The clock is checked against the forms, the portal and the last trusted time; in doubt nothing is wiped."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.acts import confirming_time
from kiosk.base import clock as clocks
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context, clock_trust
from kiosk.health import checks
from kiosk.procedures.loader import Catalogue, read_catalogue
from kiosk.records import submissions
from kiosk.web.app import create_app
from kiosk.worker import Worker
from tests.faults.submitting import submit_form
from tests.journeys.walker import Walker

DAY = 24 * 3600.0
YEAR = 365.25 * DAY


def clock_check(context: Context) -> tuple[str, str]:
    result = next(result for result in checks.look(context) if result.name == "Đồng hồ")
    return result.state, result.code


def greet(context: Context, offset: float) -> None:
    """Store a greeting of the portal with a clock offset, received now."""
    at = clocks.timestamp(context.clock.now())
    with context.store.write() as db:
        db.execute("update link set clock_offset = ?, greeted = ? where id = 1", [offset, at])


def without_portal(context: Context) -> Context:
    """Return the same context, with a config that sends forms to no portal."""
    config = context.config
    return replace(context, config=replace(config, portal=replace(config.portal, kind="none")))


def wipe(context: Context, clock: FixedClock) -> None:
    """Run the worker until it has wiped."""
    worker = Worker(context, None, {})
    clock_before = clock.monotonic()
    for _ in range(10):
        worker.step()
    assert clock.monotonic() == clock_before


@pytest.fixture
def context(walker: Walker) -> Context:
    return walker.context


def _set(clock: FixedClock, day: datetime) -> None:
    clock.advance((day - clock.now()).total_seconds())


@pytest.mark.parametrize("year", [1970, 2016, 2025])
def test_a_dead_clock_battery_is_a_fault_with_steps(context: Context, clock: FixedClock, year: int) -> None:
    """A fresh store has nothing that contradicts the clock, and in 2016 no procedure is in force."""
    _set(clock, datetime(year, 1, 1, 1, tzinfo=UTC))
    assert clock_check(context) == ("fault", "TIME-01")
    (result,) = [result for result in checks.look(context) if result.name == "Đồng hồ"]
    assert len(result.steps) == 3


def test_a_day_on_which_no_procedure_is_in_force_is_a_fault(context: Context, clock: FixedClock) -> None:
    nothing = replace(context, catalogue=Catalogue([]))
    assert clock_check(nothing) == ("fault", "TIME-01")
    (result,) = [result for result in checks.look(nothing) if result.name == "Đồng hồ"]
    assert "không thủ tục nào có hiệu lực" in result.words


def test_a_check_that_a_ward_dates_ahead_makes_no_clock_wrong(practice: Config, clock: FixedClock) -> None:
    changes = practice.root / "changes.toml"
    changes.write_text('[[procedure]]\ncode = "1.004194"\nwhy = "Nghị quyết"\nchecked_on = 2026-12-01\n', "utf-8")
    config = replace(practice, procedures=replace(practice.procedures, overrides="changes.toml"))
    app = create_app(config, clock)
    context: Context = app.extensions["context"]
    assert context.catalogue.all(clock.today())
    assert clock_check(context)[0] == "ok"
    context.store.close()


def test_the_release_is_as_old_as_its_newest_check_of_a_procedure() -> None:
    newest = max(procedure.checked_on for procedure in read_catalogue().every_version())
    assert newest == clock_trust.RELEASED


@pytest.mark.parametrize(
    ("offset", "result"),
    [
        (0, ("ok", "")),
        (-599, ("ok", "")),
        (-3600, ("warning", "TIME-03")),
        (86400, ("fault", "TIME-03")),
        (-10 * YEAR, ("fault", "TIME-03")),
    ],
)
def test_a_clock_far_from_the_portals_is_said(context: Context, offset: float, result: tuple[str, str]) -> None:
    greet(context, offset)
    assert clock_check(context) == result


def test_an_offset_from_before_the_clock_was_set_is_not_repeated(context: Context, clock: FixedClock) -> None:
    greet(context, -3600)
    clock.jump(-3600)
    assert clock_check(context) == ("ok", "")
    greet(context, 7200)
    clock.jump(7200)
    assert clock_check(context) == ("ok", "")


def test_a_body_that_still_waits_for_the_line_outlives_a_leap_of_the_clock(context: Context, clock: FixedClock) -> None:
    form = submit_form(context)[0]
    wipe(context, clock)
    clock.jump(10 * YEAR)
    assert clock_check(context) == ("note", "TIME-04")
    wipe(context, clock)
    with context.store.read() as db:
        assert submissions.body(db, form)


def test_even_where_the_clock_is_believed_what_has_not_left_is_kept(context: Context, clock: FixedClock) -> None:
    queued = submit_form(context)[0]
    confirmed = submit_form(context)[0]
    with context.store.write() as db:
        submissions.set_delivery(db, confirmed, "confirmed", context.clock.now())
    clock.jump(10 * YEAR)
    greet(context, 0)
    wipe(context, clock)
    with context.store.read() as db:
        assert submissions.body(db, queued)
        assert submissions.body(db, confirmed) is None


def test_days_that_go_by_as_days_do_are_no_leap(context: Context, clock: FixedClock) -> None:
    submit_form(context)
    for _ in range(5):
        wipe(context, clock)
        clock.jump(35 * 3600)
        assert clock_check(context) == ("ok", "")


def test_a_leap_is_sure_again_when_the_portal_agrees(context: Context, clock: FixedClock) -> None:
    submit_form(context)
    wipe(context, clock)
    clock.jump(9 * DAY)
    assert clock_check(context) == ("note", "TIME-04")
    greet(context, 3.0)
    assert clock_check(context) == ("ok", "")
    wipe(context, clock)
    clock.jump(7200)
    assert clock_check(context) == ("ok", "")


def test_a_worker_in_doubt_asks_the_portals_time_though_nothing_waits(context: Context, clock: FixedClock) -> None:
    worker = Worker(context, None, {})
    worker.step()
    assert not worker.delivery.link.wants_greeting
    submit_form(context)
    clock.advance(9 * DAY)
    for _ in range(5):
        worker.step()
    assert worker.delivery.link.wants_greeting


def test_where_no_portal_can_say_it_a_technician_does(context: Context, clock: FixedClock) -> None:
    context = without_portal(context)
    submit_form(context)
    wipe(context, clock)
    clock.jump(9 * DAY)
    assert clock_check(context) == ("warning", "TIME-04")
    confirming_time.confirm_time(context, "technician")
    assert clock_check(context) == ("ok", "")
