"""Deadlines on the monotonic clock, which cannot be set back."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, in seconds; made by `deadline_in`."""

    at: float

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the deadline, never below 0."""
        return max(0.0, self.at - time.monotonic())

    def at_most(self, seconds: float) -> "Deadline":
        """Return the earlier one of this deadline and one some seconds from now."""
        return Deadline(min(self.at, time.monotonic() + seconds))


def deadline_in(seconds: float) -> Deadline:
    """Return a deadline some seconds from now."""
    return Deadline(time.monotonic() + seconds)
