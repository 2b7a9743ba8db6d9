"""Tablet of a counter: it sleeps, asks for five faces when a service has ended there, and sleeps again.

A technician enrols it like a touchscreen. It shows the name of the last procedure and nothing else of a case, and opens
no other page. The page polls every two seconds (static/tablet.js); one poll reads a few rows.
"""

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from kiosk.acts import opinions as opinion_acts
from kiosk.acts.opinions import OpinionInput
from kiosk.base import clock
from kiosk.base.i18n import translator
from kiosk.pages import access
from kiosk.pages.access import allow, context
from kiosk.pages.forms.faces import THANKS_SECONDS, WRITING_SECONDS, faces_page, given_opinion
from kiosk.pages.style_sheet import touchscreen_style
from kiosk.queue import ended_services
from kiosk.queue.ended_services import EndedService
from kiosk.records import opinions

tablet = Blueprint("tablet", __name__)
MILLIMETRE = "min(100vw / 196, 100vh / 130)"
"""The page is at least 196 mm wide and 130 mm high, as the glass of a tablet of 10 inches is; others scale it."""


@tablet.before_request
def check_request() -> None:
    """Require the CSRF token of this tablet."""
    if request.method == "POST":
        access.require_csrf(access.tablet_csrf_token())


@tablet.get("/")
@allow("tablet")
def show() -> str:
    """Show the page of the counter, asleep."""
    config = context().config
    counter = config.counter(_counter())
    _ = translator("vi")
    return render_template(
        "tablet/tablet.html",
        ward=config.ward,
        practice=config.kiosk.practice,
        place=counter.place if counter else "",
        faces=faces_page(_),
        thanks_seconds=THANKS_SECONDS,
        writing_seconds=WRITING_SECONDS,
        max_text=opinions.MAX_TEXT,
        tablet=True,
        csrf=access.tablet_csrf_token(),
        _=_,
    )


@tablet.get("/tablet.css")
@allow("tablet")
def measure() -> Response:
    """Return the touchscreen's style sheet, with a millimetre that follows the size of the tablet's page."""
    return touchscreen_style(MILLIMETRE, low="0px")


@tablet.get("/now")
@allow("tablet")
def now() -> Response:
    """Return the service to ask about: its end and the name of its procedure; empty where there is none.

    The version is that of the static files: a tablet with another one loads its page again.
    """
    moment = context().clock.now()
    with context().store.read() as db:
        service = ended_services.to_ask(db, context().clock.today(), _counter(), moment)
    asked = _service(service) if service else {"ended": "", "matter": ""}
    response = jsonify(version=current_app.jinja_env.globals["version"], **asked)
    response.headers["Cache-Control"] = "no-store"
    return response


@tablet.post("/opinion")
@allow("tablet")
def rate() -> Response:
    """Record a face, or that nobody answered; an answer that is repeated counts once."""
    is_skipped = "skip" in request.form
    given = OpinionInput() if is_skipped else given_opinion(request.form)
    if not is_skipped and given.face == opinions.NO_ANSWER:
        return jsonify(kept=False)
    ended_at = request.form.get("ended", "")
    return jsonify(kept=opinion_acts.rate_service(context(), _counter(), ended_at, given))


def _counter() -> int:
    return access.counter_of_tablet() or 0


def _service(service: EndedService) -> dict[str, str]:
    today = context().clock.today()
    procedure = context().catalogue.in_force(service.procedure, today) if service.procedure else None
    return {"ended": clock.timestamp(service.at), "matter": procedure.short.vi if procedure else ""}
