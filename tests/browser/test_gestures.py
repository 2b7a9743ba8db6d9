"""Pinch and swipe from the edge: the page keeps its size and position.

The same gestures enlarge a page without the kiosk's style and leave it; this proves that the gestures work.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import TOUCHSCREEN
from tests.browser.fingers import Fingers
from tests.browser.person import Person

BARE = "data:text/html,<!doctype html><meta name=viewport content='width=device-width,initial-scale=1'><p>"


@pytest.fixture
def browser_context(ward_chromium: Browser) -> Iterator[BrowserContext]:
    """Open the ward's program: only it goes back by a swipe."""
    browser_context = ward_chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    yield browser_context
    browser_context.close()


class Hand(Fingers):
    """A hand that spreads two fingers, or swipes from an edge."""

    def pinch(self, y: float) -> float:
        """Spread two fingers, one above the other; return the zoom of the page."""
        self.move(((500, y - 60), (500, y - 400)), ((500, y + 60), (500, y + 400)))
        return float(self.page.evaluate("visualViewport.scale"))

    def swipe(self, y: float, *, to_the_left: bool = False) -> None:
        """Swipe with a finger from an edge of the screen."""
        begin_x, end_x = (1075, 150) if to_the_left else (5, 930)
        self.move(((begin_x, y), (end_x, y)))


def mark(page: Page) -> None:
    page.evaluate("window.sameAsBefore = true")


def is_untouched(page: Page, address: str) -> bool:
    state = page.evaluate("[window.sameAsBefore === true, visualViewport.scale, visualViewport.offsetLeft, scrollX]")
    return bool(page.url == address and state == [True, 1, 0, 0])


@pytest.mark.smoke
def test_the_hand_is_a_hand(browser_context: BrowserContext) -> None:
    page = browser_context.new_page()
    page.goto(f"{BARE}one")
    page.goto(f"{BARE}two")
    Hand(page).swipe(900)
    page.wait_for_url(f"{BARE}one")
    Hand(page).pinch(900)
    page.wait_for_function("visualViewport.scale > 1.5")


@pytest.mark.parametrize("where", ["/", "/choose", "scan", "keyboard"])
def test_pinch_and_swipe_change_nothing(person: Person, where: str) -> None:
    person.go("/")
    if where.startswith("/"):
        person.go(where)
    else:
        person.go_to_card()
    if where == "keyboard":
        person.send("Không có thẻ, gõ tay")
        person.enter(person.page.locator("main input[data-keyboard]").first)
        person.page.keyboard.type("Mai")
    page = person.page
    before = page.url
    mark(page)
    fingers = Hand(page)
    for height in (500, 960, 1500):
        assert fingers.pinch(height) == 1
        fingers.swipe(height)
        fingers.swipe(height, to_the_left=True)
        assert is_untouched(page, before)
    if where == "keyboard":
        assert page.locator("main input[data-keyboard]").first.input_value() == "Mai"
