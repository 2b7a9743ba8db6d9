"""The look-up of a case: how far it is, by what the ward's desk did and what the city last said.

Never more than its state: no name, no reason, no body is opened. Of what the desk asked for only papers of the shelf
are named; whatever an officer wrote by hand stands on the paper that was given out.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from kiosk import clock, codes
from kiosk.acts import queueing
from kiosk.i18n import N_, Translate, translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.ticket import may_rejoin_queue
from kiosk.procedures.model import Procedure
from kiosk.records import decisions
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.submissions import DeskState, Submission

MAX_DECISIONS = 4
NATIONAL_STATES = {
    1: (N_("Đã gửi, chờ cán bộ nhận"), N_("Chờ gọi số, hoặc chờ tin.")),
    2: (N_("Cán bộ đã nhận hồ sơ"), N_("Giữ giấy hẹn. Đến đúng ngày hẹn.")),
    3: (N_("Chưa nhận được hồ sơ"), N_("Xem lý do trên phiếu từ chối, hỏi cán bộ cách làm lại.")),
    4: (N_("Đang giải quyết"), N_("Bà con không phải làm gì thêm.")),
    5: (N_("Cần nộp thêm giấy"), N_("Mang giấy cần thêm đến quầy, đưa phiếu này, không phải lấy số lại.")),
    6: (N_("Cần đóng tiền"), N_("Đóng tiền tại quầy hoặc quét mã chuyển khoản.")),
    7: (N_("Đã xin rút hồ sơ"), N_("Đến quầy nhận lại giấy đã nộp.")),
    8: (N_("Đã dừng giải quyết"), N_("Hỏi cán bộ lý do; có giấy thông báo dừng.")),
    9: (N_("Đã xong, mời đến nhận"), N_("Mang giấy hẹn và thẻ căn cước đến nhận.")),
    10: (N_("Đã nhận kết quả"), N_("Xong việc này.")),
}
DELIVERY_TEXTS = {
    "queued": N_("Đã lưu ở phường, chưa gửi thành phố"),
    "sent": N_("Đã gửi thành phố"),
    "confirmed": N_("Thành phố đã nhận đủ"),
    "quarantined": N_("Cán bộ đang xem lại"),
    "withdrawn": N_("Đã rút"),
    "held": N_("Đã lưu ở phường"),
}
DESK_CODES: dict[DeskState, int] = {"accepted": 2, "supplement": 5, "refused": 3, "stopped": 8, "handed_out": 10}
"""What the desk's own state is called in the national list."""
PORTAL_CODES_AHEAD: dict[DeskState, tuple[int, ...]] = {"accepted": (3, 4, 5, 6, 7, 8, 9, 10), "supplement": (7, 8, 9, 10)}
"""Where the city's word leads further than the desk's; an echo of what the desk did earlier never hides the desk."""
DECISION_TEXTS: dict[DecisionKind, str] = {
    "accepted": N_("Cán bộ đã nhận hồ sơ"),
    "supplement": N_("Cần nộp thêm giấy"),
    "refused": N_("Chưa nhận được hồ sơ"),
    "extended": N_("Cán bộ xin lỗi, hẹn lại ngày trả"),
    "stopped": N_("Đã dừng giải quyết"),
    "handed_out": N_("Đã nhận kết quả"),
}


@dataclass(frozen=True)
class CaseStatus:
    """A case as the page shows it; `asked` are the papers to bring, `is_late` when its day is over."""

    title: str
    text: str
    next_step: str
    requested_papers: tuple[str, ...]
    due: str
    is_late: bool
    steps: tuple[tuple[str, str], ...]
    as_of: str
    may_rejoin: bool


@citizen.route("/status", methods=["GET", "POST"])
@allow("citizen")
def status() -> str:
    """Say how far a case is, by receipt number and the last four digits of the id; never more than its state."""
    _ = translator(visitor().lang)
    form = {"code": request.form.get("code", "").strip()[:40], "last4": request.form.get("last4", "").strip()[:4]}
    if request.method == "GET":
        return render("citizen/status.html", form=form, found=None, errors=[])
    number = codes.parse_receipt_no(form["code"])
    errors = []
    if number is None:
        errors.append(("code", _("Mã này chưa đúng. Mời xem lại trên phiếu, ví dụ PK03-261125-0017-V.")))
    if not (form["last4"].isascii() and form["last4"].isdigit() and len(form["last4"]) == 4):
        errors.append(("last4", _("Mời ghi đủ 4 số cuối của số căn cước.")))
    found = None
    if not errors and number:
        found = queueing.look_up_status(context(), visitor().id, receipt_no=number, last_four=form["last4"])
        if found is None:
            errors.append(("code", _("Chưa thấy hồ sơ này. Mời xem lại mã và 4 số cuối, hoặc hỏi cán bộ.")))
    shown = _case_status(found, _) if found else None
    return render("citizen/status.html", form=form, found=shown, errors=errors)


