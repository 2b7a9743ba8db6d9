"""The clock is held against the forms, the portal and its own last word; in doubt nothing is wiped."""

from dataclasses import replace

import pytest

from kiosk import clock as clocks
from kiosk import health
from kiosk.acts import confirming_time
from kiosk.clock import Fixed
from kiosk.context import Context
from kiosk.records import submissions
from kiosk.worker import Worker
from tests.faults.filing import hand_in
from tests.journeys.walker import Walker

DAY, YEAR = 24 * 3600.0, 365.25 * 24 * 3600


def told(context: Context) -> tuple[str, str]:
    found = next(one for one in health.look(context) if one.name == "Đồng hồ")
    return found.state, found.code


def greeted(context: Context, offset: float) -> None:
    """Let the portal have said its time just now."""
    at = clocks.stamp(context.clock.now())
    with context.store.write() as db:
        db.execute("update link set clock_offset = ?, greeted = ? where id = 1", [offset, at])


def alone(context: Context) -> Context:
    """The same room where forms go to no portal."""
    config = context.config
    return replace(context, config=replace(config, portal=replace(config.portal, kind="none")))


def wipe(context: Context, clock: Fixed) -> None:
    """Let the worker come to its wiping."""
    worker = Worker(context, None, {})
    clock_before = clock.monotonic()
    for _ in range(10):
        worker.step()
    assert clock.monotonic() == clock_before


@pytest.fixture
def context(walker: Walker) -> Context:
    return walker.context


@pytest.mark.parametrize(
    ("offset", "found"),
    [
        (0, ("ok", "")),
        (-599, ("ok", "")),
        (-3600, ("warning", "TIME-03")),
        (86400, ("fault", "TIME-03")),
        (-10 * YEAR, ("fault", "TIME-03")),
    ],
)
def test_a_clock_far_from_the_portals_is_said(context: Context, offset: float, found: tuple[str, str]) -> None:
    greeted(context, offset)
    assert told(context) == found


def test_what_the_portal_said_of_a_clock_that_was_set_since_is_not_repeated(context: Context, clock: Fixed) -> None:
    greeted(context, -3600)
    clock.jump(-3600)
    assert told(context) == ("ok", "")
    greeted(context, 7200)
    clock.jump(7200)
    assert told(context) == ("ok", "")


def test_a_body_that_still_waits_for_the_line_outlives_a_leap_of_the_clock(context: Context, clock: Fixed) -> None:
    form = hand_in(context)[0]
    wipe(context, clock)
    clock.jump(10 * YEAR)
    assert told(context) == ("note", "TIME-04")
    wipe(context, clock)
    with context.store.read() as db:
        assert submissions.body(db, form)


def test_even_where_the_clock_is_believed_what_has_not_left_is_kept(context: Context, clock: Fixed) -> None:
    form, other = hand_in(context)[0], hand_in(context)[0]
    with context.store.write() as db:
        submissions.set_delivery(db, other, "confirmed", context.clock.now())
    clock.jump(10 * YEAR)
    greeted(context, 0)
    wipe(context, clock)
    with context.store.read() as db:
        assert submissions.body(db, form)
        assert submissions.body(db, other) is None


def test_days_that_go_by_as_days_do_are_no_leap(context: Context, clock: Fixed) -> None:
    hand_in(context)
    for _ in range(5):
        wipe(context, clock)
        clock.jump(35 * 3600)
        assert told(context) == ("ok", "")


def test_a_leap_is_sure_again_when_the_portal_agrees(context: Context, clock: Fixed) -> None:
    hand_in(context)
    wipe(context, clock)
    clock.jump(9 * DAY)
    assert told(context) == ("note", "TIME-04")
    greeted(context, 3.0)
    assert told(context) == ("ok", "")
    wipe(context, clock)
    clock.jump(7200)
    assert told(context) == ("ok", "")


def test_a_worker_in_doubt_asks_the_portals_time_though_nothing_waits(context: Context, clock: Fixed) -> None:
    worker = Worker(context, None, {})
    worker.step()
    assert not worker._line.wants_greeting
    hand_in(context)
    clock.forward(9 * DAY)
    for _ in range(5):
        worker.step()
    assert worker._line.wants_greeting


def test_where_no_portal_can_say_it_a_technician_does(context: Context, clock: Fixed) -> None:
    context = alone(context)
    hand_in(context)
    wipe(context, clock)
    clock.jump(9 * DAY)
    assert told(context) == ("warning", "TIME-04")
    confirming_time.confirm_time(context, "technician")
    assert told(context) == ("ok", "")
