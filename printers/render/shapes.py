"""The drawn shapes of paper as lines through points: the bridge, the scooped frame, boxes and ticks.

No line is thinner than two dots at 203 dpi, nothing is grey: a thermal head knows neither.
"""

from math import cos, pi, sin

from printers.render.primitives import Bar, Mark, Stroke

SPANS = 6
WATER = ((0.075, 0.205), (0.355, 0.579), (0.746, 0.851))  # the three ripples, as shares of the deck


def bridge(x: float, y: float, width: float) -> tuple[float, tuple[Mark, ...]]:
    """The height and the marks of six spans over the water; made for a deck of 536 dots."""
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
        for start, end in WATER
    )
    return deck + 14 * unit, (*arches, Bar(x=x, y=y + deck, width=width, height=6 * unit), *ripples)


def _arch(span: float, rise: float) -> tuple[tuple[float, float], ...]:
    """A parabola from deck to deck."""
    steps = 24
    return tuple((span * i / steps, rise * (1 - 4 * (i / steps) * (1 - i / steps))) for i in range(steps + 1))


def scooped_frame(x: float, y: float, width: float, height: float, thick: float) -> Stroke:
    """A frame whose corners are scooped out, like a lacquer board's."""
    half = thick / 2
    scoop = 4 * thick
    corners = (
        (half, half, 0),
        (width - half, half, 90),
        (width - half, height - half, 180),
        (half, height - half, 270),
    )
    points = [point for left, top, turn in corners for point in _scoop(left, top, scoop, turn)]
    return Stroke(x=x, y=y, points=(*points, points[0]), thickness=thick)


def _scoop(left: float, top: float, radius: float, turn: int) -> list[tuple[float, float]]:
    """A quarter circle around the corner itself, walked so that the frame goes on clockwise."""
    angles = [(turn + 90 - 90 * i / 8) * pi / 180 for i in range(9)]
    return [(left + radius * cos(angle), top + radius * sin(angle)) for angle in angles]


def frame(x: float, y: float, width: float, height: float, thick: float) -> tuple[Bar, ...]:
    """A square frame."""
    return (
        Bar(x=x, y=y, width=width, height=thick),
        Bar(x=x, y=y + height - thick, width=width, height=thick),
        Bar(x=x, y=y, width=thick, height=height),
        Bar(x=x + width - thick, y=y, width=thick, height=height),
    )


def check_box(x: float, y: float, side: float, thick: float, *, ticked: bool) -> tuple[Mark, ...]:
    """A box to tick, empty or ticked."""
    edges = frame(x, y, side, side, thick)
    if not ticked:
        return edges
    tick = ((0.2 * side, 0.52 * side), (0.42 * side, 0.74 * side), (0.82 * side, 0.26 * side))
    return (*edges, Stroke(x=x, y=y, points=tick, thickness=1.3 * thick))
