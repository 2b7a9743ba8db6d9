"""Reading aloud by touch: order and mark of the sentences, what stops them, the panel, the mode, the idle warning."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kiosk.base.screen_size import ScreenSize
from kiosk.startup.context_factory import open_catalogue
from tests.browser.glass import kiosk_with, settings_of
from tests.browser.laptop import axe_violations
from tests.browser.person import CONFIRM_AFTER, Person
from tests.browser.screens import SCREENS
from tests.browser.test_landscape import WITHOUT_PRACTICE
from tests.browser.walks import AT
from tests.serving import served_on_loopback
from tests.voice.tones import hum_pages

WATCH = """
  window.played = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    const spoken = document.querySelector(".speaking");
    played.push({ text: spoken?.textContent, rate: this.playbackRate, volume: this.volume });
    return play.call(this);
  };
"""
UPRIGHT = ScreenSize(1080, 1920, 396)  # as in kiosk.toml
TONE = 0.5  # seconds of a sentence
PATIENCE = 60_000  # ms
SLOWLY = """() => { const play = HTMLMediaElement.prototype.play; window.rate = 1 / 16;
  HTMLMediaElement.prototype.play = function () { this.playbackRate = rate; return play.call(this); }; }"""
"""A sentence takes sixteen times as long, until `rate` changes: the next one begins when the clock was moved."""

SILENT = """() => new Promise((done) => {
  let looks = 0;
  const looking = setInterval(() => {
    looks = document.querySelector("main .speaking") ? 0 : looks + 1;
    if (looks < 20) return;
    clearInterval(looking);
    done();
  }, 50);
})"""
"""Waits until no sentence was spoken for a second: between two sentences nothing speaks for a moment."""


@contextmanager
def humming_kiosk(screen: ScreenSize, folder: Path, shared_app: Flask) -> Iterator[str]:
    """Serve a kiosk with a tone for every sentence of its pages, and yield its address."""
    config = settings_of(screen, folder)
    hum_pages(config, open_catalogue(config), day=AT.date(), seconds=TONE)
    with kiosk_with(screen, folder, shared_app) as app, served_on_loopback(app) as address:
        yield address


@pytest.fixture(scope="module")
def humming(tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[str]:
    with humming_kiosk(UPRIGHT, tmp_path_factory.mktemp("humming"), shared_app) as address:
        yield address


@pytest.fixture
def listener(browser_context: BrowserContext, new_person: Callable[[str], Person], humming: str) -> Person:
    browser_context.add_init_script(WATCH)
    return new_person(humming)


def _played(page: Page) -> list[dict[str, Any]]:
    played: list[dict[str, Any]] = page.evaluate("played")
    return played


def _texts(page: Page) -> list[str]:
    return [str(one["text"]) for one in _played(page)]


def _marked(page: Page, part: str) -> list[str]:
    marked: list[str] = page.locator(f"{part} spoken-text:visible").all_text_contents()
    return marked


def _key(page: Page, part: str = "main") -> Locator:
    return page.locator(f"{part} .listen").first


def _listen_to_the_end(key: Locator) -> None:
    key.tap()
    expect(key).to_have_text("Dừng")
    expect(key).to_have_text("Nghe", timeout=PATIENCE)


def _close_sheet(page: Page) -> None:
    """Touch "Xong" once it takes touches."""
    page.wait_for_timeout(CONFIRM_AFTER)
    page.locator(".scrim [data-close]").tap()
    expect(page.locator(".scrim")).to_have_count(0)


def _to_birth_name(listener: Person) -> Page:
    listener.begin_birth()
    listener.fill_mother()
    listener.fill_father()
    assert listener.path == "/form/ten_be"
    return listener.page


@pytest.mark.smoke
def test_a_touch_reads_the_question_then_its_options_each_sentence_marked(listener: Person) -> None:
    page = _to_birth_name(listener)
    expect(page.locator("#voice")).to_be_hidden()
    wanted = _marked(page, "h1") + _marked(page, "#answer")
    assert len(wanted) >= 4
    _listen_to_the_end(_key(page))
    assert _texts(page) == wanted
    assert page.locator(".speaking").count() == 0


def test_the_start_page_reads_its_question_then_each_tile(listener: Person) -> None:
    page = listener.go("/").page
    _listen_to_the_end(_key(page))
    tiles = page.locator("main .tile b").all_text_contents()
    assert tiles[:3] == ["Làm thủ tục", "Lấy số", "Tra cứu hồ sơ"]
    read = _texts(page)[2:]
    titles = [title for title in read if title in tiles]
    assert titles == [title for title in tiles if title in read], "in the order of the page"
    assert titles[:3] == tiles[:3]
    expect(page.locator("#voice")).to_be_visible()
    assert axe_violations(page) == []


@pytest.mark.parametrize("stops", ["the key", "an option", "a letter", "the sheet"])
def test_everything_that_a_person_does_stops_the_voice(listener: Person, stops: str) -> None:
    page = _to_birth_name(listener)
    key = _key(page)
    key.tap()
    expect(key).to_have_text("Dừng")
    if stops == "the key":
        key.tap()
    elif stops == "an option":
        listener.choose("con_gioi_tinh", "nu")
    elif stops == "a letter":
        page.locator("#keyboard button:visible", has_text=re.compile("^[nN]$")).first.tap()
    else:
        page.locator(".foot [data-sheet]").first.tap()
    expect(key).to_have_text("Nghe")
    assert page.locator(".speaking").count() == 0
    count = len(_played(page))
    page.wait_for_timeout(int(TONE * 1000) + 600)
    assert len(_played(page)) == count


def test_speed_and_volume_hold_for_the_visit_and_are_usual_for_the_next_person(listener: Person) -> None:
    page = listener.go("/").page
    _key(page).tap()
    expect(page.locator("#voice")).to_be_visible()
    with page.expect_response("**/set"):
        listener.choose("speed", "slow")
    with page.expect_response("**/set"):
        listener.press("To lên")
    listener.go("/choose")
    _key(page).tap()
    expect(page.locator(".speaking")).to_have_count(1)
    assert {key: _played(page)[0][key] for key in ("rate", "volume")} == {"rate": 0.8, "volume": 0.8}
    listener.send("Kết thúc")
    _key(page).tap()
    expect(page.locator(".speaking")).to_have_count(1)
    assert {key: _played(page)[0][key] for key in ("rate", "volume")} == {"rate": 1, "volume": 0.6}


@pytest.mark.smoke
def test_the_mode_reads_each_page_as_it_opens_with_its_errors_first(listener: Person) -> None:
    page = _to_birth_name(listener)
    page.locator(".foot [data-sheet]").first.tap()
    with page.expect_response("**/set"):
        listener.choose("aloud", "on")
    _close_sheet(page)
    expect(page.locator("h1 .speaking")).to_have_count(1)
    listener.choose("con_gioi_tinh", "nu")
    expect(page.locator(".speaking")).to_have_count(0)
    listener.onward()
    summary = page.locator(".summary")
    summary.wait_for()
    expect(summary.locator(".speaking")).to_have_count(1)
    assert _texts(page)[0] == "Còn 1 chỗ cần xem lại"


def test_in_the_mode_the_idle_screen_asks_aloud_and_a_page_that_speaks_is_not_idle(listener: Person) -> None:
    listener.stay()
    page = _to_birth_name(listener)
    page.evaluate(SLOWLY)
    page.locator(".foot [data-sheet]").first.tap()
    with page.expect_response("**/set"):
        listener.choose("aloud", "on")
    _close_sheet(page)
    expect(page.locator(".speaking")).to_have_count(1)
    began = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    page.clock.set_fixed_time(began + timedelta(seconds=50))
    page.evaluate("rate = 1")
    page.evaluate(SILENT)
    page.clock.set_fixed_time(began + timedelta(seconds=100))
    page.wait_for_timeout(1500)  # ms: three ticks of static/idle.js
    expect(page.locator("#idle")).to_be_hidden()
    page.evaluate("rate = 1 / 16")
    page.clock.set_fixed_time(began + timedelta(seconds=170))
    expect(page.locator("#idle .speaking")).to_have_count(1)
    page.locator("#idle [data-stay]").tap()
    expect(page.locator(".speaking")).to_have_count(0)
    assert "Ông/bà còn khai tiếp không?" in _texts(page)


def test_a_sentence_with_a_date_is_played_in_parts_without_a_pause_between(listener: Person) -> None:
    page = _to_birth_name(listener)
    page.locator("[name=con_ho_ten]").fill("Trần Bảo Ngọc")
    listener.choose("con_gioi_tinh", "nu")
    listener.onward()
    for box, value in zip("dmy", ("31", "2", "2026"), strict=True):
        page.locator(f"[name='con_ngay_sinh.{box}']").fill(value)
    listener.onward()
    summary = page.locator(".summary")
    summary.wait_for()
    _listen_to_the_end(_key(page, ".summary"))
    sentence = "Tháng 2 năm 2026 không có ngày 31."
    texts = _texts(page)
    first = texts.index(sentence)
    assert texts[first : first + 9] == [sentence] * 9
    assert texts.count(sentence) == 9


FITS = """() => {
  const low = 16 * parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  const every = [...document.querySelectorAll(".listen, #voice .btn, #voice .opt > span")];
  const keys = every.filter((e) => e.checkVisibility());
  const box = (e) => e.getBoundingClientRect();
  return {
    sideways: document.documentElement.scrollWidth > innerWidth,
    cut: keys.filter((e) => e.scrollWidth > e.clientWidth + 1 || box(e).right > innerWidth).map((e) => e.textContent),
    low: keys.filter((e) => box(e).height < low - 0.5).map((e) => e.textContent),
  };
}"""


@pytest.fixture(scope="module")
def humming_landscape(tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[str]:
    with humming_kiosk(SCREENS["1366x768"], tmp_path_factory.mktemp("landscape"), shared_app) as address:
        yield address


@pytest.mark.parametrize("shape", ["humming", "humming_landscape"])
def test_keys_and_panel_fit_at_each_size(
    new_person: Callable[[str], Person], request: pytest.FixtureRequest, shape: str
) -> None:
    listener = new_person(request.getfixturevalue(shape))
    page = listener.page
    if shape == "humming_landscape":
        page.set_viewport_size({"width": 1366, "height": 768})
    for size in ("", "large", "xl"):
        listener.go("/easier")
        with page.expect_response("**/set"):
            listener.choose("size", size or "large")
        if not size:
            listener.go("/easier")
            with page.expect_response("**/set"):
                listener.choose("size", "")
        for address in ("/", "/choose", "/need/1.001193"):
            listener.go(address)
            _key(page).tap()
            expect(page.locator("#voice")).to_be_visible()
            found = page.evaluate(FITS)
            assert found == {"sideways": False, "cut": [], "low": []}, f"{address} {size}"
            _key(page).tap()


def test_with_the_keys_open_in_landscape_the_question_key_reads_the_hint_too(
    browser_context: BrowserContext, new_person: Callable[[str], Person], humming_landscape: str
) -> None:
    browser_context.add_init_script(WATCH)
    listener = new_person(humming_landscape)
    listener.page.set_viewport_size({"width": 1366, "height": 768})
    page = _to_birth_name(listener)
    hint = page.locator("#hint spoken-text").all_text_contents()
    assert hint
    page.locator("[name=con_ho_ten]").tap()
    expect(page.locator("#hint + .listen")).to_be_hidden()
    expect(_key(page)).to_be_visible()
    _listen_to_the_end(_key(page))
    question = page.locator("h1 spoken-text").all_text_contents()
    assert _texts(page)[: len(question + hint)] == question + hint


@pytest.mark.parametrize("code", ["1.001193", "1.000894", "1.000656", "2.000635", "2.000815", "1.010041"])
def test_the_key_takes_no_row_of_a_page_before_a_form_in_landscape(
    new_person: Callable[[str], Person], humming_landscape: str, code: str
) -> None:
    listener = new_person(humming_landscape)
    page = listener.page
    page.set_viewport_size({"width": 1366, "height": 768})
    listener.go(f"/need/{code}")
    expect(page.locator(".ask .listen:visible")).to_have_count(1)
    page.evaluate(WITHOUT_PRACTICE)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
