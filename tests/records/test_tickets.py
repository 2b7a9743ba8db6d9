import subprocess
import sys
import threading
from datetime import date, timedelta

import pytest

from kiosk.clock import Fixed
from kiosk.config import ROOT, Config
from kiosk.db import Store
from kiosk.records import tickets

DAY = date(2026, 11, 24)

DRAW_FIFTY = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from kiosk.db import Store
from kiosk.records import tickets
with Store(Path(sys.argv[1])) as store:
    for _ in range(50):
        with store.write() as db:
            print(tickets.draw(db, date(2026, 11, 24), "A", datetime(2026, 11, 24, tzinfo=UTC)).number)
"""


def test_numbers_begin_at_1_each_day_in_each_series(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        drawn = [tickets.draw(db, DAY, series, clock.now()).label for series in "AABA"]
        assert tickets.draw(db, DAY + timedelta(days=1), "A", clock.now()).label == "A001"
    assert drawn == ["A001", "A002", "B001", "A003"]


def test_eight_threads_never_share_a_number(store: Store, clock: Fixed) -> None:
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


def test_two_processes_never_share_a_number(store: Store, config: Config) -> None:
    command = [sys.executable, "-c", DRAW_FIFTY, str(config.store_path)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    numbers = [int(line) for each in both for line in each.communicate(timeout=60)[0].split()]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(numbers) == list(range(1, 101))


def test_only_those_who_wait_with_a_smaller_number_stand_before(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        first, second, _, fourth = [tickets.draw(db, DAY, series, clock.now()) for series in "AABA"]
        assert [tickets.waiting_before(db, each) for each in (first, second, fourth)] == [0, 1, 2]
        tickets.move(db, first.id, "called", clock.now())
        assert [tickets.waiting_before(db, each) for each in (second, fourth)] == [0, 1]
        assert (tickets.waiting(db, DAY, "A"), tickets.waiting(db, DAY, "B")) == (2, 1)


def test_every_change_leaves_an_event_and_a_repeat_none(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        ticket = tickets.draw(db, DAY, "A", clock.now(), priority="elderly")
        assert tickets.move(db, ticket.id, "called", clock.now(), "officer-1")
        assert not tickets.move(db, ticket.id, "called", clock.now(), "officer-2")
        assert not tickets.move(db, "none", "called", clock.now())
        assert tickets.events(db, ticket.id) == ["drawn", "called"]
        found = tickets.find(db, ticket.id)
        assert tickets.find(db, "none") is None
    assert found is not None
    assert (found.state, found.priority, found.drawn_at) == ("called", "elderly", clock.now())


def test_old_days_are_forgotten_with_their_events(store: Store, clock: Fixed) -> None:
    with store.write() as db:
        old = tickets.draw(db, DAY - timedelta(days=91), "A", clock.now())
        kept = tickets.draw(db, DAY - timedelta(days=90), "A", clock.now())
        assert tickets.forget_before(db, DAY - timedelta(days=90)) == 1
        assert tickets.find(db, old.id) is None
        assert tickets.events(db, old.id) == []
        assert tickets.find(db, kept.id) == kept


def test_a_ticket_is_found_by_its_submission(store: Store, clock: Fixed) -> None:
    with store.read() as db:
        assert tickets.of_submission(db, "none") is None


def test_a_priority_outside_the_list_is_refused(store: Store, clock: Fixed) -> None:
    with pytest.raises(Exception, match="CHECK"), store.write() as db:
        tickets.draw(db, DAY, "A", clock.now(), priority="mayor")  # type: ignore[arg-type]
