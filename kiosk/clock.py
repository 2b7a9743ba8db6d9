"""The time: UTC in the store, the ward's day at the counter, monotonic for durations.

Only this module asks the machine for the time. Whoever needs it takes a ``clock: Clock``, so that a test
can move it; deadlines and lockouts use ``monotonic()``, because the wall clock of a kiosk jumps.
"""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# Viet Nam keeps UTC+7 all year; a fixed offset needs no zone data on the machine.
WARD = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""

    def today(self) -> date:
        """Tell the ward's date."""

    def monotonic(self) -> float:
        """Tell seconds that only go forward."""


class System:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Tell the ward's date."""
        return local(self.now()).date()

    def monotonic(self) -> float:
        """Tell seconds that only go forward."""
        return time.monotonic()


class Fixed:
    """A clock that stands still until it is moved: the twin for tests and practice."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)
        self._seconds = 1000.0

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return self._at

    def today(self) -> date:
        """Tell the ward's date."""
        return local(self._at).date()

    def monotonic(self) -> float:
        """Tell seconds that only go forward."""
        return self._seconds

    def forward(self, seconds: float) -> None:
        """Let time pass, in seconds."""
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds

    def jump(self, seconds: float) -> None:
        """Move only the wall clock, as a dead battery or a wrong hand does."""
        self._at += timedelta(seconds=seconds)


SYSTEM: Clock = System()


def now() -> datetime:
    """Tell the time, aware, in UTC."""
    return SYSTEM.now()


def today() -> date:
    """Tell the ward's date."""
    return SYSTEM.today()


def monotonic() -> float:
    """Tell seconds that only go forward."""
    return SYSTEM.monotonic()


def local(at: datetime) -> datetime:
    """Turn an aware time into the ward's."""
    return at.astimezone(WARD)


def stamp(at: datetime) -> str:
    """Write an aware time for the store: UTC, milliseconds, one width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """Read a time that ``stamp`` wrote."""
    return datetime.fromisoformat(text)
