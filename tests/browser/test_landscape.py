"""Landscape screens with the keyboard open: touches reach the buttons; question, label and field are in sight.

The walk goes through every kind of typed question by hand, at each screen and at the usual and the largest text.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect

from kiosk.base.screen_size import ScreenSize
from tests.browser.glass import kiosk_with, person_before, set_size
from tests.browser.person import Person
from tests.browser.screens import SCREENS

GLASSES = {"10.1 inches": SCREENS["1280x800"], "15.6 inches": SCREENS["1366x768"]}
TEXT = {"usual": "", "very large": "xl"}
MEASURE = (Path(__file__).parent / "landscape.js").read_text("utf-8")
ALL_REACHED = {"open": True, "missed": [], "unseen": [], "over": [], "spilled": [], "sideways": False}
KINDS = {"name", "birth", "paper", "place", "year", "copies", "code", "digits", "search"}

OUT_OF_REACH = """() => [...document.querySelectorAll(".tile, .foot .btn")].filter((target) => {
  const { x, y, width, height } = target.getBoundingClientRect();
  return !target.contains(document.elementFromPoint(x + width / 2, y + height - 6));
}).map((target) => target.innerText)"""
"""Returns the words of the tiles and buttons whose lower edge a touch does not reach."""

WITHOUT_PRACTICE = """() => {
  for (const part of document.querySelectorAll(".band, .tray")) part.remove();
  delete document.documentElement.dataset.mode;
}"""

LISTS = {"ward", "wards", "search"}
"""Field and list leave no room for the question on the glass of 10 inches: the hint in the field says what is found."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module", params=GLASSES)
def screen(request: pytest.FixtureRequest) -> ScreenSize:
    return GLASSES[request.param]


