"""Callbacks of sync: the frozen bytes are sent unchanged, and each receipt of the portal is recorded once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

import sync.attempts
import sync.outbox
from kiosk.acts import deciding
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import status_labels
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.portal import delivery
from kiosk.records import audit, refusals, submissions
from kiosk.records.refusals import RefusedField
from kiosk.records.submissions import Submission
from sync.parcel import Event, FieldError, Outcome, Receipt, ReportedState, Subject, is_whole
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker


@pytest.fixture
def submission(walker: Walker) -> Submission:
    submit_form(walker.context)
    return submission_checks.only_submission(walker.context)


@pytest.fixture
def context(app: Flask, submission: Submission) -> Context:
    context: Context = app.extensions["context"]
    return context


def _settle(context: Context, submission: Submission, outcome: Outcome) -> Submission:
    with context.store.write() as db:
        delivery.apply_outcome(context, db, Subject(submission.id, "submission"), outcome)
    return submission_checks.only_submission(context)


def _receipt(submission: Submission, revision: int, code: int, note: str = "") -> Receipt:
    return Receipt(
        submission_id=submission.id,
        digest=submission.digest,
        received_at="2026-11-24T01:31:00.000Z",
        revision=revision,
        status_code=code,
        official_no="H57-1",
        due_at="2026-12-01T00:00:00.000Z",
        note=note,
    )


def test_a_parcel_has_the_bytes_that_were_frozen(context: Context, submission: Submission) -> None:
    parcel = delivery.open_subject(context, Subject(submission.id, "submission"))
    assert parcel is not None
    assert is_whole(parcel)
    assert parcel.digest == submission.digest
    again = delivery.open_subject(context, Subject(submission.id, "submission"))
    assert again is not None
    assert again.body == parcel.body


def test_a_wiped_or_damaged_body_cannot_be_opened(context: Context, submission: Submission) -> None:
    assert delivery.open_subject(context, Subject("0" * 32, "submission")) is None
    with context.store.write() as db:
        db.execute("update submissions set body = substr(body, 1, 40)")
    assert delivery.open_subject(context, Subject(submission.id, "submission")) is None
    with context.store.write() as db:
        submissions.expired_bodies(context.clock.now(), context.clock.now() + timedelta(days=1)).wipe_all(db)
    assert delivery.open_subject(context, Subject(submission.id, "submission")) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("created", "confirmed"),
        ("duplicate", "confirmed"),
        ("conflict", "quarantined"),
        ("invalid", "quarantined"),
        ("lost", "queued"),
    ],
)
def test_every_outcome_has_its_delivery_state(
    context: Context, submission: Submission, kind: str, expected: str
) -> None:
    outcome = Outcome(kind, errors=(FieldError("/form/answers/con_ho_ten", "pattern", "“Trần Nguyễn” odd"),))  # type: ignore[arg-type]
    assert _settle(context, submission, outcome).delivery == expected
    with context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, submission.id)]
    assert [line.act for line in lines] == ["submit"] + (["quarantine"] if expected == "quarantined" else [])
    assert "Trần" not in str(lines), "the trail quotes no answer"


NAME = FieldError("/form/answers/con_ho_ten", "pattern", "“Trần Nguyễn” odd")


def test_a_refusal_is_kept_sealed_for_the_officer_and_its_field_in_the_clear(
    context: Context, submission: Submission
) -> None:
    subject = Subject(submission.id, "submission")
    with context.store.write() as db:
        sync.outbox.mark_refused(db, subject, "record", "invalid", context.clock.now())
        delivery.apply_outcome(context, db, subject, Outcome("invalid", errors=(NAME, NAME)))
        (refusal,) = refusals.of(db, submission.id)
        assert refusal.attempt == sync.attempts.last_no(db, submission.id)
    assert refusal.fields == (RefusedField("con_ho_ten", "pattern"),)
    assert refusal.words is not None
    assert "Trần".encode() not in refusal.words
    errors = json.loads(context.vault.open(refusals.MESSAGES, submission.id, refusal.words))
    assert errors[0] == {"pointer": NAME.pointer, "code": "pattern", "message": NAME.message}


@pytest.mark.parametrize(
    ("pointer", "code", "stored_key", "stored_code"),
    [
        ("/form/answers/con_ho_ten/0", "max-length", "con_ho_ten", "max-length"),
        ("/form/answers/Trần Nguyễn Bảo Ngọc", "Trần Nguyễn", "", ""),
        ("/form/answers/046196000123", "046196000123", "", ""),
        ("/applicant/fullName", "required", "applicant", "required"),
        ("/Trần Nguyễn/x", "x" * 30, "", ""),
        ("", "", "", ""),
    ],
)
def test_only_fields_and_codes_that_the_form_knows_are_stored_unsealed(
    context: Context, submission: Submission, pointer: str, code: str, stored_key: str, stored_code: str
) -> None:
    _settle(context, submission, Outcome("invalid", errors=(FieldError(pointer, code, "…"),)))
    with context.store.read() as db:
        (refusal,) = refusals.of(db, submission.id)
    assert refusal.fields == (RefusedField(stored_key, stored_code),)


def test_a_refusal_of_a_decision_is_kept_sealed_too(context: Context, submission: Submission) -> None:
    decision = deciding.refuse(context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert decision is not None
    with context.store.write() as db:
        delivery.apply_outcome(context, db, Subject(decision.id, "event"), Outcome("invalid", errors=(NAME,)))
        refusal = refusals.last(db, decision.id)
    assert refusal is not None
    assert refusal.fields == (RefusedField("", "pattern"),)
    assert refusal.words is not None
    assert b"odd" in context.vault.open(refusals.MESSAGES, decision.id, refusal.words)


def test_the_words_of_a_refusal_are_deleted_with_the_body_and_its_fields_stay(
    context: Context, submission: Submission
) -> None:
    _settle(context, submission, Outcome("invalid", errors=(NAME,)))
    with context.store.write() as db:
        assert refusals.without_subject().wipe_all(db) == 0
        db.execute("update submissions set body = null")
        assert refusals.without_subject().wipe_all(db) == 1
        (refusal,) = refusals.of(db, submission.id)
    assert (refusal.words, refusal.fields) == (None, (RefusedField("con_ho_ten", "pattern"),))


def test_a_receipt_of_a_restored_portal_is_applied_as_it_comes(context: Context, submission: Submission) -> None:
    _settle(context, submission, Outcome("created", _receipt(submission, 7, 4)))
    with context.store.write() as db:
        delivery.apply_receipt(context, db, _receipt(submission, 1, 2))
    assert submission_checks.only_submission(context).portal_code == 2, (
        "a portal that was restored counts from the start"
    )


def test_a_receipt_that_repeats_the_status_is_no_news(
    context: Context, submission: Submission, clock: FixedClock
) -> None:
    first = _settle(context, submission, Outcome("created", _receipt(submission, 1, 5, "Thiếu giấy")))
    clock.advance(60)
    again = _settle(context, submission, Outcome("duplicate", _receipt(submission, 2, 5, "Thiếu giấy")))
    assert (again.portal_at, again.portal_revision) == (first.portal_at, 2)
    other_note = _settle(context, submission, Outcome("duplicate", _receipt(submission, 3, 5, "Thiếu ảnh")))
    assert other_note.portal_at == clock.now()


def test_a_state_at_the_system_behind_the_gateway_is_kept_with_the_one_before(
    context: Context, submission: Submission
) -> None:
    reported = ReportedState(
        code=4, at="2026-11-25T10:42:00+07:00", former_code=9, former_at="2026-11-25T02:10:00+00:00"
    )
    receipt = replace(_receipt(submission, 3, 4), reported=reported)
    after = _settle(context, submission, Outcome("created", receipt))
    label = "Ở hệ thống thành phố: H57-1, đang xử lý, lúc 10:42, 25/11/2026"
    former = "trước đó đã xử lý xong, lúc 09:10, 25/11/2026"
    assert status_labels.portal_label(after) == f"{label} ({former})"
    forward = replace(after, system_former_code=2)
    assert status_labels.portal_label(forward) == label, "only a state that went backwards is explained"
    older = _settle(context, submission, Outcome("created", _receipt(submission, 4, 4)))
    assert older.system_code is None, "a gateway of an older release, which was put back, reports none"


def test_the_portals_note_is_kept_sealed(context: Context, submission: Submission) -> None:
    after = _settle(context, submission, Outcome("created", _receipt(submission, 3, 2, "Trần Nguyễn Bảo Ngọc: đủ")))
    assert (after.portal_code, after.official_no) == (2, "H57-1")
    with context.store.read() as db:
        sealed = submissions.portal_note(db, submission.id)
    assert sealed is not None
    assert "Bảo Ngọc".encode() not in sealed
    assert context.vault.open(delivery.PORTAL_NOTE, submission.id, sealed).decode().endswith("đủ")


def test_an_event_is_sent_with_the_correction_of_a_form_that_the_portal_refused(
    context: Context, submission: Submission
) -> None:
    decision = deciding.refuse(context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert decision is not None
    first = delivery.open_subject(context, Subject(decision.id, "event"))
    assert isinstance(first, Event)
    assert is_whole(first)
    assert (first.submission_id, first.seq, first.digest) == (submission.id, 1, decision.digest)
    _settle(context, submission, Outcome("invalid", errors=(FieldError("/form", "pattern", "odd"),)))
    correction_id = codes.new_id()
    with context.store.write() as db:
        submissions.insert(db, replace(submission, id=correction_id, revision=2, supersedes=submission.id), b"sealed")
    events = [delivery.open_subject(context, Subject(decision.id, "event")) for _ in range(2)]
    assert events[0] == events[1]
    assert isinstance(events[0], Event)
    assert is_whole(events[0])
    assert events[0].submission_id == correction_id
    assert json.loads(events[0].body) == json.loads(first.body) | {"submissionId": correction_id}


def test_a_wiped_or_damaged_event_cannot_be_opened(context: Context, submission: Submission) -> None:
    decision = deciding.refuse(context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert decision is not None
    assert delivery.open_subject(context, Subject("0" * 36, "event")) is None
    with context.store.write() as db:
        db.execute("update decisions set event = substr(event, 1, 40)")
    assert delivery.open_subject(context, Subject(decision.id, "event")) is None
    with context.store.write() as db:
        db.execute("update decisions set event = null")
    assert delivery.open_subject(context, Subject(decision.id, "event")) is None
