"""What a laid-out page consists of: marks at fixed places, the same for picture and PDF.

Places are counted from the top left, downwards; the unit is the layout's own (dots on thermal paper, points on
sheets). A painter may not move a mark: what the layout measured is what appears.
"""

from dataclasses import dataclass, replace

Face = str  # the name of a file in printers/fonts, without its ending


@dataclass(frozen=True)
class TextMark:
    """Words on a baseline; `width` as measured, so that painters with other kerning still meet the edges."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    width: float


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
    """A code: rows of 0 and 1, each module `module` wide and `tall` high."""

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
    """A block that found its place: how much height it took and its marks."""

    height: float
    marks: tuple[Mark, ...] = ()

    def with_space_above(self, by: float) -> "LaidBlock":
        """The same, lower by some units and as much taller."""
        return LaidBlock(self.height + by, translate(self.marks, 0, by))


def translate(marks: tuple[Mark, ...], right: float, down: float) -> tuple[Mark, ...]:
    """The same marks at another place."""
    return tuple(replace(mark, x=mark.x + right, y=mark.y + down) for mark in marks)


@dataclass(frozen=True)
class Page:
    """A page of marks."""

    width: float
    height: float
    marks: tuple[Mark, ...]
