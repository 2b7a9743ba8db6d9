"""What a day's events say: who was called last, how long one takes, how many came. Only reads; tickets leave them."""

import statistics
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
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


@dataclass
class _Count:
    drawn: int = 0
    served: int = 0
    closed: int = 0
    waits: list[float] = field(default_factory=list)
    services: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """A series on one day; waits from drawn to first called, services from last called to done, in minutes."""

    series: str
    drawn: int
    served: int
    closed: int
    wait_p50: float | None
    wait_p90: float | None
    service_p50: float | None


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


def figures(db: Database, day: date) -> list[Figures]:
    """Count a day by series, from its events alone."""
    sql = """select t.series, e.ticket_id, e.event, e.at from ticket_events e join tickets t on t.id = e.ticket_id
             where e.day = ? order by e.seq"""
    counts, drawn, called = defaultdict[str, _Count](_Count), dict[str, str](), dict[str, str]()
    for series, ticket, event, at in db.execute(sql, [day.isoformat()]).fetchall():
        count = counts[series]
        if event == "drawn":
            count.drawn += 1
            drawn[ticket] = at
        elif event == "called":
            if ticket not in called and ticket in drawn:
                count.waits.append(_minutes(drawn[ticket], at))
            called[ticket] = at
        elif event == "closed":
            count.closed += 1
        elif event == "done":
            count.served += 1
            count.services += [_minutes(called[ticket], at)] if ticket in called else []
    return [_figures(series, counts[series]) for series in sorted(counts)]


def _figures(series: str, count: _Count) -> Figures:
    waits, services_ = (count.waits, count.services)
    p50, p90, service = _quantile(waits, 50), _quantile(waits, 90), _quantile(services_, 50)
    return Figures(series, count.drawn, count.served, count.closed, p50, p90, service)


def _quantile(minutes: Sequence[float], percent: int) -> float | None:
    if not minutes:
        return None
    if len(minutes) == 1:
        return minutes[0]
    return statistics.quantiles(minutes, n=100, method="inclusive")[percent - 1]


def _minutes(start: str, end: str) -> float:
    return max(0.0, (clock.read(end) - clock.read(start)).total_seconds() / 60)


def _marks(lines: Collection[str]) -> str:
    return ", ".join("?" * len(lines))
