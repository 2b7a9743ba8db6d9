"""The gateway as a WSGI app: the one place where its parts are put together.

Nothing here listens or runs; ``server`` does. An uploaded body stays in memory (never in the clear in a temporary
file), which its size limits make possible.
"""

import io
from pathlib import Path
from typing import IO, Any

from flask import Flask, Request, Response, g, render_template, send_from_directory
from werkzeug.exceptions import HTTPException

from sync.gateway import accounts, api, database, epochs, forwarding, kiosks, pages
from sync.gateway.api_request import BYTES_LIMIT
from sync.gateway.context import GatewayContext
from sync.gateway.faults import Faults
from sync.gateway.problems import Problem
from sync.gateway.settings import Settings

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SHARED = Path(__file__).resolve().parents[2] / "static"
"""The checkout's folder of static files; the gateway serves one of them, the colours of all front ends."""


class InMemory(Request):
    """A request that writes nothing to a temporary file."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return io.BytesIO()


def create_app(settings: Settings, faults: Faults | None = None) -> Flask:
    """Put a gateway together: tables, codes, addresses, pages."""
    app = Flask(__name__, static_url_path="/static")
    app.request_class = InMemory
    app.config["MAX_CONTENT_LENGTH"] = BYTES_LIMIT + 65536
    engine = database.open_engine(settings.database)
    context = GatewayContext(
        settings=settings, engine=engine, auth_engine=database.open_auth_engine(engine), faults=faults or Faults()
    )
    context.metrics.collect_store(context.engine, settings.now)
    app.extensions["gateway"] = context
    _furnish(context)
    api.install(app)
    pages.install(app)
    app.add_url_rule("/static/tokens.css", "tokens", _tokens)
    app.register_error_handler(Problem, api.problem_answer)
    app.register_error_handler(HTTPException, _sorry)
    app.after_request(_guarded)
    return app


def _furnish(context: GatewayContext) -> None:
    settings = context.settings
    now = context.settings.now()
    secret = accounts.hash_password(settings.operator_password) if settings.operator_password else ""
    with context.engine.begin() as db:
        database.lock_schema(db)
        epochs.ensure_epoch(db, now, settings.token)
        forwarding.begin(db, now)
        if secret:
            accounts.save_account(db, accounts.OPERATOR, "Người trực cổng", "operator", secret, now)
        context.last_epoch = epochs.current_epoch(db)
        for enrolment in settings.enrolment:
            kiosks.add_code(db, enrolment, now, may_replace=settings.practice)


def _tokens() -> Response:
    """Return the colours that every front end of the project shares."""
    return send_from_directory(_SHARED, "tokens.css")


def _sorry(error: HTTPException) -> Response:
    """Answer what went wrong: to a kiosk as a problem, to the operator as a page."""
    status = error.code or 500
    if api.is_ours():
        return api.plain_problem(status, f"http-{status}", "Cổng không làm được yêu cầu này.")
    return Response(render_template("sorry.html", status=status, is_for_others=g.get("is_for_others", False)), status)


def _guarded(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
