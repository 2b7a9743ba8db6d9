"""The one place where everything is put together.

`create_app(config)` opens the store, its key and the shelf, and hangs up the pages. Practice is another app of the same
kind, with a folder of its own; only it registers the tray of made-up cards.
"""

import hashlib
import io
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask import Flask, Request, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from kiosk import codes
from kiosk.backup.startup import prepare_store
from kiosk.clock import SYSTEM, Clock
from kiosk.config import ROOT, Config
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.errors import AlreadySubmitted, Closed, DraftGone, FormChanged, KioskError
from kiosk.i18n import translator
from kiosk.pages import access
from kiosk.pages.access import for_, visitor
from kiosk.pages.board import display
from kiosk.pages.citizen import check, choose, done, form, pick, start, status, ticket
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.enrolment import doors, keep_screen
from kiosk.pages.officer import (
    account,
    audit_trail,
    correct,
    day,
    decide,
    desk,
    fees,
    form_transfer,
    lock,
    lookup,
    opened_case,
    papers,
    people,
    printouts,
    priority,
    queue,
    returned,
    scans,
    shift,
)
from kiosk.pages.officer.blueprint import officer
from kiosk.pages.practice import practice
from kiosk.pages.signin import signin
from kiosk.pages.technician import deliveries, devices, journal, key, overview, screens, usb
from kiosk.pages.technician.blueprint import technician
from kiosk.procedures import catalogue_cache
from kiosk.procedures.loader import CATALOGUE, Catalogue, read_catalogue
from kiosk.scanner import ScanDesk
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import open_vault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

PAGES = (
    *(start, choose, form, pick, check, done, status, ticket),
    *(
        desk,
        queue,
        papers,
        fees,
        correct,
        printouts,
        form_transfer,
        scans,
        decide,
        lookup,
        opened_case,
        day,
        lock,
        account,
        people,
        priority,
        returned,
        shift,
        audit_trail,
    ),
    *(overview, deliveries, devices, journal, key, screens, usb),
)
"""The modules that hang their pages on a blueprint, the citizen's or one of the staff's: to import them does it."""
KEPT = 365 * 24 * 3600
"""Seconds that a browser keeps style, scripts and font: another version of them has another address."""
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    # Whoever leaves clears no cache: what is not said to be nobody's must never be in it.
    ("Cache-Control", "no-store"),
]
"""What every answer carries that says nothing else under the same name."""


class InMemory(Request):
    """A request whose files never touch the disk in the clear: without this, one above 500 kB lies in /tmp."""

    def _get_file_stream(self, *_told: object, **_named: object) -> IO[bytes]:
        return io.BytesIO()


class Kiosk(Flask):
    """Flask as these pages need it: none is a coroutine, and each answer carries HEADERS, whatever made it."""

    request_class = InMemory

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the page as it is, without looking each time whether it has to be awaited."""
        return func

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; the headers are laid beside those that the answer has, not set one by one."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            said = {name for name, _ in headers}
            return start_response(status, headers + [one for one in HEADERS if one[0] not in said], exc_info)

        return super().__call__(environ, start)


def open_context(config: Config, clock: Clock = SYSTEM) -> Context:
    """Open store, key and shelf; a Closed error says in one sentence why not."""
    store = Store(config.store_path)
    try:
        grow(store)
        vault = open_vault(config.key_path, store)
        catalogue = catalogue_cache.load_or_read(
            config.catalogue_cache_path,
            vault,
            [config.own_procedures] if config.own_procedures else [],
            [config.overrides_path] if config.overrides_path else [],
            lambda: open_catalogue(config),
        )
    except BaseException:
        store.close()
        raise
    return Context(
        config=config,
        store=store,
        vault=vault,
        catalogue=catalogue,
        clock=clock,
        card_scans=ScanDesk(),
        count_seats=filing.seats_left,
    )


def open_catalogue(config: Config) -> Catalogue:
    """Return the shelf with the ward's own forms and changes; BadProcedure names all that is wrong with them."""
    own = [config.own_procedures] if config.own_procedures else []
    return read_catalogue(CATALOGUE, *own, overrides=config.overrides_path)


