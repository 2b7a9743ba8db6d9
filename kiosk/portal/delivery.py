"""Callbacks of the sync engine: open a subject for delivery, record its outcome, record a receipt.

`open_subject` opens the vault at the moment of sending and at no other. `apply_outcome`, `apply_receipt` and
`record_payment` run inside the write that moves the outbox row or the cursor, so that the two never disagree.
"""

import json
import re
from functools import partial

from sqlite_utils import Database

import sync.attempts
from kiosk.base import clock
from kiosk.base.errors import SealBroken
from kiosk.context import Context
from kiosk.dossiers.scan_events import update_dossier_delivery
from kiosk.records import audit, decisions, payment_notices, refusals, submissions
from kiosk.records.decisions import EventDelivery
from kiosk.records.refusals import RefusedField
from kiosk.records.submissions import PortalReceipt, Submission, SystemState
from sync.encoding import canonical_json, sha256_hex
from sync.parcel import Event, FieldError, Outcome, Parcel, Payload, PaymentNotice, Receipt, Subject

PORTAL_NOTE = "portal-note"
"""Vault purpose of the portal's note."""
DELIVERY_BY_OUTCOME: dict[str, EventDelivery] = {
    "created": "confirmed",
    "duplicate": "confirmed",
    "conflict": "quarantined",
    "invalid": "quarantined",
    "lost": "queued",
}
"""Delivery state after an outcome. A submission's `Delivery` has these words too, with the same meaning."""

ANSWER_POINTER = "/form/answers/"
BODY_MEMBERS = (
    "receiptNo",
    "revision",
    "unitCode",
    "procedureCode",
    "applicant",
    "submitter",
    "form",
    "documents",
    "fees",
)
"""Members of a body that a pointer may name besides an answer."""
ERROR_CODE = re.compile(r"[a-z][a-z_-]{1,23}")


def open_subject(context: Context, subject: Subject) -> Payload | None:
    """Return the frozen bytes of a submission or of an event; None when they cannot be opened any more."""
    return _event(context, subject.id) if subject.kind == "event" else _parcel(context, subject)


def _parcel(context: Context, subject: Subject) -> Parcel | None:
    with context.store.read() as db:
        submission = submissions.find(db, subject.id)
        sealed = submissions.body(db, subject.id)
    if submission is None or sealed is None:
        return None
    try:
        body = context.vault.open(submissions.BODY, subject.id, sealed)
    except SealBroken:
        return None
    return Parcel(
        submission_id=subject.id,
        digest=submission.digest,
        body=body,
        receipt_no=submission.receipt_no,
        supersedes=submission.supersedes,
    )


def _event(context: Context, decision_id: str) -> Event | None:
    with context.store.read() as db:
        decision = decisions.find(db, decision_id)
        sealed = decisions.event(db, decision_id)
        submission = _latest_after_refusal(db, decision.submission_id) if decision else None
    if decision is None or decision.digest is None or sealed is None or submission is None:
        return None
    try:
        body = context.vault.open(decisions.EVENT, decision_id, sealed)
    except SealBroken:
        return None
    digest = decision.digest
    if submission.id != decision.submission_id:
        # The portal refused the submission on which the desk decided, so the event names the correction. Its bytes are
        # the same at every attempt.
        body = canonical_json(json.loads(body) | {"submissionId": submission.id})
        digest = sha256_hex(body)
    return Event(event_id=decision.id, submission_id=submission.id, seq=decision.seq, digest=digest, body=body)


def _latest_after_refusal(db: Database, submission_id: str) -> Submission | None:
    """Return the submission of an event; where the portal refused it, its latest correction."""
    submission = submissions.find(db, submission_id)
    while (
        submission
        and submission.delivery == "quarantined"
        and (correction := submissions.correction_of(db, submission.id))
    ):
        submission = correction
    return submission


