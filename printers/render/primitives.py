"""Marks of a laid-out page: texts, bars, lines and codes at fixed places, the same for picture and PDF.

Places are measured from the top left, downwards, in the unit of the layout (dots on thermal paper, points on sheets). A
renderer must not move a mark: the output has what the layout measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

Face = str  # a font: the name of a file in printers/fonts, without its ending


@dataclass(frozen=True)
class TextMark:
    """Words on a baseline; `width` as measured, so that renderers with other kerning keep the edges.

    `darkness`: that of a picture, where it is not the printer's.
    """

    x: float
    y: float
    text: str
    face: Face
    size: float
    width: float
    darkness: int | None = None


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    x: float
    y: float
    points: tuple[tuple[float, float], ...]
    thickness: float


@dataclass(frozen=True)
class DottedLine:
    """A dotted line to write on."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Modules:
    """A code: rows of 0 and 1."""

    x: float
    y: float
    rows: tuple[bytes, ...]
    module_width: float
    module_height: float


@dataclass(frozen=True)
class PictureMark:
    """A picture as PNG bytes."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


Mark = TextMark | Bar | Stroke | DottedLine | Modules | PictureMark


@dataclass(frozen=True)
class LaidBlock:
    """A block after layout: its height and its marks."""

    height: float
    marks: tuple[Mark, ...] = ()

    def with_space_above(self, height: float) -> "LaidBlock":
        """Return the block with empty space above it."""
        return LaidBlock(self.height + height, translate(self.marks, 0, height))


def translate(marks: tuple[Mark, ...], right: float, down: float) -> tuple[Mark, ...]:
    """Return the same marks at another place."""
    return tuple(replace(mark, x=mark.x + right, y=mark.y + down) for mark in marks)


def place_below(upper: LaidBlock, lower: LaidBlock) -> LaidBlock:
    """Return two blocks as one, the second below the first."""
    return LaidBlock(upper.height + lower.height, (*upper.marks, *translate(lower.marks, 0, upper.height)))


def stack(blocks: Iterable[LaidBlock]) -> LaidBlock:
    """Return blocks as one, each below the one before."""
    return reduce(place_below, blocks, LaidBlock(0))


@dataclass(frozen=True)
class Page:
    """A page of marks."""

    width: float
    height: float
    marks: tuple[Mark, ...]
