"""Contact sheets of all pages of each walk: `python -m tests.browser.walks --help`.

The typical case of a procedure is walked in process; each of its pages is also opened in Chromium, in the same session.
build/walks has a folder for each screen, with one sheet for each procedure and beside it a folder of its pictures: one
for each page as it opens, and one more after each "Xem tiếp". They are for people to look at; other tests measure.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright
from werkzeug.test import TestResponse

from kiosk.base.clock import FixedClock
from kiosk.base.screen_size import ScreenSize
from kiosk.config import ROOT, load
from kiosk.config.list_sections import OfficePrinterSection
from kiosk.web.app import create_app
from printers.render.pillow_fonts import font
from tests.browser.screens import SCREENS
from tests.chromium import ARGS, CHROMIUM
from tests.journeys.typical import CASES, Case
from tests.journeys.walker import Walker
from tests.look.gallery import serving

OUT = ROOT / "build" / "walks"
AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
SHEET_WIDTH = 2760
MARGIN = 16
HEAD = 40
COOKIE = "kiosk_tap"
SETTLED = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))"
"""Waits until the page has found out whether it needs "Xem tiếp" (static/see_more.js)."""
NEXT_VIEW = """() => {
  const before = scrollY;
  const covers = [...document.querySelectorAll(".low, .hanging")].map((part) => part.offsetHeight);
  scrollBy(0, Math.max((innerHeight - covers.reduce((sum, height) => sum + height, 0)) * 0.8, 80));
  return scrollY > before + 8;
}"""
"""Scrolls as far as "Xem tiếp" does; returns whether there was more to see."""


class PictureWalker(Walker):
    """A walker that also opens each page in a browser and takes pictures of it, from its top to its end."""

    def __init__(self, app: Flask, page: Page, address: str, folder: Path) -> None:
        super().__init__(app)
        self.tab = page
        self.address = address
        self.folder = folder
        self.pictures: list[tuple[str, Path]] = []

    def _see(self, answer: TestResponse, address: str) -> Walker:
        before = self.page
        super()._see(answer, address)
        if self.page != before:
            self._take_pictures()
        return self

    def _take_pictures(self) -> None:
        cookie = self.browser.get_cookie(COOKIE)
        assert cookie is not None
        self.tab.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
        self.tab.goto(self.address + self.answer.request.full_path.rstrip("?"))
        self.tab.evaluate("document.fonts.ready.then(() => true)")
        self.tab.evaluate(SETTLED)
        self.folder.mkdir(parents=True, exist_ok=True)
        view = 1
        while view == 1 or self.tab.evaluate(NEXT_VIEW):
            path = self.folder / f"{len(self.pictures) + 1:02}.png"
            self.tab.screenshot(path=path)
            self.pictures.append((self.at if view == 1 else f"{self.at} ({view})", path))
            view += 1
        self.tab.goto("about:blank")  # a page that waits for a card would take the card of the walk


def sheet_of(pictures: list[tuple[str, Path]], screen: ScreenSize) -> Image.Image:
    """Draw pictures of a screen in rows, each with its address above."""
    across = 5 if screen.height > screen.width else 3
    width = SHEET_WIDTH // across - MARGIN
    height = round(screen.height * width / screen.width)
    rows = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * (width + MARGIN) + MARGIN, rows * (height + HEAD) + MARGIN), "#777")
    pen = ImageDraw.Draw(sheet)
    for at, (name, path) in enumerate(pictures):
        x = MARGIN + at % across * (width + MARGIN)
        y = at // across * (height + HEAD)
        pen.text((x, y + 10), name, font=font("sans-600", 18), fill="white")
        with Image.open(path) as picture:
            sheet.paste(picture.convert("RGB").resize((width, height)), (x, y + HEAD))
    return sheet


@contextmanager
def kiosk(
    office_printers: tuple[OfficePrinterSection, ...] = (), screen: ScreenSize = SCREENS["1080x1920"]
) -> Iterator[Flask]:
    """Make a practice kiosk in its own folder, at half past eight on a working day."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = load(ROOT / "kiosk.toml")
        touchscreen = replace(shipped.screen, width=screen.width, height=screen.height, mm=screen.mm)
        config = replace(shipped, root=Path(folder), office_printers=office_printers, screen=touchscreen)
        app = create_app(config.practising(), FixedClock(AT))
        yield app
        app.extensions["context"].store.close()


def parse(args: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.walks", description="Take pictures of walks.")
    parser.add_argument("codes", metavar="CODE", nargs="*", help="procedures; none means all")
    parser.add_argument("--screen", choices=[*SCREENS, "all"], default="1080x1920")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    parser.add_argument("--size", choices=["", "large", "xl"], default="", help="size of the text")
    parser.add_argument("--theme", choices=["", "dark"], default="")
    parser.add_argument("--by-hand", action="store_true", help="type what a card would fill in")
    return parser.parse_args(args)


def walk_on(name: str, page: Page, options: argparse.Namespace) -> None:
    """Walk the named procedures, or all, on a screen; write their pictures and sheets."""
    screen = SCREENS[name]
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    looks = {"lang": options.lang, "size": options.size, "theme": options.theme}
    suffix = "-".join([*filter(None, looks.values()), *(["by-hand"] if options.by_hand else [])])
    with kiosk(screen=screen) as app, serving(app=app) as address:
        for code in options.codes or sorted(CASES):
            folder = OUT / name / f"{code}-{suffix}"
            shutil.rmtree(folder, ignore_errors=True)
            walker = PictureWalker(app, page, address, folder)
            Walker.go(walker, "/easier")
            Walker.fill(walker, form="easier", **looks)
            walker.pictures.clear()
            Case(walker, code, cards=not options.by_hand).walk()
            sheet = folder.with_name(f"{folder.name}.png")
            sheet_of(walker.pictures, screen).save(sheet)
            print(sheet.relative_to(ROOT), flush=True)


def main(options: argparse.Namespace) -> None:
    """Write the pictures of one screen, or of all."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_page(has_touch=True, locale="vi-VN")
        for name in SCREENS if options.screen == "all" else [options.screen]:
            walk_on(name, page, options)
        browser.close()


if __name__ == "__main__":
    main(parse())
