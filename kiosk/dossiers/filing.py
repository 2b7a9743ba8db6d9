"""Answers into a submission, a ticket, an outbox row and print jobs, inside the caller's write.

Submit and the desk's correction share it. The body is frozen here: its bytes, once hashed, are never made again.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

import printers.spool
import sync.outbox
from kiosk import classes, clock, clock_trust, codes
from kiosk.context import Context
from kiosk.dossiers import deadlines
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import UNSAID, sex_of
from kiosk.procedures.model import Procedure
from kiosk.records import audit, inspections, lookups, receipts, seats, sessions, submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.vietnam import viet_text

NO_DIGITS = "----"


@dataclass(frozen=True)
class FilingResult:
    """What came of a Submit."""

    submission: Submission
    ticket: Ticket | None
    """None where nobody need come to the counter."""


@dataclass(frozen=True)
class CorrectedForm:
    """What an officer corrected: the whole form as it is now, and who changed which key when, this time and before."""

    procedure: Procedure
    answers: Mapping[str, Any]
    sources: Mapping[str, str]
    changes: tuple[Mapping[str, str], ...]
    assistance: Mapping[str, Any]
    """Who helped (a code of the staff), why, and whether it was read back (docs/kiosk-sync-1.yaml)."""


@dataclass(frozen=True)
class BodyHeader:
    """What a body says of itself, before any answer."""

    submission_id: str
    receipt_no: str
    day: date
    revision: int = 1
    supersedes: str | None = None
    assistance: Mapping[str, Any] | None = None
    clock_trusted: bool = True


def file_submission(
    db: Database,
    context: Context,
    submission_id: str,
    procedure: Procedure,
    answers: Mapping[str, Any],
    sources: Mapping[str, str] | None = None,
) -> FilingResult:
    """Write down a whole submission and all that hangs on it; the caller's transaction makes it one."""
    now, day = context.clock.now(), context.clock.today()
    seq = receipts.next_seq(db, day)
    is_right = is_clock_trusted(db, context, procedure)
    head = BodyHeader(submission_id, codes.receipt_no(context.config.kiosk.id, day, seq), day, clock_trusted=is_right)
    body = serialize_body(context, head, procedure, answers, {"sources": dict(sources or {})})
    goes_out = procedure.portal != "none" and context.config.sends(procedure.code)
    submission = _submission(context, head, procedure, answers, body)
    submission = replace(submission, seq=seq, delivery="queued" if goes_out else None)
    _lay_down(db, context, submission, body)
    lookups.insert(db, submission_id, name_hashes(context, procedure, answers, day))
    _seat(db, context, submission_id, procedure, answers)
    ticket = _number(db, context, procedure, submission_id) if procedure.queue else None
    if goes_out:
        sync.outbox.enqueue(db, submission_id, now, due=_last_day(procedure, answers, day))
    facts = {"ahead": tickets.count_ahead(db, ticket)} if ticket else {}
    printers.spool.put(db, f"slip:{submission_id}:1", "slip", submission_id, facts, now)
    told: dict[str, audit.AuditFact] = {"receipt": head.receipt_no, "procedure": procedure.code}
    audit.append(db, context.audit_key(), now, audit.AuditLine("submit", "citizen", submission_id, told))
    return FilingResult(submission, ticket)


