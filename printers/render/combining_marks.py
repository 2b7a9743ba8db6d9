"""Loose marks in PDF: letters of the Central Highlands such as ê̆ and ơ̆ have no single character.

reportlab does not shape text, so a loose mark would land wherever its glyph happens to lie. Here it is set by its ink:
in the middle of the letter, and above whatever the letter carries already.
"""

import unicodedata
from collections.abc import Iterator

from printers.render.pdf_fonts import text_width
from printers.render.pillow_fonts import font, pillow_lock
from printers.render.primitives import Face

GRID = 500  # dots an em, for measuring ink
ABOVE = 230  # Unicode's combining class
CLEAR = 0.03  # em between a letter and its mark


def place_marks(text: str, face: Face) -> Iterator[tuple[str, float, float]]:
    """The text in parts, each with its way to the right and up, in em."""
    start = 0
    pen = 0.0
    for at, letter in enumerate(text):
        if not unicodedata.combining(letter):
            continue
        if at > start:
            yield text[start:at], pen, 0
            pen += text_width(text[start:at], (face, 1))
        base = text[at - 1 : at]
        right, up = _offset(base, letter, face)
        yield letter, pen - text_width(base, (face, 1)) + right, up
        start = at + 1
    if text[start:]:
        yield text[start:], pen, 0


def _offset(base: str, mark: str, face: Face) -> tuple[float, float]:
    """How far a mark moves from the letter's own origin, in em."""
    letter = _ink(base, face)
    ink = _ink(mark, face)
    right = (letter[0] + letter[2] - ink[0] - ink[2]) / 2
    up = max(0.0, CLEAR * GRID - letter[1] + ink[3]) if unicodedata.combining(mark) == ABOVE else 0
    return right / GRID, up / GRID


def _ink(letter: str, face: Face) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a letter's ink around its origin; Pillow's own box reaches to the baseline."""
    with pillow_lock:
        mask, (left, top) = font(face, GRID).getmask2(letter or " ", mode="L", anchor="ls")
    box = mask.getbbox() or (0, 0, 0, 0)
    return left + box[0], top + box[1], left + box[2], top + box[3]
