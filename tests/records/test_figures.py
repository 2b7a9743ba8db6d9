"""Figures against days that were counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlite_utils import Database

from kiosk import codes
from kiosk.records import counters, figures, submissions, tickets
from kiosk.records.figures import CaseCounts, ServiceTotals, Shift
from kiosk.records.submissions import PortalReceipt, Submission
from kiosk.records.tickets import Priority, Ticket, TicketChange
from kiosk.store.db import Store

DAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 23, 17, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    """An hour of the ward on the day."""
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def draw(
    db: Database, series: str, when: datetime, form: str | None = None, priority: Priority | None = None
) -> Ticket:
    return tickets.draw(db, DAY, series, when, tickets.TicketRequest(form, priority))


def say(db: Database, ticket: Ticket, *told: tuple[str, datetime], counter: int = 1, actor: str = "CB01") -> None:
    for event, when in told:
        tickets.add_event(db, ticket, TicketChange(event, when, actor, counter))


@pytest.fixture
def morning(store: Store) -> Store:
    """Five numbers, by hand:

    A001 8:00, called 8:10, done 8:22 (waits 10, takes 12, counter 1, CB01)
    A002 8:05, called 8:25, absent, called 8:45, done 8:50 (waits 20, takes 5, counter 1, CB01)
    A003 8:30, of the elderly, called 8:50, done 9:20 (waits 20, takes 30, counter 2, CB02)
    B001 8:59, called in vain three times, closed (waits 1)
    B002 9:00, nobody called it
    """
    with store.write() as db:
        a1, a2 = draw(db, "A", at(8)), draw(db, "A", at(8, 5))
        a3 = draw(db, "A", at(8, 30), priority="elderly")
        b1, _b2 = draw(db, "B", at(8, 59)), draw(db, "B", at(9))
        say(db, a1, ("called", at(8, 10)), ("served", at(8, 11)), ("done", at(8, 22)))
        say(db, a2, ("called", at(8, 25)), ("absent", at(8, 27)), ("called", at(8, 45)), ("done", at(8, 50)))
        say(db, a3, ("called", at(8, 50)), ("done", at(9, 20)), counter=2, actor="CB02")
        say(db, b1, ("called", at(9)), ("absent", at(9, 1)), ("called", at(9, 6)), ("absent", at(9, 7)))
        say(db, b1, ("called", at(9, 12)), ("closed", at(9, 13)))
    return store


def test_a_morning_is_counted_as_by_hand(morning: Store) -> None:
    with morning.read() as db:
        found = figures.visits(db, DAY)
    a, b = figures.by_series(found)["A"], figures.by_series(found)["B"]
    assert (a.drawn, a.served, a.absent, a.closed, a.left, a.priority) == (3, 3, 1, 0, 0, 1)
    assert (b.drawn, b.served, b.absent, b.closed, b.left, b.priority) == (2, 0, 3, 1, 1, 0)
    assert (a.wait_p50, a.wait_p90) == (20.0, 20.0)  # of 10, 20, 20
    assert a.service_p50 == 12.0  # of 5, 12, 30
    assert (b.wait_p50, b.service_p50) == (1.0, None)
    whole = figures.tally(found)
    assert (whole.drawn, whole.served, whole.wait_p50) == (5, 3, 15.0)  # of 1, 10, 20, 20
    assert whole.wait_p90 == pytest.approx(20.0)


def test_hours_counters_and_officers_are_counted_as_by_hand(morning: Store) -> None:
    with morning.read() as db:
        found = figures.visits(db, DAY)
    assert figures.by_hour(found) == {8: (4, 3), 9: (1, 1)}
    assert figures.by_counter(found) == {1: ServiceTotals(2, 8.5, 17.0), 2: ServiceTotals(1, 30.0, 30.0)}
    assert figures.by_officer(found) == {"CB01": ServiceTotals(2, 8.5, 17.0), "CB02": ServiceTotals(1, 30.0, 30.0)}


def test_an_empty_day_has_no_figures_and_no_fault(store: Store) -> None:
    with store.read() as db:
        assert figures.visits(db, DAY) == []
        assert figures.shifts(db, DAY) == []
        assert figures.cases(db, DAY, at(0), at(24)) == CaseCounts({}, 0, 0, 0, 0)
    nothing = figures.tally(())
    assert (nothing.drawn, nothing.wait_p50, nothing.service_p50) == (0, None, None)
    assert figures.by_series(()) == {}
    assert figures.by_hour(()) == {}


def test_a_number_counts_for_the_day_on_its_ticket(store: Store) -> None:
    with store.write() as db:
        late = draw(db, "A", at(23, 50))
        say(db, late, ("called", at(24, 5)), ("done", at(24, 15)))
        tickets.draw(db, DAY + timedelta(days=1), "A", at(24, 1))
    with store.read() as db:
        (today,) = figures.visits(db, DAY)
        (tomorrow,) = figures.visits(db, DAY + timedelta(days=1))
    assert (today.wait, today.ended) == (15.0, "done")
    assert [one.minutes for one in today.services] == [10.0]
    assert figures.by_hour([today]) == {0: (0, 1), 23: (1, 0)}
    assert (tomorrow.ended, tomorrow.wait) == ("", None)


def test_times_that_cannot_be_are_left_out_and_the_number_is_counted(store: Store) -> None:
    with store.write() as db:
        back, ahead, sound = (draw(db, "A", at(9)) for _ in range(3))
        say(db, back, ("called", at(8)), ("done", at(7)))
        say(db, ahead, ("called", at(9) + timedelta(days=1100)), ("done", at(9, 5) + timedelta(days=1100)))
        say(db, sound, ("called", at(9, 7)), ("done", at(9, 10)))
    with store.read() as db:
        one = figures.tally(figures.visits(db, DAY))
    assert (one.drawn, one.served) == (3, 3)
    assert (one.wait_p50, one.wait_p90) == (7.0, 7.0)
    assert one.service_p50 == 4.0  # of 3 and 5


def test_who_comes_back_and_who_is_passed_on_is_one_number(store: Store) -> None:
    with store.write() as db:
        one = draw(db, "A", at(8))
        say(db, one, ("called", at(8, 4)), ("transferred", at(8, 6)), ("called", at(8, 10)), ("held", at(8, 12)))
    with store.read() as db:
        (found,) = figures.visits(db, DAY)
    assert (found.wait, found.ended, found.services) == (4.0, "", [])
    with store.write() as db:
        say(db, one, ("returned", at(10)), ("called", at(10, 5)), ("done", at(10, 9)), counter=2, actor="CB02")
    with store.read() as db:
        (found,) = figures.visits(db, DAY)
    assert (found.wait, found.ended) == (4.0, "done")
    assert [(each.counter, each.actor, each.minutes) for each in found.services] == [(2, "CB02", 4.0)]


def test_counters_are_open_from_until_with_whom(store: Store) -> None:
    with store.write() as db:
        for counter, when, actor in ((1, at(7), "CB01"), (2, at(7, 5), "CB02"), (1, at(10), "CB03")):
            counters.open(db, DAY, counter, when, actor)
        counters.close(db, DAY, 1, at(11, 30), "CB03")
        counters.open(db, DAY, 1, at(13, 30), "CB01")
    with store.read() as db:
        assert figures.shifts(db, DAY) == [
            Shift(1, "CB01", at(7), at(10)),
            Shift(1, "CB03", at(10), at(11, 30)),
            Shift(1, "CB01", at(13, 30), None),
            Shift(2, "CB02", at(7, 5), None),
        ]


def _file(db: Database, seq: int, day: date = DAY, code: str = "1.001193") -> Submission:
    number = codes.receipt_no("PK03", day, seq)
    one = Submission(codes.new_id(), number, code, "2026-11", "H57.99.01", day, seq, at(8), "a" * 64)
    submissions.insert(db, one, b"sealed")
    return one


def _promise(db: Database, one: Submission, due: datetime, desk: submissions.DeskState, when: datetime) -> None:
    submissions.apply_receipt(db, one.id, PortalReceipt(4, 1, at(8), "H57.99-261124-0017", due), at(8))
    submissions.set_desk(db, one.id, desk, when)


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
        submissions.apply_receipt(db, answered.id, PortalReceipt(10, 2, at(9), None, at(10)), at(9))
        _file(db, 1, DAY - timedelta(days=1), "2.000635")
    with store.read() as db:
        assert figures.cases(db, DAY, at(0), at(24)) == CaseCounts({"1.001193": 7}, 1, 1, 1, 1)
        assert figures.cases(db, DAY, at(0), at(9, 30)).overdue == 1  # `late` was late already, and not yet handed out
        assert figures.cases(db, DAY - timedelta(days=1), at(-24), at(0)).filed == {"2.000635": 1}


def test_numbers_are_counted_by_the_form_that_came_with_them(store: Store) -> None:
    with store.write() as db:
        form = _file(db, 1)
        one, other = draw(db, "A", at(8), form.id), draw(db, "A", at(8))
        say(db, one, ("called", at(8, 2)), ("done", at(8, 5)))
        say(db, other, ("called", at(8, 5)))
    with store.read() as db:
        found = figures.by_procedure(figures.visits(db, DAY))
    assert {code: (each.drawn, each.served) for code, each in found.items()} == {"": (1, 0), "1.001193": (1, 1)}
