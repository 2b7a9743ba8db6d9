"""Cookies of a technician's session: one that opens the maintenance pages, and one that names the session.

The first is sent to the maintenance pages only. The second opens nothing: it holds the hash that the store keeps. It is
sent to the citizens' start page, which ends the technician's session of the same browser.
"""

from flask import request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import signing
from kiosk.pages.access import STAFF_COOKIES, context, hash_token, is_secure
from kiosk.records import sessions, staff

COOKIE = STAFF_COOKIES["technician"]
NAMING_COOKIE = "kiosk_technician_here"


def set_cookies(response: Answer, token: str) -> Answer:
    """Set both cookies of a new session."""
    secure = is_secure()
    response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path=_path(), secure=secure)
    response.set_cookie(NAMING_COOKIE, hash_token(token), httponly=True, samesite="Strict", path="/", secure=secure)
    return response


def delete_cookies(response: Answer) -> Answer:
    """Delete both cookies."""
    response.delete_cookie(COOKIE, path=_path(), httponly=True, samesite="Strict", secure=is_secure())
    response.delete_cookie(NAMING_COOKIE, path="/", httponly=True, samesite="Strict", secure=is_secure())
    return response


def end_session_here(response: Answer) -> Answer:
    """End the technician's session of this browser, if there is one: a citizen stands at the screen now."""
    session = request.cookies.get(NAMING_COOKIE, "")
    if not session:
        return response
    with context().store.read() as db:
        is_open = sessions.find(db, session, "technician") is not None
        sitting = staff.find_sitting(db, session)
    if is_open:
        actor = sitting.person.code if sitting else signing.MACHINE
        signing.sign_out(context(), session, actor=actor, why="start")
    return delete_cookies(response)


def _path() -> str:
    return url_for("technician.overview")
