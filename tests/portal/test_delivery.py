"""Callbacks of sync: the frozen bytes are sent unchanged, and each receipt of the portal is recorded once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

import sync.attempts
import sync.outbox
from kiosk import codes
from kiosk.acts import deciding
from kiosk.acts.deciding import CaseRequest
from kiosk.context import Context
from kiosk.portal import delivery
from kiosk.records import audit, refusals, submissions
from kiosk.records.refusals import RefusedField
from kiosk.records.submissions import Submission
from sync.parcel import Event, FieldError, Outcome, Receipt, Subject, is_whole
from tests.journeys import filed
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


@pytest.fixture
def found(walker: Walker) -> Submission:
    submit(birth_until_check(walker))
    return filed.only_submission(walker.context)


@pytest.fixture
def context(app: Flask, found: Submission) -> Context:
    here: Context = app.extensions["context"]
    return here


def _settle(context: Context, found: Submission, outcome: Outcome) -> Submission:
    with context.store.write() as db:
        delivery.apply_outcome(context, db, Subject(found.id, "submission"), outcome)
    return filed.only_submission(context)


def _receipt(found: Submission, revision: int, code: int, note: str = "") -> Receipt:
    return Receipt(
        submission_id=found.id,
        digest=found.digest,
        received_at="2026-11-24T01:31:00.000Z",
        revision=revision,
        status_code=code,
        official_no="H57-1",
        due_at="2026-12-01T00:00:00.000Z",
        note=note,
    )


def test_a_parcel_holds_the_bytes_that_were_frozen(context: Context, found: Submission) -> None:
    parcel = delivery.open_subject(context, Subject(found.id, "submission"))
    assert parcel is not None
    assert is_whole(parcel)
    assert parcel.digest == found.digest
    again = delivery.open_subject(context, Subject(found.id, "submission"))
    assert again is not None
    assert again.body == parcel.body


def test_what_was_wiped_or_moved_cannot_be_packed(context: Context, found: Submission) -> None:
    assert delivery.open_subject(context, Subject("0" * 32, "submission")) is None
    with context.store.write() as db:
        db.execute("update submissions set body = substr(body, 1, 40)")
    assert delivery.open_subject(context, Subject(found.id, "submission")) is None
    with context.store.write() as db:
        submissions.wipe(db, context.clock.now(), context.clock.now() + timedelta(days=1))
    assert delivery.open_subject(context, Subject(found.id, "submission")) is None


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("created", "confirmed"),
        ("duplicate", "confirmed"),
        ("conflict", "quarantined"),
        ("invalid", "quarantined"),
        ("lost", "queued"),
    ],
)
def test_every_outcome_has_its_standing(context: Context, found: Submission, kind: str, stands: str) -> None:
    outcome = Outcome(kind, errors=(FieldError("/form/answers/con_ho_ten", "pattern", "“Trần Nguyễn” odd"),))  # type: ignore[arg-type]
    assert _settle(context, found, outcome).delivery == stands
    with context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, found.id)]
    assert [line.act for line in lines] == ["submit"] + (["quarantine"] if stands == "quarantined" else [])
    assert "Trần" not in str(lines), "the trail quotes no answer"


NAME = FieldError("/form/answers/con_ho_ten", "pattern", "“Trần Nguyễn” odd")


def test_a_refusal_is_kept_sealed_for_the_officer_and_its_field_in_the_clear(
    context: Context, found: Submission
) -> None:
    subject = Subject(found.id, "submission")
    with context.store.write() as db:
        sync.outbox.mark_refused(db, subject, "record", "invalid", context.clock.now())
        delivery.apply_outcome(context, db, subject, Outcome("invalid", errors=(NAME, NAME)))
        (kept,) = refusals.of(db, found.id)
        assert kept.attempt == sync.attempts.last_no(db, found.id)
    assert kept.fields == (RefusedField("con_ho_ten", "pattern"),)
    assert kept.words is not None
    assert "Trần".encode() not in kept.words
    said = json.loads(context.vault.open(refusals.WORDS, found.id, kept.words))
    assert said[0] == {"pointer": NAME.pointer, "code": "pattern", "message": NAME.message}


@pytest.mark.parametrize(
    ("pointer", "code", "key", "told"),
    [
        ("/form/answers/con_ho_ten/0", "max-length", "con_ho_ten", "max-length"),
        ("/form/answers/Trần Nguyễn Bảo Ngọc", "Trần Nguyễn", "", ""),
        ("/form/answers/046196000123", "046196000123", "", ""),
        ("/applicant/fullName", "required", "applicant", "required"),
        ("/Trần Nguyễn/x", "x" * 30, "", ""),
        ("", "", "", ""),
    ],
)
def test_only_what_the_form_itself_knows_is_told_in_the_clear(
    context: Context, found: Submission, pointer: str, code: str, key: str, told: str
) -> None:
    _settle(context, found, Outcome("invalid", errors=(FieldError(pointer, code, "…"),)))
    with context.store.read() as db:
        (kept,) = refusals.of(db, found.id)
    assert kept.fields == (RefusedField(key, told),)


def test_what_the_portal_says_against_an_act_is_kept_sealed_too(context: Context, found: Submission) -> None:
    made = deciding.refuse(context, CaseRequest(found.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    with context.store.write() as db:
        delivery.apply_outcome(context, db, Subject(made.id, "event"), Outcome("invalid", errors=(NAME,)))
        kept = refusals.last(db, made.id)
    assert kept is not None
    assert kept.fields == (RefusedField("", "pattern"),)
    assert kept.words is not None
    assert b"odd" in context.vault.open(refusals.WORDS, made.id, kept.words)


def test_the_words_of_a_refusal_go_with_the_body_and_its_fields_stay(context: Context, found: Submission) -> None:
    _settle(context, found, Outcome("invalid", errors=(NAME,)))
    with context.store.write() as db:
        assert refusals.wipe(db) == 0
        db.execute("update submissions set body = null")
        assert refusals.wipe(db) == 1
        (kept,) = refusals.of(db, found.id)
    assert (kept.words, kept.fields) == (None, (RefusedField("con_ho_ten", "pattern"),))


def test_a_word_of_another_portal_life_is_taken_as_it_comes(context: Context, found: Submission) -> None:
    _settle(context, found, Outcome("created", _receipt(found, 7, 4)))
    with context.store.write() as db:
        delivery.apply_receipt(context, db, _receipt(found, 1, 2))
    assert filed.only_submission(context).portal_code == 2, "a portal that was restored counts from the start"


def test_the_portals_word_is_kept_sealed(context: Context, found: Submission) -> None:
    after = _settle(context, found, Outcome("created", _receipt(found, 3, 2, "Trần Nguyễn Bảo Ngọc: đủ")))
    assert (after.portal_code, after.official_no) == (2, "H57-1")
    with context.store.read() as db:
        sealed = submissions.portal_note(db, found.id)
    assert sealed is not None
    assert "Bảo Ngọc".encode() not in sealed
    assert context.vault.open(delivery.PORTAL_NOTE, found.id, sealed).decode().endswith("đủ")


def test_an_event_goes_with_the_correction_of_a_form_that_the_portal_refused(
    context: Context, found: Submission
) -> None:
    made = deciding.refuse(context, CaseRequest(found.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    first = delivery.open_subject(context, Subject(made.id, "event"))
    assert isinstance(first, Event)
    assert is_whole(first)
    assert (first.submission_id, first.seq, first.digest) == (found.id, 1, made.digest)
    _settle(context, found, Outcome("invalid", errors=(FieldError("/form", "pattern", "odd"),)))
    heir = codes.new_id()
    with context.store.write() as db:
        submissions.insert(db, replace(found, id=heir, revision=2, supersedes=found.id), b"sealed")
    moved = [delivery.open_subject(context, Subject(made.id, "event")) for _ in range(2)]
    assert moved[0] == moved[1]
    assert isinstance(moved[0], Event)
    assert is_whole(moved[0])
    assert moved[0].submission_id == heir
    assert json.loads(moved[0].body) == json.loads(first.body) | {"submissionId": heir}


def test_an_event_that_was_wiped_or_moved_cannot_be_packed(context: Context, found: Submission) -> None:
    made = deciding.refuse(context, CaseRequest(found.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    assert delivery.open_subject(context, Subject("0" * 36, "event")) is None
    with context.store.write() as db:
        db.execute("update decisions set event = substr(event, 1, 40)")
    assert delivery.open_subject(context, Subject(made.id, "event")) is None
    with context.store.write() as db:
        db.execute("update decisions set event = null")
    assert delivery.open_subject(context, Subject(made.id, "event")) is None
