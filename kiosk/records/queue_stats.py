"""What a day's events say just now: who was called last, how long one takes. Only reads; tickets leave them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from kiosk import clock

SERVICES = 20
"""So many of the last services tell today's pace."""


@dataclass(frozen=True)
class Call:
    """A call as all could hear it: seq grows with each, `times` counts the calls of this number at this counter."""

    seq: int
    counter: int
    label: str
    at: datetime


def version(db: Database) -> int:
    """Return a number that grows with every change of the queue, and never shrinks."""
    sql = "select coalesce(sum(seq), 0) from sqlite_sequence where name in ('ticket_events', 'counter_events')"
    return int(db.execute(sql).fetchone()[0])


def last_calls(db: Database, day: date, lines: Collection[str], count: int) -> list[bool]:
    """Tell, newest first, whether each of the last calls from these lines was priority; an officer's choice is none."""
    sql = f"""select e.detail = 'priority' from ticket_events e join tickets t on t.id = e.ticket_id
              where e.day = ? and e.event = 'called' and e.detail <> 'chosen' and t.line in ({_marks(lines)})
              order by e.seq desc limit ?"""  # noqa: S608 (only question marks are set in)
    return [bool(each) for (each,) in db.execute(sql, [day.isoformat(), *lines, count]).fetchall()]


def services(db: Database, day: date, lines: Collection[str]) -> list[float]:
    """Return how many minutes each of the last services of these lines took, newest first."""
    sql = f"""select e.at, (select c.at from ticket_events c where c.ticket_id = e.ticket_id and c.event = 'called'
                and c.seq < e.seq order by c.seq desc limit 1)
              from ticket_events e join tickets t on t.id = e.ticket_id
              where e.day = ? and e.event = 'done' and t.line in ({_marks(lines)})
              order by e.seq desc limit {SERVICES}"""  # noqa: S608 (only question marks are set in)
    found = db.execute(sql, [day.isoformat(), *lines]).fetchall()
    return [_minutes(called, done) for done, called in found if called]


def calls(db: Database, day: date, count: int) -> list[Call]:
    """List the last calls and repeated calls of a day, newest first."""
    sql = """select e.seq, e.counter, t.series, t.number, e.at from ticket_events e join tickets t on t.id = e.ticket_id
             where e.day = ? and e.event in ('called', 'recalled') order by e.seq desc limit ?"""
    rows = db.execute(sql, [day.isoformat(), count]).fetchall()
    return [Call(seq, counter, f"{series}{number:03d}", clock.read(at)) for seq, counter, series, number, at in rows]


def _minutes(start: str, end: str) -> float:
    return max(0.0, (clock.read(end) - clock.read(start)).total_seconds() / 60)


def _marks(lines: Collection[str]) -> str:
    return ", ".join("?" * len(lines))
