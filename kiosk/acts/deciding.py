"""Decisions of the desk on a case: accept, request a supplement, refuse, extend, stop, hand out.

Each request says how many acts its page had seen on the case. It takes effect only while that is still so, the
submission is the newest under its receipt number, and `decisions.MAY_FOLLOW` allows it. Otherwise nothing changes and
the act returns None. So a double press, or a press on a page of this morning, is no second decision. The page checks
the permission.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.base.errors import NotFound
from kiosk.context import Context
from kiosk.dossiers import deadlines
from kiosk.dossiers import decision_messages as messages
from kiosk.dossiers.acceptance import AcceptanceTerms, accepted_content
from kiosk.dossiers.decision_filing import (
    CaseRequest,
    DecisionContent,
    InvalidDecision,
    current_submission,
    decide,
    store_decision,
)
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.procedures.model import PaperToBring
from kiosk.records import audit, decisions
from kiosk.records.decisions import Decision
from kiosk.records.submissions import Submission
from kiosk.vietnam import viet_text

MAX_REASON_LENGTH = 1000
"""Characters of a reason. The contract allows 2000 for reason and items together."""
MAX_EVENT_REASON_LENGTH = 2000
MAX_LINE_LENGTH = 200
MAX_NOTE_LENGTH = 400
MAX_ITEMS = 20
MAX_SETS = 99
MAY_BE_NUMBERED = ("accepted", "handed_out")
"""The desk states in which an official number is recorded: also of a result that was handed out without a line."""
RELATIONS = ("self", "proxy", "kin")
"""The person who takes a result: the applicant, an authorised person, a relative."""
RESULT_PLACES = ("counter", "post", "online")
"""The places where a result is handed out."""


@dataclass(frozen=True)
class AcceptanceInput:
    """An acceptance: a term of the procedure by its position, or a day of the officer's choice; the official number."""

    term: int | None = None
    due_on: date | None = None
    official_no: str = ""
    sets: int | None = 1
    place: str = "counter"


@dataclass(frozen=True)
class SupplementInput:
    """All that is missing, in one request: papers of the procedure by id, and further lines."""

    papers: tuple[str, ...]
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class StopInput:
    """Facts of a stop: the day of the applicant's request, the stage of the case, and the papers returned."""

    asked_on: date | None
    reason: str
    stage: str = ""
    returned: str = ""


@dataclass(frozen=True)
class HandoverInput:
    """A result that is handed out, its recipient, and the recipient's relation to the applicant (`RELATIONS`)."""

    what: str
    taken_by: str
    relation: str


def accept(context: Context, request: CaseRequest, acceptance: AcceptanceInput) -> Decision | None:
    """Accept a case: set its due time and store the papers received and the fees, for form 01.

    Raises:
        InvalidDecision: a field of the form is wrong.
    """
    opened = _opened(context, request.submission_id)
    due_at, term, errors = _due(context, opened, acceptance)
    number = _official_no(acceptance.official_no, errors)
    if acceptance.sets is None or not 1 <= acceptance.sets <= MAX_SETS:
        errors["sets"] = messages.SETS_OUT_OF_RANGE.format(most=MAX_SETS)
    if acceptance.place not in RESULT_PLACES:
        errors["place"] = messages.RESULT_PLACE_MISSING
    if errors or due_at is None or acceptance.sets is None:
        raise InvalidDecision(errors)
    accepted = AcceptanceTerms(
        due_at=due_at, term=acceptance.term, words=term, sets=acceptance.sets, place=acceptance.place, number=number
    )
    with context.store.write() as db:
        content = accepted_content(db, opened, accepted)
        return decide(db, context, request=request, content=content)


def request_supplement(context: Context, request: CaseRequest, supplement: SupplementInput) -> Decision | None:
    """Request everything that is missing at once, with the reason, for form 02.

    Raises:
        InvalidDecision: a field of the form is wrong.
    """
    opened = _opened(context, request.submission_id)
    known_papers = {paper.id: paper for paper in opened.procedure.papers}
    papers = [paper_id for paper_id in dict.fromkeys(supplement.papers) if paper_id in known_papers]
    stripped_lines = (" ".join(line.split()) for line in supplement.lines)
    lines = [line for line in stripped_lines if line]
    reason = _without_blank_lines(supplement.reason)
    errors = dict[str, str]()
    if not papers and not lines:
        errors["items"] = messages.ITEMS_MISSING
    if len(papers) + len(lines) > MAX_ITEMS or any(len(line) > MAX_LINE_LENGTH for line in lines):
        errors["items"] = messages.ITEMS_TOO_MANY.format(most=MAX_ITEMS, length=MAX_LINE_LENGTH)
    _check_reason(errors, reason, messages.SUPPLEMENT_REASON_MISSING)
    if errors:
        raise InvalidDecision(errors)
    items = [*(known_papers[paper_id].name.vi for paper_id in papers), *lines]
    content = DecisionContent(
        kind="supplement",
        detail={"items": items, "reason": reason},
        facts={"papers": ",".join(papers), "lines": len(lines)},
        event={
            "reason": "; ".join([*items, reason])[:MAX_EVENT_REASON_LENGTH],
            "missing": _missing([known_papers[paper_id] for paper_id in papers], len(lines)),
        },
    )
    with context.store.write() as db:
        return decide(db, context, request=request, content=content)


