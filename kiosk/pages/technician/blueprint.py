"""Blueprint of the technician's pages: session, CSRF token, page frame, sign-in and sign-out."""

import hmac
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock, codes
from kiosk.acts import signing
from kiosk.errors import KioskError, NotAllowed, TooManyTries
from kiosk.i18n import translator
from kiosk.pages.access import STAFF_COOKIES, allow, context, hash_token, is_secure
from kiosk.records import sessions, staff

technician = Blueprint("technician", __name__)
COOKIE = STAFF_COOKIES["technician"]


@technician.before_request
def receive() -> Answer | None:
    """Require a session, and a valid CSRF token of each POST."""
    token = request.cookies.get(COOKIE, "")
    g.technician = hash_token(token) if token and _is_open(hash_token(token)) else ""
    if request.endpoint == "technician.sign_in":
        return None
    if not g.technician:
        return redirect(url_for("technician.sign_in"), 303)
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), _csrf()):
        raise NotAllowed
    return None


@technician.after_request
def forbid_cache(answer: Any) -> Any:
    """Forbid the browser to store a page."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _is_open(session: str) -> bool:
    """Return whether a session is open: not older than a shift, and at the workstation where it began."""
    with context().store.read() as db:
        stored = sessions.find(db, session, "technician")
        sitting = staff.find_sitting(db, session)
    is_same_place = sitting is None or sitting.workstation == (request.remote_addr or "")
    return stored is not None and is_same_place and context().clock.now() - stored.created_at <= signing.SHIFT


def _csrf() -> str:
    return context().vault.keyed_hash("csrf-technician", g.technician)


def render(template: str, **shown: Any) -> str:
    """Return a page of the technician in its frame."""
    config = context().config
    return render_template(
        template,
        ward=config.ward,
        kiosk=config.kiosk,
        csrf=_csrf(),
        _=translator("vi"),
        person=_person(),
        now=clock.local(context().clock.now()),
        **shown,
    )


@technician.errorhandler(KioskError)
def explain(error: KioskError) -> tuple[str, int]:
    """Show an error's text and code on a page of the technician."""
    return render("technician/explained.html", text=error.vi, code=error.code), error.status


def actor() -> str:
    """Return the actor for the audit trail: a person's code, or "technician" for the kiosk's own password."""
    sitting = _sitting()
    return sitting.person.code if sitting else "technician"


def _person() -> str:
    sitting = _sitting()
    return sitting.person.name if sitting else "Kỹ thuật"


def _sitting() -> staff.Sitting | None:
    with context().store.read() as db:
        return staff.find_sitting(db, g.technician) if g.technician else None


@technician.route("/signin", methods=["GET", "POST"])
@allow("anyone")
def sign_in() -> Answer | str:
    """Ask for the technician's password."""
    message = ""
    if request.method == "POST":
        token = codes.token()
        try:
            signing.sign_in_technician(context(), request.form.get("password", ""), hash_token(token))
        except (NotAllowed, TooManyTries) as error:
            message = error.vi
        else:
            answer = redirect(url_for("technician.overview"), 303)
            where = url_for("technician.overview")
            answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path=where, secure=is_secure())
            return answer
    return render("technician/signin.html", error=message)


@technician.post("/signout")
@allow("technician")
def sign_out() -> Answer:
    """End the session."""
    signing.sign_out(context(), g.technician)
    return redirect(url_for("technician.sign_in"), 303)
