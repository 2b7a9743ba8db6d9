"""The board on the wall, in Chromium at 1920x1080: read from five metres, heard call by call, never restarted.

The server runs in a thread of the test, so that it can be stopped and started; tickets are called with the desk's acts.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response
from werkzeug.serving import BaseWSGIServer, make_server

from kiosk.acts import calling
from kiosk.base.clock import FixedClock
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from kiosk.voice import call_clips
from tests.browser.kiosks import ROOT, until
from tests.browser.laptop import PATIENCE, axe_violations
from tests.journeys.queue_harness import clip_of, draw, press, record_voice
from tests.ports import free_port

MEASURE = (ROOT / "tests" / "look" / "measure.js").read_text("utf-8")
DIAGONAL = (1920**2 + 1080**2) ** 0.5
NUMBER_MM = 60.0
CONTRAST = 10.0
HEAVIEST = 64_000  # read from 5 m; bytes
READING = 5500  # ms: a call without sound is shown for 6 seconds by the page's timer
SLACK = 0.02  # seconds: clips and picture follow different clocks

EIGHT_CALLS_SECONDS = 30
MADE_SECONDS = {
    "moi-so": 0.688, "den-quay": 0.88, "so-0": 0.284, "so-1": 0.269, "so-2": 0.337, "so-3": 0.371, "so-4": 0.287,
    "so-5": 0.246, "so-6": 0.225, "so-7": 0.214, "so-8": 0.24, "so-9": 0.276, "so-10": 0.359, "muoi": 0.36,
    "mot": 0.264, "lam": 0.255, "linh": 0.291, "tram": 0.238, "chu-a": 0.325, "chu-b": 0.362, "chu-c": 0.41,
    "chu-d": 0.427, "chu-e": 0.325, "chu-f": 0.138,
}  # fmt: skip
"""Lengths of the clips of `kiosk voice build`."""

REHEARSE = """async ([calls, together]) => {
  // Play the calls by the plans of the board, without sound: each announcement ends when its plan ends.
  const script = document.querySelector("script[type=module]").src;
  const load = (name) => import(new URL(`${name}?rehearsal`, script));
  const { noteNewest, nextAnnouncement, endsEarly } = await load("announcements.js");
  const { planClips, planStart } = await load("voice.js");
  noteNewest(0);
  const said = [];
  let at = 0;
  let here = calls.slice(0, together);
  for (let next = nextAnnouncement(here); next; next = nextAnnouncement(here)) {
    here = calls;
    const { call, isShort, hasChime } = next;
    at = planClips(isShort ? call.short : call.clips, at + planStart(hasChime)).end;
    said.push([call.label, isShort, hasChime, at]);
    const isOver = isShort || endsEarly(call, here);
    at = isOver ? at + 0.3 : planClips(call.clips, at + 0.9).end + 0.7;
  }
  return said;
}"""

LISTEN = """
window.heard = []; window.seen = []; window.shown = {}; window.pictures = [];
const note = (label) => {
  seen.push([label, window.sound?.currentTime ?? 0]);
  shown[label] ??= performance.now();
};
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
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll(".last li")].map((row) => row.innerText.split(/\\s+/).join(" "));
    pictures.push([number.textContent, rows, document.querySelector(".speaker").checkVisibility()]);
  }).observe(document.querySelector(".last ol"), { childList: true });
});
"""


class BoardServer:
    """A ward's server that can be stopped and started again at one address."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.context = app.extensions["context"]
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/display/"
        self.start()

    def start(self) -> None:
        self.server: BaseWSGIServer = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def server(app: Flask) -> Iterator[BoardServer]:
    server = BoardServer(app)
    yield server
    server.stop()


@pytest.fixture
def context(server: BoardServer) -> Context:
    context: Context = server.context
    return context


