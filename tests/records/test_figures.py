"""Figures against days that were counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlite_utils import Database

from kiosk.base import codes
from kiosk.records import counters, figures, submissions, tickets
from kiosk.records.figures import CaseCounts, ServiceTotals, Shift
from kiosk.records.submissions import PortalReceipt, Submission
from kiosk.records.tickets import Priority, Ticket, TicketChange
from kiosk.store.db import Store

DAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 23, 17, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time of the ward on the day."""
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def draw(
    db: Database, series: str, when: datetime, form: str | None = None, priority: Priority | None = None
) -> Ticket:
    request = tickets.TicketRequest(submission_id=form, priority=priority)
    return tickets.draw(db, DAY, series, when, request)


def add_events(
    db: Database, ticket: Ticket, *events: tuple[str, datetime], counter: int = 1, actor: str = "CB01"
) -> None:
    for event, when in events:
        tickets.add_event(db, ticket, TicketChange(event=event, at=when, actor=actor, counter=counter))


@pytest.fixture
def morning(store: Store) -> Store:
    """Draw five tickets and add their events.

    A001 8:00, called 8:10, done 8:22 (waits 10, takes 12, counter 1, CB01)
    A002 8:05, called 8:25, absent, called 8:45, done 8:50 (waits 20, takes 5, counter 1, CB01)
    A003 8:30, of the elderly, called 8:50, done 9:20 (waits 20, takes 30, counter 2, CB02)
    B001 8:59, called three times without an answer, closed (waits 1)
    B002 9:00, nobody called it
    """
    with store.write() as db:
        a1 = draw(db, "A", at(8))
        a2 = draw(db, "A", at(8, 5))
        a3 = draw(db, "A", at(8, 30), priority="elderly")
        b1 = draw(db, "B", at(8, 59))
        draw(db, "B", at(9))
        add_events(db, a1, ("called", at(8, 10)), ("served", at(8, 11)), ("done", at(8, 22)))
        add_events(db, a2, ("called", at(8, 25)), ("absent", at(8, 27)), ("called", at(8, 45)), ("done", at(8, 50)))
        add_events(db, a3, ("called", at(8, 50)), ("done", at(9, 20)), counter=2, actor="CB02")
        add_events(db, b1, ("called", at(9)), ("absent", at(9, 1)), ("called", at(9, 6)), ("absent", at(9, 7)))
        add_events(db, b1, ("called", at(9, 12)), ("closed", at(9, 13)))
    return store


def test_a_morning_is_counted_as_by_hand(morning: Store) -> None:
    with morning.read() as db:
        visits = figures.visits(db, DAY)
    a = figures.by_series(visits)["A"]
    b = figures.by_series(visits)["B"]
    assert (a.drawn, a.served, a.absent, a.closed, a.left, a.priority) == (3, 3, 1, 0, 0, 1)
    assert (b.drawn, b.served, b.absent, b.closed, b.left, b.priority) == (2, 0, 3, 1, 1, 0)
    assert (a.wait_p50, a.wait_p90) == (20.0, 20.0)  # of 10, 20, 20
    assert a.service_p50 == 12.0  # of 5, 12, 30
    assert (b.wait_p50, b.service_p50) == (1.0, None)
    whole = figures.tally(visits)
    assert (whole.drawn, whole.served, whole.wait_p50) == (5, 3, 15.0)  # of 1, 10, 20, 20
    assert whole.wait_p90 == pytest.approx(20.0)


def test_hours_counters_and_officers_are_counted_as_by_hand(morning: Store) -> None:
    with morning.read() as db:
        visits = figures.visits(db, DAY)
    assert figures.by_hour(visits) == {8: (4, 3), 9: (1, 1)}
    assert figures.by_counter(visits) == {1: ServiceTotals(2, 8.5, 17.0), 2: ServiceTotals(1, 30.0, 30.0)}
    assert figures.by_officer(visits) == {"CB01": ServiceTotals(2, 8.5, 17.0), "CB02": ServiceTotals(1, 30.0, 30.0)}


def test_an_empty_day_has_no_figures_and_no_fault(store: Store) -> None:
    with store.read() as db:
        assert figures.visits(db, DAY) == []
        assert figures.shifts(db, DAY) == []
        assert figures.cases(db, DAY, at(0), at(24)) == CaseCounts(
            filed={}, on_time=0, late=0, without_due=0, overdue=0
        )
    nothing = figures.tally(())
    assert (nothing.drawn, nothing.wait_p50, nothing.service_p50) == (0, None, None)
    assert figures.by_series(()) == {}
    assert figures.by_hour(()) == {}


def test_a_number_counts_for_the_day_on_its_ticket(store: Store) -> None:
    with store.write() as db:
        late = draw(db, "A", at(23, 50))
        add_events(db, late, ("called", at(24, 5)), ("done", at(24, 15)))
        tickets.draw(db, DAY + timedelta(days=1), "A", at(24, 1))
    with store.read() as db:
        (today,) = figures.visits(db, DAY)
        (tomorrow,) = figures.visits(db, DAY + timedelta(days=1))
    assert (today.wait, today.ended) == (15.0, "done")
    assert [service.minutes for service in today.services] == [10.0]
    assert figures.by_hour([today]) == {0: (0, 1), 23: (1, 0)}
    assert (tomorrow.ended, tomorrow.wait) == ("", None)


