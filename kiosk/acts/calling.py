"""The queue at a counter: call, call again, absent, hold, transfer, finish; priorities; open and close a counter.

Each button posts the counter, the ticket that its page showed there and a nonce of that page. It takes effect only
while that ticket is still at the counter and the nonce is new. Otherwise nothing changes, and the result names the
ticket that is there. So a double touch, or a request sent again after a time-out, is one call.
"""

from dataclasses import dataclass, replace
from typing import Literal

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import counter_closing, seen_transfers, ticket_moves
from kiosk.queue import snapshot
from kiosk.records import audit, counters, services, tickets
from kiosk.records.fees import PaymentMethod
from kiosk.records.services import Outcome, ServiceLine, ServiceRecord
from kiosk.records.tickets import Priority, Ticket, TicketChange, TicketState

PriorityReason = Literal["seen", "paper", "asked", "mistaken"]
"""Reasons for setting or clearing a priority: seen, proved by a paper, asked, set by mistake."""


@dataclass(frozen=True)
class CounterRequest:
    """Post of a counter's button: counter, ticket that its page showed there (None: no ticket), nonce, officer."""

    counter: int
    ticket_id: str | None
    nonce: str
    actor: str


@dataclass(frozen=True)
class ServiceEnd:
    """End of a ticket without a decision; `lines` and the payment only for services that were done."""

    outcome: Outcome
    lines: tuple[ServiceLine, ...] = ()
    note: str = ""
    method: PaymentMethod | None = None
    exemption: str | None = None


@dataclass(frozen=True)
class CallResult:
    """The ticket that is at the counter now, and why it was called; `is_changed` is False where nothing changed."""

    ticket: Ticket | None
    is_changed: bool
    reason: str = ""


def call_next(context: Context, request: CounterRequest) -> CallResult:
    """Finish the ticket at the counter and call the next one of the call order; no ticket where none is waiting."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        next_call = snapshot.next_at(
            db, context.config, day=context.clock.today(), counter=request.counter, now=context.clock.now()
        )
        _finish_current(db, context, request=request, current=current)
        if next_call is None:
            return CallResult(None, is_changed=True)
        called = _call(db, context, request=request, ticket=next_call.ticket, reason=next_call.reason, before=current)
        _audit(db, context, act="call", actor=request.actor, ticket=called, detail=next_call.reason)
        return CallResult(called, is_changed=True, reason=next_call.reason)


def call_ticket(context: Context, request: CounterRequest, ticket_id: str) -> CallResult:
    """Finish the ticket at the counter and call another one out of turn, unless that is at another counter."""
    with context.store.write() as db:
        current = _current(db, context, request)
        wanted = tickets.find(db, ticket_id)
        if not (wanted and _may_come(context, wanted) and _is_fresh(db, request, current)):
            return CallResult(current, is_changed=False)
        _finish_current(db, context, request=request, current=current)
        called = _call(db, context, request=request, ticket=wanted, reason="chosen", before=current)
        _audit(db, context, act="call", actor=request.actor, ticket=called, detail="chosen")
        return CallResult(called, is_changed=True, reason="chosen")


def call_again(context: Context, request: CounterRequest) -> CallResult:
    """Call the same ticket once more."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or current.state != "called" or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        tickets.add_event(db, current, _change(context, request, "recalled"))
        _audit(db, context, act="recall", actor=request.actor, ticket=current)
        return CallResult(current, is_changed=True)


def start_serving(context: Context, request: CounterRequest) -> CallResult:
    """Record that the called person is at the counter."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or current.state != "called" or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        serving = replace(current, state="serving")
        ticket_moves.move(db, context, before=current, after=serving, change=_change(context, request, "served"))
        return CallResult(serving, is_changed=True)


def mark_absent(context: Context, request: CounterRequest) -> CallResult:
    """Put a ticket whose owner did not come at the end of the queue, or close it after too many absences (settings)."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        absences = current.absences + 1
        state: TicketState = "closed" if absences >= context.config.queue.absences else "absent"
        absent = replace(
            current,
            state=state,
            absences=absences,
            turn=tickets.last_turn(db, current.day) + 1,
            since=context.clock.now(),
            counter=None,
        )
        ticket_moves.move(db, context, before=current, after=absent, change=_change(context, request, state))
        return CallResult(None, is_changed=True)


