"""Blueprint of the technician's pages: session, CSRF token, lock, page frame, sign-in and sign-out.

Technicians are people with accounts, who sign in like officers. On the machine itself the pages also open by the
machine's own password: such a session has no sitting and no PIN, works on loopback only, and ends when it is idle.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from kiosk.acts import locking, signing
from kiosk.base import clock, codes
from kiosk.base.errors import KioskError, NotAllowed, OutOfService, TooManyTries, TooMuchSent
from kiosk.base.i18n import translator
from kiosk.pages import out_of_service
from kiosk.pages.access import allow, context, hash_token, is_lan, require_csrf
from kiosk.pages.kept_request import open_kept, seal_request
from kiosk.pages.technician_cookie import COOKIE, delete_cookies, set_cookies
from kiosk.records import sessions, staff
from kiosk.records.staff import Sitting

technician = Blueprint("technician", __name__)
WHILE_LOCKED = {"technician.unlock", "technician.sign_out"}
WITH_OWN_PASSWORD = {"technician.me", "technician.change_password", "technician.sign_out", "technician.unlock"}
MESSAGES = {"idle": "Trang kỹ thuật không ai dùng một lúc nên đã khóa. Mời gõ lại mật khẩu."}
MAX_PIN_LENGTH = 200
QUIET_HEADER = "Kiosk-Quiet"
"""Header of the requests that a page sends by itself (live.js): they are no activity of the technician."""


@dataclass(frozen=True)
class TechnicianSession:
    """A session of the maintenance pages; no sitting where the machine's own password opened it."""

    id: str
    seen: datetime
    sitting: Sitting | None


@technician.before_request
def receive() -> Answer | None:
    """Require a session, and a valid CSRF token of each POST; then an unlocked one with a password of its own."""
    current = _find_session()
    g.technician = current
    if request.endpoint == "technician.sign_in":
        return None
    if current is None:
        return redirect(url_for("technician.sign_in"), 303)
    if request.method == "POST":
        require_csrf(_csrf())
    return _check_lock(current) or _check_setup(current)


@technician.after_request
def forbid_cache(answer: Any) -> Any:
    """Forbid the browser to store a page."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def has_session() -> bool:
    """Return whether the request comes from an open session."""
    return _find_session() is not None


def _find_session() -> TechnicianSession | None:
    """Return the session of the request: not older than a shift, and used where it began."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    session = hash_token(token)
    with context().store.read() as db:
        stored = sessions.find(db, session, "technician")
        sitting = staff.find_sitting(db, session)
    if stored is None or context().clock.now() - stored.created_at > signing.SHIFT:
        return None
    is_same_place = sitting.workstation == (request.remote_addr or "") if sitting else not is_lan()
    return TechnicianSession(id=session, seen=stored.seen_at, sitting=sitting) if is_same_place else None


def _check_lock(current: TechnicianSession) -> Answer | None:
    """Lock an idle session of a person and show the lock page; end an idle session of the machine's password."""
    is_locked = current.sitting is not None and current.sitting.is_locked
    if not is_locked and locking.is_idle(context(), current.id, current.seen):
        if current.sitting is None:
            signing.sign_out(context(), current.id, why="idle")
            return delete_cookies(redirect(url_for("technician.sign_in", said="idle"), 303))
        locking.lock(context(), current.id, "idle")
        is_locked = True
    if is_locked and request.endpoint not in WHILE_LOCKED:
        return _locked()
    if not is_locked and QUIET_HEADER not in request.headers:
        locking.record_activity(context(), current.id)
    return None


def _check_setup(current: TechnicianSession) -> Answer | None:
    """Redirect a technician who must first change a temporary password."""
    is_temporary = current.sitting is not None and current.sitting.person.is_temporary
    if is_temporary and request.endpoint not in WITH_OWN_PASSWORD:
        return redirect(url_for("technician.me"), 303)
    return None


def _locked(message: str = "", kept: str = "") -> Answer:
    """Show the lock page; `kept` holds the sealed request, which the right PIN resumes."""
    if QUIET_HEADER in request.headers:
        return Response(status=423)
    session = _session().id
    kept = kept or seal_request(session)
    member = require_sitting().person
    is_form = "form" in open_kept(session, kept)
    page = render("technician/locked.html", message=message, kept=kept, member=member, is_form=is_form)
    return Response(page, 423 if request.method == "POST" else 200)


