"""Who may open a page: the session behind a cookie, the forgery token of its forms, and the role of every route.

A cookie holds a random id and nothing else; the store knows its hash. The token is an HMAC of that hash, so it lives as
long as the session and no clock can spoil it.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, request

from kiosk import codes
from kiosk.acts import applying
from kiosk.errors import NotAllowed
from kiosk.records import calls, sessions
from kiosk.room import Room

COOKIE = "kiosk"
STAFF_COOKIES = {"officer": "kiosk_officer", "technician": "kiosk_technician"}
"""A cookie an audience: none opens another's pages, and each goes to its own pages alone."""
Page = TypeVar("Page", bound=Callable[..., Any])

ROLES: dict[str, str] = {}
"""Endpoint -> who may open it: citizen, officer, technician, anyone. A route that is not in it answers 403."""


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


def room() -> Room:
    """Return the room of this app."""
    found: Room = current_app.extensions["room"]
    return found


def cookie_name() -> str:
    """Return the citizen's cookie; practice has its own, so that neither overwrites the other."""
    return f"{COOKIE}_tap" if room().config.kiosk.practice else COOKIE


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
    with room().store.read() as db:
        held = sessions.read(db, session, "citizen")
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
    """Return whether the visitor's hand is up."""
    with room().store.read() as db:
        return calls.is_raised(db, visitor().id)


def _new() -> Visitor:
    token = codes.token()
    applying.arrive(room(), hashed(token))
    g.fresh = token
    return Visitor(hashed(token), token)


def start_anew() -> None:
    """Give whoever is at the screen now a session of their own."""
    g.visitor = _new()


def set_cookie(answer: Response) -> Response:
    """Hand out the cookie of a new session."""
    if "fresh" in g:
        answer.set_cookie(cookie_name(), g.fresh, httponly=True, samesite="Strict", path="/")
    return answer


def csrf() -> str:
    """Return the token that the forms of this session carry."""
    return csrf_of(room(), visitor().id)


def csrf_of(here: Room, session: str) -> str:
    """Return the token of a session's forms."""
    return hmac.digest(here.vault.key_for("csrf"), session.encode(), "sha256").hex()


def check_post() -> None:
    """Refuse a POST that does not come from a form of this session."""
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), csrf()):
        raise NotAllowed


def for_(role: str) -> Callable[[Page], Page]:
    """Say who may open a page."""

    def mark(page: Page) -> Page:
        page.role = role  # type: ignore[attr-defined]
        return page

    return mark


def check_role() -> None:
    """Refuse a route that names no role, or one that this machine's listener does not serve."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    is_known = getattr(view, "role", None) in {"citizen", "anyone", "officer", "technician"}
    if not is_known and request.endpoint != "static":
        abort(403)
