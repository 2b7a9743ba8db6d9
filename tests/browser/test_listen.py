"""Reading aloud by touch: order and mark of the sentences, what stops them, the panel, the mode, the idle warning."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kiosk.app import open_catalogue
from kiosk.config import load
from tests.browser.kiosks import PracticeKiosk
from tests.browser.laptop import axe_violations
from tests.browser.person import Person
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
TONE = 0.5  # seconds of a sentence
PATIENCE = 60_000  # ms


@pytest.fixture(scope="module")
def humming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeKiosk]:
    """Start a kiosk with a tone for every sentence of its pages."""
    kiosk = PracticeKiosk(tmp_path_factory.mktemp("humming"))
    config = load(kiosk.settings)
    hum_pages(config, open_catalogue(config), day=date.today(), seconds=TONE)
    yield kiosk
    kiosk.stop()


@pytest.fixture
def listener(browser_context: BrowserContext, new_person: Callable[[str], Person], humming: PracticeKiosk) -> Person:
    browser_context.add_init_script(WATCH)
    return new_person(humming.address)


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


def _to_birth_name(listener: Person) -> Page:
    listener.begin_birth()
    listener.fill_mother()
    listener.fill_father()
    assert listener.path == "/form/ten_be"
    return listener.page


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
    assert _texts(page)[-3:] == ["Làm thủ tục", "Lấy số", "Tra cứu hồ sơ"]
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
        listener.key("n").tap()
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
    for name in ("Chậm", "To hơn"):
        with page.expect_response("**/set"):
            page.locator("#voice").get_by_text(name, exact=True).tap()
    listener.go("/choose")
    _key(page).tap()
    expect(page.locator(".speaking")).to_have_count(1)
    assert {key: _played(page)[0][key] for key in ("rate", "volume")} == {"rate": 0.8, "volume": 0.8}
    listener.go("/leave")
    listener.send("Kết thúc") if page.get_by_role("button", name="Kết thúc", exact=True).count() else None
    listener.go("/")
    if page.locator("html[data-speed]").count():
        page.context.clear_cookies()
        listener.go("/")
    _key(page).tap()
    expect(page.locator(".speaking")).to_have_count(1)
    assert {key: _played(page)[0][key] for key in ("rate", "volume")} == {"rate": 1, "volume": 0.6}


def test_the_mode_reads_each_page_as_it_opens_with_its_errors_first(listener: Person) -> None:
    page = _to_birth_name(listener)
    page.locator(".foot [data-sheet]").first.tap()
    with page.expect_response("**/set"):
        listener.choose("aloud", "on")
    page.locator(".scrim [data-close]").tap()
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
    page.locator(".foot [data-sheet]").first.tap()
    with page.expect_response("**/set"):
        listener.choose("aloud", "on")
    page.locator(".scrim [data-close]").tap()
    expect(page.locator(".speaking")).to_have_count(1)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(seconds=59))
    expect(page.locator(".speaking")).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(1500)
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(seconds=125))
    expect(page.locator("#idle .speaking")).to_have_count(1)
    page.locator("#idle [data-stay]").tap()
    expect(page.locator(".speaking")).to_have_count(0)
    assert "Ông/bà còn khai tiếp không?" in _texts(page)


@pytest.mark.parametrize("size", ["", "large", "xl"])
@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1366, 768)])
def test_keys_and_panel_fit_at_each_size(listener: Person, size: str, width: int, height: int) -> None:
    page = listener.page
    page.set_viewport_size({"width": width, "height": height})
    if size:
        listener.go("/easier")
        with page.expect_response("**/set"):
            listener.choose("size", size)
    for address in ("/", "/choose", "/need/1.001193"):
        listener.go(address)
        _key(page).tap()
        expect(page.locator("#voice")).to_be_visible()
        found = page.evaluate("""() => ({
          sideways: document.documentElement.scrollWidth > innerWidth,
          cut: [...document.querySelectorAll(".listen, #voice .btn, #voice .opt > span")]
            .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth)
            .map((e) => e.textContent.trim()),
          low: [...document.querySelectorAll(".listen, #voice .btn, #voice .opt")]
            .map((e) => e.getBoundingClientRect().height)
            .filter((h) => h < 16 * parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"))),
        })""")
        assert found == {"sideways": False, "cut": [], "low": []}, address
        _key(page).tap()
