from datetime import date

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.records import seats, submissions
from kiosk.records.submissions import Submission
from kiosk.store.db import Store

THURSDAY = "2026-11-26T14:00 Hội trường"
NEXT_WEEK = "2026-12-03T14:00 Hội trường"


def insert(store: Store, clock: FixedClock, seq: int) -> str:
    submission = Submission(
        id=codes.new_id(),
        receipt_no=f"PK03-261124-{seq:04d}-A",
        procedure="LOCAL-TAPHUAN",
        version="2026-11",
        unit="H57.99.01",
        day=clock.today(),
        seq=seq,
        completed_at=clock.now(),
        digest="0" * 64,
        delivery=None,
    )
    with store.write() as db:
        submissions.insert(db, submission, b"sealed")
    return submission.id


def test_seats_are_counted_by_session_from_today_on(store: Store, clock: FixedClock) -> None:
    first = insert(store, clock, 1)
    second = insert(store, clock, 2)
    with store.write() as db:
        seats.assign(db, first, THURSDAY)
        seats.assign(db, second, THURSDAY)
        assert seats.count_by_session(db, clock.today()) == {THURSDAY: 2}
        assert seats.count_by_session(db, date(2026, 11, 27)) == {}


def test_who_asks_again_changes_the_seat(store: Store, clock: FixedClock) -> None:
    submission_id = insert(store, clock, 1)
    with store.write() as db:
        seats.assign(db, submission_id, THURSDAY)
        seats.assign(db, submission_id, NEXT_WEEK)
        assert seats.count_by_session(db, clock.today()) == {NEXT_WEEK: 1}


def test_seats_of_past_sessions_are_forgotten(store: Store, clock: FixedClock) -> None:
    first = insert(store, clock, 1)
    second = insert(store, clock, 2)
    with store.write() as db:
        seats.assign(db, first, THURSDAY)
        seats.assign(db, second, NEXT_WEEK)
        assert seats.before(date(2026, 11, 27)).wipe_all(db) == 1
        assert seats.count_by_session(db, date(2026, 1, 1)) == {NEXT_WEEK: 1}