def _case_status(found: Submission, _: Translate) -> CaseStatus:
    procedure = context().catalogue.version(found.procedure, found.version)
    code = _state_code(found)
    title, do = NATIONAL_STATES.get(code, (DELIVERY_TEXTS.get(found.delivery or "held", DELIVERY_TEXTS["held"]), ""))
    with context().store.read() as db:
        comes_back = may_rejoin_queue(db, found)
        acts = decisions.of_case(db, found.receipt_no)
    due, is_late = _due_text(found, _)
    return CaseStatus(
        title=_(title),
        text=procedure.short.of(visitor().lang) if procedure else "",
        next_step=_(do) if do else "",
        requested_papers=_requested_papers(procedure, acts, _) if code == 5 and found.desk == "supplement" else (),
        due=due,
        is_late=is_late,
        steps=tuple(_step_lines(found, acts, code=code, _=_)),
        as_of=_source_text(found, acts, code=code, _=_),
        may_rejoin=comes_back,
    )


def _state_code(found: Submission) -> int:
    """Return the state in the national list: the desk's, unless the city's leads further; 0 while nobody has spoken."""
    here = DESK_CODES.get(found.desk, 0)
    there = found.portal_code or 0
    return there if not here or there in PORTAL_CODES_AHEAD.get(found.desk, ()) else here


def _requested_papers(procedure: Procedure | None, acts: list[Decision], _: Translate) -> tuple[str, ...]:
    """The papers that the desk asked for the last time, and that there is more on the paper it gave out."""
    last: Decision | None = next((one for one in reversed(acts) if one.kind == "supplement"), None)
    if last is None:
        return ()
    ids = str(last.facts.get("papers") or "").split(",")
    papers = [one.name.of(visitor().lang) for one in procedure.papers if one.id in ids] if procedure else []
    more = [_("Điều cán bộ ghi trên phiếu bổ sung")] if last.facts.get("lines") else []
    return (*papers, *more)


def _due_text(found: Submission, _: Translate) -> tuple[str, bool]:
    """Return when the result is promised: the desk's day, or the city's where the desk named none."""
    at = found.desk_due_at or found.due_at
    if at is None or found.desk not in ("waiting", "accepted") or found.portal_code in (3, 7, 8, 9, 10):
        return "", False
    day = clock.local(at).date()
    late = (context().clock.today() - day).days
    if late > 0:
        words = _("Đã quá hẹn %(days)s ngày. Cán bộ phải có giấy xin lỗi và hẹn lại; mời hỏi ở quầy.", days=late)
        return words, True
    return _("Hẹn trả: %(date)s", date=f"{day:%d/%m/%Y}"), False


def _step_lines(found: Submission, acts: list[Decision], code: int, _: Translate) -> list[tuple[str, str]]:
    steps = [(_("Đã nộp tờ khai"), _format_time(found.completed_at))]
    if found.delivery in {"sent", "confirmed"}:
        steps.append((_(DELIVERY_TEXTS[found.delivery]), ""))
    done = [(_(DECISION_TEXTS[one.kind]), _format_time(one.at)) for one in acts if one.kind in DECISION_TEXTS]
    if found.portal_at and code > 1 and code == found.portal_code and code != DESK_CODES.get(found.desk):
        done.append((_(NATIONAL_STATES[code][0]), _format_time(found.portal_at)))
    return [*steps, *done[-MAX_DECISIONS:]]


def _source_text(found: Submission, acts: list[Decision], code: int, _: Translate) -> str:
    if found.portal_at and code == found.portal_code:
        return _("Theo thành phố báo lúc %(time)s", time=_format_time(found.portal_at))
    if acts:
        return _("Theo quầy ghi lúc %(time)s", time=_format_time(acts[-1].at))
    return _("Chưa có tin mới. Hồ sơ đang ở phường.")


def _format_time(at: datetime) -> str:
    local = clock.local(at)
    return f"{local.hour}:{local.minute:02d}, {local.day}/{local.month}/{local.year}"
