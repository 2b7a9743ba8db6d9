"""Layout of a plot on paper: each bar below its label and value; what is late is hatched by thin strokes."""

from printers.render.line_layout import lay_line
from printers.render.pieces import Column, Piece
from printers.render.primitives import Bar, LaidBlock, Mark, stack
from printers.sheet import Bars, FormLine, FormText, LabelledBar

HEIGHT = 5.0
GAP = 3.5
STROKE = 0.9
PITCH = 2.4
"""Points: height of a bar, space below it, width and distance of the strokes of a hatched part."""
LABEL_SHARE = 0.72


def lay_bars(block: Bars, column: Column) -> list[Piece]:
    """Return a piece for each bar."""
    return [Piece(_lay_bar(bar, column)) for bar in block.bars]


def _lay_bar(bar: LabelledBar, column: Column) -> LaidBlock:
    label = stack(lay_line(FormLine((FormText(bar.label),)), column.measures, column.width * LABEL_SHARE))
    value = FormLine((FormText(bar.words, bold=True),), align="right")
    words = stack(lay_line(value, column.measures, column.width))
    top = max(label.height, words.height) + 1
    whole = column.width * bar.share
    solid = whole * (1 - bar.late)
    marks: list[Mark] = [*label.marks, *words.marks, Bar(x=0, y=top + HEIGHT, width=column.width, height=0.4)]
    if solid:
        marks.append(Bar(x=0, y=top, width=solid, height=HEIGHT))
    at = solid + PITCH - STROKE
    while at + STROKE <= whole:
        marks.append(Bar(x=at, y=top, width=STROKE, height=HEIGHT))
        at += PITCH
    return LaidBlock(top + HEIGHT + GAP, tuple(marks))
