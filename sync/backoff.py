"""Exponential back-off with jitter: from 30 s, doubled up to 10 minutes; it never gives up.

A thousand kiosks come back from a flood in the same second, so every wait is random. After a failure it is between half
of the length and all of it (equal jitter). The first attempt after a start has full jitter: between 0 and `spread`. A
pause is as long as the portal asks or up to a fifth longer, but at most an hour. All lengths are in seconds on the
monotonic clock.
`BackoffSettings` is the one place to scale them for a test.
"""

from dataclasses import dataclass, fields
from typing import Protocol


class RandomSource(Protocol):
    """A source of random numbers, such as `random.Random`."""

    def uniform(self, a: float, b: float, /) -> float:
        """Return a random number between two."""


@dataclass(frozen=True)
class BackoffSettings:
    """Waits, pauses and intervals of delivery, in seconds.

    Attributes:
        first: wait after the first failure; it doubles with each further one.
        longest: longest wait after a failure.
        spread: the first attempt after a start is at a random moment within this time.
        pause: length of a pause for which the portal names no length.
        longest_pause: longest pause.
        greeting: how long a greeting is valid.
        exchange: limit for a request with its answer.
        pull: interval between two requests of the changes feed while it brings nothing.
    """

    first: float = 30.0
    longest: float = 600.0
    spread: float = 60.0
    pause: float = 60.0
    longest_pause: float = 3600.0
    greeting: float = 60.0
    exchange: float = 60.0
    pull: float = 20.0

    def scaled(self, factor: float) -> "BackoffSettings":
        """Return the same settings with every length multiplied by a factor."""
        return BackoffSettings(**{field.name: getattr(self, field.name) * factor for field in fields(self)})


def retry_delay(failures: int, settings: BackoffSettings, rng: RandomSource) -> float:
    """Return the wait after so many failures in a row (1 upwards), in seconds: exponential, with jitter."""
    doublings = min(max(failures, 1) - 1, 32)
    return rng.uniform(0.5, 1.0) * min(settings.first * 2.0**doublings, settings.longest)


def pause_seconds(seconds: float | None, settings: BackoffSettings, rng: RandomSource) -> float:
    """Return the length of a pause: `seconds` or more with jitter, at most an hour."""
    requested = settings.pause if seconds is None else seconds
    return min(max(requested, 0.0) * rng.uniform(1.0, 1.2), settings.longest_pause)
