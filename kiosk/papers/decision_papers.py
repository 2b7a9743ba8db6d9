"""The official papers of the desk's decisions, as PDF: a case and the words that were kept with the decision.

Only the official number is the newest that is known; form 01 exists only once there is one.
"""

from collections.abc import Mapping

from kiosk.context import Context
from kiosk.dossiers.case_summary import decision_words, summarize_case
from kiosk.dossiers.opened import open_submission
from kiosk.records import decisions, staff, submissions
from kiosk.records.decisions import DecisionKind

NAMES: Mapping[DecisionKind, str] = {
    "accepted": "Giấy hẹn",
    "supplement": "Phiếu bổ sung",
    "refused": "Phiếu từ chối",
    "extended": "Văn bản xin lỗi",
    "stopped": "Thông báo dừng",
    "handed_out": "Phiếu giao nhận",
}
"""What an officer calls the paper of an act."""


def pdf(context: Context, decision_id: str) -> bytes | None:
    """Return the paper of an act as PDF; None where there is none, its words were wiped, or the number is lacking."""
    with context.store.read() as db:
        found = decisions.find(db, decision_id)
        newest = submissions.by_receipt(db, found.receipt_no) if found else None
        people = staff.names(db)
    if found is None or newest is None or found.kind not in NAMES:
        return None
    held = open_submission(context, newest.id)
    told = decision_words(context, found)
    if held is None or told is None:
        return None
    case = summarize_case(context, held, people.get(found.actor, found.actor), found.at)
    if found.kind == "accepted" and not case.official_no:
        return None
    from kiosk.papers.forms.issued import SHEETS  # lays out A5: no start waits for it

    return SHEETS[found.kind](case, found, told)
