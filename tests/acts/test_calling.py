"""The queue from the counters: a touch is one call, a number is at one counter, and each change says why."""

import itertools
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.acts.calling import AtCounter, Tap
from kiosk.clock import Fixed
from kiosk.config import ROOT
from kiosk.config.sections import Counter
from kiosk.context import Context
from kiosk.queue import snapshot
from kiosk.records import audit, counters, figures, tickets
from kiosk.records.tickets import Priority, Ticket

NONCES = itertools.count()


@pytest.fixture
def context(app: Flask) -> Context:
    here: Context = app.extensions["context"]
    return here


def draw(context: Context, letters: str, priority: Priority | None = None) -> list[Ticket]:
    series = {one.letter: one for one in context.config.series}
    drawn = [queueing.draw(context, series[letter]) for letter in letters]
    for one in drawn if priority else ():
        queueing.declare(context, one.id, priority)
    return drawn


def tap(counter: int, at: AtCounter | Ticket | None = None) -> Tap:
    ticket = at.ticket if isinstance(at, AtCounter) else at
    return Tap(counter, ticket.id if ticket else None, f"nonce {next(NONCES)}", f"CB0{counter}")


def now(context: Context, ticket: Ticket) -> Ticket:
    with context.store.read() as db:
        found = tickets.find(db, ticket.id)
    assert found is not None
    return found


def words(context: Context, ticket: Ticket) -> list[tuple[str, str]]:
    with context.store.read() as db:
        return [(one.event, one.detail) for one in tickets.history(db, ticket.id)]


def label(at: AtCounter) -> str | None:
    return at.ticket.label if at.ticket else None


def test_the_next_is_called_and_the_one_before_is_done(context: Context) -> None:
    first, second = draw(context, "AA")
    at = calling.call_next(context, tap(1))
    assert (label(at), at.is_new, at.why) == ("A001", True, "turn")
    at = calling.call_next(context, tap(1, at))
    assert label(at) == "A002"
    assert (now(context, first).state, now(context, second).state, now(context, second).counter) == (
        "done",
        "called",
        1,
    )
    assert words(context, first) == [("drawn", ""), ("called", "turn"), ("done", "")]
    with context.store.read() as db:
        assert counters.opened(db, context.clock.today()) == {1: "CB01"}
        assert [line.act for _, line in audit.of_subject(db, second.id)] == ["draw", "call"]


def test_a_call_with_nobody_waiting_calls_nobody(context: Context) -> None:
    assert calling.call_next(context, tap(1)) == AtCounter(None, is_new=True)
    (only,) = draw(context, "A")
    at = calling.call_next(context, tap(1))
    assert calling.call_next(context, tap(1, at)) == AtCounter(None, is_new=True)
    assert now(context, only).state == "done"


def test_the_same_touch_twice_is_one_call(context: Context) -> None:
    draw(context, "AAA")
    touch = tap(1)
    first, again = calling.call_next(context, touch), calling.call_next(context, touch)
    assert (label(first), label(again), again.is_new) == ("A001", "A001", False)
    calling.finish(context, tap(1, first))
    late = calling.call_next(context, touch)
    assert (late.ticket, late.is_new) == (None, False)
    assert label(calling.call_next(context, tap(1))) == "A002"


def test_an_officer_at_two_screens_calls_once(context: Context) -> None:
    draw(context, "AAA")
    at = calling.call_next(context, tap(1))
    one, other = tap(1, at), tap(1, at)
    assert label(calling.call_next(context, one)) == "A002"
    told = calling.call_next(context, other)
    assert (label(told), told.is_new) == ("A002", False)


@pytest.mark.parametrize("act", [calling.recall, calling.serve, calling.absent, calling.hold, calling.finish])
def test_no_act_touches_a_number_that_is_gone_from_the_counter(context: Context, act: object) -> None:
    first, _ = draw(context, "AA")
    at = calling.call_next(context, tap(1))
    calling.call_next(context, tap(1, at))
    before = words(context, first)
    assert callable(act)
    told = act(context, tap(1, first))
    assert (label(told), told.is_new) == ("A002", False)
    assert words(context, first) == before
    told = act(context, tap(2))
    assert told == AtCounter(None, is_new=False)


