"""Citizens in the queue: draw a ticket, declare a priority, rejoin with a slip, look up the status of a case."""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

import printers.routes
import printers.spool
from kiosk.base.errors import NoTicketsLeft, TooManyTries
from kiosk.config.list_sections import Series
from kiosk.context import Context
from kiosk.dossiers import filing, lookup_hashes
from kiosk.queue import snapshot
from kiosk.records import audit, kept_drafts, sessions, submissions, tickets, tries
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Priority, Ticket, TicketChange, TicketRequest

REJOINING_STATES = ("supplement", "accepted")
"""Desk states in which a served citizen comes back with the slip: with a paper, or for the result."""


def draw_ticket(
    context: Context, series: Series, nonce: str | None = None, screen: str = "", session: str = ""
) -> Ticket:
    """Draw a ticket without a form and print it; a second touch with the same nonce gets the first one's ticket.

    Args:
        screen: the touchscreen that draws; without one no pause is kept.
        session: the visit that draws; a form that it submits or keeps belongs to this ticket.

    Raises:
        NoTicketsLeft: the quota is reached, or the counters close soon.
        TooManyTries: the touchscreen has just drawn many tickets.
    """
    now = context.clock.now()
    with context.store.write() as db:
        earlier = tickets.by_nonce(db, nonce) if nonce else None
        if earlier:
            return earlier
        _check_drawable(db, context, series, now)
        if screen:
            _keep_pause(db, screen, now)
        request = TicketRequest(nonce=nonce)
        ticket = tickets.draw(db, context.clock.today(), series=series.letter, now=now, request=request)
        if session:
            kept_drafts.save_ticket(db, session, ticket.id)
        return _print(db, context, ticket, screen=sessions.screen_of(db, session) if session else "")


def draw_for_citizen(context: Context, series: Series, nonce: str, actor: str, priority: Priority | None) -> Ticket:
    """Draw and print a ticket for a citizen whom an officer sees; a second press with the nonce gets the first one's.

    Args:
        priority: the group as the officer sees it; it counts as checked.

    Raises:
        NoTicketsLeft: the quota is reached, or the counters close soon.
    """
    now = context.clock.now()
    with context.store.write() as db:
        earlier = tickets.by_nonce(db, nonce)
        if earlier:
            return earlier
        _check_drawable(db, context, series, now)
        request = TicketRequest(nonce=nonce, priority=priority)
        drawn = tickets.draw(db, context.clock.today(), series=series.letter, now=now, request=request)
        ticket = replace(drawn, is_confirmed=True)
        detail = f"{priority or 'none'}/seen"
        change = TicketChange(event="priority", at=now, actor=actor, detail=detail)
        tickets.move(db, drawn, after=ticket, change=change)
        return _print(db, context, ticket, actor)


