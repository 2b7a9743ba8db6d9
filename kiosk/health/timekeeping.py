"""Is the clock right: held against the forms, the portal's time, and the last time at which nobody doubted it.

A clock that leaps by years must not wipe what citizens handed in: everything that is kept for a time is wiped by the
wall clock, so the worker wipes only while `is_sure`. A leap of more than a day and a half (a night and a closed day) is
in doubt until the portal's time agrees, or a technician does. Without a leap, days go by as they do.
"""

from datetime import datetime, timedelta

from sqlite_utils import Database

import sync.link
from kiosk import clock
from kiosk.context import Context
from kiosk.health.check_result import Finding, State
from kiosk.records import marks, submissions

SEEN = "time.seen"
"""The mark of the last time that was sure."""
FAR_OFF = 600.0
"""So many seconds the clock may differ from the portal's."""
FRESH = timedelta(hours=1)
"""So long the portal's greeting speaks of this clock; one that was set since then is no longer spoken of."""
LEAP, SLACK = timedelta(hours=36), timedelta(minutes=10)
CLOCK = "Đồng hồ"
WRONG = "Đồng hồ chạy sai. Chỉnh lại ngày giờ của máy. Chưa chỉnh xong thì máy chưa xóa gì theo hạn."
RIGHT = "Xem với điện thoại. Sai thì chỉnh lại ngày giờ của máy; đúng thì bấm “Ngày giờ đúng”."


def time(context: Context) -> Finding:
    """The clock cannot stand before the forms' last check, far from the portal's, nor leap without anybody's word."""
    now = clock.local(context.clock.now())
    latest = max((one.checked_on for one in context.shelf.all(context.clock.today())), default=now.date())
    words = f"{now:%H:%M, %d/%m/%Y}"
    if now.date() < latest:
        return Finding(CLOCK, "fault", words, WRONG, "TIME-01")
    with context.store.read() as db:
        offset, seen = _offset(db, context), _seen(db)
    if offset is not None and abs(offset) > FAR_OFF:
        there = now + timedelta(seconds=offset)
        state: State = "warning" if there.date() == now.date() else "fault"
        return Finding(CLOCK, state, f"{words}; ở cổng là {there:%H:%M, %d/%m/%Y}", WRONG, "TIME-03")
    if offset is None and seen is not None and _is_leap(seen, now):
        words = f"{words}; lần trước máy chạy là {clock.local(seen):%d/%m/%Y}"
        if context.config.portal.kind == "none":
            return Finding(CLOCK, "warning", words, RIGHT, "TIME-04")
        return Finding(CLOCK, "note", f"{words}, sẽ đối chiếu với cổng", code="TIME-04")
    return Finding(CLOCK, "ok", words)


def is_sure(context: Context) -> bool:
    """Tell whether nothing speaks against the clock."""
    return not time(context).code


def is_trusted(db: Database, context: Context) -> bool:
    """Tell, within a write, whether neither the portal's time nor the last sure one speaks against the clock."""
    offset = _offset(db, context)
    if offset is not None:
        return abs(offset) <= FAR_OFF
    seen = _seen(db)
    return seen is None or not _is_leap(seen, context.clock.now())


def _is_leap(seen: datetime, now: datetime) -> bool:
    return not -SLACK <= now - seen <= LEAP


def _offset(db: Database, context: Context) -> float | None:
    """Return the portal's time minus ours, in seconds, as far as it speaks of the clock as it is now."""
    state = sync.link.state(db)
    if state.clock_offset is None or state.greeted is None:
        return None
    since = context.clock.now() - clock.read(state.greeted)
    return state.clock_offset if timedelta() <= since <= FRESH else None


def _seen(db: Database) -> datetime | None:
    """Return the last time that was sure; before there was one, the time of the last form."""
    told = marks.get(db, SEEN) or submissions.latest(db)
    return clock.read(told) if told else None
