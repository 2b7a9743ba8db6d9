"""Tests of the keys: sizes and gaps in millimetres, contrast, accessibility, cost of the start."""

from itertools import combinations
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.keyboard.conftest import KeyboardPage

pytestmark = pytest.mark.browser

MIN_KEY = 12.7
"""Millimetres: the smallest key that an old person hits."""
MIN_GAP = 2.5
"""Millimetres between two keys."""
BOARDS = ["name", "vni", "text", "symbols", "digits", "email", "code"]
KEYS = """() => [...document.querySelectorAll("#keyboard button")].filter((key) => key.checkVisibility()).map((key) => {
  const { left, right, top, bottom } = key.getBoundingClientRect();
  const part = document.createRange();
  const boxes = [...key.childNodes].filter((node) => node.offsetWidth !== 1)
    .map((node) => { part.selectNode(node); return part.getBoundingClientRect(); }).filter((box) => box.width > 1);
  return { name: key.textContent.trim(), left, right, top, bottom,
           from: Math.min(...boxes.map((box) => box.left)), to: Math.max(...boxes.map((box) => box.right)) };
})"""
COLOURS = """() => [...document.querySelectorAll("#keyboard button")].filter((key) => key.checkVisibility())
  .map((key) => [key.textContent.trim(), ...["color", "backgroundColor"].map((which) =>
    getComputedStyle(key)[which].match(/[0-9.]+/g).slice(0, 3).map(Number))])"""


def show(kiosk: KeyboardPage, board: str) -> None:
    """Open a board by the touches of a person."""
    kiosk.enter({"vni": "name", "symbols": "text"}.get(board, board))
    if board == "vni":
        kiosk.touch("method", "method")
    if board == "symbols":
        kiosk.touch("symbols")


def gaps(keys: list[dict[str, float]]) -> list[float]:
    """Return the distance of every two keys, the larger of its horizontal and vertical part."""
    return [
        max(
            max(a["left"], b["left"]) - min(a["right"], b["right"]),
            max(a["top"], b["top"]) - min(a["bottom"], b["bottom"]),
        )
        for a, b in combinations(keys, 2)
    ]


def measure(kiosk: KeyboardPage, mm: float) -> tuple[float, float, float, list[str]]:
    """Return the smallest width, height and gap in mm, and the labels that do not fit their keys."""
    kiosk.page.locator("#keyboard button:visible").first.wait_for()
    keys = kiosk.page.evaluate(KEYS)
    width = min(key["right"] - key["left"] for key in keys) / mm
    height = min(key["bottom"] - key["top"] for key in keys) / mm
    wide = [key["name"] for key in keys if key["from"] < key["left"] or key["to"] > key["right"]]
    return width, height, min(gaps(keys)) / mm, wide


@pytest.mark.parametrize("size", ["", "large", "xl"])
@pytest.mark.parametrize("board", BOARDS)
def test_keys_are_large_and_apart_and_hold_their_words(kiosk: KeyboardPage, board: str, size: str) -> None:
    kiosk.open(size=size)
    show(kiosk, board)
    width, height, gap, wide = measure(kiosk, 5.6)
    assert width >= MIN_KEY - 0.01
    assert height >= 15 - 0.01
    assert gap >= MIN_GAP - 0.01
    assert wide == []
    assert kiosk.page.evaluate("document.documentElement.scrollWidth") == 1080


@pytest.mark.parametrize("board", BOARDS)
def test_keys_keep_their_size_in_landscape(compact: KeyboardPage, board: str) -> None:
    compact.open(mm="5.9")
    show(compact, board)
    width, height, gap, wide = measure(compact, 5.9)
    assert width >= MIN_KEY - 0.01
    assert height >= MIN_KEY - 0.01
    assert gap >= MIN_GAP - 0.01
    assert wide == []
    rows = {key["top"] for key in compact.page.evaluate(KEYS)}
    assert len(rows) <= 5
    assert compact.page.evaluate("document.documentElement.scrollWidth") == 1280