def _missing(papers: Sequence[PaperToBring], other_lines: int) -> dict[str, Any]:
    """Return the contract's `missing`: what the catalogue says of the papers, and how many lines the officer wrote."""
    named = [{"name": paper.name.vi[:MAX_LINE_LENGTH], "note": paper.bring.vi[:MAX_NOTE_LENGTH]} for paper in papers]
    return {"papers": named, "otherLines": other_lines}


def refuse(context: Context, request: CaseRequest, reason: str) -> Decision | None:
    """Refuse a case with a reason, for form 03; the case is closed.

    Raises:
        InvalidDecision: the reason is missing or too long.
    """
    reason = _without_blank_lines(reason)
    errors = dict[str, str]()
    _check_reason(errors, reason, messages.REFUSAL_REASON_MISSING)
    if errors:
        raise InvalidDecision(errors)
    content = DecisionContent(kind="refused", detail={"reason": reason}, event={"reason": reason})
    with context.store.write() as db:
        return decide(db, context, request=request, content=content)


def extend(context: Context, request: CaseRequest, due_on: date | None, reason: str) -> Decision | None:
    """Extend the due date of a case with an apology, for form 04.

    Args:
        due_on: the new date, a working day of the ward, after the current one.

    Raises:
        InvalidDecision: a field of the form is wrong.
    """
    reason = _without_blank_lines(reason)
    errors = dict[str, str]()
    _check_reason(errors, reason, messages.EXTENSION_REASON_MISSING)
    with context.store.write() as db:
        submission = current_submission(db, request)
        if submission is None:
            return None
        before = submission.desk_due_at
        _check_new_due_day(context, errors, due_on=due_on, before=before)
        if errors or due_on is None:
            raise InvalidDecision(errors)
        due_at = deadlines.closing_time(context, due_on)
        content = DecisionContent(
            kind="extended",
            detail={"reason": reason},
            facts={
                "due": clock.timestamp(due_at),
                "before": clock.timestamp(before) if before else None,
                "received": _accepted_at(db, submission),
            },
            event={"dueAt": clock.timestamp(due_at), "reason": reason},
            due_at=due_at,
        )
        return decide(db, context, request=request, content=content)


def stop(context: Context, request: CaseRequest, stopping: StopInput) -> Decision | None:
    """Stop a case on the applicant's request, for form 05; the case is closed.

    Raises:
        InvalidDecision: a field of the form is wrong.
    """
    errors = dict[str, str]()
    detail = {
        "reason": _without_blank_lines(stopping.reason),
        "stage": _without_blank_lines(stopping.stage),
        "returned": _without_blank_lines(stopping.returned),
    }
    _check_reason(errors, detail["reason"], messages.STOP_REASON_MISSING)
    for name in ("stage", "returned"):
        if len(detail[name]) > MAX_REASON_LENGTH:
            errors[name] = messages.TOO_LONG.format(most=MAX_REASON_LENGTH)
    if stopping.asked_on is None:
        errors["asked_on"] = messages.STOP_DAY_MISSING
    elif stopping.asked_on > context.clock.today():
        errors["asked_on"] = messages.STOP_DAY_IN_FUTURE
    if errors or stopping.asked_on is None:
        raise InvalidDecision(errors)
    content = DecisionContent(
        kind="stopped",
        detail=detail,
        facts={"asked_on": stopping.asked_on.isoformat()},
        event={"reason": detail["reason"]},
    )
    with context.store.write() as db:
        return decide(db, context, request=request, content=content)


def hand_out(context: Context, request: CaseRequest, handover: HandoverInput) -> Decision | None:
    """Hand out a result, with the recipient's name for the sheet that they sign.

    Raises:
        InvalidDecision: a field of the form is wrong.
    """
    opened = _opened(context, request.submission_id)
    what = _without_blank_lines(handover.what)
    taken_by = " ".join(handover.taken_by.split())
    if handover.relation == "self" and not taken_by:
        taken_by = viet_text.title_case(str(opened.applicant.get("fullName", "")))
    errors = dict[str, str]()
    _check_reason(errors, what, messages.RESULT_MISSING, name="what")
    if handover.relation not in RELATIONS:
        errors["relation"] = messages.RELATION_MISSING
    if not 2 <= len(taken_by) <= MAX_LINE_LENGTH:
        errors["taken_by"] = messages.RECIPIENT_MISSING
    elif handover.relation in ("proxy", "kin") and viet_text.is_same_name(
        taken_by, str(opened.applicant.get("fullName", ""))
    ):
        errors["taken_by"] = messages.RECIPIENT_IS_APPLICANT
    if errors:
        raise InvalidDecision(errors)
    content = DecisionContent(
        kind="handed_out",
        detail={"what": what, "taken_by": taken_by},
        facts={"relation": handover.relation},
    )
    with context.store.write() as db:
        return decide(db, context, request=request, content=content)