@technician.post("/unlock")
@allow("technician")
def unlock() -> Answer:
    """Unlock by PIN or password; the fifth wrong one ends the session."""
    session = require_sitting().session
    pin = request.form.get("pin", "")[:MAX_PIN_LENGTH]
    outcome, left = locking.unlock(context(), session, pin=pin, workstation=request.remote_addr or "")
    if outcome == "ended":
        return delete_cookies(redirect(url_for("signin.sign_in", said="ended"), 303))
    kept = request.form.get("kept", "")
    if outcome == "wrong":
        return _locked(f"Mã chưa đúng. Còn {left} lần gõ.", kept)
    return _resume(open_kept(session, kept))


def _resume(kept: dict[str, Any]) -> Answer:
    """Return to the requested page, or show the form that was posted while locked."""
    path = kept.get("path")
    if isinstance(path, str) and "form" in kept:
        return Response(render("technician/kept.html", path=path, form=kept["form"]))
    return redirect(path if isinstance(path, str) else url_for("technician.overview"), 303)


def _session() -> TechnicianSession:
    current: TechnicianSession = g.technician
    return current


def session_id() -> str:
    """Return the id of the session of this request."""
    return _session().id


def _csrf() -> str:
    session = g.technician.id if g.technician else ""
    return context().vault.keyed_hash("csrf-technician", session)


def render(template: str, **shown: Any) -> str:
    """Return a page of the technician in its frame."""
    config = context().config
    sitting = _sitting()
    return render_template(
        template,
        ward=config.ward,
        kiosk=config.kiosk,
        csrf=_csrf(),
        _=translator("vi"),
        person=sitting.person.name if sitting else "Kỹ thuật",
        has_account=sitting is not None,
        now=clock.local(context().clock.now()),
        **shown,
    )


@technician.errorhandler(KioskError)
def explain(error: KioskError) -> tuple[str, int]:
    """Show an error's text and code on a page of the technician; "Máy tạm nghỉ" while the store cannot be read."""
    if isinstance(error, OutOfService) and not out_of_service.is_store_readable():
        return out_of_service.page(error), error.status
    return render("technician/explained.html", text=error.vi, code=error.code), error.status


@technician.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Show the error of a request that is too large."""
    return explain(TooMuchSent())


def actor() -> str:
    """Return the actor for the audit trail: a person's code, or "technician" for the machine's own password."""
    sitting = _sitting()
    return sitting.person.code if sitting else signing.MACHINE


def require_sitting() -> Sitting:
    """Return the sitting of the technician who signed in by name.

    Raises:
        NotAllowed: the machine's own password opened the session.
    """
    sitting = _sitting()
    if sitting is None:
        raise NotAllowed(
            "Phiên này mở bằng mật khẩu của máy. Đổi mật khẩu đó ở Bảo trì, Cán bộ kỹ thuật.",
            "The machine's own password opened this session. Change it on the page of the technicians.",
        )
    return sitting


def _sitting() -> Sitting | None:
    return g.technician.sitting if g.technician else None


@technician.route("/signin", methods=["GET", "POST"])
@allow("anyone")
def sign_in() -> Answer | str | tuple[str, int]:
    """Ask for the machine's own password; on the LAN, refer to the sign-in by name without checking a password."""
    if is_lan():
        return redirect(url_for("signin.sign_in", said="technician"), 303)
    if signing.may_claim(context()):
        return _claim()
    message = MESSAGES.get(request.args.get("said", ""), "")
    if request.method == "POST":
        token = codes.token()
        password = request.form.get("password", "")
        try:
            signing.sign_in_technician(context(), password, hash_token(token), request.remote_addr or "")
        except TooManyTries as error:
            words = f"Đã sai nhiều lần. Mời đợi {error.seconds} giây rồi gõ lại."
            return render("technician/signin.html", error=words), error.status
        except NotAllowed as error:
            message = error.vi
        else:
            return set_cookies(redirect(url_for("technician.overview"), 303), token)
    return render("technician/signin.html", error=message)


def _claim() -> Answer | str | tuple[str, int]:
    """Ask for the first password of a new machine, and open the first session."""
    if request.method != "POST":
        return render("technician/claim.html", error="")
    token = codes.token()
    password = request.form.get("password", "")
    again = request.form.get("again", "")
    try:
        signing.claim_machine(context(), session=hash_token(token), password=password, again=again)
    except NotAllowed as error:
        return render("technician/claim.html", error=error.vi), 422
    return set_cookies(redirect(url_for("technician.first_run"), 303), token)


@technician.post("/signout")
@allow("technician")
def sign_out() -> Answer:
    """End the session."""
    signing.sign_out(context(), _session().id, actor())
    return delete_cookies(redirect(url_for("technician.sign_in"), 303))
