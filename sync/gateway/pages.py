"""The operator's pages: what has arrived, one submission, and (in practice) the faults.

A list shows no names. A body is shown only after a reason was given, and the reason is kept. Every page asks for a
sign-in; every form carries the session's mark.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import events, faults, operators, submissions
from sync.gateway.contract import house
from sync.gateway.operators import Door, Session
from sync.gateway.tables import kiosks, notices, views
from sync.gateway.tables import submissions as held

pages = Blueprint("pages", __name__)

COOKIE = "gateway_session"
ON_A_PAGE = 50
_WARD_TIME = timezone(timedelta(hours=7))
DOOR = "gateway_door"

STATUSES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
KINDS = {
    "accepted": "tiếp nhận",
    "supplement": "yêu cầu bổ sung",
    "refused": "từ chối tiếp nhận",
    "extended": "gia hạn",
    "stopped": "dừng xử lý",
    "handed_out": "trả kết quả",
    "document": "kèm giấy tờ",
    "fee": "thu phí, lệ phí",
    "withdrawn": "công dân rút",
}


@pages.before_request
def ask_who() -> AnyResponse | None:
    """Let only the operator in; the sign-in page itself stands open, and so does the practice switch to its key."""
    if _is_from_elsewhere():
        abort(403)
    if request.endpoint == "pages.sign_in" or _holds_key():
        return None
    token = request.cookies.get(COOKIE, "")
    with house().engine.begin() as db:
        found = operators.who(db, token, house().settings.now()) if token else None
    if found is None:
        return redirect(url_for("pages.sign_in"))
    g.session = found
    if request.method == "POST" and not operators.is_meant(found, request.form.get("csrf", "")):
        abort(403)
    return None


def _is_from_elsewhere() -> bool:
    """Tell whether another site's page sent this form."""
    origin = request.headers.get("Origin")
    return request.method == "POST" and origin is not None and origin != request.host_url.rstrip("/")


def _holds_key() -> bool:
    """Tell whether the kiosk's practice tray turns the switch: by the operator's password, not by a cookie."""
    given = request.authorization
    is_switch = request.endpoint == "pages.turn_fault" and house().settings.practice
    return is_switch and given is not None and given.type == "basic" and _door().opens(given.password or "")


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> AnyResponse | str | tuple[str, int]:
    """Ask for the password."""
    if request.method == "GET":
        return render_template("sign_in.html", seconds=0, is_wrong=False)
    if not _door().opens(request.form.get("password", "")):
        seconds = round(_door().seconds_closed)
        return render_template("sign_in.html", seconds=seconds, is_wrong=True), 403
    settings, token = house().settings, house().settings.token()
    with house().engine.begin() as db:
        operators.sign_in(db, token, settings.token(), settings.now())
    answer = redirect(url_for("pages.arrivals"))
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=not settings.practice)
    return answer


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session."""
    with house().engine.begin() as db:
        operators.sign_out(db, _session())
    answer = redirect(url_for("pages.sign_in"))
    answer.delete_cookie(COOKIE)
    return answer


@pages.get("/")
def arrivals() -> str:
    """List what has arrived, the latest first."""
    start = max(request.args.get("from", 0, type=int), 0)
    with house().engine.begin() as db:
        rows = db.execute(_arrived().offset(start).limit(ON_A_PAGE + 1)).all()
        count = db.execute(select(func.count()).select_from(held)).scalar_one()
        machines = db.execute(select(kiosks).order_by(kiosks.c.kiosk_id)).all()
        told = db.execute(select(notices).order_by(notices.c.no.desc()).limit(3)).all()
    older = start + ON_A_PAGE if len(rows) > ON_A_PAGE else None
    return render_template(
        "arrivals.html", rows=rows[:ON_A_PAGE], count=count, machines=machines, notices=told, older=older
    )


def _arrived() -> Any:
    columns = (held.c.submission_id, held.c.received_at, held.c.kiosk_id, held.c.receipt_no, held.c.procedure_code)
    states = (held.c.form_revision, held.c.status_code, held.c.official_no)
    return select(*columns, *states).order_by(held.c.received_at.desc(), held.c.submission_id.desc())


@pages.route("/submissions/<submission_id>", methods=["GET", "POST"])
def submission(submission_id: str) -> str:
    """Show a submission's facts; its body only after a reason, which is kept."""
    reason = request.form.get("reason", "").strip()[:300]
    with house().engine.begin() as db:
        row = _held_or_404(db, submission_id)
        if reason:
            operators.note_view(db, submission_id, reason, house().settings.now())
        acts = events.of(db, row.receipt_no)
        looked = db.execute(select(views).where(views.c.submission_id == submission_id).order_by(views.c.no)).all()
    lines = _lines(json.loads(row.body)) if reason else []
    is_asked = request.method == "POST" and not reason
    return render_template("submission.html", row=row, lines=lines, acts=acts, views=looked, is_reason_missing=is_asked)


@pages.post("/submissions/<submission_id>/status")
def set_status(submission_id: str) -> AnyResponse:
    """Set a status, so that the kiosk hears of it."""
    code = request.form.get("status", 0, type=int)
    if not 2 <= code <= 10:
        abort(400)
    facts: dict[str, object] = {"status_code": code, "note": request.form.get("note", "").strip()[:2000]}
    official_no = request.form.get("official_no", "").strip()[:60]
    if official_no:
        facts["official_no"] = official_no
    with house().engine.begin() as db:
        _held_or_404(db, submission_id)
        submissions.set_status(db, submission_id, house().settings.now(), **facts)
    return redirect(url_for("pages.submission", submission_id=submission_id))


@pages.get("/faults")
def show_faults() -> str:
    """Show which faults can be asked for; only in practice."""
    _only_in_practice()
    return render_template("faults.html", said=faults.SAID, current=house().faults.current)


@pages.post("/faults")
def turn_fault() -> AnyResponse:
    """Ask for a fault, or for none."""
    _only_in_practice()
    if not house().faults.turn(request.form.get("fault", "")):
        abort(400)
    return Response(status=204) if "session" not in g else redirect(url_for("pages.show_faults"))


@pages.app_template_filter("local")
def in_local_time(text: str) -> str:
    """Write a stored time as the ward reads it."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(_WARD_TIME).strftime("%H:%M %d/%m/%Y")


@pages.app_context_processor
def words() -> dict[str, object]:
    """Give every page the words and the session's mark."""
    session = g.get("session")
    settings = house().settings
    return {
        "statuses": STATUSES,
        "kinds": KINDS,
        "csrf": session.csrf if session else "",
        "is_signed_in": session is not None,
        "is_practice": settings.practice,
    }


def _session() -> Session:
    session: Session = g.session
    return session


def _door() -> Door:
    door: Door = current_app.extensions[DOOR]
    return door


def _only_in_practice() -> None:
    if not house().settings.practice:
        abort(404)


def _held_or_404(db: Connection, submission_id: str) -> Any:
    row = db.execute(select(held).where(held.c.submission_id == submission_id)).one_or_none()
    if row is None:
        abort(404)
    return row


def _lines(body: Any, at: str = "") -> list[tuple[str, str]]:
    """Lay a body out as lines of place and value."""
    if isinstance(body, dict):
        return [line for name, part in body.items() for line in _lines(part, f"{at} › {name}" if at else name)]
    if isinstance(body, list):
        return [line for place, part in enumerate(body, 1) for line in _lines(part, f"{at} {place}")]
    return [(at, body if isinstance(body, str) else json.dumps(body))]
