"""Access to pages: the session behind a cookie, the CSRF token of its forms, the role of every route.

A cookie holds only a random id; the store keeps its hash. The CSRF token is an HMAC of that hash, so it is valid as
long as the session and needs no clock.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, render_template, request

from kiosk import uploads
from kiosk.acts import applying, help_calls, screens
from kiosk.base import codes
from kiosk.base.errors import KioskError, NotAllowed, TooMuchSent
from kiosk.base.screen_size import ScreenSize
from kiosk.config.cross_checks import LOOPBACK
from kiosk.context import Context
from kiosk.records import help_calls as help_call_records
from kiosk.records import sessions
from kiosk.records.touchscreens import Touchscreen

COOKIE = "kiosk"
STAFF_COOKIES = {"officer": "kiosk_officer", "technician": "kiosk_technician"}
"""One cookie per audience, sent to its own pages only; none opens the pages of another audience."""
View = TypeVar("View", bound=Callable[..., Any])

ROLES_BY_MARK: dict[str, frozenset[str]] = {
    "anyone": frozenset({"anyone"}),
    "citizen": frozenset({"citizen"}),
    "tablet": frozenset({"tablet"}),
    "officer": frozenset({"officer", "lead"}),
    "lead": frozenset({"lead"}),
    "auditor": frozenset({"auditor"}),
    "staff": frozenset({"officer", "lead", "auditor"}),
    "technician": frozenset({"technician"}),
}
"""Mark of a route -> the roles that may open it. A route with another mark, or none, answers 403."""

LISTENER = "kiosk.listener"
LAN = "lan"
"""The LAN listener writes this into the WSGI environment of a request; a header cannot."""
SCREEN_COOKIE = "kiosk_screen"
OWN_TOUCHSCREEN = "machine"
"""The touchscreen that is not on the LAN; every browser on the machine itself counts as this one."""
BESIDE = "kiosk.live_visit"
"""The live kiosk writes its `LiveVisit` into the WSGI environment of a request to the practice app beside it."""
LOOKS = ("lang", "size", "theme", "aloud", "speed", "volume", "typing")
"""Settings of the live visit that practice begins with."""
BESIDE_PREFIX = "/tap/"
"""Addresses of the practice app beside the live kiosk."""
BESIDE_COOKIE = "kiosk_beside"
"""Cookie of the practice app beside the live kiosk; its path is that app's, so no other page gets it."""
FORM_BYTES = 64 * 1024
"""Largest request body without a file."""


@dataclass(frozen=True)
class Visitor:
    """Session of the citizen at the screen."""

    id: str
    token: str
    lang: str = "vi"
    size: str = ""
    theme: str = ""
    aloud: str = ""
    speed: str = ""
    volume: str = ""
    typing: str = "easy"
    draft_id: str | None = None
    submission_id: str | None = None
    has_opinion: bool = False


@dataclass(frozen=True)
class LiveVisit:
    """Visit of the live kiosk at the screen that practises: how its pages look, and whose desks hear a call.

    The live kiosk has checked the screen before, so the practice app beside it knows no touchscreens of its own.
    """

    context: Context
    visitor: Visitor
    screen: str
    touchscreen: str
    size: ScreenSize


def live_visit() -> LiveVisit | None:
    """Return the live visit of a request to the practice app beside the live kiosk; None in every other app."""
    visit: LiveVisit | None = request.environ.get(BESIDE)
    return visit


def own_path() -> str:
    """Return the path of this request as a browser sees it: with the prefix of an app that is beside another one."""
    return f"{request.root_path}{request.path}"


def context() -> Context:
    """Return the application context of the current app."""
    app_context: Context = current_app.extensions["context"]
    return app_context


def cookie_name() -> str:
    """Return the name of the citizen's cookie; practice has its own, so that neither overwrites the other."""
    if live_visit():
        return BESIDE_COOKIE
    return f"{COOKIE}_tap" if context().config.kiosk.practice else COOKIE


def hash_token(token: str) -> str:
    """Return the hash that the store keeps of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def visitor() -> Visitor:
    """Return the visitor of this request; a new one gets a session."""
    known: Visitor | None = g.get("visitor")
    if known is None:
        token = request.cookies.get(cookie_name(), "")
        known = g.visitor = (_find_visitor(token) if token else None) or _start_session()
    return known


def _find_visitor(token: str) -> Visitor | None:
    session_id = hash_token(token)
    with context().store.read() as db:
        session = sessions.find(db, session_id, "citizen")
    if session is None:
        return None
    settings = session.settings
    return Visitor(
        id=session_id,
        token=token,
        lang=str(settings.get("lang", "vi")),
        size=str(settings.get("size", "")),
        theme=str(settings.get("theme", "")),
        aloud=str(settings.get("aloud", "")),
        speed=str(settings.get("speed", "")),
        volume=str(settings.get("volume", "")),
        typing=str(settings.get("typing", "easy")),
        draft_id=session.draft_id,
        submission_id=session.submission_id,
        has_opinion=bool(settings.get("opinion")),
    )


def call_context() -> Context:
    """Return the context whose desks hear a call: of the live kiosk, also while somebody practises beside it."""
    visit = live_visit()
    return visit.context if visit else context()


def call_session() -> str:
    """Return the session that calls an officer: the live one, so that a call outlasts the end of practice."""
    visit = live_visit()
    return visit.visitor.id if visit else visitor().id


def open_call() -> help_call_records.OfficerCall | None:
    """Return the visitor's call for an officer that has not ended."""
    with call_context().store.read() as db:
        return help_call_records.find_open(db, call_session())