def test_who_does_not_come_is_asked_again_goes_back_in_line_and_is_closed_the_third_time(
    context: Context, clock: Fixed
) -> None:
    (only,) = draw(context, "A")
    for _ in range(3):
        at = calling.call_next(context, tap(1))
        assert label(at) == "A001"
        touch = tap(1, at)
        assert calling.recall(context, touch).is_new
        assert not calling.recall(context, touch).is_new
        assert calling.absent(context, tap(1, at)) == AtCounter(None, is_new=True)
        assert calling.call_next(context, tap(1)).ticket is None
        clock.forward(5 * 60)
    assert (now(context, only).state, now(context, only).absences) == ("closed", 3)
    one = [("called", "turn"), ("recalled", "")]
    assert words(context, only) == [("drawn", ""), *one, ("absent", ""), *one, ("absent", ""), *one, ("closed", "")]


def test_the_absent_go_behind_those_who_wait(context: Context, clock: Fixed) -> None:
    draw(context, "AA")
    calling.absent(context, tap(1, calling.call_next(context, tap(1))))
    (third,) = draw(context, "A")
    clock.forward(600)
    called = [calling.call_next(context, tap(1))]
    for _ in range(2):
        called.append(calling.call_next(context, tap(1, called[-1])))
    assert [label(at) for at in called] == ["A002", "A001", "A003"]
    assert now(context, third).turn > 3


def test_a_held_number_waits_for_its_owner(context: Context) -> None:
    first, _ = draw(context, "AA")
    at = calling.call_next(context, tap(1))
    calling.hold(context, tap(1, at))
    assert (now(context, first).state, now(context, first).counter) == ("held", 1)
    at = calling.call_next(context, tap(1))
    assert label(at) == "A002"
    back = calling.call_this(context, tap(1, at), first.id)
    assert (label(back), back.why) == ("A001", "chosen")


def test_a_number_at_another_counter_cannot_be_called(context: Context) -> None:
    first, _ = draw(context, "AA")
    calling.call_next(context, tap(1))
    at = calling.call_next(context, tap(2))
    told = calling.call_this(context, tap(2, at), first.id)
    assert (label(told), told.is_new) == ("A002", False)
    assert calling.call_this(context, tap(2, at), "none").is_new is False


def test_a_number_of_yesterday_cannot_be_called(context: Context, clock: Fixed) -> None:
    (old,) = draw(context, "A")
    clock.forward(24 * 3600)
    assert calling.call_this(context, tap(1), old.id) == AtCounter(None, is_new=False)
    assert calling.call_next(context, tap(1)).ticket is None
    assert draw(context, "A")[0].label == "A001"


def test_a_clock_that_jumps_over_midnight_and_back_loses_nobody(context: Context, clock: Fixed) -> None:
    draw(context, "AA")
    at = calling.call_next(context, tap(1))
    clock.jump(24 * 3600)
    draw(context, "B")
    assert label(calling.call_next(context, tap(1))) == "B001"
    clock.jump(-24 * 3600)
    assert label(calling.call_next(context, tap(1, at))) == "A002"


def test_a_number_is_passed_on_with_its_place_in_line(context: Context, clock: Fixed) -> None:
    apart = (Counter(1, "Quầy 1", ("A",)), Counter(2, "Quầy 2", ("B", "C", "D", "E", "F")))
    context = replace(context, config=replace(context.config, counters=apart))
    first, *_ = draw(context, "ABB")
    clock.forward(60)
    at = calling.call_next(context, tap(1))
    assert calling.transfer(context, tap(1, at), line="Z").is_new is False
    assert calling.transfer(context, tap(1, at), counter=9).is_new is False
    assert calling.transfer(context, tap(1, at), line="B") == AtCounter(None, is_new=True)
    moved = now(context, first)
    assert (moved.label, moved.line, moved.state, moved.since) == ("A001", "B", "waiting", first.since)
    assert calling.call_next(context, tap(1)).ticket is None
    assert label(calling.call_next(context, tap(2))) == "A001"
    assert ("transferred", "B") in words(context, first)


