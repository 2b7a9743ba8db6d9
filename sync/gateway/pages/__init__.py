"""The pages of the gateway's people: the operator's, and the auditor's trail.

A list shows no names. A body is shown only to the operator after a reason was given, and the reason is kept. Every
page asks for a sign-in and a role (``guard``); every form carries the session's mark.
"""

from flask import Blueprint, Flask

from sync.gateway.pages import access, arrivals, forwards, kiosks, practice, signin, trail, usb
from sync.gateway.pages.labels import KINDS, STATUSES

__all__ = ["KINDS", "STATUSES", "install"]

_ROOMS = (signin, arrivals, kiosks, forwards, usb, trail, practice)


def install(app: Flask) -> None:
    """Put all pages into an app."""
    pages = Blueprint("pages", __name__)
    pages.before_request(access.ask_who)
    for room in _ROOMS:
        room.add_to(pages)
    app.register_blueprint(pages)
    app.add_template_filter(access.in_local_time, "local")
    app.add_template_filter(access.ago, "ago")
    app.context_processor(access.words)
