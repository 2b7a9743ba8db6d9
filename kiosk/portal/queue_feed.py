"""The queue of the day for the status pages of the portal: which forms wait, and how many are called before each."""

from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.queue.snapshot import WaitEstimate
from kiosk.records import tickets
from kiosk.records.tickets import Ticket
from sync.portals.base import PostedCall, PostedQueue, PostedTicket

MAX_TICKETS = 100
"""Tickets of a post, the next ones first: 12 kB, a tenth of it on the way."""
EMPTY = PostedQueue(calls=(), tickets=())


def find_queue(context: Context) -> PostedQueue:
    """Return the tickets of today that have a form and are not at their counter yet, and the calls of now."""
    day = context.clock.today()
    with context.store.read() as db:
        receipts = tickets.receipt_numbers(db, day)
        if not receipts:
            return EMPTY
        of_day = [ticket for ticket in tickets.of_day(db, day) if ticket.id in receipts]
        in_line = [ticket for ticket in of_day if ticket.state in tickets.IN_LINE]
        waits = snapshot.estimate_waits(db, context.config, in_line, context.clock.now())
        at_counters = tickets.all_at_counters(db, day)
    posted = [_posted(ticket, receipts[ticket.id], waits.get(ticket.id)) for ticket in of_day]
    found = sorted((ticket for ticket in posted if ticket is not None), key=lambda ticket: ticket.ahead)
    calls = [PostedCall(label=ticket.label, counter=ticket.counter) for ticket in at_counters if ticket.counter]
    return PostedQueue(calls=tuple(calls), tickets=tuple(found[:MAX_TICKETS])) if found else EMPTY


def _posted(ticket: Ticket, receipt_no: str, wait: WaitEstimate | None) -> PostedTicket | None:
    """Return a ticket as it is posted; None for one that is served."""
    if wait is not None:
        return PostedTicket(
            label=ticket.label,
            receipt_no=receipt_no,
            state="absent" if ticket.is_absent else "waiting",
            ahead=wait.ahead,
            minutes=wait.minutes,
            counters=wait.counters,
        )
    if ticket.state == "called" and ticket.counter:
        return PostedTicket(label=ticket.label, receipt_no=receipt_no, state="called", counters=(ticket.counter,))
    if ticket.state == "held":
        return PostedTicket(label=ticket.label, receipt_no=receipt_no, state="held")
    return None
