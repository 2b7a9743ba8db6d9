"""What the blocks of a sheet are laid out as, and the paragraphs that most of them need."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from printers.printable_text import NO_BREAK, add_no_break_spaces
from printers.render.line_breaking import wrap_balanced, wrap
from printers.render.line_layout import SheetMeasures
from printers.render.pdf_fonts import text_width
from printers.render.primitives import TextMark, LaidBlock, Mark, translate


@dataclass(frozen=True)
class Piece:
    """A row that never tears; `stays` with the next; `head` stands over it again when it begins a page."""

    laid: LaidBlock
    keep_with_next: bool = False
    repeated_head: LaidBlock | None = None
    starts_page: bool = False


@dataclass(frozen=True)
class Column:
    """Where blocks flow: the form's measures and the width at hand."""

    form: SheetMeasures
    width: float


def place_below(upper: LaidBlock, lower: LaidBlock) -> LaidBlock:
    """One over the other."""
    return LaidBlock(upper.height + lower.height, (*upper.marks, *translate(lower.marks, 0, upper.height)))


def stack(laid: Iterable[LaidBlock]) -> LaidBlock:
    """All one over the other."""
    return reduce(place_below, laid, LaidBlock(0))


def paragraph(
    text: str,
    style: tuple[str, float],
    room: float,
    *,
    align: str = "centre",
    leading: float = 1.28,
    balanced: bool = False,
) -> LaidBlock:
    """A paragraph of one style: headers, titles, cells; `even`: its lines are about as long."""
    step = style[1] * leading
    marks: list[Mark] = []
    lines = (balanced if balanced else wrap)([(add_no_break_spaces(text), style)], room, text_width)
    for number, line in enumerate(lines):
        x = {"centre": (room - line.width) / 2, "right": room - line.width}.get(align, 0)
        words = "".join(part.text for part in line.segments).replace(NO_BREAK, " ")
        marks.append(TextMark(x, number * step + 0.78 * step, words, *style, line.width))
    return LaidBlock(step * len(lines), tuple(marks))
