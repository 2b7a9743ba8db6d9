"""Counter of an officer: choose one, open and close it within a shift, and leave it at sign-out.

A counter is closed at noon with the officer still signed in.
"""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling, signing, sittings
from kiosk.base import clock
from kiosk.base.errors import CounterBusy, NotAllowed, NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import counter, officer, render, sitting
from kiosk.records import staff, tickets


@officer.get("/counter", endpoint="counter")
@allow("officer")
def choose_counter() -> str:
    """Ask for a counter, with the officers who sit at the others; say so where this officer sits at another browser."""
    number = request.args.get("busy", "")
    return _counter_page(int(number) if number.isascii() and number.isdigit() and len(number) <= 2 else 0)


def _counter_page(wanted: int) -> str:
    """Show the counters; `wanted` is the one that was refused because another officer's number stands there."""
    me = sitting()
    busy = sittings.busy_counters(context(), me.session)
    with context().store.read() as db:
        newer = [
            other for other in staff.sittings_of(db, me.person.code) if other.counter and other.session != me.session
        ]
        by_counter = {place.number: staff.sittings_at(db, place.number) for place in context().config.counters}
    others = {number: sat[0].person.name for number, sat in by_counter.items() if sat and sat[0] != me}
    moved = (newer[0].counter, clock.local(newer[0].since)) if newer and me.counter is None else None
    return render(
        "officer/counter.html",
        counters=context().config.counters,
        others=others,
        moved=moved,
        busy=busy,
        refused=busy.get(wanted),
    )


@officer.post("/counter")
@allow("officer")
def take_counter() -> Answer | tuple[str, int]:
    """Sit down at a counter, and close the one before; show the page again where another officer's number stands."""
    returned = request.form.get("put_back", "")
    number = returned or request.form.get("counter", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    wanted = int(number)
    try:
        seat = sittings.sit_at_counter(context(), sitting().session, wanted, puts_back=bool(returned))
    except CounterBusy as busy:
        return _counter_page(busy.counter), busy.status
    return redirect(url_for("officer.desk", said="taken" if seat and seat.displaced else None), 303)


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


@officer.post("/signout")
@allow("staff")
def sign_out() -> Answer:
    """Close the counter and end the session; refuse while a ticket is at the counter of an unlocked session."""
    if not sitting().is_locked:
        refuse_while_served()
    me = sitting()
    signing.sign_out(context(), me.session, me.person.code, counter=me.counter)
    return redirect(url_for("signin.sign_in"), 303)
