"""Whether the machine's clock can be trusted: against the forms, the portal's time and the last trusted time.

Everything that is kept for a time is wiped by the wall clock, so the worker wipes only while there is no doubt: a clock
that leaps by years must not wipe what citizens handed in. A leap of more than a day and a half (a night and a closed
day) is in doubt until the portal's time agrees, or a technician does. docs/decisions/0006 has the reasons.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

import sync.link
from kiosk import clock
from kiosk.context import Context
from kiosk.records import marks, submissions

TRUSTED_AT = "time.seen"
"""The mark of the last trusted time."""
FAR_OFF = 600.0
"""The most seconds that the clock may differ from the portal's."""
FRESH = timedelta(hours=1)
"""For so long the portal's greeting says something about this clock; a clock that was set since then is not judged."""
LEAP, SLACK = timedelta(hours=36), timedelta(minutes=10)

Reason = Literal["before_forms", "far_from_portal", "leap"]


@dataclass(frozen=True)
class Doubt:
    """Why the clock is in doubt; `other` is the time that disagrees with it (UTC), None for `before_forms`."""

    reason: Reason
    other: datetime | None = None


def doubt(context: Context) -> Doubt | None:
    """Return why the clock cannot be trusted now, or None.

    It cannot be before the last check of a form, far from the portal's time, or after a leap that nobody confirmed.
    """
    now = context.clock.now()
    today = clock.local(now).date()
    newest = max((form.checked_on for form in context.catalogue.all(context.clock.today())), default=today)
    if today < newest:
        return Doubt("before_forms")
    with context.store.read() as db:
        offset = _portal_offset(db, context)
        trusted_at = _trusted_at(db)
    if offset is not None and abs(offset) > FAR_OFF:
        return Doubt("far_from_portal", now + timedelta(seconds=offset))
    if offset is None and trusted_at is not None and _is_leap(trusted_at, now):
        return Doubt("leap", trusted_at)
    return None


def is_trusted(db: Database, context: Context) -> bool:
    """Return, inside a write, whether the portal's time and the last trusted time agree with the clock."""
    offset = _portal_offset(db, context)
    if offset is not None:
        return abs(offset) <= FAR_OFF
    trusted_at = _trusted_at(db)
    return trusted_at is None or not _is_leap(trusted_at, context.clock.now())


def mark_trusted(db: Database, context: Context) -> None:
    """Write down that the time is right now."""
    marks.put(db, TRUSTED_AT, clock.stamp(context.clock.now()))


def _is_leap(trusted_at: datetime, now: datetime) -> bool:
    return not -SLACK <= now - trusted_at <= LEAP


def _portal_offset(db: Database, context: Context) -> float | None:
    """Return the portal's time minus ours, in seconds; None when the last greeting is too old to judge the clock."""
    state = sync.link.state(db)
    if state.clock_offset is None or state.greeted is None:
        return None
    since = context.clock.now() - clock.read(state.greeted)
    return state.clock_offset if timedelta() <= since <= FRESH else None


def _trusted_at(db: Database) -> datetime | None:
    """Return the last trusted time; before there was one, the time of the last form."""
    stamp = marks.get(db, TRUSTED_AT) or submissions.latest(db)
    return clock.read(stamp) if stamp else None
