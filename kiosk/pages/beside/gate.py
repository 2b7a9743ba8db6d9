"""The gate of the live app: it checks the screen, and passes a request on to the practice app beside it.

The practice app has its own store, key and cookie. All that it gets of the live kiosk is a `LiveVisit`.
"""

from typing import Protocol

from flask import Blueprint, Flask, current_app, redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.context import Context
from kiosk.pages import access
from kiosk.pages.access import BESIDE, BESIDE_PREFIX, LiveVisit, allow, context, visitor

gate = Blueprint("beside", __name__)
gate.after_request(access.set_cookie)

METHODS = ("GET", "POST")
STATIC = "static/"
PRACTICE_APPS = "practice_beside"
"""Key of the app's extension that opens practice apps."""


class PracticeApps(Protocol):
    """Opens the practice apps of a process."""

    def app_of(self, live: Context) -> Flask:
        """Return the practice app beside a live context."""


@gate.get(BESIDE_PREFIX.rstrip("/"), endpoint="enter")
@allow("citizen")
def enter() -> Answer:
    """Redirect to the first page of practice."""
    return redirect(BESIDE_PREFIX, 303)


@gate.route(BESIDE_PREFIX, defaults={"rest": ""}, methods=METHODS, endpoint="practise")
@gate.route(f"{BESIDE_PREFIX}<path:rest>", methods=METHODS, endpoint="practise")
@allow("citizen")
def practise(rest: str) -> Answer:
    """Answer with the practice app; the CSRF token of its forms is its own."""
    apps: PracticeApps = current_app.extensions[PRACTICE_APPS]
    app = apps.app_of(context())
    environ = {key: value for key, value in request.environ.items() if not key.startswith("werkzeug.")}
    environ["SCRIPT_NAME"] = f"{request.root_path}{BESIDE_PREFIX.rstrip('/')}"
    environ["PATH_INFO"] = f"/{environ['PATH_INFO'].removeprefix(BESIDE_PREFIX)}"  # as it came: `rest` is decoded
    if not rest.startswith(STATIC):
        environ[BESIDE] = LiveVisit(
            context=context(),
            visitor=visitor(),
            screen=access.screen_name(),
            touchscreen=access.touchscreen(),
            size=access.screen_size(),
        )
    return Answer.from_app(app, environ)
