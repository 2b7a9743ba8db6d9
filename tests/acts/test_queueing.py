"""Tickets from the touchscreen: quota and closing time, declared priority, rejoining with a slip."""

from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.acts.calling import CounterRequest
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NoTicketsLeft
from kiosk.config.list_sections import Series
from kiosk.context import Context
from kiosk.records import audit, submissions, tickets
from kiosk.records.tickets import Ticket
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker

A = Series("A", "A-HOTICH", "Hộ tịch")


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def receipt_no(walker: Walker) -> str:
    submit_form(walker.context)
    return submission_checks.only_submission(walker.context).receipt_no


def request_after_call(context: Context) -> CounterRequest:
    """Return a request that may follow the first call at counter 1."""
    at = calling.call_next(context, CounterRequest(counter=1, ticket_id=None, nonce="first", actor="CB01"))
    return CounterRequest(counter=1, ticket_id=at.ticket.id if at.ticket else None, nonce="second", actor="CB01")


def reload(context: Context, ticket: Ticket) -> Ticket:
    with context.store.read() as db:
        reloaded = tickets.find(db, ticket.id)
    assert reloaded is not None
    return reloaded


def test_a_quota_ends_a_series_for_the_day_and_no_other(context: Context, clock: FixedClock) -> None:
    series = replace(A, quota=2)
    assert [queueing.draw_ticket(context, series).label for _ in range(2)] == ["A001", "A002"]
    with pytest.raises(NoTicketsLeft):
        queueing.draw_ticket(context, series)
    assert queueing.draw_ticket(context, Series("B", "B-CHUNGTHUC")).label == "B001"
    clock.advance(24 * 3600)
    assert queueing.draw_ticket(context, series).label == "A001"


@pytest.mark.parametrize(
    ("hours", "is_given"),
    [(-3, True), (3.5, True), (8.24, True), (8.25, False), (9, False), (15, False), (15.6, True), (4 * 24, False)],
)
def test_the_last_ticket_is_drawn_a_quarter_hour_before_the_counters_close(
    context: Context, clock: FixedClock, hours: float, *, is_given: bool
) -> None:
    strict = replace(context, config=replace(context.config, queue=replace(context.config.queue, last_minutes=15)))
    clock.advance((24 + hours) * 3600)  # the 24th is a holiday
    if is_given:
        assert queueing.draw_ticket(strict, A).label == "A001"
    else:
        with pytest.raises(NoTicketsLeft):
            queueing.draw_ticket(strict, A)
    assert queueing.draw_ticket(context, A).number == 1 + is_given


def test_a_declared_priority_can_change_until_the_ticket_is_called(context: Context) -> None:
    first = queueing.draw_ticket(context, A)
    assert queueing.declare_priority(context, first.id, "pregnant")
    assert (reload(context, first).priority, reload(context, first).is_confirmed) == ("pregnant", False)
    assert queueing.declare_priority(context, first.id, None)
    assert reload(context, first).priority is None
    request_after_call(context)
    assert not queueing.declare_priority(context, first.id, "elderly")
    assert not queueing.declare_priority(context, "none", "elderly")


def test_who_was_sent_for_a_paper_comes_back_with_the_same_number(context: Context, receipt_no: str) -> None:
    calling.hold(context, request_after_call(context))
    back = queueing.rejoin_queue(context, receipt_no)
    assert back is not None
    assert (back.label, reload(context, back).state, reload(context, back).priority) == ("A001", "waiting", "returning")
    with context.store.read() as db:
        assert tickets.events(db, back.id)[-1].event == "returned"
        assert audit.of_subject(db, back.id)[-1][1].act == "return"
    assert queueing.rejoin_queue(context, receipt_no) == reload(context, back)
    at = calling.call_next(context, CounterRequest(counter=1, ticket_id=None, nonce="third", actor="CB01"))
    assert at.ticket is not None
    assert (at.ticket.label, at.reason) == ("A001", "priority")


def test_a_slip_of_a_finished_case_cannot_rejoin(context: Context, receipt_no: str, clock: FixedClock) -> None:
    calling.finish(context, request_after_call(context))
    assert queueing.rejoin_queue(context, receipt_no) is None
    clock.advance(24 * 3600)
    assert queueing.rejoin_queue(context, receipt_no) is None
    assert queueing.rejoin_queue(context, "PK03-261124-0099-X") is None


@pytest.mark.parametrize(("days", "label"), [(0, "A001"), (1, "A002")])
def test_a_slip_for_which_a_paper_was_asked_comes_back_first_even_on_another_day(
    context: Context, receipt_no: str, clock: FixedClock, days: int, label: str
) -> None:
    calling.finish(context, request_after_call(context))
    with context.store.write() as db:
        submissions.set_desk(db, submission_checks.only_submission(context).id, desk="supplement", now=clock.now())
    clock.advance(days * 24 * 3600)
    queueing.draw_ticket(context, A)
    back = queueing.rejoin_queue(context, receipt_no)
    assert back is not None
    assert (back.label, back.day, back.priority) == (label, context.clock.today(), "returning")


@pytest.mark.parametrize("days", [0, 3])
def test_who_comes_for_a_result_draws_a_number_of_the_day_and_waits_like_the_others(
    context: Context, receipt_no: str, clock: FixedClock, days: int
) -> None:
    calling.finish(context, request_after_call(context))
    with context.store.write() as db:
        submissions.set_desk(db, submission_checks.only_submission(context).id, desk="accepted", now=clock.now())
    clock.advance(days * 24 * 3600)
    first = queueing.draw_ticket(context, A)
    back = queueing.rejoin_queue(context, receipt_no)
    assert back is not None
    assert (back.number, back.day, back.priority) == (first.number + 1, context.clock.today(), None)
    with context.store.read() as db:
        case = submissions.by_receipt(db, receipt_no)
    assert case is not None
    assert back.submission_id == case.id


def test_who_was_not_called_yesterday_comes_back_first_today(
    context: Context, receipt_no: str, clock: FixedClock
) -> None:
    clock.advance(24 * 3600)
    back = queueing.rejoin_queue(context, receipt_no)
    assert back is not None
    assert (back.label, back.day, back.priority) == ("A001", context.clock.today(), "returning")
    assert queueing.rejoin_queue(context, receipt_no) == back


def test_after_three_missed_calls_a_new_ticket_has_no_priority(context: Context, receipt_no: str) -> None:
    strict = replace(context, config=replace(context.config, queue=replace(context.config.queue, absences=1)))
    calling.mark_absent(strict, request_after_call(strict))
    back = queueing.rejoin_queue(context, receipt_no)
    assert back is not None
    assert (back.label, back.priority) == ("A002", None)