def declare_priority(context: Context, ticket_id: str, priority: Priority | None) -> bool:
    """Store a citizen's declared priority; False once an officer has decided, or the ticket was called."""
    with context.store.write() as db:
        ticket = tickets.find(db, ticket_id)
        if ticket is None or ticket.is_confirmed or ticket.state not in tickets.IN_LINE:
            return False
        detail = f"{priority or 'none'}/declared"
        change = TicketChange(event="priority", at=context.clock.now(), actor="citizen", detail=detail)
        tickets.move(db, ticket, after=replace(ticket, priority=priority), change=change)
        facts = {"number": ticket.label, "detail": detail}
        line = audit.AuditLine(act="priority", actor="citizen", subject=ticket.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
        return True


def rejoin_queue(context: Context, receipt_no: str, actor: str = "citizen") -> Ticket | None:
    """Put a citizen who comes back with a slip into the queue; return the ticket.

    A ticket that is still waiting or at a counter stays as it is. Today's ticket is used again if it was held or a
    paper was requested. On a later day, or after the ticket was closed, a new one is drawn and printed. It has the
    priority "returning" where a paper was requested or the old ticket was never called; for a result it has none.

    Returns:
        None when the slip is not of this kiosk, or its case needs no visit.
    """
    with context.store.write() as db:
        submission = submissions.by_receipt(db, receipt_no)
        last = tickets.of_submission(db, submission.id) if submission else None
        if submission is None or last is None:
            return None
        is_today = last.day == context.clock.today()
        needs_paper = submission.desk == "supplement"
        if is_today and last.state in (*tickets.IN_LINE, *tickets.AT_COUNTER):
            return last
        if is_today and (last.state == "held" or (last.state == "done" and needs_paper)):
            line = _line_in_use(context, last.line, submission)
            return _return(db, context, ticket=last, line=line, actor=actor)
        if last.state == "done" and submission.desk not in REJOINING_STATES:
            return None
        was_called = last.state in ("done", "closed")
        priority: Priority | None = "returning" if needs_paper or not was_called else None
        request = TicketRequest(submission_id=submission.id, priority=priority)
        series = _line_in_use(context, last.series, submission)
        drawn = tickets.draw(db, context.clock.today(), series=series, now=context.clock.now(), request=request)
        return _print(db, context, drawn)


def look_up_status(context: Context, screen: str, receipt_no: str, digits: str) -> Submission | None:
    """Find a case by its receipt number and four digits (kiosk/dossiers/lookup_digits.py).

    Args:
        screen: the touchscreen that asks.

    Raises:
        TooManyTries: after some wrong look-ups of this receipt number, or at this screen.
    """
    now = context.clock.now()
    subject = context.vault.keyed_hash("receipt", receipt_no)
    with context.store.write() as db:
        seconds = tries.seconds_to_look_up(db, subject, screen=screen, now=now)
        if seconds:
            raise TooManyTries(seconds)
        tries.insert(db, "lookup", subject=subject, screen=screen, now=now)
        submission = submissions.by_lookup(db, lookup_hashes.lookup_hash(context, receipt_no, digits))
        if submission is not None:
            tries.delete(db, subject)
    return submission


def _check_drawable(db: Database, context: Context, series: Series, now: datetime) -> None:
    """Refuse a series that has no number left, or that a lead removed after this request had begun."""
    context.use_newest_plan()
    if not snapshot.may_draw(db, context.config, days=context.calendar, series=series, now=now):
        raise NoTicketsLeft


def _line_in_use(context: Context, letter: str, submission: Submission) -> str:
    """Return the line of an earlier ticket, or that of the procedure where a lead has removed the series since."""
    if any(series.letter == letter for series in context.config.series):
        return letter
    procedure = context.catalogue.version(submission.procedure, submission.version)
    return filing.series_letter(context, procedure.series if procedure else "")


def _keep_pause(db: Database, screen: str, now: datetime) -> None:
    seconds = tries.seconds_to_draw(db, screen, now)
    if seconds:
        raise TooManyTries(seconds)
    tries.insert(db, "ticket", subject="", screen=screen, now=now)


def _return(db: Database, context: Context, ticket: Ticket, *, line: str, actor: str) -> Ticket:
    now = context.clock.now()
    priority = ticket.priority or "returning"
    returned = replace(ticket, state="waiting", since=now, counter=None, priority=priority, line=line)
    tickets.move(db, ticket, after=returned, change=TicketChange(event="returned", at=now, actor=actor))
    audit_line = audit.AuditLine(act="return", actor=actor, subject=ticket.id, facts={"number": ticket.label})
    audit.append(db, key=context.audit_key(), now=now, line=audit_line)
    return returned


def _print(db: Database, context: Context, ticket: Ticket, actor: str = "citizen", screen: str = "") -> Ticket:
    """Enqueue the print of a drawn ticket, at the printer of a touchscreen, and audit the draw; return the ticket."""
    key = f"ticket:{ticket.day.isoformat()}:{ticket.series}{ticket.number}"
    at = printers.routes.screen_facts(screen)
    printers.spool.enqueue(db, key=key, kind="ticket", subject=ticket.id, facts=at, now=ticket.drawn_at)
    facts: dict[str, audit.AuditFact] = {"series": ticket.series, "number": ticket.number}
    line = audit.AuditLine(act="draw", actor=actor, subject=ticket.id, facts=facts)
    audit.append(db, key=context.audit_key(), now=ticket.drawn_at, line=line)
    return ticket
