"""Screen size: the pixels of a touchscreen and the diagonal of its glass; pages are measured in millimetres of it."""

import math
from dataclasses import dataclass


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
