"""Blueprint of the officer's pages: session, CSRF token, lock, page frame.

The officer's cookie opens a page; `current_case` decides what it may show of a form. Officers read Vietnamese, so texts
are not translated.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk.acts import desk_posts, locking, signing
from kiosk.acts.desk_posts import RepeatedPostError
from kiosk.acts.lookups import OfficerSession
from kiosk.base import clock
from kiosk.base.errors import KioskError, NotAllowed, OutOfService
from kiosk.config.list_sections import Counter
from kiosk.context import clock_trust
from kiosk.health import heartbeat, printing_state
from kiosk.pages import out_of_service
from kiosk.pages.access import STAFF_COOKIES, context, hash_token, may_open, require_csrf, role_of, too_large_error
from kiosk.pages.kept_request import open_kept, seal_request
from kiosk.pages.officer.session import sent_posts
from kiosk.pages.officer.session.case_users import users_of_case
from kiosk.records import change_requests, decisions, desk_views, staff, submissions
from kiosk.records.desk_views import DeskView
from kiosk.records.staff import Sitting
from kiosk.records.submissions import Submission

officer = Blueprint("officer", __name__)
FramePart = Callable[[Sitting | None], dict[str, Any]]
_frame_parts: list[FramePart] = []
"""Functions of other modules that return variables of the frame."""
WITHOUT_COUNTER = {"officer.counter", "officer.take_counter", "officer.sign_out"}
ELSEWHERE = (
    "officer.assist",
    "officer.reception",
    "officer.lookup",
    "officer.case",
    "officer.open_case",
    "officer.close_case",
    "officer.day",
    "officer.cash",
    "officer.register",
    "officer.returned",
    "officer.work",
    "officer.send_again",
    "officer.withdraw",
    "officer.help_",
    "officer.guide",
    "officer.own_data",
)
"""Prefixes of the endpoints that an officer opens without a counter; so are pages of another role than officer."""
VIEW_CHOICES = (
    ("theme", "Nền trang", (("light", "Sáng"), ("dark", "Tối"))),
    ("size", "Cỡ chữ", (("normal", "Thường"), ("large", "Lớn"), ("larger", "Rất lớn"))),
)
"""Choices of the view, as (field, title, values with words)."""
QUIET = {
    "officer.case_state",
    "officer.work_count",
    "officer.queue",
    "officer.queue_version",
    "officer.now_live",
    "officer.training_live",
    "officer.prints",
    "officer.help_calls_panel",
    "officer.help_waiting",
    "officer.assist_turn",
    "officer.stack_live",
    "officer.transfer_live",
}
"""Endpoints that a page requests by itself: they are no activity of the officer."""
REFUSALS = {403, 404, 409, 410}
"""Answers to a post that will be the same when it is sent again: what was typed goes to the tray."""
WHILE_LOCKED = {"officer.unlock", "officer.sign_out", "officer.help_waiting"}
WITH_OWN_PASSWORD = {"officer.me", "officer.change_password", "officer.sign_out", "officer.lock", "officer.awake"}


@officer.before_request
def receive() -> Answer | None:
    """Require a session, a valid CSRF token and the page's role; then an unlocked desk, then a counter.

    A session belongs to its workstation: a stolen cookie opens nothing elsewhere.
    """
    current = _find_sitting()
    if current is None:
        had_session = bool(request.cookies.get(STAFF_COOKIES["officer"]))
        address = url_for("signin.sign_in", said="out" if had_session else None)
        return sent_posts.keep_of_ended_session() or redirect(address, 303)
    g.sitting = current
    if request.method == "POST":
        require_csrf(csrf())
    if not may_open(current.person.role):
        raise NotAllowed("Trang này dành cho người khác trong phường.", "This page is for others of the ward.")
    return _check_lock(current) or _check_setup(current) or sent_posts.begin(current.session)


@officer.after_request
def answer_post(response: Response) -> Response:
    """Answer the post of a script by the address to open next."""
    return sent_posts.end(sent_posts.drop_kept(response))


@officer.errorhandler(RepeatedPostError)
def explain_repeated(_error: RepeatedPostError) -> Answer:
    """Answer a post whose first sending took effect in the meantime."""
    return sent_posts.repeated()


def _check_lock(current: Sitting) -> Answer | None:
    """Lock an idle session; show the lock page, which keeps what was sent, for a locked one."""
    is_locked = current.is_locked
    if not is_locked and locking.is_idle(context(), current.session, current.seen):
        locking.lock(context(), current.session, "idle")
        is_locked = True
    if is_locked and request.endpoint not in WHILE_LOCKED:
        return locked()
    if not is_locked and request.endpoint not in QUIET:
        locking.record_activity(context(), current.session)
    return None


def _check_setup(current: Sitting) -> Answer | None:
    """Redirect an officer who must first change a temporary password, or choose a counter."""
    if current.person.is_temporary and request.endpoint not in WITH_OWN_PASSWORD | WHILE_LOCKED:
        return redirect(url_for("officer.me"), 303)
    endpoint = request.endpoint or ""
    is_elsewhere = endpoint in WITHOUT_COUNTER or endpoint.startswith(ELSEWHERE)
    if role_of(endpoint) == "officer" and not is_elsewhere and _counter() is None:
        return redirect(url_for("officer.counter"), 303)
    return None


def locked(message: str = "", kept: str = "") -> Answer:
    """Show the lock page; `kept` holds the sealed request, which the right PIN resumes."""
    if request.endpoint in QUIET:
        return Response(status=423)
    session = sitting().session
    kept = kept or seal_request(session)
    page = render("officer/locked.html", message=message, kept=kept, is_form="form" in open_kept(session, kept))
    return Response(page, 423 if request.method == "POST" else 200)


@officer.errorhandler(KioskError)
def explain(error: KioskError) -> tuple[str, int]:
    """Show an error's text and code on a page of the desk; "Máy tạm nghỉ" while the store cannot be read."""
    if isinstance(error, OutOfService) and not out_of_service.is_store_readable():
        return out_of_service.page(error), error.status
    is_kept = error.status in REFUSALS and sent_posts.keep_typed()
    return render("officer/explained.html", text=error.vi, code=error.code, is_kept=is_kept), error.status