def apply_outcome(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    """Record the outcome of a submission or an event: delivered, queued again, or refused and kept for an officer."""
    if subject.kind == "event":
        _apply_to_event(context, db, subject=subject, outcome=outcome)
    else:
        _apply_to_submission(context, db, subject=subject, outcome=outcome)


def _apply_to_event(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    delivery = DELIVERY_BY_OUTCOME[outcome.kind]
    decisions.set_delivery(db, subject.id, delivery)
    decision = decisions.find(db, subject.id)
    if delivery == "quarantined" and decision is not None:
        _insert_refusal(context, db, subject.id, outcome=outcome, field_keys=())
        facts: dict[str, audit.AuditFact] = {"event": decision.kind, "seq": decision.seq}
        line = audit.AuditLine(act="quarantine", actor="portal", subject=decision.submission_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _apply_to_submission(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    now = context.clock.now()
    delivery = DELIVERY_BY_OUTCOME[outcome.kind]
    submissions.set_delivery(db, submission_id=subject.id, delivery=delivery, now=now)
    if delivery == "confirmed" and (submission := submissions.find(db, subject.id)):
        update_dossier_delivery(context, db, submission.receipt_no)
    if outcome.receipt is not None:
        apply_receipt(context, db, outcome.receipt)
    if delivery == "quarantined":
        _quarantine(context, db, submission_id=subject.id, outcome=outcome)


def apply_receipt(context: Context, db: Database, receipt: Receipt) -> None:
    """Record a receipt of the portal, from an outcome or from the changes feed; sync drops those that are not newer.

    A receipt that repeats the status is no news: `portal_at` stays. A portal sends one after an event of the desk.
    """
    submission = submissions.find(db, receipt.submission_id)
    at = context.clock.now()
    if submission and submission.portal_at and _repeats(context, db, submission, receipt):
        at = submission.portal_at
    note = context.vault.seal(PORTAL_NOTE, receipt.submission_id, receipt.note.encode()) if receipt.note else None
    portal_receipt = PortalReceipt(
        code=receipt.status_code,
        revision=receipt.revision,
        at=at,
        official_no=receipt.official_no,
        due_at=clock.parse_timestamp(receipt.due_at) if receipt.due_at else None,
        note=note,
        system=_system_state(receipt),
    )
    submissions.apply_receipt(db, submission_id=receipt.submission_id, receipt=portal_receipt, now=context.clock.now())
    if receipt.missing_files and submission:
        update_dossier_delivery(context, db, submission.receipt_no)


def record_payment(context: Context, db: Database, notice: PaymentNotice) -> None:
    """Record a payment notice of the changes feed once; `acts.crediting` matches it afterwards."""
    payment_notices.record(db, notice, context.clock.today(), context.clock.now())


def _system_state(receipt: Receipt) -> SystemState:
    """Return the state at the system behind the gateway; empty from a portal that reports none."""
    reported = receipt.reported
    if reported is None:
        return SystemState()
    return SystemState(
        code=reported.code,
        at=clock.parse_timestamp(reported.at),
        former_code=reported.former_code,
        former_at=clock.parse_timestamp(reported.former_at) if reported.former_at else None,
    )


def _repeats(context: Context, db: Database, submission: Submission, receipt: Receipt) -> bool:
    """Return whether a receipt has the status, number, due date and note that the submission has already."""
    due_at = clock.parse_timestamp(receipt.due_at) if receipt.due_at else None
    status = (submission.portal_code, submission.official_no, submission.due_at)
    is_same = status == (receipt.status_code, receipt.official_no, due_at)
    return is_same and _open_note(context, db, submission.id) == receipt.note


def portal_note(context: Context, submission_id: str) -> str:
    """Return the portal's note on a submission, for readers of its body; empty when there is none."""
    with context.store.read() as db:
        return _open_note(context, db, submission_id)


def _open_note(context: Context, db: Database, submission_id: str) -> str:
    sealed = submissions.portal_note(db, submission_id)
    try:
        return context.vault.open(PORTAL_NOTE, submission_id, sealed).decode() if sealed else ""
    except SealBroken:
        return ""


def sync_callbacks(context: Context) -> tuple["partial[Payload | None]", "partial[None]", "partial[None]"]:
    """Return `open_subject`, `apply_outcome` and `apply_receipt`, bound to a context."""
    return partial(open_subject, context), partial(apply_outcome, context), partial(apply_receipt, context)


def _quarantine(context: Context, db: Database, submission_id: str, outcome: Outcome) -> None:
    submission = submissions.find(db, submission_id)
    procedure = context.catalogue.version(submission.procedure, submission.version) if submission else None
    field_keys = tuple(procedure.by_key) if procedure else ()
    _insert_refusal(context, db, submission_id, outcome=outcome, field_keys=field_keys)
    line = audit.AuditLine("quarantine", "portal", submission_id)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _insert_refusal(
    context: Context, db: Database, subject_id: str, *, outcome: Outcome, field_keys: tuple[str, ...]
) -> None:
    """Store the errors of a portal: their messages sealed, because they may quote an answer; fields and codes plain."""
    errors = [{"pointer": error.pointer, "code": error.code, "message": error.message} for error in outcome.errors]
    sealed = context.vault.seal(refusals.MESSAGES, subject_id, json.dumps(errors, ensure_ascii=False).encode())
    fields = tuple(dict.fromkeys(_refused_field(error, field_keys) for error in outcome.errors))
    attempt = sync.attempts.last_no(db, subject_id)
    refusals.insert(db, subject=subject_id, attempt=attempt, now=context.clock.now(), fields=fields, messages=sealed)


def _refused_field(error: FieldError, field_keys: tuple[str, ...]) -> RefusedField:
    """Return the field and code of an error; only known fields count, because a portal may send anything."""
    code = error.code if ERROR_CODE.fullmatch(error.code) else ""
    if error.pointer.startswith(ANSWER_POINTER):
        key = error.pointer.removeprefix(ANSWER_POINTER).partition("/")[0]
        return RefusedField(key if key in field_keys else "", code)
    member = error.pointer.lstrip("/").partition("/")[0]
    return RefusedField(member if member in BODY_MEMBERS else "", code)
