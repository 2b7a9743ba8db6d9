"""Who is next in a line: priority and the others in turns, and nobody passed over beyond the longest wait.

Pure: the rule of the queue and the estimate of a wait, without a store and without a clock. In words: if the ordinary
number that has waited longest has waited more than `max_wait_minutes`, it is next; else a priority number is next,
unless the last `ratio` calls were priority and somebody ordinary waits; else the ordinary number that came first. So
no ordinary number waits longer than that and one service while a counter serves its line.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, Protocol, TypeVar

from kiosk.config.sections import Queue

Why = Literal["waited", "priority", "turn"]
LEAST_SERVICES = 5
"""With fewer services today nobody can say how long one takes."""
STEP = 5
"""Minutes: a wait is told no finer than this."""


class Standing(Protocol):
    """Somebody who stands in a line."""

    @property
    def turn(self) -> int:
        """The place in line: the smaller, the sooner."""

    @property
    def since(self) -> datetime:
        """Since when, aware."""

    @property
    def is_priority(self) -> bool:
        """Whether this is one of the priority groups."""

    @property
    def is_resting(self) -> bool:
        """Whether it was called in vain, and is left in peace for some minutes from `since`."""


One = TypeVar("One", bound=Standing)


@dataclass(frozen=True)
class Choice(Generic[One]):
    """Who is next, and why: "waited" too long, "priority", or its "turn"."""

    ticket: One
    why: Why


def next_of(waiting: Iterable[One], last_calls: Sequence[bool], now: datetime, rule: Queue) -> Choice[One] | None:
    """Return who is next; `last_calls` says, newest first, whether each call was priority. None if nobody is ready."""
    ready = sorted((one for one in waiting if _is_ready(one, now, rule)), key=lambda one: one.turn)
    priority = next((one for one in ready if one.is_priority), None)
    ordinary = next((one for one in ready if not one.is_priority), None)
    longest = min((one for one in ready if not one.is_priority), key=lambda one: (one.since, one.turn), default=None)
    if longest and now - longest.since > timedelta(minutes=rule.max_wait_minutes):
        return Choice(longest, "waited")
    is_their_turn = len(last_calls) >= rule.ratio and all(last_calls[: rule.ratio])
    if priority and not (ordinary and is_their_turn):
        return Choice(priority, "priority")
    return Choice(ordinary, "turn") if ordinary else None


def order(
    waiting: Iterable[One], last_calls: Sequence[bool], now: datetime, rule: Queue, minutes_a_call: float = 0
) -> list[Choice[One]]:
    """Return in which order they would all be called from now on, if nobody else came; who rests comes last.

    With the pace of calls, in minutes, it is seen too who will have waited too long by then.
    """
    left, calls, found = list(waiting), list(last_calls), list[Choice[One]]()
    while choice := next_of(left, calls, now + timedelta(minutes=minutes_a_call * len(found)), rule):
        left.remove(choice.ticket)
        calls.insert(0, choice.ticket.is_priority)
        found.append(choice)
    resting = sorted(left, key=lambda one: one.turn)
    return [*found, *(Choice(one, "priority" if one.is_priority else "turn") for one in resting)]


def pace(services: Sequence[float], counters: int) -> float:
    """Return how many minutes pass from call to call; 0 while nobody can say."""
    return statistics.median(services) / counters if services and counters else 0.0


def estimate(services: Sequence[float], ahead: int, counters: int, overtaking: float = 0) -> tuple[int, int] | None:
    """Return the range of a wait in minutes from the last services in minutes; None if nobody can say honestly.

    The quick quarter and the slow quarter of the services, for all who are ahead. The upper end also counts the one
    who is being served, and those of a priority group who will come later and go first: `overtaking` is their share.
    """
    if len(services) < LEAST_SERVICES or counters < 1:
        return None
    quick, _, slow = statistics.quantiles(services, n=4, method="inclusive")
    least, most = quick * ahead / counters, slow * (ahead * (1 + overtaking) + 1) / counters
    low = int(least // STEP) * STEP
    return low, max(low + STEP, -int(-most // STEP) * STEP)


def _is_ready(one: Standing, now: datetime, rule: Queue) -> bool:
    return not one.is_resting or now - one.since >= timedelta(minutes=rule.absent_minutes)
