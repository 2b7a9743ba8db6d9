"""Summary of a case in plain values, for papers, pages and acts: applicant, papers received, fees.

The detail of a decision is stored when it is made, so that a second print has the text of the first one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.base.errors import SealBroken
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import applicant, checklist
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import kinds
from kiosk.procedures.answers import is_empty
from kiosk.procedures.model import Field, FormStep, PaperToBring
from kiosk.procedures.printed_forms import needed_forms
from kiosk.records import decisions
from kiosk.records.decisions import Decision
from kiosk.records.inspections import Inspection
from kiosk.vietnam import viet_text

DecisionWords = Mapping[str, Any]
"""Detail of a decision, decrypted."""
RELATION_LABELS = {"self": "chính người nộp", "proxy": "người được ủy quyền", "kin": "người thân"}
RESULT_PLACE_LABELS = {
    "counter": "quầy của Trung tâm",
    "post": "bưu chính, gửi về địa chỉ trên",
    "online": "trực tuyến",
}


@dataclass(frozen=True)
class ReceivedPaper:
    """A paper that the applicant handed in; `kind` is "bản chính", "bản sao" or "bản điện tử"."""

    name: str
    kind: str
    count: int = 1


@dataclass(frozen=True)
class CaseSummary:
    """Values of a case that official papers print; `at` is the aware time of the act.

    `official_no` is the city's number, empty until it is known: the kiosk makes none up. Papers mask `id_number`; here
    it is whole.
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
    """Return the decrypted detail of a decision; None once it was wiped."""
    with context.store.read() as db:
        sealed = decisions.detail(db, decision.id)
    if sealed is None:
        return None
    try:
        return dict(json.loads(context.vault.open(decisions.DETAIL, decision.id, sealed)))
    except SealBroken:
        return None


def summarize_case(context: Context, opened: OpenedSubmission, officer: str, at: datetime) -> CaseSummary:
    """Return the summary of a submission's case."""
    submission = opened.submission
    step = applicant.page_or_first(opened.procedure, opened.answers, submission.day)
    fills = step.person.fills if step and step.person else {}
    return CaseSummary(
        config=context.config,
        receipt_no=submission.receipt_no,
        official_no=submission.desk_official_no or submission.official_no or "",
        procedure=opened.procedure.short.vi,
        applicant=viet_text.title_case(str(opened.applicant.get("fullName", ""))),
        id_number=str(opened.applicant.get("idNumber", "")),
        address=_answer_text(opened, opened.procedure.by_key.get(fills.get("residence", ""))),
        phone=_first_of_kind(opened, step, "phone"),
        email=_first_of_kind(opened, step, "email"),
        officer=officer,
        at=at,
    )


def papers_received(opened: OpenedSubmission, inspected: Mapping[str, Inspection]) -> list[list[Any]]:
    """Return [name, kind, count] of the papers that the desk has ticked; the printed forms are the first."""
    forms = needed_forms(opened.procedure, opened.answers, opened.submission.day)
    received: list[list[Any]] = [[form.title.capitalize(), "bản chính", 1] for form in forms]
    for paper in checklist.papers_needed(opened.procedure, opened.answers, opened.submission.day):
        inspection = inspected.get(paper.id)
        if inspection is None or paper.kind == "ghi_to_khai" or not (inspection.is_seen or inspection.is_copied):
            continue
        received.append([paper.name.vi, _kind_received(paper, inspection), inspection.count])
    return received


def _kind_received(paper: PaperToBring, inspection: Inspection) -> str:
    """Return the kind of a received paper, as form 01 names it: a paper that is asked for as a copy is no original."""
    if paper.kind != checklist.HANDED_IN:
        return "bản sao" if inspection.is_copied else "xem, trả lại"
    return "bản sao" if paper.copy or inspection.is_copied else "bản chính"


def fee_summary(opened: OpenedSubmission) -> str:
    """Return the fees in one line, as form 01 prints them; empty where no fee applies."""
    due = checklist.fees_due(opened.procedure, opened.answers, opened.submission.day)
    lines = [checklist.fee_line(fee, opened.answers) for fee in due]
    summary = "; ".join(line.label + line.amount for line in lines)
    return summary[:1].upper() + summary[1:]


def _first_of_kind(opened: OpenedSubmission, step: FormStep | None, kind: str) -> str:
    """Return the first answer of a kind of question, those of the applicant's page before the others."""
    own_fields = [opened.procedure.by_key[key] for key in step.fields] if step else []
    fields = [item for item in [*own_fields, *opened.procedure.fields] if item.kind == kind]
    return next(filter(None, (_answer_text(opened, item) for item in fields)), "")


def _answer_text(opened: OpenedSubmission, item: Field | None) -> str:
    value = opened.answers.get(item.key) if item else None
    return kinds.of(item).on_paper(item, value) if item and not is_empty(value) else ""
