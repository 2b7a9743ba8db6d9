"""The queue as it stands: what a counter calls next, how long somebody waits, what the board shows. Only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from kiosk import clock
from kiosk.config import Config
from kiosk.config.sections import Counter, Series
from kiosk.queue import call_order
from kiosk.queue.call_order import Choice
from kiosk.records import counters, queue_stats, tickets
from kiosk.records.queue_stats import Call
from kiosk.records.tickets import State, Ticket
from kiosk.vietnam.calendar import Calendar

LAST_CALLS = 8
LAST_NUMBER = 999
"""What has three digits on the ticket, on the board and in the voice."""


@dataclass(frozen=True)
class Shown:
    """A counter on the board; label and state are None while nobody is there, seq is that of its last call."""

    counter: int
    name: str
    is_open: bool = False
    label: str | None = None
    state: State | None = None
    seq: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Board:
    """What all may see; drawn anew when day or version change, and only calls with a greater seq are spoken."""

    day: date
    version: int
    counters: tuple[Shown, ...]
    last: tuple[Call, ...]
    waiting: dict[str, int]


@dataclass(frozen=True)
class Outlook:
    """How many are called before somebody, and a range of minutes, where it can be said honestly."""

    ahead: int
    minutes: tuple[int, int] | None


def gives(db: Database, config: Config, days: Calendar, series: Series, now: datetime) -> bool:
    """Tell whether a number of a series is still given: before the counters close for the day, within the quota."""
    day, minutes = clock.local(now).date(), config.queue.last_minutes
    ends = [end for _, end in days.open_hours(day)]
    is_late = minutes > 0 and (not ends or (clock.local(now) + timedelta(minutes=minutes)).time() >= ends[-1])
    return not is_late and tickets.drawn(db, day, series.letter) < (series.quota or LAST_NUMBER)


def lines_of(config: Config, counter: int) -> tuple[str, ...]:
    """Return the letters of the lines that a counter serves; none where the ward has no such counter."""
    found = config.counter(counter)
    return config.lines_of(found) if found else ()


def next_up(db: Database, config: Config, day: date, counter: int, now: datetime) -> list[Choice[Ticket]]:
    """Return in which order a counter would call those who wait, and why."""
    lines = lines_of(config, counter)
    line = tickets.in_line(db, day, lines, counter)
    return call_order.order(line, queue_stats.last_calls(db, day, lines, config.queue.ratio), now, config.queue)


def first_up(db: Database, config: Config, day: date, counter: int, now: datetime) -> Choice[Ticket] | None:
    """Return whom a counter calls next, and why; None where nobody waits."""
    lines, rule = lines_of(config, counter), config.queue
    foremost = tickets.foremost(db, day, lines, counter, now - timedelta(minutes=rule.absent_minutes))
    return call_order.next_of(foremost, queue_stats.last_calls(db, day, lines, rule.ratio), now, rule)


def outlook(db: Database, config: Config, ticket: Ticket, now: datetime) -> Outlook:
    """Say how long somebody in line still waits; counters that share a line share all theirs."""
    open_now = counters.opened(db, ticket.day)
    serving = [number for number in open_now if ticket.line in lines_of(config, number)]
    if ticket.counter in open_now and ticket.counter is not None:
        serving = [ticket.counter]
    lines = sorted({letter for number in serving for letter in lines_of(config, number)} | {ticket.line})
    services, calls = (
        queue_stats.services(db, ticket.day, lines),
        queue_stats.last_calls(db, ticket.day, lines, queue_stats.SERVICES),
    )
    step = call_order.pace(services, len(serving))
    line = call_order.order(tickets.in_line(db, ticket.day, lines), calls, now, config.queue, step)
    ahead = next((place for place, one in enumerate(line) if one.ticket.id == ticket.id), 0)
    overtaking = 0.0 if ticket.is_priority or not calls else sum(calls) / len(calls)
    return Outlook(ahead, call_order.estimate(services, ahead, len(serving), overtaking))


def board(db: Database, config: Config, day: date) -> Board:
    """Return what the board shows."""
    at = {one.counter: one for one in tickets.all_at_counters(db, day)}
    heard = queue_stats.calls(db, day, 200)
    open_now = counters.opened(db, day)
    return Board(
        day,
        queue_stats.version(db),
        tuple(replace(_shown(one, at, heard), is_open=one.number in open_now) for one in config.counters),
        _without_repeats(heard)[:LAST_CALLS],
        {one.letter: tickets.waiting(db, day, one.letter) for one in config.series},
    )


def _shown(counter: Counter, at: Mapping[int | None, Ticket], heard: Sequence[Call]) -> Shown:
    ticket = at.get(counter.number)
    if ticket is None:
        return Shown(counter.number, counter.name)
    call = next((one for one in heard if (one.counter, one.label) == (counter.number, ticket.label)), None)
    shown = Shown(counter.number, counter.name, label=ticket.label, state=ticket.state)
    return replace(shown, seq=call.seq, at=call.at) if call else shown


def _without_repeats(heard: Sequence[Call]) -> tuple[Call, ...]:
    seen = dict[tuple[int, str], Call]()
    for call in heard:
        seen.setdefault((call.counter, call.label), call)
    return tuple(seen.values())
