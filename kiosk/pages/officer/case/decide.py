"""Decision forms: accept, ask for more papers, refuse, extend, stop, hand out.

A form comes filled in with the usual answers, and again with what was typed where an error was found. The act decides
whether a press counts; a press that came too late changes nothing, and the desk says so.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from kiosk.acts import deciding
from kiosk.base import clock, codes
from kiosk.base.errors import NotFound
from kiosk.dossiers import case_summary, deadlines
from kiosk.dossiers.decision_filing import CaseRequest, InvalidDecision, current_submission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.correct import correction_box
from kiosk.pages.officer.case.current_case import CasePapers, CurrentCase, require_case
from kiosk.pages.officer.case.fee_box import fee_box, fee_box_values
from kiosk.pages.officer.case.status import DueDate, case_status, due_date, open_points
from kiosk.pages.officer.queue.panel import panel, transfer_targets
from kiosk.pages.officer.session import sent_posts
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import decisions
from kiosk.records.decisions import MAY_FOLLOW, Decision, DecisionKind
from kiosk.vietnam import calendar
from kiosk.vietnam.money import money

Typed = Mapping[str, str]
UNPROCESSABLE = 422
FARTHEST = 3660
"""A date more days from today than this is taken for a typing error."""
TITLES: Mapping[DecisionKind, tuple[str, str]] = {
    "accepted": ("Tiếp nhận hồ sơ", "Tiếp nhận"),
    "supplement": ("Yêu cầu bổ sung, một lần cho đủ", "Ghi và in phiếu bổ sung"),
    "refused": ("Từ chối tiếp nhận", "Ghi và in phiếu từ chối"),
    "extended": ("Xin lỗi, hẹn lại ngày trả", "Ghi và in văn bản xin lỗi"),
    "stopped": ("Dừng giải quyết theo yêu cầu của người nộp", "Ghi và in thông báo dừng"),
    "handed_out": ("Trả kết quả", "Ghi đã trả"),
}
PRINTED_BY_POLICE: frozenset[DecisionKind] = frozenset({"supplement", "refused", "extended", "stopped"})
"""Decisions whose paper the police print from their own system, where they receive the case."""
RESULT_CODES = (9, 10)
"""States of the portal in which the result is there: done, handed out."""
DAY = "%d/%m/%Y"
MISSING_PAPERS = "Hồ sơ chưa đủ thành phần giấy tờ theo quy định của thủ tục."
STOP_REQUEST = "Người nộp hồ sơ đề nghị dừng giải quyết."
STAGE = "Đã tiếp nhận, đang giải quyết tại phường"


@dataclass(frozen=True)
class TermChoice:
    """A term of the procedure to choose, with the due date that it gives."""

    value: str
    words: str
    due: DueDate


@dataclass(frozen=True)
class PaperChoice:
    """A paper that may be asked for; one that `is_lacking` was not seen yet."""

    id: str
    name: str
    is_lacking: bool
    is_chosen: bool


@dataclass(frozen=True)
class DecisionForm:
    """A decision form: its title and button, what was typed, and the errors by field."""

    act: DecisionKind
    title: str
    press: str
    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)


@officer.get("/case/<submission_id>/<act>")
@allow("officer")
def decide(submission_id: str, act: str) -> Answer | str:
    """Show a decision form; the case instead where the decision can no longer follow."""
    case = require_case(submission_id)
    kind = _kind(act)
    if case.opened.submission.desk not in MAY_FOLLOW[kind]:
        typed = request.args.get("typed", "")
        return redirect(case.access.url("moved") + (f"&{urlencode({'typed': typed})}" if typed else ""), 303)
    return _page(case, kind, _usual_answers(case, kind))


@officer.post("/case/<submission_id>/<act>")
@allow("officer")
def take_decision(submission_id: str, act: str) -> Answer | tuple[str, int]:
    """Record a decision, or show the form again with its errors."""
    case = require_case(submission_id)
    kind = _kind(act)
    seen = request.form.get("seen", "")
    press = CaseRequest(submission_id, codes.parse_number(seen), sitting().person.code)
    if kind == "accepted" and _has_open_correction(case) and not request.form.get("without_correction"):
        errors = {"without_correction": "Ghi bản sửa trước, hoặc đánh dấu ô này để tiếp nhận theo bản đang có."}
        return _page(case, kind, typed=request.form.to_dict(), errors=errors), UNPROCESSABLE
    if _is_stale(press):
        return redirect(case.access.url(_moved(case, kind)), 303)
    if _money_question(case, kind) and not request.form.get("money"):
        errors = {"money": "Ghi ở ô Lệ phí trước, hoặc đánh dấu ô này."}
        return _page(case, kind, typed=request.form.to_dict(), errors=errors), UNPROCESSABLE
    try:
        decision = _ACTS[kind](press, request.form)
    except InvalidDecision as error:
        return _page(case, kind, typed=request.form.to_dict(), errors=error.errors), UNPROCESSABLE
    return redirect(case.access.url(kind if decision else _moved(case, kind)), 303)


def _is_stale(press: CaseRequest) -> bool:
    """Return whether the page had not seen the last act on the case, or its last revision."""
    with context().store.read() as db:
        return current_submission(db, press) is None


def _moved(case: CurrentCase, act: DecisionKind) -> str:
    """Return the message of an act that changed nothing; what was typed is kept unless a second press sent it again."""
    with context().store.read() as db:
        made = decisions.of_case(db, case.opened.submission.receipt_no)
    is_second_press = bool(made) and (made[-1].kind, made[-1].actor) == (act, sitting().person.code)
    return "moved-kept" if not is_second_press and sent_posts.keep_typed() else "moved"


@officer.post("/case/<submission_id>/number")
@allow("officer")
def number(submission_id: str) -> Answer | tuple[str, int]:
    """Record the official number of an accepted case."""
    case = require_case(submission_id)
    status = case_status(case.opened)
    typed = request.form.get("official_no", "")
    press = CaseRequest(submission_id, status.seen, sitting().person.code)
    if _is_stale(press):
        return redirect(case.access.url(_moved(case, "numbered")), 303)
    try:
        is_done = deciding.record_official_no(context(), press, typed)
    except InvalidDecision as error:
        page = render("officer/number.html", back=case.access.url(), case=status, typed=typed, errors=error.errors)
        return page, UNPROCESSABLE
    return redirect(case.access.url("number" if is_done else _moved(case, "numbered")), 303)


def _kind(act: str) -> DecisionKind:
    for kind in TITLES:
        if kind == act:
            return kind
    raise NotFound


def _page(case: CurrentCase, kind: DecisionKind, typed: Typed, errors: Mapping[str, str] | None = None) -> str:
    now = context().clock.now()
    title, press = TITLES[kind]
    if case.opened.procedure.has_police_receipts and kind in PRINTED_BY_POLICE:
        press = "Ghi, Công an cấp phiếu"
    terms = deadlines.terms(context(), case.opened.procedure, case.opened.answers, now)
    return render(
        "officer/decide.html",
        back=case.access.url(),
        panel=panel(),
        case=case_status(case.opened),
        sheet=DecisionForm(act=kind, title=title, press=press, typed=typed, errors=errors or {}),
        applicant=_applicant(case),
        choices=tuple(TermChoice(str(term.no), term.text, due_date(term.due_at)) for term in terms),
        form=case.form,
        papers=_paper_choices(case.papers),
        open_points=open_points(case.papers.lacking, len(case.doubts)),
        lacking=case.papers.lacking,
        has_correction=kind == "accepted" and _has_open_correction(case),
        example_day=context().calendar.after(context().clock.today(), 2).strftime(DAY),
        money_question=_money_question(case, kind),
        is_result_ready=case.opened.submission.portal_code in RESULT_CODES,
        relations=case_summary.RELATION_LABELS,
        **fee_box_values(case.opened, case.handle),
        **transfer_targets(),
    )


def _has_open_correction(case: CurrentCase) -> bool:
    """Return whether this officer's correction of the case has changes that are not written yet."""
    box = correction_box(case)
    return box is not None and bool(box.differences or box.open_steps)


