"""What the blocks of a sheet are laid out as, and the paragraphs that most of them need."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from printers.printable_text import NO_BREAK, unbroken
from printers.render.line_breaking import balanced, wrap
from printers.render.line_layout import Form
from printers.render.pdf_fonts import width
from printers.render.primitives import Ink, Laid, Mark, moved


@dataclass(frozen=True)
class Piece:
    """A row that never tears; `stays` with the next; `head` stands over it again when it begins a page."""

    laid: Laid
    stays: bool = False
    head: Laid | None = None
    breaks: bool = False


@dataclass(frozen=True)
class Column:
    """Where blocks flow: the form's measures and the width at hand."""

    form: Form
    room: float


def below(upper: Laid, lower: Laid) -> Laid:
    """One over the other."""
    return Laid(upper.height + lower.height, (*upper.marks, *moved(lower.marks, 0, upper.height)))


def stack(laid: Iterable[Laid]) -> Laid:
    """All one over the other."""
    return reduce(below, laid, Laid(0))


def paragraph(
    text: str,
    style: tuple[str, float],
    room: float,
    *,
    align: str = "centre",
    leading: float = 1.28,
    even: bool = False,
) -> Laid:
    """A paragraph of one style: headers, titles, cells; `even`: its lines are about as long."""
    step = style[1] * leading
    marks: list[Mark] = []
    lines = (balanced if even else wrap)([(unbroken(text), style)], room, width)
    for number, line in enumerate(lines):
        x = {"centre": (room - line.width) / 2, "right": room - line.width}.get(align, 0)
        words = "".join(part.text for part in line.segments).replace(NO_BREAK, " ")
        marks.append(Ink(x, number * step + 0.78 * step, words, *style, line.width))
    return Laid(step * len(lines), tuple(marks))
