"""Status of a case: its state by the ward's desk and the latest receipt of the city.

The page shows no more than the state: no name and no reason, and it opens no submission. Of the papers that the desk
asked for, only those of the catalogue are named; what an officer wrote by hand is on the printed paper.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from kiosk.acts import queueing
from kiosk.base import clock
from kiosk.base.errors import TooManyTries
from kiosk.base.i18n import N_, Translate, translator
from kiosk.dossiers.scanned_code import MAX_LENGTH
from kiosk.dossiers.status_page import parse_code
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.card import scan_anywhere
from kiosk.pages.citizen.ticket import may_rejoin_queue, wait_text
from kiosk.pages.forms.view_models import Notice
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, tickets
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.submissions import DeskState, Submission

MAX_DECISIONS = 4
NATIONAL_STATES = {
    1: (N_("Đã gửi, chờ cán bộ nhận"), N_("Chờ gọi số, hoặc chờ tin.")),
    2: (N_("Cán bộ đã nhận hồ sơ"), N_("Giữ Giấy tiếp nhận. Đến nhận đúng ngày hẹn.")),
    3: (N_("Không tiếp nhận hồ sơ"), N_("Xem lý do trên phiếu từ chối, hỏi cán bộ cách làm lại.")),
    4: (N_("Đang giải quyết"), N_("Không phải làm gì thêm.")),
    5: (N_("Cần nộp thêm giấy"), N_("Mang giấy cần thêm đến quầy, đưa phiếu này, không phải lấy số lại.")),
    6: (N_("Cần nộp phí, lệ phí"), N_("Nộp tại quầy hoặc quét mã QR chuyển khoản.")),
    7: (N_("Đã xin rút hồ sơ"), N_("Đến quầy nhận lại giấy đã nộp.")),
    8: (N_("Đã dừng giải quyết"), N_("Hỏi cán bộ lý do; có giấy thông báo dừng.")),
    9: (N_("Đã xong, mời đến nhận"), N_("Mang Giấy tiếp nhận và thẻ căn cước đến nhận.")),
    10: (N_("Đã nhận kết quả"), N_("Đã xong.")),
}
UNFINISHED = (4, 5, 6)
"""Codes of the national list for what goes on: the work, or papers or money that the citizen is asked for."""
DELIVERY_TEXTS = {
    "queued": N_("Đã lưu ở phường"),
    "sent": N_("Đã gửi lên thành phố"),
    "confirmed": N_("Thành phố đã nhận"),
    "quarantined": N_("Cán bộ đang xem lại"),
    "withdrawn": N_("Đã rút"),
    "held": N_("Đã lưu ở phường"),
}
DESK_CODES: dict[DeskState, int] = {"accepted": 2, "supplement": 5, "refused": 3, "stopped": 8, "handed_out": 10}
"""State of the desk -> its code in the national list."""
PORTAL_CODES_AHEAD: dict[DeskState, tuple[int, ...]] = {
    "accepted": (3, 4, 5, 6, 7, 8, 9, 10),
    "supplement": (7, 8, 9, 10),
}
"""City's codes that are later than the desk's state; another one only repeats what the desk did before."""
DECISION_TEXTS: dict[DecisionKind, str] = {
    "accepted": N_("Cán bộ đã nhận hồ sơ"),
    "supplement": N_("Cần nộp thêm giấy"),
    "refused": N_("Không tiếp nhận hồ sơ"),
    "extended": N_("Phường xin lỗi và hẹn lại ngày trả"),
    "stopped": N_("Đã dừng giải quyết"),
    "handed_out": N_("Đã nhận kết quả"),
}


@dataclass(frozen=True)
class StatusPage:
    """A case as the page shows it; `is_late` after the promised day."""

    title: str
    text: str
    next_step: str
    requested_papers: tuple[str, ...]
    due: str
    is_late: bool
    steps: tuple[tuple[str, str], ...]
    is_open: bool
    """Whether the last step still goes on; else each of them has happened."""
    as_of: str
    may_rejoin: bool
    number: str
    """Today's number that waits; empty without one."""
    wait: str


