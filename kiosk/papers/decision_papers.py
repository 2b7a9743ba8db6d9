"""Official papers of decisions, as PDF: the case and the words stored with the decision.

The official number is the newest one, not the one at the time of the decision. Form 01 exists only with a number; until
then a provisional paper of the ward's own names the receipt number.
"""

from collections.abc import Mapping

from kiosk.context import Context
from kiosk.dossiers.case_summary import decision_words, summarize_case
from kiosk.dossiers.opened import open_submission
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, staff, submissions
from kiosk.records.decisions import DecisionKind
from printers.sheet import Sheet

PAPER_NAMES: Mapping[DecisionKind, str] = {
    "accepted": "Giấy tiếp nhận",
    "supplement": "Phiếu bổ sung",
    "refused": "Phiếu từ chối",
    "extended": "Văn bản xin lỗi",
    "stopped": "Thông báo dừng",
    "handed_out": "Phiếu giao nhận",
}
"""Names of the papers, as officers call them."""
PROVISIONAL = "Giấy tiếp nhận tạm"
"""The paper of an acceptance whose official number is not known yet."""


def paper_name(procedure: Procedure, kind: DecisionKind, *, has_number: bool) -> str:
    """Return the name of a decision's paper; empty where the kiosk prints none.

    The police print their receipts from their own system.
    """
    if procedure.has_police_receipts:
        return ""
    if kind == "accepted" and not has_number:
        return PROVISIONAL
    return PAPER_NAMES.get(kind, "")


def pdf(context: Context, decision_id: str) -> bytes | None:
    """Return the paper of a decision as PDF; None as for `sheets`."""
    composed = sheets(context, decision_id)
    if not composed:
        return None
    from printers.render.pdf import render_sheet  # imports the layout, which would slow down the start

    return render_sheet(*composed)


def sheets(context: Context, decision_id: str) -> tuple[Sheet, ...]:
    """Return the sheets of a decision's paper.

    Empty when it has none (`paper_name`), its words were wiped, or the decision was undone.
    """
    with context.store.read() as db:
        decision = decisions.find(db, decision_id)
        newest = submissions.by_receipt(db, decision.receipt_no) if decision else None
        people = staff.names(db)
    if decision is None or newest is None or decision.undone_at is not None:
        return ()
    opened = open_submission(context, newest.id)
    words = decision_words(context, decision)
    if opened is None or words is None:
        return ()
    officer = people.get(decision.actor, decision.actor)
    case = summarize_case(context, opened, officer=officer, at=decision.at)
    if not paper_name(opened.procedure, decision.kind, has_number=bool(case.official_no)):
        return ()
    from kiosk.papers.forms.issued import COMPOSERS  # imports the A5 layout, which would slow down the start

    return COMPOSERS[decision.kind](case, decision, words)
