"""The hall in front of the counters: numbers drawn and called as the desk does, and stand-ins for the clips."""

import array
import math
from collections.abc import Callable
from itertools import count

from kiosk import voice
from kiosk.acts import calling, queueing
from kiosk.acts.calling import AtCounter, Tap
from kiosk.records import tickets
from kiosk.room import Room

NONCES = count()
SHORTEST, STEP = 0.10, 0.004  # seconds: a stand-in is known by how long it is


def draw(room: Room, letters: str) -> None:
    series = {one.letter: one for one in room.config.series}
    for letter in letters:
        queueing.draw(room, series[letter])


def touch(room: Room, counter: int, act: Callable[[Room, Tap], AtCounter] = calling.call_next) -> AtCounter:
    """An officer's touch, with what the counter's page shows just now."""
    with room.store.read() as db:
        there = tickets.at_counter(db, room.clock.today(), counter)
    return act(room, Tap(counter, there.id if there else None, f"hall {next(NONCES)}", "CB01"))


def record_voice(room: Room) -> None:
    """Every clip as a tone of a length of its own."""
    seconds = iter(SHORTEST + STEP * place for place in range(len(voice.PIECES)))

    def speak(_words: str) -> bytes:
        tone = [round(9000 * math.cos(n / 9)) for n in range(round(voice.RATE * next(seconds)))]
        return array.array("h", tone).tobytes()

    voice.build(voice.folder(room.config), speak)


def clip_of(seconds: float) -> str:
    """The clip whose stand-in is so long."""
    return list(voice.PIECES)[round((seconds - SHORTEST) / STEP)]
