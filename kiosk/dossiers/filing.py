"""File answers as a submission, with ticket, outbox row and print jobs, inside the caller's write.

Submit and the desk's correction share this. The body is serialised once: its bytes are stored and hashed, and never
made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

import printers.routes
import printers.spool
import sync.outbox
from kiosk.base import clock, codes
from kiosk.context import Context, clock_trust
from kiosk.dossiers import (
    applicant,
    checklist,
    class_seats,
    deadlines,
    lookup_digits,
    lookup_hashes,
    matters,
    numbering,
    original_pictures,
    scan_events,
    status_page,
)
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.procedures import kinds
from kiosk.procedures.answers import Draft, is_empty, sex_of
from kiosk.procedures.model import Procedure
from kiosk.records import audit, certified_copies, inspections, lookups, scans, sessions, submissions, tickets
from kiosk.records import matters as matter_rows
from kiosk.records.scans import DraftPage, Scan
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Priority, Ticket, TicketChange
from sync.encoding import canonical_json, sha256_hex


@dataclass(frozen=True)
class FilingResult:
    """A filed submission and its ticket."""

    submission: Submission
    ticket: Ticket | None
    """None where the procedure needs no visit to the counter."""


@dataclass(frozen=True)
class CorrectedForm:
    """A corrected form: all answers as they are now, and which officer changed which key last, and when."""

    procedure: Procedure
    answers: Mapping[str, Any]
    sources: Mapping[str, str]
    changes: tuple[Mapping[str, str], ...]
    assistance: Mapping[str, Any]
    """The officer (a code of the staff), the reason, and whether it was read back (docs/kiosk-sync-1.yaml)."""
    givers: Mapping[str, str] = field(default_factory=dict)
    """Path -> code of the officer who typed the answer."""


@dataclass(frozen=True)
class AssistedForm:
    """Facts of a form that an officer filled in for a citizen, besides its answers."""

    officer: str
    assistance: Mapping[str, Any]
    ticket_id: str | None = None
    """The number that the form belongs to; None or a number with a form: a new one is drawn."""
    submitter: Mapping[str, str] | None = None
    """The contract's person who came for the applicant; None where the applicant came."""
    relation: str = ""


@dataclass(frozen=True)
class FilledForm:
    """A complete form; `submission_id` is the id of its draft, `assisted` the help of an officer, if there was any."""

    submission_id: str
    procedure: Procedure
    answers: Mapping[str, Any]
    sources: Mapping[str, str]
    givers: Mapping[str, str]
    """Path -> code of the officer who typed the answer."""
    assisted: AssistedForm | None = None
    ticket_id: str | None = None
    """The number that the citizen drew before; the form gets it if it is of today and of its series."""
    priority: Priority | None = None
    """The group that the citizen declared at Submit."""
    screen: str = ""
    """The name of the touchscreen where the citizen waits for the slip."""
    pages: Sequence[DraftPage] = ()
    """Pages of papers that the citizen photographed in the draft."""


@dataclass(frozen=True)
class BodyHeader:
    """Members of a submission's body that do not come from its answers."""

    submission_id: str
    receipt_no: str
    day: date
    revision: int = 1
    supersedes: str | None = None
    assistance: Mapping[str, Any] | None = None
    clock_trusted: bool = True
    submitter: Mapping[str, str] | None = None
    relation: str = ""
    status_page: Mapping[str, str] | None = None
    """Hashes of the key of its status page; None where the slip has no address of one."""


# --- filing


def file_submission(
    db: Database,
    context: Context,
    submission_id: str,
    procedure: Procedure,
    answers: Mapping[str, Any],
    draft: Draft | None = None,
) -> FilingResult:
    """Store a submission and everything that depends on it, in the caller's transaction.

    Args:
        draft: the draft that the answers are from: it says who gave each of them.
    """
    form = FilledForm(
        submission_id=submission_id,
        procedure=procedure,
        answers=answers,
        sources=draft.public_sources() if draft else {},
        givers=draft.public_givers() if draft else {},
    )
    return file_form(db, context, form)


