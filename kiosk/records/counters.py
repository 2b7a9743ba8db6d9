"""The counter_events table: which counters opened and closed, when and by whom.

The settings say which counters a ward has. A counter is open when its last event of the day is "opened", so every
morning begins with all counters closed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows


@dataclass(frozen=True)
class CounterEvent:
    """A counter that was "opened" or "closed"."""

    seq: int
    counter: int
    at: datetime
    event: str
    actor: str


def open_counters(db: Database, day: date) -> dict[int, str]:
    """Return the officer's code at each open counter."""
    last = {event.counter: event for event in events(db, day)}
    return {number: event.actor for number, event in sorted(last.items()) if event.event == "opened"}


def actor_at(db: Database, day: date, counter: int) -> str | None:
    """Return the officer's code at a counter; None while it is closed."""
    sql = "select event, actor from counter_events where day = ? and counter = ? order by seq desc limit 1"
    event, actor = db.execute(sql, [day.isoformat(), counter]).fetchone() or ("closed", None)
    return actor if event == "opened" else None


def opened_at(db: Database, day: date, counter: int) -> datetime | None:
    """Return when a counter was opened; None while it is closed."""
    sql = "select event, at from counter_events where day = ? and counter = ? order by seq desc limit 1"
    event, at = db.execute(sql, [day.isoformat(), counter]).fetchone() or ("closed", "")
    return clock.parse_timestamp(at) if event == "opened" else None


def open(db: Database, day: date, counter: int, now: datetime, actor: str) -> bool:
    """Open a counter, or pass it to another officer; return False when this officer is there already."""
    if actor_at(db, day, counter) == actor:
        return False
    _insert(db, day, counter, now=now, event="opened", actor=actor)
    return True


def close(db: Database, day: date, counter: int, now: datetime, actor: str) -> bool:
    """Close a counter; return False when it is not open."""
    if actor_at(db, day, counter) is None:
        return False
    _insert(db, day, counter, now=now, event="closed", actor=actor)
    return True


def events(db: Database, day: date) -> list[CounterEvent]:
    """Return a day's events, oldest first."""
    sql = "select seq, counter, at, event, actor from counter_events where day = ? order by seq"
    rows = db.query(sql, [day.isoformat()])
    return [CounterEvent(**{**row, "at": clock.parse_timestamp(row["at"])}) for row in rows]


def before(day: date) -> ExpiredRows:
    """Return the events of earlier days."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="counter_events", change="delete from counter_events", where="day < :day", args=args)


def _insert(db: Database, day: date, counter: int, *, now: datetime, event: str, actor: str) -> None:
    sql = "insert into counter_events (day, counter, at, event, actor) values (?, ?, ?, ?, ?)"
    db.execute(sql, [day.isoformat(), counter, clock.timestamp(now), event, actor])
