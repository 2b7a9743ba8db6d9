"""Each kind of citizens' page in light, dark, very large and landscape: axe, sizes, contrast, no sideways scroll.

The gallery's tests (tests/look) measure every drawn state; here the pages come from a running kiosk, with real answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize

from kiosk.base import clock
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.kiosks import ROOT, PracticeKiosk
from tests.browser.laptop import axe_violations
from tests.browser.person import Person
from tests.look.rules import AXE, AXE_OF_COLOURS, AXE_OF_SIZES

MM = 5.564  # px: 1080 x 1920 on 396 mm, as kiosk.toml has it
FRAMES = {"light": ("", ""), "dark": ("dark", ""), "very large": ("", "xl"), "landscape": ("", "")}
UPRIGHT: ViewportSize = {"width": 1080, "height": 1920}
LYING: ViewportSize = {"width": 1920, "height": 1080}
RULES = {"light": AXE, "dark": AXE_OF_COLOURS, "very large": AXE_OF_SIZES, "landscape": AXE}
CAPITAL = {"very large": 8.5}
CONTRAST = {"dark": 20.0}
HAIR = 0.06  # mm: a third of a pixel, lost in rounding
MEASURE = (ROOT / "tests" / "look" / "measure.js").read_text("utf-8")
BAND = ("TẬP", "Đang tập")  # the band of practice is green in every theme and needs 10:1
ON_COVER = {"Còn khai tiếp", "Kết thúc"}  # elements under the cover of an idle screen are inert
SET_FRAME = "([theme, size]) => Object.assign(document.documentElement.dataset, { theme, size })"
IDLE = timedelta(hours=1)
KINDS = {
    "start", "choose", "search", "need", "scan", "confirm", "name", "date", "pick", "missing", "check", "done",
    "status", "ticket", "easier", "error", "idle",
}  # fmt: skip


@dataclass(frozen=True)
class MeasuredPage:
    """A page in a frame (theme and size), with its measures and axe's findings."""

    name: str
    frame: str
    measures: dict[str, Any]
    faults: list[str]