def _money_question(case: CurrentCase, kind: DecisionKind) -> str:
    """Return what the officer confirms about money before a decision ends the case; empty where nothing is open."""
    if kind not in ("handed_out", "refused"):
        return ""
    box = fee_box(case.opened)
    if kind == "refused":
        paid = sum(line.amount or 0 for line in box.lines if line.state == "paid")
        return f"Đã thu {money(paid)}. Đã nói người nộp nhận lại tiền, hoặc vì sao không trả lại." if paid else ""
    if not box.open:
        return ""
    due = "Lệ phí" if box.due is None else money(box.due)
    return f"{due} chưa thu. Vẫn trả kết quả, thu sau hoặc không thu."


def _applicant(case: CurrentCase) -> str:
    return case_summary.summarize_case(context(), case.opened, officer="", at=context().clock.now()).applicant


def _paper_choices(papers: CasePapers) -> tuple[PaperChoice, ...]:
    """Return the papers to ask for: chosen are those not seen, and after a post those that the officer chose."""
    lacking = {row.id for row in papers.rows if not (row.is_seen or row.is_optional)}
    chosen = set(request.form.getlist("paper")) if request.method == "POST" else lacking
    return tuple(
        PaperChoice(id=row.id, name=row.name, is_lacking=row.id in lacking, is_chosen=row.id in chosen)
        for row in papers.rows
    )


