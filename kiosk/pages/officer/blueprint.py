"""What the officer's pages share: who sits there, the token of their forms, the frame around every page.

A page is opened by the officer's own cookie; what it may show of a form is decided by the number that stands at the
counter (kiosk/pages/officer/ticket.py). Officers read Vietnamese: these texts are not translated.
"""

import base64
import hmac
import json
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk import clock, uploads
from kiosk.acts import locking, signing
from kiosk.config.sections import Counter
from kiosk.errors import KioskError, NotAllowed, SealBroken
from kiosk.pages.access import STAFF_COOKIES, context, hashed, may, role_of
from kiosk.records import decisions, staff, submissions
from kiosk.records.staff import Sitting

officer = Blueprint("officer", __name__)
KEPT = "kept while locked"
WITHOUT_COUNTER = {"officer.counter", "officer.take_counter", "officer.sign_out"}
ELSEWHERE = (
    "officer.lookup",
    "officer.case",
    "officer.open_case",
    "officer.close_case",
    "officer.day",
    "officer.returned",
    "officer.send_again",
    "officer.withdraw",
)
"""Pages that a lead opens without sitting at a counter, and what hangs on them.

Nor does a page need a counter that is for the lead, for the auditor or about oneself.
"""
QUIET = {"officer.queue", "officer.queue_version"}
"""What a page asks by itself: nobody has touched anything."""
WHILE_LOCKED = {"officer.unlock", "officer.sign_out"}
WITH_OWN_PASSWORD = {"officer.me", "officer.change_password", "officer.sign_out", "officer.lock", "officer.awake"}


@officer.before_request
def receive() -> Answer | None:
    """Let nobody in who has not signed in here, refuse forged forms and other people's pages; then lock, then counter.

    A session belongs to its workstation: a cookie that was carried off opens nothing elsewhere.
    """
    token = request.cookies.get(STAFF_COOKIES["officer"], "")
    found = _sitting(hashed(token)) if token else None
    if found is None or found.workstation != (request.remote_addr or ""):
        return redirect(url_for("signin.sign_in"), 303)
    g.sitting = found
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), csrf()):
        raise NotAllowed
    if not may(found.person.role):
        raise NotAllowed("Trang này dành cho người khác trong phường.", "This page is for others of the ward.")
    return _hold(found) or _next_step(found)


def _hold(found: Sitting) -> Answer | None:
    """Lock what nobody touched for too long; a locked session shows one page, which keeps what was sent."""
    is_locked = found.is_locked
    if not is_locked and locking.is_idle(context(), found):
        locking.lock(context(), found.session, "idle")
        is_locked = True
    if is_locked and request.endpoint not in WHILE_LOCKED:
        return locked()
    if not is_locked and request.endpoint not in QUIET:
        locking.touch(context(), found)
    return None


def _next_step(found: Sitting) -> Answer | None:
    """What comes before any page: a password of one's own, and a counter."""
    if found.person.is_temporary and request.endpoint not in WITH_OWN_PASSWORD | WHILE_LOCKED:
        return redirect(url_for("officer.me"), 303)
    endpoint = request.endpoint or ""
    is_elsewhere = endpoint in WITHOUT_COUNTER or endpoint.startswith(ELSEWHERE)
    if role_of(endpoint) == "officer" and not is_elsewhere and _counter() is None:
        return redirect(url_for("officer.counter"), 303)
    return None


def locked(said: str = "", kept: str = "") -> Answer:
    """Show the lock; a page that was asked for, or a form that was sent, comes back with the right PIN."""
    if request.endpoint in QUIET:
        return Response(status=423)
    kept = kept or keep()
    page = render("officer/locked.html", said=said, kept=kept, is_form=bool(kept) and "form" in opened_kept(kept))
    return Response(page, 423 if request.method == "POST" else 200)


def keep() -> str:
    """Seal what was asked for, so that the locked page can carry it and nobody can read or change it there."""
    told: dict[str, Any] = {"path": request.full_path.rstrip("?")}
    if request.method == "POST":
        told["form"] = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf"]
    sealed = context().vault.seal(KEPT, sitting().session, json.dumps(told).encode())
    return base64.urlsafe_b64encode(sealed).decode()


def opened_kept(kept: str) -> dict[str, Any]:
    """Open what `keep` sealed for this session; nothing where it was changed or is another's."""
    try:
        told: dict[str, Any] = json.loads(context().vault.open(KEPT, sitting().session, base64.urlsafe_b64decode(kept)))
    except (SealBroken, ValueError):
        return {}
    return told


@officer.errorhandler(KioskError)
def explain(fault: KioskError) -> tuple[str, int]:
    """Say what to do, on a page of the desk."""
    return render("officer/explained.html", text=fault.vi, code=fault.code), fault.status


@officer.errorhandler(RequestEntityTooLarge)
def too_large(_fault: RequestEntityTooLarge) -> tuple[str, int]:
    """Say what to do with a file that is too large."""
    fault = uploads.too_large()
    return render("officer/explained.html", text=fault.vi, code=fault.code), fault.status


def sitting() -> Sitting:
    """Return who sits at this browser."""
    found: Sitting = g.sitting
    return found


def counter() -> Counter:
    """Return the counter where the officer sits."""
    found = _counter()
    if found is None:
        raise NotAllowed
    return found


def csrf() -> str:
    """Return the token that the forms of this session carry."""
    return context().vault.keyed_hash("csrf-officer", sitting().session)


def render(template: str, **shown: Any) -> str:
    """Return a page of the desk in its frame."""
    config, now = context().config, context().clock.now()
    return render_template(
        template,
        ward=config.ward,
        practice=config.kiosk.practice,
        csrf=csrf() if "sitting" in g else "",
        person=sitting().person if "sitting" in g else None,
        counter=_counter() if "sitting" in g else None,
        line=_line(),
        to_look_at=_to_look_at() if "sitting" in g else 0,
        lock_minutes=config.lock.minutes,
        now=clock.local(now),
        **shown,
    )


def _sitting(session: str) -> Sitting | None:
    """A session that is older than a shift opens nothing, whatever its cookie says."""
    with context().store.read() as db:
        found = staff.sitting(db, session, "officer")
    if found is None or context().clock.now() - found.since > signing.SHIFT:
        return None
    return found


def _counter() -> Counter | None:
    number = sitting().counter
    return context().config.counter(number) if number is not None else None


def _to_look_at() -> int:
    """Count what the portal did not take."""
    with context().store.read() as db:
        return submissions.returned(db) + decisions.quarantined(db)


def _line() -> str:
    """Say that the line is down and how many forms wait for it; nothing while it is up."""
    with context().store.read() as db:
        state = sync.link.state(db)
        waiting = sync.outbox.waiting(db)
    if state.is_up is not False:
        return ""
    return f"Mất mạng, {waiting} tờ khai chờ gửi" if waiting else "Mất mạng"
