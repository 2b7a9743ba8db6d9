"""Tables with typed columns, and their spreadsheet: a name is text, a date is a date.

Typed text is never written as a formula, a link or a number, so that "=1+1" and "+84" stay as they are. No temporary
file is written: a register has names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from kiosk.base import clock
from kiosk.vietnam.viet_text import clean

ColumnKind = Literal["text", "count", "minutes", "percent", "moment", "date", "hour", "verbatim"]
Cell = str | int | float | datetime | date | None
FORMATS: dict[ColumnKind, dict[str, Any]] = {
    "text": {"text_wrap": True, "num_format": "@"},
    "count": {"num_format": "0"},
    "minutes": {"num_format": "0.0"},
    "percent": {"num_format": "0%"},
    "moment": {"num_format": "hh:mm dd/mm/yyyy", "text_wrap": True},
    "date": {"num_format": "dd/mm/yyyy"},
    "hour": {"num_format": "hh:mm"},
    "verbatim": {"text_wrap": True, "num_format": "@"},
}
"""`verbatim` is text as it is; other text is cleaned of double spaces and control characters."""
MAX_NAME = 31  # letters of a sheet's name
HEAD_ROW = 3  # below title, note and an empty row
ROOM = 100  # rows below the table whose cells have its drop-downs
EMPTY = "–"


@dataclass(frozen=True)
class Column:
    """A column: its title, the kind of its cells, and its width in letters."""

    title: str
    kind: ColumnKind = "text"
    width: float = 12
    choices: str = ""
    """Range of the values that a drop-down of each cell offers: "='Danh sách'!$A$5:$A$9"; other values are allowed."""


@dataclass(frozen=True)
class Chart:
    """A chart beside a table: its numbers are `columns`, stacked where there are several, its names the first ones."""

    kind: Literal["column", "bar"]
    columns: tuple[int, ...]
    title: str


@dataclass(frozen=True)
class Table:
    """A table; `name` is that of its sheet, `title` and `note` are above the columns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: Chart | None = None


def format_cell(kind: ColumnKind, cell: Cell) -> str:
    """Return a cell as text for a page or a paper."""
    if cell is None or cell == "":
        return EMPTY if kind != "text" else ""
    if isinstance(cell, datetime):
        return f"{clock.local(cell):{'%H:%M' if kind == 'hour' else '%H:%M %d/%m/%Y'}}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:.0%}" if kind == "percent" else f"{cell:.0f}"
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell


def xlsx(tables: Sequence[Table], *, practice: bool = False) -> bytes:
    """Return a workbook with a sheet for each table: frozen head, one page wide, cells formatted by kind."""
    from xlsxwriter import Workbook

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        formats = _Formats(book)
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name))
            _sheet(sheet, table, formats, practice=practice)
            if table.chart and table.rows:
                _insert_chart(book, sheet, table, chart=table.chart)
    return out.getvalue()


def cells_of(sheet: str, *, column: int, rows: int) -> str:
    """Return the range of the first rows of a column as a formula, for `Column.choices`."""
    from xlsxwriter.utility import xl_range_abs

    return f"='{sheet}'!{xl_range_abs(HEAD_ROW + 1, column, HEAD_ROW + rows, column)}"


class _Formats:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
        self.title = book.add_format(base | {"bold": True, "font_size": 14})
        self.note = book.add_format(base | {"italic": True})
        self.head = book.add_format(
            base
            | {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "bg_color": "#F3EAF6",
            }
        )
        self.cells = {kind: book.add_format(base | {"border": 1} | more) for kind, more in FORMATS.items()}


def _sheet(sheet: Any, table: Table, formats: _Formats, *, practice: bool) -> None:
    sheet.write_string(0, 0, f"TẬP. {table.title}" if practice else table.title, formats.title)
    sheet.write_string(1, 0, table.note, formats.note)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(HEAD_ROW, at, column.title, formats.head)
        for row, cells in enumerate(table.rows, HEAD_ROW + 1):
            cell = cells[at]
            if column.kind == "verbatim" and isinstance(cell, str) and cell:
                sheet.write_string(row, at, cell, formats.cells[column.kind])
            else:
                _write_cell(sheet, (row, at), cell=cell, cell_format=formats.cells[column.kind])
        if column.choices:
            below = (HEAD_ROW + 1, at, HEAD_ROW + len(table.rows) + ROOM, at)
            sheet.data_validation(*below, {"validate": "list", "source": column.choices, "error_type": "information"})
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{'TẬP' if practice else ''}&RTrang &P/&N")
    if table.rows:
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(table.rows), len(table.columns) - 1)


def _insert_chart(book: Any, sheet: Any, table: Table, *, chart: Chart) -> None:
    """Draw the chart of a table at its right, with the numbers beside the bars."""
    drawn = book.add_chart({"type": chart.kind, "subtype": "stacked"})
    first = HEAD_ROW + 1
    last = HEAD_ROW + len(table.rows)
    for place, column in enumerate(chart.columns):
        fill = {"color": "#501B5F"} if place == 0 else {"color": "#B3201F"}
        drawn.add_series(
            {
                "name": table.columns[column].title,
                "categories": [sheet.name, first, 0, last, chart.columns[0] - 1],
                "values": [sheet.name, first, column, last, column],
                "data_labels": {"value": True},
                "fill": fill,
            }
        )
    drawn.set_title({"name": chart.title, "overlay": False})
    drawn.set_legend({"none": len(chart.columns) == 1, "position": "bottom"})
    if chart.kind == "bar":
        drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 720, "height": max(300, 60 + 28 * len(table.rows))})
    sheet.insert_chart(HEAD_ROW, len(table.columns) + 1, drawn)


def _write_cell(sheet: Any, place: tuple[int, int], *, cell: Cell, cell_format: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(*place, None, cell_format)
    elif isinstance(cell, datetime):
        sheet.write_datetime(*place, clock.local(cell).replace(tzinfo=None), cell_format)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, cell_format)
    elif isinstance(cell, str):
        sheet.write_string(*place, clean(cell), cell_format)
    else:
        sheet.write_number(*place, cell, cell_format)


def read_xlsx(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each sheet of a workbook, from the row of the column titles on.

    Raises:
        ValueError: the file is no workbook.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        book = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError) as cause:
        raise ValueError from cause
    return {sheet.title: list(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True)) for sheet in book.worksheets}


def _sheet_name(name: str) -> str:
    """Return a name that Excel allows for a sheet: at most 31 letters, none of the signs below."""
    return re.sub(r"[\[\]:*?/\\]", "-", name)[:MAX_NAME]
