"""The tickets table: numbers drawn for the queue, and what happened to each.

A number belongs to one day and one series and starts at 1 each morning; it is drawn inside the caller's write, so that
two screens never share one. Nothing here says who drew it. Every change of state leaves an event.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock, codes

State = Literal["waiting", "called", "serving", "absent", "done", "closed"]
Priority = Literal["elderly", "disabled", "pregnant", "infant", "merit", "returning", "declared"]


@dataclass(frozen=True)
class Ticket:
    """A number in a series of a day."""

    id: str
    day: date
    series: str
    number: int
    state: State
    submission_id: str | None
    priority: Priority | None
    drawn_at: datetime

    @property
    def label(self) -> str:
        """What is printed and called: A012."""
        return f"{self.series}{self.number:03d}"


def draw(
    db: Database,
    day: date,
    series: str,
    now: datetime,
    submission_id: str | None = None,
    priority: Priority | None = None,
) -> Ticket:
    """Draw the next number of a series, from 1 each day."""
    sql = """insert into tickets (id, day, series, number, submission_id, priority, drawn_at)
             select :id, :day, :series, coalesce(max(number), 0) + 1, :submission_id, :priority, :drawn_at
             from tickets where day = :day and series = :series returning number"""
    ticket_id, at = codes.new_id(), clock.stamp(now)
    told = {"id": ticket_id, "day": day.isoformat(), "series": series, "drawn_at": at}
    ((number,),) = db.execute(sql, told | {"submission_id": submission_id, "priority": priority}).fetchall()
    db.execute("insert into ticket_events (ticket_id, at, event) values (?, ?, 'drawn')", [ticket_id, at])
    return Ticket(ticket_id, day, series, number, "waiting", submission_id, priority, clock.read(at))


def find(db: Database, ticket_id: str) -> Ticket | None:
    """Find a ticket by its id."""
    return next((_ticket(row) for row in db.query("select * from tickets where id = ?", [ticket_id])), None)


def of_submission(db: Database, submission_id: str) -> Ticket | None:
    """Find the newest ticket of a submission."""
    sql = "select * from tickets where submission_id = ? order by drawn_at desc, id desc limit 1"
    return next((_ticket(row) for row in db.query(sql, [submission_id])), None)


def waiting(db: Database, day: date, series: str) -> int:
    """Count who waits in a series."""
    sql = "select count(*) as n from tickets where day = ? and series = ? and state = 'waiting'"
    return int(next(db.query(sql, [day.isoformat(), series]))["n"])


def waiting_before(db: Database, ticket: Ticket) -> int:
    """Count who waits with a smaller number in the same series."""
    sql = "select count(*) from tickets where day = ? and series = ? and state = 'waiting' and number < ?"
    return int(db.execute(sql, [ticket.day.isoformat(), ticket.series, ticket.number]).fetchone()[0])


def move(db: Database, ticket_id: str, state: State, now: datetime, actor: str | None = None) -> bool:
    """Change a ticket's state and leave an event; False when it stood there already or is unknown."""
    sql = "update tickets set state = ? where id = ? and state <> ?"
    if not db.execute(sql, [state, ticket_id, state]).rowcount:
        return False
    sql = "insert into ticket_events (ticket_id, at, event, actor) values (?, ?, ?, ?)"
    db.execute(sql, [ticket_id, clock.stamp(now), state, actor])
    return True


def events(db: Database, ticket_id: str) -> list[str]:
    """List what happened to a ticket, in order."""
    return [
        row["event"]
        for row in db.query("select event from ticket_events where ticket_id = ? order by seq", [ticket_id])
    ]


def forget_before(db: Database, day: date) -> int:
    """Delete the tickets, with their events, of the days before; say how many."""
    return db.execute("delete from tickets where day < ?", [day.isoformat()]).rowcount


def _ticket(row: dict[str, Any]) -> Ticket:
    return Ticket(**{**row, "day": date.fromisoformat(row["day"]), "drawn_at": clock.read(row["drawn_at"])})
