"""What the desk decided, as official papers: a case composed from a submission and the words kept with the decision.

The words are those of the moment of deciding, so that a second print says what the first one said; only the official
number is the newest that is known. Form 01 exists only once it is.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.context import Context
from kiosk.dossiers.opened import Opened, open_submission
from kiosk.errors import SealBroken
from kiosk.papers import checklist
from kiosk.papers.forms.case import Case
from kiosk.procedures import journey, kinds
from kiosk.procedures.model import Field, Step
from kiosk.records import decisions, staff, submissions
from kiosk.records.decisions import Decision, Kind
from kiosk.records.inspections import Inspection
from kiosk.vietnam import viet_text

Words = Mapping[str, Any]
RELATIONS = {"self": "chính người nộp", "proxy": "người được ủy quyền", "kin": "người thân"}
RESULT_AT = {"counter": "quầy của Trung tâm", "post": "bưu chính, gửi về địa chỉ trên", "online": "trực tuyến"}
NAMES: Mapping[Kind, str] = {
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
    held, told = open_submission(context, newest.id), words(context, found)
    if held is None or told is None:
        return None
    case = case_of(context, held, people.get(found.actor, found.actor), found.at)
    if found.kind == "accepted" and not case.official_no:
        return None
    from kiosk.papers.forms.issued import SHEETS  # lays out A5: no start waits for it

    return SHEETS[found.kind](case, found, told)


def words(context: Context, decision: Decision) -> dict[str, Any] | None:
    """Return the sealed words of an act; None once they were wiped."""
    with context.store.read() as db:
        sealed = decisions.detail(db, decision.id)
    if sealed is None:
        return None
    try:
        return dict(json.loads(context.vault.open(decisions.DETAIL, decision.id, sealed)))
    except SealBroken:
        return None


def case_of(context: Context, held: Opened, officer: str, at: datetime) -> Case:
    """Return a submission as the official papers have it."""
    found = held.submission
    step = _step(held)
    fills = step.person.fills if step and step.person else {}
    return Case(
        context.config,
        found.receipt_no,
        found.desk_official_no or found.official_no or "",
        held.procedure.short.vi,
        viet_text.proper(str(held.applicant.get("fullName", ""))),
        str(held.applicant.get("idNumber", "")),
        _written(held, held.procedure.by_key.get(fills.get("residence", ""))),
        _first(held, step, "phone"),
        _first(held, step, "email"),
        officer,
        at,
    )


def handed(held: Opened, marked: Mapping[str, Inspection]) -> list[list[Any]]:
    """List what was handed in, [name, kind, count], as the desk has ticked it; the form itself comes first."""
    found: list[list[Any]] = []
    if held.procedure.declaration is not None:
        found.append([held.procedure.declaration.title.capitalize(), "bản chính", 1])
    for one in checklist.papers(held.procedure, held.answers, held.submission.day):
        how = marked.get(one.id)
        if how is None or one.kind == "ghi_to_khai" or not (how.is_seen or how.is_copied):
            continue
        stays = "bản chính" if one.kind == "nop" else "xem, trả lại"
        found.append([one.name.vi, "bản sao" if how.is_copied else stays, 1])
    return found


def fees(held: Opened) -> str:
    """Return what is to be paid in one line; nothing where no fee applies."""
    texts = checklist.fees(held.procedure, held.answers, held.submission.day)
    runs = texts[0].text if texts else ()
    told = runs if isinstance(runs, str) else "".join(run.text for run in runs)
    told = told.removeprefix("Lệ phí: ").removesuffix(".")
    return told[:1].upper() + told[1:]


def _step(held: Opened) -> Step | None:
    """The page of who applies; where somebody helps who is no person of the form, it is the first person's matter."""
    first = next((step for step in held.procedure.steps if step.person), None)
    return journey.applicant(held.procedure, held.answers, held.submission.day) or first


def _first(held: Opened, step: Step | None, kind: str) -> str:
    near = [held.procedure.by_key[key] for key in step.fields] if step else []
    found = (_written(held, item) for item in [*near, *held.procedure.fields] if item.kind == kind)
    return next(filter(None, found), "")


def _written(held: Opened, item: Field | None) -> str:
    value = held.answers.get(item.key) if item else None
    return kinds.of(item).write(item, value) if item and value not in (None, "", [], {}) else ""
