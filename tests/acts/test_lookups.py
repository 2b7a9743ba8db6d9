"""The status look-up: guessing a case's digits is rate-limited."""

import pytest

from kiosk.acts import queueing, wiping
from kiosk.base.clock import FixedClock
from kiosk.base.errors import TooManyTries
from kiosk.records import audit
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker


@pytest.fixture
def receipt_no(walker: Walker) -> str:
    submit_form(walker.context)
    return submission_checks.only_submission(walker.context).receipt_no


def test_a_case_is_found_by_its_number_and_four_digits(walker: Walker, receipt_no: str) -> None:
    submission = queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, digits="0123")
    assert submission is not None
    assert submission.receipt_no == receipt_no


def test_after_five_wrong_tries_even_the_right_one_waits_a_minute_and_no_longer(
    walker: Walker, receipt_no: str, clock: FixedClock
) -> None:
    for wrong in range(5):
        screen = f"screen {wrong}"
        assert queueing.look_up_status(walker.context, screen, receipt_no=receipt_no, digits=f"999{wrong}") is None
    with pytest.raises(TooManyTries) as raised:
        queueing.look_up_status(walker.context, "another", receipt_no=receipt_no, digits="0123")
    assert raised.value.seconds == 60
    clock.advance(60)
    assert queueing.look_up_status(walker.context, "another", receipt_no=receipt_no, digits="0123") is not None


def test_a_refused_look_up_is_no_try_and_does_not_lengthen_the_pause(
    walker: Walker, receipt_no: str, clock: FixedClock
) -> None:
    for _ in range(5):
        queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, digits="9999")
    for _ in range(30):
        with pytest.raises(TooManyTries):
            queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, digits="9999")
        clock.advance(1)
    clock.advance(30)
    assert queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, digits="0123") is not None


def test_a_screen_slows_down_after_ten_wrong_look_ups_of_any_receipt(walker: Walker, clock: FixedClock) -> None:
    for number in range(10):
        number_of_day = f"PK03-261124-{number:04}-X"
        assert queueing.look_up_status(walker.context, "screen", receipt_no=number_of_day, digits="0000") is None
    with pytest.raises(TooManyTries):
        queueing.look_up_status(walker.context, "screen", receipt_no="PK03-261124-0099-X", digits="0000")
    clock.advance(60)
    assert queueing.look_up_status(walker.context, "screen", receipt_no="PK03-261124-0099-X", digits="0000") is None


def test_tries_are_deleted_when_no_limit_counts_them_any_more(
    walker: Walker, receipt_no: str, clock: FixedClock
) -> None:
    queueing.look_up_status(walker.context, "screen", receipt_no=receipt_no, digits="9999")
    wiping.wipe_expired(walker.context)
    with walker.context.store.read() as db:
        assert db.execute("select count(*) from tries").fetchone() == (1,)
    clock.advance(25 * 3600)
    wiping.wipe_expired(walker.context)
    with walker.context.store.read() as db:
        assert db.execute("select count(*) from tries").fetchone() == (0,)


def test_a_right_try_forgets_the_wrong_ones_before_it(walker: Walker, receipt_no: str) -> None:
    for _ in range(3):
        for wrong in ("1111", "2222", "3333"):
            queueing.look_up_status(walker.context, "a", receipt_no=receipt_no, digits=wrong)
        assert queueing.look_up_status(walker.context, "a", receipt_no=receipt_no, digits="0123") is not None


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
