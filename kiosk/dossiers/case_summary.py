"""A case as its papers, pages and acts summarise it: whose it is, what was handed in, what is to be paid. Plain values.

The words of a decision are those of the moment of deciding, so that a second print says what the first one said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.errors import SealBroken
from kiosk.procedures import journey, kinds
from kiosk.procedures.model import Field, Step
from kiosk.records import decisions
from kiosk.records.decisions import Decision
from kiosk.records.inspections import Inspection
from kiosk.vietnam import viet_text

DecisionWords = Mapping[str, Any]
RELATION_LABELS = {"self": "chính người nộp", "proxy": "người được ủy quyền", "kin": "người thân"}
RESULT_PLACE_LABELS = {"counter": "quầy của Trung tâm", "post": "bưu chính, gửi về địa chỉ trên", "online": "trực tuyến"}


@dataclass(frozen=True)
class ReceivedPaper:
    """A paper that was handed in; `kind` is "bản chính", "bản sao" or "bản điện tử"."""

    name: str
    kind: str
    count: int = 1


@dataclass(frozen=True)
class CaseSummary:
    """A case at the desk; `at` is the aware time of the act.

    `official_no` is the city's number, "" until it is known: none is made up here. `id_number` comes whole and is
    masked on paper.
    """

    config: Config
    receipt_no: str
    official_no: str
    procedure: str
    applicant: str
    id_number: str
    address: str
    phone: str
    email: str
    officer: str
    at: datetime


def decision_words(context: Context, decision: Decision) -> dict[str, Any] | None:
    """Return the sealed words of an act; None once they were wiped."""
    with context.store.read() as db:
        sealed = decisions.detail(db, decision.id)
    if sealed is None:
        return None
    try:
        return dict(json.loads(context.vault.open(decisions.DETAIL, decision.id, sealed)))
    except SealBroken:
        return None


def summarize_case(context: Context, opened: OpenedSubmission, officer: str, at: datetime) -> CaseSummary:
    """Return a submission as the official papers have it."""
    found = opened.submission
    step = _step(opened)
    fills = step.person.fills if step and step.person else {}
    return CaseSummary(
        context.config,
        found.receipt_no,
        found.desk_official_no or found.official_no or "",
        opened.procedure.short.vi,
        viet_text.proper(str(opened.applicant.get("fullName", ""))),
        str(opened.applicant.get("idNumber", "")),
        _written(opened, opened.procedure.by_key.get(fills.get("residence", ""))),
        _first(opened, step, "phone"),
        _first(opened, step, "email"),
        officer,
        at,
    )


def papers_received(opened: OpenedSubmission, marked: Mapping[str, Inspection]) -> list[list[Any]]:
    """List what was handed in, [name, kind, count], as the desk has ticked it; the form itself comes first."""
    found: list[list[Any]] = []
    if opened.procedure.declaration is not None:
        found.append([opened.procedure.declaration.title.capitalize(), "bản chính", 1])
    for one in checklist.papers_needed(opened.procedure, opened.answers, opened.submission.day):
        how = marked.get(one.id)
        if how is None or one.kind == "ghi_to_khai" or not (how.is_seen or how.is_copied):
            continue
        stays = "bản chính" if one.kind == "nop" else "xem, trả lại"
        found.append([one.name.vi, "bản sao" if how.is_copied else stays, 1])
    return found


def fee_summary(opened: OpenedSubmission) -> str:
    """Return what is to be paid in one line, as form 01 prints it; "" where no fee applies."""
    due = checklist.fees_due(opened.procedure, opened.answers, opened.submission.day)
    lines = [checklist.fee_line(fee, opened.answers) for fee in due]
    summary = "; ".join(line.label + line.amount for line in lines)
    return summary[:1].upper() + summary[1:]


def _step(held: OpenedSubmission) -> Step | None:
    """The page of who applies; where somebody helps who is no person of the form, it is the first person's matter."""
    first = next((step for step in held.procedure.steps if step.person), None)
    return journey.applicant_step(held.procedure, held.answers, held.submission.day) or first


def _first(held: OpenedSubmission, step: Step | None, kind: str) -> str:
    near = [held.procedure.by_key[key] for key in step.fields] if step else []
    found = (_written(held, item) for item in [*near, *held.procedure.fields] if item.kind == kind)
    return next(filter(None, found), "")


def _written(held: OpenedSubmission, item: Field | None) -> str:
    value = held.answers.get(item.key) if item else None
    return kinds.of(item).on_paper(item, value) if item and value not in (None, "", [], {}) else ""
