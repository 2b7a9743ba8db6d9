"""Eight officers call at once over HTTP: each ticket is called exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import Counter
from kiosk.records import tickets
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _plaque, _tap

OFFICERS = 8
ROUNDS = 5


@pytest.fixture
def practice(practice: Config) -> Config:
    return replace(practice, counters=tuple(Counter(number, f"Quầy {number}") for number in range(1, OFFICERS + 1)))


@pytest.fixture
def desks(app: Flask) -> list[Desk]:
    return [Desk(app, f"officer{number}", counter=number) for number in range(1, OFFICERS + 1)]


def test_eight_officers_never_call_the_same_number(desks: list[Desk], clock: FixedClock) -> None:
    context = desks[0].context
    barrier = Barrier(OFFICERS)
    drawn = [queueing.draw_ticket(context, context.config.series[0]).label for _ in range(OFFICERS * ROUNDS)]

    def morning(desk: Desk) -> list[str]:
        called = []
        for _ in range(ROUNDS):
            barrier.wait(30)
            called.append(_plaque(_tap(desk, "next")))
        return called

    with ThreadPoolExecutor(OFFICERS) as pool:
        called = [label for labels in pool.map(morning, desks) for label in labels]
    assert sorted(called) == sorted(drawn)
    with context.store.read() as db:
        assert tickets.in_line(db, clock.today(), ("A",)) == []