def create_app(config: Config, clock: Clock = SYSTEM) -> Flask:
    """Return the kiosk's pages over a room; a plain page with the code when the room cannot be opened."""
    version = _version(ROOT / "static", config.screen.mm)
    app = Kiosk(
        "kiosk",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{version}",
    )
    app.jinja_env.globals["version"] = version
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    try:
        prepare_store(config, clock)
        context = open_context(config, clock)
    except Closed as fault:
        log.error("closed", extra={"code": fault.code})
        return _closed(app, fault)
    app.extensions["context"] = context
    app.add_url_rule("/alive", "alive", alive)
    app.before_request(access.check_role)
    app.after_request(_keep_screen)
    app.register_blueprint(citizen)
    app.register_blueprint(signin)
    app.register_blueprint(doors, url_prefix="/signin")
    app.register_blueprint(officer, url_prefix="/officer")
    app.register_blueprint(technician, url_prefix="/technician")
    app.register_blueprint(display, url_prefix="/display")
    if config.kiosk.practice:
        app.register_blueprint(practice, url_prefix="/practice")
    app.register_error_handler(KioskError, _explain)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _unforeseen)
    return app


def _version(folder: Path, millimetres: int) -> str:
    """Return a word that changes with what the static files and the style sheet hold."""
    found = hashlib.sha256(str(millimetres).encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.read_bytes())
    return found.hexdigest()[:10]


@for_("anyone")
def alive() -> Response:
    """Say that the pages answer."""
    context = access.context()
    return jsonify(alive=True, kiosk=context.config.kiosk.id, practice=context.config.kiosk.practice)


def _keep_screen(answer: Response) -> Answer:
    """A touchscreen that is used stays one: its cookie is given anew with each visit's first page."""
    if request.endpoint != "citizen.start" or answer.status_code != 200 or not access.is_lan():
        return answer
    token = request.cookies.get(access.SCREEN_COOKIE, "")
    return keep_screen(answer, token) if token else answer


def _closed(app: Flask, fault: Closed) -> Flask:
    """A kiosk that cannot take anything says so on every address, in one plain page."""

    @app.route("/", defaults={"_address": ""})
    @app.route("/<path:_address>")
    def closed(_address: str) -> tuple[str, int]:
        return _resting(fault), 503

    return app


def _resting(fault: Closed) -> str:
    return (
        "<!doctype html><html lang=vi><meta charset=utf-8><title>Máy tạm nghỉ</title>"
        f"<h1>Máy tạm nghỉ</h1><p>{fault.vi}</p><p lang=en>{fault.en}</p><p>{fault.code}</p>"
    )


def _without_store(explain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A page about a fault asks the store who is looking at it: where that fails too, one plain page needs nothing."""

    @wraps(explain)
    def explained(fault: Any) -> Any:
        try:
            return explain(fault)
        except Closed as deeper:
            return _resting(deeper), deeper.status

    return explained


@_without_store
def _explain(fault: KioskError) -> Answer | tuple[str, int]:
    """Turn a fault into what the reader can do."""
    if not access.serves_citizens():
        return render_template(
            "doors/refused.html", why="", text=fault.vi, ward=access.context().config.ward
        ), fault.status
    if isinstance(fault, AlreadySubmitted) and visitor().submission_id:
        return redirect(url_for("citizen.done"), 303)
    if isinstance(fault, FormChanged):
        return redirect(url_for("citizen.changed"), 303)
    lang = visitor().lang
    _ = translator(lang)
    title = _("Mời làm lại từ đầu") if isinstance(fault, DraftGone) else _("Máy chưa làm được việc này")
    log.info("explained", extra={"code": fault.code})
    return _error(title, fault.en if lang == "en" else fault.vi, fault.code), fault.status


def _error(title: str, text: str, code: str) -> str:
    _ = translator(visitor().lang)
    action = (url_for("citizen.start"), _("Về trang đầu"))
    return render("error.html", title=title, text=text, code=code, action=action)


@_without_store
def _plain(fault: HTTPException) -> Any:
    if not access.serves_citizens():
        return access.refusal("page", fault.code or 404)
    _ = translator(visitor().lang)
    if request.path.startswith("/static/"):
        return fault
    title = _("Không có trang này")
    text = _("Mời về trang đầu rồi chọn lại.")
    return _error(title, text, f"K-{fault.code}"), fault.code


@_without_store
def _unforeseen(fault: Exception) -> tuple[str, int]:
    """The last door: nothing is shown of the cause, the code leads to it in the log."""
    code = codes.nonce()[:6].upper()
    log.error("unforeseen", extra={"code": code}, exc_info=fault)
    _ = translator("vi")
    return _error(_("Máy trục trặc"), _("Những gì đã khai vẫn còn. Mời gọi cán bộ và đọc mã dưới đây."), code), 500
