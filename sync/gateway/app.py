"""The gateway as a WSGI app: the one place where its parts are put together.

Nothing here listens or runs; ``server`` does. An uploaded body stays in memory (never in the clear in a temporary
file), which its size limits make possible.
"""

import io
from typing import IO, Any

from flask import Flask, Request, Response, render_template
from werkzeug.exceptions import HTTPException

from sync.gateway import contract, epochs, kiosks, pages
from sync.gateway.contract import House
from sync.gateway.faults import Faults
from sync.gateway.intake import BYTES_LIMIT
from sync.gateway.operators import Door
from sync.gateway.problems import Problem
from sync.gateway.settings import Settings
from sync.gateway.tables import open_engine

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class InMemory(Request):
    """A request that writes nothing to a temporary file."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return io.BytesIO()


def create_app(settings: Settings, faults: Faults | None = None) -> Flask:
    """Put a gateway together: tables, codes, addresses, pages."""
    app = Flask(__name__, static_url_path="/static")
    app.request_class = InMemory
    app.config["MAX_CONTENT_LENGTH"] = BYTES_LIMIT + 65536
    house = House(settings, open_engine(settings.database), faults or Faults())
    app.extensions["gateway"] = house
    app.extensions[pages.DOOR] = Door(settings.operator_password)
    _furnish(house)
    contract.install(app)
    app.register_blueprint(pages.pages)
    app.register_error_handler(Problem, contract.problem_answer)
    app.register_error_handler(HTTPException, _sorry)
    app.after_request(_guarded)
    return app


def _furnish(house: House) -> None:
    settings, now = house.settings, house.settings.now()
    with house.engine.begin() as db:
        epochs.begin(db, now, settings.token)
        for enrolment in settings.enrolment:
            kiosks.add_code(db, enrolment, now, may_replace=settings.practice)


def _sorry(error: HTTPException) -> Response:
    """Answer what went wrong: to a kiosk as a problem, to the operator as a page."""
    status = error.code or 500
    if contract.is_ours():
        return contract.plain_problem(status, f"http-{status}", "Cổng không làm được yêu cầu này.")
    return Response(render_template("sorry.html", status=status), status)


def _guarded(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
