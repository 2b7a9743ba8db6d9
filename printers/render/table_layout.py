"""Layout of ruled tables: rows are split only when a cell is taller than half a page; each page repeats the head.

A cell has an answer, or a line of the form.
"""

from printers import sheet as form_of
from printers.printable_text import add_no_break_spaces
from printers.render.line_breaking import widest_word, wrap
from printers.render.line_layout import MM, SheetMeasures, face_of, lay_line
from printers.render.pdf_fonts import CELL, FORM_BOLD, text_width
from printers.render.pieces import Column, Piece, paragraph
from printers.render.primitives import Bar, LaidBlock, Mark, TextMark, place_below, stack, translate
from printers.sheet import Box, Cell, FormLine, FormText

HEAD = 1.08  # of the size of cells
PADDING = 9.0  # points of a cell's width that stay white
RULE = 0.8  # points
LEADING = 1.35
STRIKE_HEIGHT = 0.28  # of the size of the words, above their baseline


def lay_grid(block: form_of.Grid, column: Column) -> list[Piece]:
    """Return the rows of a table as pieces, each with the head to repeat when it begins a page."""
    size = block.size or column.measures.answer_size * 0.94
    widths = _column_widths(block, column.width, size)
    aligns = tuple(block.aligns) + ("left",) * (len(widths) - len(block.aligns))
    min_row_height = block.min_row_height * MM
    layout = _GridLayout(measures=column.measures, widths=widths, size=size, min_row_height=min_row_height)
    head = layout.head(block.head, block.group_title)
    pieces = [Piece(LaidBlock(3), keep_with_next=True), Piece(head, keep_with_next=True)]
    for number, row in enumerate(block.rows):
        repeated = head
        if block.carried:
            repeated = place_below(head, layout.row(block.carried[number], aligns, (CELL, size)))
        for part in layout.split_row(row):
            laid = layout.row(part, aligns, (CELL, size))
            pieces.append(Piece(_strike(laid) if number in block.struck else laid, repeated_head=repeated))
    return [*pieces, Piece(LaidBlock(5))]


def _strike(row: LaidBlock) -> LaidBlock:
    """Return a row whose words are struck through; they stay readable."""
    lines = tuple(
        Bar(x=mark.x, y=mark.y - STRIKE_HEIGHT * mark.size, width=mark.width, height=RULE)
        for mark in row.marks
        if isinstance(mark, TextMark) and mark.text.strip()
    )
    return LaidBlock(row.height, (*row.marks, *lines))


def _column_widths(block: form_of.Grid, available_width: float, size: float) -> list[float]:
    """Return the widths by the shares; a column that would cut a word is wider, and the others are narrower."""
    least = [_least_width(column, size) for column in zip(block.head, *block.rows, strict=True)]
    if sum(least) >= available_width:
        return [low * available_width / sum(least) for low in least]
    wanted = [
        max(available_width * share / sum(block.shares) - low, 0)
        for share, low in zip(block.shares, least, strict=True)
    ]
    free = available_width - sum(least)
    return [low + free * want / sum(wanted) for low, want in zip(least, wanted, strict=True)]


def _least_width(column: tuple[Cell, ...], size: float) -> float:
    """Return the width of a column's widest word; that of its head is bold."""
    head, *cells = column
    runs = [(add_no_break_spaces(str(head)), (FORM_BOLD, size * HEAD))]
    for cell in cells:
        runs += [(" " + add_no_break_spaces(text), style) for text, style in _styled_texts(cell, size)]
    return widest_word(runs, text_width) + PADDING


def _styled_texts(cell: Cell, size: float) -> list[tuple[str, tuple[str, float]]]:
    if isinstance(cell, str):
        return [(cell, (CELL, size))]
    return [(part.text, (face_of(part), size * HEAD)) for part in cell.parts if isinstance(part, FormText)]


