"""Moves of a number with their audit line, within a write: shared by the queue and by the handing out of papers."""

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.records import audit, tickets
from kiosk.records.tickets import Ticket, TicketChange


def move(db: Database, context: Context, *, before: Ticket, after: Ticket, change: TicketChange) -> None:
    """Move a number to a state, and append the audit line of the change."""
    tickets.move(db, before, after=after, change=change)
    line = audit_line(change.event, actor=str(change.actor), ticket=before, detail=change.detail)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def audit_line(act: str, *, actor: str, ticket: Ticket, detail: str = "") -> audit.AuditLine:
    """Return the audit line of an act on a number."""
    facts = {"number": ticket.label, "counter": ticket.counter, "detail": detail}
    return audit.AuditLine(act=act, actor=actor, subject=ticket.id, facts=facts)
