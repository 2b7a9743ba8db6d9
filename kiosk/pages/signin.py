"""Sign-in of the staff: login, password, today's counter. Technicians go to the maintenance pages.

Each audience has its own cookie, sent only to its own pages. Every sign-in creates a new session, so that nobody can
plant one beforehand (session fixation).
"""

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import signing, sittings
from kiosk.base import clock, codes
from kiosk.base.errors import CounterBusy, NotAllowed, SignInsBusy, TooManyTries
from kiosk.config import ROOT
from kiosk.context import rate_limit
from kiosk.pages.access import STAFF_COOKIES, allow, context, hash_token, is_secure
from kiosk.pages.technician_cookie import set_cookies
from kiosk.records import staff
from kiosk.records.staff import StaffMember

signin = Blueprint("signin", __name__)
MESSAGES = {
    "ended": "Đã sai 5 lần, phải đăng nhập lại. Mời đăng nhập lại bằng mật khẩu.",
    "out": "Phiên ở máy này đã kết thúc: đã đăng xuất, quá giờ, hoặc người phụ trách vừa đổi tài khoản. "
    "Mời đăng nhập lại.",
    "kept": "Phiên làm việc đã kết thúc. Chỗ đang gõ được giữ kín; đăng nhập lại bằng tên của mình để xem và gửi tiếp.",
    "technician": "Ở máy khác, cán bộ kỹ thuật vào bằng tên và mật khẩu của mình. "
    "Mật khẩu của máy chỉ dùng được tại chính máy.",
}
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@signin.get("/signin")
@allow("anyone")
def sign_in() -> str:
    """Ask for name, password and counter."""
    return _page(MESSAGES.get(request.args.get("said", ""), ""))


@signin.get("/signin/worker.js")
@allow("anyone")
def worker() -> Answer:
    """Return the service worker of the desk, which may serve the officers' pages too."""
    answer = send_from_directory(ROOT / "static", "desk/offline.js")
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@signin.post("/signin")
@allow("anyone")
def enter() -> Answer | tuple[str, int]:
    """Check the password, start a session and sit down at the chosen counter."""
    token = codes.token()
    login = request.form.get("login", "").strip().lower()
    try:
        person = signing.sign_in(
            context(),
            login,
            password=request.form.get("password", ""),
            session=hash_token(token),
            workstation=request.remote_addr or "",
        )
    except TooManyTries as error:
        return _page(f"Đã sai nhiều lần. Mời đợi {error.seconds} giây rồi gõ lại.", login), error.status
    except SignInsBusy as error:
        return _page(error.vi, login), error.status
    except NotAllowed as error:
        return _page(error.vi, login), 200
    if person.role == "technician":
        return set_cookies(redirect(url_for("technician.overview"), 303), token)
    if person.role == "auditor":
        return _redirect_with_cookie(url_for("officer.trail"), token)
    return _redirect_with_cookie(_sit_at_counter(hash_token(token), person), token)


def _sit_at_counter(session: str, person: StaffMember) -> str:
    """Sit down at the chosen counter; return the next page, with a message about other sessions or a busy counter."""
    number = request.form.get("counter", "")
    seat = None
    if context().config.counter(codes.parse_number(number)):
        try:
            seat = sittings.sit_at_counter(context(), session, int(number))
        except CounterBusy as busy:
            return url_for("officer.counter", busy=busy.counter)
    with context().store.read() as db:
        is_twice = len(staff.sittings_of(db, person.code)) > 1
    message = "twice" if is_twice else "taken" if seat and seat.displaced else None
    if person.role == "lead" and not (seat or message):
        return url_for("officer.now")
    return url_for("officer.desk", said=message)


def _redirect_with_cookie(target: str, token: str) -> Answer:
    response = redirect(target, 303)
    cookie = STAFF_COOKIES["officer"]
    path = url_for("officer.desk")
    response.set_cookie(cookie, token, httponly=True, samesite="Strict", path=path, secure=is_secure())
    return response


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
        wrong=rate_limit.FREE_TRIES,
        wait=round(rate_limit.FIRST_WAIT),
    )
