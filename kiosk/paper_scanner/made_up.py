"""The scanner of practice: a feeder with three made-up sheets, of which the first is written on both sides."""

import time
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from kiosk.base.release import ROOT
from kiosk.paper_scanner.sane import Ending, Source

if TYPE_CHECKING:
    from PIL import ImageDraw

DPI = 100
A4 = (827, 1169)
PAGE_SECONDS = 1.0
FONT = ROOT / "printers" / "fonts" / "sans-780.ttf"
TITLE = "GIẤY TẬP"
LINES = (22, 9, 18, 0, 24, 0)
"""Lines of each side; 0: a blank back."""


def scan(
    _device: str, source: Source, *, count: int, on_page: Callable[[bytes, int], object], is_stopped: Event
) -> Ending:
    """Give the sides of three made-up sheets, one a second, or one side from the glass; return how it ended."""
    sides = LINES[: 1 if source == "glass" else count]
    for number, lines in enumerate(sides, start=1):
        time.sleep(PAGE_SECONDS)
        on_page(_page(number, lines), DPI)
        if is_stopped.is_set():
            return "stopped"
    return "done"


def _page(number: int, lines: int) -> bytes:
    """Return a side as PNM in grey."""
    from PIL import Image, ImageDraw, ImageFont  # imported late: it would delay each start

    image = Image.new("L", A4, 248)
    if lines:
        pen = ImageDraw.Draw(image)
        pen.text((A4[0] // 2, 110), f"{TITLE} {number}", font=ImageFont.truetype(str(FONT), 44), fill=40, anchor="mm")
        _draw_lines(pen, lines)
    return b"P5 %d %d 255\n" % A4 + image.tobytes()


def _draw_lines(pen: "ImageDraw.ImageDraw", lines: int) -> None:
    for line in range(lines):
        top = 190 + 38 * line
        pen.rectangle((90, top, 560 + 29 * (line * 7 % 6), top + 11), fill=120)
