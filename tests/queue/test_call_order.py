"""The discipline of the queue: its rule on small lines, and its promises on any line."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.config.sections import Queue
from kiosk.queue import call_order

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RULE = Queue()


@dataclass(frozen=True)
class One:
    turn: int
    since: datetime = NOW
    is_priority: bool = False
    is_resting: bool = False


def stood(turn: int, minutes: float, *, is_priority: bool = False, is_resting: bool = False) -> One:
    return One(turn, NOW - timedelta(minutes=minutes), is_priority, is_resting)


def told(waiting: list[One], last_calls: list[bool], rule: Queue = RULE) -> tuple[int, str] | None:
    found = call_order.next_of(waiting, last_calls, NOW, rule)
    return (found.ticket.turn, found.why) if found else None


def test_nobody_is_next_where_nobody_waits() -> None:
    assert told([], []) is None
    assert call_order.order([], [], NOW, RULE) == []


def test_priority_and_the_others_take_turns() -> None:
    line = [stood(1, 20), stood(2, 10, is_priority=True), stood(3, 5, is_priority=True), stood(4, 4)]
    assert told(line, []) == (2, "priority")
    assert told(line, [False, True]) == (2, "priority")
    assert told(line, [True, False]) == (1, "turn")
    assert [(one.ticket.turn, one.why) for one in call_order.order(line, [], NOW, RULE)] == [
        (2, "priority"), (1, "turn"), (3, "priority"), (4, "turn"),
    ]  # fmt: skip


def test_a_ratio_of_two_lets_two_priority_calls_pass() -> None:
    line, rule = [stood(1, 20), stood(2, 10, is_priority=True)], replace(RULE, ratio=2)
    assert told(line, [True], rule) == (2, "priority")
    assert told(line, [True, False], rule) == (2, "priority")
    assert told(line, [True, True], rule) == (1, "turn")


def test_priority_is_next_even_out_of_ratio_where_nobody_else_waits() -> None:
    assert told([stood(1, 1, is_priority=True)], [True]) == (1, "priority")


def test_who_has_waited_too_long_is_next() -> None:
    assert told([stood(1, 45), stood(2, 10, is_priority=True)], []) == (2, "priority")
    assert told([stood(1, 45.1), stood(2, 10, is_priority=True)], []) == (1, "waited")


def test_the_longest_wait_counts_and_not_the_earliest_turn() -> None:
    back_in_line = stood(1, 3)
    assert told([back_in_line, stood(2, 60), stood(3, 1, is_priority=True)], []) == (2, "waited")


def test_who_did_not_come_is_left_in_peace_for_some_minutes() -> None:
    assert told([stood(1, 4.9, is_resting=True)], []) is None
    assert told([stood(1, 5, is_resting=True)], []) == (1, "turn")
    line = [stood(3, 1, is_resting=True), stood(2, 1), stood(4, 1, is_priority=True, is_resting=True)]
    assert [one.ticket.turn for one in call_order.order(line, [], NOW, RULE)] == [2, 3, 4]


def test_a_clock_that_jumps_back_holds_nobody_up() -> None:
    assert told([stood(1, -600), stood(2, -900, is_priority=True)], [True]) == (1, "turn")


LINES = st.lists(
    st.builds(stood, st.just(0), st.floats(0, 120), is_priority=st.booleans(), is_resting=st.booleans()), max_size=12
).map(lambda line: [replace(one, turn=place) for place, one in enumerate(line)])
CALLS = st.lists(st.booleans(), max_size=5)
RULES = st.builds(Queue, max_wait_minutes=st.integers(5, 90), ratio=st.integers(1, 4))


@given(LINES, CALLS, RULES)
def test_the_choice_keeps_every_promise(line: list[One], calls: list[bool], rule: Queue) -> None:
    found = call_order.next_of(line, calls, NOW, rule)
    ready = [one for one in line if not one.is_resting or NOW - one.since >= timedelta(minutes=rule.absent_minutes)]
    assert (found is None) == (not ready)
    if found is None:
        return
    late = [one for one in ready if not one.is_priority and NOW - one.since > timedelta(minutes=rule.max_wait_minutes)]
    assert found.ticket in ready
    if late:
        assert found.ticket.since == min(one.since for one in late)
        return
    assert found.ticket.turn == min(one.turn for one in ready if one.is_priority == found.ticket.is_priority)
    if found.ticket.is_priority and any(not one.is_priority for one in ready):
        assert not (len(calls) >= rule.ratio and all(calls[: rule.ratio]))
    if not found.ticket.is_priority and any(one.is_priority for one in ready):
        assert all(calls[: rule.ratio])
        assert len(calls) >= rule.ratio


@given(LINES, CALLS, RULES)
def test_the_order_names_everybody_once_and_begins_with_who_is_next(
    line: list[One], calls: list[bool], rule: Queue
) -> None:
    found = call_order.order(line, calls, NOW, rule)
    assert sorted(one.ticket.turn for one in found) == [one.turn for one in line]
    first = call_order.next_of(line, calls, NOW, rule)
    assert first is None or found[0] == first


@given(st.lists(st.booleans(), min_size=20, max_size=60), st.integers(1, 3), st.integers(2, 9))
def test_no_ordinary_number_waits_longer_than_the_bound_and_those_who_waited_longer(
    comers: list[bool], ratio: int, service: int
) -> None:
    """One counter, somebody new each service: whoever is called late was behind only those who were later still."""
    rule, line, calls, now = Queue(ratio=ratio, max_wait_minutes=20), list[One](), list[bool](), NOW
    for turn, is_priority in enumerate(comers):
        line += [One(turn, now, is_priority)]
        if turn % 3:
            continue  # fewer are called than come
        found = call_order.next_of(line, calls, now, rule)
        assert found is not None
        late = [one for one in line if not one.is_priority and now - one.since > timedelta(minutes=20)]
        assert not late or found.ticket == late[0]
        line.remove(found.ticket)
        calls.insert(0, found.ticket.is_priority)
        now += timedelta(minutes=service)


def test_a_wait_is_told_as_a_range_of_whole_fives() -> None:
    services = [4.0, 5.0, 6.0, 7.0, 8.0]
    assert call_order.estimate(services, 6, 2) == (15, 25)
    assert call_order.estimate(services, 0, 2) == (0, 5)
    assert call_order.estimate(services[:4], 6, 2) is None
    assert call_order.estimate(services, 6, 0) is None