class Surveyor:
    """Measures a person's current page in every frame."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.pages = list[MeasuredPage]()

    def measure(self, name: str) -> None:
        """Measure the current page."""
        page = self.person.page
        for frame, theme_and_size in FRAMES.items():
            page.evaluate(SET_FRAME, list(theme_and_size))
            glass = LYING if frame == "landscape" else UPRIGHT
            page.set_viewport_size(glass)
            measures = page.evaluate(MEASURE, MM)
            if name == "idle":
                measures["targets"] = [target for target in measures["targets"] if target["name"] in ON_COVER]
            # axe sees the page at its full height, where the dock covers nothing.
            page.set_viewport_size({"width": glass["width"], "height": max(glass["height"], measures["tall"])})
            faults = [f"{rule}: {places}" for rule, places in axe_violations(page, RULES[frame])]
            page.set_viewport_size(UPRIGHT)
            self.pages.append(MeasuredPage(name=name, frame=frame, measures=measures, faults=faults))
        page.evaluate(SET_FRAME, ["", ""])


def tour(person: Person, measure: Callable[[str], None]) -> None:
    """Open every kind of page once, and measure it."""
    person.seen = measure
    person.file_birth()
    measure("done")
    person.leave()
    for name in ("status", "ticket", "easier", "nowhere"):
        person.go(f"/{name}")
        measure(name.replace("nowhere", "error"))
    person.ignore_faults("404")
    person.go("/choose")
    person.follow(person.page.locator(".search-link"))
    person.type_by_touch("q", "khai")
    person.page.locator(".found mark").first.wait_for()
    measure("search")
    person.seen = lambda name: None
    copy_with_gaps(person)
    measure("missing")
    person.go("/form/nguoi_khai")
    person.page.clock.set_fixed_time(clock.now() + IDLE)
    person.page.locator("#idle").wait_for()
    measure("idle")
    person.leave_by_cover()
    stay_until_pick(person)
    measure("pick")


def copy_with_gaps(person: Person) -> None:
    """Ask for a copy of a record without its year, up to the page of missing answers."""
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Mẹ")
    person.choose("nyc_quan_he", "ban_than")
    for stay in person.page.locator('[name$=".stay"]').all()[:1]:
        stay.tap()
    person.onward()
    person.type_by_touch("dk_tai", "xã Hồng Hạ")
    person.send("Không nhớ năm")
    if person.path != "/form/missing":
        person.onward()


def stay_until_pick(person: Person) -> None:
    """Fill in a stay up to the list of wards."""
    person.begin_stay()
    person.send("Đổi")
    person.type_by_touch("q", "phu")
    person.page.locator(".place-row").first.wait_for()


@pytest.fixture(scope="module")
def pages(chromium: Browser, kiosk: PracticeKiosk) -> list[MeasuredPage]:
    browser_context = chromium.new_context(**TOUCHSCREEN, reduced_motion="reduce")  # type: ignore[arg-type]
    person = Person(browser_context.new_page(), kiosk.address).stay()
    surveyor = Surveyor(person)
    tour(person, surveyor.measure)
    browser_context.close()
    assert person.faults == []
    return surveyor.pages


pytestmark = pytest.mark.timeout(900)  # the tour is made once, before the first test: 116 s on a busy machine


def test_every_kind_of_page_was_seen(pages: list[MeasuredPage]) -> None:
    assert {page.name for page in pages} == KINDS


def test_axe_finds_nothing(pages: list[MeasuredPage]) -> None:
    assert [(page.name, page.frame, page.faults) for page in pages if page.faults] == []


def test_capitals_are_as_high_as_asked(pages: list[MeasuredPage]) -> None:
    low = [
        (page.name, page.frame, text["words"], round(text["capital"], 2))
        for page in pages
        for text in page.measures["texts"]
        if text["capital"] < CAPITAL.get(page.frame, 4.8)
    ]
    assert low == []


def test_text_stands_out_from_its_ground(pages: list[MeasuredPage]) -> None:
    dim = [
        (page.name, page.frame, text["words"], round(text["contrast"], 1))
        for page in pages
        for text in page.measures["texts"]
        if text["contrast"] < (10.0 if text["words"].startswith(BAND) else CONTRAST.get(page.frame, 10.0))
    ]
    assert dim == []


def test_what_is_touched_is_big_enough(pages: list[MeasuredPage]) -> None:
    small = [
        (page.name, page.frame, target["name"], round(target["w"], 1), round(target["h"], 1))
        for page in pages
        for target in page.measures["targets"]
        if min(target["h"], target["w"]) < (12.7 if target["key"] else 16) - HAIR
    ]
    assert small == []


def apart(a: dict[str, float], b: dict[str, float]) -> float:
    """Return the distance of two rectangles in mm; negative where they overlap."""
    across = max(a["x"] - b["x"] - b["w"], b["x"] - a["x"] - a["w"])
    down = max(a["y"] - b["y"] - b["h"], b["y"] - a["y"] - a["h"])
    return max(across, down)


def test_targets_keep_their_distance(pages: list[MeasuredPage]) -> None:
    near = [
        (page.name, page.frame, a["name"], b["name"], round(apart(a, b), 2))
        for page in pages
        for a, b in combinations(page.measures["targets"], 2)
        if a["low"] == b["low"] and apart(a, b) < 2.5 - HAIR
    ]
    assert near == []


def test_nothing_is_cut_off_or_scrolls_sideways(pages: list[MeasuredPage]) -> None:
    """The sentence beside the stamp of practice may be left out where the bar of a landscape screen has no room."""
    wide = [
        (page.name, page.frame, cut, page.measures["sideways"])
        for page in pages
        if (cut := [name for name in page.measures["cut"] if (page.frame, name) != ("landscape", "ASIDE.band")])
        or page.measures["sideways"] > 0
    ]
    assert wide == []


def test_each_page_has_one_head_and_a_title_of_its_own(pages: list[MeasuredPage]) -> None:
    assert [page.name for page in pages if page.measures["heads"] != 1] == []
    titles = {page.measures["title"] for page in pages if page.name not in {"idle", "search"}}
    assert len(titles) == len(KINDS - {"idle", "search"})
