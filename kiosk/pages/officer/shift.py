"""Buttons that open and close the counter within a shift: closed at noon, with the officer still signed in."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.officer.blueprint import counter, officer, sitting
from kiosk.records import tickets


@officer.post("/shift/open")
@allow("officer")
def open_counter() -> Answer:
    """Open the counter: the board shows it, and waiting times count it."""
    calling.open_counter(context(), counter().number, sitting().person.code)
    return redirect(url_for("officer.desk", said="opened"), 303)


@officer.post("/shift/close")
@allow("officer")
def close_counter() -> Answer:
    """Close the counter; a ticket that was transferred to it waits for any other. Refuse while a ticket is there."""
    refuse_while_served()
    calling.close_counter(context(), counter().number, sitting().person.code)
    return redirect(url_for("officer.desk", said="shut"), 303)


def refuse_while_served() -> None:
    """Raise NotAllowed while a ticket is at the counter: it is finished or held first."""
    number = sitting().counter
    if number is None:
        return
    with context().store.read() as db:
        ticket = tickets.at_counter(db, context().clock.today(), number)
    if ticket is not None:
        raise NotAllowed(
            f"Số {ticket.label} còn ở quầy. Bấm “Xong” hoặc “Giữ lại” trước.",
            f"{ticket.label} is still at the counter. Press “done” or “hold” first.",
        )
