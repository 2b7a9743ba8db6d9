"""Numbers in posts and addresses that Python's `int` refuses, or that are no number, are no error of the server."""

import pytest
from flask import Flask

from kiosk.base import codes
from tests.journeys.people import begin_birth
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

ODD = ("²", "٣", "-1", "1" * 4400, "1" * 25, "", "1e3", "0x1")


@pytest.mark.parametrize("text", ODD)
def test_only_a_few_digits_of_ascii_are_a_number(text: str) -> None:
    assert codes.parse_number(text) == -1
    assert codes.parse_number(text, 0) == 0


def test_a_number_is_read() -> None:
    assert [codes.parse_number(text) for text in ("0", "7", "007", "999999999")] == [0, 7, 7, 999_999_999]


@pytest.mark.parametrize("text", ODD)
def test_no_page_fails_for_an_odd_number(app: Flask, text: str) -> None:
    walker = begin_birth(Walker(app).go("/"))
    walker.post("/form/turn/grant", ask=text)
    assert walker.answer.status_code < 500
    for path in (f"/form/nguoi_khai.{text[:60]}", "/form/nguoi_khai"):
        assert walker.browser.get(path).status_code < 500
    walker.go("/form/nguoi_khai").post("/form/nguoi_khai", drop=text, con_noi_sinh=f"birth:{text}")
    assert walker.answer.status_code < 500
    desk = Desk(app)
    for path, fields in (
        ("/officer/assist/open", {"call": text}),
        ("/officer/assist/open", {"draft": "none", "turn": text}),
        ("/officer/counter", {"counter": text}),
    ):
        answer = desk.browser.post(path, data={"csrf": desk.token, **fields})
        assert answer.status_code < 500, path
