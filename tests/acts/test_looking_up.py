"""The status look-up: guessing a case's digits is rate-limited."""

import pytest

from kiosk.acts import queueing
from kiosk.clock import FixedClock
from kiosk.errors import TooManyTries
from kiosk.records import audit
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


@pytest.fixture
def receipt_no(walker: Walker) -> str:
    submit(birth_until_check(walker))
    return submission_checks.only_submission(walker.context).receipt_no


def test_a_case_is_found_by_its_number_and_four_digits(walker: Walker, receipt_no: str) -> None:
    submission = queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, last_four="0123")
    assert submission is not None
    assert submission.receipt_no == receipt_no


def test_five_wrong_tries_close_a_receipt_even_for_the_right_one(
    walker: Walker, receipt_no: str, clock: FixedClock
) -> None:
    for wrong in range(5):
        assert (
            queueing.look_up_status(walker.context, f"screen {wrong}", receipt_no=receipt_no, last_four=f"999{wrong}")
            is None
        )
    with pytest.raises(TooManyTries):
        queueing.look_up_status(walker.context, "another", receipt_no=receipt_no, last_four="0123")
    clock.advance(25 * 3600)
    assert queueing.look_up_status(walker.context, "another", receipt_no=receipt_no, last_four="0123") is not None


def test_a_screen_has_twenty_tries_an_hour(walker: Walker) -> None:
    for number in range(20):
        assert (
            queueing.look_up_status(walker.context, "screen", receipt_no=f"PK03-261124-{number:04}-X", last_four="0000")
            is None
        )
    with pytest.raises(TooManyTries):
        queueing.look_up_status(walker.context, "screen", receipt_no="PK03-261124-0099-X", last_four="0000")


def test_a_right_try_forgets_the_wrong_ones_before_it(walker: Walker, receipt_no: str) -> None:
    for _ in range(3):
        for wrong in ("1111", "2222", "3333"):
            queueing.look_up_status(walker.context, "a", receipt_no=receipt_no, last_four=wrong)
        assert queueing.look_up_status(walker.context, "a", receipt_no=receipt_no, last_four="0123") is not None


def test_a_number_is_drawn_printed_and_noted(walker: Walker) -> None:
    series = walker.context.config.series_of("B-CHUNGTHUC")
    assert series is not None
    first = queueing.draw_ticket(walker.context, series)
    second = queueing.draw_ticket(walker.context, series)
    assert (first.label, second.label) == ("B001", "B002")
    with walker.context.store.read() as db:
        assert [line.act for _at, line in audit.of_subject(db, first.id)] == ["draw"]
        jobs = [row["kind"] for row in db.query("select kind from jobs")]
    assert jobs == ["ticket", "ticket"]
