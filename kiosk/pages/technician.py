"""The maintenance page: what is stuck and why, and what a ward technician can do about it. Never a body.

Counts, states and codes only: what a portal says of a form may quote its answers, so it is not shown here.
"""

import hmac
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk import clock, codes, health
from kiosk.acts import signing, tending
from kiosk.errors import NotAllowed, TooManyTries
from kiosk.health import Finding
from kiosk.i18n import translator
from kiosk.pages.guard import STAFF_COOKIES, for_, hashed, is_secure, room
from kiosk.records import calls, decisions, sessions, staff, submissions
from printers import spool
from sync.parcel import Subject

technician = Blueprint("technician", __name__)
COOKIE = STAFF_COOKIES["technician"]
SHOWN = 12
DELIVERY = {
    "queued": ("clock", "Đang chờ đường truyền"),
    "sent": ("check", "Đã gửi"),
    "confirmed": ("shield", "Thành phố đã nhận"),
    "quarantined": ("warn", "Cần xem lại"),
    "held": ("pause", "Tạm giữ"),
    "withdrawn": ("close", "Đã rút"),
}
SPOOL = {
    "queued": "Chờ in",
    "sending": "Đang in",
    "printed": "Đã in",
    "unknown": "Chưa rõ đã ra chưa",
    "waiting": "Chờ máy in",
    "cancelled": "Đã bỏ",
    "pdf": "Giữ bản PDF",
}
PAPERS = {"slip": "Phiếu tờ khai", "ticket": "Phiếu số", "missing": "Danh sách mang thêm", "fee": "Phiếu thu"}


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
    with room().store.read() as db:
        held, found = sessions.read(db, session, "technician"), staff.sitting(db, session)
    is_here = found is None or found.workstation == (request.remote_addr or "")
    return held is not None and is_here and room().clock.now() - held.created_at <= signing.SHIFT


def _csrf() -> str:
    return room().vault.keyed_hash("csrf-technician", g.technician)


def render(template: str, **shown: Any) -> str:
    """Return a page of the technician in its frame."""
    config = room().config
    return render_template(
        template, ward=config.ward, kiosk=config.kiosk, csrf=_csrf(), _=translator("vi"),
        now=clock.local(room().clock.now()), **shown,
    )  # fmt: skip


@technician.route("/signin", methods=["GET", "POST"])
@for_("anyone")
def sign_in() -> Answer | str:
    """Ask for the technician's password."""
    error = ""
    if request.method == "POST":
        token = codes.token()
        try:
            signing.sign_in(room(), request.form.get("password", ""), hashed(token))
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
    signing.sign_out(room(), g.technician)
    return redirect(url_for("technician.sign_in"), 303)


@technician.get("/")
@for_("technician")
def overview() -> str:
    """Say in one sentence whether the kiosk serves, then what to do, then the rest."""
    here = room()
    findings = health.look(here)
    with here.store.read() as db:
        counts = submissions.counts(db)
        line, oldest = sync.link.state(db), sync.outbox.oldest(db)
        today = submissions.of_day(db, here.clock.today())
        standings = sync.outbox.standings(db, ["todo", "sending", "unknown", "refused"], SHOWN)
        jobs = spool.listed(db, ["unknown", "waiting", "queued", "sending", "printed"], SHOWN)
        helped = calls.open(db)
        about = [_about(db, one.subject) for one in standings]
    return render(
        "technician/overview.html",
        sentence=sentence(findings),
        todo=[one for one in findings if one.do],
        findings=findings,
        counts=[(icon, words, counts.get(state, 0)) for state, (icon, words) in DELIVERY.items()],
        figures=_figures(len(today), counts, line.last_success, oldest),
        standings=[(vars(one) | {"subject": one.subject.id}, told) for one, told in zip(standings, about, strict=True)],
        jobs=[(one, PAPERS.get(one.kind, one.kind), SPOOL[one.state]) for one in jobs],
        helped=len(helped),
        when=_when,
    )


def _about(db: Database, subject: Subject) -> str:
    """Name what waits: a form by its number, an act of the desk by its number and place; never what it says."""
    if subject.kind == "event":
        act = decisions.find(db, subject.id)
        return f"{act.receipt_no}, việc thứ {act.seq} của quầy" if act else subject.id[:8]
    found = submissions.find(db, subject.id)
    return found.receipt_no if found else subject.id[:8]


def sentence(findings: list[Finding]) -> str:
    """Return whether the kiosk still serves, and how many things there are to do."""
    count = sum(1 for one in findings if one.do)
    if any(one.state == "fault" for one in findings):
        return f"Máy đang có lỗi. Có {count} việc cần làm ngay."
    if count:
        return f"Máy vẫn phục vụ bà con. Có {count} việc cần làm."
    return "Máy vẫn phục vụ bà con. Không có việc gì phải làm."


def _figures(today: int, counts: dict[str, int], last: str | None, oldest: str | None) -> list[tuple[str, str]]:
    return [
        (str(today), "tờ khai hôm nay"),
        (str(counts.get("queued", 0)), "chờ gửi"),
        (_when(oldest), "cũ nhất chờ từ"),
        (_when(last), "gửi được lần cuối"),
    ]


def _when(stamp: str | None) -> str:
    if not stamp:
        return "–"
    at = clock.local(clock.read(stamp))
    return f"{at:%H:%M}" if at.date() == room().clock.today() else f"{at:%H:%M %d/%m}"


@technician.post("/send-now")
@for_("technician")
def send_now() -> Answer:
    """End the pause and send everything now."""
    tending.send_now(room())
    return redirect(url_for("technician.overview"), 303)


@technician.post("/release/<submission_id>")
@for_("technician")
def release(submission_id: str) -> Answer:
    """Put a submission back in line."""
    tending.release(room(), submission_id)
    return redirect(url_for("technician.overview"), 303)


@technician.post("/paper/<int:job>/<answer>")
@for_("technician")
def paper(job: int, answer: str) -> Answer:
    """Take a person's word on a paper: it is out, it is not, or one more is wanted."""
    if answer in {"out", "not-out"}:
        tending.paper_seen(room(), job, is_out=answer == "out")
    elif answer == "again":
        tending.reprint(room(), job, "technician page")
    return redirect(url_for("technician.overview"), 303)