class _GridLayout:
    """Layout of the rows of one table."""

    def __init__(self, *, measures: SheetMeasures, widths: list[float], size: float, min_row_height: float) -> None:
        self._measures = measures
        self._widths = widths
        self._size = size
        self._min_row_height = min_row_height

    def split_row(self, row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
        """Return a row as it is, or in parts where a cell is taller than half a page."""
        max_lines = int(self._measures.height / 2 / (self._size * LEADING))
        cells = [self._lines(cell, width) for cell, width in zip(row, self._widths, strict=True)]
        line_count = max((len(cell) for cell in cells), default=0)
        if line_count <= max_lines:
            return [row]
        return [_lines_from(cells, start, max_lines) for start in range(0, line_count, max_lines)]

    def _lines(self, cell: Cell, width: float) -> list[str]:
        """Return the text of a cell line by line; in a split row a line of the form becomes plain text."""
        if isinstance(cell, str):
            text = cell
        else:
            text = " ".join(part.text for part in cell.parts if not isinstance(part, Box))
        lines = wrap([(text, (CELL, self._size))], width - PADDING, text_width)
        return ["".join(segment.text for segment in line.segments) for line in lines]

    def row(self, row: tuple[Cell, ...], aligns: tuple[str, ...], style: tuple[str, float]) -> LaidBlock:
        """Return cells with their frame; the lower edge of one row is the upper edge of the next."""
        cells = [
            self._cell(cell, available_width=width - PADDING, align=align, style=style)
            for cell, width, align in zip(row, self._widths, aligns, strict=True)
        ]
        height = max(*(cell.height for cell in cells), style[1] * LEADING, self._min_row_height) + 3
        marks = self._frame(height)
        x = 0.0
        for cell, width in zip(cells, self._widths, strict=True):
            marks += translate(cell.marks, x + PADDING / 2, (height - cell.height) / 2)
            x += width
            marks.append(Bar(x=x - RULE, y=0, width=RULE, height=height + RULE))
        return LaidBlock(height, tuple(marks))

    def head(self, titles: tuple[str, ...], group_title: tuple[str, int, int] | None) -> LaidBlock:
        """Return the heads of the columns; a group title is above those of its columns."""
        style = (FORM_BOLD, self._size * HEAD)
        if group_title is None:
            return self.row(titles, ("centre",) * len(titles), style)
        text, first, last = group_title
        group_width = sum(self._widths[first:last])
        upper = paragraph(text, style, group_width - PADDING, leading=LEADING)
        cells = [
            self._cell(title, available_width=width - PADDING, align="centre", style=style)
            for title, width in zip(titles, self._widths, strict=True)
        ]
        group_height = upper.height + 3
        lower_height = max(cell.height for cell in cells[first:last]) + 3
        height = max(group_height + lower_height, *(cell.height + 3 for cell in cells))
        left = sum(self._widths[:first])
        marks = self._frame(height)
        marks.append(Bar(x=left, y=group_height, width=group_width, height=RULE))
        marks += translate(upper.marks, left + PADDING / 2, 1.5)
        x = 0.0
        for at, (cell, width) in enumerate(zip(cells, self._widths, strict=True)):
            top = group_height if first <= at < last else 0.0
            marks += translate(cell.marks, x + PADDING / 2, top + (height - top - cell.height) / 2)
            x += width
            rule_top = group_height if first <= at < last - 1 else 0.0
            marks.append(Bar(x=x - RULE, y=rule_top, width=RULE, height=height + RULE - rule_top))
        return LaidBlock(height, tuple(marks))

    def _frame(self, height: float) -> list[Mark]:
        """Return the upper, the lower and the left edge of a row."""
        width = sum(self._widths)
        return [
            Bar(x=0, y=0, width=width, height=RULE),
            Bar(x=0, y=height, width=width, height=RULE),
            Bar(x=0, y=0, width=RULE, height=height),
        ]

    def _cell(self, cell: Cell, *, available_width: float, align: str, style: tuple[str, float]) -> LaidBlock:
        if isinstance(cell, FormLine):
            return stack(lay_line(cell, self._measures, available_width, size=self._size * HEAD))
        return paragraph(cell, style, available_width, align=align, leading=LEADING)


def _lines_from(cells: list[list[str]], start: int, count: int) -> tuple[str, ...]:
    """Return so many lines of each cell, joined to one text a cell."""
    return tuple(" ".join(cell[start : start + count]) for cell in cells)
