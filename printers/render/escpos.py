"""Pictures as ESC/POS: only raster bands.

Text mode is not used: printers lack our letters, and a control byte in a name would be a command. The commands are
those of python-escpos (`escpos_commands`); the rows of a picture are ours (docs/decisions/0047). The stream never has
DLE EOT, DLE ENQ or DLE DC4: a printer obeys those at once, even inside a picture.
"""

import re
from collections.abc import Iterable, Iterator

from PIL import Image

from printers import escpos_commands
from printers.settings import PrinterSettings

BLANK_RUN = 4  # from so many white rows on: a band one byte wide, exact on every printer, unlike ESC J
_REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def encode(pictures: Iterable[Image.Image], settings: PrinterSettings) -> bytes:
    """Return the bytes that print pictures (mode "1", black on white), each fed past the cutter and cut."""
    stream = bytearray(escpos_commands.INIT)
    for picture in pictures:
        for band in _bands(picture, settings.band_rows):
            stream += band
        for rows in _split(settings.feed, settings.band_rows):
            stream += _band(bytes(rows), 1, rows)
        if settings.cutter:
            stream += escpos_commands.CUT
    return bytes(stream)


def recovery_bytes(settings: PrinterSettings, *, is_torn: bool) -> bytes:
    """Return the bytes after which a printer that waits in the middle of a band accepts commands again.

    It takes these NULs for the rest of the band's header and for the missing rows; in text mode NUL does nothing.
    `is_torn`: half a paper is out, and is cut off before the next one.
    """
    missing_rows = bytes(escpos_commands.BAND_HEADER + settings.band_rows * ((settings.dots + 7) // 8))
    return missing_rows + (encode((Image.new("1", (8, 1), 1),), settings) if is_torn else b"")


def _band(rows: bytes, row_bytes: int, count: int) -> bytes:
    """Return GS v 0 with `count` rows of `row_bytes` bytes each."""
    return escpos_commands.raster_header(row_bytes, count) + _REAL_TIME.sub(_disarm, rows)


def _disarm(match: re.Match[bytes]) -> bytes:
    """Return the two bytes with one more black dot, so that they are no command."""
    return bytes((match[0][0], match[0][1] | 0x08))


def _bands(picture: Image.Image, band_rows: int) -> Iterator[bytes]:
    """Yield the bands of a picture from top to bottom, each as wide as its ink; blank ones are one byte wide."""
    row_bytes = (picture.width + 7) // 8
    dark = picture.convert("L").point([1] * 128 + [0] * 128, "1")
    data = dark.tobytes()
    for top, bottom, is_blank in _stretches(data, row_bytes, picture.height):
        at = top
        for rows in _split(bottom - top, band_rows):
            box = None if is_blank else dark.crop((0, at, picture.width, at + rows)).getbbox()
            band_bytes = (box[2] + 7) // 8 if box else 1
            yield _band(dark.crop((0, at, band_bytes * 8, at + rows)).tobytes(), band_bytes, rows)
            at += rows


def _stretches(data: bytes, row_bytes: int, height: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the inked and the long blank stretches of rows: first, end, whether blank."""
    empty = bytes(row_bytes)
    blank = [data[row * row_bytes : (row + 1) * row_bytes] == empty for row in range(height)]
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


def _split(total: int, limit: int) -> Iterator[int]:
    """Yield a number of rows in parts of at most `limit`."""
    while total > 0:
        yield min(total, limit)
        total -= limit