@pytest.fixture
def board(chromium: Browser) -> Iterator[Page]:
    browser_context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="vi-VN")
    page = browser_context.new_page()
    page.set_default_timeout(PATIENCE)
    script_errors: list[str] = []
    page.on("pageerror", lambda error: script_errors.append(str(error)))
    page.add_init_script(LISTEN)
    yield page
    browser_context.close()
    assert script_errors == []


def wait_for_label(page: Page, label: str, seconds: float = 60) -> None:
    page.wait_for_function("label => document.querySelector('.number').textContent === label", arg=label,
                           timeout=seconds * 1000)  # fmt: skip
    page.evaluate("document.fonts.ready.then(() => true)")


def wait_for_silence(page: Page, seconds: float = 100) -> None:
    page.wait_for_function("() => !('saying' in document.body.dataset)", timeout=seconds * 1000)


def rows(page: Page) -> list[str]:
    return [" ".join(row.split()) for row in page.locator(".last li").all_inner_texts()]


def sounds_of(page: Page) -> list[dict[str, Any]]:
    """Return the clips and chimes that were played, in seconds; a chime has no clip."""
    sounds: list[dict[str, Any]] = page.evaluate("heard")
    return sounds


def clips_of(sounds: list[dict[str, Any]]) -> list[str]:
    """Return the names of the clips among some sounds."""
    return [clip_of(sound["clip"]) for sound in sounds if sound["clip"]]


def open_board(page: Page, address: str) -> None:
    """Open a board and wait for its first answer: later calls are new to it."""
    page.goto(address)
    page.wait_for_function("() => document.querySelector('time').textContent")


def open_with_sound(page: Page, address: str) -> None:
    open_board(page, address)
    page.click(".wake")
    page.locator(".wake").wait_for(state="hidden")


@pytest.mark.parametrize("mm", [396, 499, 500, 1092, 1651])
def test_it_is_read_from_five_metres(server: BoardServer, context: Context, board: Page, mm: int) -> None:
    draw(context, "AAAAAAABBBCDEF")
    for counter in (1, 2, 1, 2, 1, 2, 1):
        press(context, counter)
    config = replace(context.config, board=replace(context.config.board, mm=mm))
    server.app.extensions["context"] = replace(context, config=config)
    board.goto(server.address)
    wait_for_label(board, "A007")
    measures = board.evaluate(MEASURE, DIAGONAL / mm)
    number = next(text for text in measures["texts"] if text["words"] == "A007")
    assert number["capital"] >= NUMBER_MM
    plaque = board.locator(".plaque").bounding_box()
    label = board.locator(".number").bounding_box()
    assert plaque
    assert label
    assert label["width"] < plaque["width"] - 38, "inside the gold line"
    assert (measures["cut"], measures["sideways"], measures["tall"], measures["heads"]) == ([], 0, 1080, 1)
    assert len(rows(board)) == 5
    assert "Quầy 2" in rows(board)[0]
    assert board.locator(".waiting").inner_text() == "Đang chờ: B 3, C 1, D 1, E 1, F 1"


def test_every_word_stands_out_in_every_state(server: BoardServer, context: Context, board: Page) -> None:
    def check(state: str) -> None:
        texts = board.evaluate(MEASURE, 1.0)["texts"]
        assert len(texts) >= 5, state
        assert [(state, text) for text in texts if text["contrast"] < CONTRAST] == []
        assert [(state, *violation) for violation in axe_violations(board)] == []

    open_board(board, server.address)
    check("nobody was called")
    draw(context, "ABAB")
    for counter in (1, 2, 1):
        press(context, counter)
    board.locator(".number").wait_for()
    board.locator(".last li").first.wait_for()
    check("called")
    board.evaluate("document.documentElement.removeAttribute('data-mode')")
    check("not practice")
    server.stop()
    board.locator(".away").wait_for()
    check("away")
    server.start()


