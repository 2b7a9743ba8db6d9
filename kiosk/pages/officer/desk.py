"""The desk: the queue panel, the case of the ticket at the counter, and the choice of a counter."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import calling, signing
from kiosk.errors import NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer import messages
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.case_status import case_status, open_points
from kiosk.pages.officer.correct import correction_box
from kiosk.pages.officer.current_case import case_of_ticket
from kiosk.pages.officer.fee_box import fee_box_values
from kiosk.pages.officer.queue import panel, transfer_targets
from kiosk.pages.officer.shift import refuse_while_served
from kiosk.records import staff
from kiosk.records.decisions import MAY_FOLLOW


@officer.get("/")
@allow("officer")
def desk() -> str:
    """Show the queue panel and the case of the ticket at the counter."""
    key = request.args.get("said", "")
    queue = panel()
    case = case_of_ticket(queue.ticket) if queue.ticket else None
    fees = fee_box_values(case.opened, queue.ticket.id) if case and queue.ticket else {}
    return render(
        "officer/desk.html",
        panel=queue,
        form=case.form if case else None,
        papers=case.papers if case else None,
        case=case_status(case.opened) if case else None,
        correction=correction_box(case) if case else None,
        is_asked=key == "unsaved",
        open_points=open_points(case.papers.lacking, case.form.doubt_count) if case else "",
        message=(messages.FEES | messages.DESK).get(key, ""),
        is_decided=key in MAY_FOLLOW or key == "number",
        **transfer_targets(),
        **fees,
    )


@officer.get("/counter")
@allow("officer")
def counter() -> str:
    """Ask for a counter, with the officers who sit at the others; say so where this officer sits at another browser."""
    me = sitting()
    with context().store.read() as db:
        newer = [
            other for other in staff.sittings_of(db, me.person.code) if other.counter and other.session != me.session
        ]
        by_counter = {place.number: staff.sittings_at(db, place.number) for place in context().config.counters}
    others = {number: sat[0].person.name for number, sat in by_counter.items() if sat and sat[0] != me}
    moved = (newer[0].counter, clock.local(newer[0].since)) if newer and me.counter is None else None
    return render("officer/counter.html", counters=context().config.counters, others=others, moved=moved)


@officer.post("/counter")
@allow("officer")
def take_counter() -> Answer:
    """Sit down at a counter; close the one before."""
    number = request.form.get("counter", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    if context().config.counter(int(number)) and sitting().counter != int(number):
        _close_own_counter()
    seat = signing.sit_at_counter(context(), sitting().session, int(number))
    return redirect(url_for("officer.desk", said="taken" if seat and seat.displaced else None), 303)


@officer.post("/signout")
@allow("staff")
def sign_out() -> Answer:
    """Close the counter and end the session; refuse while a ticket is at the counter of an unlocked session."""
    if not sitting().is_locked:
        refuse_while_served()
    _close_own_counter()
    signing.sign_out(context(), sitting().session, sitting().person.code)
    return redirect(url_for("signin.sign_in"), 303)


def _close_own_counter() -> None:
    """Close the counter of this session, so that waiting times do not count it; not while a ticket is there."""
    me = sitting()
    if me.counter is not None:
        calling.close_counter(context(), me.counter, me.person.code)
