"""A draft that was begun at the desk, without a touchscreen: a reload and a colleague lose nothing that was typed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from tests.browser.laptop import PASSWORD, add_officer, open_counter, wait_for_page
from tests.papers.forms import BIRTH
from tests.serving import served

NAME = "Nguyễn Thị Mẫu"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve a ward with two officers."""
    context = app.extensions["context"]
    add_officer(context)
    signing.add_person(context, "minhtam", name="Lê Minh Tâm", role="officer", password=PASSWORD)
    with served(app) as url:
        yield url


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Page]:
    """Open the first page of a birth that an officer has begun at counter 1."""
    page = open_counter(chromium, address, "hoaian", 1)
    page.goto(f"/officer/assist/new/{BIRTH}")
    for name, value in (("cha_me", "da_ket_hon"), ("noi_de", "co_so_y_te"), ("comes", "self")):
        page.check(f"input[name={name}][value={value}]", force=True)
    with page.expect_navigation():
        page.click("[data-ctrl-enter]")
    wait_for_page(page)
    yield page
    page.context.close()


@pytest.fixture
def colleague(chromium: Browser, address: str) -> Iterator[Page]:
    """Open another officer's browser at counter 2."""
    page = open_counter(chromium, address, "minhtam", 2)
    yield page
    page.context.close()


def _first_box(desk: Page) -> str:
    return f"#{desk.locator('#answer input.field').first.get_attribute('id')}"


@pytest.mark.smoke
def test_a_reload_keeps_what_was_typed(desk: Page) -> None:
    box = _first_box(desk)
    desk.fill(box, NAME)
    with desk.expect_navigation():
        desk.keyboard.press("F5")
    wait_for_page(desk)
    expect(desk.locator(box)).to_have_value(NAME)


def test_a_colleague_who_takes_a_draft_is_told_and_the_text_stays(desk: Page, colleague: Page) -> None:
    box = _first_box(desk)
    colleague.goto(desk.url)
    expect(colleague.locator("#turn-box")).to_contain_text("Cán bộ Lê Hoài An đang khai bản này.")
    desk.fill(box, NAME)
    expect(colleague.locator(box)).to_have_value(NAME)
    colleague.get_by_role("button", name="Nhận khai tiếp").click()
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ Lê Minh Tâm đang khai bản này.")
    expect(desk.locator(box)).to_have_value(NAME)
    expect(desk.locator("#answer")).to_have_attribute("inert", "")


def test_text_that_a_colleague_was_too_quick_for_stays_on_the_page(desk: Page, colleague: Page) -> None:
    box = _first_box(desk)
    desk.route("**/turn?*", lambda route: route.abort())
    colleague.goto(desk.url)
    colleague.get_by_role("button", name="Nhận khai tiếp").click()
    expect(colleague.locator("#answer:not([inert])")).to_be_visible()
    desk.fill(box, NAME)
    part = desk.locator("[data-unsaved]")
    expect(part).to_be_visible()
    expect(part).to_contain_text(NAME)
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ Lê Minh Tâm đã nhận khai bản này.")
