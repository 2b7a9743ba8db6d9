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
    """Record every clip of the ward as a tone with its own length."""
    folder = call_clips.clips_folder(context.config) / "own"
    folder.mkdir(parents=True)
    for place, clip in enumerate(call_clips.CLIP_TEXTS):
        length = round(sound.SAMPLE_RATE * (SHORTEST + STEP * place))
        tone = array.array("h", [round(9000 * math.cos(n / 9)) for n in range(length)])
        (folder / f"{clip}.wav").write_bytes(sound.as_wav(tone.tobytes()))


def clip_of(seconds: float) -> str:
    """Return the clip whose tone has this length."""
    return list(call_clips.CLIP_TEXTS)[round((seconds - SHORTEST) / STEP)]
