"""The tickets table: queue numbers, their state and place in line, and the log of their events.

A ticket belongs to a day and a series, which starts at 1 each morning. It is drawn inside the caller's write, so two
screens never share a number. No person is stored. The order in line is `turn`, never a time, because a clock jumps. The
ticket at a counter is the one that is `called` or `serving` there: the store holds at most one a counter and day. Every
change is one conditional update with one event, and all figures are computed from events. A nonce is an idempotency
key: a page makes one for each button, so that a second tap changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.store.expired_rows import ExpiredRows

TicketState = Literal["waiting", "called", "serving", "absent", "held", "done", "closed"]
Priority = Literal["elderly", "disabled", "pregnant", "infant", "merit", "returning", "declared"]
IN_LINE: tuple[TicketState, ...] = ("waiting", "absent")
AT_COUNTER: tuple[TicketState, ...] = ("called", "serving")
"""`IN_LINE` and `AT_COUNTER` are for callers. The SQL below repeats the states as literals, and so do the partial
indexes of the table: change all together."""


@dataclass(frozen=True)
class Ticket:
    """A queue number: its state, its line with turn and time (`since`), or its counter."""

    id: str
    day: date
    series: str
    number: int
    state: TicketState
    submission_id: str | None
    priority: Priority | None
    drawn_at: datetime
    line: str
    turn: int
    since: datetime
    counter: int | None = None
    absences: int = 0
    is_confirmed: bool = False
    """An officer has set or removed the priority; the citizen can no longer declare one."""

    @property
    def label(self) -> str:
        """The label that is printed and called: A012."""
        return f"{self.series}{self.number:03d}"

    @property
    def is_priority(self) -> bool:
        """Whether it has priority; a citizen's own declaration counts until an officer removes it."""
        return self.priority is not None

    @property
    def is_absent(self) -> bool:
        """Whether its last call was not answered."""
        return self.state == "absent"


@dataclass(frozen=True)
class TicketEvent:
    """An event of a ticket; `detail` is a letter, a counter, a priority group or the reason of a call."""

    seq: int
    at: datetime
    event: str
    actor: str | None
    counter: int | None
    detail: str


@dataclass(frozen=True)
class CounterTicketEvent:
    """An event of a ticket at a counter, with the ticket's label."""

    at: datetime
    label: str
    event: str
    actor: str


@dataclass(frozen=True)
class TicketChange:
    """An event to be written; the nonce makes a second event of the same tap fail."""

    event: str
    at: datetime
    actor: str | None = None
    counter: int | None = None
    detail: str = ""
    nonce: str | None = None


@dataclass(frozen=True)
class TicketRequest:
    """A request for a ticket, with or without a form and priority; a nonce draws at most one ticket."""

    submission_id: str | None = None
    priority: Priority | None = None
    nonce: str | None = None


@dataclass(frozen=True)
class DoneTicket:
    """A ticket that a counter was done with, and when."""

    ticket_id: str
    submission_id: str | None
    at: datetime


ANONYMOUS = TicketRequest()


def draw(db: Database, day: date, series: str, now: datetime, request: TicketRequest = ANONYMOUS) -> Ticket:
    """Draw the next ticket of a series."""
    sql = """insert into tickets (id, day, series, number, submission_id, priority, drawn_at, line, turn, since)
             select :id, :day, :series, coalesce(max(number), 0) + 1, :submission_id, :priority, :at, :series,
               (select coalesce(max(turn), 0) + 1 from tickets where day = :day), :at
             from tickets where day = :day and series = :series
             returning number, turn"""
    ticket_id = codes.new_id()
    args = {"id": ticket_id, "day": day.isoformat(), "series": series, "at": clock.timestamp(now)}
    ((number, turn),) = db.execute(sql, vars(request) | args).fetchall()
    ticket = Ticket(
        id=ticket_id,
        day=day,
        series=series,
        number=number,
        state="waiting",
        submission_id=request.submission_id,
        priority=request.priority,
        drawn_at=now,
        line=series,
        turn=turn,
        since=now,
    )
    add_event(db, ticket, TicketChange("drawn", now, nonce=request.nonce))
    return ticket


