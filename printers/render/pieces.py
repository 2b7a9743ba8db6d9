"""Pieces of a sheet: rows that no page break splits, and the paragraphs that most blocks need."""

from dataclasses import dataclass

from printers.printable_text import NO_BREAK, add_no_break_spaces
from printers.render.line_breaking import wrap, wrap_balanced
from printers.render.line_layout import SheetMeasures
from printers.render.pdf_fonts import text_width
from printers.render.primitives import LaidBlock, Mark, TextMark


@dataclass(frozen=True)
class Piece:
    """A row that no page break splits; `repeated_head` is drawn above it when it begins a page."""

    laid: LaidBlock
    keep_with_next: bool = False
    repeated_head: LaidBlock | None = None
    starts_page: bool = False


@dataclass(frozen=True)
class Column:
    """A column of blocks: the measures of the sheet and the available width."""

    measures: SheetMeasures
    width: float


def paragraph(
    text: str,
    style: tuple[str, float],
    available_width: float,
    *,
    align: str = "centre",
    leading: float = 1.28,
    balanced: bool = False,
) -> LaidBlock:
    """Return a paragraph of one style: headers, titles, cells; `balanced` lines have about the same length."""
    face, size = style
    step = size * leading
    lines = (wrap_balanced if balanced else wrap)([(add_no_break_spaces(text), style)], available_width, text_width)
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        x = {"centre": (available_width - line.width) / 2, "right": available_width - line.width}.get(align, 0)
        words = "".join(segment.text for segment in line.segments).replace(NO_BREAK, " ")
        y = number * step + 0.78 * step
        marks.append(TextMark(x=x, y=y, text=words, face=face, size=size, width=line.width))
    return LaidBlock(step * len(lines), tuple(marks))
