"""Time on the line: jumps of the clock, and what a boot waits for."""

from sync import link
from sync.backoff import Pace
from tests.sync.room import Room


def test_a_jump_of_the_wall_clock_neither_hurries_nor_delays(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.heal()
    calls = len(room.portal.calls)
    room.time.now = room.time.now.replace(year=2036)
    assert room.rest() == 0
    assert len(room.portal.calls) == calls
    room.time.now = room.time.now.replace(year=2016)
    room.time.seconds += 700
    room.rest()
    assert room.state(form) == "done"
    offset = link.state(room.store.db).clock_offset
    assert offset == 0


def test_a_boot_waits_for_a_lot_and_then_tries_everything(room: Room) -> None:
    form = room.submit()
    room.portal.fault = "answer lost"
    room.rest()
    room.portal.heal()
    room.pace = Pace(spread=60)
    room.boot()
    assert room.rest() == 0
    room.time.forward(60)
    room.rest()
    assert room.state(form) == "done"
