"""Take a decision back: the strip that offers to undo it for some seconds, and the lead's form to reopen a case."""

import math
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import undoing
from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed
from kiosk.dossiers.decision_filing import CaseRequest, InvalidDecision, seconds_to_undo, to_reopen
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import CurrentCase, find_access, require_case
from kiosk.pages.officer.case.status import case_status
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import decisions
from kiosk.records.decisions import Decision, DecisionKind

UNPROCESSABLE = 422
DECIDED: dict[DecisionKind, str] = {
    "accepted": "Đã tiếp nhận",
    "supplement": "Đã yêu cầu bổ sung",
    "refused": "Đã từ chối tiếp nhận",
    "extended": "Đã hẹn lại ngày trả",
    "stopped": "Đã dừng giải quyết",
    "handed_out": "Đã trả kết quả",
    "reopened": "Đã mở lại hồ sơ",
}
HANDED_OUT_AT_ONCE = "Đã tiếp nhận, đã trả kết quả"
"""A handing out that accepted the case in the same press: both are undone."""


@dataclass(frozen=True)
class UndoOffer:
    """A decision that the officer can still undo: what and when, the whole seconds left, and its case."""

    decision_id: str
    words: str
    at: str
    seconds: int
    receipt_no: str
    is_told: bool
    """Its event goes to a portal when the seconds are over."""


def undo_offer() -> UndoOffer | None:
    """Return the officer's last decision that can still be undone; None where there is none."""
    with context().store.read() as db:
        decision = decisions.last_to_undo(db, sitting().person.code, context().clock.monotonic())
        seconds = seconds_to_undo(db, context(), decision) if decision else 0.0
    if decision is None or not seconds:
        return None
    return UndoOffer(
        decision_id=decision.id,
        words=HANDED_OUT_AT_ONCE if "with" in decision.facts else DECIDED.get(decision.kind, decision.kind),
        at=f"{clock.local(decision.at).hour}:{clock.local(decision.at):%M}",
        seconds=math.ceil(seconds),
        receipt_no=decision.receipt_no,
        is_told=decision.delivery is not None,
    )


@officer.post("/decision/<decision_id>/undo")
@allow("officer")
def undo(decision_id: str) -> Answer:
    """Undo a decision of this officer, or of the case that is open here."""
    with context().store.read() as db:
        decision = decisions.find(db, decision_id)
    access = find_access(decision.submission_id) if decision else None
    if decision is None or (access is None and decision.actor != sitting().person.code):
        raise NotAllowed
    undone = undoing.undo(context(), decision_id, sitting().person.code)
    message = "undone" if undone else "left"
    return redirect(access.url(message) if access else url_for("officer.desk", said=message), 303)


@officer.get("/case/<submission_id>/reopen")
@allow("lead")
def reopen(submission_id: str) -> Answer | str:
    """Ask the lead why a case is reopened; the case instead where there is nothing to take back."""
    case = require_case(submission_id)
    return _reopen_page(case) or redirect(case.access.url("moved"), 303)


@officer.post("/case/<submission_id>/reopen")
@allow("lead")
def reopen_case(submission_id: str) -> Answer | tuple[str, int]:
    """Reopen a case, or show the form again with its error."""
    case = require_case(submission_id)
    seen = request.form.get("seen", "")
    typed = request.form.get("reason", "")
    press = CaseRequest(submission_id, codes.parse_number(seen), sitting().person.code)
    try:
        decision = undoing.reopen(context(), press, typed)
    except InvalidDecision as error:
        page = _reopen_page(case, typed=typed, error=error.errors["reason"])
        return (page, UNPROCESSABLE) if page else redirect(case.access.url("moved"), 303)
    return redirect(case.access.url("reopened" if decision else "moved"), 303)


def _reopen_page(case: CurrentCase, typed: str = "", error: str = "") -> str:
    """Return the form; empty where nothing can be taken back."""
    status = case_status(case.opened)
    last = last_to_reopen(case)
    if last is None:
        return ""
    return render(
        "officer/reopen.html",
        back=case.access.url(),
        case=status,
        words=DECIDED[last.kind],
        at=f"{clock.local(last.at):%H:%M, %d/%m/%Y}",
        receipt_no=case.opened.submission.receipt_no,
        procedure=case.opened.procedure.short.vi,
        seen=request.form.get("seen") or status.seen,
        typed=typed,
        error=error,
    )


def last_to_reopen(case: CurrentCase) -> Decision | None:
    """Return the decision that the lead can take back: the last one, when it can no longer be undone."""
    with context().store.read() as db:
        last = to_reopen(decisions.of_case(db, case.opened.submission.receipt_no))
        return None if last is None or seconds_to_undo(db, context(), last) else last
