"""Who may open a page: the session behind a cookie, the forgery token of its forms, and the role of every route.

A cookie holds a random id and nothing else; the store knows its hash. The token is an HMAC of that hash, so it lives as
long as the session and no clock can spoil it.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, render_template, request

from kiosk import codes
from kiosk.acts import applying
from kiosk.config.validation import LOOPBACK
from kiosk.context import Context
from kiosk.errors import NotAllowed
from kiosk.records import calls, sessions, touchscreens

COOKIE = "kiosk"
ON_THE_WAY = timedelta(minutes=10)
"""So long the screen says that an officer is coming."""
STAFF_COOKIES = {"officer": "kiosk_officer", "technician": "kiosk_technician"}
"""A cookie an audience: none opens another's pages, and each goes to its own pages alone."""
Page = TypeVar("Page", bound=Callable[..., Any])

WHO: dict[str, frozenset[str]] = {
    "anyone": frozenset({"anyone"}),
    "citizen": frozenset({"citizen"}),
    "officer": frozenset({"officer", "lead"}),
    "lead": frozenset({"lead"}),
    "auditor": frozenset({"auditor"}),
    "staff": frozenset({"officer", "lead", "auditor"}),
    "technician": frozenset({"technician"}),
}
"""What a route is marked with -> the roles that open it; a route with another mark, or none, answers 403."""

DOOR = "kiosk.door"
LAN = "lan"
"""What the LAN's listener writes into the environment of a request; a header cannot."""
SCREEN_COOKIE = "kiosk_screen"


@dataclass(frozen=True)
class Visitor:
    """Who stands at the screen, as far as a page needs it."""

    id: str
    token: str
    lang: str = "vi"
    size: str = ""
    theme: str = ""
    draft_id: str | None = None
    submission_id: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def context() -> Context:
    """Return the room of this app."""
    found: Context = current_app.extensions["context"]
    return found


def cookie_name() -> str:
    """Return the citizen's cookie; practice has its own, so that neither overwrites the other."""
    return f"{COOKIE}_tap" if context().config.kiosk.practice else COOKIE


def hashed(token: str) -> str:
    """Return what the store knows of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def visitor() -> Visitor:
    """Return who stands at the screen; somebody new gets a session."""
    found: Visitor | None = g.get("visitor")
    if found is None:
        token = request.cookies.get(cookie_name(), "")
        found = g.visitor = (_known(token) if token else None) or _new()
    return found


def _known(token: str) -> Visitor | None:
    session = hashed(token)
    with context().store.read() as db:
        held = sessions.find(db, session, "citizen")
    if held is None:
        return None
    settings = held.settings
    return Visitor(
        id=session,
        token=token,
        lang=str(settings.get("lang", "vi")),
        size=str(settings.get("size", "")),
        theme=str(settings.get("theme", "")),
        draft_id=held.draft_id,
        submission_id=held.submission_id,
        settings=dict(settings),
    )


def is_helped() -> bool:
    """Return whether the visitor's hand is up, or an officer is on the way."""
    since = context().clock.now() - ON_THE_WAY
    with context().store.read() as db:
        return calls.is_open(db, visitor().id) or calls.is_answered(db, visitor().id, since)


def has_raised() -> bool:
    """Return whether the visitor's hand is up and nobody has answered."""
    with context().store.read() as db:
        return calls.is_open(db, visitor().id)


def _new() -> Visitor:
    token = codes.token()
    applying.start_session(context(), hashed(token))
    g.fresh = token
    return Visitor(hashed(token), token)


def start_anew() -> None:
    """Give whoever is at the screen now a session of their own."""
    g.visitor = _new()


def set_cookie(answer: Response) -> Response:
    """Hand out the cookie of a new session."""
    if "fresh" in g:
        answer.set_cookie(cookie_name(), g.fresh, httponly=True, samesite="Strict", path="/", secure=is_secure())
    return answer


def csrf() -> str:
    """Return the token that the forms of this session carry."""
    return csrf_of(context(), visitor().id)


def csrf_of(here: Context, session: str) -> str:
    """Return the token of a session's forms."""
    return hmac.digest(here.vault.key_for("csrf"), session.encode(), "sha256").hex()


def check_post() -> None:
    """Refuse a POST that does not come from a form of this session."""
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), csrf()):
        raise NotAllowed


def for_(role: str) -> Callable[[Page], Page]:
    """Say who may open a page: a word of WHO."""

    def mark(page: Page) -> Page:
        page.role = role  # type: ignore[attr-defined]
        return page

    return mark


ENVELOPE = 64 * 1024
"""Bytes of a post besides the file that it carries."""


def takes(largest: int) -> Callable[[Page], Page]:
    """Let a page take a file of so many bytes; every other page takes words alone."""

    def mark(page: Page) -> Page:
        page.largest = largest + ENVELOPE  # type: ignore[attr-defined]
        return page

    return mark


def role_of(endpoint: str | None) -> str:
    """Return the word a page's route is marked with; empty for a route that has none."""
    return str(getattr(current_app.view_functions.get(endpoint or ""), "role", ""))


def may(role: str) -> bool:
    """Tell whether somebody in this role may open the page that is asked for."""
    return role in WHO.get(role_of(request.endpoint), frozenset())


def check_role() -> Response | None:
    """Refuse a foreign host or form, a route that names no role, and on the LAN the citizens' pages to a stranger."""
    if not _is_our_host() or (request.method == "POST" and not _is_our_form()):
        return refusal("host")
    if request.endpoint is None or request.endpoint == "static":
        return None
    request.max_content_length = getattr(current_app.view_functions[request.endpoint], "largest", ENVELOPE)
    role = role_of(request.endpoint)
    if role not in WHO:
        abort(403)
    return refusal("screen") if role == "citizen" and not serves_citizens() else None


def is_lan() -> bool:
    """Tell whether the request came by the LAN's door."""
    return request.environ.get(DOOR) == LAN


def serves_citizens() -> bool:
    """Tell whether the citizens' pages may be shown here: on the machine itself, and on enrolled touchscreens."""
    if not is_lan():
        return True
    if "is_screen" not in g:
        token = request.cookies.get(SCREEN_COOKIE, "")
        with context().store.read() as db:
            g.is_screen = bool(token) and touchscreens.is_enrolled(db, hashed(token))
    return bool(g.is_screen)


def refusal(why: str, status: int = 403) -> Response:
    """Say on a plain page why nothing is shown, and whom to ask; no visit begins with it."""
    words = render_template("doors/refused.html", why=why, ward=context().config.ward)
    return Response(words, status, {"Cache-Control": "no-store"}, mimetype="text/html")


def is_secure() -> bool:
    """Tell whether a cookie must come back over TLS alone."""
    return request.is_secure


def _is_our_host() -> bool:
    """The name that was typed is one of ours; another one is a page elsewhere that points its name at us."""
    return _name_of(request.host) in (context().config.lan.names if is_lan() else LOOPBACK)


def _is_our_form() -> bool:
    """What a browser says of where a form comes from; one that says nothing has still to show the token."""
    told = request.environ
    origin = told.get("HTTP_ORIGIN")
    site = told.get("HTTP_SEC_FETCH_SITE", "same-origin")
    return origin in {None, f"{request.scheme}://{request.host}"} and site in {"same-origin", "none"}


@lru_cache(maxsize=32)
def _name_of(host: str) -> str:
    """Return the name in a Host header; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
