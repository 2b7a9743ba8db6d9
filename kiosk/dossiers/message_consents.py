"""Consents to messages: whether the portal sends any, which number a form has, and the events that give and end one.

The person at the touchscreen, or at the counter, agrees that the portal tells a phone what becomes of a dossier. Time,
number and the words that were read are stored with the dossier's events, and go to the portal as an event before the
next decision. All functions run inside the caller's read or write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers import applicant, scan_events
from kiosk.dossiers.decision_filing import DecisionContent, store_decision
from kiosk.procedures.model import Procedure
from kiosk.records import audit, decisions, marks, submissions
from kiosk.records.submissions import Submission
from sync.phone_numbers import parse_phone_number

OCCASIONS = ("received", "paper-missing", "new-day", "result-ready")
CITIZEN = "citizen"
"""The officer of an event that a citizen caused, at the touchscreen or on the status page."""
_OFFERED = "messages_offered"


@dataclass(frozen=True, kw_only=True)
class MessageState:
    """The last event about messages of a dossier: a consent, or its end, and whether the citizen caused it alone."""

    is_open: bool
    at: datetime
    is_by_citizen: bool


def record_offer(db: Database, *, is_offered: bool) -> None:
    """Store whether the portal sends messages, as its last answer to a report says."""
    value = "1" if is_offered else ""
    if (marks.get(db, _OFFERED) or "") != value:
        marks.put(db, _OFFERED, value)


def is_offered(db: Database) -> bool:
    """Return whether the portal sends messages."""
    return bool(marks.get(db, _OFFERED))


def number_of(procedure: Procedure, answers: Mapping[str, Any], context: Context) -> str:
    """Return the mobile number of a form, that of the applicant first, as ten digits; empty without one."""
    step = applicant.page_or_first(procedure, answers, context.clock.today())
    own_fields = [procedure.by_key[key] for key in step.fields] if step else []
    for field in [*own_fields, *procedure.fields]:
        number = parse_phone_number(str(answers.get(field.key) or "")) if field.kind == "phone" else None
        if number is not None and not number.fault:
            return number.digits
    return ""


def find_state(db: Database, receipt_no: str) -> MessageState | None:
    """Return whether somebody agreed to messages about a dossier, or ended them; None where nobody was asked."""
    last = decisions.last_of_messages(db, receipt_no)
    if last is None:
        return None
    return MessageState(is_open=bool(last.facts["wanted"]), at=last.at, is_by_citizen=last.actor == CITIZEN)


def give(db: Database, context: Context, submission: Submission, *, number: str, words: str, actor: str) -> bool:
    """Store a consent of a number and tell the portal; False where the portal sends none, or the number gets none.

    Args:
        words: what the person has read or heard.
    """
    parsed = parse_phone_number(number)
    if parsed.fault or not is_offered(db) or not scan_events.sends_events(context, submission):
        return False
    member = {"wanted": True, "phone": parsed.digits, "occasions": list(OCCASIONS), "words": words}
    _store(db, context, submission, member=member, actor=actor)
    return True


def end(db: Database, context: Context, submission: Submission, actor: str) -> bool:
    """End the messages about a dossier and tell the portal; False where they have ended."""
    state = find_state(db, submission.receipt_no)
    if state is None or not state.is_open:
        return False
    _store(db, context, submission, member={"wanted": False}, actor=actor)
    return True


def end_by_phone(db: Database, context: Context, receipt_no: str, at: datetime) -> bool:
    """End the messages about a dossier as the portal tells; False where they have ended, or began again after `at`."""
    state = find_state(db, receipt_no)
    submission = submissions.by_receipt(db, receipt_no)
    if state is None or submission is None or at < state.at:
        return False
    return end(db, context, submission, actor=CITIZEN)


def _store(db: Database, context: Context, submission: Submission, *, member: Mapping[str, Any], actor: str) -> None:
    content = DecisionContent(
        kind="messages",
        detail={"phone": member.get("phone", ""), "words": member.get("words", "")},
        facts={"wanted": member["wanted"]},
        event={"messages": member},
    )
    store_decision(db, context, submission, content=content, actor=actor)
    act = "messages_agreed" if member["wanted"] else "messages_ended"
    line = audit.AuditLine(act=act, actor=actor, subject=submission.id, facts={"receipt": submission.receipt_no})
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
