"""Opening and closing the counter within a shift: at noon it is closed and the officer is still signed in."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling
from kiosk.errors import NotAllowed
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import counter, officer, sitting
from kiosk.records import tickets


@officer.post("/shift/open")
@for_("officer")
def open_counter() -> Answer:
    """Open the counter: the board says so, and waits are reckoned with it."""
    calling.open_counter(context(), counter().number, sitting().person.code)
    return redirect(url_for("officer.desk", said="opened"), 303)


@officer.post("/shift/close")
@for_("officer")
def close_counter() -> Answer:
    """Close the counter, once nobody stands at it; whoever was sent here waits for any other."""
    refuse_while_served()
    calling.close_counter(context(), counter().number, sitting().person.code)
    return redirect(url_for("officer.desk", said="shut"), 303)


def refuse_while_served() -> None:
    """A number that stands at the counter is finished or kept first: nobody is left there by a closed counter."""
    number = sitting().counter
    if number is None:
        return
    with context().store.read() as db:
        here = tickets.at_counter(db, context().clock.today(), number)
    if here is not None:
        raise NotAllowed(
            f"Số {here.label} còn ở quầy. Bấm “Xong” hoặc “Giữ lại” trước.",
            f"{here.label} is still at the counter. Press “done” or “hold” first.",
        )
