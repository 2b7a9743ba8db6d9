"""The whole queue of the day: every number, with a filter by state, series and procedure, and a search; call any of it.

The panel at the left shows the next twelve. Here are all: those that wait, those that are kept, those that were absent,
closed or done. Any of them that is at no counter can be called.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from kiosk.base import clock
from kiosk.pages.access import allow, context
from kiosk.pages.officer.queue.panel import TICKET_STATES, QueueRow, matters_of, panel, queue_row, transfer_targets
from kiosk.pages.officer.session.blueprint import officer, render
from kiosk.records import tickets
from kiosk.records.tickets import Ticket
from kiosk.vietnam import viet_text

GROUPS = {
    "line": ("Đang chờ", ("waiting", "absent")),
    "held": ("Đang giữ", ("held",)),
    "closed": ("Vắng, đã bỏ số", ("closed",)),
    "done": ("Đã xong", ("done",)),
    "counter": ("Ở quầy", ("called", "serving")),
}
"""Groups of states: the words, and the states."""


@dataclass(frozen=True)
class LineRow:
    """A number of the day: its row of the queue, its state in words, and whether it can be called."""

    row: QueueRow
    series: str
    state: str
    at: str
    may_be_called: bool


@officer.get("/line")
@allow("officer")
def line() -> str:
    """Show the numbers of today that the filter finds: in line by turn, the others newest first."""
    group = request.args.get("group", "line")
    series = request.args.get("series", "")
    matter = request.args.get("matter", "")
    text = request.args.get("q", "").strip()[:80]
    with context().store.read() as db:
        day = tickets.of_day(db, context().clock.today())
        matters = matters_of(db, day)
    rows = [(ticket, _row(ticket, matters)) for ticket in day]
    counts = {key: sum(1 for ticket, _ in rows if ticket.state in states) for key, (_, states) in GROUPS.items()}
    states = GROUPS[group][1] if group in GROUPS and not text else ()
    found = [
        row
        for ticket, row in rows
        if (not states or ticket.state in states)
        and (not series or row.series == series)
        and (not matter or row.row.matter == matter)
        and _matches(row, text)
    ]
    return render(
        "officer/line.html",
        panel=panel(),
        groups={key: words for key, (words, _) in GROUPS.items()},
        counts=counts,
        group=group if group in GROUPS else "line",
        series=series,
        matter=matter,
        text=text,
        all_series=context().config.series,
        matters=sorted({row.row.matter for _, row in rows}, key=viet_text.fold),
        rows=found if group in ("line", "held") and not text else found[::-1],
        **transfer_targets(),
    )


def _row(ticket: Ticket, matters: Mapping[str, str]) -> LineRow:
    where = f" {ticket.counter}" if ticket.counter and ticket.state in (*tickets.AT_COUNTER, "done") else ""
    return LineRow(
        row=queue_row(ticket, matters, context().clock.now()),
        series=ticket.line,
        state=f"{TICKET_STATES[ticket.state]}{', quầy' if where else ''}{where}",
        at=f"{clock.local(ticket.drawn_at):%H:%M}",
        may_be_called=ticket.state not in tickets.AT_COUNTER,
    )


def _matches(row: LineRow, text: str) -> bool:
    """Return whether a number or its procedure has the words of a search, with or without marks."""
    if not text:
        return True
    label = row.row.label
    short = f"{label[0]}{int(label[1:])}" if label[1:].isascii() and label[1:].isdigit() else label
    folded = viet_text.fold(text)
    return folded in (viet_text.fold(label), viet_text.fold(short)) or folded in viet_text.fold(row.row.matter)