def last_number(db: Database, day: date, series: str) -> int:
    """Return the last number of a series on a day; 0 before the first."""
    sql = "select coalesce(max(number), 0) from tickets where day = ? and series = ?"
    return int(db.execute(sql, [day.isoformat(), series]).fetchone()[0])


def last_numbers(db: Database, day: date) -> dict[str, int]:
    """Return the last number of each series on a day; a series without a number is left out."""
    sql = "select series, max(number) from tickets where day = ? group by series"
    return dict(db.execute(sql, [day.isoformat()]).fetchall())


def find(db: Database, ticket_id: str) -> Ticket | None:
    """Return a ticket by its id."""
    return _first(db, "id = ?", [ticket_id])


def by_nonce(db: Database, nonce: str) -> Ticket | None:
    """Return the ticket that was drawn with a nonce."""
    return _first(db, "id = (select ticket_id from ticket_events where nonce = ? and event = 'drawn')", [nonce])


def by_label(db: Database, day: date, label: str) -> Ticket | None:
    """Return a day's ticket by its label, typed as A012, a012 or A12."""
    series = label.strip().upper()[:1]
    number = label.strip()[1:]
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    return _first(db, "day = ? and series = ? and number = ?", [day.isoformat(), series, int(number)])


def containing(db: Database, day: date, *, letter: str, digits: str, limit: int) -> list[Ticket]:
    """Return a day's tickets whose number contains some digits, of one series or, for no letter, of all."""
    where = """day = ? and series = coalesce(nullif(?, ''), series) and printf('%03d', number) like '%' || ? || '%'
               order by number, series limit ?"""
    return _all(db, where, [day.isoformat(), letter, digits, limit])


def of_submission(db: Database, submission_id: str) -> Ticket | None:
    """Return the newest ticket of a submission."""
    return _first(db, "submission_id = ? order by drawn_at desc, id desc limit 1", [submission_id])


def at_counter(db: Database, day: date, counter: int) -> Ticket | None:
    """Return the ticket that is called to a counter or served there."""
    where = "day = ? and counter = ? and state in ('called', 'serving')"
    return _first(db, where, [day.isoformat(), counter])


def all_at_counters(db: Database, day: date) -> list[Ticket]:
    """Return the tickets at all counters, by counter."""
    where = "day = ? and state in ('called', 'serving') and counter is not null order by counter"
    return _all(db, where, [day.isoformat()])


def in_line(db: Database, day: date, lines: Collection[str], counter: int | None = None) -> list[Ticket]:
    """Return the tickets waiting in these lines, by turn.

    Args:
        counter: adds the tickets that were passed to this counter, and leaves out those passed to another.
    """
    where, args = _where_in_line(day, lines, counter)
    return _all(db, f"{where} order by turn", args)


def call_candidates(
    db: Database, day: date, lines: Collection[str], counter: int, absent_since: datetime
) -> list[Ticket]:
    """Return the tickets of `in_line` that `kiosk.queue.call_order` can choose from, at most three.

    They are the first priority ticket, the first ordinary ticket, and the ordinary ticket that has waited longest. An
    absent ticket is among them only when it is absent since `absent_since` or longer.
    """
    where, args = _where_in_line(day, lines, counter)
    # Times have a fixed width, so text order is time order; the turn, padded to six digits, breaks ties.
    turns = f"""select min(turn) filter (where priority is not null) as priority,
                  min(turn) filter (where priority is null) as ordinary,
                  cast(substr(min(since || printf('%06d', turn)) filter (where priority is null), -6) as integer)
                    as longest
                from tickets where {where} and (state = 'waiting' or since <= ?)"""  # noqa: S608  # nosec B608 # see _where_in_line
    chosen = f"""day = ? and turn in (with first as materialized ({turns})
                   select priority from first union all select ordinary from first union all select longest from first)
                 order by turn"""  # noqa: S608  # nosec B608 # constants and question marks
    return _all(db, chosen, [day.isoformat(), *args, clock.timestamp(absent_since)])


