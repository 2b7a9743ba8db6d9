"""Made-up days of the desk for its pictures: some earlier mornings, decided cases, and a queue of today.

Everything is made through the acts, with a clock that is set back.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput, CaseRequest, SupplementInput
from kiosk.base.clock import FixedClock, local
from kiosk.context import Context
from kiosk.records import submissions, tickets
from kiosk.records.tickets import Ticket
from kiosk.startup import demo_data
from printers import spool

BIRTH = "1.001193"
COPY = "2.000635"
MARITAL = "1.004873"
EARLIER = ((28, 16.0), (21, 14.5), (14, 10.75), (7, 9.5), (2, 8.75))
"""Days before today, and the hour at which that morning is over; 24 November is a holiday."""
AFTER_UNDO = 60
"""Seconds after which a decision is no longer offered for undoing."""


def play_days(context: Context, actor: str, *, clock: FixedClock) -> None:
    """Play the earlier days and today's morning; `actor` decides some cases of the last days.

    No slip waits for a printer.
    """
    for days, hour in EARLIER:
        demo_data.seed(_at(context, days, hour))
    week_ago = _at(context, *EARLIER[-2])
    last_day = _at(context, *EARLIER[-1])
    today = context.clock.today()
    _accept(week_ago, COPY, actor, due=last_day.clock.today(), official_no="H57.99.01-261118-0031")
    _accept(last_day, BIRTH, actor, due=today, official_no="H57.99.01-261123-0036")
    _accept(last_day, MARITAL, actor, due=context.calendar.after(today, 2), official_no="H57.99.01-261123-0038")
    deciding.request_supplement(
        last_day,
        CaseRequest(_case_of(last_day, COPY), 0, actor),
        SupplementInput(papers=(), lines=("Giấy ủy quyền có chứng thực",), reason="Người nộp đi thay."),
    )
    clock.advance(AFTER_UNDO)
    demo_data.seed(context)
    with context.store.write() as db:
        for job in spool.list_jobs(db, ["queued"]):
            spool.cancel(db, job.id, actor, context.clock.now())


def waiting_number(context: Context, procedure: str = "") -> Ticket:
    """Return the last waiting number of a procedure today; without one, of a number that has no form."""
    with context.store.read() as db:
        forms = {case.id: case.procedure for case in submissions.of_day(db, context.clock.today())}
        waiting = [ticket for ticket in tickets.of_day(db, context.clock.today()) if ticket.state == "waiting"]
    return next(ticket for ticket in reversed(waiting) if forms.get(ticket.submission_id or "", "") == procedure)


def _at(context: Context, days: int, hour: float) -> Context:
    now = local(context.clock.now())
    midnight = datetime.combine(now.date(), datetime.min.time(), now.tzinfo)
    return replace(context, clock=FixedClock(midnight - timedelta(days=days) + timedelta(hours=hour)))


def _accept(context: Context, procedure: str, actor: str, *, due: date, official_no: str) -> None:
    acceptance = AcceptanceInput(due_on=due, official_no=official_no)
    deciding.accept(context, CaseRequest(_case_of(context, procedure), 0, actor), acceptance)


def _case_of(context: Context, procedure: str) -> str:
    """Return the id of the day's first case of a procedure."""
    with context.store.read() as db:
        cases = submissions.of_day(db, context.clock.today())
    return next(case.id for case in cases if case.procedure == procedure)
