"""The hall in front of the counters: numbers drawn and called as the desk does, and stand-ins for the clips."""

import array
import math
from collections.abc import Callable
from itertools import count

from kiosk import voice
from kiosk.acts import calling, queueing
from kiosk.acts.calling import AtCounter, Tap
from kiosk.context import Context
from kiosk.records import tickets

NONCES = count()
SHORTEST, STEP = 0.10, 0.004  # seconds: a stand-in is known by how long it is


def draw(context: Context, letters: str) -> None:
    series = {one.letter: one for one in context.config.series}
    for letter in letters:
        queueing.draw(context, series[letter])


def touch(context: Context, counter: int, act: Callable[[Context, Tap], AtCounter] = calling.call_next) -> AtCounter:
    """An officer's touch, with what the counter's page shows just now."""
    with context.store.read() as db:
        there = tickets.at_counter(db, context.clock.today(), counter)
    return act(context, Tap(counter, there.id if there else None, f"hall {next(NONCES)}", "CB01"))


def record_voice(context: Context) -> None:
    """Every clip as a tone of a length of its own."""
    seconds = iter(SHORTEST + STEP * place for place in range(len(voice.PIECES)))

    def speak(_words: str) -> bytes:
        tone = [round(9000 * math.cos(n / 9)) for n in range(round(voice.RATE * next(seconds)))]
        return array.array("h", tone).tobytes()

    voice.build(voice.folder(context.config), speak)


def clip_of(seconds: float) -> str:
    """The clip whose stand-in is so long."""
    return list(voice.PIECES)[round((seconds - SHORTEST) / STEP)]
