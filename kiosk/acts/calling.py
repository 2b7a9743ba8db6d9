"""What an officer does with the queue from a counter: call, call again, absent, hold, pass on, finish.

Each touch posts the counter, the number that its page showed there and a nonce of that page. It counts only while that
number still stands at the counter and the nonce is new; else nothing changes and it is answered with who is there. So
a double touch, or one sent again after a time-out, is one call.
"""

from dataclasses import dataclass, replace
from typing import Literal

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.records import audit, counters, tickets
from kiosk.records.tickets import Change, Priority, State, Ticket

Reason = Literal["seen", "paper", "asked", "mistaken"]
"""Why an officer sets or clears a priority: seen, proved by a paper, asked and told, set by mistake."""


@dataclass(frozen=True)
class Tap:
    """A touch at a counter: which number its page showed there (None: nobody), its nonce, and whose touch it is."""

    counter: int
    ticket_id: str | None
    nonce: str
    actor: str


@dataclass(frozen=True)
class AtCounter:
    """Who is at the counter now; `is_new` is False where the touch changed nothing."""

    ticket: Ticket | None
    is_new: bool
    why: str = ""


def call_next(context: Context, tap: Tap) -> AtCounter:
    """Finish with who is at the counter, and call whom the rule names; nobody where nobody waits."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        choice = snapshot.first_up(db, context.config, context.clock.today(), tap.counter, context.clock.now())
        _leave(db, context, tap, here)
        if choice is None:
            return AtCounter(None, is_new=True)
        return AtCounter(_bring(db, context, tap, choice.ticket, choice.why), is_new=True, why=choice.why)


def call_this(context: Context, tap: Tap, ticket_id: str) -> AtCounter:
    """Finish with who is at the counter, and call one number out of turn; nothing while it is at another counter."""
    with context.store.write() as db:
        here, wanted = _here(db, context, tap), tickets.find(db, ticket_id)
        may_come = wanted and wanted.day == context.clock.today() and wanted.state not in tickets.AT_COUNTER
        if not (wanted and may_come and _is_fresh(db, tap, here)):
            return AtCounter(here, is_new=False)
        _leave(db, context, tap, here)
        return AtCounter(_bring(db, context, tap, wanted, "chosen"), is_new=True, why="chosen")


def recall(context: Context, tap: Tap) -> AtCounter:
    """Call the same number once more."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if here is None or here.state != "called" or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        tickets.note(db, here, _change(context, tap, "recalled"))
        _audit(db, context, tap.actor, "recall", here)
        return AtCounter(here, is_new=True)


def serve(context: Context, tap: Tap) -> AtCounter:
    """Note that the person has come."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if here is None or here.state != "called" or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        return AtCounter(
            _end(db, context, here, replace(here, state="serving"), _change(context, tap, "served")), is_new=True
        )


def absent(context: Context, tap: Tap) -> AtCounter:
    """Send who did not come back into line, at its end; the third time (by settings) the number is closed."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if here is None or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        count = here.absences + 1
        state: State = "closed" if count >= context.config.queue.absences else "absent"
        turn, now = tickets.last_turn(db, here.day) + 1, context.clock.now()
        gone = replace(here, state=state, absences=count, turn=turn, since=now, counter=None)
        _end(db, context, here, gone, _change(context, tap, state))
        return AtCounter(None, is_new=True)


def hold(context: Context, tap: Tap) -> AtCounter:
    """Keep a number for who was sent for a paper: they come back without a new one."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if here is None or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        _end(db, context, here, replace(here, state="held"), _change(context, tap, "held"))
        return AtCounter(None, is_new=True)


def finish(context: Context, tap: Tap) -> AtCounter:
    """Note that the person has been served, and call nobody."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        if here is None or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        _end(db, context, here, replace(here, state="done"), _change(context, tap, "done"))
        return AtCounter(None, is_new=True)


