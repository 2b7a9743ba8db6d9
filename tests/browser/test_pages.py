"""Each kind of page as a citizen comes to it, in light, dark and very large: axe, sizes, contrast, no sideways scroll.

The gallery's tests measure every drawn state; here the pages are the running kiosk's own, with real answers on them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import GLASS
from tests.browser.kiosks import ROOT, Practice
from tests.browser.walking import Person
from tests.look.rules import AXE

MM = 5.564  # px: 1080 x 1920 on 396 mm, as kiosk.toml has it
FRAMES = {"light": ("", ""), "dark": ("dark", ""), "very large": ("", "xl")}
CAPITAL = {"very large": 8.5}
CONTRAST = {"dark": 20.0}
HAIR = 0.06  # mm: a third of a pixel, lost in rounding
MEASURE = (ROOT / "tests" / "look" / "measure.js").read_text("utf-8")
BAND = ("TẬP", "Đang tập")  # look.md asks 10:1 of practice, whose band is green on every ground
ON_COVER = {"Tôi vẫn đang làm", "Kết thúc, xóa hết"}  # what lies under the cover of an idle screen is inert
DRESS = "([theme, size]) => Object.assign(document.documentElement.dataset, { theme, size })"
KINDS = {
    "start", "choose", "search", "need", "scan", "confirm", "name", "date", "pick", "missing", "check", "done",
    "status", "ticket", "easier", "error", "idle",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A page in a frame: what was measured, and what axe found."""

    name: str
    frame: str
    found: dict[str, Any]
    faults: list[str]


class Surveyor:
    """Measures the page that a person stands before, in every frame."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.seen = list[Seen]()

    def look(self, name: str) -> None:
        page = self.person.page
        for frame, dress in FRAMES.items():
            page.evaluate(DRESS, list(dress))
            found = page.evaluate(MEASURE, MM)
            if name == "idle":
                found["targets"] = [one for one in found["targets"] if one["name"] in ON_COVER]
            # What the dock covers is scrolled out from under it: axe sees the page at its full height.
            page.set_viewport_size({"width": 1080, "height": max(1920, found["tall"])})
            axe = Axe().run(page, options=AXE)
            page.set_viewport_size({"width": 1080, "height": 1920})
            faults = [f"{f['id']}: {n['target']}" for f in axe.response["violations"] for n in f["nodes"]]
            self.seen.append(Seen(name=name, frame=frame, found=found, faults=faults))
        page.evaluate(DRESS, ["", ""])


def tour(person: Person, look: Callable[[str], None]) -> None:
    """Every kind of page, once."""
    person.seen = look
    person.file_birth()
    look("done")
    person.leave()
    for name in ("status", "ticket", "easier", "nowhere"):
        person.go(f"/{name}")
        look(name.replace("nowhere", "error"))
    person.faults[:] = [fault for fault in person.faults if "404" not in fault]
    person.go("/choose")
    person.follow(person.page.locator(".search-link"))
    person.type_by_touch("q", "khai")
    person.page.locator(".found mark").first.wait_for()
    look("search")
    person.seen = lambda name: None
    copy_with_gaps(person)
    look("missing")
    person.go("/form/nguoi_khai")
    person.page.clock.install()
    person.page.reload()
    person.page.clock.run_for(61_000)
    look("idle")
    person.leave_by_cover()
    stay_until_pick(person)
    look("pick")


def copy_with_gaps(person: Person) -> None:
    """A copy of a record whose year nobody remembers."""
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
    """A stay, up to the list of wards."""
    person.go("/need/1.004194")
    person.choose("o_dau", "thue")
    person.onward()
    person.card("Sinh viên")
    person.onward()
    person.send("Tôi ở riêng, tôi là chủ hộ")
    person.follow(person.page.locator("button[name=pick]"))
    person.send("Đổi")
    person.type_by_touch("q", "phu")
    person.page.locator(".place-row").first.wait_for()


@pytest.fixture(scope="module")
def seen(glass: Browser, kiosk: Practice) -> list[Seen]:
    browser_context = glass.new_context(**GLASS, reduced_motion="reduce")  # type: ignore[arg-type]
    person = Person(browser_context.new_page(), kiosk.address)
    surveyor = Surveyor(person)
    tour(person, surveyor.look)
    browser_context.close()
    assert person.faults == []
    return surveyor.seen


pytestmark = pytest.mark.timeout(300)  # the tour is made once, before the first test


def test_every_kind_of_page_was_seen(seen: list[Seen]) -> None:
    assert {one.name for one in seen} == KINDS


def test_axe_finds_nothing(seen: list[Seen]) -> None:
    assert [(one.name, one.frame, one.faults) for one in seen if one.faults] == []


def test_capitals_are_as_high_as_asked(seen: list[Seen]) -> None:
    low = [
        (one.name, one.frame, text["words"], round(text["capital"], 2))
        for one in seen
        for text in one.found["texts"]
        if text["capital"] < CAPITAL.get(one.frame, 4.8)
    ]
    assert low == []


def test_text_stands_out_from_its_ground(seen: list[Seen]) -> None:
    dim = [
        (one.name, one.frame, text["words"], round(text["contrast"], 1))
        for one in seen
        for text in one.found["texts"]
        if text["contrast"] < (10.0 if text["words"].startswith(BAND) else CONTRAST.get(one.frame, 10.0))
    ]
    assert dim == []


def test_what_is_touched_is_big_enough(seen: list[Seen]) -> None:
    small = [
        (one.name, one.frame, t["name"], round(t["w"], 1), round(t["h"], 1))
        for one in seen
        for t in one.found["targets"]
        if min(t["h"], t["w"]) < (12.7 if t["key"] else 16) - HAIR
    ]
    assert small == []


def apart(a: dict[str, float], b: dict[str, float]) -> float:
    """Distance of two rectangles in mm; negative where they overlap."""
    across = max(a["x"] - b["x"] - b["w"], b["x"] - a["x"] - a["w"])
    down = max(a["y"] - b["y"] - b["h"], b["y"] - a["y"] - a["h"])
    return max(across, down)


def test_targets_keep_their_distance(seen: list[Seen]) -> None:
    near = [
        (one.name, one.frame, a["name"], b["name"], round(apart(a, b), 2))
        for one in seen
        for a, b in combinations(one.found["targets"], 2)
        if a["low"] == b["low"] and apart(a, b) < 2.5 - HAIR
    ]
    assert near == []


def test_nothing_is_cut_off_or_scrolls_sideways(seen: list[Seen]) -> None:
    wide = [
        (one.name, one.frame, one.found["cut"], one.found["sideways"])
        for one in seen
        if one.found["cut"] or one.found["sideways"] > 0
    ]
    assert wide == []


def test_each_page_has_one_head_and_a_title_of_its_own(seen: list[Seen]) -> None:
    assert [one.name for one in seen if one.found["heads"] != 1] == []
    titles = {one.found["title"] for one in seen if one.name not in {"idle", "search"}}
    assert len(titles) == len(KINDS - {"idle", "search"})
