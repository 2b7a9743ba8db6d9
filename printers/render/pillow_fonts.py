"""The faces of paper, as Pillow draws and measures them.

Fixed faces, not the variable font: reportlab ignores its axes, and both renderers must measure alike. Raqm sets kerning
and the loose marks of the Central Highlands. Measured words are not kept: they are people's names.
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
DESCENT = 0.293  # em above and below the baseline that Noto Sans asks for; Ẳ rises to 1.05
CAP_HEIGHT = 0.714  # em

pillow_lock = Lock()  # Pillow's faces are not made for several threads


@lru_cache(maxsize=64)
def font(face: Face, px: int) -> ImageFont.FreeTypeFont:
    """A face at a size in dots."""
    return ImageFont.truetype(str(FOLDER / f"{face}.ttf"), px)


def text_width(text: str, style: tuple[Face, int]) -> float:
    """How wide some words are, in dots."""
    return font(*style).getlength(text)
