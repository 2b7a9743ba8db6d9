"""The tries table: rate limits of a touchscreen, for status look-ups and for queue numbers.

A limit counts the touchscreen, not the visit: a new visit is one touch away. It slows down and never shuts anybody out:
some tries are free, then the pause between two tries doubles up to its longest. A look-up is counted before its answer
is given, in a write of its own that no failure rolls back; a right one deletes the tries of its receipt number.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

Purpose = Literal["lookup", "ticket"]


@dataclass(frozen=True)
class RateLimit:
    """`free` tries within `span`; then a pause since the last try: `first`, doubled each time up to `longest`."""

    free: int
    span: timedelta
    first: timedelta
    longest: timedelta


RECEIPT_LIMIT = RateLimit(free=5, span=timedelta(days=1), first=timedelta(minutes=1), longest=timedelta(hours=1))
"""Look-ups of a receipt number at all touchscreens: about 17 guesses in a day of eight hours."""
SCREEN_LIMIT = RateLimit(free=10, span=timedelta(hours=1), first=timedelta(minutes=1), longest=timedelta(minutes=5))
"""Wrong look-ups at a touchscreen, of whatever receipt number."""
TICKET_LIMITS: tuple[RateLimit, ...] = (
    RateLimit(free=5, span=timedelta(seconds=10), first=timedelta(seconds=5), longest=timedelta(seconds=60)),
    RateLimit(free=12, span=timedelta(minutes=1), first=timedelta(seconds=5), longest=timedelta(seconds=60)),
    RateLimit(free=100, span=timedelta(minutes=10), first=timedelta(seconds=5), longest=timedelta(seconds=60)),
    RateLimit(free=200, span=timedelta(hours=1), first=timedelta(seconds=5), longest=timedelta(seconds=60)),
)
"""Queue numbers at a touchscreen. People in a line need at least 5 s each: three touches, and the paper comes out."""
LONGEST_SPAN = max(limit.span for limit in (RECEIPT_LIMIT, SCREEN_LIMIT, *TICKET_LIMITS))


def insert(db: Database, purpose: Purpose, subject: str, screen: str, now: datetime) -> None:
    """Count a try at a screen; the subject is the keyed hash of a receipt number, or empty."""
    sql = "insert into tries (purpose, subject, screen, at) values (?, ?, ?, ?)"
    db.execute(sql, [purpose, subject, screen, clock.timestamp(now)])


def seconds_to_look_up(db: Database, subject: str, screen: str, now: datetime) -> int:
    """Return the seconds until the next look-up is allowed; 0 when it is allowed now."""
    of_receipt = _seconds(db, "lookup", "subject", subject, limits=(RECEIPT_LIMIT,), now=now)
    of_screen = _seconds(db, "lookup", "screen", screen, limits=(SCREEN_LIMIT,), now=now)
    return max(of_receipt, of_screen)


def seconds_to_draw(db: Database, screen: str, now: datetime) -> int:
    """Return the seconds until the next queue number may be drawn; 0 when it may be drawn now."""
    return _seconds(db, "ticket", "screen", screen, limits=TICKET_LIMITS, now=now)


def delete(db: Database, subject: str) -> None:
    """Delete the look-ups of a subject after a right one."""
    db.execute("delete from tries where purpose = 'lookup' and subject = ?", [subject])


def made_before(since: datetime) -> ExpiredRows:
    """Return the tries made before a time."""
    args = {"since": clock.timestamp(since)}
    return ExpiredRows(table="tries", change="delete from tries", where="at < :since", args=args)


def _seconds(
    db: Database,
    purpose: Purpose,
    column: Literal["subject", "screen"],
    value: str,
    *,
    limits: tuple[RateLimit, ...],
    now: datetime,
) -> int:
    """Return the longest rest of the limits' pauses; the tries within all limits are counted by one statement."""
    since = [clock.timestamp(now - limit.span) for limit in limits]
    counts = "".join(", count(*) filter (where at > ?)" for _ in limits)
    sql = f"select max(at){counts} from tries where purpose = ? and {column} = ? and at > ?"  # noqa: S608  # nosec B608 # constants of this module
    last, *counted = db.execute(sql, [*since, purpose, value, min(since, default="")]).fetchone()
    rests = [_rest(limit, count, last=last, now=now) for limit, count in zip(limits, counted, strict=True)]
    return max(rests, default=0)


def _rest(limit: RateLimit, count: int, *, last: str, now: datetime) -> int:
    """Return the seconds left of a limit's pause; a clock that was set back makes it no longer than the pause."""
    if count < limit.free:
        return 0
    doublings = min(count - limit.free, 16)
    pause = min(limit.first * 2**doublings, limit.longest)
    rest: timedelta = min(clock.parse_timestamp(last) + pause - now, pause)
    return max(0, math.ceil(rest.total_seconds()))