def file_form(db: Database, context: Context, form: FilledForm) -> FilingResult:
    """Store a form that the citizen, or an officer for the citizen, has filled in, as `file_submission` does."""
    submission_id = form.submission_id
    procedure = form.procedure
    answers = form.answers
    assisted = form.assisted
    now = context.clock.now()
    day = context.clock.today()
    seq = numbering.next_seq(db, day)
    receipt_no = codes.receipt_no(context.config.kiosk.id, day, seq)
    is_deliverable = procedure.portal != "none" and context.config.queues(procedure.code)
    header = BodyHeader(
        submission_id=submission_id,
        receipt_no=receipt_no,
        day=day,
        clock_trusted=is_clock_trusted(db, context, procedure),
        assistance=assisted.assistance if assisted else None,
        submitter=assisted.submitter if assisted else None,
        relation=assisted.relation if assisted else "",
        status_page=_status_page(context, receipt_no, submission_id) if is_deliverable else None,
    )
    extras = {"sources": dict(form.sources), **_givers_member(form.givers)}
    body = serialize_body(context, header, procedure=procedure, answers=answers, form_extras=extras)
    submission = replace(
        _submission(context, header, procedure=procedure, answers=answers, body=body),
        seq=seq,
        delivery="queued" if is_deliverable else None,
    )
    submissions.insert(db, submission, context.vault.seal(submissions.BODY, submission_id, body))
    sessions.submitted(db, submission_id)
    lookups.insert(db, submission_id, lookup_hashes.person_hashes(context, procedure, answers=answers, today=day))
    matter_rows.insert(db, submission_id, matters.matter_hashes(context, procedure, answers=answers, day=day))
    class_seats.take_place(db, context, submission_id=submission_id, procedure=procedure, answers=answers)
    ticket_id = assisted.ticket_id if assisted else form.ticket_id
    ticket = _attach_ticket(db, context, form, ticket_id) if ticket_id else None
    if ticket is None and procedure.queue:
        ticket = _draw_ticket(db, context, form)
    elif ticket is not None and form.priority:
        ticket = _add_priority(db, context, ticket, form.priority)
    if is_deliverable:
        sync.outbox.enqueue(db, submission_id, now, legal_deadline=_deadline_text(procedure, answers, day))
    at = printers.routes.screen_facts(form.screen)
    printers.spool.enqueue(db, key=f"slip:{submission_id}:1", kind="slip", subject=submission_id, facts=at, now=now)
    facts: dict[str, audit.AuditFact] = {"receipt": header.receipt_no, "procedure": procedure.code}
    actor = assisted.officer if assisted else "citizen"
    line = audit.AuditLine(act="submit", actor=actor, subject=submission_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=now, line=line)
    _file_pages(db, context, form, header.receipt_no)
    return FilingResult(submission, ticket)


def _file_pages(db: Database, context: Context, form: FilledForm, receipt_no: str) -> None:
    """Store the photographed pages of a draft as scans of its dossier, and announce them to the portal."""
    needed = checklist.papers_needed(form.procedure, form.answers, context.clock.today())
    papers = {paper.id: ScannedPaper(paper.id, paper.name.vi) for paper in needed}
    other = ScannedPaper(checklist.OTHER_PAPER, checklist.OTHER_NAME)
    originals = original_pictures.row_keys(context, form.procedure, form.answers)
    for page in form.pages:
        paper = papers.get(page.paper, other)  # the situation may have changed since
        if scans.is_original(page.paper):
            if original_pictures.key_of(page.paper) not in originals:
                continue  # taken out of the list: the page goes with the draft
            paper = ScannedPaper(page.paper, checklist.ORIGINAL_NAME)
        scan = Scan(
            id=page.id,
            receipt_no=receipt_no,
            paper=paper.id,
            name=page.name,
            key=page.key,
            sha256=page.sha256,
            media="image/jpeg",
            pages=1,
            bytes=page.bytes,
            actor=scans.CITIZEN,
            at=page.at,
            flaw=page.flaw,
            is_scanned=page.is_scanned,
        )
        if scans.insert(db, scan):
            scan_events.append_line(db, context, scan=scan, subject=form.submission_id)
            scan_events.announce_scan(db, context, scan=scan, paper=paper)


