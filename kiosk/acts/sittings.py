"""An officer sits down at a counter; not where another officer's number stands, whose form the page would show.

A number at a counter that its officer has left is put back into its line first, where it is the next one. Each of these
leaves an audit line with the number and the receipt number of its form.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlite_utils import Database

from kiosk.base.errors import CounterBusy, NotFound
from kiosk.context import Context
from kiosk.dossiers import counter_closing
from kiosk.records import audit, counters, staff, submissions, tickets
from kiosk.records.staff import Sitting
from kiosk.records.tickets import Ticket, TicketChange


@dataclass(frozen=True)
class CounterAssignment:
    """A counter that an officer sat down at, and the sittings that lost their counter by it."""

    counter: int
    displaced: tuple[Sitting, ...]


def sit_at_counter(
    context: Context, session: str, counter: int, *, puts_back: bool = False
) -> CounterAssignment | None:
    """Assign a counter to a session and open the counter; None when the session has ended. The one before is closed.

    Any other session at this counter, or of the same person, loses its counter: the newest one calls.

    Args:
        puts_back: put a number that another officer called there back into its line, if nobody sits there any more.

    Raises:
        CounterBusy: a number stands there that another officer called.
        NotFound: the settings have no such counter.
    """
    if context.config.counter(counter) is None:
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    with context.store.write() as db:
        sitting = staff.find_sitting(db, session)
        if sitting is None:
            return None
        code = sitting.person.code
        ticket = tickets.at_counter(db, context.clock.today(), counter)
        busy = _busy(db, context, ticket=ticket, counter=counter, code=code)
        if ticket is not None and busy is not None and puts_back and busy.may_put_back:
            _put_back(db, context, ticket=ticket, actor=code)
            ticket = busy = None
        if busy is None:
            assignment = _sit_down(db, context, sitting=sitting, counter=counter, ticket=ticket)
            if sitting.counter not in (None, counter):
                counter_closing.close(db, context, sitting.counter, code)
        else:
            _audit(db, context, "take_counter_refused", actor=code, subject=str(counter), facts=_facts(db, ticket))
    if busy is not None:
        raise busy
    return assignment


def busy_counters(context: Context, session: str) -> dict[int, CounterBusy]:
    """Return the counters at which this session may not sit down now, with the reason."""
    with context.store.read() as db:
        sitting = staff.find_sitting(db, session)
        code = sitting.person.code if sitting else ""
        standing = tickets.all_at_counters(db, context.clock.today())
        found = [_busy(db, context, ticket=ticket, counter=ticket.counter or 0, code=code) for ticket in standing]
    return {busy.counter: busy for busy in found if busy is not None}


def _busy(db: Database, context: Context, *, ticket: Ticket | None, counter: int, code: str) -> CounterBusy | None:
    """Return why a person may not sit down; None where no number stands there, or their own."""
    if ticket is None:
        return None
    called_by = next(
        (event.actor for event in reversed(tickets.events(db, ticket.id)) if event.event in ("called", "served")), None
    )
    if called_by == code:
        return None
    return CounterBusy(counter, ticket.label, may_put_back=not _is_attended(db, context, counter, code))


def _is_attended(db: Database, context: Context, counter: int, code: str) -> bool:
    """Return whether another person sits at a counter: signed in, not locked and not idle."""
    limit = timedelta(minutes=context.config.lock.minutes)
    now = context.clock.now()
    others = [sitting for sitting in staff.sittings_at(db, counter) if sitting.person.code != code]
    return any(not sitting.is_locked and abs(now - sitting.seen) < limit for sitting in others)


def _put_back(db: Database, context: Context, *, ticket: Ticket, actor: str) -> None:
    """Put a number back into its line, where it is first again."""
    now = context.clock.now()
    change = TicketChange(event="transferred", at=now, actor=actor, counter=ticket.counter, detail=ticket.line)
    tickets.move(db, ticket, after=replace(ticket, state="waiting", counter=None), change=change)
    facts = {**_facts(db, ticket), "counter": ticket.counter}
    _audit(db, context, "put_back", actor=actor, subject=ticket.id, facts=facts)


def _sit_down(
    db: Database, context: Context, *, sitting: Sitting, counter: int, ticket: Ticket | None
) -> CounterAssignment:
    code = sitting.person.code
    rivals = [*staff.sittings_at(db, counter), *staff.sittings_of(db, code)]
    displaced = {
        rival.session: rival for rival in rivals if rival.session != sitting.session and rival.counter is not None
    }
    for other_session in displaced:
        staff.set_counter(db, other_session, None)
    staff.set_counter(db, sitting.session, counter)
    counters.open(db, context.clock.today(), counter=counter, now=context.clock.now(), actor=code)
    facts = {**_facts(db, ticket), "displaced": len(displaced)}
    _audit(db, context, "take_counter", actor=code, subject=str(counter), facts=facts)
    return CounterAssignment(counter, tuple(displaced.values()))


def _facts(db: Database, ticket: Ticket | None) -> dict[str, audit.AuditFact]:
    """Return the number at the counter and the receipt number of its form."""
    if ticket is None:
        return {}
    submission = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    return {"number": ticket.label, "receipt": submission.receipt_no if submission else ""}


def _audit(
    db: Database, context: Context, act: str, *, actor: str, subject: str, facts: dict[str, audit.AuditFact]
) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
