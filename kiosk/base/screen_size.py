"""Screen size: the pixels of a touchscreen and the diagonal of its glass; pages are measured in millimetres of it."""

import math
from dataclasses import dataclass

LOW_GLASS = 150
"""Height in millimetres up to which a page has the layout of a screen of 10 inches in landscape."""

PORTRAIT_WIDTH = 195
"""Width in millimetres of the portrait glass for which pages are drawn: 15.6 inches."""
MOST_GROWTH = 1.25
"""At 1.37 the pages of a glass of 21.5 inches were those of 15.6 inches, where the start page in practice scrolls."""


@dataclass(frozen=True)
class ScreenSize:
    """Width and height in CSS pixels, diagonal in millimetres."""

    width: int
    height: int
    mm: int

    @property
    def pixels_per_mm(self) -> float:
        """CSS pixels in a millimetre of the glass."""
        return math.hypot(self.width, self.height) / self.mm

    @property
    def page_millimetre(self) -> float:
        """CSS pixels that a page takes for a millimetre: on a wider portrait glass letters, keys and spaces grow."""
        growth = self.width / self.pixels_per_mm / PORTRAIT_WIDTH if self.height > self.width else 1
        return self.pixels_per_mm * min(max(growth, 1), MOST_GROWTH)

    @property
    def is_low(self) -> bool:
        """Whether a keyboard leaves room for one question only."""
        return self.height <= LOW_GLASS * self.pixels_per_mm