def revise(
    db: Database, context: Context, submission_id: str, before: Submission, corrected: CorrectedForm
) -> Submission:
    """Store a correction as a submission of its own that supersedes the one before, under the same receipt number.

    Everything that belongs to the earlier submission is reassigned: ticket, inspected papers, notes, place in a
    class, and events that wait in the outbox. No slip is printed: an officer prints one on request.
    """
    procedure = corrected.procedure
    answers = corrected.answers
    is_deliverable = before.delivery is not None
    first_id = submissions.revisions(db, before.receipt_no)[0].id
    header = BodyHeader(
        submission_id=submission_id,
        receipt_no=before.receipt_no,
        day=before.day,
        revision=before.revision + 1,
        supersedes=before.id,
        assistance=corrected.assistance,
        clock_trusted=is_clock_trusted(db, context, procedure),
        status_page=_status_page(context, before.receipt_no, first_id) if is_deliverable else None,
    )
    extras = {
        "sources": dict(corrected.sources),
        **_givers_member(corrected.givers),
        "changes": [dict(change) for change in corrected.changes],
    }
    body = serialize_body(context, header, procedure=procedure, answers=answers, form_extras=extras)
    submission = replace(
        _submission(context, header, procedure=procedure, answers=answers, body=body),
        seq=before.seq,
        completed_at=before.completed_at,
        clock_trusted=before.clock_trusted,  # about `completed_at`, the time of Submit; the body has a time of its own
        delivery="queued" if is_deliverable else None,
        desk=before.desk,
        portal_code=before.portal_code,
        portal_at=before.portal_at,
        official_no=before.official_no,
        due_at=before.due_at,
        system_code=before.system_code,
        system_at=before.system_at,
        system_former_code=before.system_former_code,
        system_former_at=before.system_former_at,
    )
    submissions.insert(db, submission, context.vault.seal(submissions.BODY, submission_id, body))
    hashes = lookup_hashes.person_hashes(context, procedure, answers=answers, today=before.day)
    lookups.insert(db, submission_id, hashes)
    matter_rows.delete(db, before.id)
    matter_rows.insert(db, submission_id, matters.matter_hashes(context, procedure, answers=answers, day=before.day))
    tickets.reassign(db, before.id, submission_id)
    inspections.reassign(db, before.id, submission_id)
    certified_copies.reassign(db, before.id, submission_id)
    sessions.reassign(db, before.id, submission_id)
    class_seats.move_place(
        db, context, before_id=before.id, submission_id=submission_id, procedure=procedure, answers=answers
    )
    if is_deliverable:
        due = _deadline_text(procedure, answers, before.day)
        sync.outbox.enqueue(db, submission_id, context.clock.now(), parent=before.id, legal_deadline=due)
        sync.outbox.move_events(db, before.id, submission_id)
    return submission


def is_clock_trusted(db: Database, context: Context, procedure: Procedure) -> bool:
    """Return whether the clock is trusted, and not before the day on which the form was compared with its legal source.

    That day (`checked_on`) is in the procedure's file: no form of this version can be filed before it.
    """
    return context.clock.today() >= procedure.checked_on and clock_trust.is_trusted(db, context)


def _status_page(context: Context, receipt_no: str, first_id: str) -> Mapping[str, str] | None:
    if not status_page.is_offered(context.config):
        return None
    return status_page.status_key(context, receipt_no, first_id).hashes


def _submission(
    context: Context, header: BodyHeader, *, procedure: Procedure, answers: Mapping[str, Any], body: bytes
) -> Submission:
    now = context.clock.now()
    number = applicant.id_number(procedure, answers, header.day)
    born_on = str(answers.get(applicant.answer_keys(procedure, answers, header.day).get("date_of_birth", "")) or "")
    digits = lookup_digits.of_person(number, born_on).digits
    return Submission(
        id=header.submission_id,
        receipt_no=header.receipt_no,
        procedure=procedure.code,
        version=procedure.version,
        unit=context.config.ward.unit_code,
        day=header.day,
        seq=0,  # the caller sets it: a new number of the day, or that of the first revision
        completed_at=now,
        touched_at=now,
        digest=sha256_hex(body),
        revision=header.revision,
        supersedes=header.supersedes,
        clock_trusted=header.clock_trusted,
        applicant_hash=context.vault.keyed_hash("applicant", number) if number else None,
        lookup_hash=lookup_hashes.lookup_hash(context, header.receipt_no, digits),
    )


def _deadline_text(procedure: Procedure, answers: Mapping[str, Any], day: date) -> str | None:
    deadline = deadlines.declaration_deadline(procedure, answers, day)
    return deadline.isoformat() if deadline else None


