"""The queue on its way to the gateway: who is named, when it is posted, and that forms never suffer."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.acts import calling
from kiosk.acts.calling import CounterRequest
from kiosk.portal import queue_feed
from kiosk.records import tickets
from kiosk.records.tickets import Ticket, TicketRequest
from sync import errors, link
from sync.portals.base import PostedQueue
from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]

NONCES = itertools.count()


@pytest.fixture
def machine(machines: list[Machine]) -> Machine:
    """Return a machine whose slips have an address."""
    machines[0].print_addresses("https://cong.example")
    return machines[0]


@pytest.fixture
def posts(machine: Machine) -> list[PostedQueue]:
    """Return a list of the queues that the portal gets from now on."""
    sent: list[PostedQueue] = []
    portal: Any = machine.worker.delivery._portal
    send: Callable[[PostedQueue], bool] = portal.post_queue
    portal.post_queue = lambda queue: (sent.append(queue), send(queue))[1]
    return sent


def wait_with_form(machine: Machine) -> tuple[Ticket, str]:
    """Submit a form, which draws a ticket; return the ticket and the receipt number."""
    submission_id, receipt_no = machine.submit()
    with machine.context.store.read() as db:
        ticket = tickets.of_submission(db, submission_id)
    assert ticket is not None
    return ticket, receipt_no


def draw_without_form(machine: Machine) -> Ticket:
    context = machine.context
    with context.store.write() as db:
        return tickets.draw(db, context.clock.today(), "A", context.clock.now())


def request(counter: int, ticket: Ticket | None = None) -> CounterRequest:
    return CounterRequest(
        counter=counter, ticket_id=ticket.id if ticket else None, nonce=f"queue {next(NONCES)}", actor="CB01"
    )


def run(machine: Machine, seconds: int) -> None:
    for _ in range(seconds):
        machine.clock.advance(1)
        machine.worker.step()


def stored(province: Province) -> dict[str, Any]:
    with province._engine.begin() as db:
        ((content,),) = db.exec_driver_sql("select content from queues").all()
    queue: dict[str, Any] = json.loads(content)
    return queue


def test_forms_that_wait_are_named_with_their_place_and_the_calls_of_now(machine: Machine) -> None:
    context = machine.context
    calling.open_counter(context, 1, "CB01")
    draw_without_form(machine)  # is called first, and not named
    (first, first_no), (second, second_no) = (wait_with_form(machine) for _ in range(2))
    queue = queue_feed.find_queue(context)
    assert [(ticket.label, ticket.receipt_no, ticket.state, ticket.ahead) for ticket in queue.tickets] == [
        (first.label, first_no, "waiting", 1),
        (second.label, second_no, "waiting", 2),
    ]
    assert queue.tickets[0].counters == (1,)
    at = calling.call_next(context, request(1))
    queue = queue_feed.find_queue(context)
    assert at.ticket is not None
    assert [(call.label, call.counter) for call in queue.calls] == [(at.ticket.label, 1)]
    assert [ticket.ahead for ticket in queue.tickets] == [0, 1]


def test_each_state_of_a_number_is_told_until_it_is_served(machine: Machine) -> None:
    context = machine.context
    calling.open_counter(context, 1, "CB01")
    wait_with_form(machine)

    def states() -> list[tuple[str, tuple[int, ...]]]:
        return [(ticket.state, ticket.counters) for ticket in queue_feed.find_queue(context).tickets]

    called = calling.call_next(context, request(1)).ticket
    assert called is not None
    assert states() == [("called", (1,))]
    calling.mark_absent(context, request(1, called))
    assert states() == [("absent", (1,))]
    called = calling.call_ticket(context, request(1), called.id).ticket
    assert called is not None
    calling.start_serving(context, request(1, called))
    assert states() == []
    calling.hold(context, request(1, called))
    assert states() == [("held", ())]
    called = calling.call_ticket(context, request(1), called.id).ticket
    assert called is not None
    calling.finish(context, request(1, called))
    assert queue_feed.find_queue(context) == queue_feed.EMPTY


def test_a_full_morning_names_the_next_hundred(machine: Machine) -> None:
    context = machine.context
    submission_id, _ = machine.submit()
    with context.store.write() as db:
        for _ in range(104):
            request_of_form = TicketRequest(submission_id=submission_id)
            tickets.draw(db, context.clock.today(), "A", context.clock.now(), request_of_form)
    queue = queue_feed.find_queue(machine.context)
    assert [ticket.ahead for ticket in queue.tickets] == list(range(100))


def test_the_queue_is_posted_after_a_change_and_while_somebody_waits(
    machine: Machine, posts: list[PostedQueue], province: Province
) -> None:
    assert stored(province) == {"calls": [], "tickets": []}, "once, because the gateway may have an older one"
    run(machine, 60)
    assert posts == []
    _, receipt_no = wait_with_form(machine)
    run(machine, 3)
    assert [len(queue.tickets) for queue in posts] == [1]
    assert stored(province)["tickets"][0]["receiptNo"] == receipt_no
    for _ in range(10):
        draw_without_form(machine)
        run(machine, 1)
    assert len(posts) == 1, "not more often than each 15 seconds"
    run(machine, 290)
    assert 10 <= len(posts) <= 13, "each 30 seconds while somebody waits"
    calling.open_counter(machine.context, 1, "CB01")
    called = calling.call_next(machine.context, request(1)).ticket
    assert called is not None
    calling.start_serving(machine.context, request(1, called))
    run(machine, 16)
    assert posts[-1].tickets == ()
    count = len(posts)
    run(machine, 300)
    assert len(posts) == count, "nobody waits"


def test_without_an_address_on_slips_nothing_is_posted(machines: list[Machine]) -> None:
    machine = machines[0]
    sent: list[PostedQueue] = []
    portal: Any = machine.worker.delivery._portal
    portal.post_queue = sent.append
    wait_with_form(machine)
    run(machine, 60)
    assert sent == []


@pytest.mark.parametrize("error", [errors.NotSent("gaierror"), errors.Unsure("deadline"), errors.BadRequestBody("422")])
def test_a_failed_post_is_no_fault_of_the_connection_and_forms_go_on(machine: Machine, error: errors.SyncError) -> None:
    portal: Any = machine.worker.delivery._portal
    tries: list[PostedQueue] = []

    def fail(queue: PostedQueue) -> bool:
        tries.append(queue)
        raise error

    portal.post_queue = fail
    wait_with_form(machine)
    run(machine, 130)
    assert len(tries) in (2, 3), "once a minute"
    submission_id, _ = machine.submit()
    run(machine, 5)
    assert machine.delivery(submission_id) == "confirmed"
    with machine.context.store.read() as db:
        state = link.state(db)
    assert (state.is_up, state.failures) == (True, 0)


def test_forms_go_before_the_queue(machine: Machine, posts: list[PostedQueue]) -> None:
    run(machine, 20)
    posts.clear()
    order: list[str] = []
    portal: Any = machine.worker.delivery._portal
    send, post_queue = portal.send, portal.post_queue
    portal.send = lambda payloads: (order.append("form"), send(payloads))[1]
    portal.post_queue = lambda queue: (order.append("queue"), post_queue(queue))[1]
    wait_with_form(machine)
    run(machine, 3)
    assert order == ["form", "queue"]


def test_an_older_gateway_is_asked_again_after_an_hour(machine: Machine) -> None:
    portal: Any = machine.worker.delivery._portal
    tries: list[PostedQueue] = []
    portal.post_queue = lambda queue: bool(tries.append(queue))
    wait_with_form(machine)
    run(machine, 300)
    assert len(tries) == 1
    machine.clock.advance(3600)
    run(machine, 3)
    assert len(tries) == 2


def test_a_stopped_connection_posts_nothing(machine: Machine, posts: list[PostedQueue]) -> None:
    with machine.context.store.write() as db:
        link.stop(db, machine.clock.now(), machine.clock.monotonic(), None)
    wait_with_form(machine)
    run(machine, 60)
    assert posts == []
