"""The tickets table: numbers drawn for the queue, where each stands, and what happened to it.

A number belongs to one day and one series and starts at 1 each morning; it is drawn inside the caller's write, so that
two screens never share one. Nothing here says who drew it. The order in line is `turn`, never a time, because a clock
jumps. Who is at a counter is who is `called` or `serving` there: the store holds at most one a counter and day. Every
change is one conditional update that leaves one event, and figures are made from events.
"""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock, codes

State = Literal["waiting", "called", "serving", "absent", "held", "done", "closed"]
Priority = Literal["elderly", "disabled", "pregnant", "infant", "merit", "returning", "declared"]
IN_LINE: tuple[State, ...] = ("waiting", "absent")
AT_COUNTER: tuple[State, ...] = ("called", "serving")


@dataclass(frozen=True)
class Ticket:
    """A number in a series of a day, and where it stands: in which line, since when, or at which counter."""

    id: str
    day: date
    series: str
    number: int
    state: State
    submission_id: str | None
    priority: Priority | None
    drawn_at: datetime
    line: str
    turn: int
    since: datetime
    counter: int | None = None
    absences: int = 0
    is_confirmed: bool = False

    @property
    def label(self) -> str:
        """What is printed and called: A012."""
        return f"{self.series}{self.number:03d}"

    @property
    def is_priority(self) -> bool:
        """Whether it stands among the priority numbers; what a citizen says counts until an officer clears it."""
        return self.priority is not None

    @property
    def is_resting(self) -> bool:
        """Whether it was called in vain last time."""
        return self.state == "absent"


@dataclass(frozen=True)
class Event:
    """What happened to a ticket, and where: detail is a letter, a counter, a priority group or why it was called."""

    seq: int
    at: datetime
    event: str
    actor: str | None
    counter: int | None
    detail: str


@dataclass(frozen=True)
class Change:
    """An event to be: the word, when, by whom, at which counter; a nonce makes a second one of the same tap fail."""

    event: str
    at: datetime
    actor: str | None = None
    counter: int | None = None
    detail: str = ""
    nonce: str | None = None


@dataclass(frozen=True)
class Comer:
    """Who draws a number: with a form or without, in a priority group or not; a touch of this nonce draws no second."""

    submission_id: str | None = None
    priority: Priority | None = None
    nonce: str | None = None


ANYBODY = Comer()


def draw(db: Database, day: date, series: str, now: datetime, comer: Comer = ANYBODY) -> Ticket:
    """Draw the next number of a series, from 1 each day."""
    sql = """insert into tickets (id, day, series, number, submission_id, priority, drawn_at, line, turn, since)
             select :id, :day, :series, coalesce(max(number), 0) + 1, :submission_id, :priority, :at, :series,
               (select coalesce(max(turn), 0) + 1 from tickets where day = :day), :at
             from tickets where day = :day and series = :series
             returning number, turn"""
    ticket_id, place = codes.new_id(), {"day": day.isoformat(), "series": series, "at": clock.stamp(now)}
    ((number, turn),) = db.execute(sql, vars(comer) | place | {"id": ticket_id}).fetchall()
    drawing = Ticket(
        id=ticket_id,
        day=day,
        series=series,
        number=number,
        state="waiting",
        submission_id=comer.submission_id,
        priority=comer.priority,
        drawn_at=now,
        line=series,
        turn=turn,
        since=now,
    )
    note(db, drawing, Change("drawn", now, nonce=comer.nonce))
    return drawing


def drawn(db: Database, day: date, series: str) -> int:
    """Return the last number of a series of a day; 0 when none was drawn."""
    sql = "select coalesce(max(number), 0) from tickets where day = ? and series = ?"
    return int(db.execute(sql, [day.isoformat(), series]).fetchone()[0])


def find(db: Database, ticket_id: str) -> Ticket | None:
    """Find a ticket by its id."""
    return _first(db, "id = ?", [ticket_id])


def drawn_by_touch(db: Database, nonce: str) -> Ticket | None:
    """Find the number that this touch has drawn already."""
    return _first(db, "id = (select ticket_id from ticket_events where nonce = ? and event = 'drawn')", [nonce])


def by_label(db: Database, day: date, label: str) -> Ticket | None:
    """Find a ticket of a day by what is printed on it: A012, a012, A12."""
    series, number = label.strip().upper()[:1], label.strip()[1:]
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    return _first(db, "day = ? and series = ? and number = ?", [day.isoformat(), series, int(number)])


def of_submission(db: Database, submission_id: str) -> Ticket | None:
    """Find the newest ticket of a submission."""
    return _first(db, "submission_id = ? order by drawn_at desc, id desc limit 1", [submission_id])


def at_counter(db: Database, day: date, counter: int) -> Ticket | None:
    """Find who is called to a counter or served there."""
    where = "day = ? and counter = ? and state in ('called', 'serving')"
    return _first(db, where, [day.isoformat(), counter])


def all_at_counters(db: Database, day: date) -> list[Ticket]:
    """List who is at a counter, by counter."""
    where = "day = ? and state in ('called', 'serving') and counter is not null order by counter"
    return _all(db, where, [day.isoformat()])


def in_line(db: Database, day: date, lines: Collection[str], counter: int | None = None) -> list[Ticket]:
    """List who waits in these lines, by turn; a counter sees who was sent to it, and not who was sent to another."""
    where, told = _line(day, lines, counter)
    return _all(db, f"{where} order by turn", told)


