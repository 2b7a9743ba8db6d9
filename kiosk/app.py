"""WSGI app of the kiosk: `create_app(config)` opens store, key and catalogue and registers all pages.

Practice is another app of this kind with its own data folder; only it registers the made-up cards.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from kiosk import codes, wiring
from kiosk.backup import lost_log
from kiosk.backup.startup import prepare_store, require_store
from kiosk.clock import SYSTEM, Clock
from kiosk.config import ROOT, Config
from kiosk.config.sections import ScreenSettings
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.errors import (
    AlreadySubmitted,
    DraftGone,
    FormChanged,
    KioskError,
    OutOfService,
    ReceiptNumbersUsedUp,
    StoreBusy,
    StoreFull,
    StoreNewer,
    StoreUnavailable,
    TooMuchSent,
)
from kiosk.i18n import load_own_languages, translator
from kiosk.pages import access
from kiosk.pages.access import allow, visitor
from kiosk.pages.board import board
from kiosk.pages.citizen import (  # noqa: F401 - the import registers the pages on the blueprint
    call,
    card,
    check,
    choose,
    cover,
    done,
    form,
    keep,
    listen,
    opinion,
    pick,
    scan,
    start,
    status,
    ticket,
    together,
)
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.enrolment import enrolment, set_screen_cookie
from kiosk.pages.officer import (  # noqa: F401 - the import registers the pages on the blueprint
    account,
    assist,
    assist_begin,
    assist_turn,
    audit_trail,
    cash,
    command,
    compare,
    correct,
    day,
    decide,
    desk,
    end,
    fees,
    form_transfer,
    help_calls,
    kept_form,
    line,
    lock,
    lookup,
    now,
    opened_case,
    opinions,
    page_figures,
    papers,
    people,
    plan,
    printouts,
    priority,
    queue,
    reception,
    returned,
    scans,
    shift,
    unsent,
    work,
)
from kiosk.pages.officer.blueprint import officer
from kiosk.pages.practice import practice
from kiosk.pages.signin import signin
from kiosk.pages.tablet import tablet
from kiosk.pages.technician import (  # noqa: F401 - the import registers the pages on the blueprint
    connection,
    deliveries,
    devices,
    journal,
    key,
    overview,
    own_account,
    ruler,
    screens,
    usb,
)
from kiosk.pages.technician.blueprint import technician
from kiosk.procedures import catalogue_cache, kept_files
from kiosk.procedures.documents import FILE_NAME as REGISTER
from kiosk.procedures.loader import CATALOGUE, Catalogue, read_usable_catalogue
from kiosk.scanner import CardInbox
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import open_vault
from sync.http_request import InMemoryRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

STATIC_SECONDS = 365 * 24 * 3600
"""Seconds for which browsers cache style sheets, scripts and fonts; another version of them has another URL."""
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    # Leaving a visit clears no cache, so a page is cached only if its view says that it may be.
    ("Cache-Control", "no-store"),
]
"""Default headers of every answer; a header that a view sets is kept."""


STAFF_AREAS = ("/officer", "/technician", "/signin")
FORMS_ARE_SAFE = (StoreFull, StoreBusy, StoreNewer, ReceiptNumbersUsedUp)
"""Errors after which it is certain that submitted forms are kept; of the others it is not known."""


class KioskApp(Flask):
    """Flask app without async views, whose answers all have the default headers."""

    request_class = InMemoryRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the view as it is: no view is a coroutine, so Flask need not check at each request."""
        return func

    def body_limit(self, environ: "WSGIEnvironment") -> int:
        """Return the most bytes that the body of a request may have; a server asks before it reads the body."""
        with self.request_context(environ):
            return access.body_limit()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; default headers are added here, so that answers of error handlers have them too."""

        def start_with_defaults(
            status_line: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            present = {name for name, _ in headers}
            defaults = [header for header in HEADERS if header[0] not in present]
            return start_response(status_line, headers + defaults, exc_info)

        return super().__call__(environ, start_with_defaults)


def create_store(config: Config) -> None:
    """Create the store and its key, unless they exist.

    Raises:
        OutOfService: they cannot be created.
    """
    with Store(config.store_path) as store:
        grow(store)
        open_vault(config.key_path, store)


def open_context(config: Config, clock: Clock = SYSTEM) -> Context:
    """Open the store, the key and the catalogue; only practice creates a missing store.

    Raises:
        OutOfService: store or key cannot be used; its text is one sentence for the technician.
    """
    require_store(config)
    for problem in load_own_languages(config.languages_folder):
        log.error("language left out", extra={"code": "K-02", "why": problem})
    if not config.kiosk.practice:
        lost_log.notice(config, clock)
    store = Store(config.store_path, has_marker=not config.kiosk.practice)
    try:
        grow(store)
        vault = open_vault(config.key_path, store)
        catalogue = catalogue_cache.load_or_read(
            path=config.catalogue_cache_path,
            sealer=vault,
            folders=[config.own_procedures] if config.own_procedures else [],
            others=[config.overrides_path, config.overrides_path.parent / REGISTER] if config.overrides_path else [],
            read=lambda: open_catalogue(config),
        )
        if config.own_procedures:
            kept_files.keep(config.own_procedures, config.kept_procedures, catalogue.bad_files)
        if catalogue.errors:
            log.error("procedure files left out", extra={"code": "K-02", "count": len(catalogue.errors)})
    except BaseException:
        store.close()
        raise
    context = Context(
        config=config,
        store=store,
        vault=vault,
        catalogue=catalogue,
        clock=clock,
        card_inbox=CardInbox(),
        count_seats=filing.seats_left,
    )
    context.use_newest_plan()
    return context


def open_catalogue(config: Config) -> Catalogue:
    """Return the catalogue with the ward's files, without those that have errors."""
    kept = config.kept_procedures if config.own_procedures else None
    return read_usable_catalogue(*_folders(config), overrides=config.overrides_path, kept=kept)


