"""The page "Máy tạm nghỉ", which needs no store; it shows code and cause to the staff only, and returns by itself."""

from flask import current_app, request

from kiosk.base.clock import SYSTEM, Clock, local
from kiosk.base.errors import OutOfService, ReceiptNumbersUsedUp, StoreBusy, StoreFull, StoreNewer, StoreOlder
from kiosk.context import Context, calendar_of
from kiosk.vietnam.calendar import weekday

STAFF_AREAS = ("/officer", "/technician", "/signin")
FORMS_ARE_SAFE = (StoreFull, StoreBusy, StoreNewer, StoreOlder, ReceiptNumbersUsedUp)
"""Errors after which it is certain that submitted forms are kept; of the others it is not known."""


def is_store_readable() -> bool:
    """Return whether the store can be read; a page that needs it cannot be shown otherwise."""
    known: Context = current_app.extensions["context"]
    try:
        with known.store.read() as db:
            db.execute("select count(*) from sqlite_master").fetchone()
    except OutOfService:
        return False
    return True


def page(error: OutOfService) -> str:
    """Return the page."""
    area = f"/{request.path.strip('/').partition('/')[0]}"
    template = current_app.jinja_env.get_template("closed.html")
    return template.render(
        opening=_next_opening(),
        home={"/display": "/display/", **dict.fromkeys(STAFF_AREAS, request.path)}.get(area, "/"),
        is_safe=isinstance(error, FORMS_ARE_SAFE),
        code=error.code,
        staff_text=error.vi if area in STAFF_AREAS else "",
    )


def _next_opening() -> str:
    """Return when the counters open next, empty while they are open; not by the store, which may be away."""
    known: Context | None = current_app.extensions.get("context")
    calendar = calendar_of(known.config.hours if known else current_app.extensions["hours"])
    clock: Clock = known.clock if known else current_app.extensions.get("clock", SYSTEM)
    now = clock.now()
    opening = None if calendar.is_open(now) else calendar.next_opening(now)
    if opening is None:
        return ""
    at = f"{opening.hour}:{opening:%M}"
    return at if opening.date() == local(now).date() else f"{at}, {weekday(opening.date())} {opening:%d/%m}"
