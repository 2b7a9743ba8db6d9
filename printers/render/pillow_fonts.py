"""Fonts for paper as Pillow draws and measures them.

Files of one weight each, not the variable font: reportlab ignores its axes, and both renderers must measure alike. Raqm
does kerning and the combining marks of the Central Highlands. Measured words are not cached: they are people's names.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from PIL import ImageFont

from printers.render.primitives import Face

FOLDER = Path(__file__).resolve().parents[1] / "fonts"
TEXT: Face = "sans-560"
STRONG: Face = "sans-780"
ASCENT = 1.069
DESCENT = 0.293  # em above and below the baseline that Noto Sans needs; Ẳ is 1.05 high
CAP_HEIGHT = 0.714  # em

pillow_lock = Lock()  # Pillow's fonts are not thread-safe


@lru_cache(maxsize=64)
def font(face: Face, px: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size in dots."""
    return ImageFont.truetype(str(FOLDER / f"{face}.ttf"), px)


def text_width(text: str, style: tuple[Face, int]) -> float:
    """Return the width of a text in dots."""
    face, px = style
    return font(face, px).getlength(text)
