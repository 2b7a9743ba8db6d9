"""A procedure file as sheets of a workbook, and back: a row for each field, page, paper ..., a sheet of all texts.

Vietnamese and English texts stand beside each other in the sheet of their thing. The sheet of texts has the lists of
texts, and all texts again beside any number of further languages, a column each. A value that is a list or a table
stands in its cell as in the file.
"""

import re
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.file_errors import FileError, FileErrors
from kiosk.procedures.model import Procedure
from kiosk.procedures.sheet_columns import PARENT, TITLES, columns_of, is_inner, many_of, single_of, type_of
from kiosk.procedures.toml_dataclasses import OTHER_LANGUAGES, TomlField, toml_fields
from kiosk.procedures.toml_writer import write_value

TEXTS = "Chữ"
PLACE = "chỗ"
KEY = "khóa"
VALUE = "giá trị"
VIETNAMESE = "vi"

Row = dict[str, Any]


@dataclass
class Sheets:
    """Rows by name of the sheet, and the languages of the sheet of texts."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)

    def columns(self, sheet: str) -> list[str]:
        """Return the columns of a sheet in the order in which its rows name them."""
        if sheet == TEXTS:
            return [PLACE, VIETNAMESE, *self.languages]
        if sheet == TITLES[""]:
            return [KEY, VALUE]
        named = [name for row in self.rows.get(sheet, []) for name in row]
        return list(dict.fromkeys([*named, *(column.name for column in columns_of(sheet))]))


# --- from a file to sheets


def sheets_of(table: Mapping[str, Any], languages: tuple[str, ...] = ()) -> Sheets:
    """Return the sheets of the table of a procedure file, with columns for further languages."""
    known = tuple(str(lang) for lang in table.get("languages", ()))
    sheets = Sheets(languages=("en", *dict.fromkeys((*known, *languages))))
    head: Row = {}
    _add(sheets, row=head, record_type=Procedure, table=table, place="")
    sheets.rows[TITLES[""]] = [{KEY: name, VALUE: value} for name, value in head.items()]
    return sheets


def _add(sheets: Sheets, *, row: Row, record_type: Any, table: Mapping[str, Any], place: str, prefix: str = "") -> None:
    """Add the values of a table to its row, its texts and the tables inside it to their sheets."""
    fields = {item.name: item for item in toml_fields(record_type)}
    texts = {name for name, item in fields.items() if item.is_words}
    lists = {name for name, item in fields.items() if item.hint == tuple[Words, ...]}
    for name, value in table.items():
        item = fields.get(name) or _translated(fields, name)
        inside = f"{place}.{name}".lstrip(".")
        if _is_in_texts(name, texts=texts, lists=lists):
            continue
        if name in lists and isinstance(value, list):
            _add_list(sheets, table, name=name, place=inside)
        elif item is not None and (inner := single_of(item)) and isinstance(value, Mapping):
            _add(sheets, row=row, record_type=inner, table=value, place=inside, prefix=f"{prefix}{name}.")
        elif item is not None and (inner := many_of(item)) and name in TITLES and isinstance(value, list):
            _add_rows(sheets, inner, value, name=name, place=inside, parent=place)
        else:
            row[f"{prefix}{name}"] = _cell(item, value)
    further = [lang for lang in _all(sheets) if lang != "en"]
    for name in texts if sheets.languages != ("en",) else ():
        if name in table or f"{name}_en" in table:
            _add_text(sheets, f"{place}.{name}".lstrip("."), {lang: table.get(_key(name, lang)) for lang in further})


def _is_in_texts(name: str, *, texts: Container[str], lists: Container[str]) -> bool:
    """Return whether a key of a file is a translation that only the sheet of texts has."""
    base, _, lang = name.rpartition("_")
    return (lang in OTHER_LANGUAGES and (base in texts or base in lists)) or (lang == "en" and base in lists)


def _add_rows(sheets: Sheets, record_type: Any, items: list[Any], *, name: str, place: str, parent: str) -> None:
    for number, item in enumerate(items, 1):
        row: Row = {PARENT: parent} if parent else {}
        sheets.rows.setdefault(TITLES[name], []).append(row)
        _add(sheets, row=row, record_type=record_type, table=item, place=f"{place}[{_label(items, number)}]")


def _label(items: list[Any], number: int) -> str:
    """Return the name of a row: its key or id, or its number where another row has that too."""
    names = [str(item.get("key") or item.get("id") or "") for item in items]
    name = names[number - 1]
    return name if name and names.count(name) == 1 else str(number)


def _add_list(sheets: Sheets, table: Mapping[str, Any], *, name: str, place: str) -> None:
    for number, pair in enumerate(table[name], 1):
        texts: dict[str, Any] = dict(zip((VIETNAMESE, "en"), pair, strict=False))
        for lang in sheets.languages[1:]:
            more = table.get(f"{name}_{lang}", [])
            texts[lang] = more[number - 1] if len(more) >= number else None
        _add_text(sheets, f"{place}[{number}]", texts)


def _add_text(sheets: Sheets, place: str, texts: Mapping[str, Any]) -> None:
    sheets.rows.setdefault(TEXTS, []).append({PLACE: place} | {lang: texts.get(lang) for lang in _all(sheets)})


def _all(sheets: Sheets) -> tuple[str, ...]:
    return (VIETNAMESE, *sheets.languages)


def _key(name: str, lang: str) -> str:
    return name if lang == VIETNAMESE else f"{name}_{lang}"


def _cell(item: TomlField | None, value: Any) -> Any:
    wanted = type_of(item)
    if wanted is str and isinstance(value, str):
        return value
    if wanted is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if wanted is bool and isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str) and item is not None and item.name in {"options", "law", "local_options"}:
        return value  # name of a shared list, or a law line in words
    return write_value(value)


# --- from sheets to a file


@dataclass
class Book:
    """A table that is read from sheets, with the cell of each place, and the errors of single cells."""

    table: dict[str, Any]
    cells: dict[str, str]
    errors: FileErrors
    unread: tuple[str, ...] = ()
    """Names of the sheets that are not read."""


def table_of(rows: Mapping[str, list[Row]], where: Mapping[tuple[str, int, str], str]) -> Book:
    """Return the table of a procedure file from rows.

    Args:
        rows: rows by sheet; an empty cell is left out.
        where: (sheet, number of the row from 0, column) -> name of the cell.
    """
    book = Book(table={}, cells={}, errors=[])
    reader = _RowReader(rows, where, book)
    reader.read()
    return book


class _RowReader:
    """Rows that become a table again."""

    def __init__(self, rows: Mapping[str, list[Row]], where: Mapping[tuple[str, int, str], str], book: Book) -> None:
        self._rows = rows
        self._where = where
        self._book = book
        self._texts = {str(row.get(PLACE, "")).strip(): (number, row) for number, row in enumerate(rows.get(TEXTS, []))}
        self._used: set[str] = set()
        self._taken: set[tuple[str, int]] = set()

    def read(self) -> None:
        """Fill the table of the book."""
        sheet = TITLES[""]
        head: Row = {}
        for number, row in enumerate(self._rows.get(sheet, [])):
            name = str(row.get(KEY, "")).strip()
            if name and VALUE in row:
                head[name] = row[VALUE]
                self._book.cells[name] = self._cell(sheet, number, VALUE)
        self._fill(self._book.table, Procedure, values=head, place="", prefix="")
        columns = dict.fromkeys(name for _, row in self._texts.values() for name in row)
        more = [lang for lang in columns if lang in OTHER_LANGUAGES]
        if more:
            self._book.table["languages"] = more
        self._leftovers()

    def _cell(self, sheet: str, number: int, column: str) -> str:
        return self._where.get((sheet, number, column)) or f"trang tính “{sheet}”"

    def _fill(self, table: dict[str, Any], record_type: Any, *, values: Row, place: str, prefix: str) -> None:
        """Fill a table from the values of its row, from the texts of its place and from the rows that belong to it."""
        fields = {item.name: item for item in toml_fields(record_type)}
        for column, value in values.items():
            name = column.removeprefix(prefix)
            if column.startswith(prefix) and "." not in name:
                inside = f"{place}.{name}".lstrip(".")
                item = fields.get(name) or _translated(fields, name)
                self._put(table, item, value=value, name=name, place=inside)
        for name, item in fields.items():
            inside = f"{place}.{name}".lstrip(".")
            single = single_of(item)
            many = many_of(item)
            if item.is_words:
                self._put_texts(table, name, inside)
            elif item.hint == tuple[Words, ...]:
                self._put_list(table, name, inside)
            elif single is not None and any(column.startswith(f"{prefix}{name}.") for column in values):
                inner: dict[str, Any] = {}
                table[name] = inner
                self._fill(inner, single, values=values, place=inside, prefix=f"{prefix}{name}.")
            elif many is not None and name in TITLES and name not in table:
                self._put_rows(table, many, name=name, place=inside, parent=place)

    def _put(self, table: dict[str, Any], item: TomlField | None, *, value: Any, name: str, place: str) -> None:
        try:
            table[name] = _value(item, value)
        except ValueError as cause:
            self._book.errors.append(FileError(place, str(cause)))

    def _put_texts(self, table: dict[str, Any], name: str, place: str) -> None:
        number, row = self._texts.get(place, (0, {}))
        if not row:
            return
        self._used.add(place)
        shown = row.get(VIETNAMESE)
        if name not in table and shown is not None:
            table[name] = str(shown)
        elif shown is not None and str(shown) != table.get(name):
            self._book.cells[f"{place}_vi"] = self._cell(TEXTS, number, VIETNAMESE)
            message = "chữ tiếng Việt ở đây khác chữ ở trang tính của nó; dịch lại nếu cần, rồi ghi cho giống nhau"
            self._book.errors.append(FileError(f"{place}_vi", message))
        for lang, text in row.items():
            if lang == "en" and table.get(f"{name}_en", text) != text:
                self._book.cells[f"{place}_en"] = self._cell(TEXTS, number, lang)
                message = "chữ tiếng Anh ở đây khác chữ ở trang tính của nó; ghi cho giống nhau, hoặc xóa ở đây"
                self._book.errors.append(FileError(f"{place}_en", message))
            elif lang in ("en", *OTHER_LANGUAGES):
                table[f"{name}_{lang}"] = str(text)
                self._book.cells[f"{place}_{lang}"] = self._cell(TEXTS, number, lang)

    def _put_list(self, table: dict[str, Any], name: str, place: str) -> None:
        rows: list[Row] = []
        while found := self._texts.get(f"{place}[{len(rows) + 1}]"):
            self._used.add(f"{place}[{len(rows) + 1}]")
            self._book.cells[f"{place}[{len(rows) + 1}]"] = self._cell(TEXTS, found[0], VIETNAMESE)
            rows.append(found[1])
        if rows:
            table[name] = [[str(row.get(VIETNAMESE, "")), str(row.get("en", ""))] for row in rows]
        for lang in OTHER_LANGUAGES:
            if any(lang in row for row in rows):
                table[f"{name}_{lang}"] = [str(row.get(lang, "")) for row in rows]

    def _put_rows(self, table: dict[str, Any], record_type: Any, *, name: str, place: str, parent: str) -> None:
        sheet = TITLES[name]
        belonging = [
            (number, {column: value for column, value in row.items() if column != PARENT})
            for number, row in enumerate(self._rows.get(sheet, []))
            if not is_inner(name) or str(row.get(PARENT, "")).strip() == parent
        ]
        plain = [row for _, row in belonging]
        items: list[dict[str, Any]] = []
        for at, (number, row) in enumerate(belonging, 1):
            self._taken.add((sheet, number))
            inside = f"{place}[{_label(plain, at)}]"
            first = next(iter(row), PARENT)
            self._book.cells[inside] = self._cell(sheet, number, first)
            for column in row:
                self._book.cells[f"{inside}.{column}"] = self._cell(sheet, number, column)
            item: dict[str, Any] = {}
            items.append(item)
            self._fill(item, record_type, values=row, place=inside, prefix="")
        if items:
            table[name] = items

    def _leftovers(self) -> None:
        """Tell rows and texts that belong to nothing."""
        for sheet, rows in self._rows.items():
            for number, row in enumerate(rows):
                is_row = sheet not in {TITLES[""], TEXTS} and sheet in TITLES.values()
                if is_row and (sheet, number) not in self._taken:
                    place = f"?{sheet}{number}"
                    self._book.cells[place] = self._cell(sheet, number, PARENT)
                    self._book.errors.append(FileError(place, f"không có chỗ nào tên '{row.get(PARENT, '')}'"))
        for place, (number, _) in self._texts.items():
            if place not in self._used:
                self._book.cells[f"?{place}"] = self._cell(TEXTS, number, PLACE)
                self._book.errors.append(FileError(f"?{place}", f"không có chỗ nào tên '{place}'"))


def _translated(fields: Mapping[str, TomlField], name: str) -> TomlField | None:
    """Return the text of which a column has the English: `label` of `label_en`; None for another column."""
    item = fields.get(name.removesuffix("_en")) if name.endswith("_en") else None
    return item if item is not None and item.is_words else None


def _value(item: TomlField | None, cell: Any) -> Any:
    """Return the value of a cell.

    Raises:
        ValueError: the cell does not have the form of its column; the message says how to write it.
    """
    wanted = type_of(item)
    if wanted is str:
        return _as_text(cell)
    if wanted is int:
        return _as_number(cell)
    if wanted is bool:
        return _as_yes_no(cell)
    if wanted is date:
        return _as_date(cell)
    if (
        isinstance(cell, str)
        and item is not None
        and item.name in {"options", "law", "local_options"}
        and cell[:1] != "["
    ):
        return cell
    return _as_written(cell)


def _as_text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        raise ValueError("phải là chữ; đổi ô này sang dạng Văn bản (Text) rồi gõ lại")
    if isinstance(cell, float) and not cell.is_integer():
        raise ValueError(f"bảng tính đã đổi thành số {cell} và bỏ số 0 ở cuối; đổi ô sang dạng Văn bản rồi gõ lại")
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def _as_number(cell: Any) -> int:
    digits = re.sub(r"[.\s]|đồng|đ$", "", str(cell)) if isinstance(cell, str) else cell
    if isinstance(digits, str) and re.fullmatch(r"-?\d+", digits):
        return int(digits)
    if isinstance(digits, int | float) and not isinstance(digits, bool) and digits == int(digits):
        return int(digits)
    raise ValueError(f"phải là số nguyên, không phải {cell!r}")


def _as_yes_no(cell: Any) -> bool:
    words = {"có": True, "true": True, "x": True, "không": False, "false": False}
    word = str(cell).strip().casefold()
    if word not in words:
        raise ValueError(f"ghi có hoặc không, không phải {cell!r}")
    return words[word]


def _as_date(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    day_first = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"phải là ngày, như 2026-11-24 hay 24/11/2026, không phải {cell!r}") from None


def _as_written(cell: Any) -> Any:
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    try:
        return tomllib.loads(f"x = {str(cell).strip()}")["x"]
    except tomllib.TOMLDecodeError:
        example = '[{ key = "o_dau", is = "thue" }], ["a", "b"] hay "chữ"'
        raise ValueError(f"viết như trong tệp: {example}; xem lại ngoặc kép thẳng, ngoặc và dấu phẩy") from None


def shared_options_inline(table: Any, choices: Mapping[str, list[dict[str, Any]]]) -> Any:
    """Return a table in which shared option lists stand in place of their names, so that they can be translated."""
    if isinstance(table, list):
        return [shared_options_inline(item, choices) for item in table]
    if not isinstance(table, Mapping):
        return table
    inline = {name: shared_options_inline(value, choices) for name, value in table.items()}
    if isinstance(inline.get("options"), str):
        inline["options"] = [dict(option) for option in choices.get(inline["options"], [])]
    return inline


def iter_sheet_names() -> Iterator[str]:
    """Yield the names of the sheets in their order."""
    yield from (TITLES[""], *(name for table, name in TITLES.items() if table), TEXTS)