def screen_name() -> str:
    """Return the name of the touchscreen of this request, as the desk reads it."""
    visit = live_visit()
    if visit:
        return visit.screen
    enrolled = _enrolled() if is_lan() else None
    return enrolled.name if enrolled else context().config.screen.name


def has_scanner() -> bool:
    """Return whether the scanner at the machine's port is that of this screen; no other screen gets its cards.

    It is the machine's own screen, or the enrolled one that `[scanner] screen` names. A scanner of any other screen
    types. Practice beside the live kiosk has none.
    """
    return _is_at_screen(context().config.scanner.screen)


def _is_at_screen(named: str) -> bool:
    """Return whether a device that stands at a named touchscreen, or at the machine's own, is that of this request."""
    if live_visit():
        return False
    named = named.casefold()
    if named in ("", context().config.screen.name.casefold()):
        return not is_lan()
    return is_lan() and screen_name().casefold() == named


def has_paper_camera() -> bool:
    """Return whether the touchscreen of this request has a camera for papers; practice beside the live kiosk has none.

    In practice the page draws made-up papers in place of the camera's picture.
    """
    names = {name.casefold() for name in context().config.screen.cameras}
    return not live_visit() and screen_name().casefold() in names


def has_paper_scanner() -> bool:
    """Return whether the touchscreen of this request has a scanner for papers; practice beside the live kiosk has none.

    In practice it is one that draws made-up papers.
    """
    settings = context().config.paper_scanner
    return bool(settings.screen_device) and _is_at_screen(settings.screen)


def has_open_form() -> bool:
    """Return whether a session with a form sends the request; no session is begun for it."""
    found = _find_visitor(request.cookies.get(cookie_name(), ""))
    return found is not None and found.draft_id is not None


def screen_size() -> ScreenSize:
    """Return the size of the touchscreen of this request; an enrolled one without its own has that of the settings."""
    visit = live_visit()
    if visit:
        return visit.size
    enrolled = _enrolled() if is_lan() else None
    return (enrolled.size if enrolled else None) or context().config.screen.size


def screen_millimetre() -> float:
    """Return the CSS pixels that the pages of this request's touchscreen take for a millimetre.

    Very large letters do not grow with the glass: beside the keys there would be no room for a page's name.
    """
    size = screen_size()
    return round(size.pixels_per_mm if visitor().size == "xl" else size.page_millimetre, 3)


def is_low_glass() -> bool:
    """Return whether the touchscreen of this request is low, as one of 10 inches is in landscape."""
    return screen_size().is_low


def _enrolled() -> Touchscreen | None:
    """Return the touchscreen or tablet whose cookie this browser has; None for every other browser."""
    if "enrolled" not in g:
        token = request.cookies.get(SCREEN_COOKIE, "")
        g.enrolled = screens.open_at(context(), hash_token(token), request.remote_addr or "") if token else None
    enrolled: Touchscreen | None = g.enrolled
    return enrolled


def _start_session() -> Visitor:
    token = codes.token()
    applying.start_session(context(), hash_token(token), screen_name())
    g.fresh = token
    visit = live_visit()
    if visit is None:
        return Visitor(id=hash_token(token), token=token)
    live = visit.visitor
    looks = {name: str(getattr(live, name)) for name in LOOKS}
    applying.change_display(context(), hash_token(token), **looks)
    return replace(Visitor(id=hash_token(token), token=token), **looks)  # type: ignore[arg-type] # all of them are text


def start_session() -> None:
    """Start a new session for the visitor of this request."""
    g.visitor = _start_session()


def restart_session() -> None:
    """Start a new session for a screen that was left idle while a call is open; the call goes on in it."""
    old = visitor().id
    token = codes.token()
    help_calls.restart_visit(context(), old, hash_token(token), screen_name())
    g.fresh = token
    g.visitor = Visitor(id=hash_token(token), token=token)


def read_settings_again() -> None:
    """Load the visitor of this request once more, after its settings were changed."""
    g.visitor = _find_visitor(visitor().token) or visitor()


def set_cookie(response: Response) -> Response:
    """Set the cookie of a session that this request started."""
    if "fresh" in g:
        path = f"{request.root_path}/"
        response.set_cookie(cookie_name(), g.fresh, httponly=True, samesite="Strict", path=path, secure=is_secure())
    return response


def csrf_token() -> str:
    """Return the CSRF token of the visitor's session."""
    return csrf_token_of(context(), visitor().id)


def csrf_token_of(app_context: Context, session: str) -> str:
    """Return the CSRF token of a session."""
    return hmac.digest(app_context.vault.key_for("csrf"), session.encode(), "sha256").hex()


