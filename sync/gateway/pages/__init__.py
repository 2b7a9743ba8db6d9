"""Pages of the gateway's accounts.

A list shows no citizens' names. A body is shown only to a role that may open it, after a reason was given, and the
reason is recorded. Every page requires a session and a role (`access`); every form contains the session's CSRF token.
"""

from flask import Blueprint, Flask

from sync.gateway.pages import (
    access,
    arrivals,
    connection,
    fleet,
    forwards,
    kiosks,
    messages,
    opinions,
    payments,
    practice,
    second_factor,
    servers,
    signin,
    trail,
    usb,
)
from sync.gateway.pages.labels import KINDS, STATUSES

__all__ = ["KINDS", "STATUSES", "install"]

_MODULES = (
    signin,
    second_factor,
    arrivals,
    fleet,
    kiosks,
    forwards,
    connection,
    usb,
    payments,
    messages,
    opinions,
    servers,
    trail,
    practice,
)


def install(app: Flask) -> None:
    """Add all pages to an app."""
    pages = Blueprint("pages", __name__)
    pages.before_request(access.require_access)
    for module in _MODULES:
        module.add_routes(pages)
    app.register_blueprint(pages)
    app.add_template_filter(access.in_local_time, "local")
    app.add_template_filter(access.ago, "ago")
    app.add_template_filter(access.short_time, "short_time")
    app.context_processor(access.template_context)
