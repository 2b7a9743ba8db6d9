"""Quality of a photographed page: too dark, glare, blurred, or too few pixels for its letters.

Only tiles with ink are judged for sharpness, so an empty back page is never called blurred.
"""

from typing import TYPE_CHECKING, Literal

from kiosk.uploads.pixels import Picture

if TYPE_CHECKING:
    from PIL import Image

Flaw = Literal["", "dark", "glare", "blurred", "small"]
LONG_EDGE = 1200
"""Pixels of the longer edge at which a page is measured: A4 at 100 dpi."""
TILES_ALONG = 24
DARK_LEVEL = 90
"""Brightness of paper, of 255, below which grey letters can no longer be told from it."""
BURNT_LEVEL = 252
BURNT_SHARE = 0.9
"""A tile is burnt when so much of it is at `BURNT_LEVEL`: no letter is left in it."""
GLARE_SHARE = 0.02
INK_RANGE = 60
"""Difference of brightness within a tile that has letters or lines."""
MIN_SHARPNESS = 0.12
"""Deviation of the Laplacian within a tile with ink, as a share of its range of brightness."""
LONG_MM = 297.0
CARD_LONG_MM = 85.6
CARD_RATIOS = (1.5, 1.7)
"""Long by short edge of a card (ISO/IEC 7810, ID-1: 1.586); A4 and A5 have 1.414."""
MIN_PIXELS_PER_MM = 2.9
"""A letter of 2 mm has 6 pixels, the least that a person reads without guessing."""


def flaw_of(picture: Picture) -> Flaw:
    """Return the worst flaw of a photographed page; empty: none."""
    from PIL import Image, ImageFilter, ImageStat  # imported late: it would delay each start

    page = Image.frombytes("RGB", (picture.width, picture.height), picture.colours).convert("L")
    if _pixels_per_mm(page) < MIN_PIXELS_PER_MM:
        return "small"
    page.thumbnail((LONG_EDGE, LONG_EDGE))
    laplacian = page.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    boxes = _tiles(page)
    tiles = [page.crop(box) for box in boxes]
    levels = sorted(ImageStat.Stat(tile).median[0] for tile in tiles)
    if levels[len(levels) * 3 // 4] < DARK_LEVEL:
        return "dark"
    burnt = sum(_burnt_share(tile) > BURNT_SHARE for tile in tiles)
    if burnt > GLARE_SHARE * len(tiles):
        return "glare"
    sharpness = []
    for box, tile in zip(boxes, tiles, strict=True):
        low, high = tile.getextrema()
        span = float(high) - float(low)  # type: ignore[arg-type] # of one band
        if span > INK_RANGE:
            sharpness.append(ImageStat.Stat(laplacian.crop(box)).stddev[0] / span)
    sharpness.sort()
    is_blurred = bool(sharpness) and sharpness[len(sharpness) * 3 // 4] < MIN_SHARPNESS
    return "blurred" if is_blurred else ""


def _pixels_per_mm(page: "Image.Image") -> float:
    """Return the pixels of a millimetre, if the page is as long as A4, or as a card where it has its shape."""
    long = max(page.size)
    short = min(page.size)
    low, high = CARD_RATIOS
    return long / (CARD_LONG_MM if low < long / short < high else LONG_MM)


def _tiles(page: "Image.Image") -> list[tuple[int, int, int, int]]:
    """Return the boxes of the tiles of a page, without the outermost ones, where its edge may be."""
    edge = max(1, max(page.size) // TILES_ALONG)
    columns = range(1, max(2, page.width // edge - 1))
    rows = range(1, max(2, page.height // edge - 1))
    return [(x * edge, y * edge, (x + 1) * edge, (y + 1) * edge) for y in rows for x in columns]


def _burnt_share(tile: "Image.Image") -> float:
    histogram = tile.histogram()
    return sum(histogram[BURNT_LEVEL:]) / max(1, sum(histogram))
