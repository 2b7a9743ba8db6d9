"""A person stops the sending: nothing leaves, nothing is lost, and it goes on at the hour that was said."""

import pytest

from sync import link, outbox
from sync.engine import send_now
from tests.sync.room import Room


def _stop(room: Room, seconds: float | None) -> None:
    with room.store.write() as db:
        link.stop(db, room.time.now, room.time.seconds, seconds)


def _stopped(room: Room) -> link.Stop | None:
    return link.stopped(room.store.db, room.time.seconds)


@pytest.fixture
def form(room: Room) -> str:
    room.drain()
    return room.submit()


@pytest.mark.parametrize("seconds", [3600.0, None])
def test_nothing_leaves_and_nothing_is_asked_while_it_is_stopped(room: Room, form: str, seconds: float | None) -> None:
    calls = len(room.portal.calls)
    _stop(room, seconds)
    room.time.forward(1800)
    room.rest()
    room.pull()
    assert room.state(form) == "todo"
    assert room.portal.calls[calls:] == []
    assert _stopped(room) == link.Stop("2026-11-24T01:30:00.000Z", "2026-11-24T02:30:00.000Z" if seconds else None)


def test_a_stop_with_an_end_ends_by_itself_on_the_monotonic_clock(room: Room, form: str) -> None:
    _stop(room, 3600)
    room.time.now = room.time.now.replace(year=2036)
    room.rest()
    assert room.state(form) == "todo"
    room.time.forward(3601)
    assert _stopped(room) is None
    room.rest()
    assert room.state(form) == "done"


def test_a_stop_without_an_end_outlives_time_and_boots(room: Room, form: str) -> None:
    _stop(room, None)
    room.time.forward(90_000)
    room.boot()
    room.rest()
    assert room.state(form) == "todo"
    with room.store.write() as db:
        link.go_on(db)
    room.drain()
    assert room.state(form) == "done"


def test_a_stop_with_an_end_is_over_after_a_boot(room: Room, form: str) -> None:
    _stop(room, 3600)
    room.boot()
    room.drain()
    assert room.state(form) == "done"
    assert _stopped(room) is None


def test_send_now_ends_a_stop(room: Room, form: str) -> None:
    _stop(room, None)
    with room.store.write() as db:
        send_now(db)
    room.drain()
    assert room.state(form) == "done"


def test_one_form_is_tried_soon_and_the_others_wait(room: Room) -> None:
    first, second = room.submit(), room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.heal()
    with room.store.write() as db:
        assert outbox.hurry_one(db, second)
        link.try_soon(db)
    room.rest()
    assert (room.state(first), room.state(second)) == ("unknown", "done")
    assert not outbox.hurry_one(room.store.db, second)


def test_to_try_soon_ends_no_pause(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "401"
    room.rest()
    room.portal.heal()
    with room.store.write() as db:
        link.try_soon(db)
    room.rest()
    assert room.state(form) == "todo"
    assert link.state(room.store.db).paused == "auth"
