"""The keyboard never hides a question without an answer, unless the person opened it: then the main button shows it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.glass import kiosk_with, opened_at, person_before
from tests.browser.person import PAINTED, SEE_MORE, Person
from tests.browser.screens import SCREENS

NAME = "/form/ten_be"
REACHED = """() => [...document.querySelectorAll("[name=con_gioi_tinh]")].every((input) => {
  const { x, y, width, height } = input.closest(".opt").getBoundingClientRect();
  return input.closest(".opt").contains(document.elementFromPoint(x + width / 2, y + height / 2));
})"""
"""Returns whether a touch reaches boy and girl."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module", params=SCREENS)
def kiosk_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_app: Flask
) -> Iterator[Flask]:
    with kiosk_with(SCREENS[request.param], tmp_path_factory.mktemp("names"), shared_app) as app:
        yield app


@pytest.fixture
def person(kiosk_app: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(kiosk_app, chromium) as person:
        yield person


@pytest.mark.parametrize("size", ["", "large", "xl"], ids=["usual", "large", "very large"])
def test_boy_or_girl_is_reached_where_the_page_of_the_name_opens(kiosk_app: Flask, person: Person, size: str) -> None:
    page = opened_at(kiosk_app, person, "1.001193", NAME, size)
    while not page.evaluate(REACHED):  # very large text on a low screen: "Xem tiếp" announces them
        more = page.evaluate(SEE_MORE)
        assert more
        page.touchscreen.tap(*more)
        page.evaluate(PAINTED)


@pytest.mark.smoke(cases=1)
def test_the_main_button_shows_the_question_that_the_opened_keyboard_hides(kiosk_app: Flask, person: Person) -> None:
    page = opened_at(kiosk_app, person, "1.001193", NAME, "xl")
    person.type_by_touch("con_ho_ten", "Mai An")
    page.locator(".dock .main:visible").tap()
    expect(page.locator("#keyboard")).to_be_hidden()
    page.wait_for_load_state("networkidle")  # where the keyboard hid nothing, the page was sent and comes back
    assert person.path == NAME
    page.wait_for_function(REACHED)
    person.choose("con_gioi_tinh", "nu")
    person.onward()
    assert person.path == "/form/sinh_luc_nao"
