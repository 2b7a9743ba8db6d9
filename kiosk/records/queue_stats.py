"""Statistics of the running day: last calls and service times. Only reads; the tickets module writes the events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from kiosk.base import clock

SERVICES = 20
"""The number of last services that estimates are based on."""


@dataclass(frozen=True)
class TicketCall:
    """A call of a ticket to a counter, as the board shows and speaks it; seq grows with each call.

    `state` and `now_at` are the state of the ticket now, and the counter where it is now.
    """

    seq: int
    counter: int
    label: str
    at: datetime
    state: str
    now_at: int | None


def version(db: Database) -> int:
    """Return a number that grows with every change of the queue and never shrinks."""
    sql = "select coalesce(sum(seq), 0) from sqlite_sequence where name in ('ticket_events', 'counter_events')"
    return int(db.execute(sql).fetchone()[0])


def last_call_priorities(db: Database, day: date, lines: Collection[str], count: int) -> list[bool]:
    """Return whether each of the last calls from these lines was a priority call, newest first.

    Calls that an officer chose by hand are left out.
    """
    sql = f"""select e.detail = 'priority' from ticket_events e join tickets t on t.id = e.ticket_id
              where e.day = ? and e.event = 'called' and e.detail <> 'chosen' and t.line in ({_marks(lines)})
              order by e.seq desc limit ?"""  # noqa: S608  # nosec B608 # only question marks are inserted
    rows = db.execute(sql, [day.isoformat(), *lines, count]).fetchall()
    return [bool(is_priority) for (is_priority,) in rows]


def service_minutes(db: Database, day: date, lines: Collection[str]) -> list[float]:
    """Return the minutes of the last services of these lines, newest first."""
    sql = f"""select e.at, (select c.at from ticket_events c where c.ticket_id = e.ticket_id and c.event = 'called'
                and c.seq < e.seq order by c.seq desc limit 1)
              from ticket_events e join tickets t on t.id = e.ticket_id
              where e.day = ? and e.event = 'done' and t.line in ({_marks(lines)})
              order by e.seq desc limit {SERVICES}"""  # noqa: S608  # nosec B608 # only question marks are inserted
    rows = db.execute(sql, [day.isoformat(), *lines]).fetchall()
    return [_minutes(called, done) for done, called in rows if called]


def last_calls(db: Database, day: date, count: int) -> list[TicketCall]:
    """Return the last calls and repeated calls of a day, newest first."""
    sql = """select e.seq, e.counter, t.series, t.number, e.at, t.state, t.counter
             from ticket_events e join tickets t on t.id = e.ticket_id
             where e.day = ? and e.event in ('called', 'recalled') order by e.seq desc limit ?"""
    rows = db.execute(sql, [day.isoformat(), count]).fetchall()
    return [
        TicketCall(
            seq=seq,
            counter=counter,
            label=f"{series}{number:03d}",
            at=clock.parse_timestamp(at),
            state=state,
            now_at=now_at,
        )
        for seq, counter, series, number, at, state, now_at in rows
    ]


def _minutes(start: str, end: str) -> float:
    return max(0.0, (clock.parse_timestamp(end) - clock.parse_timestamp(start)).total_seconds() / 60)


def _marks(lines: Collection[str]) -> str:
    return ", ".join("?" * len(lines))
