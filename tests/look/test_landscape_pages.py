"""Citizen pages on landscape glass: what fits without scrolling, lines of words in an option, margins, gaps, cut text.

The pages come from the gallery, as in `test_measures`, at the usual and the largest size of text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kiosk.base.screen_size import ScreenSize
from tests.browser.screens import SCREENS
from tests.look.gallery import create_gallery, serving
from tests.look.scenes import SCENES
from tests.look.test_measures import HAIR, MEASURE, apart

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FEEDER = [name for name, (template, _) in SCENES.items() if template == "citizen/feeder.html"]
ONE_SCREEN = {
    "01-start",
    "01b-class",
    "01c-placed",
    "02a-choose",
    "02b-search",
    "02c-event",
    "03-need",
    "03a-situation",
    "04-scan",
    "05-confirm",
    "05c-phone",
    "06-name",
    "07-ward",
    "08-birth",
    "08d-people",
    "08e-born-where",
    "08h-notice",
    "11-done",
    "11b-done-fee",
    "26-easier",
    "26b-own-language",
    "27-status",
    "27b-found",
    "28-ticket",
    "28b-drawn",
    "28d-priority",
    "29-leave",
    "29b-other-form",
    "30-fault",
    "37-faces",
    "74-pay",
    "74b-pay-short",
    "81b-paid",
    *FEEDER,
}
"""Pages that a person sees whole at 15.6 inches, at the usual size of text."""
LANDSCAPE = ["1366x768", "1280x800", "1920x1080"]
LONGEST_ROW = 325
"""mm: a row of a page is no longer, however wide the glass is."""
MOST_LINES = {"1366x768": 2, "1920x1080": 2, "1280x800": 3}
LONG_WORDS = 60
"""Letters: an option that is a whole sentence, such as the oath, has as many lines as it needs."""
LINES = """() => [...document.querySelectorAll(".opt > span, .opt-open")].map((e) => {
  const words = document.createRange();
  words.selectNodeContents(e);
  const tops = [...words.getClientRects()].map((line) => Math.round(line.bottom));
  return { words: e.textContent.trim(), lines: new Set(tops).size };
})"""
ROW = """() => {
  const style = getComputedStyle(document.querySelector("main"));
  const left = parseFloat(style.paddingLeft);
  return { left, width: innerWidth - left - parseFloat(style.paddingRight) };
}"""


@dataclass(frozen=True)
class LandscapePage:
    """A scene on a screen: its measures, the lines of its options, its margin and row in mm, what is below the edge."""

    name: str
    measures: dict[str, Any]
    options: list[dict[str, Any]]
    margin: float
    row: float
    below: float


@pytest.fixture(scope="module", params=["1366x768", "1366x768 xl", "1280x800", "1920x1080"])
def shown(request: pytest.FixtureRequest) -> str:
    """Return the screen, and the size of the text if it is not the usual one."""
    return str(request.param)


@pytest.fixture(scope="module")
def pages(chromium: Browser, shown: str) -> list[LandscapePage]:
    """Measure every scene of the gallery on a landscape screen."""
    name, _, frame = shown.partition(" ")
    screen = SCREENS[name]
    viewport = {"width": screen.width, "height": screen.height}
    with serving(screen.pixels_per_mm) as address:
        tab = chromium.new_page(viewport=viewport, has_touch=True, reduced_motion="reduce")  # type: ignore[arg-type]
        found = [measure(tab, f"{address}/look/{scene}?frame={frame}", scene, screen) for scene in SCENES]
        tab.close()
    return found


@contextmanager
def opened(chromium: Browser, name: str, scene: str) -> Iterator[Page]:
    """Open a scene on a screen, at the usual size of text."""
    screen = SCREENS[name]
    with serving(screen.pixels_per_mm) as address:
        tab = chromium.new_page(viewport={"width": screen.width, "height": screen.height}, has_touch=True)
        tab.goto(f"{address}/look/{scene}")
        tab.evaluate("document.fonts.ready.then(() => true)")
        yield tab
        tab.close()


def measure(tab: Page, address: str, name: str, screen: ScreenSize) -> LandscapePage:
    tab.goto(address)
    tab.evaluate("document.fonts.ready.then(() => true)")
    row = tab.evaluate(ROW)
    below = tab.evaluate("document.documentElement.scrollHeight - innerHeight")
    return LandscapePage(
        name=name,
        measures=tab.evaluate(MEASURE, screen.pixels_per_mm),
        options=tab.evaluate(LINES),
        margin=row["left"] / screen.pixels_per_mm,
        row=row["width"] / screen.pixels_per_mm,
        below=below / screen.pixels_per_mm,
    )


@pytest.mark.parametrize("shown", ["1366x768", "1920x1080"], indirect=True)
def test_pages_for_one_glance_fit_the_glass(pages: list[LandscapePage]) -> None:
    assert {page.name for page in pages} >= ONE_SCREEN
    assert [(page.name, page.below) for page in pages if page.name in ONE_SCREEN and page.below > 0] == []


def test_pages_of_the_paper_scanner_fit_low_glass(chromium: Browser) -> None:
    screen = SCREENS["1280x800"]
    gallery = create_gallery(screen.pixels_per_mm)
    gallery.jinja_env.globals["is_low_glass"] = lambda: True
    with serving(app=gallery) as address:
        tab = chromium.new_page(viewport={"width": screen.width, "height": screen.height}, has_touch=True)
        found = [measure(tab, f"{address}/look/{scene}", scene, screen) for scene in FEEDER]
        tab.close()
    assert len(found) > 5
    assert [(page.name, page.below) for page in found if page.below > 0] == []


def test_the_start_page_with_a_class_and_frequent_procedures_fits_low_glass_in_practice(chromium: Browser) -> None:
    screen = SCREENS["1280x800"]
    with serving(screen.pixels_per_mm) as address:
        tab = chromium.new_page(viewport={"width": screen.width, "height": screen.height}, has_touch=True)
        found = [
            measure(tab, f"{address}/look/{scene}?frame=practice", scene, screen)
            for scene in ("01-start", "01b-class", "01c-placed")
        ]
        tab.close()
    assert [(page.name, page.below) for page in found if page.below > 0] == []


@pytest.mark.parametrize("name", LANDSCAPE)
def test_all_series_are_in_sight_as_tiles_of_one_height_in_a_row(chromium: Browser, name: str) -> None:
    with opened(chromium, name, "28-ticket") as tab:
        boxes = [tile.bounding_box() for tile in tab.locator(".tile").all()]
        below = tab.evaluate("document.documentElement.scrollHeight - innerHeight")
    tiles = [box for box in boxes if box]
    assert len(tiles) == 6
    assert below <= 0
    assert (tiles[0]["y"], tiles[0]["height"]) == (tiles[1]["y"], tiles[1]["height"])


@pytest.mark.parametrize("shown", MOST_LINES, indirect=True)
def test_the_words_of_an_option_keep_to_few_lines(pages: list[LandscapePage], shown: str) -> None:
    options = [(page.name, option) for page in pages for option in page.options]
    assert len(options) > 40
    long = [found for found in options if found[1]["lines"] > MOST_LINES[shown]]
    assert [found for found in long if len(found[1]["words"]) < LONG_WORDS] == []


def test_a_row_stays_short_on_wide_glass(pages: list[LandscapePage], shown: str) -> None:
    rows = [page for page in pages if not page.name.startswith(("01", "26", "29"))]
    margin = 2.6 if shown == "1280x800" else 10
    assert [(page.name, page.row) for page in rows if page.row > LONGEST_ROW + 1] == []
    assert [(page.name, page.margin) for page in rows if page.margin < margin - HAIR] == []


def test_targets_keep_their_distance(pages: list[LandscapePage]) -> None:
    near = []
    for page in pages:
        targets = [target for target in page.measures["targets"] if not target["key"]]
        near += [
            (page.name, a["name"], b["name"], round(apart(a, b), 2))
            for a, b in combinations(targets, 2)
            if a["low"] == b["low"] and apart(a, b) < 2.5 - HAIR
        ]
    assert near == []


def test_the_buttons_below_keep_away_from_the_edge(pages: list[LandscapePage], shown: str) -> None:
    screen = SCREENS[shown.partition(" ")[0]]
    right = screen.width / screen.pixels_per_mm - 2.4
    low = [(page.name, t) for page in pages for t in page.measures["targets"] if t["low"] and not t["key"]]
    assert len(low) > len(pages)
    assert [found for found in low if found[1]["x"] < 2.4 or found[1]["x"] + found[1]["w"] > right] == []


@pytest.mark.parametrize("scene", ["11-done", "26-easier"])
def test_very_large_text_leaves_a_row_a_row(chromium: Browser, scene: str) -> None:
    screen = SCREENS["1366x768"]
    viewport = {"width": screen.width, "height": screen.height}
    with serving(screen.pixels_per_mm) as address:
        tab = chromium.new_page(viewport=viewport)  # type: ignore[arg-type]
        tab.goto(f"{address}/look/{scene}?frame=xl")
        boxes = [part.bounding_box() for part in tab.locator(".plaque > *, .sizes > *").all()]
        tab.close()
    rows = [box for box in boxes if box is not None]
    assert len(rows) > 1
    assert max(box["y"] for box in rows) < min(box["y"] + box["height"] for box in rows)


@pytest.mark.parametrize(
    ("scene", "part", "share"),
    [
        ("02a-choose", ".tile", 0.66),
        ("04-scan", ".two-cards p", 0.66),
        ("11-done", "main > .notice", 0.7),
        ("28-ticket", ".tile", 0.66),
        ("37-faces", ".face", 0.5),
    ],
)
def test_a_page_uses_the_height_of_large_glass(chromium: Browser, scene: str, part: str, share: float) -> None:
    with opened(chromium, "1920x1080", scene) as tab:
        boxes = [box.bounding_box() for box in tab.locator(part).all()]
    lowest = max(box["y"] + box["height"] for box in boxes if box)
    assert lowest > share * SCREENS["1920x1080"].height


@pytest.mark.parametrize("name", ["1366x768", "1920x1080"])
def test_the_year_alone_is_offered_beside_the_boxes_until_the_pad_is_there(chromium: Browser, name: str) -> None:
    with opened(chromium, name, "08h-notice") as tab:
        boxes = tab.locator(".q-date:has(.year-only) .date").bounding_box()
        year_only = tab.locator(".year-only").bounding_box()
        assert boxes
        assert year_only
        assert year_only["x"] > boxes["x"] + boxes["width"]
        tab.locator(".q-date:has(.year-only) .field").first.tap()
        tab.wait_for_selector("[data-typing=pad]")
        below = tab.locator(".year-only").bounding_box()
    assert below
    assert below["x"] == boxes["x"]


@pytest.mark.parametrize("name", LANDSCAPE)
@pytest.mark.parametrize("scene", ["08-birth", "08e-born-where"])
def test_the_number_pad_is_beside_the_question(chromium: Browser, name: str, scene: str) -> None:
    with opened(chromium, name, scene) as tab:
        pad = tab.locator("#keyboard").bounding_box()
        boxes = [box.bounding_box() for box in tab.locator("h1, .date .field").all()]
        scrolled = tab.evaluate("scrollY")
    assert pad is not None
    assert scrolled == 0
    assert len(boxes) == 4
    assert all(box and box["x"] + box["width"] < pad["x"] for box in boxes)
    assert all(box and box["y"] + box["height"] < pad["y"] + pad["height"] for box in boxes)


@pytest.mark.parametrize("name", LANDSCAPE)
def test_a_touched_box_is_selected_though_the_pad_makes_the_page_narrow(chromium: Browser, name: str) -> None:
    with opened(chromium, name, "08c-document") as tab:
        year = tab.locator(".date .field").last
        year.scroll_into_view_if_needed()
        year.tap()
        tab.wait_for_selector("[data-typing=pad]")
        assert year.evaluate("box => [box.selectionStart, box.selectionEnd]") == [0, 4]


@pytest.mark.parametrize("name", LANDSCAPE)
def test_who_reads_badly_sets_larger_letters_while_a_question_is_open(chromium: Browser, name: str) -> None:
    with opened(chromium, name, "06-name") as tab:
        letters = tab.get_by_role("link", name="Cỡ chữ, màu")
        box = letters.bounding_box()
        assert box
        assert min(box["width"], box["height"]) > 15.9 * SCREENS[name].pixels_per_mm
        assert letters.locator("svg").is_visible()
        letters.tap()
        tab.get_by_role("dialog").get_by_text("Rất to").wait_for()


@pytest.mark.parametrize("name", ["1366x768", "1920x1080"])
@pytest.mark.parametrize("size", ["", "large", "xl"])
def test_in_practice_the_key_of_the_letters_keeps_its_icon(chromium: Browser, name: str, size: str) -> None:
    with opened(chromium, name, "06-name") as tab:
        tab.evaluate("size => Object.assign(document.documentElement.dataset, { mode: 'practice', size })", size)
        assert tab.get_by_role("link", name="Cỡ chữ, màu").locator("svg").is_visible()


@pytest.mark.parametrize(("name", "shown"), [("1366x768", True), ("1920x1080", True), ("1280x800", False)])
@pytest.mark.parametrize("layout", ["letters", "email", "code"])
def test_a_board_with_letters_closes_by_a_key_where_it_has_room(
    chromium: Browser, name: str, layout: str, shown: bool
) -> None:
    with opened(chromium, name, "06-name") as tab:
        tab.evaluate("layout => { document.getElementById('keyboard').dataset.layout = layout }", layout)
        close = tab.locator('.k-last [data-act="close"]')
        assert close.is_visible() is shown
        if shown:
            close.tap()
            tab.wait_for_selector("#keyboard", state="hidden")


@pytest.mark.parametrize("name", LANDSCAPE)
def test_the_boxes_of_a_date_stay_where_they_are_when_the_pad_closes(chromium: Browser, name: str) -> None:
    with opened(chromium, name, "08-birth") as tab:
        box = tab.locator(".date .field").first
        before = box.bounding_box()
        tab.locator('.k-pad [data-act="close"]').tap()
        tab.wait_for_selector("#keyboard", state="hidden")
        after = box.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 1 * SCREENS[name].pixels_per_mm
    assert abs(after["height"] - before["height"]) < 3  # the ring of the focus


def test_nothing_is_cut_off_or_scrolls_sideways(pages: list[LandscapePage]) -> None:
    """The band's sentence is hidden where the bar has no space for it; its stamp says the same."""
    cut = [(page.name, [e for e in page.measures["cut"] if e != "ASIDE.band"]) for page in pages]
    assert [found for found in cut if found[1]] == []
    assert [(page.name, page.measures["sideways"]) for page in pages if page.measures["sideways"] > 0] == []
