"""Demo data of practice: a made-up morning with people who wait and people who were served.

It is created through the acts, with a clock that is set back, so the store looks as after a real morning. A store that
has tickets of today already is not changed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from kiosk.acts import applying, calling, queueing
from kiosk.acts.calling import CounterRequest
from kiosk.base import clock, codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.procedures.samples import sample_answers
from kiosk.records import figures, staff, tickets
from kiosk.records.tickets import Ticket
from kiosk.vietnam.reference_data import read

MORNING = "practice_morning.toml"
MorningVisitor = Mapping[str, Any]
TimedAct = tuple[float, Callable[[Context], None]]
"""Minutes before now, and the act of that moment."""


def seed(context: Context) -> int:
    """Play the made-up morning up to now; return the number of visitors, 0 when there were visits today."""
    now = context.clock.now()
    day = context.clock.today()
    morning = read(MORNING)
    with context.store.read() as db:
        if figures.visits(db, day):
            return 0
        officers = [person.code for person in staff.list_all(db)]
    counters = [counter.number for counter in context.config.counters]
    acts = [*_arrivals(morning), *_services(morning, officers, counters)]
    acts.sort(key=lambda timed: -timed[0])
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # Early in the day the morning would begin yesterday: scale it down to the minutes since midnight.
    scale = min(1.0, (now - midnight).total_seconds() / 60 / (acts[0][0] + 1))
    for minutes, act in acts:
        act(replace(context, clock=FixedClock(now - timedelta(minutes=minutes * scale))))
    return len(morning["visitor"])


def _arrivals(morning: Mapping[str, Any]) -> Iterator[TimedAct]:
    for visitor in morning["visitor"]:
        yield visitor["came"], partial(_arrive, visitor=visitor)


def _services(morning: Mapping[str, Any], officers: list[str], counters: list[int]) -> Iterator[TimedAct]:
    """Yield calls and finishes; each counter has its own officer, and a single counter is always busy."""
    for service in morning["meta"]["service"]:
        place = service["counter"] - 1
        counter_request = CounterRequest(
            counter=counters[place % len(counters)],
            ticket_id=None,
            nonce=codes.nonce(),
            actor=officers[place % len(officers)],
        )
        yield service["called"], partial(_call, counter_request=counter_request)
        yield service["done"], partial(_finish, counter_request=counter_request)


def _arrive(context: Context, visitor: MorningVisitor) -> None:
    procedure = context.catalogue.in_force(visitor.get("code", ""), context.clock.today())
    ticket = _submit(context, visitor, procedure) if procedure else _draw(context, visitor.get("series", ""))
    if ticket and "priority" in visitor:
        queueing.declare_priority(context, ticket.id, visitor["priority"])


def _draw(context: Context, series_id: str) -> Ticket:
    return queueing.draw_ticket(context, context.config.series_of(series_id) or context.config.series[0])


def _submit(context: Context, visitor: MorningVisitor, procedure: Procedure) -> Ticket | None:
    """Fill in and submit a form as a citizen does; return its ticket."""
    days = {key: context.clock.today() - timedelta(days=count) for key, count in visitor.get("days_old", {}).items()}
    given = visitor["answers"] | {key: day.isoformat() for key, day in days.items()}
    session = codes.token()
    applying.start_session(context, session)
    draft = applying.begin(
        context,
        session,
        procedure=procedure,
        answers=sample_answers(procedure=procedure, office=context.office, today=context.clock.today(), given=given),
    )
    applying.update_draft(context, draft.id, lambda answers: answers.done.extend(step.id for step in procedure.steps))
    submitted = applying.submit(context, session, draft.id)
    applying.end_session(context, session)
    return submitted.ticket


def _call(context: Context, counter_request: CounterRequest) -> None:
    calling.call_next(context, counter_request)


def _finish(context: Context, counter_request: CounterRequest) -> None:
    with context.store.read() as db:
        ticket = tickets.at_counter(db, context.clock.today(), counter_request.counter)
    calling.finish(context, replace(counter_request, ticket_id=ticket.id if ticket else None, nonce=codes.nonce()))
