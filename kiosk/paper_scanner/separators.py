"""Separator sheets: sheets with a large QR code that an officer lays between the papers of a stack.

The code names the paper that follows it by the paper's id, and nothing of a case or person: a sheet serves every case
that has such a paper.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from kiosk.uploads import qr_reader

if TYPE_CHECKING:
    from PIL import Image

PREFIX = "NGAN1:"
"""Begin of the code: the word for separator and the version of the format."""
FAMILY = "NGAN"
MIN_SHARE = 0.25
"""Width of the code as a share of the page's width: codes on papers are smaller."""
LONG_EDGE = 1200
"""Pixels of the longer edge at which codes are read: A4 at 100 dpi, 10 pixels for a module."""
BLOCKS_ACROSS = 70
"""Blocks of a page's width: 3 mm of A4. A text page has no block that is dark all over."""
DARK_BLOCK = 110
MIN_DARK_BLOCKS = 12
"""Three corners of a code, each with a dark square of at least 2 x 2 blocks."""
Kind = Literal["paper", "separator", "foreign"]


class SheetCode(NamedTuple):
    """What the large code of a page says: a separator sheet and its paper's id, a foreign code, or a plain paper."""

    kind: Kind
    paper: str = ""


def code_of(paper: str) -> str:
    """Return the text of the code of the sheet that lies before a paper.

    Example:
        >>> code_of("giay_chung_sinh")
        'NGAN1:giay_chung_sinh'
    """
    return f"{PREFIX}{paper}"


def read(page: "Image.Image") -> SheetCode:
    """Return what the large code of a scanned page says.

    A sheet of another version is a separator of a paper that no case has. Pages without large dark squares are plain
    papers: reading one starts a process, 0.3 s.
    """
    grey = page.convert("L")
    grey.thumbnail((LONG_EDGE, LONG_EDGE))
    if not _has_dark_squares(grey):
        return SheetCode("paper")
    codes = qr_reader.codes_of(grey.width, grey.height, grey.tobytes())
    return _meaning(code.text for code in codes if code.share >= MIN_SHARE)


def _has_dark_squares(grey: "Image.Image") -> bool:
    from PIL.Image import Resampling  # imported late: it would delay each start

    blocks = grey.resize((BLOCKS_ACROSS, BLOCKS_ACROSS * grey.height // grey.width), Resampling.BOX)
    return sum(blocks.histogram()[:DARK_BLOCK]) >= MIN_DARK_BLOCKS


def _meaning(texts: Iterable[str]) -> SheetCode:
    found = SheetCode("paper")
    for text in texts:
        if text.startswith(FAMILY):
            return SheetCode("separator", text.removeprefix(PREFIX))
        found = SheetCode("foreign")
    return found
