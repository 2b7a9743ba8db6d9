"""A busy morning, simulated: who is passed over, and whether the range that is shown holds the wait that comes."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.acts.calling import Tap
from kiosk.clock import Fixed
from kiosk.config import Config
from kiosk.config.sections import Counter
from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.records import tickets
from kiosk.records.tickets import Change, Ticket

COUNTERS, PEOPLE = 4, 120


@dataclass
class Person:
    came: datetime
    ticket: Ticket
    told: tuple[int, int] | None
    called: datetime | None = None

    @property
    def until(self) -> datetime:
        assert self.called is not None
        return self.called

    @property
    def minutes(self) -> float:
        return (self.until - self.came).total_seconds() / 60


def ward(config: Config) -> Config:
    four = tuple(Counter(number, f"Quầy {number}", ("A", "B")) for number in range(1, COUNTERS + 1))
    return replace(config, counters=four)


def morning(context: Context, clock: Fixed, chance: random.Random) -> Iterator[Person]:
    """Let 120 people come within 130 minutes and be served in about 6 minutes each; one in six has priority."""
    start = clock.now()
    letters = {one.letter: one for one in context.config.series}
    comings = sorted((chance.uniform(0, 130), chance.choice("AAB")) for _ in range(PEOPLE))
    events: list[tuple[float, int, int, str]] = [(at, 1, place, letter) for place, (at, letter) in enumerate(comings)]
    events += [(0.0, 0, counter, "") for counter in range(1, COUNTERS + 1)]
    heapq.heapify(events)
    people, at_counter, nonce = dict[str, Person](), dict[int, str | None](), 0
    while len(people) < PEOPLE or any(one.called is None for one in people.values()):
        minutes, kind, which, letter = heapq.heappop(events)
        clock.forward((start + timedelta(minutes=minutes) - clock.now()).total_seconds())
        if kind:
            ticket = queueing.draw(context, letters[letter])
            if chance.random() < 1 / 6:
                queueing.declare(context, ticket.id, "elderly")
            with context.store.read() as db:
                held = tickets.find(db, ticket.id)
                assert held is not None
                outlook = snapshot.outlook(db, context.config, held, clock.now())
            people[ticket.id] = Person(clock.now(), held, outlook.minutes)
            continue
        nonce += 1
        told = calling.call_next(context, Tap(which, at_counter.get(which), str(nonce), f"CB0{which}"))
        at_counter[which] = told.ticket.id if told.ticket else None
        if told.ticket:
            people[told.ticket.id].called = clock.now()
        service = min(20.0, max(1.5, chance.lognormvariate(1.75, 0.45))) if told.ticket else 0.5
        heapq.heappush(events, (minutes + service, 0, which, ""))
    yield from people.values()


@pytest.fixture
def context(app: Flask) -> Context:
    here: Context = app.extensions["context"]
    return replace(here, config=ward(here.config))


@pytest.mark.parametrize("seed", range(4))
def test_a_busy_morning_is_fair_and_the_range_that_is_shown_holds(context: Context, clock: Fixed, seed: int) -> None:
    people = list(morning(context, clock, random.Random(seed)))
    assert len({one.ticket.label for one in people if one.called}) == PEOPLE
    bound = timedelta(minutes=context.config.queue.max_wait_minutes)
    late = [one for one in people if not one.ticket.is_priority and one.until - one.came > bound]
    assert late
    for person in late:
        between = [one for one in people if person.came + bound < one.until < person.until]
        assert all(one.came <= person.came and one in late for one in between)
    told = [(one.minutes, *one.told) for one in people if one.told]
    assert len(told) > PEOPLE * 0.8
    assert sum(low <= minutes <= high for minutes, low, high in told) >= 0.7 * len(told)


def test_a_wait_is_not_told_where_no_counter_is_open(context: Context, clock: Fixed) -> None:
    first, second = [queueing.draw(context, context.config.series[0]) for _ in range(2)]
    with context.store.read() as db:
        assert snapshot.outlook(db, context.config, second, clock.now()) == snapshot.Outlook(1, None)
        assert snapshot.outlook(db, context.config, first, clock.now()) == snapshot.Outlook(0, None)


@pytest.mark.parametrize("seed", range(40))
def test_who_is_called_is_the_first_of_the_whole_order(context: Context, clock: Fixed, seed: int) -> None:
    chance, config = (
        random.Random(seed),
        replace(context.config, counters=(Counter(1, "", ("A", "B")), Counter(2, "", ()))),
    )
    with context.store.write() as db:
        for _ in range(chance.randint(0, 12)):
            drawn = tickets.draw(db, clock.today(), chance.choice("ABC"), clock.now())
            then = replace(
                drawn,
                state=chance.choice(("waiting", "waiting", "absent", "held")),
                priority=chance.choice((None, None, "elderly")),
                counter=chance.choice((None, None, 1, 2)),
                since=clock.now() - timedelta(minutes=chance.choice((0, 3, 10, 50, 60))),
            )
            tickets.move(db, drawn, then, Change("priority", clock.now()))
            clock.forward(60 * chance.randint(0, 3))
        for counter in (1, 2):
            whole = snapshot.next_up(db, config, clock.today(), counter, clock.now())
            first = snapshot.first_up(db, config, clock.today(), counter, clock.now())
            rest = timedelta(minutes=config.queue.absent_minutes)
            ready = [one for one in whole if not one.ticket.is_resting or clock.now() - one.ticket.since >= rest]
            assert first == (whole[0] if ready else None)
