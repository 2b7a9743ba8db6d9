"""The rule of the queue on a few tickets, and its guarantees on any list of tickets."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.config.ward_sections import QueueSettings
from kiosk.queue import call_order

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
RULE = QueueSettings()


@dataclass(frozen=True)
class WaitingTicket:
    turn: int
    since: datetime = NOW
    is_priority: bool = False
    is_absent: bool = False


def waiting_ticket(turn: int, minutes: float, *, is_priority: bool = False, is_absent: bool = False) -> WaitingTicket:
    since = NOW - timedelta(minutes=minutes)
    return WaitingTicket(turn=turn, since=since, is_priority=is_priority, is_absent=is_absent)


def next_of(waiting: list[WaitingTicket], last_calls: list[bool], rule: QueueSettings = RULE) -> tuple[int, str] | None:
    call = call_order.next_call(waiting, last_calls, NOW, rule)
    return (call.ticket.turn, call.reason) if call else None


def test_without_waiting_tickets_none_is_next() -> None:
    assert next_of([], []) is None
    assert call_order.call_sequence([], [], NOW, RULE) == []


def test_priority_and_the_others_take_turns() -> None:
    tickets = [
        waiting_ticket(1, 20),
        waiting_ticket(2, 10, is_priority=True),
        waiting_ticket(3, 5, is_priority=True),
        waiting_ticket(4, 4),
    ]
    assert next_of(tickets, []) == (2, "priority")
    assert next_of(tickets, [False, True]) == (2, "priority")
    assert next_of(tickets, [True, False]) == (1, "turn")
    assert [(call.ticket.turn, call.reason) for call in call_order.call_sequence(tickets, [], NOW, RULE)] == [
        (2, "priority"), (1, "turn"), (3, "priority"), (4, "turn"),
    ]  # fmt: skip


def test_a_ratio_of_two_lets_two_priority_calls_pass() -> None:
    tickets = [waiting_ticket(1, 20), waiting_ticket(2, 10, is_priority=True)]
    rule = replace(RULE, ratio=2)
    assert next_of(tickets, [True], rule) == (2, "priority")
    assert next_of(tickets, [True, False], rule) == (2, "priority")
    assert next_of(tickets, [True, True], rule) == (1, "turn")


def test_priority_is_next_even_out_of_ratio_where_no_other_waits() -> None:
    assert next_of([waiting_ticket(1, 1, is_priority=True)], [True]) == (1, "priority")


def test_who_has_waited_too_long_is_next() -> None:
    assert next_of([waiting_ticket(1, 45), waiting_ticket(2, 10, is_priority=True)], []) == (2, "priority")
    assert next_of([waiting_ticket(1, 45.1), waiting_ticket(2, 10, is_priority=True)], []) == (1, "waited")


def test_the_longest_wait_counts_and_not_the_earliest_turn() -> None:
    rejoined = waiting_ticket(1, 3)
    assert next_of([rejoined, waiting_ticket(2, 60), waiting_ticket(3, 1, is_priority=True)], []) == (2, "waited")


def test_who_did_not_come_is_left_in_peace_for_some_minutes() -> None:
    assert next_of([waiting_ticket(1, 4.9, is_absent=True)], []) is None
    assert next_of([waiting_ticket(1, 5, is_absent=True)], []) == (1, "turn")
    tickets = [
        waiting_ticket(3, 1, is_absent=True),
        waiting_ticket(2, 1),
        waiting_ticket(4, 1, is_priority=True, is_absent=True),
    ]
    assert [call.ticket.turn for call in call_order.call_sequence(tickets, [], NOW, RULE)] == [2, 3, 4]


def test_a_clock_that_jumps_back_delays_no_ticket() -> None:
    assert next_of([waiting_ticket(1, -600), waiting_ticket(2, -900, is_priority=True)], [True]) == (1, "turn")


TICKET_LISTS = st.lists(
    st.builds(waiting_ticket, st.just(0), st.floats(0, 120), is_priority=st.booleans(), is_absent=st.booleans()),
    max_size=12,
).map(lambda tickets: [replace(ticket, turn=turn) for turn, ticket in enumerate(tickets)])
CALLS = st.lists(st.booleans(), max_size=5)
RULES = st.builds(QueueSettings, max_wait_minutes=st.integers(5, 90), ratio=st.integers(1, 4))


@given(TICKET_LISTS, CALLS, RULES)
def test_the_choice_keeps_every_promise(tickets: list[WaitingTicket], calls: list[bool], rule: QueueSettings) -> None:
    call = call_order.next_call(tickets, calls, NOW, rule)
    rest = timedelta(minutes=rule.absent_minutes)
    bound = timedelta(minutes=rule.max_wait_minutes)
    ready = [ticket for ticket in tickets if not ticket.is_absent or NOW - ticket.since >= rest]
    assert (call is None) == (not ready)
    if call is None:
        return
    late = [ticket for ticket in ready if not ticket.is_priority and NOW - ticket.since > bound]
    assert call.ticket in ready
    if late:
        assert call.ticket.since == min(ticket.since for ticket in late)
        return
    assert call.ticket.turn == min(ticket.turn for ticket in ready if ticket.is_priority == call.ticket.is_priority)
    if call.ticket.is_priority and any(not ticket.is_priority for ticket in ready):
        assert not (len(calls) >= rule.ratio and all(calls[: rule.ratio]))
    if not call.ticket.is_priority and any(ticket.is_priority for ticket in ready):
        assert all(calls[: rule.ratio])
        assert len(calls) >= rule.ratio


@given(TICKET_LISTS, CALLS, RULES)
def test_the_order_has_every_ticket_once_and_begins_with_the_next(
    tickets: list[WaitingTicket], calls: list[bool], rule: QueueSettings
) -> None:
    sequence = call_order.call_sequence(tickets, calls, NOW, rule)
    assert sorted(call.ticket.turn for call in sequence) == [ticket.turn for ticket in tickets]
    first = call_order.next_call(tickets, calls, NOW, rule)
    assert first is None or sequence[0] == first


@given(TICKET_LISTS, CALLS, RULES, st.sampled_from((0.0, 4.5)))
def test_the_order_is_that_of_choosing_among_all_at_each_call(
    tickets: list[WaitingTicket], calls: list[bool], rule: QueueSettings, minutes_per_call: float
) -> None:
    sequence = call_order.call_sequence(tickets, calls, NOW, rule, minutes_per_call)
    left = list(tickets)
    for place, call in enumerate(sequence):
        chosen = call_order.next_call(left, calls, NOW + timedelta(minutes=minutes_per_call * place), rule)
        if chosen is None:
            assert [each.ticket.turn for each in sequence[place:]] == [ticket.turn for ticket in left]
            return
        assert call == chosen
        left.remove(chosen.ticket)
        calls = [chosen.ticket.is_priority, *calls]


@given(st.lists(st.booleans(), min_size=20, max_size=60), st.integers(1, 3), st.integers(2, 9))
def test_no_ordinary_number_waits_longer_than_the_bound_and_those_who_waited_longer(
    drawn: list[bool], ratio: int, service: int
) -> None:
    """One counter, a new ticket each service: a late ticket waited only behind tickets that were later still."""
    rule = QueueSettings(ratio=ratio, max_wait_minutes=20)
    tickets: list[WaitingTicket] = []
    calls: list[bool] = []
    now = NOW
    for turn, is_priority in enumerate(drawn):
        tickets += [WaitingTicket(turn, now, is_priority)]
        if turn % 3:
            continue  # fewer are called than drawn
        call = call_order.next_call(tickets, calls, now, rule)
        assert call is not None
        late = [ticket for ticket in tickets if not ticket.is_priority and now - ticket.since > timedelta(minutes=20)]
        assert not late or call.ticket == late[0]
        tickets.remove(call.ticket)
        calls.insert(0, call.ticket.is_priority)
        now += timedelta(minutes=service)


def test_a_wait_is_shown_as_a_range_of_whole_fives() -> None:
    services = [4.0, 5.0, 6.0, 7.0, 8.0]
    assert call_order.wait_range(services, 6, 2) == (15, 25)
    assert call_order.wait_range(services, 0, 2) == (0, 5)
    assert call_order.wait_range(services, 1, 8)[0] == 1, "nobody is told 0 to 10 minutes behind somebody"
    assert call_order.wait_range(services[:4], 6, 2) is None
    assert call_order.wait_range(services, 6, 0) is None
    assert call_order.wait_range([0.0, 0.0, 0.0, 60.0, 60.0], 1, 1) is None, "0 to 120 minutes tells nothing"