@pytest.mark.smoke
def test_it_is_light(server: BoardServer, context: Context, board: Page) -> None:
    draw(context, "AAAAAAAA")
    for counter in (1, 2, 1, 2):
        press(context, counter)
    answers: dict[str, Response] = {}
    board.on("requestfinished", lambda request: answers.setdefault(request.url.partition("?")[0], request.response()))
    board.goto(server.address)
    wait_for_label(board, "A004")
    wanted = {"display/", "now", "tokens.css", "board.css", "noto-sans.woff2", "board.js"}

    def is_all_loaded() -> bool:
        board.wait_for_timeout(50)
        return wanted <= {"display/" if url == server.address else url.rpartition("/")[2] for url in answers}

    until(is_all_loaded)
    sizes = {url: len(answer.body()) for url, answer in answers.items()}
    assert sum(sizes.values()) <= HEAVIEST, sizes
    scripts = [url.rpartition("/")[2] for url in answers if url.endswith(".js")]
    assert scripts == ["board.js"], "it comes with its modules"


def test_two_calls_one_after_another_never_overlap_and_each_has_its_picture(
    server: BoardServer, context: Context, board: Page
) -> None:
    record_voice(context)
    draw(context, "AB")
    open_with_sound(board, server.address)
    for counter in (1, 2):
        press(context, counter)
    wait_for_label(board, "B001")
    wait_for_silence(board)
    assert ["A001", ["B001 Quầy 2"], True] in board.evaluate("pictures"), "who is called next is on the board at once"
    assert not board.locator(".speaker").is_visible()

    sounds = [sound for sound in sounds_of(board) if sound["clip"]]
    first = call_clips.clips_of_call("A001", 1)
    second = call_clips.clips_of_call("B001", 2)
    assert clips_of(sounds) == [*first, *first, *second, *second]
    chimes = [sound["from"] for sound in sounds_of(board) if not sound["clip"]]
    assert len(chimes) == 4
    assert chimes[1] < sounds[0]["from"]
    assert sounds[len(first) * 2 - 1]["to"] < chimes[2]
    assert all(before["to"] < after["from"] for before, after in pairwise(sounds))
    changes = dict(reversed(board.evaluate("seen")))
    assert changes["B001"] > sounds[len(first) * 2 - 1]["to"] - SLACK
    assert changes["B001"] < chimes[2]


def test_a_call_whose_sound_comes_late_is_not_cut_off(server: BoardServer, context: Context, board: Page) -> None:
    record_voice(context)
    draw(context, "AB")
    open_with_sound(board, server.address)
    for counter in (1, 2):
        press(context, counter)
    first = call_clips.clips_of_call("A001", 1)
    board.wait_for_function("count => heard.length >= count", arg=2 + 2 * len(first))
    board.evaluate(
        "sound.suspend().then(() => new Promise((done) => setTimeout(done, 2000))).then(() => sound.resume())"
    )
    wait_for_label(board, "B001")
    ends = [sound["to"] for sound in sounds_of(board) if sound["clip"]][2 * len(first) - 1]
    assert dict(reversed(board.evaluate("seen")))["B001"] > ends - SLACK


@pytest.mark.parametrize("together", [1, 3, 8])
@pytest.mark.parametrize("first", ["A001", "B093", "C121", "D326"])
def test_calls_at_eight_counters_at_once_are_heard_within_half_a_minute(
    server: BoardServer, board: Page, first: str, together: int
) -> None:
    open_board(board, server.address)
    labels = [f"{first[0]}{int(first[1:]) + counter:03d}" for counter in range(8)]
    calls = [
        {
            "seq": counter,
            "label": label,
            "clips": [MADE_SECONDS[clip] for clip in call_clips.clips_of_call(label, counter)],
            "short": [MADE_SECONDS[clip] for clip in call_clips.short_clips_of_call(label, counter)],
        }
        for counter, label in enumerate(labels, 1)
    ]
    said = board.evaluate(REHEARSE, [calls, together])
    assert [label for label, *_ in said[:8]] == labels, "each is said, oldest first"
    assert [label for label, *_ in said[8:]] == labels, "and once more when nobody else waits"
    assert said[0][2], "the first has the chime"
    assert [has_chime for _, _, has_chime, _ in said[1:]] == [False] * 15
    poll = 1.0
    assert said[7][3] + poll <= EIGHT_CALLS_SECONDS


