"""Rows of a paper that say how long a number still waits, as the screen does."""

from kiosk.context import Context
from kiosk.papers import letterhead
from kiosk.queue import snapshot
from kiosk.records import tickets
from kiosk.records.tickets import Ticket
from printers.document import Block, Pair


def wait_rows(context: Context, ticket: Ticket) -> list[Block]:
    """Return how many are ahead and the range of minutes at the time of printing; none for a number that was called."""
    if ticket.state not in tickets.IN_LINE or ticket.day != context.clock.today():
        return []
    with context.store.read() as db:
        estimate = snapshot.estimate_wait(db, context.config, ticket=ticket, now=context.clock.now())
    rows: list[Block] = [Pair("Phía trước", letterhead.people_ahead(estimate.ahead))]
    if estimate.ahead and estimate.minutes:
        low, high = estimate.minutes
        rows.append(Pair("Chờ chừng", f"{low} đến {high} phút"))
    return rows


def priority_rows(ticket: Ticket) -> list[Block]:
    """Return whether an officer has recorded the priority of a number, or will ask about it; none without one."""
    if not ticket.priority or ticket.priority == "returning":
        return []
    return [Pair("Ưu tiên", "cán bộ đã ghi" if ticket.is_confirmed else "cán bộ xem khi gọi")]
