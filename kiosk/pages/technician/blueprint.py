"""What the technician's pages share: who signed in, the token of their forms, the frame around every page."""

import hmac
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock, codes
from kiosk.acts import signing
from kiosk.errors import KioskError, NotAllowed, TooManyTries
from kiosk.i18n import translator
from kiosk.pages.access import STAFF_COOKIES, context, for_, hashed, is_secure
from kiosk.records import sessions, staff

technician = Blueprint("technician", __name__)
COOKIE = STAFF_COOKIES["technician"]


@technician.before_request
def receive() -> Answer | None:
    """Let nobody in who has not signed in; refuse forged forms."""
    token = request.cookies.get(COOKIE, "")
    g.technician = hashed(token) if token and _is_open(hashed(token)) else ""
    if request.endpoint == "technician.sign_in":
        return None
    if not g.technician:
        return redirect(url_for("technician.sign_in"), 303)
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), _csrf()):
        raise NotAllowed
    return None


@technician.after_request
def part(answer: Any) -> Any:
    """Keep nothing that a page showed."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _is_open(session: str) -> bool:
    """A session older than a shift opens nothing, nor one that was carried to another workstation."""
    with context().store.read() as db:
        held, found = sessions.read(db, session, "technician"), staff.sitting(db, session)
    is_here = found is None or found.workstation == (request.remote_addr or "")
    return held is not None and is_here and context().clock.now() - held.created_at <= signing.SHIFT


def _csrf() -> str:
    return context().vault.keyed_hash("csrf-technician", g.technician)


def render(template: str, **shown: Any) -> str:
    """Return a page of the technician in its frame."""
    config = context().config
    return render_template(
        template, ward=config.ward, kiosk=config.kiosk, csrf=_csrf(), _=translator("vi"), person=_person(),
        now=clock.local(context().clock.now()), **shown,
    )  # fmt: skip


@technician.errorhandler(KioskError)
def explain(fault: KioskError) -> tuple[str, int]:
    """Say what to do, on a page of the technician."""
    return render("technician/explained.html", text=fault.vi, code=fault.code), fault.status


def actor() -> str:
    """Name who acts, for the trail: a person's code, or the machine's own technician."""
    found = _sitting()
    return found.person.code if found else "technician"


def _person() -> str:
    found = _sitting()
    return found.person.name if found else "Kỹ thuật"


def _sitting() -> staff.Sitting | None:
    with context().store.read() as db:
        return staff.sitting(db, g.technician) if g.technician else None


@technician.route("/signin", methods=["GET", "POST"])
@for_("anyone")
def sign_in() -> Answer | str:
    """Ask for the technician's password."""
    error = ""
    if request.method == "POST":
        token = codes.token()
        try:
            signing.sign_in(context(), request.form.get("password", ""), hashed(token))
        except (NotAllowed, TooManyTries) as fault:
            error = fault.vi
        else:
            answer = redirect(url_for("technician.overview"), 303)
            where = url_for("technician.overview")
            answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path=where, secure=is_secure())
            return answer
    return render("technician/signin.html", error=error)


@technician.post("/signout")
@for_("technician")
def sign_out() -> Answer:
    """End the session."""
    signing.sign_out(context(), g.technician)
    return redirect(url_for("technician.sign_in"), 303)
