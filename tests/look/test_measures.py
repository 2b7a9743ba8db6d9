"""Measures of every citizen page in Chromium: sizes in millimetres, gaps, contrast.

The pages come from the gallery, so a new scene is measured too. The keyboard has its own tests.
"""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.look.gallery import FRAMES, serving
from tests.look.rules import AXE, AXE_OF_COLOURS, AXE_OF_SIZES, AXE_OF_WORDS, find_violations
from tests.look.scenes import SCENES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # all scenes are measured before the first test

MM = 5.6
CAPITAL = {"large": 6.4, "xl": 8.5}
CONTRAST = {"dark": 20.0}
MEASURE = (Path(__file__).parent / "measure.js").read_text()
RULES = {"": AXE, "practice": AXE, "en": AXE_OF_WORDS}
"""Rules of axe for the frames that differ in markup or words."""
LOOKS = {"dark": AXE_OF_COLOURS, "large": AXE_OF_SIZES, "xl": AXE_OF_SIZES}
"""Rules of axe for the frames that differ in style alone; the usual page takes their looks on, and loads axe once."""
TAKE_ON = """(look) => {
  Object.assign(document.documentElement.dataset, { theme: "", size: "", ...look });
  return document.fonts.ready.then(() => document.documentElement.scrollHeight);
}"""
"""Sets theme and size of the page that is shown; returns its height."""
HAIR = 0.06  # mm: a third of a pixel, for rounding


@dataclass(frozen=True)
class MeasuredScene:
    """A scene in a frame: its measures, violations that axe found, messages of the console."""

    name: str
    measures: dict[str, Any]
    violations: list[str]
    messages: list[str]


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=[] if name else [pytest.mark.smoke]) for name in FRAMES]
)
def frame(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seen(chromium: Browser, frame: str) -> list[MeasuredScene]:
    """Measure every scene of the gallery in a frame."""
    with serving(MM) as address:
        page = chromium.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True, reduced_motion="reduce")
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        pages = []
        for name in SCENES:
            messages.clear()
            page.set_viewport_size({"width": 1080, "height": 1920})
            page.goto(f"{address}/look/{name}?frame={frame}")
            page.evaluate("document.fonts.ready")
            measures = page.evaluate(MEASURE, MM)
            violations = find_all_violations(page, frame, measures["tall"]) if frame in RULES else []
            pages.append(MeasuredScene(name=name, measures=measures, violations=violations, messages=list(messages)))
        page.close()
    return pages


def find_all_violations(page: Page, frame: str, height: float) -> list[str]:
    """Return what axe finds on a page, and on the usual page in each other look; the page keeps the last one."""
    violations = list_places(find_at_full_height(page, RULES[frame], height))
    if frame:
        return violations
    for look, rules in LOOKS.items():
        height = page.evaluate(TAKE_ON, FRAMES[look])
        violations += [f"{look}, {place}" for place in list_places(find_at_full_height(page, rules, height))]
    return violations


def find_at_full_height(page: Page, rules: dict[str, Any], height: float) -> list[dict[str, Any]]:
    """Return what axe finds where the dock covers nothing."""
    page.set_viewport_size({"width": 1080, "height": max(1920, int(height))})
    return find_violations(page, rules)


def list_places(violations: list[dict[str, Any]]) -> list[str]:
    listed = []
    for violation in violations:
        listed += [f"{violation['id']}: {node['target']}" for node in violation["nodes"]]
    return listed


def worst(seen: list[MeasuredScene], part: str, key: str) -> tuple[float, str, str]:
    """Return the smallest value of all pages, with its page and words."""
    return min(
        (item[key], page.name, item.get("words") or item.get("name")) for page in seen for item in page.measures[part]
    )


@pytest.mark.parametrize("frame", [pytest.param("", marks=pytest.mark.smoke), "practice", "en"], indirect=True)
def test_axe_finds_nothing(seen: list[MeasuredScene]) -> None:
    assert [(page.name, page.violations) for page in seen if page.violations] == []


def test_the_console_is_silent_under_the_policy(seen: list[MeasuredScene]) -> None:
    assert [(page.name, page.messages) for page in seen if page.messages] == []