def revise(db: Database, context: Context, submission_id: str, before: Submission, corrected: CorrectedForm) -> Submission:
    """Write down a correction: a submission of its own under the same number, which takes the place of the one before.

    All that hung on the one before goes along: number, papers seen, notes, seat, and what waits for the line. No slip
    is printed: who wants the corrected one asks for it.
    """
    now = context.clock.now()
    is_right = is_clock_trusted(db, context, corrected.procedure)
    head = BodyHeader(submission_id, before.receipt_no, before.day, before.revision + 1, before.id, corrected.assistance, is_right)
    marks = {"sources": dict(corrected.sources), "changes": [dict(one) for one in corrected.changes]}
    body = serialize_body(context, head, corrected.procedure, corrected.answers, marks)
    goes_out = before.delivery is not None
    submission = replace(
        _submission(context, head, corrected.procedure, corrected.answers, body),
        seq=before.seq,
        completed_at=before.completed_at,
        clock_trusted=before.clock_trusted,
        delivery="queued" if goes_out else None,
        desk=before.desk,
        portal_code=before.portal_code,
        portal_at=before.portal_at,
        official_no=before.official_no,
        due_at=before.due_at,
    )
    _lay_down(db, context, submission, body)
    lookups.insert(db, submission_id, name_hashes(context, corrected.procedure, corrected.answers, before.day))
    tickets.reassign(db, before.id, submission_id)
    inspections.reassign(db, before.id, submission_id)
    sessions.reassign(db, before.id, submission_id)
    seats.release(db, before.id)
    _seat(db, context, submission_id, corrected.procedure, corrected.answers)
    if goes_out:
        due = _last_day(corrected.procedure, corrected.answers, before.day)
        sync.outbox.enqueue(db, submission_id, now, parent=before.id, due=due)
        sync.outbox.move_events(db, before.id, submission_id)
    return submission


def _submission(
    context: Context, head: BodyHeader, procedure: Procedure, answers: Mapping[str, Any], body: bytes
) -> Submission:
    now, number = context.clock.now(), applicant_number(procedure, answers, head.day)
    return Submission(
        id=head.submission_id,
        receipt_no=head.receipt_no,
        procedure=procedure.code,
        version=procedure.version,
        unit=context.config.ward.unit_code,
        day=head.day,
        seq=0,
        completed_at=now,
        touched_at=now,
        digest=hashlib.sha256(body).hexdigest(),
        revision=head.revision,
        supersedes=head.supersedes,
        clock_trusted=head.clock_trusted,
        applicant_hash=context.vault.keyed_hash("applicant", number) if number else None,
        lookup_hash=lookup_hash(context, head.receipt_no, number[-4:] if number else NO_DIGITS),
    )


def _last_day(procedure: Procedure, answers: Mapping[str, Any], day: date) -> str | None:
    found = deadlines.declaration_deadline(procedure, answers, day)
    return found.isoformat() if found else None


def _number(db: Database, context: Context, procedure: Procedure, submission_id: str) -> Ticket:
    comer = tickets.TicketRequest(submission_id)
    return tickets.draw(db, context.clock.today(), series_letter(context, procedure.series), context.clock.now(), comer)


def _lay_down(db: Database, context: Context, submission: Submission, body: bytes) -> None:
    submissions.insert(db, submission, context.vault.seal(submissions.BODY, submission.id, body))


def _seat(db: Database, context: Context, submission_id: str, procedure: Procedure, answers: Mapping[str, Any]) -> None:
    session = class_session(procedure, answers)
    if session and session in context.office.seats:
        seats.assign(db, submission_id, session)


def class_session(procedure: Procedure, answers: Mapping[str, Any]) -> str:
    """Return the session of a class that a form asks for, or nothing."""
    keys = [item.key for item in procedure.fields if item.kind == "session"]
    return next((str(answers[key]) for key in keys if answers.get(key)), "")


def seats_left(context: Context) -> dict[str, int]:
    """Return how many seats each coming session of the ward's classes has left, by its id."""
    with context.store.read() as db:
        taken = seats.count_by_session(db, context.clock.today())
    coming = classes.upcoming_sessions(context.config, context.clock.now())
    return {one.id: max(0, one.seats - taken.get(one.id, 0)) for one in coming}


def series_letter(context: Context, series_id: str) -> str:
    """Return the letter of a series of tickets; the first series for one that the ward does not have."""
    found = context.config.series_of(series_id) or context.config.series[0]
    return found.letter


def lookup_hash(context: Context, receipt_no: str, last_four: str) -> str:
    """Return what a status look-up is found by, so that no body is opened for it."""
    return context.vault.keyed_hash("lookup", f"{receipt_no} {last_four}")