@pytest.mark.smoke
def test_the_number_pad_has_the_measures_of_the_drawing(kiosk: KeyboardPage) -> None:
    kiosk.open(view="date")
    width, height, _, _ = measure(kiosk, 5.6)
    board = kiosk.page.locator("#keyboard").bounding_box()
    assert (round(width, 1), round(height, 1)) == (44.3, 17.0)
    assert board
    assert board["height"] / 5.6 < 90


def test_the_letters_take_a_third_of_the_screen(kiosk: KeyboardPage) -> None:
    kiosk.open(view="name")
    width, _, _, _ = measure(kiosk, 5.6)
    board = kiosk.page.locator("#keyboard").bounding_box()
    assert round(width, 1) >= 14.6
    assert board
    assert board["height"] / 1920 < 0.34


def test_no_board_of_letters_is_higher_than_another_so_nothing_jumps(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("text")
    board = kiosk.page.locator("#keyboard")
    heights = {round((board.bounding_box() or {})["height"])}
    for key in ("symbols", "letters", "method", "method"):
        kiosk.touch(key)
        heights.add(round((board.bounding_box() or {})["height"]))
    assert len(heights) == 1


def luminance(colour: list[float]) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(colour: list[float], other: list[float]) -> float:
    low, high = sorted([luminance(colour), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("look", "least"), [({}, 10), ({"mode": "practice"}, 10), ({"theme": "dark"}, 20)])
def test_every_key_can_be_read(kiosk: KeyboardPage, look: dict[str, str], least: float) -> None:
    kiosk.open(view="name", **look)
    kiosk.touch(*"ngoc", "dot")
    contrasts = [(name, contrast(colour, ground)) for name, colour, ground in kiosk.page.evaluate(COLOURS)]
    assert [(name, value) for name, value in contrasts if value < least] == []


@pytest.mark.parametrize("theme", ["", "dark"])
@pytest.mark.parametrize("field", ["name", "id", "email", "code"])
def test_axe_finds_nothing_with_the_keyboard_open(kiosk: KeyboardPage, theme: str, field: str) -> None:
    kiosk.open(theme=theme)
    kiosk.enter(field)
    result = Axe().run(kiosk.page)
    assert [violation["id"] for violation in result.response["violations"]] == []


COUNT_CHANGES = """() => { window.changes = 0; window.elements = document.querySelectorAll("*").length;
  new MutationObserver((records) => changes += records.length)
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true }); }"""


def test_opening_and_typing_change_few_things_and_create_nothing(kiosk: KeyboardPage) -> None:
    """Count what a touch costs; `bench/keyboard.py` measures how long it takes on a slow machine."""
    kiosk.open()
    kiosk.page.evaluate(COUNT_CHANGES)
    kiosk.enter("name")
    opening = kiosk.page.evaluate("changes")
    kiosk.touch("n", "g", "a", "acute")
    typing = kiosk.page.evaluate("changes") - opening
    assert kiosk.page.evaluate("document.querySelectorAll('*').length - elements") == 0
    assert opening <= 60, opening
    assert typing <= 4 * 70, typing


def test_no_key_can_be_reached_by_tab_so_the_form_keeps_its_order(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("name")
    kiosk.page.keyboard.press("Tab")
    assert kiosk.page.evaluate("document.activeElement.id") == "text"


def test_nothing_is_stored(kiosk: KeyboardPage) -> None:
    kiosk.open()
    kiosk.enter("name")
    kiosk.touch("method", "a")
    assert kiosk.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_no_module_of_the_keyboard_is_over_400_lines() -> None:
    static = Path(__file__).parents[2] / "static"
    sources = [static / "vietnamese.js", static / "keyboard.js", *sorted((static / "keyboard").glob("*.js"))]
    assert [path.name for path in sources if len(path.read_text().splitlines()) > 400] == []
