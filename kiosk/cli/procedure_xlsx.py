"""`kiosk procedure export-xlsx` and `import-xlsx`: a procedure as a workbook, to be written or translated there."""

import argparse
import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kiosk.base.errors import NotFound
from kiosk.config import Config
from kiosk.papers import workbook
from kiosk.procedures import sheets
from kiosk.procedures.file_errors import FileErrors, nearest
from kiosk.procedures.file_format import with_number
from kiosk.procedures.loader import CATALOGUE, BadProcedure, procedure_paths, read_procedure, shared_beside, table_of
from kiosk.procedures.sheet_columns import TITLES, columns_of, records
from kiosk.procedures.sheets import TEXTS, Book, Sheets
from kiosk.procedures.toml_dataclasses import OTHER_LANGUAGES
from kiosk.procedures.toml_file import read_toml
from kiosk.procedures.toml_writer import write_toml
from kiosk.store import files
from kiosk.vietnam import viet_text

NO_CHOICES: Mapping[str, list[dict[str, Any]]] = {}
LISTS = "Danh sách"
"""Sheet of the values that the drop-downs offer; not read again."""
NOTE = "Hàng đầu là tên cột: không đổi. Ô trống là không có. Cách viết từng cột: docs/procedures.md."
WIDE = frozenset({"label", "ask", "say", "bring", "name", "text", "vi", "en", "giá trị", *OTHER_LANGUAGES})


def add_to(acts: Any) -> None:
    """Add both commands to `kiosk procedure`."""
    exporting = acts.add_parser("export-xlsx", help="chép một thủ tục ra bảng tính (.xlsx) để viết hoặc dịch")
    exporting.add_argument("code", metavar="mã", help="mã thủ tục, hoặc một tệp .toml")
    exporting.add_argument("--out", type=Path, metavar="tệp", help="tên tệp .xlsx (không ghi: mã.xlsx ở đây)")
    exporting.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="tiếng",
        help="thêm một cột tiếng khác",
    )
    exporting.set_defaults(act=export_xlsx)
    importing = acts.add_parser("import-xlsx", help="đổi bảng tính thành tệp thủ tục (.toml), nêu mọi ô sai")
    importing.add_argument("file", type=Path, metavar="tệp", help="bảng tính (.xlsx)")
    importing.add_argument("--out", type=Path, metavar="tệp", help="tên tệp .toml (không ghi: cạnh bảng tính)")
    importing.set_defaults(act=import_xlsx)


def export_xlsx(config: Config, args: argparse.Namespace) -> int:
    """Write the workbook of a procedure."""
    for lang in args.language:
        if lang not in OTHER_LANGUAGES:
            known = ", ".join(OTHER_LANGUAGES)
            raise NotFound(f"Không có tiếng mang mã '{lang}'; có: {known}.", f"No language '{lang}'; known: {known}.")
    path = _find(config, args.code)
    out = args.out or Path(f"{path.stem}.xlsx")
    files.write_atomic(
        out,
        workbook_of(
            with_number(table_of(path)), tuple(args.language), shared_beside(path, config.own_procedures).choices
        ),
    )
    print(out)
    return 0


def _find(config: Config, code: str) -> Path:
    """Return the file of a procedure: the one that was named, the ward's own, or the shipped one."""
    if code.endswith(".toml"):
        return Path(code)
    folders = [*([config.own_procedures] if config.own_procedures else []), CATALOGUE]
    for folder in folders:
        for path in procedure_paths(folder):
            if read_toml(path).table.get("code") == code or path.stem == code:
                return path
    raise NotFound(f"Không có thủ tục mang mã '{code}'.", f"There is no procedure with the code '{code}'.")


def workbook_of(
    table: Mapping[str, Any],
    languages: tuple[str, ...] = (),
    choices: Mapping[str, list[dict[str, Any]]] = NO_CHOICES,
) -> bytes:
    """Return the workbook of the table of a file, with columns for further languages.

    Args:
        table: the table.
        languages: codes of the further languages.
        choices: shared lists of options by name; with further languages they stand in place of their names.
    """
    if languages:
        table = sheets.shared_options_inline(table, choices)
    content = sheets.sheets_of(table, languages)
    lists = _lists()
    tables = [_table(content, name, lists) for name in (*TITLES.values(), TEXTS)]
    return workbook.xlsx([*tables, _table_of_lists(lists)])


Lists = Mapping[tuple[str, ...], str]
"""Values of a drop-down -> head of their column in the sheet of lists."""


def _lists() -> Lists:
    lists: dict[tuple[str, ...], str] = {}
    for sheet in records():
        for column in columns_of(sheet) if sheet != TITLES[""] else ():
            if column.values:
                lists.setdefault(column.values, column.name.rpartition(".")[2])
    return lists