def _folders(config: Config) -> list[Path]:
    return [CATALOGUE, *([config.own_procedures] if config.own_procedures else [])]


def create_app(config: Config, clock: Clock = SYSTEM) -> KioskApp:
    """Return the kiosk's app; if store or key cannot be used, an app with only the out-of-service page."""
    version = _static_version(ROOT / "static", config.screen)
    app = KioskApp(
        "kiosk",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{version}",
    )
    app.jinja_env.globals["version"] = version
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    try:
        prepare_store(config, clock)
        context = open_context(config, clock)
    except OutOfService as error:
        log.error("out of service", extra={"code": error.code})
        return _add_out_of_service_page(app, error)
    app.extensions["context"] = context
    app.extensions["test_connection"] = partial(wiring.test_connection, context)
    _register_pages(app, practice_cards=config.kiosk.practice)
    return app


def _register_pages(app: Flask, *, practice_cards: bool) -> None:
    app.add_url_rule("/alive", "alive", alive)
    app.before_request(_use_newest_plan)
    app.before_request(access.check_role)
    app.after_request(_renew_screen_cookie)
    app.register_blueprint(citizen)
    app.register_blueprint(signin)
    app.register_blueprint(enrolment, url_prefix="/signin")
    app.register_blueprint(officer, url_prefix="/officer")
    app.register_blueprint(technician, url_prefix="/technician")
    app.register_blueprint(board, url_prefix="/display")
    app.register_blueprint(tablet, url_prefix="/tablet")
    if practice_cards:
        app.register_blueprint(practice, url_prefix="/practice")
    app.register_error_handler(KioskError, _kiosk_error_page)
    app.register_error_handler(RequestEntityTooLarge, lambda _error: _kiosk_error_page(TooMuchSent()))
    app.register_error_handler(HTTPException, _http_error_page)
    app.register_error_handler(Exception, _unexpected_error_page)


def _use_newest_plan() -> None:
    """Show this request what a lead saved, in any process; a store that cannot be read is reported by the view."""
    if request.endpoint not in (None, "static", "alive"):
        with suppress(StoreUnavailable):
            access.context().use_newest_plan()


