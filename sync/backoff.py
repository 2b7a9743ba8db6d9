"""When to try again: full jitter from 30 s, at most 10 minutes, never given up.

A thousand kiosks come back from a flood at the same second: no wait here may be without a lot drawn. The numbers are
in seconds on the monotonic clock. ``Pace`` is the one place to scale them for a test.
"""

from dataclasses import dataclass
from typing import Protocol


class Chance(Protocol):
    """Something that draws lots; ``random.Random`` does."""

    def uniform(self, a: float, b: float, /) -> float:
        """Draw a number between two."""


@dataclass(frozen=True)
class BackoffSettings:
    """Seconds: first and longest wait, spread after a boot, default and longest pause, how long a greeting holds.

    ``exchange``: a whole request with its answer; ``pull``: between two looks at the feed while nothing is due.
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
        """Give the same rhythm, faster or slower."""
        return BackoffSettings(*(seconds * factor for seconds in vars(self).values()))


def after(failures: int, pace: BackoffSettings, chance: Chance) -> float:
    """Give the wait after so many failures in a row (1 upwards), in seconds."""
    doublings = min(max(failures, 1) - 1, 32)
    return chance.uniform(0.5, 1.0) * min(pace.first * 2.0**doublings, pace.longest)


def for_pause(seconds: float | None, pace: BackoffSettings, chance: Chance) -> float:
    """Give the length of a pause: never shorter than asked, spread, at most an hour."""
    asked = pace.pause if seconds is None else seconds
    return min(max(asked, 0.0) * chance.uniform(1.0, 1.2), pace.longest_pause)
