"""A page as the scanner gives it (PNM), made the page of a PDF; whether it is blank."""

import re
from typing import TYPE_CHECKING, NamedTuple

from kiosk.paper_scanner import separators
from kiosk.paper_scanner.separators import SheetCode
from kiosk.uploads import encoding
from kiosk.uploads.encoding import Page
from kiosk.uploads.limits import MAX_PAGES, MAX_REDRAWN_BYTES, PAGE_DPI

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 40_000_000
"""A4 at 600 dpi has 35 million."""
MAX_HEAD_BYTES = 400
MARGIN = 0.03
"""Share of the width and height at each edge that is not looked at: shadows of the edges, holes of a folder."""
DARKER = 40
"""A dot of ink is darker than the paper by this much of 255; the text of the other side, shining through, is not."""
DARKEST_PAPER = 100
"""Of 255; a darker page is a picture, or the lid."""
MAX_INK = 0.0001
"""Share of such dots on a blank page: 6 mm² of A4."""
_HEAD = re.compile(rb"(P[56])\s+(?:#[^\n]*\n\s*)*(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s")


class ScannedPage(NamedTuple):
    """A page as it is kept; whether it has no ink; what its large code says."""

    page: Page
    is_blank: bool
    code: SheetCode = SheetCode("paper")
    separator: str = ""
    """The paper that the separator sheet before it names; empty: none lies before it."""


class BadPage(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """The scanner gave something else than a page in grey or colours of 8 bits."""


def read_page(pnm: bytes, dpi: int, *, is_sorted: bool = False) -> ScannedPage:
    """Return a page of the scanner as it is kept: JPEG of at most `PAGE_DPI`, with its paper size.

    Args:
        is_sorted: separator sheets are looked for.

    Raises:
        BadPage: it is no PNM of 8 bits (netpbm's P5, P6), or too large.
    """
    image = _image(pnm)
    points = (image.width * 72 / dpi, image.height * 72 / dpi)
    if dpi > PAGE_DPI:
        image = image.resize((max(1, image.width * PAGE_DPI // dpi), max(1, image.height * PAGE_DPI // dpi)))
    try:
        page = encoding.encode_page(image, points, limit=MAX_REDRAWN_BYTES // MAX_PAGES)
    except encoding.TooLarge as cause:
        raise BadPage from cause
    is_blank = _is_blank(image)
    code = separators.read(image) if is_sorted and not is_blank else SheetCode("paper")
    return ScannedPage(page=page, is_blank=is_blank, code=code)


def _is_blank(image: "Image.Image") -> bool:
    """Whether a page has no ink: compared with its own paper, without its edges."""
    grey = image.convert("L")
    left = int(grey.width * MARGIN)
    top = int(grey.height * MARGIN)
    inner = grey.crop((left, top, grey.width - left, grey.height - top))
    histogram = inner.histogram()
    total = sum(histogram)
    paper = 0
    below = 0
    while below * 2 < total:
        below += histogram[paper]
        paper += 1
    return paper > DARKEST_PAPER and sum(histogram[: paper - DARKER]) <= total * MAX_INK


def _image(pnm: bytes) -> "Image.Image":
    from PIL import Image  # imported late: it would delay each start

    head = _HEAD.match(pnm[:MAX_HEAD_BYTES])
    if head is None or head[4] != b"255":
        raise BadPage
    width = int(head[2])
    height = int(head[3])
    mode, channels = ("L", 1) if head[1] == b"P5" else ("RGB", 3)
    dots = pnm[head.end() :]
    if not 0 < width * height <= MAX_PIXELS or len(dots) != width * height * channels:
        raise BadPage
    return Image.frombytes(mode, (width, height), dots)
