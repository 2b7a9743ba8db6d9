"""Pictures as ESC/POS: raster bands, nothing else.

No text mode: printers lack our letters, and a control byte in a name would be a command. The layout and the stream are
ours, python-escpos names the commands; its own `image()` overflows a length and its `text()` re-encodes. The stream
holds no DLE EOT, DLE ENQ or DLE DC4: a printer obeys those at once, even inside a picture.
"""

import re
from collections.abc import Iterable, Iterator

from PIL import Image

from printers.settings import PrinterSettings

BLANK_RUN = 4  # this many white rows or more go as a band one byte wide: exact on every printer, unlike ESC J
_REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def encode(pictures: Iterable[Image.Image], settings: PrinterSettings) -> bytes:
    """The bytes that print some pictures (mode "1", black on white), each fed past the cutter and cut."""
    from escpos.constants import HW_INIT, PAPER_PART_CUT

    stream = bytearray(HW_INIT)
    for picture in pictures:
        for band in _bands(picture, settings.band_rows):
            stream += band
        for rows in _split(settings.feed, settings.band_rows):
            stream += _band(bytes(rows), 1, rows)
        if settings.cutter:
            stream += PAPER_PART_CUT
    return bytes(stream)


def recovery_bytes(settings: PrinterSettings, *, torn: bool) -> bytes:
    """What brings a printer back that was left in the middle of a band: it takes these NULs for the missing rows.

    In text mode NUL is nothing. `torn`: half a paper hangs out, and is cut off before the next one.
    """
    nothing = bytes(settings.band_rows * ((settings.dots + 7) // 8))
    return nothing + (encode((Image.new("1", (8, 1), 1),), settings) if torn else b"")


def _band(rows: bytes, row_bytes: int, count: int) -> bytes:
    """GS v 0: `count` rows of `row_bytes` bytes each."""
    header = b"\x1dv0\x00" + row_bytes.to_bytes(2, "little") + count.to_bytes(2, "little")
    return header + _REAL_TIME.sub(_flipped, rows)


def _flipped(found: re.Match[bytes]) -> bytes:
    """The same two bytes with one more black dot, which makes them no command."""
    return bytes((found[0][0], found[0][1] | 0x08))


def _bands(picture: Image.Image, band_rows: int) -> Iterator[bytes]:
    """The picture from top to bottom, each band only as wide as its ink; blank ones are one byte wide."""
    width = (picture.width + 7) // 8
    dark = picture.convert("L").point([1] * 128 + [0] * 128, "1")
    data = dark.tobytes()
    for top, bottom, is_blank in _stretches(data, width, picture.height):
        at = top
        for rows in _split(bottom - top, band_rows):
            box = None if is_blank else dark.crop((0, at, picture.width, at + rows)).getbbox()
            wide = (box[2] + 7) // 8 if box else 1
            yield _band(dark.crop((0, at, wide * 8, at + rows)).tobytes(), wide, rows)
            at += rows


def _stretches(data: bytes, width: int, height: int) -> Iterator[tuple[int, int, bool]]:
    """The picture's rows as inked and long blank stretches: from, to, whether blank."""
    empty = bytes(width)
    blank = [data[row * width : (row + 1) * width] == empty for row in range(height)]
    start = row = 0
    while row < height:
        end = row
        while end < height and blank[end]:
            end += 1
        if end - row >= BLANK_RUN:
            if row > start:
                yield start, row, False
            yield row, end, True
            start = end
        row = max(end, row + 1)
    if start < height:
        yield start, height, False


def _split(total: int, most: int) -> Iterator[int]:
    """A number of rows in parts of at most `most`."""
    while total > 0:
        yield min(total, most)
        total -= most