def test_times_that_cannot_be_are_left_out_and_the_number_is_counted(store: Store) -> None:
    with store.write() as db:
        back, ahead, sound = (draw(db, "A", at(9)) for _ in range(3))
        add_events(db, back, ("called", at(8)), ("done", at(7)))
        add_events(db, ahead, ("called", at(9) + timedelta(days=1100)), ("done", at(9, 5) + timedelta(days=1100)))
        add_events(db, sound, ("called", at(9, 7)), ("done", at(9, 10)))
    with store.read() as db:
        tally = figures.tally(figures.visits(db, DAY))
    assert (tally.drawn, tally.served) == (3, 3)
    assert (tally.wait_p50, tally.wait_p90) == (7.0, 7.0)
    assert tally.service_p50 == 4.0  # of 3 and 5


def test_a_ticket_that_returns_or_is_passed_on_counts_once(store: Store) -> None:
    with store.write() as db:
        ticket = draw(db, "A", at(8))
        add_events(
            db, ticket, ("called", at(8, 4)), ("transferred", at(8, 6)), ("called", at(8, 10)), ("held", at(8, 12))
        )
    with store.read() as db:
        (visit,) = figures.visits(db, DAY)
    assert (visit.wait, visit.ended, visit.services) == (4.0, "", [])
    with store.write() as db:
        add_events(
            db, ticket, ("returned", at(10)), ("called", at(10, 5)), ("done", at(10, 9)), counter=2, actor="CB02"
        )
    with store.read() as db:
        (visit,) = figures.visits(db, DAY)
    assert (visit.wait, visit.ended) == (4.0, "done")
    assert [(service.counter, service.actor, service.minutes) for service in visit.services] == [(2, "CB02", 4.0)]


def test_counters_are_open_from_until_with_whom(store: Store) -> None:
    with store.write() as db:
        for counter, when, actor in ((1, at(7), "CB01"), (2, at(7, 5), "CB02"), (1, at(10), "CB03")):
            counters.open(db, DAY, counter, when, actor)
        counters.close(db, DAY, 1, at(11, 30), "CB03")
        counters.open(db, DAY, 1, at(13, 30), "CB01")
    with store.read() as db:
        assert figures.shifts(db, DAY) == [
            Shift(counter=1, actor="CB01", since=at(7), until=at(10)),
            Shift(counter=1, actor="CB03", since=at(10), until=at(11, 30)),
            Shift(counter=1, actor="CB01", since=at(13, 30), until=None),
            Shift(counter=2, actor="CB02", since=at(7, 5), until=None),
        ]


def _file(db: Database, seq: int, day: date = DAY, code: str = "1.001193") -> Submission:
    number = codes.receipt_no("PK03", day, seq)
    submission = Submission(
        id=codes.new_id(),
        receipt_no=number,
        procedure=code,
        version="2026-11",
        unit="H57.99.01",
        day=day,
        seq=seq,
        completed_at=at(8),
        digest="a" * 64,
    )
    submissions.insert(db, submission, b"sealed")
    return submission


def _promise(db: Database, submission: Submission, due: datetime, desk: submissions.DeskState, when: datetime) -> None:
    receipt = PortalReceipt(code=4, revision=1, at=at(8), official_no="H57.99-261124-0017", due_at=due)
    submissions.apply_receipt(db, submission.id, receipt, at(8))
    submissions.set_desk(db, submission.id, desk, when)


def test_results_are_handed_out_in_time_or_late_and_what_is_late_is_counted(store: Store) -> None:
    with store.write() as db:
        in_time, late, undated, waits, tomorrow, answered, refused = (_file(db, seq) for seq in range(1, 8))
        _promise(db, in_time, at(16), "handed_out", at(15))
        _promise(db, late, at(9), "handed_out", at(15))
        submissions.set_desk(db, undated.id, "handed_out", at(15))
        _promise(db, waits, at(10), "accepted", at(9))
        _promise(db, tomorrow, at(40), "accepted", at(9))
        _promise(db, refused, at(10), "refused", at(9))
        _promise(db, answered, at(10), "accepted", at(9))
        submissions.apply_receipt(db, answered.id, PortalReceipt(code=10, revision=2, at=at(9), due_at=at(10)), at(9))
        _file(db, 1, DAY - timedelta(days=1), "2.000635")
    with store.read() as db:
        assert figures.cases(db, DAY, at(0), at(24)) == CaseCounts(
            filed={"1.001193": 7}, on_time=1, late=1, without_due=1, overdue=1
        )
        assert figures.cases(db, DAY, at(0), at(9, 30)).overdue == 1  # `late` was late already, and not yet handed out
        assert figures.cases(db, DAY - timedelta(days=1), at(-24), at(0)).filed == {"2.000635": 1}


def test_numbers_are_counted_by_the_form_that_came_with_them(store: Store) -> None:
    with store.write() as db:
        form = _file(db, 1)
        with_form = draw(db, "A", at(8), form.id)
        without_form = draw(db, "A", at(8))
        add_events(db, with_form, ("called", at(8, 2)), ("done", at(8, 5)))
        add_events(db, without_form, ("called", at(8, 5)))
    with store.read() as db:
        tallies = figures.by_procedure(figures.visits(db, DAY))
    assert {code: (tally.drawn, tally.served) for code, tally in tallies.items()} == {"": (1, 0), "1.001193": (1, 1)}
