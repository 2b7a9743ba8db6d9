"""Drawn shapes of paper as lines through points: the bridge, the scooped frame, boxes and ticks.

No line is thinner than two dots at 203 dpi and nothing is grey: a thermal head can print neither.
"""

from math import cos, pi, sin

from printers.render.primitives import Bar, Mark, Stroke

SPANS = 6
RIPPLES = ((0.075, 0.205), (0.355, 0.579), (0.746, 0.851))  # of the water, as shares of the width


def bridge(x: float, y: float, width: float) -> tuple[float, tuple[Mark, ...]]:
    """Return the height and the marks of a bridge of six spans; the proportions are those of a width of 536 dots."""
    unit = width / 536
    span = (width - 14 * unit) / SPANS
    rise = 34 * unit
    deck = 36 * unit
    arches = tuple(
        Stroke(x=x + 7 * unit + number * span, y=y + 2 * unit, points=_arch(span, rise), thickness=4 * unit)
        for number in range(SPANS)
    )
    ripples = tuple(
        Bar(x=x + start * width, y=y + deck + 10 * unit, width=(end - start) * width, height=4 * unit)
        for start, end in RIPPLES
    )
    return deck + 14 * unit, (*arches, Bar(x=x, y=y + deck, width=width, height=6 * unit), *ripples)


def _arch(span: float, rise: float) -> tuple[tuple[float, float], ...]:
    """Return a parabola from deck to deck."""
    steps = 24
    return tuple((span * i / steps, rise * (1 - 4 * (i / steps) * (1 - i / steps))) for i in range(steps + 1))


def scooped_frame(x: float, y: float, *, width: float, height: float, thickness: float) -> Stroke:
    """Return a frame with scooped corners, like that of a lacquer board."""
    half = thickness / 2
    radius = 4 * thickness
    corners = (
        (half, half, 0),
        (width - half, half, 90),
        (width - half, height - half, 180),
        (half, height - half, 270),
    )
    points: list[tuple[float, float]] = []
    for left, top, turn in corners:
        points += _scoop(left, top, radius=radius, turn=turn)
    return Stroke(x=x, y=y, points=(*points, points[0]), thickness=thickness)


def _scoop(left: float, top: float, *, radius: float, turn: int) -> list[tuple[float, float]]:
    """Return a quarter circle around a corner; its points follow the frame clockwise."""
    angles = [(turn + 90 - 90 * i / 8) * pi / 180 for i in range(9)]
    return [(left + radius * cos(angle), top + radius * sin(angle)) for angle in angles]


def frame(x: float, y: float, *, width: float, height: float, thickness: float) -> tuple[Bar, ...]:
    """Return a frame with square corners."""
    return (
        Bar(x=x, y=y, width=width, height=thickness),
        Bar(x=x, y=y + height - thickness, width=width, height=thickness),
        Bar(x=x, y=y, width=thickness, height=height),
        Bar(x=x + width - thickness, y=y, width=thickness, height=height),
    )


def check_box(x: float, y: float, *, side: float, thickness: float, ticked: bool) -> tuple[Mark, ...]:
    """Return a check box, empty or ticked."""
    edges = frame(x, y, width=side, height=side, thickness=thickness)
    if not ticked:
        return edges
    tick = ((0.2 * side, 0.52 * side), (0.42 * side, 0.74 * side), (0.82 * side, 0.26 * side))
    return (*edges, Stroke(x=x, y=y, points=tick, thickness=1.3 * thickness))


def circle(x: float, y: float, *, side: float, thickness: float) -> Stroke:
    """Return a circle in a square."""
    half = (side - thickness) / 2
    angles = [2 * pi * i / 32 for i in range(33)]
    points = tuple((side / 2 + half * cos(angle), side / 2 + half * sin(angle)) for angle in angles)
    return Stroke(x=x, y=y, points=points, thickness=thickness)