def test_a_number_sent_to_a_counter_is_called_there_or_after_it_closes_anywhere(context: Context) -> None:
    first, _ = draw(context, "AA")
    calling.open_counter(context, 2, "CB02")
    at = calling.call_next(context, tap(1))
    calling.transfer(context, tap(1, at), counter=2)
    at = calling.call_next(context, tap(1))
    assert label(at) == "A002"
    calling.finish(context, tap(1, at))
    assert calling.call_next(context, tap(1)).ticket is None
    assert calling.close_counter(context, 2, "CB02")
    assert label(calling.call_next(context, tap(1))) == "A001"
    assert words(context, first)[2:4] == [("transferred", "2"), ("transferred", "A")]


def test_a_counter_opens_once_and_does_not_close_on_somebody(context: Context) -> None:
    draw(context, "A")
    assert calling.open_counter(context, 1, "CB01")
    assert not calling.open_counter(context, 1, "CB01")
    assert not calling.open_counter(context, 9, "CB01")
    at = calling.call_next(context, tap(1))
    assert not calling.close_counter(context, 1, "CB01")
    calling.finish(context, tap(1, at))
    assert calling.close_counter(context, 1, "CB01")
    assert not calling.close_counter(context, 1, "CB01")


def test_priority_numbers_and_the_others_take_turns(context: Context) -> None:
    draw(context, "AAA")
    draw(context, "AA", "elderly")
    calls = [calling.call_next(context, tap(1))]
    for _ in range(4):
        calls.append(calling.call_next(context, tap(1, calls[-1])))
    assert [label(at) for at in calls] == ["A004", "A001", "A005", "A002", "A003"]
    assert [at.why for at in calls] == ["priority", "turn", "priority", "turn", "turn"]


def test_who_has_waited_45_minutes_is_called_before_priority(context: Context, clock: Fixed) -> None:
    draw(context, "A")
    clock.forward(45 * 60 + 1)
    draw(context, "A", "merit")
    at = calling.call_next(context, tap(1))
    assert (label(at), at.why) == ("A001", "waited")


def test_the_choice_of_an_officer_does_not_count_in_the_turns(context: Context) -> None:
    draw(context, "AA")
    chosen, _ = draw(context, "AA", "pregnant")
    at = calling.call_this(context, tap(1), chosen.id)
    at = calling.call_next(context, tap(1, at))
    assert (label(at), at.why) == ("A004", "priority")


def test_an_officer_confirms_sets_or_clears_a_priority_with_a_reason(context: Context) -> None:
    first, second = draw(context, "AA")
    queueing.declare(context, first.id, "disabled")
    assert calling.set_priority(context, first.id, None, "mistaken", "CB01")
    assert not queueing.declare(context, first.id, "disabled")
    assert calling.set_priority(context, second.id, "infant", "seen", "CB01")
    assert [now(context, one).priority for one in (first, second)] == [None, "infant"]
    assert words(context, first)[1:] == [("priority", "disabled/declared"), ("priority", "none/mistaken")]
    with context.store.read() as db:
        line = audit.of_subject(db, second.id)[-1][1]
    assert (line.act, line.actor, line.facts["detail"]) == ("priority", "CB01", "infant/seen")
    calling.finish(context, tap(1, calling.call_next(context, tap(1))))
    assert not calling.set_priority(context, second.id, None, "asked", "CB01")
    assert not calling.set_priority(context, "none", None, "asked", "CB01")


