"""The case at the counter: how it stands, what the desk did with it, what may be done next, and its papers.

A case is named by its submission. It is opened only while its number stands at this officer's counter, or for ten
minutes after a look-up with a reason (`holding`); `opened_case` asks for every page that shows or decides one.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, url_for
from sqlite_utils import Database

import sync.outbox
from kiosk import clock
from kiosk.dossiers import case_summary, deadlines, status_labels
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.delivery_log import LogEntry
from kiosk.pages.officer import holding
from kiosk.pages.officer.blueprint import officer
from kiosk.pages.officer.returned import Returned, returned_of, way_of
from kiosk.papers import decision_papers
from kiosk.portal import delivery
from kiosk.records import decisions, staff
from kiosk.records.decisions import Decision, DecisionKind
from kiosk.records.submissions import DeskState, Submission

DONE: dict[DecisionKind, str] = {
    "accepted": "Tiếp nhận, hẹn {due}",
    "supplement": "Yêu cầu bổ sung {count} điều",
    "refused": "Từ chối tiếp nhận",
    "extended": "Xin lỗi, hẹn lại {due}",
    "stopped": "Dừng giải quyết",
    "handed_out": "Trả kết quả cho {who}",
}


@dataclass(frozen=True)
class Button:
    """An act of the decision bar."""

    act: DecisionKind
    words: str
    icon: str


BUTTONS: dict[DecisionKind, Button] = {
    "accepted": Button("accepted", "Tiếp nhận", "check"),
    "handed_out": Button("handed_out", "Trả kết quả", "hand-in"),
    "supplement": Button("supplement", "Yêu cầu bổ sung", "list"),
    "refused": Button("refused", "Từ chối", "cross"),
    "extended": Button("extended", "Xin lỗi, hẹn lại", "calendar"),
    "stopped": Button("stopped", "Dừng giải quyết", "minus"),
}


@dataclass(frozen=True)
class Past:
    """One act as the history tells it; `paper` is what its paper is called, empty while there is none to show."""

    id: str
    words: str
    by: str
    paper: str
    trouble: str


@dataclass(frozen=True)
class Due:
    """A due date in words; `is_certain` is False while the holidays of its year are not announced."""

    words: str
    is_certain: bool
    is_late: bool = False


@dataclass(frozen=True)
class Case:
    """A case as the desk shows it; `seen` counts the acts that this page knows of.

    `portal` is the portal's word on how it stands, `note` what it wrote.
    """

    submission_id: str
    seen: int
    state: DeskState
    words: str
    due: Due | None
    official_no: str
    has_paper: bool
    portal: str
    note: str
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    told: tuple[str, ...]
    """What the last act said: what was asked for, why, or who took the result."""
    returned: tuple[Returned, ...] = ()
    way: tuple[tuple[LogEntry, tuple[tuple[str, str], ...]], ...] = ()
    """What the portal did not take, and every attempt to hand the form over, with its words."""


@officer.get("/case/<submission_id>/paper/<decision_id>.pdf")
@for_("officer")
def case_paper(submission_id: str, decision_id: str) -> Response:
    """Show the paper of an act, to read and to print."""
    held = opened_case(submission_id)
    with context().store.read() as db:
        found = decisions.find(db, decision_id)
    if found is None or found.receipt_no != held.submission.receipt_no:
        raise NotFound("Hồ sơ này không có giấy ấy.", "This case has no such paper.")
    made = decision_papers.pdf(context(), decision_id)
    if made is None:
        raise NotFound(
            "Chưa in được giấy này. Giấy hẹn chỉ in khi đã ghi mã hồ sơ của thành phố.",
            "This paper cannot be printed yet. The appointment needs the city's number.",
        )
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def opened_case(submission_id: str) -> OpenedSubmission:
    """Return a case that this officer may act on now, at the counter or opened by look-up; NotAllowed for any other."""
    held = open_submission(context(), holding.held(submission_id).submission.id)
    if held is None:
        raise NotFound("Tờ khai này đã xóa khỏi máy.", "This form has been erased.")
    return held


def home(submission_id: str, said: str | None = None) -> str:
    """Return where a case is shown: at the desk, or on its own page where it was opened by look-up."""
    if holding.held(submission_id).opening:
        return url_for("officer.case", submission_id=submission_id, said=said)
    return url_for("officer.desk", said=said)


def case_of(held: OpenedSubmission) -> Case:
    """Return how a case stands."""
    found = held.submission
    with context().store.read() as db:
        listed, people = decisions.of_case(db, found.receipt_no), staff.names(db)
        past = tuple(_past(db, one, found, people) for one in listed)
        returned, way = returned_of(db, found), way_of(db, found)
    acts = [one for one in BUTTONS if found.desk in decisions.MAY_FOLLOW[one]]
    return Case(
        submission_id=found.id,
        seen=len(listed),
        state=found.desk,
        words=status_labels.desk_label(found),
        due=_due(held),
        official_no=found.desk_official_no or "",
        has_paper=bool(found.desk_official_no or found.official_no),
        portal=portal_words(found),
        note=delivery.portal_note(context(), found.id),
        buttons=tuple(BUTTONS[one] for one in acts),
        past=past,
        told=_told(listed[-1]) if listed else (),
        returned=returned,
        way=way,
    )


def hinders(lacking: int, doubts: int) -> str:
    """Say what an officer would still look at before accepting; nothing here forbids it."""
    told = [f"còn {lacking} giấy chưa xem"] if lacking else []
    told += [f"{doubts} chỗ nên hỏi lại"] if doubts else []
    if not told:
        return "Đủ giấy, không có chỗ nào phải hỏi lại."
    words = ", ".join(told)
    return f"{words[:1].upper()}{words[1:]}. Vẫn tiếp nhận được."


def portal_words(found: Submission) -> str:
    """Return what the portal last said of a case, and when; its number and due date are its own."""
    if not found.portal_code or found.portal_at is None:
        return ""
    told = [status_labels.PORTAL_LABELS[found.portal_code]]
    if found.official_no and found.official_no != found.desk_official_no:
        told.append(f"mã hồ sơ {found.official_no}")
    if found.due_at and found.due_at != found.desk_due_at:
        told.append(f"hẹn {clock.local(found.due_at):%H:%M %d/%m/%Y}")
    return f"Theo cổng lúc {_when(found.portal_at)}: {', '.join(told)}."


def due_of(at: datetime, *, is_open: bool = True) -> Due:
    """Return a due time in words; where the next year's holidays are not announced it says so."""
    here, local, now = context(), clock.local(at), clock.local(context().clock.now())
    words = f"hôm nay, trước {local.hour}:{local:%M}" if local.date() == now.date() else deadlines.due_text(at)
    return Due(words, here.calendar.is_certain(local.date()), is_open and local < now)


