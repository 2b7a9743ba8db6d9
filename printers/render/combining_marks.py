"""Combining marks in PDF: letters of the Central Highlands such as ê̆ and ơ̆ have no precomposed character.

reportlab does not shape text, so a combining mark would be drawn where its glyph happens to lie. Here its place is
computed from its ink: centred on the letter, and above the marks that the letter has already.
"""

import unicodedata
from collections.abc import Iterator

from printers.render.pdf_fonts import text_width
from printers.render.pillow_fonts import font, pillow_lock
from printers.render.primitives import Face

GRID = 500  # dots an em, for measuring ink
ABOVE = 230  # Unicode's combining class
CLEARANCE = 0.03  # em between a letter and its mark


def place_marks(text: str, face: Face) -> Iterator[tuple[str, float, float]]:
    """Yield the parts of a text, each with its offset to the right and upwards in em."""
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
    """Return how far a mark is moved from the letter's own origin, in em."""
    base_ink = _ink_box(base, face)
    mark_ink = _ink_box(mark, face)
    right = (base_ink[0] + base_ink[2] - mark_ink[0] - mark_ink[2]) / 2
    up = max(0.0, CLEARANCE * GRID - base_ink[1] + mark_ink[3]) if unicodedata.combining(mark) == ABOVE else 0
    return right / GRID, up / GRID


def _ink_box(letter: str, face: Face) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a letter's ink from its origin; Pillow's own box includes the baseline."""
    with pillow_lock:
        mask, (left, top) = font(face, GRID).getmask2(letter or " ", mode="L", anchor="ls")
    box = mask.getbbox() or (0, 0, 0, 0)
    return left + box[0], top + box[1], left + box[2], top + box[3]