def record_official_no(context: Context, request: CaseRequest, official_no: str) -> bool:
    """Store the official number of an accepted case and tell the portal; False when the page was out of date.

    The same number again changes nothing. Another one replaces it, because a number is typed wrong now and then.

    Raises:
        InvalidDecision: the number is missing or not an official one.
    """
    errors = dict[str, str]()
    number = _official_no(official_no, errors)
    if not errors and not number:
        errors["official_no"] = messages.OFFICIAL_NO_MISSING
    if errors:
        raise InvalidDecision(errors)
    with context.store.write() as db:
        submission = current_submission(db, request)
        if submission is None or submission.desk not in MAY_BE_NUMBERED:
            return False
        if submission.desk_official_no == number:
            return True
        content = DecisionContent(
            kind="numbered",
            detail={},
            facts={"number": number},
            event={"officialNo": number},
            official_no=number,
        )
        store_decision(db, context, submission, content=content, actor=request.actor)
        facts = {"receipt": submission.receipt_no, "number": number}
        line = audit.AuditLine(act="official_no", actor=request.actor, subject=submission.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
        return True


# --- storing a decision


def _accepted_at(db: Database, submission: Submission) -> str | None:
    """Return the timestamp of the last acceptance of a case."""
    acceptances = [row for row in decisions.of_case(db, submission.receipt_no) if row.kind == "accepted"]
    return clock.timestamp(acceptances[-1].at) if acceptances else None


def _opened(context: Context, submission_id: str) -> OpenedSubmission:
    opened = open_submission(context, submission_id)
    if opened is None:
        raise NotFound("Tờ khai này đã xóa khỏi máy.", "This form has been erased.")
    return opened


# --- checking a form


def _due(
    context: Context, opened: OpenedSubmission, acceptance: AcceptanceInput
) -> tuple[datetime | None, str, dict[str, str]]:
    """Return when the result is due, the term in words, and the errors."""
    terms = deadlines.terms(context, opened.procedure, opened.answers, context.clock.now())
    if acceptance.term is not None:
        term = next((term for term in terms if term.no == acceptance.term), None)
        if term is None:
            return None, "", {"due": messages.TERM_MISSING}
        return term.due_at, deadlines.term_text(term.days), {}
    errors = dict[str, str]()
    if acceptance.due_on is None:
        errors["due"] = messages.DUE_DAY_MISSING
    elif acceptance.due_on < context.clock.today():
        errors["due"] = messages.DUE_DAY_PAST
    else:
        _check_working_day(context, errors, name="due", day=acceptance.due_on)
    if errors or acceptance.due_on is None:
        return None, "", errors
    term_text = deadlines.term_text(terms[0].days) if terms else ""
    return deadlines.closing_time(context, acceptance.due_on), term_text, {}


def _check_new_due_day(context: Context, errors: dict[str, str], due_on: date | None, before: datetime | None) -> None:
    if due_on is None:
        errors["due_on"] = messages.NEW_DUE_DAY_MISSING
    elif before and due_on <= clock.local(before).date():
        errors["due_on"] = messages.NEW_DUE_DAY_TOO_EARLY.format(before=clock.local(before))
    else:
        _check_working_day(context, errors, name="due_on", day=due_on)


def _check_working_day(context: Context, errors: dict[str, str], name: str, day: date) -> None:
    if not context.calendar.is_working(day):
        nearest = context.calendar.after(day, 1)
        errors[name] = messages.NOT_A_WORKING_DAY.format(day=day, nearest=nearest)


def _official_no(text: str, errors: dict[str, str]) -> str:
    """Return the number as the province writes it; empty where none was typed or it is wrong."""
    number = codes.parse_official_no(text)
    if text.strip() and number is None:
        is_receipt_no = codes.parse_receipt_no(text) is not None
        errors["official_no"] = messages.OFFICIAL_NO_IS_RECEIPT_NO if is_receipt_no else messages.OFFICIAL_NO_INVALID
    return number or ""


def _without_blank_lines(text: str) -> str:
    """Return a text without empty lines and without spaces at the ends of lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def _check_reason(errors: dict[str, str], text: str, missing: str, *, name: str = "reason") -> None:
    if not text:
        errors[name] = missing
    elif len(text) > MAX_REASON_LENGTH:
        errors[name] = messages.REASON_TOO_LONG.format(most=MAX_REASON_LENGTH, length=len(text))