def _draw_ticket(db: Database, context: Context, form: FilledForm) -> Ticket:
    context.use_newest_plan()  # a lead may have removed the series after this request had begun
    series = series_letter(context, form.procedure.series)
    request = tickets.TicketRequest(submission_id=form.submission_id, priority=form.priority)
    return tickets.draw(db, context.clock.today(), series=series, now=context.clock.now(), request=request)


def _add_priority(db: Database, context: Context, ticket: Ticket, priority: Priority) -> Ticket:
    """Declare a group for the number that the citizen had; one that is declared or checked already stays."""
    if ticket.priority or ticket.is_confirmed or ticket.state not in tickets.IN_LINE:
        return ticket
    after = replace(ticket, priority=priority)
    now = context.clock.now()
    change = TicketChange(event="priority", at=now, actor="citizen", detail=f"{priority}/declared")
    return after if tickets.move(db, ticket, after, change) else ticket


def _attach_ticket(db: Database, context: Context, form: FilledForm, ticket_id: str) -> Ticket | None:
    """Attach a form to the number of the citizen; None where that has a form already or is of another day.

    A number that the citizen drew without an officer stays only with a form of its series.
    """
    submission_id = form.submission_id
    ticket = tickets.find(db, ticket_id)
    if ticket is not None and not form.assisted and ticket.series != series_letter(context, form.procedure.series):
        return None
    if ticket is None or ticket.day != context.clock.today() or not tickets.attach(db, ticket.id, submission_id):
        return None
    return replace(ticket, submission_id=submission_id)


def series_letter(context: Context, series_id: str) -> str:
    """Return the letter of a series of tickets; the first series for one that the ward does not have."""
    series = context.config.series_of(series_id) or context.config.series[0]
    return series.letter


# --- the body


def _applicant(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the contract's `applicant`."""
    fills = applicant.answer_keys(procedure, answers, today)
    values = {name: answers.get(key) for name, key in fills.items()}
    number = applicant.id_number(procedure, answers, today)
    home = values.get("residence") or {}
    person = {
        "fullName": values.get("full_name") or "",
        "idNumber": number,
        "bornOn": values.get("date_of_birth"),
        "sex": {"nam": "male", "nu": "female"}.get(str(values.get("sex") or sex_of(number))),
        "address": {key: home[key] for key in ("provinceCode", "wardCode", "detail") if home.get(key)} or None,
    }
    return {key: value for key, value in person.items() if value}


def serialize_body(
    context: Context,
    header: BodyHeader,
    procedure: Procedure,
    answers: Mapping[str, Any],
    form_extras: Mapping[str, Any],
) -> bytes:
    """Return a submission's body as UTF-8 JSON of the neutral contract.

    Args:
        form_extras: further members of `form`: `sources` (source of each answer: card, hand, kept, officer),
            `givers` (which officer gave each answer of that source) and `changes` (which officer changed which key
            last, and when).
    """
    return canonical_json(
        {
            "submissionId": header.submission_id,
            "kioskId": context.config.kiosk.id,
            "receiptNo": header.receipt_no,
            "revision": header.revision,
            "supersedes": header.supersedes,
            "unitCode": context.config.ward.unit_code,
            "procedureCode": procedure.code,
            "channel": "counter",
            "mode": "practice" if context.config.kiosk.practice else "live",
            "completedAt": clock.timestamp(context.clock.now()),
            "clockTrusted": header.clock_trusted,
            "assistance": dict(header.assistance) if header.assistance else None,
            "applicant": _applicant(procedure, answers, header.day),
            **_submitter(header),
            "form": {
                "formId": procedure.id,
                "formVersion": procedure.version,
                "answers": dict(answers),
                "readable": readable_answers(procedure, answers),
                **form_extras,
            },
            "documents": [],
            **({"statusPage": dict(header.status_page)} if header.status_page else {}),
        }
    )


def _submitter(header: BodyHeader) -> dict[str, Any]:
    """Return the contract's `submitter` and `relation`, where another person came for the applicant."""
    if header.submitter is None:
        return {}
    return {"submitter": dict(header.submitter), "relation": header.relation}


def _givers_member(givers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {"givers": dict(givers)} if givers else {}


def readable_answers(procedure: Procedure, answers: Mapping[str, Any]) -> list[list[str]]:
    """Return [label, text] of every answered field as the paper has it, in the order of the form."""
    return [
        [procedure.labels[item.key], kinds.of(item).on_paper(item, answers[item.key])]
        for item in procedure.fields
        if item.asked and not is_empty(answers.get(item.key))
    ]
