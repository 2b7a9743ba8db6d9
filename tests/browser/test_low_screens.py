"""Keeping and covering on the usual screens: every button can be touched, and no line is behind another part."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect

from kiosk.config import Config
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.person import Person
from tests.serving import served

SIZES = [(1080, 1920, 396), (1366, 768, 396)]
"""Width and height in pixels, diagonal in mm. On 10.1 inches these pages go on below the edge and say so."""
TOUCHED = """button => {
  const { x, y, width, height } = button.getBoundingClientRect();
  const points = [[x + width / 2, y + height / 2], [x + 20, y + 12], [x + width - 20, y + height - 12]];
  return points.every(([left, top]) => button.contains(document.elementFromPoint(left, top)));
}"""
"""Whether a touch on the middle and near two corners of a button reaches it."""


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int, int]:
    screen: tuple[int, int, int] = request.param
    return screen


@pytest.fixture
def practice(practice: Config, size: tuple[int, int, int]) -> Config:
    """Return the settings of a kiosk with this screen."""
    width, height, mm = size
    return replace(practice, screen=replace(practice.screen, width=width, height=height, mm=mm))


@pytest.fixture
def person(app: Flask, chromium: Browser, size: tuple[int, int, int]) -> Iterator[Person]:
    """Open a touchscreen of one of the sizes."""
    with served(app) as address:
        viewport = {"width": size[0], "height": size[1]}
        screen = chromium.new_context(**TOUCHSCREEN | {"viewport": viewport})  # type: ignore[arg-type]
        person = Person(screen.new_page(), address)
        yield person
        screen.close()
    assert person.faults == []


def untouchable(buttons: Locator) -> list[str]:
    """Return the words of the buttons that a touch does not reach."""
    return [button.inner_text() for button in buttons.all() if not button.evaluate(TOUCHED)]


def leave(person: Person) -> Locator:
    """Touch "Kết thúc"; return the sheet."""
    person.page.locator(".foot").get_by_text("Kết thúc", exact=True).tap()
    sheet = person.page.locator(".scrim .sheet")
    expect(sheet).to_be_visible()
    return sheet


def begin_by_hand(person: Person) -> None:
    """Type a name without a card."""
    person.begin_birth()
    person.follow(person.page.get_by_role("button", name="Không có thẻ, gõ tay"))
    person.field("nyc_ho_ten").fill("Hồ Thị Gõ Tay")


def touch(person: Person, *digits: str) -> None:
    for digit in digits:
        person.touch_key(digit)


def cover(person: Person) -> None:
    """Call an officer and cover the screen."""
    person.press("Gọi cán bộ giúp")
    button = person.page.get_by_role("button", name="Che màn hình").first
    if not button.is_visible():
        person.page.locator(".foot").get_by_text("Đã gọi").first.tap()
    person.follow(button)


@pytest.mark.smoke(cases=1)
def test_sheet_and_kept_page_have_nothing_behind_another_part(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    sheet = leave(person)
    buttons = sheet.locator(".keep-tile, .btn.wide")
    expect(buttons).to_have_count(3)
    assert untouchable(buttons) == []
    person.follow(sheet.locator(".keep-tile"))
    assert untouchable(person.page.locator(".dock .btn")) == []
    bottom = person.page.locator(".kept .steps p").evaluate_all(
        "lines => Math.max(...lines.map(line => line.getBoundingClientRect().bottom))"
    )
    dock = person.page.locator(".dock .main").bounding_box()
    assert dock is not None
    assert bottom <= dock["y"]


def test_four_digits_are_chosen_for_a_kept_form(person: Person) -> None:
    begin_by_hand(person)
    person.follow(leave(person).locator(".keep-tile"))
    for name in ("first", "again"):
        person.field(name).tap()
        touch(person, "4", "0", "7", "1")
        assert untouchable(person.page.locator(f"#{name}")) == []
    assert untouchable(person.page.locator(".dock .btn:visible")) == []
    person.follow(person.page.get_by_role("button", name="Giữ lại, in phiếu"))
    expect(person.page.locator(".kept-code")).to_be_visible()


def test_a_covered_screen_shows_its_ways_at_once_and_opens_by_the_chosen_digits(person: Person) -> None:
    begin_by_hand(person)
    page = person.path
    cover(person)
    touch(person, "2", "5", "8", "0")
    person.follow(person.page.get_by_role("button", name="Che màn hình"))
    assert person.path == "/covered"
    expect(person.page.locator(".way")).to_have_count(2)
    assert untouchable(person.page.locator(".way")) == []
    person.follow(person.page.get_by_role("link", name="Cán bộ mở"))
    assert untouchable(person.page.locator(".dock .btn, .covered-page .field")) == []
    person.follow(person.page.get_by_role("link", name="Quay lại"))
    person.follow(person.page.get_by_role("link", name="Mở bằng 4 số đã chọn"))
    touch(person, "2", "5", "8", "0")
    person.follow(person.page.get_by_role("button", name="Mở", exact=True))
    assert person.path == page


def test_behind_the_sheet_only_the_title_of_the_page_is_readable(person: Person) -> None:
    begin_by_hand(person)
    leave(person)
    expect(person.page.locator("main .ask h1")).to_be_visible()
    expect(person.field("nyc_ho_ten")).to_be_hidden()
    person.page.locator(".scrim [data-close]").tap()
    expect(person.field("nyc_ho_ten")).to_be_visible()