def _where_in_line(day: date, lines: Collection[str], counter: int | None) -> tuple[str, list[Any]]:
    marks = ", ".join("?" * len(lines))
    where = f"day = ? and state in ('waiting', 'absent') and (line in ({marks})"
    args = [day.isoformat(), *lines]
    if counter is None:
        return f"{where})", args
    return f"{where} or counter = ?) and (counter is null or counter = ?)", [*args, counter, counter]


def of_day(db: Database, day: date) -> list[Ticket]:
    """Return all tickets of a day, by turn."""
    return _all(db, "day = ? order by turn", [day.isoformat()])


def last_finished(db: Database, day: date, counter: int) -> Ticket | None:
    """Return the ticket that left a counter last, done or closed, if it is still so."""
    where = """id = (select ticket_id from ticket_events where day = ? and event in ('done', 'closed') and counter = ?
               order by seq desc limit 1) and state in ('done', 'closed')"""
    return _first(db, where, [day.isoformat(), counter])


def held(db: Database, day: date) -> list[Ticket]:
    """Return the tickets of citizens who went to fetch a paper, by turn."""
    return _all(db, "day = ? and state = 'held' order by turn", [day.isoformat()])


def labels_left(db: Database, day: date) -> list[str]:
    """Return the labels of the tickets that wait or are held, by turn."""
    rows = _all(db, "day = ? and state in ('waiting', 'absent', 'held') order by turn", [day.isoformat()])
    return [ticket.label for ticket in rows]


def receipt_numbers(db: Database, day: date) -> dict[str, str]:
    """Return the receipt numbers of the forms with tickets of a day that are not finished, by ticket id."""
    sql = """select t.id, s.receipt_no from tickets t join submissions s on s.id = t.submission_id
             where t.day = ? and t.state not in ('done', 'closed')"""
    return dict(db.execute(sql, [day.isoformat()]).fetchall())


def count_waiting(db: Database, day: date, line: str) -> int:
    """Count the tickets in a line."""
    sql = "select count(*) from tickets where day = ? and line = ? and state in ('waiting', 'absent')"
    return int(db.execute(sql, [day.isoformat(), line]).fetchone()[0])


def last_turn(db: Database, day: date) -> int:
    """Return the last turn of a day; 0 before the first."""
    return int(db.execute("select coalesce(max(turn), 0) from tickets where day = ?", [day.isoformat()]).fetchone()[0])


