"""The call order of a line: priority and ordinary tickets alternate, up to a longest wait.

Pure functions: the rule of the queue and the estimate of a wait, without store and clock. The rule: if the ordinary
ticket that has waited longest has waited more than `max_wait_minutes`, it is next. Else a priority ticket is next,
unless the last `ratio` calls were priority and an ordinary ticket waits. Else the first ordinary ticket is next. So
once an ordinary ticket has waited more than `max_wait_minutes`, only tickets that have waited longer are called before
it. An absent ticket is in a cool-down for `absent_minutes` from its `since`: it is not called in that time.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, Protocol, TypeVar

from kiosk.config.ward_sections import QueueSettings

CallReason = Literal["waited", "priority", "turn"]
MIN_SERVICES = 5
"""With fewer services today there is no estimate."""
STEP_MINUTES = 5
"""The step to which an estimate is rounded."""
WIDEST_FROM_ZERO = 30
"""Minutes. A range from 0 that is wider tells a citizen nothing."""


class QueuedTicket(Protocol):
    """A ticket in a line."""

    @property
    def turn(self) -> int:
        """The place in line; the smallest is first."""

    @property
    def since(self) -> datetime:
        """The time since which it waits, aware."""

    @property
    def is_priority(self) -> bool:
        """Whether it belongs to a priority group."""

    @property
    def is_absent(self) -> bool:
        """Whether its last call was not answered."""


TicketT = TypeVar("TicketT", bound=QueuedTicket)


@dataclass(frozen=True)
class NextCall(Generic[TicketT]):
    """The next ticket and the reason: "waited" too long, "priority", or its "turn"."""

    ticket: TicketT
    reason: CallReason


def next_call(
    waiting: Iterable[TicketT], last_calls: Sequence[bool], now: datetime, rule: QueueSettings
) -> NextCall[TicketT] | None:
    """Return the next ticket; None if none waits or all are in the cool-down.

    Args:
        last_calls: whether each of the last calls was priority, newest first.
    """
    ready = sorted(
        (ticket for ticket in waiting if not _is_in_cooldown(ticket, now, rule)), key=lambda ticket: ticket.turn
    )
    ordinary = [ticket for ticket in ready if not ticket.is_priority]
    priority = next((ticket for ticket in ready if ticket.is_priority), None)
    longest = min(ordinary, key=lambda ticket: (ticket.since, ticket.turn), default=None)
    if longest and now - longest.since > timedelta(minutes=rule.max_wait_minutes):
        return NextCall(longest, "waited")
    is_ordinary_due = len(last_calls) >= rule.ratio and all(last_calls[: rule.ratio])
    if priority and not (ordinary and is_ordinary_due):
        return NextCall(priority, "priority")
    return NextCall(ordinary[0], "turn") if ordinary else None


def call_sequence(
    waiting: Iterable[TicketT],
    last_calls: Sequence[bool],
    now: datetime,
    rule: QueueSettings,
    minutes_per_call: float = 0,
) -> list[NextCall[TicketT]]:
    """Simulate the calls of all tickets if no more came; tickets in the cool-down come last.

    Args:
        minutes_per_call: the time from call to call, so that tickets that will have waited too long by then come first.
    """
    by_turn = sorted(waiting, key=lambda ticket: ticket.turn)
    priority = [ticket for ticket in by_turn if ticket.is_priority]
    ordinary = [ticket for ticket in by_turn if not ticket.is_priority]
    longest = sorted(ordinary, key=lambda ticket: ticket.since)
    calls = list(last_calls)
    sequence: list[NextCall[TicketT]] = []
    while True:
        at = now + timedelta(minutes=minutes_per_call * len(sequence))
        # The rule chooses among the first of each order: a choice among all at each call takes time by the square.
        firsts = (_first_ready(tickets, at, rule) for tickets in (priority, ordinary, longest))
        candidates = [ticket for ticket in firsts if ticket is not None]
        call = next_call(candidates, calls[: rule.ratio], at, rule)
        if call is None:
            break
        for tickets in (priority,) if call.ticket.is_priority else (ordinary, longest):
            del tickets[next(place for place, ticket in enumerate(tickets) if ticket is call.ticket)]
        calls.insert(0, call.ticket.is_priority)
        sequence.append(call)
    in_cooldown = sorted([*priority, *ordinary], key=lambda ticket: ticket.turn)
    return [*sequence, *(NextCall(ticket, "priority" if ticket.is_priority else "turn") for ticket in in_cooldown)]


def estimate_minutes_per_call(service_minutes: Sequence[float], counters: int) -> float:
    """Return the median minutes from call to call; 0 when nothing is known."""
    return statistics.median(service_minutes) / counters if service_minutes and counters else 0.0


def wait_range(
    service_minutes: Sequence[float], ahead: int, counters: int, priority_share: float = 0
) -> tuple[int, int] | None:
    """Estimate a wait as a range of minutes, at least one behind somebody.

    None when too little is known, as for a range from nothing to two hours.

    The lower end takes the first quartile of the service times for all tickets ahead, the upper end the third quartile.
    The upper end also counts the ticket that is being served, and priority tickets that will come later.

    Args:
        service_minutes: the minutes of each of the last services.
        priority_share: the share of priority tickets among those that will come.
    """
    if len(service_minutes) < MIN_SERVICES or counters < 1:
        return None
    quick, _, slow = statistics.quantiles(service_minutes, n=4, method="inclusive")
    least = quick * ahead / counters
    most = slow * (ahead * (1 + priority_share) + 1) / counters
    low = int(least // STEP_MINUTES) * STEP_MINUTES
    high = max(low + STEP_MINUTES, -int(-most // STEP_MINUTES) * STEP_MINUTES)
    return None if low == 0 and high > WIDEST_FROM_ZERO else (max(low, min(ahead, 1)), high)


def _first_ready(tickets: Iterable[TicketT], now: datetime, rule: QueueSettings) -> TicketT | None:
    return next((ticket for ticket in tickets if not _is_in_cooldown(ticket, now, rule)), None)


def _is_in_cooldown(ticket: QueuedTicket, now: datetime, rule: QueueSettings) -> bool:
    return ticket.is_absent and now - ticket.since < timedelta(minutes=rule.absent_minutes)
