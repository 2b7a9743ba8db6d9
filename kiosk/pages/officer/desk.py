"""The desk itself: the queue at the side, the number that stands at the counter, and where one sits."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import calling, signing
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer import fees
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.case import case_of, hinders
from kiosk.pages.officer.correct import correction_of
from kiosk.pages.officer.fee_box import SAID as FEE_SAID
from kiosk.pages.officer.papers import folder_of
from kiosk.pages.officer.queue import SAID, panel, places
from kiosk.pages.officer.shift import refuse_while_served
from kiosk.pages.officer.ticket import form_of, opened
from kiosk.records import staff
from kiosk.records.decisions import MAY_FOLLOW


@officer.get("/")
@for_("officer")
def desk() -> str:
    """Show the counter: the queue at the side, and what belongs to the number that stands there."""
    key = request.args.get("said", "")
    side = panel()
    form = form_of(side.here) if side.here else None
    folder = folder_of(side.here) if side.here and form else None
    case = case_of(opened(side.here)) if side.here and form else None
    correction = correction_of(side.here) if side.here and form else None
    charged = fees.shown(opened(side.here), side.here) if side.here and form else {}
    return render(
        "officer/desk.html",
        panel=side,
        form=form,
        folder=folder,
        case=case,
        correction=correction,
        is_asked=key == "unsaved",
        hinders=hinders(folder.lacking, form.doubts) if folder and form else "",
        said=(FEE_SAID | SAID).get(key, ""),
        is_decided=key in MAY_FOLLOW or key == "number",
        **places(),
        **charged,
    )


@officer.get("/counter")
@for_("officer")
def counter() -> str:
    """Ask at which counter one sits, and say who sits where; also when this name was opened elsewhere."""
    here = sitting()
    with context().store.read() as db:
        newer = [one for one in staff.of_person(db, here.person.code) if one.counter and one.session != here.session]
        sat_at = {one.number: staff.at_counter(db, one.number) for one in context().config.counters}
    others = {number: found[0].person.name for number, found in sat_at.items() if found and found[0] != here}
    moved = (newer[0].counter, clock.local(newer[0].since)) if newer and here.counter is None else None
    return render("officer/counter.html", counters=context().config.counters, others=others, moved=moved)


@officer.post("/counter")
@for_("officer")
def take_counter() -> Answer:
    """Sit down at a counter."""
    number = request.form.get("counter", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    if context().config.counter(int(number)) and sitting().counter != int(number):
        _rise()
    seat = signing.take_counter(context(), sitting().session, int(number))
    return redirect(url_for("officer.desk", said="taken" if seat and seat.displaced else None), 303)


@officer.post("/signout")
@for_("staff")
def sign_out() -> Answer:
    """Close the counter and end the session, once nobody stands at it; a locked one can be ended by whoever comes."""
    if not sitting().is_locked:
        refuse_while_served()
    _rise()
    signing.sign_out(context(), sitting().session, sitting().person.code)
    return redirect(url_for("signin.sign_in"), 303)


def _rise() -> None:
    """Close the counter that one leaves, so that no wait is reckoned with it; not while a number stands there."""
    here = sitting()
    if here.counter is not None:
        calling.close_counter(context(), here.counter, here.person.code)
