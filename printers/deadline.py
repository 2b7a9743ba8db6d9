"""How long at most: a moment on the monotonic clock, which nobody can set back."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment that comes; make one with `within`."""

    at: float

    @property
    def seconds_left(self) -> float:
        """Seconds until then, never below 0."""
        return max(0.0, self.at - time.monotonic())

    def at_most(self, seconds: float) -> "Deadline":
        """The same moment, or one some seconds from now if that comes first."""
        return Deadline(min(self.at, time.monotonic() + seconds))


def deadline_in(seconds: float) -> Deadline:
    """A deadline some seconds from now."""
    return Deadline(time.monotonic() + seconds)
