"""The queue at the counters: one call for a repeated touch, one ticket at a counter, an event for each change."""

import itertools
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.acts.calling import CallResult, CounterRequest
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.records import audit, counters, figures, tickets
from kiosk.records.tickets import Priority, Ticket

NONCES = itertools.count()


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


def draw_tickets(context: Context, letters: str, priority: Priority | None = None) -> list[Ticket]:
    series = {entry.letter: entry for entry in context.config.series}
    drawn = [queueing.draw_ticket(context, series[letter]) for letter in letters]
    for ticket in drawn if priority else ():
        queueing.declare_priority(context, ticket.id, priority)
    return drawn


def request_at(counter: int, at: CallResult | Ticket | None = None) -> CounterRequest:
    ticket = at.ticket if isinstance(at, CallResult) else at
    return CounterRequest(
        counter=counter, ticket_id=ticket.id if ticket else None, nonce=f"nonce {next(NONCES)}", actor=f"CB0{counter}"
    )


def reload(context: Context, ticket: Ticket) -> Ticket:
    with context.store.read() as db:
        reloaded = tickets.find(db, ticket.id)
    assert reloaded is not None
    return reloaded


def events_of(context: Context, ticket: Ticket) -> list[tuple[str, str]]:
    with context.store.read() as db:
        return [(event.event, event.detail) for event in tickets.events(db, ticket.id)]


def label(at: CallResult) -> str | None:
    return at.ticket.label if at.ticket else None


def test_the_next_is_called_and_the_one_before_is_done(context: Context) -> None:
    first, second = draw_tickets(context, "AA")
    at = calling.call_next(context, request_at(1))
    assert (label(at), at.is_changed, at.reason) == ("A001", True, "turn")
    at = calling.call_next(context, request_at(1, at))
    assert label(at) == "A002"
    assert (reload(context, first).state, reload(context, second).state, reload(context, second).counter) == (
        "done",
        "called",
        1,
    )
    assert events_of(context, first) == [("drawn", ""), ("called", "turn"), ("done", "")]
    with context.store.read() as db:
        assert counters.open_counters(db, context.clock.today()) == {1: "CB01"}
        assert [line.act for _, line in audit.of_subject(db, second.id)] == ["draw", "call"]


def test_a_call_without_waiting_tickets_calls_none(context: Context) -> None:
    assert calling.call_next(context, request_at(1)) == CallResult(None, is_changed=True)
    (only,) = draw_tickets(context, "A")
    at = calling.call_next(context, request_at(1))
    assert calling.call_next(context, request_at(1, at)) == CallResult(None, is_changed=True)
    assert reload(context, only).state == "done"


def test_the_same_touch_twice_is_one_call(context: Context) -> None:
    draw_tickets(context, "AAA")
    touch = request_at(1)
    first = calling.call_next(context, touch)
    again = calling.call_next(context, touch)
    assert (label(first), label(again), again.is_changed) == ("A001", "A001", False)
    calling.finish(context, request_at(1, first))
    late = calling.call_next(context, touch)
    assert (late.ticket, late.is_changed) == (None, False)
    assert label(calling.call_next(context, request_at(1))) == "A002"


def test_an_officer_at_two_screens_calls_once(context: Context) -> None:
    draw_tickets(context, "AAA")
    at = calling.call_next(context, request_at(1))
    first = request_at(1, at)
    second = request_at(1, at)
    assert label(calling.call_next(context, first)) == "A002"
    result = calling.call_next(context, second)
    assert (label(result), result.is_changed) == ("A002", False)


@pytest.mark.parametrize(
    "act", [calling.call_again, calling.start_serving, calling.mark_absent, calling.hold, calling.finish]
)
def test_no_act_touches_a_number_that_is_gone_from_the_counter(context: Context, act: object) -> None:
    first, _ = draw_tickets(context, "AA")
    at = calling.call_next(context, request_at(1))
    calling.call_next(context, request_at(1, at))
    before = events_of(context, first)
    assert callable(act)
    result = act(context, request_at(1, first))
    assert (label(result), result.is_changed) == ("A002", False)
    assert events_of(context, first) == before
    result = act(context, request_at(2))
    assert result == CallResult(None, is_changed=False)


