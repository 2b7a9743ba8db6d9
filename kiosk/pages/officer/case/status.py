"""Status of a case as the desk shows it: state, due date, history, delivery to the portal, decisions that may follow.

The portal's own words may quote an answer, so only a page of an opened case shows this status.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

import sync.outbox
from kiosk.acts import deciding
from kiosk.acts.refusals import WithdrawalReason
from kiosk.base import clock
from kiosk.base.errors import SealBroken
from kiosk.dossiers import case_summary, deadlines, status_labels
from kiosk.dossiers.decision_filing import seconds_to_undo, to_reopen
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import context
from kiosk.pages.delivery_log import EVENT_NAMES, LogEntry, entries, field_name
from kiosk.pages.officer.case.message_box import MessageBox, message_box
from kiosk.pages.officer.case.refusal_words import refusal_words
from kiosk.papers import decision_papers
from kiosk.portal import delivery
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, refusals, staff
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.refusals import Refusal
from kiosk.records.submissions import DeskState, Submission
from kiosk.vietnam.calendar import short_time

DONE: dict[DecisionKind, str] = {
    "accepted": "Tiếp nhận, hẹn {due}",
    "supplement": "Yêu cầu bổ sung {count} điều",
    "refused": "Từ chối tiếp nhận",
    "extended": "Xin lỗi, hẹn lại {due}",
    "stopped": "Dừng giải quyết",
    "handed_out": "Trả kết quả cho {who}",
    "reopened": "Mở lại: {what}",
}
REOPENED = {
    "accepted": "bỏ lần tiếp nhận",
    "supplement": "bỏ yêu cầu bổ sung",
    "refused": "bỏ lần từ chối",
    "extended": "bỏ lần hẹn lại",
    "stopped": "giải quyết tiếp",
    "handed_out": "bỏ lần trả kết quả",
}
"""Kind of the cancelled decision -> words for its reopening."""
WITHDRAWAL_REASONS: Mapping[WithdrawalReason, str] = {
    "paper": "Làm trên giấy",
    "other_system": "Đã làm ở hệ thống khác",
    "twice": "Trùng một tờ đã gửi",
    "asked": "Người nộp xin rút hồ sơ",
}
PortalWords = tuple[tuple[str, str], ...]
"""The portal's objections as (field, words)."""


@dataclass(frozen=True)
class DecisionButton:
    """A button of the decision bar."""

    act: DecisionKind
    words: str
    icon: str


BUTTONS: dict[DecisionKind, DecisionButton] = {
    "accepted": DecisionButton("accepted", "Tiếp nhận", "check"),
    "handed_out": DecisionButton("handed_out", "Trả kết quả", "hand-in"),
    "supplement": DecisionButton("supplement", "Yêu cầu bổ sung", "list"),
    "refused": DecisionButton("refused", "Từ chối", "cross"),
    "extended": DecisionButton("extended", "Xin lỗi, hẹn lại", "calendar"),
    "stopped": DecisionButton("stopped", "Dừng giải quyết", "minus"),
}


@dataclass(frozen=True)
class PastDecision:
    """A decision in the history of a case; `paper` is the title of its paper, empty where none can be printed."""

    id: str
    words: str
    by: str
    paper: str
    trouble: str


@dataclass(frozen=True)
class DueDate:
    """A due date in words; `is_certain` is False while the holidays of its year are not announced."""

    words: str
    is_certain: bool
    is_late: bool = False


@dataclass(frozen=True)
class ReturnedPart:
    """A form or desk event that the portal refused, with the portal's words."""

    subject: str
    title: str
    at: str
    code: str
    words: PortalWords
    reasons: tuple[tuple[str, str], ...] = tuple(WITHDRAWAL_REASONS.items())


@dataclass(frozen=True)
class CaseStatus:
    """Status of a case; `seen` is the number of decisions that the page shows.

    `portal` is the state at the portal, `note` what the portal wrote to it.
    """

    submission_id: str
    seen: int
    state: DeskState
    words: str
    due: DueDate | None
    official_no: str
    has_paper: bool
    has_police_receipts: bool
    portal: str
    note: str
    buttons: tuple[DecisionButton, ...]
    history: tuple[PastDecision, ...]
    may_reopen: bool
    """The last decision can be taken back by the lead: it can no longer be undone."""
    may_be_numbered: bool
    """The official number can be typed or corrected."""
    details: tuple[str, ...]
    """The last decision's own words: the papers asked for, the reason, or who took the result."""
    returned: tuple[ReturnedPart, ...] = ()
    messages: MessageBox | None = None
    deliveries: tuple[tuple[LogEntry, PortalWords], ...] = ()
    """Attempts to send the form, each with the portal's words."""


