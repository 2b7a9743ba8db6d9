"""Screen size: the pixels of a touchscreen and the diagonal of its glass; pages are measured in millimetres of it."""

import math
from dataclasses import dataclass

LOW_GLASS = 150
"""Height in millimetres up to which a page has the layout of a screen of 10 inches in landscape."""


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
    def is_low(self) -> bool:
        """Whether a keyboard leaves room for one question only."""
        return self.height <= LOW_GLASS * self.pixels_per_mm