def _static_version(folder: Path, screen: ScreenSettings) -> str:
    """Return a short hash of the static files and the screen size, which the style sheet depends on."""
    digest = hashlib.sha256(f"{screen.width}x{screen.height} {screen.mm}".encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@allow("anyone")
def alive() -> Response:
    """Answer that the kiosk runs."""
    config = access.context().config
    return jsonify(alive=True, kiosk=config.kiosk.id, practice=config.kiosk.practice)


def _renew_screen_cookie(response: Response) -> Answer:
    """Renew a screen's cookie at the first page of each visit, so that a used screen stays enrolled."""
    is_home = request.endpoint in {"citizen.start", "tablet.show"}
    if not is_home or response.status_code != 200 or not access.is_lan():
        return response
    token = request.cookies.get(access.SCREEN_COOKIE, "")
    return set_screen_cookie(response, token) if token else response


def _add_out_of_service_page(app: KioskApp, error: OutOfService) -> KioskApp:
    """Answer every URL with the out-of-service page."""

    @app.route("/", defaults={"_path": ""})
    @app.route("/<path:_path>")
    def out_of_service(_path: str) -> tuple[str, int]:
        return _out_of_service_page(error), 503

    return app


def _out_of_service_page(error: OutOfService) -> str:
    """Return "Máy tạm nghỉ", which needs no store, returns by itself, and tells code and cause to the staff only."""
    area = f"/{request.path.strip('/').partition('/')[0]}"
    page = current_app.jinja_env.get_template("closed.html")
    return page.render(
        home={"/display": "/display/", **dict.fromkeys(STAFF_AREAS, request.path)}.get(area, "/"),
        is_safe=isinstance(error, FORMS_ARE_SAFE),
        code=error.code,
        staff_text=error.vi if area in STAFF_AREAS else "",
    )


def _with_plain_fallback(handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap an error handler: its page reads the visitor from the store; if that fails too, show the plain page."""

    @wraps(handler)
    def wrapped(error: Any) -> Any:
        try:
            return handler(error)
        except OutOfService as store_error:
            return _out_of_service_page(store_error), store_error.status

    return wrapped


@_with_plain_fallback
def _kiosk_error_page(error: KioskError) -> Answer | tuple[str, int]:
    """Show what the reader can do about an error, or redirect to the page that shows it."""
    if not access.serves_citizens():
        ward = access.context().config.ward
        return render_template("enrolment/refused.html", reason="", text=error.vi, ward=ward), error.status
    if isinstance(error, AlreadySubmitted) and visitor().submission_id:
        return redirect(url_for("citizen.done"), 303)
    if isinstance(error, FormChanged):
        return redirect(url_for("citizen.changed"), 303)
    lang = visitor().lang
    _ = translator(lang)
    title = _("Mời làm lại từ đầu") if isinstance(error, DraftGone) else _("Máy chưa làm được việc này")
    log.info("error page shown", extra={"code": error.code})
    return _error_page(title, error.en if lang == "en" else error.vi, error.code), error.status


def _error_page(title: str, text: str, code: str) -> str:
    _ = translator(visitor().lang)
    action = (url_for("citizen.start"), _("Về trang đầu"))
    return render("error.html", title=title, text=text, code=code, action=action)


@_with_plain_fallback
def _http_error_page(error: HTTPException) -> Any:
    if not access.serves_citizens():
        return access.refusal_page("page", error.code or 404)
    _ = translator(visitor().lang)
    if request.path.startswith("/static/"):
        return error
    title = _("Không có trang này")
    text = _("Mời về trang đầu rồi chọn lại.")
    return _error_page(title, text, f"K-{error.code}"), error.code


@_with_plain_fallback
def _unexpected_error_page(error: Exception) -> tuple[str, int]:
    """Show a code that leads to the error in the log; the page says nothing of the cause."""
    code = codes.nonce()[:6].upper()
    log.error("unexpected error", extra={"code": code}, exc_info=error)
    _ = translator("vi")
    return _error_page(_("Máy trục trặc"), _("Những gì đã khai vẫn còn. Mời gọi cán bộ và đọc mã dưới đây."), code), 500
