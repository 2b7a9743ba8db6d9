"""The counter_events table: which counters opened and closed, when and by whom.

Which counters a ward has stands in its settings; a counter is open while its last event of the day says so, so that
each morning begins with all of them closed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from kiosk import clock


@dataclass(frozen=True)
class Event:
    """A counter that "opened" or "closed"."""

    seq: int
    counter: int
    at: datetime
    event: str
    actor: str


def opened(db: Database, day: date) -> dict[int, str]:
    """Return who sits at each counter that is open."""
    last = {event.counter: event for event in events(db, day)}
    return {number: event.actor for number, event in sorted(last.items()) if event.event == "opened"}


def opened_by(db: Database, day: date, counter: int) -> str | None:
    """Return who sits at a counter; None while it is closed."""
    sql = "select event, actor from counter_events where day = ? and counter = ? order by seq desc limit 1"
    event, actor = db.execute(sql, [day.isoformat(), counter]).fetchone() or ("closed", None)
    return actor if event == "opened" else None


def open(db: Database, day: date, counter: int, now: datetime, actor: str) -> bool:
    """Open a counter, or hand it to another officer; False when this one sits there already."""
    if opened_by(db, day, counter) == actor:
        return False
    _note(db, day, counter, now, ("opened", actor))
    return True


def close(db: Database, day: date, counter: int, now: datetime, actor: str) -> bool:
    """Close a counter; False when it is not open."""
    if opened_by(db, day, counter) is None:
        return False
    _note(db, day, counter, now, ("closed", actor))
    return True


def events(db: Database, day: date) -> list[Event]:
    """List what happened to the counters on a day, in order."""
    sql = "select seq, counter, at, event, actor from counter_events where day = ? order by seq"
    return [Event(**{**row, "at": clock.read(row["at"])}) for row in db.query(sql, [day.isoformat()])]


def forget_before(db: Database, day: date) -> int:
    """Delete the events of the days before; say how many."""
    return db.execute("delete from counter_events where day < ?", [day.isoformat()]).rowcount


def _note(db: Database, day: date, counter: int, now: datetime, told: tuple[str, str]) -> None:
    sql = "insert into counter_events (day, counter, at, event, actor) values (?, ?, ?, ?, ?)"
    db.execute(sql, [day.isoformat(), counter, clock.stamp(now), *told])