@officer.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Show the error of a file or a text that is too large."""
    return explain(too_large_error())


def sitting() -> Sitting:
    """Return the officer's session of this request."""
    current: Sitting = g.sitting
    return current


def officer_session() -> OfficerSession:
    """Return the officer and the session of this request."""
    return OfficerSession(sitting().person.code, sitting().session)


def counter() -> Counter:
    """Return the counter where the officer sits; NotAllowed for none."""
    current = _counter()
    if current is None:
        raise NotAllowed
    return current


def csrf() -> str:
    """Return the CSRF token of this session."""
    return context().vault.keyed_hash("csrf-officer", sitting().session)


def render(template: str, **shown: Any) -> str:
    """Return a page of the desk in its frame."""
    config = context().config
    return render_template(
        template,
        ward=config.ward,
        practice=config.kiosk.practice,
        view_choices=VIEW_CHOICES,
        lock_minutes=config.lock.minutes,
        now=clock.local(context().clock.now()),
        **_frame(),
        **shown,
    )


def frame_part(part: FramePart) -> FramePart:
    """Register a function that returns variables of the frame, from the sitting; None before there is one."""
    _frame_parts.append(part)
    return part


def _frame() -> dict[str, Any]:
    """Return what the frame shows of the officer, the machine and other modules, from one snapshot of the store."""
    current: Sitting | None = g.get("sitting")
    if current is None:
        nothing = dict.fromkeys(("returned_count", "unsent_count", "request_count"), 0)
        return {
            "csrf": "",
            "person": None,
            "counter": None,
            "view": DeskView(),
            "notice": "",
            **nothing,
            **_other_parts(None),
        }
    person = current.person
    with context().store.read() as db:
        return {
            "csrf": csrf(),
            "person": person,
            "counter": _counter(),
            "view": desk_views.find(db, person.code),
            "notice": machine_notice(),
            "returned_count": submissions.count_returned(db) + decisions.count_quarantined(db),
            "unsent_count": desk_posts.count_unsent(context(), person.code),
            "opened_case": g.get("opened_case", ""),
            **_shown_case(person.code),
            "request_count": change_requests.count_open(db) if person.role == "lead" else 0,
            **_other_parts(current),
        }


def _other_parts(current: Sitting | None) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for part in _frame_parts:
        parts |= part(current)
    return parts


def _shown_case(actor: str) -> dict[str, Any]:
    """Return the case that the page shows, from when its news are asked, and who else has it open."""
    case: Submission | None = g.get("shown_case")
    if case is None:
        return {"shown_case": None}
    users = users_of_case(case.receipt_no, actor)
    return {"shown_case": case, "shown_at": clock.timestamp(context().clock.now()), "case_users": users}


def has_session() -> bool:
    """Return whether the request comes from an open session at its own workstation."""
    return _find_sitting() is not None


def _find_sitting() -> Sitting | None:
    """Return the session of the request; None where it is older than a shift, or began at another workstation."""
    token = request.cookies.get(STAFF_COOKIES["officer"], "")
    if not token:
        return None
    with context().store.read() as db:
        current = staff.find_sitting(db, hash_token(token), "officer")
    if current is None or context().clock.now() - current.since > signing.SHIFT:
        return None
    return current if current.workstation == (request.remote_addr or "") else None


def _counter() -> Counter | None:
    number = sitting().counter
    return context().config.counter(number) if number is not None else None


def machine_notice() -> str:
    """Return what is wrong with the machine, in one line; empty while all is well.

    The worker comes first: without it nothing is printed or sent. Then the clock, the connection, the printers.
    """
    worker = heartbeat.worker(context())
    if worker.state == "fault":
        return worker.words
    parts = [_clock_notice(), _offline_notice()]
    parts += [
        check.words
        for check in (printing_state.printers(context()), printing_state.paper(context()))
        if check.state == "warning"
    ]
    words = [part for part in parts if part]
    more = f" (và {len(words) - 1} việc khác)" if len(words) > 1 else ""
    return f"{words[0][:1].upper()}{words[0][1:]}{more}" if words else ""


def _clock_notice() -> str:
    """Return that the clock is wrong; empty while it is trusted, and after days without a form, which are no fault."""
    doubt = clock_trust.doubt(context())
    now = context().clock.now()
    if doubt is None or (doubt.reason == "leap" and doubt.other is not None and doubt.other < now):
        return ""
    return f"Ngày giờ của máy sai ({clock.local(now):%H:%M, %d/%m/%Y}), xin báo kỹ thuật"


def _offline_notice() -> str:
    """Return that the connection is down and how many forms wait; empty while it is up."""
    with context().store.read() as db:
        if sync.link.state(db).is_up is not False:
            return ""
        waiting = sync.outbox.count_open(db)
    return f"Mất mạng, {waiting} tờ khai chờ gửi" if waiting else "Mất mạng"
