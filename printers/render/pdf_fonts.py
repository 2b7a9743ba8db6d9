"""Fonts for paper as reportlab measures and embeds them.

reportlab identifies a font by its PostScript name and knows no weight axis: each font is a file with a name of its own.
"""

from functools import cache

from printers.render.pillow_fonts import FOLDER, pillow_lock
from printers.render.primitives import Face

FORM: Face = "serif-regular"
FORM_BOLD: Face = "serif-bold"
FORM_ITALIC: Face = "serif-italic"
ANSWER: Face = "sans-600"
CELL: Face = "sans-560"
PLAIN: Face = "sans-430"
STRONG: Face = "sans-780"


@cache
def register(face: Face) -> Face:
    """Register a font with reportlab and return its name."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    with pillow_lock:
        registerFont(TTFont(face, str(FOLDER / f"{face}.ttf")))
    return face


def text_width(text: str, style: tuple[Face, float]) -> float:
    """Return the width of a text in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    face, size = style
    width: float = stringWidth(text, register(face), size)
    return width
