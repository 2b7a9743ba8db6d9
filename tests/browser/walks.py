"""Contact sheets of all pages of each walk: `python -m tests.browser.walks [CODE ...] [--en] [--by-hand]`.

The typical case of a procedure is walked in process; each of its pages is also opened in Chromium, in the same session
and at its full height. build/walks holds one sheet for each procedure, with the pages in their order; a dashed line
shows where the touchscreen ends. The sheets are for people to look at; other tests measure the pages.
"""

import sys
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

from kiosk.app import create_app
from kiosk.clock import FixedClock
from kiosk.config import ROOT, load
from kiosk.config.sections import OfficePrinterSection
from printers.render.pillow_fonts import font
from tests.browser.conftest import ARGS, CHROMIUM, TOUCHSCREEN
from tests.journeys.typical import CASES, Case
from tests.journeys.walker import Walker
from tests.look.gallery import serving

OUT = ROOT / "build" / "walks"
AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
ACROSS = 5
WIDTH = 540
MARGIN = 16
HEAD = 40
SCREEN_HEIGHT = 1920
COOKIE = "kiosk_tap"


class PictureWalker(Walker):
    """A walker that also opens each page in a browser and takes a picture of it."""

    def __init__(self, app: Flask, page: Page, address: str) -> None:
        super().__init__(app)
        self.tab = page
        self.address = address
        self.pictures: list[tuple[str, Image.Image]] = []

    def _see(self, answer: TestResponse, address: str) -> Walker:
        before = self.page
        super()._see(answer, address)
        if self.page != before:
            self._take_picture()
        return self

    def _take_picture(self) -> None:
        cookie = self.browser.get_cookie(COOKIE)
        assert cookie is not None
        self.tab.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
        self.tab.set_viewport_size({"width": 1080, "height": SCREEN_HEIGHT})
        self.tab.goto(self.address + self.answer.request.full_path.rstrip("?"))
        self.tab.evaluate("document.fonts.ready.then(() => true)")
        height = int(self.tab.evaluate("document.documentElement.scrollHeight"))
        self.tab.set_viewport_size({"width": 1080, "height": max(SCREEN_HEIGHT, height)})
        path = OUT / "page.png"
        self.tab.screenshot(path=path)
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((WIDTH, round(picture.height * WIDTH / picture.width)))
        path.unlink()
        self.pictures.append((self.at, small))
        self.tab.goto("about:blank")  # a page that waits for a card would take the card of the walk


def sheet_of(pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    """Draw pages in rows, each with its address above and a dashed line where the touchscreen ends."""
    rows = [pictures[at : at + ACROSS] for at in range(0, len(pictures), ACROSS)]
    heights = [max(picture.height for _, picture in row) + HEAD for row in rows]
    across = min(ACROSS, len(pictures))
    sheet = Image.new("RGB", (across * (WIDTH + MARGIN) + MARGIN, sum(heights) + MARGIN), "#777")
    pen = ImageDraw.Draw(sheet)
    top = 0
    edge = round(SCREEN_HEIGHT * WIDTH / 1080)
    for row, height in zip(rows, heights, strict=True):
        for at, (name, picture) in enumerate(row):
            x = MARGIN + at * (WIDTH + MARGIN)
            pen.text((x, top + 10), name, font=font("sans-600", 18), fill="white")
            sheet.paste(picture, (x, top + HEAD))
            if picture.height > edge + 1:
                for dash in range(x, x + WIDTH, 24):
                    pen.line((dash, top + HEAD + edge, dash + 12, top + HEAD + edge), fill="#d00", width=3)
        top += height
    return sheet


@contextmanager
def kiosk(office_printers: tuple[OfficePrinterSection, ...] = ()) -> Iterator[Flask]:
    """Make a practice kiosk in its own folder, at half past eight on a working day."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = load(ROOT / "kiosk.toml")
        config = replace(shipped, root=Path(folder), office_printers=office_printers).practising()
        app = create_app(config, FixedClock(AT))
        yield app
        app.extensions["context"].store.close()


def walk_case(walker: PictureWalker, code: str, *, lang: str, cards: bool) -> Image.Image:
    """Walk a typical case from its first page to the done page; return the sheet of its pages."""
    Walker.go(walker, "/easier")
    walker.fill(form="easier", lang=lang)
    walker.pictures.clear()
    Case(walker, code, cards=cards).walk()
    return sheet_of(walker.pictures)


def main(args: list[str]) -> None:
    """Write the sheets of the named procedures, or of all."""
    lang = "en" if "--en" in args else "vi"
    cards = "--by-hand" not in args
    codes = [arg for arg in args if not arg.startswith("--")] or sorted(CASES)
    OUT.mkdir(parents=True, exist_ok=True)
    with kiosk() as app, serving(app=app) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_context(**TOUCHSCREEN).new_page()  # type: ignore[arg-type]
        for code in codes:
            sheet = walk_case(PictureWalker(app, page, address), code, lang=lang, cards=cards)
            path = OUT / f"{code}-{lang}{'' if cards else '-by-hand'}.png"
            sheet.save(path, optimize=True)
            print(path.relative_to(ROOT), flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
