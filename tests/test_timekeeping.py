"""The clock is held against the forms, the portal and its own last word; in doubt nothing is wiped."""

from dataclasses import replace

import pytest

from kiosk import clock as clocks
from kiosk import health
from kiosk.acts import tending
from kiosk.clock import Fixed
from kiosk.records import submissions
from kiosk.room import Room
from kiosk.worker import Worker
from tests.faults.filing import hand_in
from tests.journeys.walker import Walker

DAY, YEAR = 24 * 3600.0, 365.25 * 24 * 3600


def told(room: Room) -> tuple[str, str]:
    found = next(one for one in health.look(room) if one.name == "Đồng hồ")
    return found.state, found.code


def greeted(room: Room, offset: float) -> None:
    """Let the portal have said its time just now."""
    at = clocks.stamp(room.clock.now())
    with room.store.write() as db:
        db.execute("update link set clock_offset = ?, greeted = ? where id = 1", [offset, at])


def alone(room: Room) -> Room:
    """The same room where forms go to no portal."""
    config = room.config
    return replace(room, config=replace(config, portal=replace(config.portal, kind="none")))


def wipe(room: Room, clock: Fixed) -> None:
    """Let the worker come to its wiping."""
    worker = Worker(room, None, {})
    clock_before = clock.monotonic()
    for _ in range(10):
        worker.step()
    assert clock.monotonic() == clock_before


@pytest.fixture
def room(walker: Walker) -> Room:
    return walker.room


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
def test_a_clock_far_from_the_portals_is_said(room: Room, offset: float, found: tuple[str, str]) -> None:
    greeted(room, offset)
    assert told(room) == found


def test_what_the_portal_said_of_a_clock_that_was_set_since_is_not_repeated(room: Room, clock: Fixed) -> None:
    greeted(room, -3600)
    clock.jump(-3600)
    assert told(room) == ("ok", "")
    greeted(room, 7200)
    clock.jump(7200)
    assert told(room) == ("ok", "")


def test_a_body_that_still_waits_for_the_line_outlives_a_leap_of_the_clock(room: Room, clock: Fixed) -> None:
    form = hand_in(room)[0]
    wipe(room, clock)
    clock.jump(10 * YEAR)
    assert told(room) == ("note", "TIME-04")
    wipe(room, clock)
    with room.store.read() as db:
        assert submissions.body(db, form)


def test_even_where_the_clock_is_believed_what_has_not_left_is_kept(room: Room, clock: Fixed) -> None:
    form, other = hand_in(room)[0], hand_in(room)[0]
    with room.store.write() as db:
        submissions.set_delivery(db, other, "confirmed", room.clock.now())
    clock.jump(10 * YEAR)
    greeted(room, 0)
    wipe(room, clock)
    with room.store.read() as db:
        assert submissions.body(db, form)
        assert submissions.body(db, other) is None


def test_days_that_go_by_as_days_do_are_no_leap(room: Room, clock: Fixed) -> None:
    hand_in(room)
    for _ in range(5):
        wipe(room, clock)
        clock.jump(35 * 3600)
        assert told(room) == ("ok", "")


def test_a_leap_is_sure_again_when_the_portal_agrees(room: Room, clock: Fixed) -> None:
    hand_in(room)
    wipe(room, clock)
    clock.jump(9 * DAY)
    assert told(room) == ("note", "TIME-04")
    greeted(room, 3.0)
    assert told(room) == ("ok", "")
    wipe(room, clock)
    clock.jump(7200)
    assert told(room) == ("ok", "")


def test_a_worker_in_doubt_asks_the_portals_time_though_nothing_waits(room: Room, clock: Fixed) -> None:
    worker = Worker(room, None, {})
    worker.step()
    assert not worker._line.wants_greeting
    hand_in(room)
    clock.forward(9 * DAY)
    for _ in range(5):
        worker.step()
    assert worker._line.wants_greeting


def test_where_no_portal_can_say_it_a_technician_does(room: Room, clock: Fixed) -> None:
    room = alone(room)
    hand_in(room)
    wipe(room, clock)
    clock.jump(9 * DAY)
    assert told(room) == ("warning", "TIME-04")
    tending.confirm_time(room, "technician")
    assert told(room) == ("ok", "")