def transfer(context: Context, tap: Tap, line: str = "", counter: int | None = None) -> AtCounter:
    """Pass a number on to another line or counter of the ward; number and place in line (turn, since) are kept."""
    with context.store.write() as db:
        here = _here(db, context, tap)
        is_known = context.config.counter(counter) if counter else line in {one.letter for one in context.config.series}
        if here is None or not is_known or not _is_fresh(db, tap, here):
            return AtCounter(here, is_new=False)
        then = replace(here, state="waiting", counter=counter, line=line or here.line)
        _end(db, context, here, then, _change(context, tap, "transferred", str(counter) if counter else line))
        return AtCounter(None, is_new=True)


def set_priority(context: Context, ticket_id: str, priority: Priority | None, reason: Reason, actor: str) -> bool:
    """Confirm, set or clear a priority, with a reason; False when the number is no more in line or at a counter."""
    with context.store.write() as db:
        found = tickets.find(db, ticket_id)
        if found is None or found.state not in (*tickets.IN_LINE, *tickets.AT_COUNTER):
            return False
        detail = f"{priority or 'none'}/{reason}"
        change = Change("priority", context.clock.now(), actor, found.counter, detail)
        tickets.move(db, found, replace(found, priority=priority, is_confirmed=True), change)
        _audit(db, context, actor, "priority", found, detail)
        return True


def open_counter(context: Context, counter: int, actor: str) -> bool:
    """Open a counter, or take it over; False when this officer sits there already, or the ward has no such counter."""
    with context.store.write() as db:
        now, day = context.clock.now(), context.clock.today()
        if not context.config.counter(counter) or not counters.open(db, day, counter, now, actor):
            return False
        audit.note(db, context.audit_key(), now, audit.AuditLine("open", actor, f"counter {counter}"))
        return True


def close_counter(context: Context, counter: int, actor: str) -> bool:
    """Close a counter; who was sent to it waits for any other. False while somebody is at it, or it is not open."""
    with context.store.write() as db:
        now, day = context.clock.now(), context.clock.today()
        if tickets.at_counter(db, day, counter) or not counters.close(db, day, counter, now, actor):
            return False
        for one in tickets.in_line(db, day, (), counter):
            tickets.move(db, one, replace(one, counter=None), Change("transferred", now, actor, counter, one.line))
        audit.note(db, context.audit_key(), now, audit.AuditLine("close", actor, f"counter {counter}"))
        return True


def _here(db: Database, context: Context, tap: Tap) -> Ticket | None:
    return tickets.at_counter(db, context.clock.today(), tap.counter)


def _is_fresh(db: Database, tap: Tap, here: Ticket | None) -> bool:
    return tap.ticket_id == (here.id if here else None) and not tickets.is_answered(db, tap.nonce)


def _leave(db: Database, context: Context, tap: Tap, here: Ticket | None) -> None:
    """The officer who calls the next has finished with the one before: absent has a button of its own."""
    if here:
        change = Change("done", context.clock.now(), tap.actor, tap.counter)
        tickets.move(db, here, replace(here, state="done"), change)


def _bring(db: Database, context: Context, tap: Tap, ticket: Ticket, why: str) -> Ticket:
    if counters.opened_by(db, ticket.day, tap.counter) is None:
        counters.open(db, ticket.day, tap.counter, context.clock.now(), tap.actor)
    called = replace(ticket, state="called", counter=tap.counter)
    tickets.move(db, ticket, called, _change(context, tap, "called", why))
    _audit(db, context, tap.actor, "call", called, why)
    return called


def _end(db: Database, context: Context, here: Ticket, then: Ticket, change: Change) -> Ticket:
    tickets.move(db, here, then, change)
    _audit(db, context, str(change.actor), change.event, here, change.detail)
    return then


def _change(context: Context, tap: Tap, event: str, detail: str = "") -> Change:
    return Change(event, context.clock.now(), tap.actor, tap.counter, detail, tap.nonce)


def _audit(db: Database, context: Context, actor: str, act: str, ticket: Ticket, detail: str = "") -> None:
    facts = {"number": ticket.label, "counter": ticket.counter, "detail": detail}
    audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine(act, actor, ticket.id, facts))
