"""The classes of the ward in the coming weeks: which days, where, how many seats.

kiosk.toml says on which weekdays a class is held; a session is one such day that is no day off. Its id says all that
must still be readable when the settings have changed: "2026-12-03T14:00 Hội trường phường".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk import clock
from kiosk.config import Config
from kiosk.config.sections import WEEKDAYS
from kiosk.vietnam.calendar import calendar

DAYS_AHEAD = 14
"""Two weeks: who cannot come in that time had better be called back."""


@dataclass(frozen=True)
class ClassSession:
    """One class on one day."""

    id: str
    seats: int


def upcoming_sessions(config: Config, now: datetime) -> list[ClassSession]:
    """Return the sessions that have not begun at an aware time and lie within two weeks, the next one first."""
    here, days = clock.local(now), calendar()
    found = []
    for ahead in range(DAYS_AHEAD + 1):
        day = here.date() + timedelta(days=ahead)
        for one in config.classes:
            start = f"{day.isoformat()}T{one.start}"
            if WEEKDAYS[day.weekday()] == one.weekday and days.is_working(day) and start > f"{here:%Y-%m-%dT%H:%M}":
                found.append(ClassSession(f"{start} {one.place}", one.seats))
    return sorted(found, key=lambda one: one.id)
