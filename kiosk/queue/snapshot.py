"""The current state of the queue: next calls of a counter, estimated waits, the board. Only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.config import Config
from kiosk.config.list_sections import Counter, Series
from kiosk.queue import call_order
from kiosk.queue.call_order import NextCall
from kiosk.records import counters, queue_stats, tickets
from kiosk.records.queue_stats import TicketCall
from kiosk.records.tickets import Ticket, TicketState
from kiosk.vietnam.calendar import Calendar

LAST_CALLS = 6
"""Numbers on the board while fewer than that are at a counter: done ones fill it up."""
CLOSING_MINUTES = 15
"""From so many minutes before the last closing time the tickets that are left are named, if not from earlier."""
LAST_NUMBER = 999
"""Ticket, board and voice have three digits."""


@dataclass(frozen=True)
class BoardCounter:
    """A counter on the board; label and state are None while it has no ticket, seq is that of its last call."""

    counter: int
    name: str
    is_open: bool = False
    label: str | None = None
    state: TicketState | None = None
    seq: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Board:
    """The public board; it is redrawn when day or version change, and only calls with a greater seq are spoken.

    `last` has every number once: those at a counter first, then done ones, newest first. `absent` are the numbers that
    were called and did not come, newest first; `newest` is the seq of the newest call.
    """

    day: date
    version: int
    counters: tuple[BoardCounter, ...]
    last: tuple[TicketCall, ...]
    absent: tuple[str, ...]
    newest: int
    waiting: dict[str, int]


@dataclass(frozen=True)
class DayEnd:
    """The tickets that are left shortly before the last closing time of a day, and after it."""

    closes_at: time
    is_over: bool
    labels: tuple[str, ...]


@dataclass(frozen=True)
class WaitEstimate:
    """The number of calls before a ticket, its wait as a range of minutes, if it can be estimated, and its counters."""

    ahead: int
    minutes: tuple[int, int] | None
    counters: tuple[int, ...] = ()
    """The open counters that may call it."""


def may_draw(db: Database, config: Config, days: Calendar, series: Series, now: datetime) -> bool:
    """Return whether a ticket of a series can be drawn: within its quota and before `last_minutes` to closing.

    A series that a lead has just removed, or given another letter, gives none, also to a page that still shows it.
    """
    known = config.series_of(series.id)
    if known is None or known.letter != series.letter or _is_late(config, days, now):
        return False
    return tickets.last_number(db, clock.local(now).date(), series.letter) < _quota(series)


def drawable_letters(db: Database, config: Config, days: Calendar, now: datetime) -> frozenset[str]:
    """Return the letters of the series of which a ticket can be drawn, as `may_draw` does for one."""
    if _is_late(config, days, now):
        return frozenset()
    last = tickets.last_numbers(db, clock.local(now).date())
    return frozenset(series.letter for series in config.series if last.get(series.letter, 0) < _quota(series))


def _is_late(config: Config, days: Calendar, now: datetime) -> bool:
    at = clock.local(now)
    minutes = config.queue.last_minutes
    ends = [end for _, end in days.open_hours(at.date())]
    return minutes > 0 and (not ends or (at + timedelta(minutes=minutes)).time() >= ends[-1])


def _quota(series: Series) -> int:
    return series.quota or LAST_NUMBER


def lines_of(config: Config, counter: int) -> tuple[str, ...]:
    """Return the letters of the lines that a counter serves; none where the ward has no such counter."""
    settings = config.counter(counter)
    return config.lines_of(settings) if settings else ()


def upcoming(db: Database, config: Config, day: date, counter: int, now: datetime) -> list[NextCall[Ticket]]:
    """Return the order in which a counter will call the waiting tickets, with the reasons."""
    lines = lines_of(config, counter)
    waiting = tickets.in_line(db, day, lines, counter=counter)
    last_calls = queue_stats.last_call_priorities(db, day, lines, count=config.queue.ratio)
    return call_order.call_sequence(waiting, last_calls, now, rule=config.queue)


def next_at(db: Database, config: Config, day: date, counter: int, now: datetime) -> NextCall[Ticket] | None:
    """Return a counter's next call; None when no ticket is ready."""
    lines = lines_of(config, counter)
    absent_since = now - timedelta(minutes=config.queue.absent_minutes)
    candidates = tickets.call_candidates(db, day, lines, counter=counter, absent_since=absent_since)
    has_priority = any(ticket.is_priority for ticket in candidates)
    # The last calls only decide whether a priority ticket must let an ordinary one go first.
    last_calls = queue_stats.last_call_priorities(db, day, lines, count=config.queue.ratio) if has_priority else []
    return call_order.next_call(candidates, last_calls, now, rule=config.queue)


def estimate_wait(
    db: Database, config: Config, ticket: Ticket, now: datetime, *, is_drawn: bool = True
) -> WaitEstimate:
    """Estimate how long a ticket still waits; counters that share a line share all their lines.

    Screen, paper, look-up and phone all say this. A ticket that is not drawn yet counts as the last one of its line.
    """
    (estimate,) = _estimate(db, config, [ticket], now, is_drawn=is_drawn)
    return estimate


