"""Touches that slide, as of a trembling finger: up to 10 mm they choose; a swipe scrolls and chooses nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect

from tests.browser.fingers import Fingers, Point
from tests.browser.glass import kiosk_with, opened_at, person_before
from tests.browser.person import Person
from tests.browser.screens import SCREENS

SLIDE = 9.5
"""Millimetres."""
DIRECTIONS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module", params=["1080x1920", "1280x800"])
def kiosk_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_app: Flask
) -> Iterator[Flask]:
    with kiosk_with(SCREENS[request.param], tmp_path_factory.mktemp("slides"), shared_app) as app:
        yield app


@pytest.fixture
def person(kiosk_app: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(kiosk_app, chromium) as person:
        yield person


def _millimetre(app: Flask) -> float:
    return float(app.extensions["context"].config.screen.size.pixels_per_mm)


def _middle(control: Locator) -> Point:
    box = control.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _slide(person: Person, control: Locator, x: float, y: float) -> None:
    """Slide over the middle of a control by (x, y) pixels: half of the way before it, half behind."""
    middle_x, middle_y = _middle(control)
    begin = (middle_x - x / 2, middle_y - y / 2)
    Fingers(person.page).move((begin, (begin[0] + x, begin[1] + y)))


@pytest.mark.smoke(cases=1)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_slide_on_an_option_chooses_it(kiosk_app: Flask, person: Person, direction: str) -> None:
    person.go("/need/1.001193")
    person.wait_until_quiet()
    option = person.page.locator(".opt").first
    x, y = (part * SLIDE * _millimetre(kiosk_app) for part in DIRECTIONS[direction])
    _slide(person, option, x, y)
    expect(option.locator("input")).to_be_checked()
    assert person.page.evaluate("scrollY") == 0


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_slide_on_a_button_presses_it_once(kiosk_app: Flask, person: Person, direction: str) -> None:
    page = opened_at(kiosk_app, person, "1.001193", "/form/ban_sao")
    person.choose("de_nghi_cap_ban_sao", "khong")
    person.see_all()
    x, y = (part * SLIDE * _millimetre(kiosk_app) for part in DIRECTIONS[direction])
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    _slide(person, page.locator(".dock .main:visible"), x, y)
    page.wait_for_url("**/form/check")
    assert len(posts) == 1


def test_a_slide_that_ends_on_another_option_chooses_nothing(kiosk_app: Flask, person: Person) -> None:
    person.go("/need/1.001193")
    person.wait_until_quiet()
    first, second = (person.page.locator(".opt").nth(place).bounding_box() for place in (0, 1))
    assert first
    assert second
    is_beside = second["y"] < first["y"] + first["height"]
    if is_beside:
        begin = (first["x"] + first["width"] - 6, first["y"] + first["height"] / 2)
        end = (second["x"] + 6, begin[1])
    else:
        begin = (first["x"] + 60, first["y"] + first["height"] - 6)
        end = (begin[0], second["y"] + 6)
    Fingers(person.page).move((begin, end))
    expect(person.page.locator(".opt input:checked")).to_have_count(0)


def test_a_swipe_that_begins_on_an_option_scrolls_and_chooses_nothing(kiosk_app: Flask, person: Person) -> None:
    page = opened_at(kiosk_app, person, "1.001193", "/form/dan_toc_que_quan", "xl")
    person.choose("one_group", "apart")
    option = page.locator(".opt").nth(1)
    x, y = _middle(option)
    before = page.locator(".opt input:checked").count()
    Fingers(page).move(((x, y), (x, y - 30 * _millimetre(kiosk_app))))
    assert page.evaluate("scrollY") > 10 * _millimetre(kiosk_app)
    expect(page.locator(".opt input:checked")).to_have_count(before)
