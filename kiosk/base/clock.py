"""The clock: UTC in the store, the ward's day at the counter, monotonic seconds for durations.

Only this module reads the machine's time. Other code takes a `clock: Clock`, so that a test can set it. Deadlines and
lockouts use `monotonic()`, because the wall clock of a kiosk jumps.
"""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# Viet Nam has UTC+7 all year; a fixed offset needs no time zone data on the machine.
WARD = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """The interface of a clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""

    def today(self) -> date:
        """Return the ward's date."""

    def monotonic(self) -> float:
        """Return seconds that never decrease."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the ward's date."""
        return local(self.now()).date()

    def monotonic(self) -> float:
        """Return seconds that never decrease."""
        return time.monotonic()


class FixedClock:
    """A clock for tests and practice that moves only by `advance` and `jump`."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)
        self._seconds = 1000.0

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return self._at

    def today(self) -> date:
        """Return the ward's date."""
        return local(self._at).date()

    def monotonic(self) -> float:
        """Return seconds that never decrease."""
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Advance the wall clock and the monotonic seconds."""
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds

    def jump(self, seconds: float) -> None:
        """Move only the wall clock, like an empty battery or a wrong setting."""
        self._at += timedelta(seconds=seconds)


SYSTEM: Clock = SystemClock()


def now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return SYSTEM.now()


def today() -> date:
    """Return the ward's date."""
    return SYSTEM.today()


def monotonic() -> float:
    """Return seconds that never decrease."""
    return SYSTEM.monotonic()


def local(at: datetime) -> datetime:
    """Convert an aware time to the ward's time."""
    return at.astimezone(WARD)


def timestamp(at: datetime) -> str:
    """Format an aware time for the store: UTC, milliseconds, fixed width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Parse a text of `timestamp`."""
    return datetime.fromisoformat(text)
