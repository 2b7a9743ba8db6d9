import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, Config
from kiosk.records import tickets
from kiosk.records.tickets import TicketChange
from kiosk.store.db import Store

DAY = date(2026, 11, 24)

DRAW_FIFTY = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from kiosk.store.db import Store
from kiosk.records import tickets
with Store(Path(sys.argv[1])) as store:
    for _ in range(50):
        with store.write() as db:
            print(tickets.draw(db, date(2026, 11, 24), "A", datetime(2026, 11, 24, tzinfo=UTC)).number)
"""


def test_numbers_begin_at_1_each_day_in_each_series(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        drawn = [tickets.draw(db, DAY, series, clock.now()).label for series in "AABA"]
        assert tickets.draw(db, DAY + timedelta(days=1), "A", clock.now()).label == "A001"
    assert drawn == ["A001", "A002", "B001", "A003"]


def test_eight_threads_never_share_a_number(store: Store, clock: FixedClock) -> None:
    numbers: list[int] = []

    def draw() -> None:
        for _ in range(25):
            with store.write() as db:
                numbers.append(tickets.draw(db, DAY, "A", clock.now()).number)

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 201))


@pytest.mark.machine_date
def test_two_processes_never_share_a_number(store: Store, config: Config) -> None:
    command = [sys.executable, "-c", DRAW_FIFTY, str(config.store_path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    numbers = [int(line) for process in processes for line in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(numbers) == list(range(1, 101))


def test_only_waiting_tickets_are_counted_in_a_line(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        first, *_ = [tickets.draw(db, DAY, series, clock.now()) for series in "AABA"]
        tickets.move(db, first, replace(first, state="called", counter=1), TicketChange("called", clock.now()))
        assert (tickets.count_waiting(db, DAY, "A"), tickets.count_waiting(db, DAY, "B")) == (2, 1)


def test_every_change_leaves_an_event_and_a_second_from_the_same_place_none(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        ticket = tickets.draw(db, DAY, "A", clock.now(), tickets.TicketRequest(priority="elderly"))
        change = TicketChange(event="called", at=clock.now(), actor="CB01", counter=3, detail="priority", nonce="nonce")
        assert tickets.move(db, ticket, replace(ticket, state="called", counter=3), change)
        assert not tickets.move(
            db, ticket, replace(ticket, state="called", counter=4), TicketChange("called", clock.now())
        )
        events = tickets.events(db, ticket.id)
        assert [event.event for event in events] == ["drawn", "called"]
        assert events[1] == tickets.TicketEvent(
            seq=events[1].seq, at=clock.now(), event="called", actor="CB01", counter=3, detail="priority"
        )
        assert (tickets.is_nonce_used(db, "nonce"), tickets.is_nonce_used(db, "other")) == (True, False)
        moved = tickets.find(db, ticket.id)
        assert tickets.find(db, "none") is None
    assert moved == replace(ticket, state="called", counter=3)
    assert (moved.is_priority, moved.is_absent, moved.label) == (True, False, "A001")


def test_a_counter_has_at_most_one_ticket(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        first, second = [tickets.draw(db, DAY, "A", clock.now()) for _ in range(2)]
        tickets.move(db, first, replace(first, state="called", counter=1), TicketChange("called", clock.now()))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), store.write() as db:
        tickets.move(db, second, replace(second, state="serving", counter=1), TicketChange("called", clock.now()))
    with store.write() as db:
        tomorrow = tickets.draw(db, DAY + timedelta(days=1), "A", clock.now())
        tickets.move(db, tomorrow, replace(tomorrow, state="called", counter=1), TicketChange("called", clock.now()))
        at = tickets.at_counter(db, DAY, 1)
        assert at is not None
        assert at.id == first.id
        assert tickets.at_counter(db, DAY, 2) is None
        assert [ticket.id for ticket in tickets.all_at_counters(db, DAY)] == [first.id]


def test_a_counter_sees_tickets_sent_to_it_and_not_those_sent_to_another(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        drawn = [tickets.draw(db, DAY, series, clock.now()) for series in "AAABB"]
        changes: list[tuple[int, dict[str, Any]]] = [
            (1, {"counter": 2}),
            (2, {"state": "absent", "turn": 9}),
            (3, {"counter": 1}),
            (4, {"state": "held"}),
        ]
        for place, values in changes:
            tickets.move(db, drawn[place], replace(drawn[place], **values), TicketChange("transferred", clock.now()))

        def labels(lines: str, counter: int | None = None) -> list[str]:
            return [ticket.label for ticket in tickets.in_line(db, DAY, lines, counter)]

        assert labels("A", 1) == ["A001", "B001", "A003"]
        assert labels("A", 2) == ["A001", "A002", "A003"]
        assert labels("A", 3) == ["A001", "A003"]
        assert labels("B") == ["B001"]
        assert labels("") == []
        assert [ticket.label for ticket in tickets.held(db, DAY)] == ["B002"]
        assert tickets.last_turn(db, DAY) == 9


def test_a_number_is_found_by_what_is_printed_on_it(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        drawn = tickets.draw(db, DAY, "A", clock.now())
        assert [tickets.by_label(db, DAY, text) for text in ("A001", " a1 ", "A002", "A", "", "A１", "AB1")] == [
            drawn, drawn, None, None, None, None, None,
        ]  # fmt: skip
        assert tickets.by_label(db, DAY + timedelta(days=1), "A001") is None
        assert (tickets.last_number(db, DAY, "A"), tickets.last_number(db, DAY, "B")) == (1, 0)


def test_old_days_are_forgotten_with_their_events(store: Store, clock: FixedClock) -> None:
    with store.write() as db:
        old = tickets.draw(db, DAY - timedelta(days=91), "A", clock.now())
        kept = tickets.draw(db, DAY - timedelta(days=90), "A", clock.now())
        assert tickets.before(DAY - timedelta(days=90)).wipe_all(db) == 1
        assert tickets.find(db, old.id) is None
        assert tickets.events(db, old.id) == []
        assert tickets.find(db, kept.id) == kept


def test_a_ticket_is_found_by_its_submission(store: Store, clock: FixedClock) -> None:
    with store.read() as db:
        assert tickets.of_submission(db, "none") is None


def test_a_priority_outside_the_list_is_refused(store: Store, clock: FixedClock) -> None:
    with pytest.raises(Exception, match="CHECK"), store.write() as db:
        tickets.draw(db, DAY, "A", clock.now(), tickets.TicketRequest(priority="mayor"))  # type: ignore[arg-type]