def _usual_answers(case: CurrentCase, kind: DecisionKind) -> Typed:
    """Return what an officer types in most cases."""
    today = context().clock.today()
    procedure = case.opened.procedure
    if kind == "accepted":
        terms = deadlines.terms(context(), procedure, case.opened.answers, context().clock.now())
        return {"term": str(terms[0].no) if terms else "day", "sets": "1", "place": "counter"}
    if kind == "supplement":
        return {"lines": "\n".join(case.doubts), "reason": MISSING_PAPERS}
    if kind == "extended":
        due_at = case.opened.submission.desk_due_at
        before = clock.local(due_at).date() if due_at else today
        return {"due_on": context().calendar.after(max(before, today), 1).strftime(DAY)}
    if kind == "stopped":
        return {"asked_on": today.strftime(DAY), "reason": STOP_REQUEST, "stage": STAGE}
    if kind == "handed_out":
        short = procedure.short.vi
        return {"what": f"Kết quả {short[:1].lower()}{short[1:]}"}
    return {}


def parse_day(text: str) -> date | None:
    """Return a typed day, as 27/11/2026, or as 27-11 in the nearest year; None for anything else."""
    today = context().clock.today()
    parts = re.split(r"[/.\s-]+", text.strip())
    if len(parts) not in (2, 3):
        return None
    years = [parts[2]] if len(parts) == 3 else [str(today.year + step) for step in (-1, 0, 1)]
    parsed = [calendar.read_date(parts[0], parts[1], year) for year in years]
    days = [date.fromisoformat(day) for day in parsed if isinstance(day, str)]
    near = [day for day in days if abs((day - today).days) <= FARTHEST]
    return min(near, key=lambda day: abs((day - today).days), default=None)


def _accept(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    term = form.get("term", "")
    sets = form.get("sets", "").strip()
    if term != "day" and form.get("due_on", "").strip():
        raise InvalidDecision(
            {"due": "Đã gõ một ngày mà đang chọn thời hạn. Chọn “Hẹn ngày khác”, hoặc xóa ngày đã gõ."}
        )
    acceptance = deciding.AcceptanceInput(
        term=int(term) if term.isascii() and term.isdigit() and len(term) < 3 else None,
        due_on=parse_day(form.get("due_on", "")),
        official_no=form.get("official_no", "")[:80],
        sets=int(sets) if sets.isascii() and sets.isdigit() and len(sets) < 4 else None,
        place=form.get("place", ""),
    )
    return deciding.accept(context(), press, acceptance)


def _request_supplement(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    supplement = deciding.SupplementInput(
        papers=tuple(form.getlist("paper")),
        lines=tuple(form.get("lines", "").splitlines()),
        reason=form.get("reason", ""),
    )
    return deciding.request_supplement(context(), press, supplement)


def _refuse(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    return deciding.refuse(context(), press, form.get("reason", ""))


def _extend(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    due_on = parse_day(form.get("due_on", ""))
    return deciding.extend(context(), press, due_on=due_on, reason=form.get("reason", ""))


def _stop(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    stopping = deciding.StopInput(
        asked_on=parse_day(form.get("asked_on", "")),
        reason=form.get("reason", ""),
        stage=form.get("stage", ""),
        returned=form.get("returned", ""),
    )
    return deciding.stop(context(), press, stopping)


def _hand_out(press: CaseRequest, form: "MultiDict[str, str]") -> Decision | None:
    handover = deciding.HandoverInput(
        what=form.get("what", ""), taken_by=form.get("taken_by", ""), relation=form.get("relation", "")
    )
    return deciding.hand_out(context(), press, handover)


_ACTS: Mapping[DecisionKind, Callable[[CaseRequest, "MultiDict[str, str]"], Decision | None]] = {
    "accepted": _accept,
    "supplement": _request_supplement,
    "refused": _refuse,
    "extended": _extend,
    "stopped": _stop,
    "handed_out": _hand_out,
}