@pytest.mark.smoke
def test_one_call_alone_is_said_twice_in_full(server: BoardServer, board: Page) -> None:
    open_board(board, server.address)
    call = {"seq": 1, "label": "A001", "clips": [1.0], "short": [0.1]}
    ((label, is_short, has_chime, _at),) = board.evaluate(REHEARSE, [[call], 1])
    assert (label, is_short, has_chime) == ("A001", False, True)


@pytest.mark.smoke
def test_a_rush_is_said_short_and_then_once_more(server: BoardServer, context: Context, board: Page) -> None:
    counters = tuple(Counter(number) for number in range(1, 5))
    context = replace(context, config=replace(context.config, counters=counters))
    server.app.extensions["context"] = context
    record_voice(context)
    draw(context, "AAAA")
    open_with_sound(board, server.address)
    server.stop()
    for counter in range(1, 5):
        press(context, counter)
    server.start()
    wait_for_label(board, "A004")
    wait_for_silence(board)
    short = [call_clips.short_clips_of_call(f"A00{number}", number) for number in range(1, 5)]
    assert clips_of(sounds_of(board)) == [clip for call in [*short, *short] for clip in call]
    assert len([sound for sound in sounds_of(board) if not sound["clip"]]) == 2, "one chime for all"
    sounds = [sound for sound in sounds_of(board) if sound["clip"]]
    assert all(before["to"] < after["from"] for before, after in pairwise(sounds))


@pytest.mark.parametrize(("count", "mm"), [(8, 1092), (12, 1092), (20, 1092), (8, 396)])
def test_all_counters_that_call_are_on_one_board(
    server: BoardServer, context: Context, board: Page, count: int, mm: int
) -> None:
    names = {3: "Trả kết quả", 5: "Chứng thực bản sao và chữ ký"}
    counters = tuple(Counter(number, names.get(number, "")) for number in range(1, count + 3))
    config = replace(context.config, counters=counters, board=replace(context.config.board, mm=mm))
    context = replace(context, config=config)
    server.app.extensions["context"] = context
    draw(context, "A" * (count + 3))
    press(context, count + 1)
    press(context, count + 1, calling.mark_absent)
    for counter in range(1, count + 1):
        press(context, counter)
    board.goto(server.address)
    wait_for_label(board, f"A{count + 1:03d}")
    assert len(rows(board)) == count - 1
    notices = board.locator(".notices p").all_inner_texts()
    assert notices == ["Gọi chưa thấy: A001", f"Quầy nghỉ: {count + 2}"]
    measures = board.evaluate(MEASURE, DIAGONAL / mm)
    assert (measures["cut"], measures["sideways"], measures["tall"]) == ([], 0, 1080)
    assert axe_violations(board) == []


@pytest.mark.parametrize("mm", [396, 1092, 1651])
def test_the_name_of_a_counter_is_inside_the_gold_line(
    server: BoardServer, context: Context, board: Page, mm: int
) -> None:
    counters = (Counter(1, "Chứng thực bản sao và chữ ký"),)
    config = replace(context.config, counters=counters, board=replace(context.config.board, mm=mm))
    context = replace(context, config=config)
    server.app.extensions["context"] = context
    draw(context, "A")
    press(context, 1)
    board.goto(server.address)
    wait_for_label(board, "A001")
    plaque = board.locator(".plaque").bounding_box()
    number = board.locator(".number").bounding_box()
    name = board.locator(".name").bounding_box()
    assert plaque
    assert number
    assert name
    assert name["y"] + name["height"] <= plaque["y"] + plaque["height"] - 19
    assert number["y"] >= plaque["y"] + 19


