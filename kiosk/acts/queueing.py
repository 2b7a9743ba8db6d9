"""Numbers and their way: take one, say why one comes first, come back with a slip, ask how far a case is."""

from dataclasses import replace

from sqlite_utils import Database

import printers.spool
from kiosk.config.sections import Series
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.errors import NoNumbers, TooManyTries
from kiosk.queue import snapshot
from kiosk.records import audit, submissions, tickets, tries
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Change, Comer, Priority, Ticket

COME_BACK = ("supplement", "accepted")
"""States of a case in which its slip brings somebody back who was served: with a paper, or for the result."""


def draw(context: Context, series: Series, nonce: str | None = None) -> Ticket:
    """Draw a number without a form and print it; a second touch with the same nonce finds the number of the first.

    NoNumbers when the quota is reached or the counters close soon.
    """
    now = context.clock.now()
    with context.store.write() as db:
        before = tickets.drawn_by_touch(db, nonce) if nonce else None
        if before:
            return before
        if not snapshot.gives(db, context.config, context.calendar, series, now):
            raise NoNumbers
        return _print(db, context, tickets.draw(db, context.clock.today(), series.letter, now, Comer(nonce=nonce)))


def declare(context: Context, ticket_id: str, priority: Priority | None) -> bool:
    """Keep what a citizen says of a priority; False once an officer has decided, or the number was called."""
    with context.store.write() as db:
        found = tickets.find(db, ticket_id)
        if found is None or found.is_confirmed or found.state not in tickets.IN_LINE:
            return False
        change = Change("priority", context.clock.now(), "citizen", detail=f"{priority or 'none'}/declared")
        tickets.move(db, found, replace(found, priority=priority), change)
        line = audit.AuditLine("priority", "citizen", found.id, {"number": found.label, "detail": change.detail})
        audit.note(db, context.audit_key(), context.clock.now(), line)
        return True


def come_back(context: Context, receipt_no: str, actor: str = "citizen") -> Ticket | None:
    """Put who comes back with a slip into line: with today's number if it was held or a paper was asked for.

    On a later day, or after the number was closed, a new one is drawn and printed; it goes first ("returning") where a
    paper was asked for or the number was never called; who comes for a result waits like the others. A number that
    still waits or is at a counter stays as it is.
    None when the slip is not of this kiosk, or its business is done.
    """
    with context.store.write() as db:
        submission = submissions.by_receipt(db, receipt_no)
        last = tickets.of_submission(db, submission.id) if submission else None
        if submission is None or last is None:
            return None
        is_today, is_sent = last.day == context.clock.today(), submission.desk == "supplement"
        if is_today and last.state in (*tickets.IN_LINE, *tickets.AT_COUNTER):
            return last
        if is_today and (last.state == "held" or (last.state == "done" and is_sent)):
            return _return(db, context, last, actor)
        if last.state == "done" and submission.desk not in COME_BACK:
            return None
        priority: Priority | None = "returning" if is_sent or last.state not in ("done", "closed") else None
        comer = Comer(submission.id, priority)
        return _print(db, context, tickets.draw(db, context.clock.today(), last.series, context.clock.now(), comer))


def _return(db: Database, context: Context, last: Ticket, actor: str) -> Ticket:
    then = replace(
        last, state="waiting", since=context.clock.now(), counter=None, priority=last.priority or "returning"
    )
    tickets.move(db, last, then, Change("returned", context.clock.now(), actor))
    line = audit.AuditLine("return", actor, last.id, {"number": last.label})
    audit.note(db, context.audit_key(), context.clock.now(), line)
    return then


def _print(db: Database, context: Context, drawn: Ticket) -> Ticket:
    key = f"ticket:{drawn.day.isoformat()}:{drawn.series}{drawn.number}"
    printers.spool.put(db, key, "ticket", drawn.id, {"ahead": tickets.waiting_before(db, drawn)}, drawn.drawn_at)
    line = audit.AuditLine("draw", "citizen", drawn.id, {"series": drawn.series, "number": drawn.number})
    audit.note(db, context.audit_key(), drawn.drawn_at, line)
    return drawn


def look_up(context: Context, screen: str, receipt_no: str, last_four: str) -> Submission | None:
    """Find a case by its receipt number and four digits; 5 tries a receipt, 20 an hour a screen, then TooManyTries."""
    now = context.clock.now()
    subject = context.vault.keyed_hash("receipt", receipt_no)
    with context.store.write() as db:
        if tries.wait(db, "lookup", subject, screen, now):
            raise TooManyTries
        tries.note(db, "lookup", subject, screen, now)
        found = submissions.by_lookup(db, filing.lookup_hash(context, receipt_no, last_four))
        if found is not None:
            tries.clear(db, "lookup", subject)
    return found