def hold(context: Context, request: CounterRequest) -> CallResult:
    """Keep a ticket for a citizen who fetches a paper: they come back without a new one."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        on_hold = replace(current, state="held")
        ticket_moves.move(db, context, before=current, after=on_hold, change=_change(context, request, "held"))
        return CallResult(None, is_changed=True)


def finish(context: Context, request: CounterRequest) -> CallResult:
    """Record that a ticket is done, and call no other."""
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        done = replace(current, state="done")
        ticket_moves.move(db, context, before=current, after=done, change=_change(context, request, "done"))
        return CallResult(None, is_changed=True)


def end_service(context: Context, request: CounterRequest, end: ServiceEnd, following: str = "") -> CallResult:
    """Record how a ticket ends that nothing was decided on, and take it off the counter.

    A citizen who waits or fetches a paper keeps the number; the other tickets are done.

    Args:
        following: `next` calls the next ticket in the same write, a ticket's id that one; empty: call no other.
    """
    now = context.clock.now()
    with context.store.write() as db:
        current = _current(db, context, request)
        if current is None or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        is_kept = end.outcome in ("waits", "held")
        state: TicketState = "held" if is_kept else "done"
        wanted = _following(db, context, request=request, following=following)
        # The nonce belongs to the last event of the press, as in `call_next`.
        change = replace(_change(context, request, state, detail=end.outcome), nonce=None if wanted else request.nonce)
        tickets.move(db, current, after=replace(current, state=state), change=change)
        service_id = codes.new_id()
        service = ServiceRecord(
            id=service_id,
            ticket_id=current.id,
            label=current.label,
            submission_id=current.submission_id,
            day=current.day,
            counter=request.counter,
            outcome=end.outcome,
            register_no=services.next_register_no(db, current.day) if end.outcome == "done" else None,
            amount=sum(line.amount for line in end.lines),
            method=end.method,
            exemption=end.exemption,
            actor=request.actor,
            at=now,
        )
        sealed = context.vault.seal(services.NOTE, service_id, end.note.encode()) if end.note else None
        services.insert(db, service, end.lines, sealed)
        if service.method == "transfer":
            seen_transfers.apply(context, db, f"{service.label} {service.day}")
        facts: dict[str, audit.AuditFact] = {
            "number": current.label,
            "outcome": end.outcome,
            "register": service.register_no,
            "amount": service.amount,
            "method": end.method,
        }
        lines = [
            ticket_moves.audit_line(state, actor=request.actor, ticket=current, detail=end.outcome),
            audit.AuditLine(act="service", actor=request.actor, subject=current.id, facts=facts),
        ]
        called = None
        if wanted is not None:
            ticket, reason = wanted
            called = _call(db, context, request=request, ticket=ticket, reason=reason, before=current)
            lines.append(ticket_moves.audit_line("call", actor=request.actor, ticket=called, detail=reason))
        audit.append_all(db, context.audit_key(), now, lines=lines)
        return CallResult(called, is_changed=True)


def transfer(context: Context, request: CounterRequest, line: str = "", counter: int | None = None) -> CallResult:
    """Pass a ticket on to another line or counter of the ward; its number, `turn` and `since` are kept."""
    with context.store.write() as db:
        current = _current(db, context, request)
        letters = {series.letter for series in context.config.series}
        is_known = context.config.counter(counter) if counter else line in letters
        if current is None or not is_known or not _is_fresh(db, request, current):
            return CallResult(current, is_changed=False)
        waiting = replace(current, state="waiting", counter=counter, line=line or current.line)
        change = _change(context, request, event="transferred", detail=str(counter) if counter else line)
        ticket_moves.move(db, context, before=current, after=waiting, change=change)
        return CallResult(None, is_changed=True)


def set_priority(
    context: Context, ticket_id: str, priority: Priority | None, reason: PriorityReason, actor: str
) -> bool:
    """Confirm, set or clear a priority; False when the ticket is no longer in line or at a counter."""
    with context.store.write() as db:
        ticket = tickets.find(db, ticket_id)
        if ticket is None or ticket.state not in (*tickets.IN_LINE, *tickets.AT_COUNTER):
            return False
        detail = f"{priority or 'none'}/{reason}"
        change = TicketChange(
            event="priority", at=context.clock.now(), actor=actor, counter=ticket.counter, detail=detail
        )
        tickets.move(db, ticket, after=replace(ticket, priority=priority, is_confirmed=True), change=change)
        _audit(db, context, act="priority", actor=actor, ticket=ticket, detail=detail)
        return True


def open_counter(context: Context, counter: int, actor: str) -> bool:
    """Open a counter or take it over; False when the officer has it already, or the ward has no such counter."""
    now = context.clock.now()
    with context.store.write() as db:
        if not context.config.counter(counter) or not counters.open(
            db, context.clock.today(), counter=counter, now=now, actor=actor
        ):
            return False
        line = audit.AuditLine(act="open", actor=actor, subject=f"counter {counter}")
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True


def close_counter(context: Context, counter: int, actor: str) -> bool:
    """Close a counter; tickets transferred to it wait for any other.

    Returns:
        False while a ticket is at the counter, or when it is not open.
    """
    with context.store.write() as db:
        return counter_closing.close(db, context, counter, actor)


def _current(db: Database, context: Context, request: CounterRequest) -> Ticket | None:
    return tickets.at_counter(db, context.clock.today(), request.counter)


def _is_fresh(db: Database, request: CounterRequest, current: Ticket | None) -> bool:
    """Return whether a request is neither stale nor a repetition."""
    return request.ticket_id == (current.id if current else None) and not tickets.is_nonce_used(db, request.nonce)


def _finish_current(db: Database, context: Context, request: CounterRequest, current: Ticket | None) -> None:
    """Mark the ticket at the counter as done, because absence has a button of its own."""
    if current:
        change = TicketChange(event="done", at=context.clock.now(), actor=request.actor, counter=request.counter)
        tickets.move(db, current, after=replace(current, state="done"), change=change)


def _following(db: Database, context: Context, *, request: CounterRequest, following: str) -> tuple[Ticket, str] | None:
    """Return the ticket to call after the current one, and why; None where none is asked for or may come."""
    if following == "next":
        next_call = snapshot.next_at(
            db, context.config, day=context.clock.today(), counter=request.counter, now=context.clock.now()
        )
        return (next_call.ticket, next_call.reason) if next_call else None
    wanted = tickets.find(db, following) if following else None
    return (wanted, "chosen") if wanted and _may_come(context, wanted) else None


def _may_come(context: Context, ticket: Ticket) -> bool:
    """Return whether a ticket may be called out of turn: today's, and not at a counter."""
    return ticket.day == context.clock.today() and ticket.state not in tickets.AT_COUNTER


def _call(
    db: Database, context: Context, *, request: CounterRequest, ticket: Ticket, reason: str, before: Ticket | None
) -> Ticket:
    """Call a ticket to a counter, and open the counter where it is closed; return the called ticket.

    Args:
        before: the ticket that was at the counter. A counter with a ticket is open, so it is not asked for.
    """
    if before is None and counters.actor_at(db, ticket.day, request.counter) is None:
        counters.open(db, ticket.day, counter=request.counter, now=context.clock.now(), actor=request.actor)
    called = replace(ticket, state="called", counter=request.counter)
    tickets.move(db, ticket, after=called, change=_change(context, request, event="called", detail=reason))
    return called


def _change(context: Context, request: CounterRequest, event: str, detail: str = "") -> TicketChange:
    return TicketChange(
        event=event,
        at=context.clock.now(),
        actor=request.actor,
        counter=request.counter,
        detail=detail,
        nonce=request.nonce,
    )


def _audit(db: Database, context: Context, *, act: str, actor: str, ticket: Ticket, detail: str = "") -> None:
    line = ticket_moves.audit_line(act, actor=actor, ticket=ticket, detail=detail)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
