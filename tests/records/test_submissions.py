import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.records import submissions
from kiosk.records.submissions import Delivery, PortalReceipt, Submission
from kiosk.store.db import Store

DAY = date(2026, 11, 24)


def make_submission(clock: FixedClock, seq: int = 17) -> Submission:
    number = codes.receipt_no("PK03", DAY, seq)
    return Submission(
        id=codes.new_id(),
        receipt_no=number,
        procedure="1.001193",
        version="2026-11",
        unit="H57.99.01",
        day=DAY,
        seq=seq,
        completed_at=clock.now(),
        digest="a" * 64,
        applicant_hash="applicant",
        lookup_hash=f"lookup-{seq}",
        touched_at=clock.now(),
    )


@pytest.fixture
def submission(store: Store, clock: FixedClock) -> Submission:
    """Insert a queued submission with a sealed body."""
    submission = make_submission(clock)
    with store.write() as db:
        submissions.insert(db, submission, b"sealed")
    return submission


def reload(store: Store, submission: Submission) -> Submission:
    with store.read() as db:
        row = submissions.find(db, submission.id)
    assert row is not None
    return row


def test_a_submission_is_found_as_it_was_handed_in(store: Store, submission: Submission) -> None:
    assert reload(store, submission) == submission
    with store.read() as db:
        assert submissions.body(db, submission.id) == b"sealed"
        assert submissions.by_receipt(db, submission.receipt_no) == submission
        assert submissions.by_lookup(db, "lookup-17") == submission
        assert submissions.by_applicant(db, "applicant") == [submission]
        assert submissions.of_day(db, DAY) == [submission]
        assert submissions.find(db, codes.new_id()) is None
        assert submissions.by_lookup(db, "lookup-18") is None
        assert submissions.body(db, codes.new_id()) is None


def test_a_receipt_number_is_never_used_twice(store: Store, clock: FixedClock, submission: Submission) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        submissions.insert(db, replace(make_submission(clock), receipt_no="PK03-261124-0099-X"), b"sealed")
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        submissions.insert(db, replace(make_submission(clock), seq=99), b"sealed")


def test_a_correction_keeps_the_number_and_look_up_shows_the_last(
    store: Store, clock: FixedClock, submission: Submission
) -> None:
    correction = replace(make_submission(clock), revision=2, supersedes=submission.id)
    with store.write() as db:
        submissions.insert(db, correction, b"sealed again")
    with store.read() as db:
        assert submissions.by_receipt(db, submission.receipt_no) == correction
        assert submissions.by_lookup(db, "lookup-17") == correction
        assert submissions.body(db, submission.id) == b"sealed"
    assert reload(store, submission).closed_at == clock.now()


def test_a_correction_that_corrects_nothing_is_refused(store: Store, clock: FixedClock) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        submissions.insert(db, replace(make_submission(clock), revision=2), b"sealed")


def test_what_waits_to_leave_is_counted(store: Store, clock: FixedClock, submission: Submission) -> None:
    with store.write() as db:
        submissions.insert(db, replace(make_submission(clock, 18), delivery=None), b"goes nowhere")
        submissions.insert(db, make_submission(clock, 19), b"sealed")
        submissions.set_delivery(db, submission.id, "sent", clock.now())
        assert submissions.count_queued(db) == 1


def test_withdrawn_is_the_end(store: Store, clock: FixedClock, submission: Submission) -> None:
    with store.write() as db:
        assert submissions.set_delivery(db, submission.id, "withdrawn", clock.now())
        assert not submissions.set_delivery(db, submission.id, "sent", clock.now())
        submissions.set_desk(db, submission.id, "waiting", clock.now())
        assert not submissions.set_delivery(db, codes.new_id(), "sent", clock.now())
    assert (reload(store, submission).delivery, reload(store, submission).closed_at) == ("withdrawn", clock.now())


def test_a_restored_portals_receipt_is_stored_though_its_revision_is_smaller(
    store: Store, clock: FixedClock, submission: Submission
) -> None:
    with store.write() as db:
        for revision, code in ((5, 4), (2, 9)):
            receipt = PortalReceipt(code=code, revision=revision, at=clock.now(), official_no=f"H57-{revision}")
            assert submissions.apply_receipt(db, submission.id, receipt, clock.now())
        unknown = PortalReceipt(code=2, revision=1, at=clock.now())
        assert not submissions.apply_receipt(db, codes.new_id(), unknown, clock.now())
    last = reload(store, submission)
    assert (last.portal_revision, last.portal_code, last.official_no) == (2, 9, "H57-2")


def test_the_portals_note_is_kept_apart_and_sealed(store: Store, clock: FixedClock, submission: Submission) -> None:
    due_at = clock.now() + timedelta(days=3)
    receipt = PortalReceipt(code=5, revision=1, at=clock.now(), due_at=due_at, note=b"sealed note")
    with store.write() as db:
        assert submissions.apply_receipt(db, submission.id, receipt, clock.now())
        assert submissions.portal_note(db, submission.id) == b"sealed note"
        assert submissions.portal_note(db, codes.new_id()) is None
    assert reload(store, submission).due_at == due_at


def wipe(store: Store, clock: FixedClock) -> int:
    with store.write() as db:
        return submissions.expired_bodies(clock.now() - timedelta(days=30), clock.now() - timedelta(days=365)).wipe_all(
            db
        )


def test_a_body_outlives_its_case_by_thirty_days_and_the_facts_stay(
    store: Store, clock: FixedClock, submission: Submission
) -> None:
    with store.write() as db:
        submissions.set_delivery(db, submission.id, "confirmed", clock.now())
        submissions.set_desk(db, submission.id, "handed_out", clock.now())
    clock.advance(30 * 86400)
    assert wipe(store, clock) == 0
    clock.advance(1)
    assert wipe(store, clock) == 1
    assert wipe(store, clock) == 0
    with store.read() as db:
        assert submissions.body(db, submission.id) is None
        assert submissions.by_lookup(db, "lookup-17") is not None


def test_an_open_case_keeps_its_body_until_a_year_without_a_change(
    store: Store, clock: FixedClock, submission: Submission
) -> None:
    with store.write() as db:
        submissions.set_delivery(db, submission.id, "confirmed", clock.now())
    clock.advance(364 * 86400)
    assert wipe(store, clock) == 0
    clock.advance(2 * 86400)
    assert wipe(store, clock) == 1


@pytest.mark.parametrize("waits", ["queued", "sent"])
def test_a_submission_that_waits_for_the_connection_keeps_its_body(
    store: Store, clock: FixedClock, submission: Submission, waits: Delivery
) -> None:
    with store.write() as db:
        submissions.set_desk(db, submission.id, "refused", clock.now())
        submissions.set_delivery(db, submission.id, waits, clock.now())
    clock.advance(400 * 86400)
    assert wipe(store, clock) == 0
    with store.write() as db:
        submissions.set_delivery(db, submission.id, "confirmed", clock.now())
    clock.advance(400 * 86400)
    assert wipe(store, clock) == 1


def test_a_case_that_opens_again_is_no_longer_closed(store: Store, clock: FixedClock, submission: Submission) -> None:
    with store.write() as db:
        submissions.set_desk(db, submission.id, "refused", clock.now())
        submissions.set_desk(db, submission.id, "accepted", clock.now())
        assert not submissions.set_desk(db, codes.new_id(), "accepted", clock.now())
    assert (reload(store, submission).desk, reload(store, submission).closed_at) == ("accepted", None)
