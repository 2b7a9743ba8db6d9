"""What the officer's pages share: who sits there, the token of their forms, the frame around every page.

A page is opened by the officer's own cookie; what it may show of a form is decided by the number that stands at the
counter (kiosk/pages/officer/ticket.py). Officers read Vietnamese: these texts are not translated.
"""

import hmac
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk import clock, uploads
from kiosk.acts import signing
from kiosk.config.sections import Counter
from kiosk.errors import KioskError, NotAllowed
from kiosk.pages.guard import STAFF_COOKIES, hashed, room
from kiosk.records import sessions, staff
from kiosk.records.staff import Sitting

officer = Blueprint("officer", __name__)
WITHOUT_COUNTER = {"officer.counter", "officer.take_counter", "officer.sign_out"}
ELSEWHERE = ("officer.lookup", "officer.case", "officer.open_case", "officer.close_case", "officer.day")
"""Pages that a lead opens without sitting at a counter, and what hangs on them."""


@officer.before_request
def receive() -> Answer | None:
    """Let nobody in who has not signed in, refuse forged forms, and ask for the counter first."""
    token = request.cookies.get(STAFF_COOKIES["officer"], "")
    found = _sitting(hashed(token)) if token else None
    if found is None:
        return redirect(url_for("signin.sign_in"), 303)
    g.sitting = found
    if request.method == "POST" and not hmac.compare_digest(request.form.get("csrf", ""), csrf()):
        raise NotAllowed
    endpoint = request.endpoint or ""
    needs_counter = endpoint not in WITHOUT_COUNTER and not endpoint.startswith(ELSEWHERE)
    if needs_counter and _counter() is None:
        return redirect(url_for("officer.counter"), 303)
    return None


@officer.after_request
def part(answer: Any) -> Any:
    """Keep nothing that a page showed."""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


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
    return room().vault.keyed_hash("csrf-officer", sitting().session)


def render(template: str, **shown: Any) -> str:
    """Return a page of the desk in its frame."""
    config, now = room().config, room().clock.now()
    return render_template(
        template,
        ward=config.ward,
        practice=config.kiosk.practice,
        csrf=csrf() if "sitting" in g else "",
        person=sitting().person if "sitting" in g else None,
        counter=_counter() if "sitting" in g else None,
        line=_line(),
        now=clock.local(now),
        **shown,
    )


def _sitting(session: str) -> Sitting | None:
    """A session that is older than a shift opens nothing, whatever its cookie says."""
    with room().store.read() as db:
        found = staff.sitting(db, session) if sessions.read(db, session, "officer") else None
    if found is None or room().clock.now() - found.since > signing.SHIFT:
        return None
    return found


def _counter() -> Counter | None:
    number = sitting().counter
    return room().config.counter(number) if number is not None else None


def _line() -> str:
    """Say that the line is down and how many forms wait for it; nothing while it is up."""
    with room().store.read() as db:
        state = sync.link.state(db)
        waiting = len(sync.outbox.standings(db, ["todo", "sending", "unknown"], 999))
    if state.is_up is not False:
        return ""
    return f"Mất mạng, {waiting} tờ khai chờ gửi" if waiting else "Mất mạng"