def _table_of_lists(lists: Lists) -> workbook.Table:
    """Return the sheet of the values that the drop-downs offer."""
    height = max(map(len, lists))
    return workbook.Table(
        name=LISTS,
        title=LISTS,
        columns=tuple(workbook.Column(head, "verbatim", 26) for head in lists.values()),
        rows=tuple(tuple(values[row] if row < len(values) else None for values in lists) for row in range(height)),
        note="Các chữ mà ô có mũi tên cho chọn. Trang tính này không đọc lại.",
    )


def _choices(values: tuple[str, ...], lists: Lists) -> str:
    """Return the range of some values in the sheet of lists; empty for a column without."""
    if not values:
        return ""
    return workbook.cells_of(LISTS, column=list(lists).index(values), rows=len(values))


def _table(content: Sheets, name: str, lists: Lists) -> workbook.Table:
    names = content.columns(name)
    is_of_rows = name in records() and name != TITLES[""]
    values = {column.name: column.values for column in columns_of(name)} if is_of_rows else {}
    return workbook.Table(
        name=name,
        title=name,
        columns=tuple(
            workbook.Column(
                title=column,
                kind="verbatim",
                width=50 if column.rpartition(".")[2].removesuffix("_en") in WIDE else 18,
                choices=_choices(values.get(column, ()), lists),
            )
            for column in names
        ),
        rows=tuple(tuple(row.get(column) for column in names) for row in content.rows.get(name, [])),
        note=NOTE,
    )


def import_xlsx(config: Config, args: argparse.Namespace) -> int:
    """Write the procedure file of a workbook, and tell its mistakes by sheet and cell.

    Raises:
        BadProcedure: the workbook has mistakes; the file is written all the same unless a cell could not be read.
    """
    book = book_of(args.file)
    if book.errors:
        raise BadProcedure(args.file.name, messages(book, book.errors))
    out = args.out or args.file.with_suffix(".toml")
    files.write_atomic(out, write_toml(book.table).encode())
    try:
        procedure = read_procedure(out, ward=config.own_procedures)
    except BadProcedure as cause:
        raise BadProcedure(args.file.name, messages(book, cause.file_errors)) from cause
    for name in book.unread:
        print(f"  trang tính “{name}” không đọc: không có tên đó trong quy cách")
    print(f"{out}: {procedure.short.vi}. Bây giờ chạy: kiosk procedure check {out}")
    return 0


def messages(book: Book, errors: FileErrors) -> list[str]:
    """Return one message for each error, with the sheet and the cell that it is about."""
    told = []
    for error in errors:
        place = nearest(error.place, book.cells)
        told.append(f"{book.cells[place]}: {error.message}" if place else str(error))
    return told


def book_of(path: Path) -> Book:
    """Return the table in a workbook.

    Raises:
        BadProcedure: the file is no workbook.
    """
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    try:
        content = workbook.read_xlsx(path)
    except (OSError, ValueError) as cause:
        raise BadProcedure(path.name, ["không mở được; phải là bảng tính .xlsx (Excel, LibreOffice)"]) from cause
    content = {unicodedata.normalize("NFC", name).strip(): lines for name, lines in content.items()}
    missing = [name for name in sheets.iter_sheet_names() if name not in content]
    unread = unread_sheets(content)
    if missing:
        errors = [f"thiếu trang tính “{name}”{_renamed(name, unread)}" for name in missing]
        raise BadProcedure(path.name, [*errors, "trang tính không có gì thì để trống, đừng xóa hay đổi tên"])
    rows: dict[str, list[dict[str, Any]]] = {}
    where: dict[tuple[str, int, str], str] = {}
    for sheet, (titles, *below) in ((name, lines) for name, lines in content.items() if lines):
        names = [str(title or "").strip() for title in titles]
        filled = [cells for cells in below if any(cell not in (None, "") for cell in cells)]
        numbers = [at for at, cells in enumerate(below) if any(cell not in (None, "") for cell in cells)]
        rows[sheet] = [
            {name: cell for name, cell in zip(names, cells, strict=False) if name and cell not in (None, "")}
            for cells in filled
        ]
        for number, at in enumerate(numbers):
            for column, name in enumerate(names, 1):
                cell = f"{get_column_letter(column)}{workbook.HEAD_ROW + 2 + at}"
                where[sheet, number, name] = f"trang tính “{sheet}”, ô {cell}"
    book = sheets.table_of(rows, where)
    book.unread = tuple(unread)
    return book


def unread_sheets(names: Iterable[str]) -> list[str]:
    """Return the sheets of a workbook that are not read."""
    known = {*sheets.iter_sheet_names(), LISTS}
    return [name for name in names if name not in known]


def _renamed(name: str, unread: Iterable[str]) -> str:
    """Return "; có phải “Chep” đã đổi tên?" where a sheet that is not read has a similar name."""
    folded = {viet_text.fold(other): other for other in unread}
    found = difflib.get_close_matches(viet_text.fold(name), folded, n=1)
    return f"; có phải “{folded[found[0]]}” đã đổi tên?" if found else ""
