"""Page of the touchscreens: create a one-time code for one, list them, revoke one."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import screens as acts
from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.records import touchscreens


@technician.get("/screens")
@allow("technician")
def screens() -> str:
    """List the touchscreens."""
    return _page()


@technician.post("/screens")
@allow("technician")
def make_code() -> str:
    """Create a one-time code, shown once."""
    name = request.form.get("name", "")
    chosen = request.form.get("counter", "")
    counter = codes.parse_number(chosen) if chosen else None
    try:
        code = acts.create_code(context(), name, actor(), counter)
    except NotAllowed as error:
        return _page(wrong=error.vi, name=name, chosen=chosen)
    return _page(code=code, name=name)


@technician.post("/screens/<screen_id>/revoke")
@allow("technician")
def revoke(screen_id: str) -> Answer:
    """Revoke a touchscreen: it opens no page any more."""
    acts.revoke(context(), screen_id, actor())
    return redirect(url_for("technician.screens"), 303)


@technician.post("/screens/<screen_id>/code")
@allow("technician")
def renew_code(screen_id: str) -> str:
    """Create another code for a touchscreen whose address has changed, shown once."""
    code = acts.renew_code(context(), screen_id, actor())
    with context().store.read() as db:
        named = {screen.id: screen.name for screen in touchscreens.list_all(db, context().clock.now())}
    return _page(code=code, name=named[screen_id])


def _page(code: str = "", wrong: str = "", name: str = "", chosen: str = "") -> str:
    with context().store.read() as db:
        listed = touchscreens.list_all(db, context().clock.now())
    rows = [(screen, f"{clock.local(screen.made_at):%H:%M %d/%m/%Y}") for screen in listed]
    lan = context().config.lan
    address = f"https://{lan.address(lan.names[0])}{url_for('enrolment.touchscreen')}" if lan.names and lan.host else ""
    return render(
        "technician/screens.html",
        rows=rows,
        code=code,
        wrong=wrong,
        name=name,
        chosen=chosen,
        address=address,
        counters=context().config.counters,
    )
