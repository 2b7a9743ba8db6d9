"""The desk itself: the queue at the side, the number that stands at the counter, and where one sits."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling, signing
from kiosk.errors import NotFound
from kiosk.pages.guard import for_, room
from kiosk.pages.officer import fees
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.fee_box import SAID as FEE_SAID
from kiosk.pages.officer.papers import folder_of
from kiosk.pages.officer.queue import SAID, panel, places
from kiosk.pages.officer.ticket import form_of, opened


@officer.get("/")
@for_("officer")
def desk() -> str:
    """Show the counter: the queue at the side, and what belongs to the number that stands there."""
    said = (FEE_SAID | SAID).get(request.args.get("said", ""), "")
    side = panel()
    form = form_of(side.here) if side.here else None
    folder = folder_of(side.here) if side.here and form else None
    charged = fees.shown(opened(side.here), side.here) if side.here and form else {}
    return render("officer/desk.html", panel=side, form=form, folder=folder, said=said, **places(), **charged)


@officer.get("/counter")
@for_("officer")
def counter() -> str:
    """Ask at which counter one sits."""
    return render("officer/counter.html", counters=room().config.counters)


@officer.post("/counter")
@for_("officer")
def take_counter() -> Answer:
    """Sit down at a counter."""
    number = request.form.get("counter", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    if room().config.counter(int(number)) and sitting().counter != int(number):
        _rise()
    signing.take_counter(room(), sitting().session, int(number))
    return redirect(url_for("officer.desk"), 303)


@officer.post("/signout")
@for_("officer")
def sign_out() -> Answer:
    """Close the counter and end the session."""
    _rise()
    signing.sign_out(room(), sitting().session, sitting().person.code)
    return redirect(url_for("signin.sign_in"), 303)


def _rise() -> None:
    """Close the counter that one leaves, so that no wait is reckoned with it; not while a number stands there."""
    here = sitting()
    if here.counter is not None:
        calling.close_counter(room(), here.counter, here.person.code)
