"""The message to a date is below its boxes and visible beside the open keyboard; it moves nothing.

The pages of birth and death, at each screen and at the usual and the largest text. They ask in the order of their
titles, and the name of the part stays in sight.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.glass import kiosk_with, opened_at, person_before
from tests.browser.person import Person
from tests.browser.screens import SCREENS

MESSAGES = {
    "31022026": "không có ngày 31",
    "26112026": "sau hôm nay",
    "13022018": "trên 6 tuổi",
    "13022026": "quá 60 ngày",
    "12112026": "ngày mười hai",
    "121124": "Năm 24 là 2024?",
}
"""Digits of a baby's birth date, seen on 25/11/2026 -> words of the message."""

PLACES = """() => [...document.querySelectorAll("main :is(h1, legend, .opt, .field, .btn), .low button")]
  .filter((e) => !e.closest("#said, .room") && e.checkVisibility())
  .map((e) => [e.textContent.trim().slice(0, 20) || e.id, Math.round(e.getBoundingClientRect().y + scrollY)])"""
"""Returns the height at which each control and title of the page stands."""

SEEN = """() => {
  const [said, boxes] = [document.querySelector("#said .notice"), document.querySelector(".q-date .date")];
  const [message, date] = [said.getBoundingClientRect(), boxes.getBoundingClientRect()];
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  const isHit = (x, y) => said.contains(document.elementFromPoint(x, y));
  const inset = 6;
  const middle = message.x + message.width / 2;
  const box = [...boxes.querySelectorAll(".field")].at(-1);
  const { x, y, width, height } = box.getBoundingClientRect();
  return {
    top: isHit(middle, message.y + inset),
    bottom: isHit(middle, message.bottom - inset),
    boxes: box.contains(document.elementFromPoint(x + width / 2, y + height / 2)),
    distance: Math.round((message.y - date.bottom) / mm),
  };
}"""
"""Whether a person sees the whole message and the boxes, and the millimetres between them."""

PART_SEEN = """() => {
  const name = document.querySelector(".strip-words b");
  const range = document.createRange();
  range.selectNodeContents(name);
  return [...range.getClientRects()].every(({ x, right, y, bottom }) =>
    [x + 2, right - 2].every((at) => name.contains(document.elementFromPoint(at, (y + bottom) / 2))));
}"""
"""Whether both ends of each line of the part's name are uncovered."""

pytestmark = pytest.mark.timeout(600)


SIZES = {"usual": "", "very large": "xl"}


@pytest.fixture(scope="module", params=SCREENS)
def kiosk_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_app: Flask
) -> Iterator[Flask]:
    with kiosk_with(SCREENS[request.param], tmp_path_factory.mktemp("dates"), shared_app) as app:
        yield app


@pytest.fixture
def person(kiosk_app: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(kiosk_app, chromium) as person:
        yield person


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return SIZES[request.param]


def _type(person: Person, key: str, digits: str) -> None:
    """Touch the boxes of a date and their digits, and wait for the message."""
    for box, part in zip("dmy", (digits[:2], digits[2:4], digits[4:]), strict=True):
        person.touch_digits(f"{key}.{box}", part)
    person.page.locator("#said .notice").wait_for()
    person.wait_until_quiet()


def _places(page: Page) -> Any:
    return page.evaluate(PLACES)


def _assert_order_of_title(page: Page) -> None:
    """Check that the page asks for the day before the place."""
    date, place = (
        page.locator(f"{part} legend").first.bounding_box()
        for part in (".q-date", "fieldset:has([name$=noi_sinh], [name$=noi_chet])")
    )
    assert date
    assert place
    assert date["y"] < place["y"]


@pytest.mark.smoke(cases=1)
def test_a_message_to_the_birth_date_is_seen_below_its_boxes_and_nothing_moves(
    kiosk_app: Flask, person: Person, size: str
) -> None:
    page = opened_at(kiosk_app, person, "1.001193", "/form/sinh_luc_nao", size)
    expect(person.field("con_ngay_sinh.d")).to_be_focused()
    _assert_order_of_title(page)
    person.enter(person.field("con_ngay_sinh.d"))
    person.wait_until_quiet()
    assert page.evaluate(PART_SEEN)
    before = _places(page)
    for digits, words in MESSAGES.items():
        _type(person, "con_ngay_sinh", digits)
        expect(page.locator("#said")).to_contain_text(words)
        assert _places(page) == before, digits
        seen = page.evaluate(SEEN)
        assert {part: seen[part] for part in ("top", "bottom", "boxes")} == dict.fromkeys(
            ("top", "bottom", "boxes"), True
        ), digits
        assert seen["distance"] <= 24, digits
    page.get_by_role("button", name="Đúng, ghi 2024").tap()
    expect(page.locator("#said")).to_contain_text("quá 60 ngày")


def test_a_message_to_the_day_of_death_is_seen_below_its_boxes_and_nothing_moves(
    kiosk_app: Flask, person: Person, size: str
) -> None:
    page = opened_at(kiosk_app, person, "1.000656", "/form/mat_luc_nao", size)
    _assert_order_of_title(page)
    person.enter(person.field("nc_ngay_chet.d"))
    person.wait_until_quiet()
    assert page.evaluate(PART_SEEN)
    before = _places(page)
    for digits, words in {"31112026": "không có ngày 31", "26112026": "sau hôm nay", "01102026": "quá 15 ngày"}.items():
        _type(person, "nc_ngay_chet", digits)
        expect(page.locator("#said")).to_contain_text(words)
        assert _places(page) == before, digits
        seen = page.evaluate(SEEN)
        assert seen["top"], digits
        assert seen["bottom"], digits