def foremost(db: Database, day: date, lines: Collection[str], counter: int, rested: datetime) -> list[Ticket]:
    """Return of `in_line` only who can be next by the rules of kiosk.queue.call_order; the absent only since `rested`.

    These are at most three: the first of the priority numbers, the first of the others, and who has waited longest.
    """
    where, told = _line(day, lines, counter)
    firsts = f"""select min(turn) filter (where priority is not null), min(turn) filter (where priority is null),
                   min(since || printf('%06d', turn)) filter (where priority is null)
                 from tickets where {where} and (state = 'waiting' or since <= ?)"""  # noqa: S608 (see _line)
    first, other, longest = db.execute(firsts, [*told, clock.stamp(rested)]).fetchone()
    turns = [first, other, int(longest[len(clock.stamp(rested)) :]) if longest else None]
    return _all(db, "day = ? and turn in (?, ?, ?) order by turn", [day.isoformat(), *turns])


def _line(day: date, lines: Collection[str], counter: int | None) -> tuple[str, list[Any]]:
    marks = ", ".join("?" * len(lines))
    of_lines = f"day = ? and state in ('waiting', 'absent') and (line in ({marks})"
    told = [day.isoformat(), *lines]
    if counter is None:
        return f"{of_lines})", told
    return f"{of_lines} or counter = ?) and (counter is null or counter = ?)", [*told, counter, counter]


def held(db: Database, day: date) -> list[Ticket]:
    """List who was sent for a paper and will come back, by turn."""
    return _all(db, "day = ? and state = 'held' order by turn", [day.isoformat()])


def waiting(db: Database, day: date, line: str) -> int:
    """Count who waits in a line."""
    sql = "select count(*) from tickets where day = ? and line = ? and state in ('waiting', 'absent')"
    return int(db.execute(sql, [day.isoformat(), line]).fetchone()[0])


def waiting_before(db: Database, ticket: Ticket) -> int:
    """Count who waits in the same line with an earlier turn."""
    sql = "select count(*) from tickets where day = ? and line = ? and state in ('waiting', 'absent') and turn < ?"
    return int(db.execute(sql, [ticket.day.isoformat(), ticket.line, ticket.turn]).fetchone()[0])


def last_turn(db: Database, day: date) -> int:
    """Return the last turn that was given on a day."""
    return int(db.execute("select coalesce(max(turn), 0) from tickets where day = ?", [day.isoformat()]).fetchone()[0])


def move(db: Database, seen: Ticket, then: Ticket, change: Change) -> bool:
    """Move a ticket and leave an event, if it still stands where the caller saw it; else change nothing: False."""
    sql = """update tickets set state = :state, line = :line, turn = :turn, since = :since, counter = :counter,
               absences = :absences, priority = :priority, is_confirmed = :is_confirmed
             where id = :id and state = :was and counter is :was_at and turn = :was_turn"""
    told = {name: getattr(then, name) for name in ("state", "line", "turn", "counter", "absences", "priority")}
    told |= {"since": clock.stamp(then.since), "is_confirmed": int(then.is_confirmed)}
    was = {"id": seen.id, "was": seen.state, "was_at": seen.counter, "was_turn": seen.turn}
    if not db.execute(sql, told | was).rowcount:
        return False
    note(db, seen, change)
    return True


def follow(db: Database, before: str, heir: str) -> None:
    """Let the numbers of a submission stand for its correction; they stay where they are, so no event is left."""
    db.execute("update tickets set submission_id = ? where submission_id = ?", [heir, before])


def note(db: Database, ticket: Ticket, change: Change) -> None:
    """Leave an event."""
    sql = """insert into ticket_events (ticket_id, day, at, event, actor, counter, detail, nonce)
             values (?, ?, ?, ?, ?, ?, ?, ?)"""
    row = [change.event, change.actor, change.counter, change.detail, change.nonce]
    db.execute(sql, [ticket.id, ticket.day.isoformat(), clock.stamp(change.at), *row])


def is_answered(db: Database, nonce: str) -> bool:
    """Tell whether a tap with this nonce has changed something already."""
    return bool(db.execute("select 1 from ticket_events where nonce = ?", [nonce]).fetchall())


def history(db: Database, ticket_id: str) -> list[Event]:
    """List what happened to a ticket, in order."""
    sql = "select seq, at, event, actor, counter, detail from ticket_events where ticket_id = ? order by seq"
    return [Event(**{**row, "at": clock.read(row["at"])}) for row in db.query(sql, [ticket_id])]


def forget_before(db: Database, day: date) -> int:
    """Delete the tickets, with their events, of the days before; say how many."""
    return db.execute("delete from tickets where day < ?", [day.isoformat()]).rowcount


def _first(db: Database, where: str, told: Sequence[Any]) -> Ticket | None:
    return next(iter(_all(db, where, told)), None)


def _all(db: Database, where: str, told: Sequence[Any]) -> list[Ticket]:
    sql = f"select * from tickets where {where}"  # noqa: S608 (conditions are written in this module)
    return _tickets(db.execute(sql, list(told)))


def _tickets(found: sqlite3.Cursor) -> list[Ticket]:
    names = [column[0] for column in found.description]
    return [_ticket(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def _ticket(row: dict[str, Any]) -> Ticket:
    times = {name: clock.read(row[name]) for name in ("drawn_at", "since")}
    day, is_confirmed = date.fromisoformat(row["day"]), bool(row["is_confirmed"])
    return Ticket(**{**row, **times, "day": day, "is_confirmed": is_confirmed})
