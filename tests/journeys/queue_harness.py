"""Queue harness: draws and calls tickets with the acts, and records tones in place of the voice clips."""

import array
import math
from collections.abc import Callable
from itertools import count

from kiosk.acts import calling, queueing
from kiosk.acts.calling import CallResult, CounterRequest
from kiosk.context import Context
from kiosk.records import tickets
from kiosk.voice import call_clips, sound

NONCES = count()
# seconds: each tone has its own length
SHORTEST = 0.10
STEP = 0.004


def draw(context: Context, letters: str) -> None:
    series = {item.letter: item for item in context.config.series}
    for letter in letters:
        queueing.draw_ticket(context, series[letter])


def press(
    context: Context, counter: int, act: Callable[[Context, CounterRequest], CallResult] = calling.call_next
) -> CallResult:
    """Press a button of an officer, with the ticket that the counter's page shows now."""
    with context.store.read() as db:
        ticket = tickets.at_counter(db, context.clock.today(), counter)
    return act(
        context,
        CounterRequest(
            counter=counter, ticket_id=ticket.id if ticket else None, nonce=f"press {next(NONCES)}", actor="CB01"
        ),
    )


def record_voice(context: Context) -> None:
    """Record every clip as a tone with its own length."""
    seconds = iter(SHORTEST + STEP * place for place in range(len(call_clips.CLIP_TEXTS)))

    def speak(_words: str) -> bytes:
        tone = [round(9000 * math.cos(n / 9)) for n in range(round(sound.SAMPLE_RATE * next(seconds)))]
        return array.array("h", tone).tobytes()

    call_clips.build_clips(call_clips.clips_folder(context.config), speak)


def clip_of(seconds: float) -> str:
    """Return the clip whose tone has this length."""
    return list(call_clips.CLIP_TEXTS)[round((seconds - SHORTEST) / STEP)]
