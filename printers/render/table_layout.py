"""A ruled table in rows that never tear but for a monstrous cell; its head stands over it on every page.

A cell holds a person's words, or a line of the form with whatever stands in one.
"""

from printers import sheet as form_of
from printers.printable_text import add_no_break_spaces
from printers.render.line_breaking import widest_word, wrap
from printers.render.line_layout import MM, SheetMeasures, face_of, lay_line
from printers.render.pdf_fonts import CELL, FORM_BOLD, text_width
from printers.render.pieces import Column, Piece, paragraph, stack
from printers.render.primitives import Bar, LaidBlock, Mark, translate
from printers.sheet import Box, Cell, FormLine, FormText

HEAD = 1.08  # of the size of cells
PAD = 9.0  # points of a cell's width that stay white
THIN = 0.8  # points: the rules


def lay_grid(block: form_of.Grid, column: Column) -> list[Piece]:
    """The rows of a table, each with the head that stands over it again when it begins a page."""
    size = block.size or column.form.answer_size * 0.94
    widths = _widths(block, column.width, size)
    aligns = tuple(block.aligns) + ("left",) * (len(widths) - len(block.aligns))
    drawing = _Drawing(column.form, widths, size, block.min_row_height * MM)
    head = drawing.head(block.head, block.group_title)
    rows = [part for row in block.rows for part in drawing.torn(row)]
    pieces = [Piece(drawing.row(row, aligns, (CELL, size)), repeated_head=head) for row in rows]
    return [Piece(LaidBlock(3), keep_with_next=True), Piece(head, keep_with_next=True), *pieces, Piece(LaidBlock(5))]


def _widths(block: form_of.Grid, room: float, size: float) -> list[float]:
    """Columns by their shares, but none so narrow that a word of it is cut; the others pay for it."""
    least = [_least(column, size) for column in zip(block.head, *block.rows, strict=True)]
    if sum(least) >= room:
        return [low * room / sum(least) for low in least]
    wanted = [max(room * share / sum(block.shares) - low, 0) for share, low in zip(block.shares, least, strict=True)]
    return [low + (room - sum(least)) * want / sum(wanted) for low, want in zip(least, wanted, strict=True)]


def _least(column: tuple[Cell, ...], size: float) -> float:
    """The width of a column's widest word, its head's in bold."""
    head, *cells = column
    runs = [(add_no_break_spaces(str(head)), (FORM_BOLD, size * HEAD))]
    for cell in cells:
        runs += [(" " + add_no_break_spaces(text), style) for text, style in _styled(cell, size)]
    return widest_word(runs, text_width) + PAD


def _styled(cell: Cell, size: float) -> list[tuple[str, tuple[str, float]]]:
    if isinstance(cell, str):
        return [(cell, (CELL, size))]
    return [(part.text, (face_of(part), size * HEAD)) for part in cell.parts if isinstance(part, FormText)]


class _Drawing:
    """The measures of one table."""

    def __init__(self, form: SheetMeasures, widths: list[float], size: float, least: float) -> None:
        self._form = form
        self._widths = widths
        self._size = size
        self._least = least

    def torn(self, row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
        """A row as it is, or in parts where a cell is taller than half a page."""
        most = int(self._form.height / 2 / (self._size * 1.35))
        cells = [self._lines(cell, wide) for cell, wide in zip(row, self._widths, strict=True)]
        tall = max((len(cell) for cell in cells), default=0)
        if tall <= most:
            return [row]
        return [tuple(" ".join(cell[at : at + most]) for cell in cells) for at in range(0, tall, most)]

    def _lines(self, cell: Cell, wide: float) -> list[str]:
        """The words of a cell, a line each; when they are torn a line of the form becomes plain words."""
        words = (
            cell if isinstance(cell, str) else " ".join(part.text for part in cell.parts if not isinstance(part, Box))
        )
        lines = wrap([(words, (CELL, self._size))], wide - PAD, text_width)
        return ["".join(part.text for part in line.segments) for line in lines]

    def row(self, row: tuple[Cell, ...], aligns: tuple[str, ...], style: tuple[str, float]) -> LaidBlock:
        """Cells with their frame; the lower edge of one row is the upper one of the next."""
        cells = [
            self._cell(cell, wide - PAD, align, style)
            for cell, wide, align in zip(row, self._widths, aligns, strict=True)
        ]
        tall = max(*(cell.height for cell in cells), style[1] * 1.35, self._least) + 3
        whole = sum(self._widths)
        marks: list[Mark] = [
            Bar(x=0, y=0, width=whole, height=THIN),
            Bar(x=0, y=tall, width=whole, height=THIN),
            Bar(x=0, y=0, width=THIN, height=tall),
        ]
        x = 0.0
        for cell, wide in zip(cells, self._widths, strict=True):
            marks += translate(cell.marks, x + PAD / 2, (tall - cell.height) / 2)
            x += wide
            marks.append(Bar(x=x - THIN, y=0, width=THIN, height=tall + THIN))
        return LaidBlock(tall, tuple(marks))

    def head(self, titles: tuple[str, ...], over: tuple[str, int, int] | None) -> LaidBlock:
        """The heads of the columns; those under a common title stand below it, the others are as tall as both."""
        style = (FORM_BOLD, self._size * HEAD)
        if over is None:
            return self.row(titles, ("centre",) * len(titles), style)
        words, first, last = over
        upper = paragraph(words, style, sum(self._widths[first:last]) - PAD, leading=1.35)
        cells = [self._cell(one, wide - PAD, "centre", style) for one, wide in zip(titles, self._widths, strict=True)]
        above = upper.height + 3
        lower = max(cell.height for cell in cells[first:last]) + 3
        tall = max(above + lower, *(cell.height + 3 for cell in cells))
        whole = sum(self._widths)
        left = sum(self._widths[:first])
        marks: list[Mark] = [
            Bar(x=0, y=0, width=whole, height=THIN),
            Bar(x=0, y=tall, width=whole, height=THIN),
            Bar(x=0, y=0, width=THIN, height=tall),
        ]
        marks.append(Bar(x=left, y=above, width=sum(self._widths[first:last]), height=THIN))
        marks += translate(upper.marks, left + PAD / 2, 1.5)
        x = 0.0
        for at, (cell, wide) in enumerate(zip(cells, self._widths, strict=True)):
            top = above if first <= at < last else 0.0
            marks += translate(cell.marks, x + PAD / 2, top + (tall - top - cell.height) / 2)
            x += wide
            begins = above if first <= at < last - 1 else 0.0
            marks.append(Bar(x=x - THIN, y=begins, width=THIN, height=tall + THIN - begins))
        return LaidBlock(tall, tuple(marks))

    def _cell(self, cell: Cell, room: float, align: str, style: tuple[str, float]) -> LaidBlock:
        if isinstance(cell, FormLine):
            return stack(lay_line(cell, self._form, room, size=self._size * HEAD))
        return paragraph(cell, style, room, align=align, leading=1.35)
