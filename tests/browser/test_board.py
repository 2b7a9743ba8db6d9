"""The board on the wall, in Chromium at 1920x1080: read from five metres, heard call by call, left alone for months.

The server runs beside the test, so that it can be taken away and come back, and numbers are called as the desk does.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import BaseWSGIServer, make_server

from kiosk import voice
from kiosk.acts import calling
from kiosk.context import Context
from tests.browser.kiosks import ROOT, free_port
from tests.journeys.queue_harness import clip_of, draw, press, record_voice
from tests.look.rules import AXE

MEASURE = (ROOT / "tests" / "look" / "measure.js").read_text("utf-8")
DIAGONAL = (1920**2 + 1080**2) ** 0.5
NUMBER_MM = 60.0
CONTRAST = 10.0
HEAVIEST = 60_000  # read from 5 m; bytes
SLACK = 0.02  # seconds: clips are set by a clock, the picture by another

LISTEN = """
window.heard = []; window.seen = [];
const note = (label) => seen.push([label, window.sound?.currentTime ?? 0]);
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at) {
  heard.push({ clip: this.buffer.duration, from: at, to: at + this.buffer.duration });
  return start.call(this, at);
};
const chime = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  window.sound = this.context;
  heard.push({ clip: 0, from: at, to: at + 1e-3 });
  return chime.call(this, at);
};
addEventListener("DOMContentLoaded", () => {
  const number = document.querySelector(".number");
  new MutationObserver(() => note(number.textContent)).observe(number, { childList: true });
});
"""


class Hall:
    """A ward's server that can be switched off and on again at one address."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.context = app.extensions["context"]
        self.port = free_port(1)
        self.address = f"http://127.0.0.1:{self.port}/display/"
        self.switch_on()

    def switch_on(self) -> None:
        self.server: BaseWSGIServer = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def switch_off(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    hall = Hall(app)
    yield hall
    hall.switch_off()


@pytest.fixture
def context(hall: Hall) -> Context:
    here: Context = hall.context
    return here


@pytest.fixture
def wall(glass: Browser) -> Iterator[Page]:
    browser_context = glass.new_context(viewport={"width": 1920, "height": 1080}, locale="vi-VN")
    page = browser_context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.add_init_script(LISTEN)
    yield page
    browser_context.close()
    assert faults == []


def on_the_plaque(page: Page, label: str, seconds: float = 5) -> None:
    page.wait_for_function("label => document.querySelector('.number').textContent === label", arg=label,
                           timeout=seconds * 1000)  # fmt: skip


def quiet(page: Page, seconds: float = 40) -> None:
    page.wait_for_function("() => !('saying' in document.body.dataset)", timeout=seconds * 1000)


def rows(page: Page) -> list[str]:
    return [" ".join(row.split()) for row in page.locator(".last li").all_inner_texts()]


def heard(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("heard")
    return found


def switched_on(page: Page, address: str) -> None:
    """A board that has had its first answer: what is called from now on is called before its eyes."""
    page.goto(address)
    page.wait_for_function("() => document.querySelector('time').textContent")


def with_sound(page: Page, address: str) -> None:
    switched_on(page, address)
    page.click(".wake")
    page.locator(".wake").wait_for(state="hidden")


@pytest.mark.parametrize("mm", [396, 499, 500, 1092, 1651])
def test_it_is_read_from_five_metres(hall: Hall, context: Context, wall: Page, mm: int) -> None:
    draw(context, "AAAAAAABBBCDEF")
    for counter in (1, 2, 1, 2, 1, 2, 1):
        press(context, counter)
    config = replace(context.config, board=replace(context.config.board, mm=mm))
    hall.app.extensions["context"] = replace(context, config=config)
    wall.goto(hall.address)
    on_the_plaque(wall, "A007")
    found = wall.evaluate(MEASURE, DIAGONAL / mm)
    number = next(text for text in found["texts"] if text["words"] == "A007")
    assert number["capital"] >= NUMBER_MM
    plaque = wall.locator(".plaque").bounding_box()
    label = wall.locator(".number").bounding_box()
    assert plaque
    assert label
    assert label["width"] < plaque["width"] - 38, "inside the gold line"
    assert (found["cut"], found["sideways"], found["tall"], found["heads"]) == ([], 0, 1080, 1)
    assert len(rows(wall)) == 5
    assert "Quầy 2" in rows(wall)[0]
    assert wall.locator(".waiting").inner_text() == "Đang chờ: B 3, C 1, D 1, E 1, F 1"


def test_every_word_stands_out_in_every_state(hall: Hall, context: Context, wall: Page) -> None:
    def look(state: str) -> None:
        texts = wall.evaluate(MEASURE, 1.0)["texts"]
        assert len(texts) >= 5, state
        assert [(state, text) for text in texts if text["contrast"] < CONTRAST] == []
        found = Axe().run(wall, options=AXE)
        assert [(state, one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []

    switched_on(wall, hall.address)
    look("nobody was called")
    draw(context, "ABAB")
    for counter in (1, 2, 1):
        press(context, counter)
    wall.locator(".number").wait_for()
    wall.locator(".last li").first.wait_for()
    look("called")
    wall.evaluate("document.documentElement.removeAttribute('data-mode')")
    look("not practice")
    hall.switch_off()
    wall.locator(".away").wait_for()
    look("away")
    hall.switch_on()


def test_it_is_light(hall: Hall, context: Context, wall: Page) -> None:
    draw(context, "AAAAAAAA")
    for counter in (1, 2, 1, 2):
        press(context, counter)
    sizes: dict[str, int] = {}
    wall.on("response", lambda answer: sizes.setdefault(answer.url.partition("?")[0], len(answer.body())))
    wall.goto(hall.address)
    on_the_plaque(wall, "A004")
    wanted = {"display/", "now", "tokens.css", "board.css", "board.js", "voice.js", "noto-sans.woff2"}
    for _ in range(100):  # what is on the board already may be weighed a moment later
        found = {"display/" if url == hall.address else url.rpartition("/")[2] for url in sizes}
        if wanted <= found:
            break
        wall.wait_for_timeout(50)
    assert wanted <= found
    assert sum(sizes.values()) <= HEAVIEST, sizes


def test_two_calls_one_after_another_never_overlap_and_each_has_its_picture(
    hall: Hall, context: Context, wall: Page
) -> None:
    record_voice(context)
    draw(context, "AB")
    with_sound(wall, hall.address)
    for counter in (1, 2):
        press(context, counter)
    on_the_plaque(wall, "A001")
    wall.wait_for_timeout(1500)
    assert wall.locator(".speaker").is_visible()
    assert wall.locator(".number").inner_text() == "A001"
    assert rows(wall) == ["B001 Quầy 2"], "who is called next is on the board at once"
    on_the_plaque(wall, "B001", 20)
    quiet(wall)
    assert not wall.locator(".speaker").is_visible()

    sounds = [one for one in heard(wall) if one["clip"]]
    said = [clip_of(one["clip"]) for one in sounds]
    first = voice.clips_of_call("A001", 1)
    second = voice.clips_of_call("B001", 2)
    assert said == [*first, *first, *second, *second]
    chimes = [one["from"] for one in heard(wall) if not one["clip"]]
    assert len(chimes) == 4
    assert chimes[1] < sounds[0]["from"]
    assert sounds[len(first) * 2 - 1]["to"] < chimes[2]
    assert all(before["to"] < after["from"] for before, after in pairwise(sounds))
    changes = dict(reversed(wall.evaluate("seen")))
    assert changes["B001"] > sounds[len(first) * 2 - 1]["to"] - SLACK
    assert changes["B001"] < chimes[2]


def test_a_board_that_was_just_switched_on_says_nothing_of_before(hall: Hall, context: Context, wall: Page) -> None:
    record_voice(context)
    draw(context, "AA")
    press(context, 1)
    with_sound(wall, hall.address)
    on_the_plaque(wall, "A001")
    wall.wait_for_timeout(1500)
    assert heard(wall) == []
    press(context, 1, calling.call_again)
    wall.wait_for_function("() => heard.length > 2")


def test_who_has_come_meanwhile_is_not_called(hall: Hall, context: Context, wall: Page) -> None:
    record_voice(context)
    draw(context, "AAB")
    with_sound(wall, hall.address)
    for counter in (1, 2):
        press(context, counter)
    on_the_plaque(wall, "A001")
    press(context, 2, calling.start_serving)
    quiet(wall)
    said = [clip_of(one["clip"]) for one in heard(wall) if one["clip"]]
    assert said == voice.clips_of_call("A001", 1) * 2


def test_without_the_line_the_last_picture_stays_and_it_comes_back_by_itself(
    hall: Hall, context: Context, wall: Page
) -> None:
    record_voice(context)
    draw(context, "AAA")
    with_sound(wall, hall.address)
    press(context, 1)
    wall.wait_for_function("() => heard.length > 2")
    hall.switch_off()
    wall.locator(".away").wait_for()
    assert "Mất kết nối" in wall.locator("footer").inner_text()
    assert wall.locator(".number").inner_text() == "A001"
    assert not wall.locator("time").is_visible()
    quiet(wall)
    before = len(heard(wall))
    press(context, 2)
    hall.switch_on()
    wall.locator(".away").wait_for(state="hidden", timeout=10_000)
    on_the_plaque(wall, "A002")
    quiet(wall)
    after = [clip_of(one["clip"]) for one in heard(wall)[before:] if one["clip"]]
    assert after == voice.clips_of_call("A002", 2) * 2, "the call of before is not said again"


def test_without_a_voice_it_chimes_and_without_leave_it_says_that_it_is_silent(
    hall: Hall, context: Context, wall: Page
) -> None:
    draw(context, "AB")
    switched_on(wall, hall.address)
    assert "Chưa có tiếng" in wall.locator(".wake").inner_text()
    press(context, 1)
    on_the_plaque(wall, "A001")
    assert not wall.locator(".speaker").is_visible()
    press(context, 2)
    wall.wait_for_timeout(2000)
    assert wall.locator(".number").inner_text() == "A001", "a call that nobody hears stands long enough to be read"
    assert heard(wall) == []
    wall.click(".wake")
    on_the_plaque(wall, "B001", 10)
    wall.wait_for_function("() => heard.length === 2")
    assert [one["clip"] for one in heard(wall)] == [0, 0]


def test_a_board_of_one_counter_shows_no_other(hall: Hall, context: Context, wall: Page) -> None:
    draw(context, "AAB")
    press(context, 1)
    press(context, 2)
    wall.goto(f"{hall.address}2")
    on_the_plaque(wall, "A002")
    assert wall.locator("h1").inner_text() == "Quầy 2"
    assert rows(wall) == []
    press(context, 2, calling.finish)
    wall.locator(".idle").wait_for()
    assert wall.locator(".idle").inner_text() == "Xin chờ gọi số"
    assert rows(wall) == ["A002 Quầy 2"]
