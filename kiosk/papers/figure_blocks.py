"""Tables and plots of figures as blocks of a sheet."""

from kiosk.papers.plots import Plot, PlotBar
from kiosk.papers.workbook import Table, format_cell
from printers.document import Align, Block
from printers.sheet import Bars, FormLine, FormText, Grid, Heading, LabelledBar


def table_blocks(table: Table, size: float) -> tuple[Block, ...]:
    """Return a table with its heading, in letters of `size` points."""
    rows = tuple(
        tuple(format_cell(column.kind, cell) for column, cell in zip(table.columns, row, strict=True))
        for row in table.rows
    )
    if not rows:
        return (Heading(table.title), FormLine((FormText("Chưa có gì.", italic=True),)))
    shares = tuple(column.width for column in table.columns)
    aligns: tuple[Align, ...] = tuple("left" if column.kind == "text" else "centre" for column in table.columns)
    heads = tuple(column.title for column in table.columns)
    return (Heading(table.title), Grid(head=heads, rows=rows, shares=shares, aligns=aligns, size=size))


def plot_blocks(plot: Plot) -> tuple[Block, ...]:
    """Return a plot with its heading, as bars with words."""
    bars = tuple(
        LabelledBar(label=bar.label, words=_bar_words(plot, bar), share=bar.value / plot.top, late=bar.late)
        for bar in plot.bars
    )
    drawn = Bars(bars) if bars else FormLine((FormText("Chưa có gì.", italic=True),))
    return (Heading(f"{plot.title} ({plot.note})"), drawn)


def _bar_words(plot: Plot, bar: PlotBar) -> str:
    """Return the value of a bar; by hour also the number of tickets, which the length of the bar shows."""
    if not plot.is_upright:
        return bar.words
    count = f"{bar.value:.0f} lượt"
    return f"{count}, chờ {bar.words}" if bar.words else count