@citizen.route("/status", methods=["GET", "POST"])
@allow("citizen")
def status() -> str | tuple[str, int]:
    """Show the state of a case by its receipt number and four digits that are not on the slip."""
    _ = translator(visitor().lang)
    form = {
        "code": request.form.get("code", "").strip()[:MAX_LENGTH],
        "last4": request.form.get("last4", "").strip()[:4],
    }
    if request.method == "GET":
        return status_form()
    receipt_no = parse_code(form["code"])
    form["code"] = receipt_no or form["code"][:40]
    errors = []
    if receipt_no is None:
        errors.append(("code", _("Mã này chưa đúng. Mời xem lại trên phiếu, ví dụ PK03-261125-0017-V.")))
    if not (form["last4"].isascii() and form["last4"].isdigit() and len(form["last4"]) == 4):
        errors.append(("last4", _("Mời ghi đủ 4 số: 4 số cuối của số định danh, hoặc ngày và tháng sinh.")))
    submission = None
    http_status = 200
    if not errors and receipt_no:
        try:
            submission = _look_up(receipt_no, form["last4"])
        except TooManyTries as error:
            http_status = error.status
            minutes = -(-error.seconds // 60)
            errors.append(("code", _("Đã thử nhiều lần. Mời thử lại sau %(n)s phút, hoặc hỏi cán bộ.", n=minutes)))
        else:
            if submission is None:
                errors.append(("code", _("Chưa thấy hồ sơ này. Mời xem lại mã và 4 số, hoặc hỏi cán bộ.")))
    case = _case_status(submission, _) if submission else None
    return render(
        "citizen/status.html", form=form, case=case, errors=errors, notice=None, scan=scan_anywhere()
    ), http_status


def status_form(receipt_no: str = "", notice: Notice | None = None) -> str:
    """Return the page that asks for a receipt number and the digits; a scanned slip fills in the number."""
    form = {"code": receipt_no, "last4": ""}
    return render("citizen/status.html", form=form, case=None, errors=[], notice=notice, scan=scan_anywhere())


def _look_up(receipt_no: str, digits: str) -> Submission | None:
    return queueing.look_up_status(context(), access.touchscreen(), receipt_no=receipt_no, digits=digits)


def _case_status(submission: Submission, _: Translate) -> StatusPage:
    procedure = context().catalogue.version(submission.procedure, submission.version)
    code = _state_code(submission)
    next_step = NATIONAL_STATES[code][1] if code in NATIONAL_STATES else ""
    with context().store.read() as db:
        may_rejoin = may_rejoin_queue(db, submission)
        desk_decisions = decisions.of_case(db, submission.receipt_no)
        ticket = tickets.of_submission(db, submission.id)
        is_waiting = bool(ticket and ticket.state in tickets.IN_LINE and ticket.day == context().clock.today())
        wait = wait_text(db, ticket, _) if ticket and is_waiting else ""
    due, is_late = _due_text(submission, _)
    is_supplement = code == 5 and submission.desk == "supplement"
    return StatusPage(
        title=state_title(submission, _),
        text=procedure.short.of(visitor().lang) if procedure else "",
        next_step=_(next_step) if next_step else "",
        requested_papers=_requested_papers(procedure, desk_decisions, _) if is_supplement else (),
        due=due,
        is_late=is_late,
        steps=tuple(_step_lines(submission, desk_decisions, code=code, _=_)),
        is_open=code in UNFINISHED,
        as_of=_source_text(submission, desk_decisions, code=code, _=_),
        may_rejoin=may_rejoin,
        number=ticket.label if ticket and is_waiting else "",
        wait=wait,
    )


def state_title(submission: Submission, _: Translate) -> str:
    """Return how far a case is, in one sentence of the national list; where it is kept while nobody decided."""
    local_title = DELIVERY_TEXTS.get(submission.delivery or "held", DELIVERY_TEXTS["held"])
    return _(NATIONAL_STATES.get(_state_code(submission), (local_title, ""))[0])


def _state_code(submission: Submission) -> int:
    """Return the code in the national list: the desk's, unless the city's is later; 0 if there is neither."""
    desk_code = DESK_CODES.get(submission.desk, 0)
    portal_code = submission.portal_code or 0
    return portal_code if not desk_code or portal_code in PORTAL_CODES_AHEAD.get(submission.desk, ()) else desk_code


def _requested_papers(procedure: Procedure | None, desk_decisions: list[Decision], _: Translate) -> tuple[str, ...]:
    """Return the papers of the last supplement request; lines written by hand are only mentioned."""
    supplements = [decision for decision in desk_decisions if decision.kind == "supplement"]
    if not supplements:
        return ()
    facts = supplements[-1].facts
    ids = str(facts.get("papers") or "").split(",")
    papers = procedure.papers if procedure else ()
    names = [paper.name.of(visitor().lang) for paper in papers if paper.id in ids]
    if facts.get("lines"):
        names.append(_("Điều cán bộ ghi trên phiếu bổ sung"))
    return tuple(names)


def _due_text(submission: Submission, _: Translate) -> tuple[str, bool]:
    """Return the promised day, the desk's or else the city's, and whether it has passed."""
    due_at = submission.desk_due_at or submission.due_at
    is_closed = submission.desk not in ("waiting", "accepted") or submission.portal_code in (3, 7, 8, 9, 10)
    if due_at is None or is_closed:
        return "", False
    day = clock.local(due_at).date()
    days_late = (context().clock.today() - day).days
    if days_late > 0:
        text = _(
            "Đã quá hẹn %(days)s ngày. Phường phải có văn bản xin lỗi và hẹn lại ngày trả; mời hỏi ở quầy.",
            days=days_late,
        )
        return text, True
    return _("Hẹn trả: %(date)s", date=f"{day:%d/%m/%Y}"), False


def _step_lines(
    submission: Submission, desk_decisions: list[Decision], code: int, _: Translate
) -> list[tuple[str, str]]:
    """Return the steps done so far, each with its time."""
    steps = [(_("Đã gửi tờ khai"), _format_time(submission.completed_at))]
    if submission.delivery in {"sent", "confirmed"}:
        steps.append((_(DELIVERY_TEXTS[submission.delivery]), ""))
    decided = [
        (_(DECISION_TEXTS[decision.kind]), _format_time(decision.at))
        for decision in desk_decisions
        if decision.kind in DECISION_TEXTS
    ]
    is_portal_state = code > 1 and code == submission.portal_code and code != DESK_CODES.get(submission.desk)
    if submission.portal_at and is_portal_state:
        decided.append((_(NATIONAL_STATES[code][0]), _format_time(submission.portal_at)))
    return [*steps, *decided[-MAX_DECISIONS:]]


def _source_text(submission: Submission, desk_decisions: list[Decision], code: int, _: Translate) -> str:
    """Return the source and time of the shown state, and the official number."""
    source = _source(submission, desk_decisions, code=code, _=_)
    number = _("Mã hồ sơ: %(number)s", number=submission.number) if submission.number else ""
    return f"{source}. {number}" if number else source


def _source(submission: Submission, desk_decisions: list[Decision], code: int, _: Translate) -> str:
    if submission.portal_at and code == submission.portal_code:
        return _("Hệ thống thành phố cập nhật lúc %(time)s", time=_format_time(submission.portal_at))
    if desk_decisions:
        return _("Quầy cập nhật lúc %(time)s", time=_format_time(desk_decisions[-1].at))
    return _("Chưa có tin mới. Hồ sơ đang ở phường.")


def _format_time(at: datetime) -> str:
    local = clock.local(at)
    return f"{local.hour}:{local.minute:02d}, {local.day}/{local.month}/{local.year}"