@pytest.fixture(scope="module")
def landscape(screen: ScreenSize, tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[Flask]:
    """Start a kiosk with the landscape screen."""
    with kiosk_with(screen, tmp_path_factory.mktemp("landscape"), shared_app) as app:
        yield app


@pytest.fixture
def person(landscape: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(landscape, chromium) as person:
        yield person


@pytest.fixture(params=TEXT)
def walker(request: pytest.FixtureRequest, person: Person, screen: ScreenSize) -> "LandscapeWalker":
    person.go("/")
    if size := TEXT[request.param]:
        set_size(person, size)
    return LandscapeWalker(person, is_low=screen.height == 800)


class LandscapeWalker:
    """A person who touches each field, and both buttons while the keyboard is open; keeps what was not reached."""

    def __init__(self, person: Person, is_low: bool) -> None:
        self.person = person
        self.page = person.page
        self.is_low = is_low
        self.found: dict[str, dict[str, Any]] = {}

    def look(self, kind: str) -> None:
        """Measure the page as it is."""
        self.person.wait_until_quiet()
        expect(self.page.locator(".fresh")).to_have_count(0)  # new rows ignore touches for a moment
        found = self.page.evaluate(MEASURE)
        if self.is_low and kind in LISTS:
            found["unseen"] = []
        self.found[kind] = found

    def measure(self, kind: str, field: Locator) -> None:
        """Open the keyboard on a field, measure the page, touch back and come again."""
        self.person.enter(field)
        self.page.locator("#keyboard").wait_for()
        self.look(kind)
        here = self.page.url
        self.touch(self.page.locator(".dock").get_by_text("Quay lại"))
        assert self.page.url != here, f"Quay lại is dead at {kind}"
        self.page.goto(here)
        self.person.wait_until_quiet()

    def touch(self, control: Locator) -> None:
        """Touch the middle of a control, whatever is there."""
        box = control.bounding_box()
        assert box is not None
        with self.page.expect_navigation():
            self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_load_state()

    def onward(self) -> None:
        """Touch the main button, with the keyboard open where the page has one."""
        self.person.see_all()
        self.touch(self.page.locator(".dock .main:visible"))

    def fill(self, kind: str, key: str, text: str) -> None:
        """Measure a field, then fill it."""
        self.measure(kind, self.person.field(key))
        if text.isdigit():
            self.person.touch_digits(key, text)
        else:
            self.person.type_by_touch(key, text)


def walk_a_person_by_hand(walker: LandscapeWalker) -> None:
    """Fill in name, birth and passport of a person."""
    person = walker.person
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.send("Không có thẻ, gõ tay")
    walker.fill("name", "nyc_ho_ten", "Lê Thị Bưởi")
    walker.onward()
    walker.fill("birth", "nyc_ngay_sinh.y", "1975")
    walker.onward()
    walker.measure("paper", person.field("nyc_giay_to_tuy_than.so"))
    person.choose("nyc_giay_to_tuy_than.loai", "ho_chieu")
    person.type_by_touch("nyc_giay_to_tuy_than.so", "C1234567")
    walker.onward()


def find_birth_place(walker: LandscapeWalker) -> None:
    """Find a ward in the list, and write the house."""
    person = walker.person
    person.follow(walker.page.locator('button[name=pick][value="con_noi_sinh"]'))
    walker.measure("ward", person.field("q"))
    person.type_by_touch("q", "phu xuan")
    walker.look("wards")
    person.follow(walker.page.locator(".place-row", has_text="Phú Xuân"))
    walker.fill("address", "detail", "tổ năm")
    walker.onward()


def walk_the_copy(walker: LandscapeWalker) -> None:
    """Fill in where the birth was registered and the number of copies."""
    person = walker.person
    person.choose("nyc_quan_he", "ban_than")
    walker.onward()
    while person.path not in {"/form/missing", "/form/check"}:
        if person.path == "/form/gioi_tinh":
            person.choose("nd_gioi_tinh", "nu")
        elif person.path == "/form/dang_ky_o_dau":
            walker.measure("year", person.field("dk_ngay.y"))
            walker.fill("place", "dk_tai", "xã Hồng Hạ")
            person.touch_digits("dk_ngay.y", "1975")
        elif person.path == "/form/so_ban":
            walker.fill("copies", "so_luong", "1")
        walker.onward()


def test_the_buttons_are_reached_while_the_keyboard_is_open(walker: LandscapeWalker) -> None:
    person = walker.person
    walk_a_person_by_hand(walker)
    walk_the_copy(walker)
    person.go("/status")
    walker.measure("code", person.field("code"))
    walker.measure("digits", person.field("last4"))
    person.go("/choose?q=")
    walker.measure("search", person.field("q"))
    assert set(walker.found) == KINDS
    assert {kind: found for kind, found in walker.found.items() if found != ALL_REACHED} == {}


def test_name_day_and_place_of_a_child_are_typed_beside_choices_and_lists(walker: LandscapeWalker) -> None:
    person = walker.person
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    walker.measure("child", person.field("con_ho_ten"))
    person.choose("con_gioi_tinh", "nu")
    person.type_by_touch("con_ho_ten", "Trần Nguyễn Bảo Ngọc")
    walker.look("typed child")
    walker.onward()
    walker.measure("day", person.field("con_ngay_sinh.d"))
    find_birth_place(walker)
    person.touch_date("con_ngay_sinh", person.lately)
    walker.look("day said back")
    walker.onward()
    assert set(walker.found) == {"child", "typed child", "day", "ward", "wards", "address", "day said back"}
    assert {kind: found for kind, found in walker.found.items() if found != ALL_REACHED} == {}


def test_every_tile_of_the_start_page_is_reached_without_scrolling(person: Person) -> None:
    page = person.go("/").page
    names = page.locator(".tile b").all_inner_texts()
    assert {"Làm thủ tục", "Lấy số", "Tra cứu hồ sơ", "Tập khai thử", "Gọi cán bộ"} <= set(names)
    assert page.locator(".foot .btn").count() == 4
    assert page.evaluate(OUT_OF_REACH) == []


@pytest.mark.parametrize("screen", ["15.6 inches"], indirect=True)
@pytest.mark.parametrize("code", ["1.001193", "1.000894", "1.000656", "2.000635", "1.010041"])
def test_the_questions_before_a_form_are_seen_at_one_glance(person: Person, code: str) -> None:
    """Birth, marriage, death, copies and residence, without what only practice adds."""
    page = person.go(f"/need/{code}").page
    assert page.locator("#situation input").count() > 1
    page.evaluate(WITHOUT_PRACTICE)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    main, facts = (page.locator(part).bounding_box() for part in ("main", "#times"))
    assert main
    assert facts
    assert facts["y"] + facts["height"] <= main["y"] + main["height"]