def test_an_absent_ticket_is_called_again_requeued_and_closed_the_third_time(
    context: Context, clock: FixedClock
) -> None:
    (only,) = draw_tickets(context, "A")
    for _ in range(3):
        at = calling.call_next(context, request_at(1))
        assert label(at) == "A001"
        touch = request_at(1, at)
        assert calling.call_again(context, touch).is_changed
        assert not calling.call_again(context, touch).is_changed
        assert calling.mark_absent(context, request_at(1, at)) == CallResult(None, is_changed=True)
        assert calling.call_next(context, request_at(1)).ticket is None
        clock.advance(5 * 60)
    assert (reload(context, only).state, reload(context, only).absences) == ("closed", 3)
    round_of_calls = [("called", "turn"), ("recalled", "")]
    assert events_of(context, only) == [
        ("drawn", ""),
        *round_of_calls,
        ("absent", ""),
        *round_of_calls,
        ("absent", ""),
        *round_of_calls,
        ("closed", ""),
    ]


def test_absent_tickets_are_called_after_waiting_ones(context: Context, clock: FixedClock) -> None:
    draw_tickets(context, "AA")
    calling.mark_absent(context, request_at(1, calling.call_next(context, request_at(1))))
    (third,) = draw_tickets(context, "A")
    clock.advance(600)
    called = [calling.call_next(context, request_at(1))]
    for _ in range(2):
        called.append(calling.call_next(context, request_at(1, called[-1])))
    assert [label(at) for at in called] == ["A002", "A001", "A003"]
    assert reload(context, third).turn > 3


def test_a_held_number_waits_for_its_owner(context: Context) -> None:
    first, _ = draw_tickets(context, "AA")
    at = calling.call_next(context, request_at(1))
    calling.hold(context, request_at(1, at))
    assert (reload(context, first).state, reload(context, first).counter) == ("held", 1)
    at = calling.call_next(context, request_at(1))
    assert label(at) == "A002"
    back = calling.call_ticket(context, request_at(1, at), first.id)
    assert (label(back), back.reason) == ("A001", "chosen")


def test_a_number_at_another_counter_cannot_be_called(context: Context) -> None:
    first, _ = draw_tickets(context, "AA")
    calling.call_next(context, request_at(1))
    at = calling.call_next(context, request_at(2))
    result = calling.call_ticket(context, request_at(2, at), first.id)
    assert (label(result), result.is_changed) == ("A002", False)
    assert calling.call_ticket(context, request_at(2, at), "none").is_changed is False


def test_a_number_of_yesterday_cannot_be_called(context: Context, clock: FixedClock) -> None:
    (old,) = draw_tickets(context, "A")
    clock.advance(24 * 3600)
    assert calling.call_ticket(context, request_at(1), old.id) == CallResult(None, is_changed=False)
    assert calling.call_next(context, request_at(1)).ticket is None
    assert draw_tickets(context, "A")[0].label == "A001"


def test_a_clock_that_jumps_over_midnight_and_back_loses_no_ticket(context: Context, clock: FixedClock) -> None:
    draw_tickets(context, "AA")
    at = calling.call_next(context, request_at(1))
    clock.jump(24 * 3600)
    draw_tickets(context, "B")
    assert label(calling.call_next(context, request_at(1))) == "B001"
    clock.jump(-24 * 3600)
    assert label(calling.call_next(context, request_at(1, at))) == "A002"


def test_a_number_is_passed_on_with_its_place_in_line(context: Context, clock: FixedClock) -> None:
    apart = (Counter(1, "Quầy 1", ("A",)), Counter(2, "Quầy 2", ("B", "C", "D", "E", "F")))
    context = replace(context, config=replace(context.config, counters=apart))
    first, *_ = draw_tickets(context, "ABB")
    clock.advance(60)
    at = calling.call_next(context, request_at(1))
    assert calling.transfer(context, request_at(1, at), line="Z").is_changed is False
    assert calling.transfer(context, request_at(1, at), counter=9).is_changed is False
    assert calling.transfer(context, request_at(1, at), line="B") == CallResult(None, is_changed=True)
    moved = reload(context, first)
    assert (moved.label, moved.line, moved.state, moved.since) == ("A001", "B", "waiting", first.since)
    assert calling.call_next(context, request_at(1)).ticket is None
    assert label(calling.call_next(context, request_at(2))) == "A001"
    assert ("transferred", "B") in events_of(context, first)