def test_near_closing_time_the_board_tells_who_still_waits(
    server: BoardServer, context: Context, board: Page, clock: FixedClock
) -> None:
    clock.advance(24 * 3600 + 8 * 3600 + 20 * 60)  # the 24th is a holiday
    draw(context, "A" * 9)
    press(context, 1)
    board.goto(server.address)
    board.locator(".ending").wait_for()
    words = board.locator(".ending").inner_text()
    assert words.startswith("Quầy đóng lúc 17:00, chưa gọi hết số: A002, A003, A004, A005, A006, A007 và 2 số nữa.")
    measures = board.evaluate(MEASURE, 1.0)
    assert (measures["cut"], measures["sideways"], measures["tall"]) == ([], 0, 1080)
    assert [text for text in measures["texts"] if text["contrast"] < CONTRAST] == []


def test_a_board_that_was_just_switched_on_says_nothing_of_before(
    server: BoardServer, context: Context, board: Page
) -> None:
    record_voice(context)
    draw(context, "AA")
    press(context, 1)
    open_with_sound(board, server.address)
    wait_for_label(board, "A001")
    board.wait_for_timeout(1500)
    assert sounds_of(board) == []
    press(context, 1, calling.call_again)
    board.wait_for_function("() => heard.length > 2")


def test_who_has_come_meanwhile_is_not_called(server: BoardServer, context: Context, board: Page) -> None:
    record_voice(context)
    draw(context, "AAB")
    open_with_sound(board, server.address)
    for counter in (1, 2):
        press(context, counter)
    wait_for_label(board, "A001")
    press(context, 2, calling.start_serving)
    wait_for_silence(board)
    assert clips_of(sounds_of(board)) == call_clips.clips_of_call("A001", 1) * 2


@pytest.mark.smoke
def test_without_the_line_the_last_picture_stays_and_it_comes_back_by_itself(
    server: BoardServer, context: Context, board: Page
) -> None:
    record_voice(context)
    draw(context, "AAA")
    open_with_sound(board, server.address)
    press(context, 1)
    board.wait_for_function("() => heard.length > 2")
    server.stop()
    board.locator(".away").wait_for()
    assert "Mất kết nối" in board.locator("footer").inner_text()
    assert board.locator(".number").inner_text() == "A001"
    assert not board.locator("time").is_visible()
    wait_for_silence(board)
    before = len(sounds_of(board))
    press(context, 2)
    server.start()
    board.locator(".away").wait_for(state="hidden", timeout=60_000)
    wait_for_label(board, "A002")
    wait_for_silence(board)
    after = clips_of(sounds_of(board)[before:])
    assert after == call_clips.clips_of_call("A002", 2) * 2, "the earlier call is not said again"


def test_without_a_voice_it_chimes_and_without_leave_it_says_that_it_is_silent(
    server: BoardServer, context: Context, board: Page
) -> None:
    draw(context, "AB")
    open_board(board, server.address)
    assert "Chưa có tiếng" in board.locator(".wake").inner_text()
    press(context, 1)
    wait_for_label(board, "A001")
    assert not board.locator(".speaker").is_visible()
    press(context, 2)
    wait_for_label(board, "B001")
    assert board.evaluate("shown['B001'] - shown['A001']") >= READING, "a silent call is shown long enough to be read"
    assert sounds_of(board) == []
    board.click(".wake")
    board.locator(".wake").wait_for(state="hidden")
    wait_for_silence(board)
    press(context, 2, calling.call_again)
    board.wait_for_function("() => heard.length === 2")
    assert [sound["clip"] for sound in sounds_of(board)] == [0, 0]


def test_a_board_of_one_counter_shows_no_other(server: BoardServer, context: Context, board: Page) -> None:
    draw(context, "AAB")
    press(context, 1)
    press(context, 2)
    board.goto(f"{server.address}2")
    wait_for_label(board, "A002")
    assert board.locator("h1").inner_text() == "Quầy 2"
    assert rows(board) == []
    press(context, 2, calling.finish)
    board.locator(".idle").wait_for()
    assert board.locator(".idle").inner_text() == "Xin chờ gọi số"
    assert rows(board) == ["A002 Quầy 2"]