def estimate_waits(db: Database, config: Config, waiting: Sequence[Ticket], now: datetime) -> dict[str, WaitEstimate]:
    """Estimate how long tickets of a day still wait, by ticket id; the order of a line is made once."""
    groups: dict[tuple[str, int | None], list[Ticket]] = {}
    for ticket in waiting:
        groups.setdefault((ticket.line, ticket.counter), []).append(ticket)
    return {
        ticket.id: estimate
        for group in groups.values()
        for ticket, estimate in zip(group, _estimate(db, config, group, now, is_drawn=True), strict=True)
    }


def _estimate(
    db: Database, config: Config, group: Sequence[Ticket], now: datetime, *, is_drawn: bool
) -> list[WaitEstimate]:
    """Estimate the waits of tickets that have day, line and counter in common."""
    first = group[0]
    open_counters = counters.open_counters(db, first.day)
    serving = [number for number in open_counters if first.line in lines_of(config, number)]
    if first.counter in open_counters and first.counter is not None:
        serving = [first.counter]
    letters = {first.line}
    for number in serving:
        letters.update(lines_of(config, number))
    lines = sorted(letters)
    service_minutes = queue_stats.service_minutes(db, first.day, lines)
    last_calls = queue_stats.last_call_priorities(db, first.day, lines, count=queue_stats.SERVICES)
    minutes_per_call = call_order.estimate_minutes_per_call(service_minutes, len(serving))
    waiting = tickets.in_line(db, first.day, lines)
    if not is_drawn:
        waiting.extend(group)
    sequence = call_order.call_sequence(waiting, last_calls, now, rule=config.queue, minutes_per_call=minutes_per_call)
    places = {call.ticket.id: place for place, call in enumerate(sequence)}
    share = sum(last_calls) / len(last_calls) if last_calls else 0.0
    estimates: list[WaitEstimate] = []
    for ticket in group:
        ahead = places.get(ticket.id, 0)
        priority_share = 0.0 if ticket.is_priority else share
        minutes = call_order.wait_range(service_minutes, ahead, len(serving), priority_share=priority_share)
        estimates.append(WaitEstimate(ahead=ahead, minutes=minutes, counters=tuple(sorted(serving))))
    return estimates


def estimate_next(db: Database, config: Config, series: Series, now: datetime) -> WaitEstimate:
    """Estimate how long the next ticket of a series would wait if it were drawn now."""
    day = clock.local(now).date()
    ticket = Ticket(
        id="",
        day=day,
        series=series.letter,
        number=tickets.last_number(db, day, series.letter) + 1,
        state="waiting",
        submission_id=None,
        priority=None,
        drawn_at=now,
        line=series.letter,
        turn=tickets.last_turn(db, day) + 1,
        since=now,
    )
    return estimate_wait(db, config, ticket, now, is_drawn=False)


def board(db: Database, config: Config, day: date) -> Board:
    """Return the board of a day."""
    ticket_at = {ticket.counter: ticket for ticket in tickets.all_at_counters(db, day)}
    calls = queue_stats.last_calls(db, day, 200)
    open_counters = counters.open_counters(db, day)
    shown = (_board_counter(counter, ticket_at, calls) for counter in config.counters)
    return Board(
        day=day,
        version=queue_stats.version(db),
        counters=tuple(replace(counter, is_open=counter.counter in open_counters) for counter in shown),
        last=_shown_calls(_newest_calls(calls)),
        absent=tuple(call.label for call in _newest_calls(calls) if call.state in {"absent", "closed"}),
        newest=max((call.seq for call in calls), default=0),
        waiting={series.letter: tickets.count_waiting(db, day, series.letter) for series in config.series},
    )


def _board_counter(
    counter: Counter, ticket_at: Mapping[int | None, Ticket], calls: Sequence[TicketCall]
) -> BoardCounter:
    ticket = ticket_at.get(counter.number)
    if ticket is None:
        return BoardCounter(counter.number, counter.name)
    call = next((call for call in calls if (call.counter, call.label) == (counter.number, ticket.label)), None)
    shown = BoardCounter(counter.number, counter.name, label=ticket.label, state=ticket.state)
    return replace(shown, seq=call.seq, at=call.at) if call else shown


def _newest_calls(calls: Sequence[TicketCall]) -> tuple[TicketCall, ...]:
    """Return the newest call of each ticket."""
    newest: dict[str, TicketCall] = {}
    for call in calls:
        newest.setdefault(call.label, call)
    return tuple(newest.values())


def _shown_calls(calls: Sequence[TicketCall]) -> tuple[TicketCall, ...]:
    """Return the calls of the tickets that are at their counters, and the last done ones while there is room."""
    here = [call for call in calls if call.state in tickets.AT_COUNTER and call.now_at == call.counter]
    done = [call for call in calls if call.state == "done"]
    return (*here, *done[: max(0, LAST_CALLS - len(here))])


def day_end(db: Database, config: Config, days: Calendar, now: datetime) -> DayEnd | None:
    """Return the tickets that are left at the end of the day; None before it, or when nobody is left.

    Tickets end with the day, so the people who hold them must be told before they leave.
    """
    at = clock.local(now)
    hours = days.open_hours(at.date())
    if not hours:
        return None
    closes_at = hours[-1][1]
    minutes = max(config.queue.last_minutes, CLOSING_MINUTES)
    closing = datetime.combine(at.date(), closes_at, clock.WARD)
    if at < closing - timedelta(minutes=minutes):
        return None
    labels = tuple(tickets.labels_left(db, at.date()))
    return DayEnd(closes_at=closes_at, is_over=at >= closing, labels=labels) if labels else None
