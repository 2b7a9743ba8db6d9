"""Sessions of the ward's classes in the next two weeks: day, place, seats.

kiosk.toml has the weekday of each class; a session is one such day that is a working day. The id of a session holds all
that must stay readable after the settings change: "2026-12-03T14:00 Hội trường phường".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.base import clock
from kiosk.config import Config
from kiosk.config.list_sections import WEEKDAYS
from kiosk.vietnam.calendar import calendar

DAYS_AHEAD = 14
"""Days in which a session may be chosen; people who cannot come in this time are called back."""


@dataclass(frozen=True)
class ClassSession:
    """One class on one day."""

    id: str
    seats: int


def upcoming_sessions(config: Config, now: datetime) -> list[ClassSession]:
    """Return the sessions of the next two weeks that have not begun at an aware time, the next one first."""
    local_now = clock.local(now)
    sessions: list[ClassSession] = []
    for offset in range(DAYS_AHEAD + 1):
        day = local_now.date() + timedelta(days=offset)
        for weekly_class in config.classes:
            start = f"{day.isoformat()}T{weekly_class.start}"
            is_held = WEEKDAYS[day.weekday()] == weekly_class.weekday and calendar().is_working(day)
            if is_held and start > f"{local_now:%Y-%m-%dT%H:%M}":
                sessions.append(ClassSession(f"{start} {weekly_class.place}", weekly_class.seats))
    return sorted(sessions, key=lambda session: session.id)
