"""An officer looks up a case that was not called, opens it with a reason, and exports the day's register.

A look-up shows the states of cases and never an answer. An opened case shows its answers, to this session alone and for
ten minutes. Each leaves an audit line with the receipt numbers of its cases, without the words of the search. So does
each export of a case: as JSON, as a QR code, as a PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.dossiers import lookup_hashes, sealed_drafts
from kiosk.records import audit, desk_drafts, drafts, kept_drafts, lookups, openings, sessions, submissions, tickets
from kiosk.records.openings import REASONS, Opening, OpeningReason
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.vietnam import viet_text

OPEN_FOR = timedelta(minutes=10)
MAX_WORDS_LENGTH = 300
REASONS_WITH_WORDS: tuple[OpeningReason, ...] = ("authority", "other")
"""Reasons that need an explanation in words."""
MAX_NAMED = 20
"""Cases that the audit line of a look-up names: as many as its page shows."""
ExportFormat = Literal["json", "qr", "pdf"]
SearchKey = Literal["receipt", "official", "ticket", "number", "name", "phone"]
"""Kinds of search text: receipt number, official number, ticket of a day, id number, whole name, telephone number."""


@dataclass(frozen=True)
class LookUpResult:
    """Cases that a look-up found, newest first; and the ticket, where one was searched."""

    cases: tuple[Submission, ...]
    ticket: Ticket | None = None


@dataclass(frozen=True)
class FoundDraft:
    """A draft in progress; `screen` is empty where no screen shows it, `is_kept` for one that is kept for later.

    `is_of_desk` is true for one that an officer has begun at a desk.
    """

    id: str
    procedure: str
    screen: str
    touched_at: datetime
    is_kept: bool
    is_of_desk: bool


@dataclass(frozen=True)
class OfficerSession:
    """An officer (a code of the staff) and their session."""

    actor: str
    session: str


def look_up(context: Context, key: SearchKey, text: str, day: date, actor: str) -> LookUpResult:
    """Find cases by a search text; `day` is that of a ticket."""
    with context.store.write() as db:
        ticket = tickets.by_label(db, day, text) if key == "ticket" else None
        ids = [str(ticket.submission_id or "")] if ticket else _submission_ids(db, context, key=key, text=text)
        result = LookUpResult(tuple(submissions.last_revisions(db, ids)), ticket)
        found = " ".join(case.receipt_no for case in result.cases[:MAX_NAMED])
        facts: dict[str, audit.AuditFact] = {"by": key, "found": len(result.cases), "cases": found}
        if ticket:
            facts["number"] = ticket.label
        line = audit.AuditLine(act="look_up", actor=actor, subject=actor, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return result


def find_drafts(context: Context, name: str, actor: str) -> tuple[FoundDraft, ...]:
    """Find drafts in progress by the whole name of a person in them, those of a desk too; the newest change first.

    A correction is none: it is opened in its case.
    All drafts are opened in memory: there are as many as people at the screens and kept forms.
    """
    wanted = viet_text.fold(name)
    found = []
    with context.store.write() as db:
        for row in drafts.list_all(db) if wanted else ():
            draft = sealed_drafts.unseal(context, row.id, row.body) if row.body else None
            procedure = context.catalogue.version(row.procedure, row.version)
            is_of_desk = row.session.startswith("desk ")
            is_correction = is_of_desk and desk_drafts.find(db, row.id) is None
            if draft is None or procedure is None or is_correction:
                continue
            keys = [item.key for item in procedure.fields if item.kind == "person_name"]
            if wanted in {viet_text.fold(str(draft.answers.get(key) or "")) for key in keys}:
                session = sessions.of_draft(db, row.id)
                screen = sessions.screen_of(db, session.id) if session else ""
                found.append(
                    FoundDraft(
                        id=row.id,
                        procedure=procedure.short.vi,
                        screen=screen,
                        touched_at=row.touched_at,
                        is_kept=kept_drafts.find(db, row.id) is not None,
                        is_of_desk=is_of_desk,
                    )
                )
        line = audit.AuditLine(act="draft_look_up", actor=actor, subject=actor, facts={"found": len(found)})
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return tuple(found)


def record_work_list(context: Context, receipts: Sequence[str], actor: str) -> None:
    """Record that an officer saw the list of their own cases, with names."""
    facts: dict[str, audit.AuditFact] = {
        "by": "work",
        "found": len(receipts),
        "cases": " ".join(receipts[:MAX_NAMED]),
    }
    with context.store.write() as db:
        line = audit.AuditLine(act="look_up", actor=actor, subject=actor, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def open_case(
    context: Context, submission_id: str, reason: str, words: str, officer_session: OfficerSession
) -> Opening:
    """Open a case for ten minutes.

    Raises:
        NotAllowed: the reason is not in `REASONS`, or lacks its explanation.
        NotFound: there is no such submission.
    """
    now = context.clock.now()
    words = " ".join(words.split())
    valid_reason = _valid_reason(reason, words)
    opening_id = codes.new_id()
    sealed = context.vault.seal(openings.WORDS, opening_id, words.encode()) if words else None
    opening = Opening(
        id=opening_id,
        submission_id=submission_id,
        session=officer_session.session,
        actor=officer_session.actor,
        reason=valid_reason,
        words=sealed,
        opened_at=now,
        closes_at=now + OPEN_FOR,
    )
    with context.store.write() as db:
        submission = submissions.find(db, submission_id)
        if submission is None:
            raise NotFound
        openings.insert(db, opening)
        facts: dict[str, audit.AuditFact] = {
            "receipt": submission.receipt_no,
            "reason": valid_reason,
            "words": bool(words),
        }
        line = audit.AuditLine(act="open_case", actor=officer_session.actor, subject=submission_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return opening


def prolong_case(context: Context, submission_id: str, officer_session: OfficerSession) -> None:
    """Let an opened case be open for ten minutes from now, because its officer types in it."""
    now = context.clock.now()
    with context.store.write() as db:
        openings.prolong(db, officer_session.session, submission_id, now=now, closes_at=now + OPEN_FOR)


def close_case(context: Context, submission_id: str, officer_session: OfficerSession) -> None:
    """Close an opened case before its time."""
    now = context.clock.now()
    with context.store.write() as db:
        openings.close(db, submission_id, session=officer_session.session, now=now)
        line = audit.AuditLine(act="close_case", actor=officer_session.actor, subject=submission_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def record_case_export(context: Context, case: Submission, what: ExportFormat, detail: str, actor: str) -> None:
    """Record that an officer takes a whole case out of the kiosk; `detail` says which part or paper of it."""
    facts: dict[str, audit.AuditFact] = {"receipt": case.receipt_no, "format": what, "detail": detail}
    with context.store.write() as db:
        line = audit.AuditLine(act="export", actor=actor, subject=case.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def record_export(context: Context, what: str, days: tuple[date, date], rows: int, actor: str) -> audit.AuditHead:
    """Record the export of a register or of figures.

    Args:
        days: the first and the last day of it.

    Returns:
        The head of the audit trail, to be printed on the export.
    """
    facts: dict[str, audit.AuditFact] = {"from": days[0].isoformat(), "to": days[1].isoformat(), "rows": rows}
    with context.store.write() as db:
        line = audit.AuditLine(act="take_along", actor=actor, subject=what, facts=facts)
        return audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _submission_ids(db: Database, context: Context, key: SearchKey, text: str) -> list[str]:
    if key == "receipt":
        submission = submissions.by_receipt(db, text)
        return [submission.id] if submission else []
    if key == "official":
        return [submission.id for submission in submissions.by_official(db, text)]
    if key == "number":
        applicant_hash = context.vault.keyed_hash("applicant", text)
        return [submission.id for submission in submissions.by_applicant(db, applicant_hash)]
    if key == "phone":
        return lookups.by_name(db, lookup_hashes.phone_hash(context, text))
    return lookups.by_name(db, lookup_hashes.name_hash(context, text)) if key == "name" else []


def _valid_reason(text: str, words: str) -> OpeningReason:
    reason = next((reason for reason in REASONS if reason == text), None)
    if reason is None:
        raise NotAllowed("Mời chọn vì sao mở hồ sơ này.", "Please say why this case is opened.")
    if reason in REASONS_WITH_WORDS and not words:
        raise NotAllowed("Mời ghi rõ ai yêu cầu, hoặc việc gì.", "Please say in words who asks, or what it is about.")
    if len(words) > MAX_WORDS_LENGTH:
        raise NotAllowed(
            f"Lý do dài nhất {MAX_WORDS_LENGTH} chữ.", f"A reason has at most {MAX_WORDS_LENGTH} characters."
        )
    return reason