def case_status(opened: OpenedSubmission) -> CaseStatus:
    """Return the status of a case."""
    submission = opened.submission
    with context().store.read() as db:
        made = decisions.of_case(db, submission.receipt_no)
        seen = decisions.count(db, submission.receipt_no)
        names = staff.names(db)
        history = tuple(_past_decision(db, decision, opened, names=names) for decision in made)
        returned = returned_parts(db, submission)
        deliveries = _deliveries(db, submission)
        last = to_reopen(made)
        messages = message_box(db, opened)
        may_reopen = last is not None and not seconds_to_undo(db, context(), last)
    return CaseStatus(
        submission_id=submission.id,
        seen=seen,
        state=submission.desk,
        words=status_labels.desk_label(submission),
        due=_due_date(opened),
        official_no=submission.desk_official_no or "",
        has_paper=bool(submission.desk_official_no or submission.official_no),
        has_police_receipts=opened.procedure.has_police_receipts,
        portal=_portal_state(submission),
        note=delivery.portal_note(context(), submission.id),
        buttons=tuple(button for kind, button in BUTTONS.items() if submission.desk in decisions.MAY_FOLLOW[kind]),
        history=history,
        may_reopen=may_reopen,
        may_be_numbered=submission.desk in deciding.MAY_BE_NUMBERED,
        details=_details(made[-1]) if made else (),
        returned=returned,
        messages=messages,
        deliveries=deliveries,
    )


def open_points(lacking: int, doubt_count: int) -> str:
    """Return in words what to check before accepting: papers not seen, doubts. None of it forbids accepting."""
    points = []
    if lacking:
        points.append(f"còn {lacking} giấy chưa xem")
    if doubt_count:
        points.append(f"{doubt_count} chỗ nên hỏi lại")
    if not points:
        return "Đủ giấy, không có chỗ nào phải hỏi lại."
    words = ", ".join(points)
    return f"{words[:1].upper()}{words[1:]}. Vẫn tiếp nhận được."


def due_date(at: datetime, *, is_open: bool = True) -> DueDate:
    """Return a due time in words; it can be late only while the case is open."""
    local = clock.local(at)
    now = clock.local(context().clock.now())
    words = f"hôm nay, trước {local.hour}:{local:%M}" if local.date() == now.date() else deadlines.due_text(at)
    return DueDate(words=words, is_certain=context().calendar.is_certain(local.date()), is_late=is_open and local < now)


def returned_parts(db: Database, submission: Submission) -> tuple[ReturnedPart, ...]:
    """Return the parts of a case that the portal refused: its form, then desk events."""
    parts = []
    if submission.delivery == "quarantined":
        parts.append(_returned_part(db, submission, subject=submission.id, title="Cổng không nhận tờ khai này"))
    for decision in decisions.quarantined_of(db, submission.receipt_no):
        title = f"Cổng không nhận việc “{event_title(decision)}”"
        parts.append(_returned_part(db, submission, subject=decision.id, title=title))
    return tuple(parts)


def event_title(decision: Decision) -> str:
    """Return the name of a desk event as a title."""
    return EVENT_NAMES.get(decision.kind, decision.kind).capitalize()


def _due_date(opened: OpenedSubmission) -> DueDate | None:
    """Return the due date; before acceptance, the one that accepting now would give."""
    submission = opened.submission
    if submission.desk_due_at:
        return due_date(submission.desk_due_at, is_open=submission.desk == "accepted")
    terms = deadlines.terms(context(), opened.procedure, opened.answers, context().clock.now())
    return due_date(terms[0].due_at) if terms and submission.desk in ("waiting", "supplement") else None


