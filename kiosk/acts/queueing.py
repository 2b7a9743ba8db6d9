"""Numbers and their way: take one, ask how far a case is."""

import printers.spool
from kiosk import filing
from kiosk.config import Series
from kiosk.errors import TooManyTries
from kiosk.records import audit, submissions, tickets, tries
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.room import Room


def draw(room: Room, series: Series) -> Ticket:
    """Draw a number without a form and print it."""
    now, day = room.clock.now(), room.clock.today()
    with room.store.write() as db:
        ticket = tickets.draw(db, day, series.letter, now)
        key = f"ticket:{day.isoformat()}:{ticket.series}{ticket.number}"
        printers.spool.put(db, key, "ticket", ticket.id, {"ahead": tickets.waiting_before(db, ticket)}, now)
        line = audit.Line("draw", "citizen", ticket.id, {"series": ticket.series, "number": ticket.number})
        audit.note(db, room.audit_key(), now, line)
    return ticket


def look_up(room: Room, screen: str, receipt_no: str, last_four: str) -> Submission | None:
    """Find a case by its receipt number and four digits; 5 tries a receipt, 20 an hour a screen, then TooManyTries."""
    now = room.clock.now()
    subject = room.vault.keyed_hash("receipt", receipt_no)
    with room.store.write() as db:
        if tries.wait(db, "lookup", subject, screen, now):
            raise TooManyTries
        tries.note(db, "lookup", subject, screen, now)
        found = submissions.by_lookup(db, filing.lookup_hash(room, receipt_no, last_four))
        if found is not None:
            tries.clear(db, "lookup", subject)
    return found
