"""Xem tiếp: the main button comes when the end of the page was seen, also where the number pad hides a question."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.app import create_app
from kiosk.clock import FixedClock
from kiosk.config import ROOT, load
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.person import Person
from tests.browser.walks import AT, COOKIE
from tests.journeys.typical import Case
from tests.journeys.walker import Walker
from tests.serving import served_on_loopback


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(replace(load(ROOT / "kiosk.toml"), root=tmp_path).practising(), FixedClock(AT))
    yield app
    app.extensions["context"].store.close()


@pytest.fixture
def person(app: Flask, chromium: Browser) -> Iterator[Person]:
    screen = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    with served_on_loopback(app) as address:
        person = Person(screen.new_page(), address).stay()
        yield person
        screen.close()
    assert person.faults == []


def open_page(app: Flask, person: Person, code: str, at: str) -> Page:
    """Walk a typical case in process to a page, and open it on the touchscreen."""
    case = Case(Walker(app), code, cards=True)
    walker = case.walker.go(f"/need/{code}").fill(case.case.get("need", {}))
    while walker.at != at:
        case._page()
    cookie = walker.browser.get_cookie(COOKIE)
    assert cookie is not None
    person.page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": person.address}])
    return person.go(at).page


@pytest.mark.smoke
def test_the_pad_does_not_hide_a_question_without_an_answer(app: Flask, person: Person) -> None:
    page = open_page(app, person, "1.000656", "/form/mat_luc_nao")
    onward = page.locator(".dock .main")
    more = page.locator(".dock [data-see-more]")
    person.see_all()
    expect(onward).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    person.enter(page.locator("input.field").first)
    expect(more).to_be_visible()
    expect(onward).to_be_hidden()
    person.see_all()
    expect(page.get_by_text("Mất lúc mấy giờ?")).to_be_in_viewport()
    expect(onward).to_be_visible()


def test_a_pad_that_hides_no_open_question_leaves_the_main_button(app: Flask, person: Person) -> None:
    page = open_page(app, person, "1.000656", "/form/mat_luc_nao")
    person.see_all()
    person.enter(page.locator("input.field").last)
    person.wait_until_quiet()
    expect(page.locator(".dock .main")).to_be_visible()


def test_papers_in_the_place_of_the_questions_have_to_be_seen(person: Person) -> None:
    person.go("/easier")
    with person.page.expect_response("**/set"):
        person.choose("size", "xl")
    person.go("/need/2.000635").choose("giay_nao", "khai_sinh")
    person.wait_until_quiet()
    expect(person.page.locator("#situation[data-swap]")).to_be_visible()
    expect(person.page.locator(".dock [data-see-more]")).to_be_visible()
    person.see_all()
    expect(person.page.locator(".dock .main")).to_be_visible()
