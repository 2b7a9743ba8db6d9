"""WSGI app of the gateway: creates its parts and connects them.

`server` listens and runs. An uploaded body stays in memory, never as plain text in a temporary file; the size limits
make this possible.
"""

from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, render_template, request, send_from_directory
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from sync.gateway import accounts, api, database, epochs, forwarding, kiosks, pages, phone_pages, releases, sealing
from sync.gateway.api_request import BYTES_LIMIT
from sync.gateway.context import GatewayContext, context
from sync.gateway.database_state import DatabaseState
from sync.gateway.faults import FaultSwitch
from sync.gateway.payments import web_hook
from sync.gateway.problems import Problem
from sync.gateway.public_address import find_address, practice_address
from sync.gateway.settings import GatewaySettings
from sync.http_request import InMemoryRequest

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_SHARED_STATIC = Path(__file__).resolve().parents[2] / "static"
"""Static files of the checkout; the gateway serves the colours and the font of all front ends."""


def create_app(settings: GatewaySettings, faults: FaultSwitch | None = None) -> Flask:
    """Create a gateway: tables, one-time codes, endpoints, pages."""
    engine = database.open_engine(settings.database, key_file=settings.key_file, needs_standby=settings.needs_standby)
    gateway_context = GatewayContext(
        settings=settings,
        engine=engine,
        auth_engine=database.open_auth_engine(engine),
        faults=faults or FaultSwitch(),
    )
    gateway_context.metrics.collect_store(engine, settings.now, needs_standby=settings.needs_standby)
    try:
        _prepare_store(gateway_context)
    except sealing.BadKey:
        gateway_context.close()
        raise
    app = create_routes()
    app.extensions["gateway"] = gateway_context
    return app


def create_routes() -> Flask:
    """Create an app with endpoints and pages, which use the context of the app that serves them."""
    app = Flask(__name__, static_url_path="/static")
    app.request_class = InMemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = BYTES_LIMIT + 65536
    api.install(app)
    app.before_request(_require_public_address)
    pages.install(app)
    app.register_blueprint(releases.releases)
    phone_pages.install(app)
    web_hook.install(app)
    _add_shared_files(app)
    app.add_url_rule("/alive", "alive", _alive)
    app.register_error_handler(Problem, api.problem_response)
    app.register_error_handler(HTTPException, _error_response)
    app.after_request(_add_security_headers)
    return app


def create_waiting_app() -> Flask:
    """Create the app of a process that waits for its database: `/alive` and one page, 503 for everything else.

    Kiosks read 503 as a gateway that is away, and keep everything.
    """
    app = Flask(__name__, static_url_path="/static")
    app.request_class = InMemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = 0
    _add_shared_files(app)
    app.add_url_rule("/alive", "alive", lambda: _alive_response("standby"))
    app.add_url_rule("/", "waiting", _waiting_page)
    for error in (404, 405, 413):
        app.register_error_handler(error, lambda _error: _waiting_page())
    app.after_request(_add_security_headers)
    return app


def _waiting_page() -> Response:
    page = render_template("sorry.html", status=503, database_state="standby", home="waiting")
    return Response(page, 503, {"Retry-After": "30"})


def _alive() -> Response:
    """Return the state of the database for a balancer or a monitor: 200 while forms are taken."""
    return _alive_response(context().replication.read_state())


def _alive_response(state: DatabaseState) -> Response:
    response = jsonify(alive=True, database=state)
    response.status_code = 200 if state == "writable" else 503
    return response


def _add_shared_files(app: Flask) -> None:
    app.add_url_rule("/static/system.css", "system", _system_css)
    app.add_url_rule("/static/fonts/noto-sans.woff2", "letters", _letters)


def _require_public_address() -> None:
    """Refuse a request for a host that is not this gateway; practice answers on this machine's own names.

    `/alive` is for programs of this machine and of the proxy, under any name.
    """
    if request.endpoint == "alive":
        return
    settings = context().settings
    host = request.environ.get("HTTP_HOST", "")
    address = find_address(settings.public_addresses, host) if settings.public_urls else practice_address(host)
    if address is not None:
        g.public_address = address
    elif api.is_api_request():
        raise Problem("host")
    else:
        abort(421)


def _prepare_store(gateway: GatewayContext) -> None:
    """Store the first epoch, the meter, the operator of the settings and the one-time codes."""
    settings = gateway.settings
    now = settings.now()
    password_hash = accounts.hash_password(settings.operator_password) if settings.operator_password else ""
    with gateway.engine.begin() as db:
        database.lock_schema(db)
        sealing.prepare(db)
        epochs.ensure_epoch(db, now, settings.token)
        forwarding.ensure_meter(db, now)
        if password_hash:
            accounts.save_account(
                db,
                login=accounts.OPERATOR,
                name="Người trực cổng",
                role="administrator",
                password_hash=password_hash,
                now=now,
            )
        gateway.last_epoch = epochs.current_epoch(db)
        for enrolment in settings.enrolment:
            kiosks.add_code(db, enrolment, now, may_replace=settings.practice)


def _system_css() -> Response:
    """Return tokens, layouts and components, which all staff's pages of the project share."""
    folder = _SHARED_STATIC / "system"
    tokens = folder / "tokens.css"
    others = sorted(path for path in folder.glob("*.css") if path != tokens)
    sheet = "\n".join(path.read_text("utf-8") for path in [tokens, *others])
    response = Response(sheet, mimetype="text/css")
    response.add_etag()
    response.make_conditional(request)
    return response


def _letters() -> Response:
    """Return the font of the pages, which no machine of a province has for sure."""
    return send_from_directory(_SHARED_STATIC / "fonts", "noto-sans.woff2", max_age=86400)


def _error_response(error: HTTPException) -> Response:
    """Return an HTTP error as a problem to a kiosk, as a page to the operator."""
    status = error.code or 500
    if api.is_api_request():
        response = api.custom_problem_response(status, f"http-{status}", "Cổng không làm được yêu cầu này.")
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(error.valid_methods)
        return response
    page = render_template(
        "sorry.html",
        status=status,
        is_wrong_role=g.get("is_wrong_role", False),
        public_origins=[address.origin for address in context().settings.public_addresses],
    )
    return Response(page, status)


def _add_security_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