def _due(held: OpenedSubmission) -> Due | None:
    """When the result is due; before it was accepted, when it would be if it were accepted now."""
    found = held.submission
    if found.desk_due_at:
        return due_of(found.desk_due_at, is_open=found.desk == "accepted")
    listed = deadlines.terms(context(), held.procedure, context().clock.now())
    return due_of(listed[0].due_at) if listed and found.desk in ("waiting", "supplement") else None


def _past(db: Database, one: Decision, found: Submission, people: dict[str, str]) -> Past:
    due = str(one.facts.get("due") or "")
    papers = [name for name in str(one.facts.get("papers") or "").split(",") if name]
    words = DONE.get(one.kind, one.kind).format(
        due=f"{clock.local(clock.parse_timestamp(due)):%d/%m/%Y}" if due else "",
        count=len(papers) + int(one.facts.get("lines") or 0),
        who=case_summary.RELATION_LABELS.get(str(one.facts.get("relation")), ""),
    )
    has_number = found.desk_official_no or found.official_no
    paper = decision_papers.NAMES.get(one.kind, "") if one.kind != "accepted" or has_number else ""
    by = f"{people.get(one.actor, one.actor)}, {_when(one.at)}"
    return Past(one.id, words, by, paper, _trouble(db, one))


def _told(one: Decision) -> tuple[str, ...]:
    words = case_summary.decision_words(context(), one) or {}
    if one.kind == "supplement":
        return tuple(words.get("items", ()))
    return tuple(filter(None, [str(words.get("reason") or words.get("taken_by") or "")]))


def _trouble(db: Database, one: Decision) -> str:
    """Say that the portal did not take an act, by class and code alone."""
    standing = sync.outbox.status_of(db, one.id) if one.delivery == "quarantined" else None
    if standing is None:
        return ""
    return f"Cổng không nhận việc này (mã {standing.last_class}: {standing.last_code}). Xem ở trên."


def _when(at: datetime) -> str:
    return f"{clock.local(at):%H:%M %d/%m}"