def _portal_state(submission: Submission) -> str:
    """Return the state at the portal and when it came, with the portal's number and due date where they differ."""
    if not submission.portal_code or submission.portal_at is None:
        return ""
    if label := status_labels.system_label(submission):
        has_other_due = submission.due_at and submission.due_at != submission.desk_due_at
        due = f", hẹn {clock.local(submission.due_at):%H:%M %d/%m/%Y}" if submission.due_at and has_other_due else ""
        return f"{label}{due}."
    facts = [status_labels.PORTAL_LABELS[submission.portal_code]]
    if submission.official_no and submission.official_no != submission.desk_official_no:
        facts.append(f"mã hồ sơ {submission.official_no}")
    if submission.due_at and submission.due_at != submission.desk_due_at:
        facts.append(f"hẹn {clock.local(submission.due_at):%H:%M %d/%m/%Y}")
    return f"Theo cổng lúc {_time_and_day(submission.portal_at)}: {', '.join(facts)}."


def _past_decision(
    db: Database, decision: Decision, opened: OpenedSubmission, names: Mapping[str, str]
) -> PastDecision:
    due = str(decision.facts.get("due") or "")
    papers = [paper for paper in str(decision.facts.get("papers") or "").split(",") if paper]
    has_number = bool(opened.submission.desk_official_no or opened.submission.official_no)
    return PastDecision(
        id=decision.id,
        words=DONE.get(decision.kind, decision.kind).format(
            due=f"{clock.local(clock.parse_timestamp(due)):%d/%m/%Y}" if due else "",
            count=len(papers) + int(decision.facts.get("lines") or 0),
            who=case_summary.RELATION_LABELS.get(str(decision.facts.get("relation")), ""),
            what=REOPENED.get(str(decision.facts.get("kind")), ""),
        ),
        by=f"{names.get(decision.actor, decision.actor)}, {_time_and_day(decision.at)}",
        paper=decision_papers.paper_name(opened.procedure, decision.kind, has_number=has_number),
        trouble=_trouble(db, decision),
    )


def _details(decision: Decision) -> tuple[str, ...]:
    words = case_summary.decision_words(context(), decision) or {}
    if decision.kind == "supplement":
        return tuple(words.get("items", ()))
    return tuple(filter(None, [str(words.get("reason") or words.get("taken_by") or "")]))


def _trouble(db: Database, decision: Decision) -> str:
    """Return class and code of the portal's refusal of a desk event; empty where it was not refused."""
    status = sync.outbox.status_of(db, decision.id) if decision.delivery == "quarantined" else None
    if status is None:
        return ""
    return f"Cổng không nhận việc này ({refusal_words(status.last_class, status.last_code)}). Xem ở trên."


def _returned_part(db: Database, submission: Submission, subject: str, title: str) -> ReturnedPart:
    status = sync.outbox.status_of(db, subject)
    return ReturnedPart(
        subject=subject,
        title=title,
        at=short_time(status.updated, context().clock.today()) if status else "",
        code=refusal_words(status.last_class, status.last_code) if status else "",
        words=_portal_words(submission, refusals.last(db, subject)),
    )


def _deliveries(db: Database, submission: Submission) -> tuple[tuple[LogEntry, PortalWords], ...]:
    """Return the attempts to send a form, oldest first, each with the portal's words."""
    status = sync.outbox.status_of(db, submission.id)
    if status is None:
        return ()
    by_attempt = {refusal.attempt: refusal for refusal in refusals.of(db, submission.id)}
    return tuple(
        (entry, _portal_words(submission, by_attempt.get(entry.no))) for entry in entries(context(), db, status)
    )


def _portal_words(submission: Submission, refusal: Refusal | None) -> PortalWords:
    """Decrypt the portal's objections, each field as the form calls it."""
    if refusal is None or refusal.words is None:
        return ()
    try:
        objections = json.loads(context().vault.open(refusals.MESSAGES, refusal.subject, refusal.words))
    except SealBroken:
        return (("", "Không đọc được thông báo của cổng."),)
    procedure = procedure_of(submission)
    return tuple(
        (field_name(objection["pointer"], procedure), objection["message"] or objection["code"])
        for objection in objections
    )


def procedure_of(submission: Submission) -> Procedure | None:
    """Return the procedure of a submission in the version of then; None where the catalogue has it no more."""
    return context().catalogue.version(submission.procedure, submission.version)


def _time_and_day(at: datetime) -> str:
    return f"{clock.local(at):%H:%M %d/%m}"
