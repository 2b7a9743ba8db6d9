"""What a laid-out page consists of: marks at fixed places, the same for picture and PDF.

Places are counted from the top left, downwards; the unit is the layout's own (dots on thermal paper, points on
sheets). A painter may not move a mark: what the layout measured is what appears.
"""

from dataclasses import dataclass, replace

Face = str  # the name of a file in printers/fonts, without its ending


@dataclass(frozen=True)
class Ink:
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
    thick: float


@dataclass(frozen=True)
class Dots:
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
    module: float
    tall: float


@dataclass(frozen=True)
class Photo:
    """A picture as PNG bytes."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


Mark = Ink | Bar | Stroke | Dots | Modules | Photo


@dataclass(frozen=True)
class Laid:
    """A block that found its place: how much height it took and its marks."""

    height: float
    marks: tuple[Mark, ...] = ()

    def down(self, by: float) -> "Laid":
        """The same, lower by some units and as much taller."""
        return Laid(self.height + by, moved(self.marks, 0, by))


def moved(marks: tuple[Mark, ...], right: float, down: float) -> tuple[Mark, ...]:
    """The same marks at another place."""
    return tuple(replace(mark, x=mark.x + right, y=mark.y + down) for mark in marks)


@dataclass(frozen=True)
class Page:
    """A page of marks."""

    width: float
    height: float
    marks: tuple[Mark, ...]
