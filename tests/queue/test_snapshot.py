"""A simulated busy morning: the order of calls, and whether the estimated range contains the real wait."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.acts.calling import CounterRequest
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.records import tickets
from kiosk.records.tickets import Ticket, TicketChange
from tests.journeys.queue_harness import press

COUNTERS = 4
PEOPLE = 120


@dataclass
class Visitor:
    drawn_at: datetime
    ticket: Ticket
    estimate: tuple[int, int] | None
    called_at: datetime | None = None

    @property
    def wait_end(self) -> datetime:
        assert self.called_at is not None
        return self.called_at

    @property
    def minutes(self) -> float:
        return (self.wait_end - self.drawn_at).total_seconds() / 60


def with_counters(config: Config) -> Config:
    four = tuple(Counter(number, f"Quầy {number}", ("A", "B")) for number in range(1, COUNTERS + 1))
    return replace(config, counters=four)


def simulate_morning(context: Context, clock: FixedClock, rng: random.Random) -> Iterator[Visitor]:
    """Simulate 120 people in 130 minutes, served in about 6 minutes each; one in six has priority."""
    start = clock.now()
    letters = {series.letter: series for series in context.config.series}
    arrivals = sorted((rng.uniform(0, 130), rng.choice("AAB")) for _ in range(PEOPLE))
    events: list[tuple[float, int, int, str]] = [(at, 1, place, letter) for place, (at, letter) in enumerate(arrivals)]
    events += [(0.0, 0, counter, "") for counter in range(1, COUNTERS + 1)]
    heapq.heapify(events)
    people: dict[str, Visitor] = {}
    at_counter: dict[int, str | None] = {}
    nonce = 0
    while len(people) < PEOPLE or any(visitor.called_at is None for visitor in people.values()):
        minutes, kind, which, letter = heapq.heappop(events)
        clock.advance((start + timedelta(minutes=minutes) - clock.now()).total_seconds())
        if kind:
            ticket = queueing.draw_ticket(context, letters[letter])
            if rng.random() < 1 / 6:
                queueing.declare_priority(context, ticket.id, "elderly")
            with context.store.read() as db:
                row = tickets.find(db, ticket.id)
                assert row is not None
                estimate = snapshot.estimate_wait(db, context.config, row, clock.now())
            people[ticket.id] = Visitor(clock.now(), row, estimate.minutes)
            continue
        nonce += 1
        called = calling.call_next(
            context,
            CounterRequest(counter=which, ticket_id=at_counter.get(which), nonce=str(nonce), actor=f"CB0{which}"),
        )
        at_counter[which] = called.ticket.id if called.ticket else None
        if called.ticket:
            people[called.ticket.id].called_at = clock.now()
        service = min(20.0, max(1.5, rng.lognormvariate(1.75, 0.45))) if called.ticket else 0.5
        heapq.heappush(events, (minutes + service, 0, which, ""))
    yield from people.values()


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return replace(context, config=with_counters(context.config))


@pytest.mark.parametrize("seed", range(4))
def test_a_busy_morning_is_fair_and_the_estimated_range_is_right(
    context: Context, clock: FixedClock, seed: int
) -> None:
    people = list(simulate_morning(context, clock, random.Random(seed)))
    assert len({visitor.ticket.label for visitor in people if visitor.called_at}) == PEOPLE
    bound = timedelta(minutes=context.config.queue.max_wait_minutes)
    late = [
        visitor for visitor in people if not visitor.ticket.is_priority and visitor.wait_end - visitor.drawn_at > bound
    ]
    assert late
    for person in late:
        between = [visitor for visitor in people if person.drawn_at + bound < visitor.wait_end < person.wait_end]
        assert all(visitor.drawn_at <= person.drawn_at and visitor in late for visitor in between)
    estimates = [(visitor.minutes, *visitor.estimate) for visitor in people if visitor.estimate]
    assert len(estimates) > PEOPLE * 0.8
    assert sum(low <= minutes <= high for minutes, low, high in estimates) >= 0.7 * len(estimates)


def test_a_wait_is_not_estimated_where_no_counter_is_open(context: Context, clock: FixedClock) -> None:
    first, second = [queueing.draw_ticket(context, context.config.series[0]) for _ in range(2)]
    with context.store.read() as db:
        assert snapshot.estimate_wait(db, context.config, second, clock.now()) == snapshot.WaitEstimate(1, None)
        assert snapshot.estimate_wait(db, context.config, first, clock.now()) == snapshot.WaitEstimate(0, None)


def test_the_wait_of_a_number_passed_to_a_counter_is_that_of_one_counter(context: Context, clock: FixedClock) -> None:
    config = replace(context.config, counters=(Counter(1, "", ("A",)), Counter(2, "", ("A",))))
    context.config = config
    series = config.series[0]
    for counter in (1, 2):
        calling.open_counter(context, counter, "CB01")
    for _ in range(6):
        queueing.draw_ticket(context, series)
        press(context, 1)
        clock.advance(360)
        press(context, 1, calling.finish)
    for _ in range(4):
        ticket = queueing.draw_ticket(context, series)
    with context.store.read() as db:
        drawn = tickets.find(db, ticket.id)
        assert drawn is not None
        anywhere = snapshot.estimate_wait(db, config, drawn, clock.now()).minutes
        assert snapshot.estimate_waits(db, config, tickets.in_line(db, drawn.day, ["A"]), clock.now())[
            ticket.id
        ] == snapshot.estimate_wait(db, config, drawn, clock.now())
        at_one = snapshot.estimate_wait(db, config, replace(drawn, counter=2), clock.now()).minutes
    assert (anywhere, at_one) == ((5, 15), (15, 25))


@pytest.mark.parametrize("seed", range(40))
def test_who_is_called_is_the_first_of_the_whole_order(context: Context, clock: FixedClock, seed: int) -> None:
    rng = random.Random(seed)
    config = replace(context.config, counters=(Counter(1, "", ("A", "B")), Counter(2, "", ())))
    with context.store.write() as db:
        for _ in range(rng.randint(0, 12)):
            drawn = tickets.draw(db, clock.today(), rng.choice("ABC"), clock.now())
            moved = replace(
                drawn,
                state=rng.choice(("waiting", "waiting", "absent", "held")),
                priority=rng.choice((None, None, "elderly")),
                counter=rng.choice((None, None, 1, 2)),
                since=clock.now() - timedelta(minutes=rng.choice((0, 3, 10, 50, 60))),
            )
            tickets.move(db, drawn, moved, TicketChange("priority", clock.now()))
            clock.advance(60 * rng.randint(0, 3))
        for counter in (1, 2):
            whole = snapshot.upcoming(db, config, clock.today(), counter, clock.now())
            first = snapshot.next_at(db, config, clock.today(), counter, clock.now())
            rest = timedelta(minutes=config.queue.absent_minutes)
            ready = [call for call in whole if not call.ticket.is_absent or clock.now() - call.ticket.since >= rest]
            assert first == (whole[0] if ready else None)
