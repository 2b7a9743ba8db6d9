"""Tables with typed columns, and the spreadsheet that holds them: a name stays text, a day is a day.

What a person typed is written as text and never as a formula, a link or a number, so that "=1+1" or "+84" opens as
what it is. Nothing is written to a temporary folder: a register holds names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Literal

from kiosk import clock
from kiosk.vietnam.viet_text import clean

Kind = Literal["text", "count", "minutes", "percent", "moment", "date", "hour"]
Cell = str | int | float | datetime | date | None
FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "num_format": "@"},
    "count": {"num_format": "0"},
    "minutes": {"num_format": "0.0"},
    "percent": {"num_format": "0%"},
    "moment": {"num_format": "hh:mm dd/mm/yyyy", "text_wrap": True},
    "date": {"num_format": "dd/mm/yyyy"},
    "hour": {"num_format": "hh:mm"},
}
MOST = 31  # letters of a sheet's name
HEAD = 3  # rows above the table's head: title, note, nothing
EMPTY = "–"


@dataclass(frozen=True)
class Column:
    """A column: what stands over it, what its cells are, and how wide it is in letters."""

    title: str
    kind: Kind = "text"
    width: float = 12


@dataclass(frozen=True)
class Table:
    """Rows under columns; `name` is the sheet's, `title` stands over them, `note` below that."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def shown(kind: Kind, cell: Cell) -> str:
    """Return a cell as a page or a paper writes it."""
    if cell is None or cell == "":
        return EMPTY if kind != "text" else ""
    if isinstance(cell, datetime):
        return f"{clock.local(cell):{'%H:%M' if kind == 'hour' else '%H:%M %d/%m/%Y'}}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:.0%}" if kind == "percent" else f"{cell:.0f}"
    return str(cell)


def xlsx(tables: Sequence[Table], *, practice: bool = False) -> bytes:
    """Return a workbook, a sheet a table: frozen head, print area across one page, cells of their kinds."""
    from xlsxwriter import Workbook

    out = BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, told) as book:
        looks = _Looks(book)
        for table in tables:
            _sheet(book.add_worksheet(_name(table.name)), table, looks, practice=practice)
    return out.getvalue()


class _Looks:
    """The formats of a book, made once."""

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


def _sheet(sheet: Any, table: Table, looks: _Looks, *, practice: bool) -> None:
    sheet.write_string(0, 0, f"TẬP. {table.title}" if practice else table.title, looks.title)
    sheet.write_string(1, 0, table.note, looks.note)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(HEAD, at, column.title, looks.head)
        for row, cells in enumerate(table.rows, HEAD + 1):
            _cell(sheet, (row, at), cells[at], looks.cells[column.kind])
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.repeat_rows(HEAD)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{'TẬP' if practice else ''}&RTrang &P/&N")
    if table.rows:
        sheet.autofilter(HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)


def _cell(sheet: Any, place: tuple[int, int], cell: Cell, look: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(*place, None, look)
    elif isinstance(cell, datetime):
        sheet.write_datetime(*place, clock.local(cell).replace(tzinfo=None), look)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, look)
    elif isinstance(cell, str):
        sheet.write_string(*place, clean(cell), look)
    else:
        sheet.write_number(*place, cell, look)


def _name(name: str) -> str:
    """A sheet's name has at most 31 letters and none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", "-", name)[:MOST]
