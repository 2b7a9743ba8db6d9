"""A contact sheet of all pages of each walk: `python -m tests.browser.walks [CODE ...] [--en] [--by-hand]`.

The typical case of a procedure is walked in process; every page that it sees is opened in Chromium beside it, in the
same session and as tall as it is. build/walks holds a sheet a procedure: pages as they come, the line of the dashed
edge is where the glass ends. They are for the eye; what pages must measure is tested elsewhere.
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
from printers.render.pillow_fonts import font
from tests.browser.conftest import ARGS, CHROMIUM, GLASS
from tests.journeys.typical import CASES, Case
from tests.journeys.walker import Walker
from tests.look.gallery import serving

OUT = ROOT / "build" / "walks"
AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
ACROSS = 5
WIDE = 540
MARGIN = 16
HEAD = 40
GLASS_HIGH = 1920
COOKIE = "kiosk_tap"


class Watched(Walker):
    """A walker whose every page is also opened in a browser, and taken as a picture."""

    def __init__(self, app: Flask, page: Page, address: str) -> None:
        super().__init__(app)
        self.glass = page
        self.address = address
        self.taken: list[tuple[str, Image.Image]] = []

    def _see(self, answer: TestResponse, address: str) -> Walker:
        before = self.page
        super()._see(answer, address)
        if self.page != before:
            self._take()
        return self

    def _take(self) -> None:
        cookie = self.browser.get_cookie(COOKIE)
        assert cookie is not None
        self.glass.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
        self.glass.set_viewport_size({"width": 1080, "height": GLASS_HIGH})
        self.glass.goto(self.address + self.answer.request.full_path.rstrip("?"))
        self.glass.evaluate("document.fonts.ready.then(() => true)")
        tall = int(self.glass.evaluate("document.documentElement.scrollHeight"))
        self.glass.set_viewport_size({"width": 1080, "height": max(GLASS_HIGH, tall)})
        path = OUT / "page.png"
        self.glass.screenshot(path=path)
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((WIDE, round(picture.height * WIDE / picture.width)))
        path.unlink()
        self.taken.append((self.at, small))
        self.glass.goto("about:blank")  # a page that waits for a card would take it from the walk


def sheet_of(taken: list[tuple[str, Image.Image]]) -> Image.Image:
    """Pages in rows, each with its address above and a dashed line where the glass ends."""
    rows = [taken[at : at + ACROSS] for at in range(0, len(taken), ACROSS)]
    highs = [max(picture.height for _, picture in row) + HEAD for row in rows]
    across = min(ACROSS, len(taken))
    out = Image.new("RGB", (across * (WIDE + MARGIN) + MARGIN, sum(highs) + MARGIN), "#777")
    pen = ImageDraw.Draw(out)
    top = 0
    edge = round(GLASS_HIGH * WIDE / 1080)
    for row, high in zip(rows, highs, strict=True):
        for at, (name, picture) in enumerate(row):
            x = MARGIN + at * (WIDE + MARGIN)
            pen.text((x, top + 10), name, font=font("sans-600", 18), fill="white")
            out.paste(picture, (x, top + HEAD))
            if picture.height > edge + 1:
                for dash in range(x, x + WIDE, 24):
                    pen.line((dash, top + HEAD + edge, dash + 12, top + HEAD + edge), fill="#d00", width=3)
        top += high
    return out


@contextmanager
def kiosk() -> Iterator[Flask]:
    """A practice kiosk in a folder of its own, at half past eight on a working day."""
    with tempfile.TemporaryDirectory() as folder:
        config = replace(load(ROOT / "kiosk.toml"), root=Path(folder)).practising()
        app = create_app(config, FixedClock(AT))
        yield app
        app.extensions["context"].store.close()


def walked(app: Flask, page: Page, address: str, code: str, *, lang: str, cards: bool) -> Image.Image:
    """Walk a typical case from its first page to the done page; return the sheet of its pages."""
    walker = Watched(app, page, address)
    Walker.go(walker, "/easier")
    walker.fill(form="easier", lang=lang)
    walker.taken.clear()
    Case(walker, code, cards=cards).walk()
    return sheet_of(walker.taken)


def main(asked: list[str]) -> None:
    """Write the sheets of the procedures that are asked for, or of all."""
    lang = "en" if "--en" in asked else "vi"
    cards = "--by-hand" not in asked
    codes = [one for one in asked if not one.startswith("--")] or sorted(CASES)
    OUT.mkdir(parents=True, exist_ok=True)
    with kiosk() as app, serving(app=app) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_context(**GLASS).new_page()  # type: ignore[arg-type]
        for code in codes:
            sheet = walked(app, page, address, code, lang=lang, cards=cards)
            path = OUT / f"{code}-{lang}{'' if cards else '-by-hand'}.png"
            sheet.save(path, optimize=True)
            print(path.relative_to(ROOT), flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
