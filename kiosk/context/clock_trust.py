"""Trust in the machine's clock, judged by the forms, the portal's time and the last trusted time.

Data that is kept for a limited time is wiped by the wall clock, so the worker wipes only while the clock is trusted: a
clock that leaps by years must not wipe submissions. A leap of more than a day and a half (a night and a closed day) is
in doubt until the portal's time or a technician confirms it. docs/decisions/0006 has the reasons.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

import sync.link
from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import marks, submissions

RELEASED = date(2026, 11, 24)
"""The day on which the procedures of this release were last compared with their originals: no day of use is before."""
TRUSTED_AT = "time.seen"
"""Mark: the last trusted time."""
MAX_OFFSET_SECONDS = 600.0
"""The largest difference between this clock and the portal's."""
OFFSET_VALID = timedelta(hours=1)
"""The age up to which the clock offset of the portal's greeting is used; the clock may have been set since then."""
MAX_FORWARD_LEAP = timedelta(hours=36)
MAX_BACKWARD_LEAP = timedelta(minutes=10)

DoubtReason = Literal["before_release", "far_from_portal", "leap", "nothing_in_force"]


@dataclass(frozen=True)
class ClockDoubt:
    """A reason not to trust the clock; `other` is the time that contradicts it (UTC), None if only the day is wrong."""

    reason: DoubtReason
    other: datetime | None = None


def doubt(context: Context) -> ClockDoubt | None:
    """Return the reason not to trust the clock, or None.

    The reasons: it is before this release, on a day without any procedure, far from the portal's time, or after an
    unconfirmed leap. A dead clock battery gives the first two: the machine wakes up years ago.
    """
    now = context.clock.now()
    if clock.local(now).date() < RELEASED:
        return ClockDoubt("before_release")
    if not context.catalogue.all(context.clock.today()):
        return ClockDoubt("nothing_in_force")
    with context.store.read() as db:
        offset = _portal_offset(db, context)
        trusted_at = _trusted_at(db)
    if offset is not None and abs(offset) > MAX_OFFSET_SECONDS:
        return ClockDoubt("far_from_portal", now + timedelta(seconds=offset))
    if offset is None and trusted_at is not None and _is_leap(trusted_at, now):
        return ClockDoubt("leap", trusted_at)
    return None


def is_trusted(db: Database, context: Context) -> bool:
    """Return, inside a write, whether the clock agrees with the portal's time and the last trusted time."""
    offset = _portal_offset(db, context)
    if offset is not None:
        return abs(offset) <= MAX_OFFSET_SECONDS
    trusted_at = _trusted_at(db)
    return trusted_at is None or not _is_leap(trusted_at, context.clock.now())


def mark_trusted(db: Database, context: Context) -> None:
    """Store the current time as trusted."""
    marks.put(db, TRUSTED_AT, clock.timestamp(context.clock.now()))


def _is_leap(trusted_at: datetime, now: datetime) -> bool:
    return not -MAX_BACKWARD_LEAP <= now - trusted_at <= MAX_FORWARD_LEAP


def _portal_offset(db: Database, context: Context) -> float | None:
    """Return the portal's time minus ours, in seconds; None when the last greeting is too old."""
    state = sync.link.state(db)
    if state.clock_offset is None or state.greeted is None:
        return None
    age = context.clock.now() - clock.parse_timestamp(state.greeted)
    return state.clock_offset if timedelta() <= age <= OFFSET_VALID else None


def _trusted_at(db: Database) -> datetime | None:
    """Return the last trusted time; without one, the time of the last submission."""
    trusted_at = marks.get(db, TRUSTED_AT) or submissions.last_completed_at(db)
    return clock.parse_timestamp(trusted_at) if trusted_at else None
