"""Public pages of the gateway for a citizen's own phone: no account, no cookie, no script.

They have a policy of their own. No search engine lists them, no proxy keeps them, and a link on them tells no other
site their address, because the address of a status page is its key.
"""

from flask import Blueprint, Flask, Response, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError

from sync.gateway.context import context
from sync.gateway.phone_pages import need, sheet, status

__all__ = ["install"]

_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors {}"
_LOOPBACK = "http://127.0.0.1:* http://localhost:*"
"""The pages of a practice kiosk, which show a phone in a frame."""
_MAX_BODY_BYTES = 1024


def install(app: Flask) -> None:
    """Add the pages and their style sheet to an app."""
    phone = Blueprint("phone", __name__)
    phone.before_request(_limit_body)
    phone.after_request(_add_headers)
    for error in (OperationalError, InterfaceError):
        phone.register_error_handler(error, _database_unavailable)
    status.add_routes(phone)
    need.add_routes(phone)
    sheet.add_routes(phone)
    app.register_blueprint(phone)


def _limit_body() -> None:
    request.max_content_length = _MAX_BODY_BYTES


def _add_headers(response: Response) -> Response:
    frames = _LOOPBACK if context().settings.practice else "'none'"
    response.headers["Content-Security-Policy"] = _POLICY.format(frames)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _database_unavailable(_error: OperationalError | InterfaceError) -> tuple[str, int, dict[str, str]]:
    """Answer 503 in the citizen's words while the database is unavailable."""
    return render_template("phone/busy.html"), 503, {"Retry-After": "30"}
