"""Practice beside the live kiosk in Chromium: made-up cards by touch, tips, the idle time, and a trainer's reset."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.pages.beside.gate import PRACTICE_APPS
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.person import Person
from tests.serving import served_on_loopback


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Flask]:
    config = replace(load(ROOT / "kiosk.toml"), root=tmp_path)
    create_store(config)
    app = create_app(config)
    yield app
    app.extensions[PRACTICE_APPS].close()
    app.extensions["context"].store.close()


@pytest.fixture
def learner(chromium: Browser, live: Flask) -> Iterator[Person]:
    """Open a touchscreen of the live kiosk, whose clock the test moves."""
    screen = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    page = screen.new_page()
    page.clock.install()
    with served_on_loopback(live) as address:
        person = Person(page, address).go("/")
        yield person
        screen.close()
    assert person.faults == []


def _begin(learner: Person) -> None:
    learner.follow(learner.page.get_by_role("link", name="Tập khai thử"))
    learner.follow(learner.page.get_by_role("link", name="Khai sinh cho bé"))
    learner.follow(learner.page.get_by_role("button", name="Bắt đầu tập"))


@pytest.mark.smoke
def test_a_card_is_touched_a_tip_is_dismissed_and_a_minute_without_a_touch_leads_to_the_start_page(
    learner: Person, live: Flask
) -> None:
    _begin(learner)
    page = learner.page
    tip = page.locator("[data-tip]")
    expect(tip).to_be_visible()
    with page.expect_response("**/tap/tips"):
        page.get_by_role("button", name="Đã hiểu").tap()
    expect(tip).to_have_count(0)
    learner.follow(page.get_by_role("button", name="Mẹ"))
    expect(page.get_by_text("Nguyễn Thị Diệu Hiền")).to_be_visible()
    expect(page.locator("[data-tip]")).to_have_count(0)
    with page.expect_navigation():
        page.clock.fast_forward(61_000)
    expect(page.get_by_role("link", name="Làm thủ tục")).to_be_visible()
    assert learner.path == "/"
    context: Context = live.extensions["context"]
    assert context.practice_visits.list_all(context.clock.now()) == []


def test_a_screen_goes_back_to_the_menu_when_the_trainer_resets_all(learner: Person, live: Flask) -> None:
    _begin(learner)
    context: Context = live.extensions["context"]
    assert context.practice_visits.end_all() == 1
    with learner.page.expect_navigation():
        learner.page.clock.fast_forward(4_000)
    expect(learner.page.get_by_role("heading", name="Muốn tập bài nào?")).to_be_visible()


def test_a_cut_answer_about_the_visit_is_no_error_and_is_asked_again(learner: Person, live: Flask) -> None:
    _begin(learner)
    address = learner.page.locator("[data-visit]").get_attribute("data-visit") or ""
    learner.page.route(f"**{address}", lambda route: route.fulfill(body=""))
    with learner.page.expect_response(f"**{address}"):
        learner.page.clock.fast_forward(4_000)
    learner.page.unroute(f"**{address}")
    context: Context = live.extensions["context"]
    assert context.practice_visits.end_all() == 1
    with learner.page.expect_navigation():
        learner.page.clock.fast_forward(4_000)
    expect(learner.page.get_by_role("heading", name="Muốn tập bài nào?")).to_be_visible()


def test_while_an_officer_is_called_practice_waits_longer(learner: Person) -> None:
    _begin(learner)
    learner.page.get_by_role("button", name="Gọi cán bộ giúp").tap()
    expect(learner.page.get_by_role("heading", name="Đã gọi, xin chờ")).to_be_visible()
    learner.page.clock.fast_forward(120_000)
    assert learner.path == "/tap/form/nguoi_khai"
    with learner.page.expect_navigation():
        learner.page.clock.fast_forward(200_000)
    expect(learner.page.get_by_role("heading", name="Đã gọi, xin chờ")).to_be_visible()
    assert learner.path == "/"