def check_csrf() -> None:
    """Require that a POST comes from a form of this session.

    Raises:
        NotAllowed: the CSRF token is missing or wrong.
    """
    if request.method == "POST":
        require_csrf(csrf_token())


def require_csrf(token: str) -> None:
    """Require the CSRF token of a session in the form of this request.

    Raises:
        NotAllowed: it is missing or another one.
    """
    sent = request.form.get("csrf", "")
    if not hmac.compare_digest(sent.encode(), token.encode()):  # of bytes: letters outside ASCII raise TypeError
        raise NotAllowed


def allow(mark: str) -> Callable[[View], View]:
    """Mark a view with the roles that may open it: a key of `ROLES_BY_MARK`."""

    def set_role(view: View) -> View:
        view.role = mark  # type: ignore[attr-defined]
        return view

    return set_role


def accept_file(
    max_bytes: int, has_session: Callable[[], bool], too_large: Callable[[], KioskError] = uploads.too_large_error
) -> Callable[[View], View]:
    """Mark a view as accepting a file of up to `max_bytes` from a browser with an open session.

    Other views, and other browsers, may send `FORM_BYTES`. `too_large` makes the error of a larger file.
    """

    def set_limit(view: View) -> View:
        view.max_body_bytes = max_bytes + FORM_BYTES  # type: ignore[attr-defined]
        view.has_session = has_session  # type: ignore[attr-defined]
        view.too_large = too_large  # type: ignore[attr-defined]
        return view

    return set_limit


def accepts_file() -> bool:
    """Return whether the requested page accepts a file."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "max_body_bytes")


def too_large_error() -> KioskError:
    """Return the error of a request that is larger than its page accepts."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    error: KioskError = view.too_large() if accepts_file() else TooMuchSent()
    return error


def body_limit() -> int:
    """Return the most bytes that the body of this request may have. The body is not read for it."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if accepts_file() and view.has_session():
        return int(view.max_body_bytes)
    return FORM_BYTES


def role_of(endpoint: str | None) -> str:
    """Return the mark of an endpoint's view; empty if it has none."""
    return str(getattr(current_app.view_functions.get(endpoint or ""), "role", ""))


def may_open(role: str) -> bool:
    """Return whether a role may open the requested page."""
    return role in ROLES_BY_MARK.get(role_of(request.endpoint), frozenset())


def check_role() -> Response | None:
    """Refuse foreign hosts and forms, unmarked routes, and on the LAN citizens' pages without enrolment."""
    if not _is_known_host() or (request.method == "POST" and not _is_same_origin()):
        return refusal_page("host")
    if request.endpoint is None or request.endpoint == "static":
        return None
    request.max_content_length = body_limit()
    mark = role_of(request.endpoint)
    if mark not in ROLES_BY_MARK:
        abort(403)
    is_open = counter_of_tablet() is not None if mark == "tablet" else mark != "citizen" or serves_citizens()
    if is_open:
        return None
    return refusal_page("moved" if SCREEN_COOKIE in request.cookies and _enrolled() is None else "screen")


def is_lan() -> bool:
    """Return whether the request came through the LAN listener."""
    return request.environ.get(LISTENER) == LAN


def serves_citizens() -> bool:
    """Return whether citizens' pages may be shown: on the machine itself and on enrolled touchscreens."""
    if not is_lan() or live_visit():
        return True
    enrolled = _enrolled()
    return enrolled is not None and enrolled.counter is None


def touchscreen() -> str:
    """Return the touchscreen of this request, for its rate limits: the machine's own, or an enrolled one on the LAN."""
    visit = live_visit()
    if visit:
        return visit.touchscreen
    return hash_token(request.cookies.get(SCREEN_COOKIE, "")) if is_lan() else OWN_TOUCHSCREEN


def counter_of_tablet() -> int | None:
    """Return the counter whose faces this browser shows; None for every other browser."""
    enrolled = _enrolled()
    return enrolled.counter if enrolled else None


def tablet_csrf_token() -> str:
    """Return the CSRF token of the forms on a counter's tablet."""
    return csrf_token_of(context(), hash_token(request.cookies.get(SCREEN_COOKIE, "")))


def refusal_page(reason: str, status: int = 403) -> Response:
    """Return a plain page that explains a refusal; it starts no session."""
    html = render_template("enrolment/refused.html", reason=reason, ward=context().config.ward)
    return Response(html, status, {"Cache-Control": "no-store"}, mimetype="text/html")


def is_secure() -> bool:
    """Return whether cookies must be sent over TLS only."""
    return request.is_secure


def _is_known_host() -> bool:
    """Return whether the Host is one of the kiosk's names; any other is DNS rebinding."""
    return _hostname(request.host) in (context().config.lan.names if is_lan() else LOOPBACK)


def _is_same_origin() -> bool:
    """Return whether the browser's headers name this origin; without headers only the CSRF token protects."""
    origin = request.environ.get("HTTP_ORIGIN")
    site = request.environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
    return origin in {None, f"{request.scheme}://{request.host}"} and site in {"same-origin", "none"}


@lru_cache(maxsize=32)
def _hostname(host: str) -> str:
    """Return the hostname of a Host header; empty if it is invalid."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
