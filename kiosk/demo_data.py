"""A practice kiosk begins in the middle of a morning: made-up people wait, some were served.

All of it goes the way of every form and every call, through the acts, with a clock that is set back: what an officer
finds is what the machine would hold. A store that has numbers of today already is left as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from kiosk import clock, codes
from kiosk.acts import applying, calling, queueing
from kiosk.acts.calling import CounterRequest
from kiosk.clock import FixedClock
from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.procedures.samples import sample_answers
from kiosk.records import figures, staff, tickets
from kiosk.records.tickets import Ticket
from kiosk.vietnam.reference_data import read

MORNING = "practice_morning.toml"
Told = Mapping[str, Any]
Happening = tuple[float, Callable[[Context], None]]
"""So many minutes ago, and what was done then."""


def seed(context: Context) -> int:
    """Play the made-up morning up to now; return how many came, 0 where somebody has been here today."""
    now, day, told = context.clock.now(), context.clock.today(), read(MORNING)
    with context.store.read() as db:
        if figures.visits(db, day):
            return 0
        people = [one.code for one in staff.list_all(db)]
    counters = [one.number for one in context.config.counters]
    happened = sorted([*_arrivals(told), *_services(told, people, counters)], key=lambda one: -one[0])
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # A morning that would have begun yesterday is pressed into what today has had.
    pressed = min(1.0, (now - midnight).total_seconds() / 60 / (happened[0][0] + 1))
    for minutes, happen in happened:
        happen(replace(context, clock=FixedClock(now - timedelta(minutes=minutes * pressed))))
    return len(told["visitor"])


def _arrivals(told: Told) -> Iterator[Happening]:
    for one in told["visitor"]:
        yield one["came"], partial(_come, told=one)


def _services(told: Told, people: list[str], counters: list[int]) -> Iterator[Happening]:
    """Each counter has an officer of its own; a ward with one counter has it busy all the time."""
    for one in told["meta"]["service"]:
        place = one["counter"] - 1
        tap = CounterRequest(counters[place % len(counters)], None, codes.nonce(), people[place % len(people)])
        yield one["called"], partial(_call, tap=tap)
        yield one["done"], partial(_finish, tap=tap)


def _come(context: Context, told: Told) -> None:
    procedure = context.catalogue.in_force(told.get("code", ""), context.clock.today())
    ticket = _file(context, told, procedure) if procedure else _draw(context, told.get("series", ""))
    if ticket and "priority" in told:
        queueing.declare_priority(context, ticket.id, told["priority"])


def _draw(context: Context, series_id: str) -> Ticket:
    return queueing.draw_ticket(context, context.config.series_of(series_id) or context.config.series[0])


def _file(context: Context, told: Told, procedure: Procedure) -> Ticket | None:
    """Fill in a form and hand it in, as somebody at the screen does; return the number drawn for it."""
    days = {key: context.clock.today() - timedelta(days=count) for key, count in told.get("days_old", {}).items()}
    given = told["answers"] | {key: day.isoformat() for key, day in days.items()}
    session = codes.token()
    applying.start_session(context, session)
    held = applying.begin(
        context, session, procedure, sample_answers(procedure, context.office, context.clock.today(), given), []
    )
    applying.update_draft(context, held.id, lambda draft: draft.done.extend(step.id for step in procedure.steps))
    filed = applying.submit(context, session, held.id, may_keep=False)
    applying.end_session(context, session)
    return filed.ticket


def _call(context: Context, tap: CounterRequest) -> None:
    calling.call_next(context, tap)


def _finish(context: Context, tap: CounterRequest) -> None:
    with context.store.read() as db:
        here = tickets.at_counter(db, context.clock.today(), tap.counter)
    calling.finish(context, replace(tap, ticket_id=here.id if here else None, nonce=codes.nonce()))
