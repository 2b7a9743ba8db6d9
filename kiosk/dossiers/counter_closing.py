"""Close a counter, in the caller's write: an officer closes it, sits down at another one, or signs out."""

from dataclasses import replace

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.records import audit, counters, tickets
from kiosk.records.tickets import TicketChange


def close(db: Database, context: Context, counter: int, actor: str) -> bool:
    """Close a counter; tickets transferred to it wait for any other.

    Returns:
        False while a ticket is at the counter, or when it is not open.
    """
    now = context.clock.now()
    day = context.clock.today()
    if tickets.at_counter(db, day, counter) or not counters.close(db, day, counter=counter, now=now, actor=actor):
        return False
    for ticket in tickets.in_line(db, day, lines=(), counter=counter):
        change = TicketChange(event="transferred", at=now, actor=actor, counter=counter, detail=ticket.line)
        tickets.move(db, ticket, after=replace(ticket, counter=None), change=change)
    line = audit.AuditLine(act="close", actor=actor, subject=f"counter {counter}")
    audit.append(db, key=context.audit_key(), now=now, line=line)
    return True
