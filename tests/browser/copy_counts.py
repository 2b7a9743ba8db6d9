"""Writer of the part of docs/counts.md about certified copies: touches at four screens, presses at the desk.

Every touch and every press is made in Chromium; `make counts` writes the part, a test compares it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kiosk.base.clock import FixedClock
from kiosk.base.screen_size import ScreenSize
from kiosk.config import ROOT, load
from kiosk.web.app import create_app
from tests.browser.laptop import LAPTOP, PASSWORD, add_officer, call_next, sign_in_officer, wait_for_page
from tests.browser.person import CONFIRM_AFTER, SEE_MORE, Person
from tests.browser.screens import SCREENS
from tests.chromium import ARGS, for_pages
from tests.journeys.counts import FILE, copies_part
from tests.journeys.walker import Walker, card_line
from tests.serving import served_on_loopback

AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
CODE = "2.000815"
PAPERS = ("Giấy khai sinh", "Bằng, chứng chỉ")
IS_IN_SIGHT = """(e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return e.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
"""Returns whether a touch in the middle of a control would reach it now."""
PAGE_SECONDS, TOUCH_SECONDS, CARD_SECONDS = 8, 3, 6
"""Pace of a person who has never used the screen: to read a page, to find and touch a button, to hold the card."""
SECONDS_TO_TAKE = 60
"""Seconds until a made-up paper is taken on a slow machine, at most."""
SECONDS_BETWEEN = 2
"""Between two pictures of a screen the kiosk waits a second; its clock stands still in these walks."""
TO_UNDO = 9
"""Seconds after which a decision cannot be undone, and the bar of the case comes back."""
HEAD = """
## Certified copies

Two papers with two copies each, from the start page to the number on the done page, by touches in Chromium. Seconds are
not measured: {page} s for each page, {touch} s for each touch, {card} s for the card. With a camera the person lays
each paper down; one touch leaves all papers out. Two photographed papers take more than
60 s: four pages more at this pace.

| screen | pages | touches | seconds |
|---|---|---|---|
"""
DESK_HEAD = """
Three papers with two copies each at the desk, from the called number to the free counter, paid in cash, by keys and
clicks in Chromium. A counter without an office printer has one more, for the PDF.

| way | presses | by hand |
|---|---|---|
"""


@dataclass(frozen=True)
class TouchCount:
    """Pages seen and touches made until the number is shown."""

    pages: int
    touches: int

    @property
    def seconds(self) -> int:
        """Seconds at the pace of this module."""
        return self.pages * PAGE_SECONDS + self.touches * TOUCH_SECONDS + CARD_SECONDS


def _come_into_sight(person: Person, control: Locator) -> int:
    """Touch “Xem tiếp” until a control can be touched; return how often."""
    for touched in range(9):
        person.wait_until_quiet()
        if control.count() and control.evaluate(IS_IN_SIGHT):
            person.page.wait_for_timeout(CONFIRM_AFTER)
            return touched
        person.page.touchscreen.tap(*person.page.evaluate(SEE_MORE))
    raise AssertionError(f"{person.path} never shows {control}")


@contextmanager
def serving(screen: ScreenSize, *, has_camera: bool = False) -> Iterator[tuple[Flask, str]]:
    """Serve a practice kiosk with a screen, its start page offers certified copies; yield it and its URL."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = load(ROOT / "kiosk.toml")
        config = replace(
            shipped,
            root=Path(folder),
            screen=replace(
                shipped.screen,
                width=screen.width,
                height=screen.height,
                mm=screen.mm,
                cameras=(shipped.screen.name,) if has_camera else (),
            ),
            procedures=replace(shipped.procedures, on_start=(CODE, "1.001193")),
        )
        app = create_app(config.practising(), FixedClock(AT))
        with served_on_loopback(app) as address:
            yield app, address
        app.extensions["context"].store.close()


def count_touches(chromium: Browser, screen: ScreenSize, *, has_camera: bool = False) -> TouchCount:
    """Ask for the copies at a screen, with the touches on “Xem tiếp” that it needs."""
    size = {"width": screen.width, "height": screen.height}
    with serving(screen, has_camera=has_camera) as (app, address):
        tab = chromium.new_context(viewport=size, has_touch=True, locale="vi-VN").new_page()  # type: ignore[arg-type]
        person = Person(tab, address).stay().go("/")
        touches = 0

        def touch(control: Locator) -> None:
            nonlocal touches
            touches += _come_into_sight(person, control) + 1
            control.tap()

        touch(tab.locator(f'.placed form[action*="{CODE}"] button'))
        tab.wait_for_url("**/form/**")
        for paper in PAPERS:
            touch(tab.get_by_role("button", name=f"Thêm: {paper}", exact=True))
            more = tab.get_by_role("button", name=f"Thêm một: {paper}", exact=True)
            expect(more).to_be_attached()
            touch(more)
        expect(tab.locator(".fee")).to_contain_text("2 giấy, 4 bản")
        pages = len(person.screens)
        touch(tab.locator(".dock .main"))
        for _paper in PAPERS if has_camera else ():
            tab.wait_for_url("**/form/papers/*/*", timeout=SECONDS_TO_TAKE * 1000)
            app.extensions["context"].clock.advance(SECONDS_BETWEEN)
            taken = tab.url
            pages += 2  # the camera, and the page that was taken
            touch(tab.locator(".dock .main"))
            tab.wait_for_url(lambda url, before=taken: url != before)  # type: ignore[misc] # bound in the loop
        tab.wait_for_function("() => document.querySelector('[data-poll]')")
        person.wait_until_quiet()
        app.extensions["context"].card_inbox.put(card_line("me"))
        tab.wait_for_url("**/done")
        assert person.faults == []
        tab.context.close()
    return TouchCount(pages=pages + 1, touches=touches)


class Presses:
    """An officer at the desk whose keys and clicks are counted; `clock` is the kiosk's."""

    def __init__(self, page: Page, clock: FixedClock) -> None:
        self.page = page
        self.clock = clock
        self.count = 0

    def key(self, key: str) -> None:
        """Press a key, once the page takes keys."""
        wait_for_page(self.page)
        self.page.keyboard.press(key)
        self.count += 1

    def click(self, control: Locator) -> None:
        """Click a control."""
        wait_for_page(self.page)
        control.click()
        self.count += 1

    def take_cash(self) -> None:
        """Take the fee in cash."""
        self.key("p")
        expect(self.page.locator('.takes [value="cash"]')).to_be_focused()
        self.key("Enter")
        expect(self.page.locator(".case-head .done")).to_contain_text("đã thu")


def _in_the_lane(desk: Presses) -> None:
    """Tick the originals as quickly as the page takes keys, take numbers and print, take the fee, hand out."""
    for place in range(3):
        desk.key(str(place + 1))
    desk.key("F10")
    expect(desk.page.locator("main .note")).to_contain_text("Đã ghi sổ chứng thực.")
    desk.take_cash()
    desk.key("F8")


def _step_by_step(desk: Presses) -> None:
    """Tick that the originals were seen, accept, take the fee, hand out: the pages of every procedure."""
    page = desk.page
    desk.click(page.locator('#ticks [name="seen"]').first)
    expect(page.locator("#ticks fieldset").first).to_contain_text("Lê Hoài An")
    desk.key("F9")
    expect(page.locator("main h1")).to_contain_text("Tiếp nhận hồ sơ")
    desk.key("F9")
    expect(page.locator("main .note")).to_contain_text("Đã tiếp nhận hồ sơ.")
    desk.clock.advance(TO_UNDO)
    page.reload()
    desk.take_cash()
    desk.click(page.get_by_role("button", name="Trả kết quả"))
    expect(page.locator("main h1")).to_contain_text("Trả kết quả")
    desk.click(page.locator('[name="relation"][value="self"]'))
    desk.click(page.locator(".bar .main"))
    expect(page.locator("main .note")).to_contain_text("Đã ghi trả kết quả.")
    desk.key("F8")


WAYS = {
    "box of certified copies, with numbers and words of certification": (_in_the_lane, "nothing"),
    "pages of every procedure, as before the box": (
        _step_by_step,
        "three lines of the register, six times words of certification",
    ),
}
"""Way at the desk -> how it is walked, and what is left to be written by hand."""


def count_presses(chromium: Browser, way: str) -> int:
    """Certify three papers in two copies each, and hand them out."""
    walk, _ = WAYS[way]
    with serving(SCREENS["1366x768"]) as (app, address):
        walker = Walker(app).go(f"/need/{CODE}").fill()
        for paper in ("can_cuoc", "bang", "hoc_ba"):
            walker.fill(add=paper)
        walker.fill({f"giay_to.{row}.so_ban": "2" for row in range(3)})
        walker.scan("me")
        add_officer(app.extensions["context"])
        page = chromium.new_context(**LAPTOP, base_url=address).new_page()  # type: ignore[arg-type]
        page.goto("/officer/")
        sign_in_officer(page, "hoaian", PASSWORD, counter=1)
        call_next(page, "B001")
        desk = Presses(page, app.extensions["context"].clock)
        walk(desk)
        expect(page.locator(".plaque")).to_contain_text("Quầy trống")
        page.context.close()
    return desk.count


def part(chromium: Browser) -> str:
    """Return the part of the page."""
    text = HEAD.format(page=PAGE_SECONDS, touch=TOUCH_SECONDS, card=CARD_SECONDS)
    for has_camera, words in ((False, ""), (True, ", both papers photographed")):
        for name, screen in SCREENS.items():
            count = count_touches(chromium, screen, has_camera=has_camera)
            text += f"| {name}, {screen.mm} mm{words} | {count.pages} | {count.touches} | {count.seconds} |\n"
    text += DESK_HEAD
    for way, (_, by_hand) in WAYS.items():
        text += f"| {way} | {count_presses(chromium, way)} | {by_hand} |\n"
    return text


def main() -> None:
    """Make all touches and presses, and write the part of the page."""
    rest = FILE.read_text("utf-8").removesuffix(copies_part())
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=for_pages(), args=ARGS)
        FILE.write_text(rest + part(chromium), "utf-8")
        chromium.close()


if __name__ == "__main__":
    main()
