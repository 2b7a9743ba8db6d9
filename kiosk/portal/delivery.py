"""Between kiosk and sync: what an outbox row means, and what the portal's word does.

`pack` opens the vault at the moment of sending and at no other; `settle` and `heard` run inside the write that
moves the outbox row or the cursor, so that the two never disagree.
"""

import json
import re
from functools import partial

from sqlite_utils import Database

import sync.attempts
from kiosk import clock
from kiosk.context import Context
from kiosk.dossiers.scan_events import update_delivery
from kiosk.errors import SealBroken
from kiosk.records import audit, decisions, refusals, submissions
from kiosk.records.decisions import EventDelivery
from kiosk.records.refusals import RefusedField
from kiosk.records.submissions import Delivery, PortalReceipt, Submission
from sync.encoding import sha256_hex
from sync.parcel import Event, FieldError, Load, Outcome, Parcel, Receipt, Subject

PORTAL_NOTE = "portal-note"
DELIVERY_BY_OUTCOME: dict[str, Delivery] = {
    "created": "confirmed",
    "duplicate": "confirmed",
    "conflict": "quarantined",
    "invalid": "quarantined",
    "lost": "queued",
}
EVENT_DELIVERY_BY_OUTCOME: dict[str, EventDelivery] = {
    "created": "confirmed",
    "duplicate": "confirmed",
    "conflict": "quarantined",
    "invalid": "quarantined",
    "lost": "queued",
}

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


def open_subject(context: Context, subject: Subject) -> Load | None:
    """Return the frozen bytes of a submission or of an event; None when they cannot be opened any more."""
    return _event(context, subject.id) if subject.kind == "event" else _parcel(context, subject)


def _parcel(context: Context, subject: Subject) -> Parcel | None:
    with context.store.read() as db:
        found = submissions.find(db, subject.id)
        sealed = submissions.body(db, subject.id)
    if found is None or sealed is None:
        return None
    try:
        body = context.vault.open(submissions.BODY, subject.id, sealed)
    except SealBroken:
        return None
    return Parcel(subject.id, found.digest, body, found.receipt_no, found.supersedes)


def _event(context: Context, decision_id: str) -> Event | None:
    with context.store.read() as db:
        found, sealed = decisions.find(db, decision_id), decisions.event(db, decision_id)
        taken = _taken_up(db, found.submission_id) if found else None
    if found is None or found.digest is None or sealed is None or taken is None:
        return None
    try:
        body = context.vault.open(decisions.EVENT, decision_id, sealed)
    except SealBroken:
        return None
    if taken.id == found.submission_id:
        return Event(found.id, found.submission_id, found.seq, found.digest, body)
    # The portal never took the submission that the desk had before it: the act goes with the correction, once and for
    # all times with the same bytes.
    moved = json.loads(body) | {"submissionId": taken.id}
    told = json.dumps(moved, ensure_ascii=False, separators=(",", ":")).encode()
    return Event(found.id, taken.id, found.seq, sha256_hex(told), told)


def _taken_up(db: Database, submission_id: str) -> Submission | None:
    """Find the submission that an event speaks of: where the portal refused it, the correction in its place."""
    found = submissions.find(db, submission_id)
    while found and found.delivery == "quarantined" and (heir := submissions.correction_of(db, found.id)):
        found = heir
    return found


def apply_outcome(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    """Write down what became of a submission or an event: it stands at the portal, or somebody must look."""
    if subject.kind == "event":
        _settle_event(context, db, subject, outcome)
    else:
        _settle_submission(context, db, subject, outcome)


def _settle_event(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    stands = EVENT_DELIVERY_BY_OUTCOME[outcome.kind]
    decisions.set_delivery(db, subject.id, stands)
    found = decisions.find(db, subject.id)
    if stands == "quarantined" and found is not None:
        _keep_refusal(context, db, subject.id, outcome, ())
        facts: dict[str, audit.AuditFact] = {"event": found.kind, "seq": found.seq}
        line = audit.AuditLine("quarantine", "portal", found.submission_id, facts)
        audit.append(db, context.audit_key(), context.clock.now(), line)


def _settle_submission(context: Context, db: Database, subject: Subject, outcome: Outcome) -> None:
    now = context.clock.now()
    stands = DELIVERY_BY_OUTCOME[outcome.kind]
    submissions.set_delivery(db, subject.id, stands, now)
    if stands == "confirmed" and (found := submissions.find(db, subject.id)):
        update_delivery(context, db, found.receipt_no)
    if outcome.receipt is not None:
        apply_receipt(context, db, outcome.receipt)
    if stands == "quarantined":
        _quarantine(context, db, subject.id, outcome)


def apply_receipt(context: Context, db: Database, receipt: Receipt) -> None:
    """Write down the portal's later word; what is old news was held back by sync."""
    word = PortalReceipt(
        code=receipt.status_code,
        revision=receipt.revision,
        at=context.clock.now(),
        official_no=receipt.official_no,
        due_at=clock.parse_timestamp(receipt.due_at) if receipt.due_at else None,
        note=context.vault.seal(PORTAL_NOTE, receipt.submission_id, receipt.note.encode()) if receipt.note else None,
    )
    submissions.apply_receipt(db, receipt.submission_id, word, context.clock.now())
    if receipt.missing_files and (found := submissions.find(db, receipt.submission_id)):
        update_delivery(context, db, found.receipt_no)


def portal_note(context: Context, submission_id: str) -> str:
    """Return what the portal wrote to a submission, for whoever may read its body; empty when it wrote nothing."""
    with context.store.read() as db:
        sealed = submissions.portal_note(db, submission_id)
    try:
        return context.vault.open(PORTAL_NOTE, submission_id, sealed).decode() if sealed else ""
    except SealBroken:
        return ""


def sync_callbacks(context: Context) -> tuple["partial[Load | None]", "partial[None]", "partial[None]"]:
    """Return pack, settle and heard of a room, as sync asks for them."""
    return partial(open_subject, context), partial(apply_outcome, context), partial(apply_receipt, context)


def _quarantine(context: Context, db: Database, submission_id: str, outcome: Outcome) -> None:
    found = submissions.find(db, submission_id)
    procedure = context.catalogue.version(found.procedure, found.version) if found else None
    _keep_refusal(context, db, submission_id, outcome, tuple(procedure.by_key) if procedure else ())
    line = audit.AuditLine("quarantine", "portal", submission_id)
    audit.append(db, context.audit_key(), context.clock.now(), line)


def _keep_refusal(context: Context, db: Database, subject: str, outcome: Outcome, keys: tuple[str, ...]) -> None:
    """Keep what the portal said: the words sealed, for they may quote an answer; fields and codes in the clear."""
    said = [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in outcome.errors]
    words = context.vault.seal(refusals.WORDS, subject, json.dumps(said, ensure_ascii=False).encode())
    fields = tuple(dict.fromkeys(_objection(one, keys) for one in outcome.errors))
    attempt = sync.attempts.last_no(db, subject)
    refusals.insert(db, subject, attempt, context.clock.now(), fields, words)


def _objection(error: FieldError, keys: tuple[str, ...]) -> RefusedField:
    """Name a field by a key that the form itself knows: what a portal says may hold anything."""
    code = error.code if ERROR_CODE.fullmatch(error.code) else ""
    if error.pointer.startswith(ANSWER_POINTER):
        key = error.pointer.removeprefix(ANSWER_POINTER).partition("/")[0]
        return RefusedField(key if key in keys else "", code)
    part = error.pointer.lstrip("/").partition("/")[0]
    return RefusedField(part if part in BODY_MEMBERS else "", code)
