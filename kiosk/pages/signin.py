"""The door for people of the ward: who, at which counter today. A technician is led to the maintenance page.

Each audience has its own cookie, sent to its own pages alone; every sign-in makes a new one, so that no session can be
planted beforehand.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock, codes
from kiosk.acts import signing
from kiosk.errors import NotAllowed, TooManyTries
from kiosk.pages.access import STAFF_COOKIES, allow, context, hash_token, is_secure
from kiosk.records import staff
from kiosk.records.staff import StaffMember

signin = Blueprint("signin", __name__)
SAID = {"ended": "Đã sai 5 lần, ca này đã khép. Mời vào ca lại bằng mật khẩu."}
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@signin.get("/signin")
@allow("anyone")
def sign_in() -> str:
    """Ask for name, password and counter."""
    return _page(SAID.get(request.args.get("said", ""), ""))


@signin.post("/signin")
@allow("anyone")
def enter() -> Answer | tuple[str, int]:
    """Open a session, and sit down at the counter that was chosen."""
    token = codes.token()
    login = request.form.get("login", "").strip().lower()
    workstation = request.remote_addr or ""
    try:
        person = signing.sign_in(
            context(), login, password=request.form.get("password", ""), session=hash_token(token), workstation=workstation
        )
    except TooManyTries as fault:
        return _page(f"Đã sai nhiều lần. Mời đợi {fault.seconds} giây rồi gõ lại.", login), fault.status
    except NotAllowed as fault:
        return _page(fault.vi, login), 200
    if person.role == "technician":
        return _lead_to("technician", url_for("technician.overview"), token)
    if person.role == "auditor":
        return _lead_to("officer", url_for("officer.trail"), token)
    said = _sit_down(hash_token(token), person)
    return _lead_to("officer", url_for("officer.desk", said=said or None), token)


def _sit_down(session: str, person: StaffMember) -> str:
    """Take the counter that was chosen; return what has to be said of whoever sat there until now."""
    number = request.form.get("counter", "")
    seat = None
    if number.isascii() and number.isdigit() and context().config.counter(int(number)):
        seat = signing.sit_at_counter(context(), session, int(number))
    with context().store.read() as db:
        is_twice = len(staff.sittings_of(db, person.code)) > 1
    if is_twice:
        return "twice"
    return "taken" if seat and seat.displaced else ""


def _lead_to(audience: str, where: str, token: str) -> Answer:
    answer = redirect(where, 303)
    path = url_for("officer.desk" if audience == "officer" else "technician.overview")
    answer.set_cookie(STAFF_COOKIES[audience], token, httponly=True, samesite="Strict", path=path, secure=is_secure())
    return answer


def _page(error: str = "", login: str = "") -> str:
    config = context().config
    now = clock.local(context().clock.now())
    greeting = "Chào buổi sáng" if now.hour < 12 else "Chào buổi chiều"
    return render_template(
        "signin.html",
        ward=config.ward,
        practice=config.kiosk.practice,
        counters=config.counters,
        chosen=request.form.get("counter", ""),
        error=error,
        login=login,
        greeting=greeting,
        day=f"{WEEKDAYS[now.weekday()]}, {now:%d/%m/%Y, %H:%M}",
        wrong=signing.FREE_TRIES,
        wait=round(signing.FIRST_WAIT),
    )
