"""The line at the desk that says what is wrong with the machine."""

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.health import heartbeat
from kiosk.health.check_result import CheckResult
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

DAY = 24 * 3600


@pytest.fixture
def filed(walker: Walker, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """File a form on November 26, on a machine whose worker runs."""
    monkeypatch.setattr(heartbeat, "worker", lambda _context: CheckResult("Worker", "ok", "Đang chạy"))
    clock.advance(2 * DAY)
    submit(birth_until_check(walker))


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize(
    ("days", "words"),
    [(0, ""), (4, ""), (-1, "25/11/2026"), (-5, "21/11/2026")],
    ids=["right", "after closed days", "back by a day", "before the release"],
)
def test_a_wrong_clock_is_told_and_closed_days_are_not(app: Flask, clock: FixedClock, days: int, words: str) -> None:
    clock.jump(days * DAY)
    desk = Desk(app)
    assert ("Ngày giờ của máy sai" in desk.words) == bool(words)
    assert words in desk.words