def test_capitals_are_as_high_as_asked(seen: list[MeasuredScene], frame: str) -> None:
    assert worst(seen, "texts", "capital") >= (CAPITAL.get(frame, 4.8),)


def test_text_stands_out_from_its_ground(seen: list[MeasuredScene], frame: str) -> None:
    assert worst(seen, "texts", "contrast") >= (CONTRAST.get(frame, 10.0), "", "")


def test_what_is_touched_is_big_enough(seen: list[MeasuredScene]) -> None:
    small = [
        (page.name, t)
        for page in seen
        for t in page.measures["targets"]
        if not t["key"] and (t["h"] < 16 - HAIR or t["w"] < 16)
    ]
    assert small == []


def apart(a: dict[str, float], b: dict[str, float]) -> float:
    """Return the distance of two rectangles in mm; negative if they overlap."""
    across = max(a["x"] - b["x"] - b["w"], b["x"] - a["x"] - a["w"])
    down = max(a["y"] - b["y"] - b["h"], b["y"] - a["y"] - a["h"])
    return max(across, down)


def test_targets_keep_their_distance(seen: list[MeasuredScene]) -> None:
    near = [
        (page.name, a["name"], b["name"], round(apart(a, b), 2))
        for page in seen
        for a, b in combinations([t for t in page.measures["targets"] if not t["key"]], 2)
        if a["low"] == b["low"] and apart(a, b) < 2.5 - HAIR
    ]
    assert near == []


def test_nothing_is_cut_off_or_scrolls_sideways(seen: list[MeasuredScene]) -> None:
    assert [(p.name, p.measures["cut"]) for p in seen if p.measures["cut"] or p.measures["sideways"] > 0] == []


def test_each_page_has_one_head_and_a_title_of_its_own(seen: list[MeasuredScene]) -> None:
    assert [page.name for page in seen if page.measures["heads"] != 1] == []
    pages = {(page.measures["title"], page.name[:2]) for page in seen}
    assert len({title for title, _ in pages}) == len(pages)


COMPACT = {"width": 1280, "height": 800}  # a 10" screen lying down: 5.94 px a millimetre
BAR = """() => [...document.querySelectorAll(
    ".foot .btn, .dock > :is(a, [name=back]):first-child, h1, .strip-words b, .band .seal")]
  .filter((e) => e.checkVisibility() && e.getClientRects().length)
  .map((e) => { const range = document.createRange(); range.selectNodeContents(e);
    const r = e.matches(".btn") ? e.getBoundingClientRect() : range.getBoundingClientRect();
    return { name: e.textContent.trim(), x: r.x, y: r.y, w: r.width, h: r.height }; })"""


@pytest.mark.parametrize("size", ["large", "xl", "xl-practice"])
def test_on_a_small_screen_lying_down_nothing_in_the_bar_lies_on_another(chromium: Browser, size: str) -> None:
    with serving(5.94) as address:
        page = chromium.new_page(viewport=COMPACT, has_touch=True, reduced_motion="reduce")
        for name in ("05-confirm", "10-check", "11-done", "28-ticket"):
            page.goto(f"{address}/look/{name}?frame={size.partition('-')[0]}")
            if "practice" in size:
                page.goto(f"{address}/look/{name}?frame=practice")
                page.evaluate("document.documentElement.dataset.size = 'xl'")
            page.evaluate("document.fonts.ready")
            boxes = page.evaluate(BAR)
            assert len(boxes) >= 3
            over = [(a["name"], b["name"]) for a, b in combinations(boxes, 2) if overlaps(a, b)]
            out = [box["name"] for box in boxes if box["x"] < 0 or box["x"] + box["w"] > COMPACT["width"]]
            assert (name, over, out) == (name, [], [])
        page.close()


def overlaps(a: dict[str, float], b: dict[str, float]) -> bool:
    across = min(a["x"] + a["w"], b["x"] + b["w"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["h"], b["y"] + b["h"]) - max(a["y"], b["y"])
    return across > 0.5 and down > 0.5