def move(db: Database, before: Ticket, after: Ticket, change: TicketChange) -> bool:
    """Move a ticket and add an event, as compare-and-set.

    Returns:
        False, without a change, when state, counter or turn of the stored ticket differ from `before`.
    """
    sql = """update tickets set state = :state, line = :line, turn = :turn, since = :since, counter = :counter,
               absences = :absences, priority = :priority, is_confirmed = :is_confirmed
             where id = :id and state = :was and counter is :was_at and turn = :was_turn"""
    values = {name: getattr(after, name) for name in ("state", "line", "turn", "counter", "absences", "priority")}
    values |= {"since": clock.timestamp(after.since), "is_confirmed": int(after.is_confirmed)}
    key = {"id": before.id, "was": before.state, "was_at": before.counter, "was_turn": before.turn}
    if not db.execute(sql, values | key).rowcount:
        return False
    add_event(db, before, change)
    return True


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Point the tickets of a submission to its correction; they do not move, so there is no event."""
    db.execute("update tickets set submission_id = ? where submission_id = ?", [new_id, old_id])


def attach(db: Database, ticket_id: str, submission_id: str) -> bool:
    """Attach a form to a number that has none; return False when it has one, or is finished."""
    sql = """update tickets set submission_id = ?
             where id = ? and submission_id is null and state not in ('done', 'closed')"""
    return db.execute(sql, [submission_id, ticket_id]).rowcount > 0


def add_event(db: Database, ticket: Ticket, change: TicketChange) -> None:
    """Insert an event."""
    sql = """insert into ticket_events (ticket_id, day, at, event, actor, counter, detail, nonce)
             values (:ticket_id, :day, :at, :event, :actor, :counter, :detail, :nonce)"""
    args = {"ticket_id": ticket.id, "day": ticket.day.isoformat(), "at": clock.timestamp(change.at)}
    db.execute(sql, vars(change) | args)


def is_nonce_used(db: Database, nonce: str) -> bool:
    """Return whether a tap with this nonce has made an event."""
    return bool(db.execute("select 1 from ticket_events where nonce = ?", [nonce]).fetchall())


def events(db: Database, ticket_id: str) -> list[TicketEvent]:
    """Return the events of a ticket, oldest first."""
    sql = "select seq, at, event, actor, counter, detail from ticket_events where ticket_id = ? order by seq"
    return [TicketEvent(**{**row, "at": clock.parse_timestamp(row["at"])}) for row in db.query(sql, [ticket_id])]


def events_at_counter(db: Database, day: date, counter: int) -> list[CounterTicketEvent]:
    """Return a day's events of tickets at a counter, oldest first."""
    sql = """select e.at, t.series, t.number, e.event, e.actor from ticket_events e join tickets t on t.id = e.ticket_id
             where e.day = ? and e.counter = ? order by e.seq"""
    rows = db.execute(sql, [day.isoformat(), counter]).fetchall()
    return [
        CounterTicketEvent(at=clock.parse_timestamp(at), label=f"{series}{number:03d}", event=event, actor=actor or "")
        for at, series, number, event, actor in rows
    ]


def last_done(db: Database, day: date) -> dict[int, datetime]:
    """Return when each counter was last done with a ticket on a day."""
    sql = "select counter, max(at) from ticket_events where day = ? and event = 'done' group by counter"
    return {counter: clock.parse_timestamp(at) for counter, at in db.execute(sql, [day.isoformat()]).fetchall()}


def done_since(db: Database, day: date, counter: int, since: datetime) -> list[DoneTicket]:
    """Return a day's tickets that a counter was done with since a time, oldest first."""
    sql = """select e.at, e.ticket_id, t.submission_id from ticket_events e join tickets t on t.id = e.ticket_id
             where e.day = ? and e.event = 'done' and e.counter = ? and e.at >= ? order by e.seq"""
    rows = db.execute(sql, [day.isoformat(), counter, clock.timestamp(since)]).fetchall()
    return [
        DoneTicket(ticket_id=ticket_id, submission_id=submission_id, at=clock.parse_timestamp(at))
        for at, ticket_id, submission_id in rows
    ]


def last_called(db: Database, ticket_id: str) -> datetime | None:
    """Return when a ticket was last called, without repeated calls."""
    sql = "select at from ticket_events where ticket_id = ? and event = 'called' order by seq desc limit 1"
    row = db.execute(sql, [ticket_id]).fetchone()
    return clock.parse_timestamp(row[0]) if row else None


def before(day: date) -> ExpiredRows:
    """Return the tickets of earlier days; their events go with them."""
    args = {"day": day.isoformat()}
    return ExpiredRows(table="tickets", change="delete from tickets", where="day < :day", args=args)


def _first(db: Database, where: str, args: Sequence[Any]) -> Ticket | None:
    return next(iter(_all(db, where, args)), None)


def _all(db: Database, where: str, args: Sequence[Any]) -> list[Ticket]:
    rows = db.query(f"select * from tickets where {where}", list(args))  # noqa: S608  # nosec B608 # conditions of this module
    return [_ticket(row) for row in rows]


def _ticket(row: dict[str, Any]) -> Ticket:
    return Ticket(
        **row
        | {
            "day": date.fromisoformat(row["day"]),
            "drawn_at": clock.parse_timestamp(row["drawn_at"]),
            "since": clock.parse_timestamp(row["since"]),
            "is_confirmed": bool(row["is_confirmed"]),
        }
    )
