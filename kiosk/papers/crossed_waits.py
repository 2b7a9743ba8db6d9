"""Waits by series and hour crossed: a table for page and workbook, and a grid for paper that needs no colour."""

from collections.abc import Iterable

from kiosk.context import Context
from kiosk.papers.workbook import Column, Table, format_cell
from kiosk.records import figures
from kiosk.records.figures import Visit
from printers.document import Align, Block
from printers.sheet import FormLine, FormText, Grid, Heading

TITLE = "Nửa số người chờ không quá (phút), theo dãy và giờ lấy số"


def table(context: Context, visits: Iterable[Visit]) -> Table:
    """Return the median waits, a row for each series and a column for each hour."""
    waits = figures.waits_by_hour_and_series(visits)
    names = {series.letter: f"{series.letter}, {series.name}" for series in context.config.series}
    hours = [hour for _, hour in waits]
    span = range(min(hours), max(hours) + 1) if hours else range(0)
    letters = sorted({letter for letter, _ in waits})
    rows = [(names.get(letter, letter), *(waits.get((letter, hour)) for hour in span)) for letter in letters]
    columns = (Column("Dãy số", "text", 26), *(Column(f"{hour} giờ", "minutes", 8) for hour in span))
    return Table(
        name="Chờ theo dãy và giờ",
        title=TITLE,
        columns=columns,
        rows=tuple(rows),
        note="Nửa số người lấy số trong giờ đó chờ không quá (phút).",
    )


def grid(table: Table, size: float, limit: int) -> tuple[Block, ...]:
    """Return the table for paper: waits over the limit of the settings are bold, so that no colour is needed."""
    if not table.rows:
        return (Heading(table.title), FormLine((FormText("Chưa có gì.", italic=True),)))
    rows = []
    for name, *waits in table.rows:
        words = [(format_cell("minutes", wait), isinstance(wait, float | int) and wait >= limit) for wait in waits]
        cells = [
            FormLine((FormText(f"{text} !", bold=True),), align="centre") if is_over else text
            for text, is_over in words
        ]
        rows.append((str(name), *cells))
    centred: list[Align] = ["centre"] * (len(table.columns) - 1)
    waits_grid = Grid(
        head=tuple(column.title for column in table.columns),
        rows=tuple(rows),
        shares=(2.4, *(1.0 for _ in table.columns[1:])),
        aligns=("left", *centred),
        size=size,
    )
    return (Heading(f"{table.title}; đậm, có dấu chấm than: từ {limit} phút"), waits_grid)