def test_a_number_sent_to_a_counter_is_called_there_or_after_it_closes_anywhere(context: Context) -> None:
    first, _ = draw_tickets(context, "AA")
    calling.open_counter(context, 2, "CB02")
    at = calling.call_next(context, request_at(1))
    calling.transfer(context, request_at(1, at), counter=2)
    at = calling.call_next(context, request_at(1))
    assert label(at) == "A002"
    calling.finish(context, request_at(1, at))
    assert calling.call_next(context, request_at(1)).ticket is None
    assert calling.close_counter(context, 2, "CB02")
    assert label(calling.call_next(context, request_at(1))) == "A001"
    assert events_of(context, first)[2:4] == [("transferred", "2"), ("transferred", "A")]


def test_a_counter_opens_once_and_does_not_close_with_a_ticket(context: Context) -> None:
    draw_tickets(context, "A")
    assert calling.open_counter(context, 1, "CB01")
    assert not calling.open_counter(context, 1, "CB01")
    assert not calling.open_counter(context, 9, "CB01")
    at = calling.call_next(context, request_at(1))
    assert not calling.close_counter(context, 1, "CB01")
    calling.finish(context, request_at(1, at))
    assert calling.close_counter(context, 1, "CB01")
    assert not calling.close_counter(context, 1, "CB01")


def test_priority_numbers_and_the_others_take_turns(context: Context) -> None:
    draw_tickets(context, "AAA")
    draw_tickets(context, "AA", "elderly")
    calls = [calling.call_next(context, request_at(1))]
    for _ in range(4):
        calls.append(calling.call_next(context, request_at(1, calls[-1])))
    assert [label(at) for at in calls] == ["A004", "A001", "A005", "A002", "A003"]
    assert [at.reason for at in calls] == ["priority", "turn", "priority", "turn", "turn"]


def test_who_has_waited_45_minutes_is_called_before_priority(context: Context, clock: FixedClock) -> None:
    draw_tickets(context, "A")
    clock.advance(45 * 60 + 1)
    draw_tickets(context, "A", "merit")
    at = calling.call_next(context, request_at(1))
    assert (label(at), at.reason) == ("A001", "waited")


def test_the_choice_of_an_officer_does_not_count_in_the_turns(context: Context) -> None:
    draw_tickets(context, "AA")
    chosen, _ = draw_tickets(context, "AA", "pregnant")
    at = calling.call_ticket(context, request_at(1), chosen.id)
    at = calling.call_next(context, request_at(1, at))
    assert (label(at), at.reason) == ("A004", "priority")


def test_an_officer_confirms_sets_or_clears_a_priority_with_a_reason(context: Context) -> None:
    first, second = draw_tickets(context, "AA")
    queueing.declare_priority(context, first.id, "disabled")
    assert calling.set_priority(context, first.id, priority=None, reason="mistaken", actor="CB01")
    assert not queueing.declare_priority(context, first.id, "disabled")
    assert calling.set_priority(context, second.id, priority="infant", reason="seen", actor="CB01")
    assert [reload(context, ticket).priority for ticket in (first, second)] == [None, "infant"]
    assert events_of(context, first)[1:] == [("priority", "disabled/declared"), ("priority", "none/mistaken")]
    with context.store.read() as db:
        line = audit.of_subject(db, second.id)[-1][1]
    assert (line.act, line.actor, line.facts["detail"]) == ("priority", "CB01", "infant/seen")
    calling.finish(context, request_at(1, calling.call_next(context, request_at(1))))
    assert not calling.set_priority(context, second.id, priority=None, reason="asked", actor="CB01")
    assert not calling.set_priority(context, "none", priority=None, reason="asked", actor="CB01")