def test_the_board_shows_who_is_where_and_its_version_only_grows(context: Context) -> None:
    versions = []

    def seen() -> snapshot.Board:
        with context.store.read() as db:
            board = snapshot.board(db, context.config, context.clock.today())
        versions.append(board.version)
        return board

    assert [one.label for one in seen().counters] == [None, None]
    draw(context, "AAB")
    seen()
    calling.open_counter(context, 2, "CB02")
    board = seen()
    assert [(one.is_open, one.name) for one in board.counters] == [(False, "Quầy 1"), (True, "Quầy 2")]
    assert (board.waiting["A"], board.waiting["B"]) == (2, 1)
    at = calling.call_next(context, tap(2))
    first = seen()
    calling.recall(context, tap(2, at))
    again = seen()
    assert (again.counters[1].label, again.counters[1].state) == ("A001", "called")
    assert again.counters[1].seq > first.counters[1].seq
    assert [one.label for one in again.last] == ["A001"]
    calling.serve(context, tap(2, at))
    assert seen().counters[1].state == "serving"
    calling.call_next(context, tap(2, at))
    board = seen()
    assert [(one.label, one.counter) for one in board.last] == [("A002", 2), ("A001", 2)]
    assert board.waiting == {"A": 0, "B": 1, "C": 0, "D": 0, "E": 0, "F": 0}
    assert versions == sorted(set(versions))


def test_how_long_one_waits_is_told_once_five_were_served_today(context: Context, clock: Fixed) -> None:
    drawn = draw(context, "A" * 12)
    at: AtCounter | None = None
    for _ in range(5):
        at = calling.call_next(context, tap(1, at))
        clock.forward(360)
    with context.store.read() as db:
        assert snapshot.outlook(db, context.config, drawn[11], context.clock.now()) == snapshot.Outlook(6, None)
    calling.call_next(context, tap(1, at))
    with context.store.read() as db:
        outlook = snapshot.outlook(db, context.config, drawn[11], context.clock.now())
        seen = figures.tally(figures.visits(db, context.clock.today()))
    assert outlook == snapshot.Outlook(5, (30, 40))
    assert (seen.drawn, seen.served, seen.service_p50) == (12, 5, 6.0)
    assert (seen.wait_p50, seen.wait_p90) == (15.0, 27.0)


def test_counters_that_press_at_once_never_get_the_same_number(context: Context) -> None:
    ward = replace(context.config, counters=tuple(Counter(number, f"Quầy {number}") for number in range(1, 9)))
    context = replace(context, config=ward)
    draw(context, "A" * 160)
    got: list[str] = []

    def work(counter: int) -> None:
        at: AtCounter | None = None
        for _ in range(20):
            at = calling.call_next(context, tap(counter, at))
            got.append(str(label(at)))

    threads = [threading.Thread(target=work, args=[number]) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [f"A{number:03d}" for number in range(1, 161)]


def test_many_hands_at_one_counter_call_one_number_a_touch(context: Context) -> None:
    draw(context, "A" * 30)
    at: AtCounter | None = None
    for number in range(1, 21):
        touch, told = tap(1, at), list[AtCounter]()
        threads = [
            threading.Thread(target=lambda touch=touch, told=told: told.append(calling.call_next(context, touch)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {label(one) for one in told} == {f"A{number:03d}"}
        assert sum(one.is_new for one in told) == 1
        at = told[0]


CALL_FORTY = """
import sys
from pathlib import Path
from kiosk.acts import calling
from kiosk.acts.calling import Tap
from kiosk.app import create_app
from kiosk.clock import Fixed
from kiosk.config import ROOT, load
from dataclasses import replace
from datetime import UTC, datetime
app = create_app(replace(load(ROOT / "kiosk.toml"), root=Path(sys.argv[1])).practising(),
    Fixed(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)))
context, counter, at = app.extensions["context"], int(sys.argv[2]), None
for turn in range(40):
    told = calling.call_next(context, Tap(counter, at, f"{counter} {turn}", "CB01"))
    at = told.ticket.id
    print(told.ticket.label)
"""


def test_two_processes_on_one_store_never_call_the_same_number(context: Context) -> None:
    draw(context, "A" * 80)
    command = [sys.executable, "-c", CALL_FORTY, str(context.config.root)]
    both = [
        subprocess.Popen([*command, counter], cwd=ROOT, stdout=subprocess.PIPE, text=True) for counter in ("1", "2")
    ]
    got = [line for each in both for line in each.communicate(timeout=60)[0].split()]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(got) == [f"A{number:03d}" for number in range(1, 81)]
