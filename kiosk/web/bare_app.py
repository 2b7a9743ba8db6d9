"""App without pages of its own: static files, default headers, error pages, and "Máy tạm nghỉ"."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from kiosk.base import codes, release
from kiosk.base.errors import (
    AlreadySubmitted,
    DraftGone,
    FormChanged,
    KioskError,
    OutOfService,
    TooMuchSent,
)
from kiosk.base.i18n import translator
from kiosk.config import ROOT, Config
from kiosk.pages import access, out_of_service
from kiosk.pages.access import allow, visitor
from kiosk.pages.citizen.blueprint import render
from kiosk.pages.officer.session import sent_posts
from kiosk.pages.static_text import static_text
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
STAFF_HOMES = {"/officer/": "Về bàn làm việc", "/technician/": "Về tổng quan"}
"""First pages of the staff, and the words of a link to them; all their addresses begin with one of these."""


class KioskApp(Flask):
    """Flask app whose answers all have the default headers."""

    request_class = InMemoryRequest

    def body_limit(self, environ: "WSGIEnvironment") -> int:
        """Return the most bytes that the body of a request may have; a server asks before it reads the body."""
        with self.request_context(environ):
            return access.body_limit()

    def send_static_file(self, filename: str) -> Response:
        """Return a static file; scripts and style sheets are compressed, and bundles have their modules in them."""
        return static_text(Path(str(self.static_folder)), filename) or super().send_static_file(filename)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; default headers are added here, so that answers of error handlers have them too."""

        def start_with_defaults(
            status_line: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            present = {name for name, _ in headers}
            defaults = [header for header in HEADERS if header[0] not in present]
            return start_response(status_line, headers + defaults, exc_info)

        return super().__call__(environ, start_with_defaults)


def bare_app(config: Config) -> KioskApp:
    """Return an app without pages."""
    version = _static_version(ROOT / "static")
    app = KioskApp(
        "kiosk",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{version}",
    )
    app.jinja_env.globals["version"] = version
    app.jinja_env.globals["screen_millimetre"] = access.screen_millimetre
    app.jinja_env.globals["is_low_glass"] = access.is_low_glass
    app.jinja_env.globals["has_paper_camera"] = access.has_paper_camera
    app.extensions["hours"] = config.hours
    app.jinja_env.globals["release"] = release.current().text
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    return app


def _static_version(folder: Path) -> str:
    """Return a short hash of the static files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def register_error_pages(app: Flask) -> None:
    """Let an app show the kiosk's error pages."""
    app.register_error_handler(KioskError, _kiosk_error_page)
    app.register_error_handler(RequestEntityTooLarge, lambda _error: _kiosk_error_page(TooMuchSent()))
    app.register_error_handler(HTTPException, _http_error_page)
    app.register_error_handler(Exception, unexpected_error_page)


def add_out_of_service_page(app: KioskApp, error: OutOfService) -> KioskApp:
    """Answer every URL with the out-of-service page."""

    @app.route("/", defaults={"_path": ""})
    @app.route("/<path:_path>")
    def answer(_path: str) -> tuple[str, int]:
        return out_of_service.page(error), 503

    return app


def _with_plain_fallback(handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap an error handler: its page reads the visitor from the store; if that fails too, show the plain page."""

    @wraps(handler)
    def wrapped(error: Any) -> Any:
        try:
            return handler(error)
        except OutOfService as store_error:
            return out_of_service.page(store_error), store_error.status

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


def _staff_error_page(title: str, text: str, code: str, *, is_kept: bool = False) -> str | None:
    """Return an error page with a link to the reader's own first page; None at addresses that are not of the staff.

    No session is asked for: routing fails before there is one, and what failed may be the session itself. `is_kept`
    says that what the officer typed is in the tray.
    """
    home = next((home for home in STAFF_HOMES if request.path.startswith(home)), None)
    if home is None:
        return None
    shown = {"title": title, "text": text, "code": code, "home": home, "home_text": STAFF_HOMES[home]}
    shown["tray"] = url_for("officer.unsent") if is_kept else ""
    return render_template("staff_error.html", ward=access.context().config.ward, **shown)


@_with_plain_fallback
def _http_error_page(error: HTTPException) -> Any:
    code = f"K-{error.code}"
    staff_page = _staff_error_page("Không có trang này", "Địa chỉ gõ sai, hoặc trang đã đổi chỗ.", code)
    if staff_page:
        return staff_page, error.code
    if not access.serves_citizens():
        return access.refusal_page("page", error.code or 404)
    _ = translator(visitor().lang)
    if request.path.startswith("/static/"):
        return error
    title = _("Không có trang này")
    text = _("Mời về trang đầu rồi chọn lại.")
    return _error_page(title, text, code), error.code


def _keep_typed() -> bool:
    """Seal what a post of the desk has typed, and return whether that was done; what failed may be the store."""
    try:
        return sent_posts.keep_typed()
    except Exception as error:
        log.error("typed text not kept", exc_info=error)
        return False


@_with_plain_fallback
def unexpected_error_page(error: Exception) -> tuple[str, int]:
    """Show a code that leads to the error in the log; the page says nothing of the cause."""
    code = codes.random_letters(6)
    log.error("unexpected error", extra={"code": code}, exc_info=error)
    text = "Mời làm lại việc vừa rồi. Vẫn hỏng thì báo kỹ thuật mã này."
    staff_page = _staff_error_page("Máy trục trặc", text, code, is_kept=_keep_typed())
    if staff_page:
        return staff_page, 500
    _ = translator("vi")
    return _error_page(_("Máy trục trặc"), _("Những gì đã khai vẫn còn. Mời gọi cán bộ và đọc mã dưới đây."), code), 500


@allow("anyone")
def alive() -> Response:
    """Answer that the kiosk runs."""
    config = access.context().config
    return jsonify(alive=True, kiosk=config.kiosk.id, practice=config.kiosk.practice)