def test_the_board_shows_the_ticket_of_each_counter_and_its_version_only_grows(context: Context) -> None:
    versions = []

    def read_board() -> snapshot.Board:
        with context.store.read() as db:
            board = snapshot.board(db, context.config, context.clock.today())
        versions.append(board.version)
        return board

    assert [counter.label for counter in read_board().counters] == [None, None]
    draw_tickets(context, "AAB")
    read_board()
    calling.open_counter(context, 2, "CB02")
    board = read_board()
    assert [(counter.is_open, counter.name) for counter in board.counters] == [(False, "Quầy 1"), (True, "Quầy 2")]
    assert (board.waiting["A"], board.waiting["B"]) == (2, 1)
    at = calling.call_next(context, request_at(2))
    first = read_board()
    calling.call_again(context, request_at(2, at))
    again = read_board()
    assert (again.counters[1].label, again.counters[1].state) == ("A001", "called")
    assert again.counters[1].seq > first.counters[1].seq
    assert [call.label for call in again.last] == ["A001"]
    calling.start_serving(context, request_at(2, at))
    assert read_board().counters[1].state == "serving"
    calling.call_next(context, request_at(2, at))
    board = read_board()
    assert [(call.label, call.counter) for call in board.last] == [("A002", 2), ("A001", 2)]
    assert board.waiting == {"A": 0, "B": 1, "C": 0, "D": 0, "E": 0, "F": 0}
    assert versions == sorted(set(versions))


def test_the_wait_is_estimated_once_five_were_served_today(context: Context, clock: FixedClock) -> None:
    drawn = draw_tickets(context, "A" * 12)
    at: CallResult | None = None
    for _ in range(5):
        at = calling.call_next(context, request_at(1, at))
        clock.advance(360)
    with context.store.read() as db:
        early = snapshot.estimate_wait(db, context.config, drawn[11], context.clock.now())
    assert (early.ahead, early.minutes) == (6, None)
    calling.call_next(context, request_at(1, at))
    with context.store.read() as db:
        outlook = snapshot.estimate_wait(db, context.config, drawn[11], context.clock.now())
        seen = figures.tally(figures.visits(db, context.clock.today()))
    assert (outlook.ahead, outlook.minutes) == (5, (30, 40))
    assert (seen.drawn, seen.served, seen.service_p50) == (12, 5, 6.0)
    assert (seen.wait_p50, seen.wait_p90) == (15.0, 27.0)


def test_counters_that_press_at_once_never_get_the_same_number(context: Context) -> None:
    ward = replace(context.config, counters=tuple(Counter(number, f"Quầy {number}") for number in range(1, 9)))
    context = replace(context, config=ward)
    draw_tickets(context, "A" * 160)
    labels: list[str] = []

    def call_twenty(counter: int) -> None:
        at: CallResult | None = None
        for _ in range(20):
            at = calling.call_next(context, request_at(counter, at))
            labels.append(str(label(at)))

    threads = [threading.Thread(target=call_twenty, args=[number]) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(labels) == [f"A{number:03d}" for number in range(1, 161)]


def test_many_hands_at_one_counter_call_one_number_a_touch(context: Context) -> None:
    draw_tickets(context, "A" * 30)
    at: CallResult | None = None
    for number in range(1, 21):
        touch = request_at(1, at)
        results = list[CallResult]()
        threads = [
            threading.Thread(
                target=lambda touch=touch, results=results: results.append(calling.call_next(context, touch))
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {label(result) for result in results} == {f"A{number:03d}"}
        assert sum(result.is_changed for result in results) == 1
        at = results[0]


CALL_FORTY = """
import sys
from pathlib import Path
from kiosk.acts import calling
from kiosk.acts.calling import CounterRequest
from kiosk.web.app import create_app
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, load
from dataclasses import replace
from datetime import UTC, datetime
app = create_app(replace(load(ROOT / "kiosk.toml"), root=Path(sys.argv[1])).practising(),
    FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)))
context, counter, at = app.extensions["context"], int(sys.argv[2]), None
for turn in range(40):
    result = calling.call_next(context, CounterRequest(counter, at, f"{counter} {turn}", "CB01"))
    at = result.ticket.id
    print(result.ticket.label)
"""


@pytest.mark.machine_date
def test_two_processes_on_one_store_never_call_the_same_number(context: Context) -> None:
    draw_tickets(context, "A" * 80)
    command = [sys.executable, "-c", CALL_FORTY, str(context.config.root)]
    both = [
        subprocess.Popen([*command, counter], cwd=ROOT, stdout=subprocess.PIPE, text=True) for counter in ("1", "2")
    ]
    labels = [line for each in both for line in each.communicate()[0].split()]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(labels) == [f"A{number:03d}" for number in range(1, 81)]
