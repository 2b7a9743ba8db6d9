"""The whole queue: every number of the day is found by a filter or a search, and called from there."""

import re

import pytest
from flask import Flask

from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _draw, _plaque, _tap


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return an officer of a ward where twenty people wait."""
    desk = Desk(app)
    _draw(desk.context, 20)
    return desk.go("/officer/line")


def _labels(desk: Desk) -> list[str]:
    return re.findall(r"<td><b>(\w+)</b></td>", desk.page)


def _call(desk: Desk, label: str) -> Desk:
    match = re.search(rf'value="([^"]+)" aria-label="(?:Gọi|Gọi lại) {label}"', desk.page)
    assert match, label
    return _tap(desk, "this", this=match[1])


def test_the_whole_queue_is_shown_and_the_thirteenth_is_called_from_it(desk: Desk) -> None:
    assert _labels(desk) == [f"A{number:03}" for number in range(1, 21)]
    assert _plaque(_call(desk, "A017")) == "A017"


def test_a_number_that_was_closed_by_absences_is_called_back(desk: Desk) -> None:
    for _ in range(desk.context.config.queue.absences):
        _call(desk.go("/officer/line?q=a1"), "A001")
        _tap(desk, "absent")
    desk.go("/officer/line?group=closed")
    assert _labels(desk) == ["A001"]
    assert _plaque(_call(desk, "A001")) == "A001"


def test_the_number_that_left_last_is_called_back_with_one_press(desk: Desk) -> None:
    _call(desk, "A003")
    _tap(desk, "finish")
    assert "Vừa xong ở quầy này" in desk.words
    assert _plaque(_call(desk, "A003")) == "A003"
    assert "Vừa xong ở quầy này" not in desk.words


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=A7", ["A007"]), ("q=a007", ["A007"]), ("q=ho+tich", 20), ("q=Z9", 0), ("series=B", 0), ("series=A", 20)],
)
def test_the_queue_is_filtered_and_searched(desk: Desk, query: str, found: list[str] | int) -> None:
    labels = _labels(desk.go(f"/officer/line?{query}"))
    assert labels == found or len(labels) == found


def test_a_number_at_a_counter_cannot_be_called_to_another(desk: Desk) -> None:
    _call(desk, "A002")
    desk.go("/officer/line?group=counter")
    assert _labels(desk) == ["A002"]
    assert 'aria-label="Gọi A002"' not in desk.page