def name_hash(context: Context, name: str) -> str:
    """Return what a case is found by at the desk for a whole name, whatever its marks, capitals and spaces."""
    return context.vault.keyed_hash("name", viet_text.fold(name))


def name_hashes(context: Context, procedure: Procedure, answers: Mapping[str, Any], today: date) -> set[str]:
    """Return the hashes of who applies, and of whom the procedure's summary names: whom it is about."""
    asked = {item.key for item in procedure.fields if item.kind == "person_name"}
    applies = _who_applies(procedure, answers, today).get("full_name", "")
    keys = asked & set(re.findall(r"\{(\w+)\}", procedure.summary)) | {applies}
    told = [str(answers.get(key) or "") for key in keys]
    return {name_hash(context, name) for name in told if viet_text.fold(name)}


def is_clock_trusted(db: Database, context: Context, procedure: Procedure) -> bool:
    """Return whether the clock can be right: not before the day of the form's last check, and nothing against it."""
    return context.clock.today() >= procedure.checked_on and clock_trust.is_trusted(db, context)


def applicant_number(procedure: Procedure, answers: Mapping[str, Any], today: date) -> str:
    """Return the id number of the person who applies, or nothing."""
    fills = _who_applies(procedure, answers, today)
    held = answers.get(fills.get("id", ""))
    return str(held.get("so", "") if isinstance(held, Mapping) else held or "")


def serialize_body(
    context: Context, header: BodyHeader, procedure: Procedure, answers: Mapping[str, Any], marks: Mapping[str, Any]
) -> bytes:
    """Return the body of the neutral contract as UTF-8 JSON.

    `form.readable` says it as the paper does, `form.sources` how each answer came (card, hand, officer), `form.changes`
    which officer changed which key when.
    """
    now = context.clock.now()
    table = {
        "submissionId": header.submission_id,
        "kioskId": context.config.kiosk.id,
        "receiptNo": header.receipt_no,
        "revision": header.revision,
        "supersedes": header.supersedes,
        "unitCode": context.config.ward.unit_code,
        "procedureCode": procedure.code,
        "channel": "counter",
        "mode": "practice" if context.config.kiosk.practice else "live",
        "completedAt": clock.timestamp(now),
        "clockTrusted": header.clock_trusted,
        "assistance": dict(header.assistance) if header.assistance else None,
        "applicant": _applicant(procedure, answers, header.day),
        "form": {
            "formId": procedure.id,
            "formVersion": procedure.version,
            "answers": dict(answers),
            "readable": readable_answers(procedure, answers),
            **marks,
        },
        "documents": [],
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def readable_answers(procedure: Procedure, answers: Mapping[str, Any]) -> list[list[str]]:
    """Return [label, words] of every answered field, in the order of the form; each label says what it is about."""
    return [
        [procedure.labels[item.key], kinds.of(item).on_paper(item, answers[item.key])]
        for item in procedure.fields
        if item.asked and answers.get(item.key) not in UNSAID
    ]


def _who_applies(procedure: Procedure, answers: Mapping[str, Any], today: date) -> Mapping[str, str]:
    """Where somebody helps who is no person of the form, it is the first person's matter."""
    first = next((step for step in procedure.steps if step.person), None)
    step = journey.applicant_step(procedure, answers, today) or first
    return step.person.fills if step and step.person else {}


def _applicant(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    fills = _who_applies(procedure, answers, today)
    held = {name: answers.get(key) for name, key in fills.items()}
    number = applicant_number(procedure, answers, today)
    home = held.get("residence") or {}
    person = {
        "fullName": held.get("full_name") or "",
        "idNumber": number,
        "bornOn": held.get("date_of_birth"),
        "sex": {"nam": "male", "nu": "female"}.get(str(held.get("sex") or sex_of(number))),
        "address": {key: home[key] for key in ("provinceCode", "wardCode", "detail") if home.get(key)} or None,
    }
    return {key: value for key, value in person.items() if value}
