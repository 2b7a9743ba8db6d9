"""Statement of a bank as CSV: two shapes of columns, several encodings and separators.

The heads of the columns say the shape, without regard to marks and capitals. A line that cannot be read is counted and
named by its number; the others are taken. A text that runs on in the next lines is joined, because exports break long
texts, and a payment key may be cut by the break.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from sync.gateway.payments.bank_line import MAX_AMOUNT, BankLine, Direction, clean_reference

MAX_LINES = 100_000
_HEAD_LINES = 60
"""Lines before the heads of the columns: name of the bank, period, balance."""
_SEPARATORS = (",", ";", "\t", "|")
_WARD_TIME = timezone(timedelta(hours=7))
_MAX_TEXT = 2000
_DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y")
_TIME = re.compile(r"[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?$", re.ASCII)
_AMOUNT = re.compile(r"([0-9]{1,3}(?P<mark>[.,\xa0 ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]+)(?:[.,]00?)?", re.ASCII)
_CURRENCY = re.compile(r"\s*(VND|VNĐ|Đ|D)\s*$", re.IGNORECASE)
_TOTALS = ("tong", "cong", "so du", "total", "balance")

_DATE = ("ngay giao dich", "thoi gian giao dich", "thoi gian", "ngay gd", "ngay hach toan", "transaction date", "ngay")
_REFERENCE = ("so tham chieu", "ma giao dich", "so chung tu", "so ct", "so but toan", "ma gd", "reference", "doc no")
_TEXT = ("noi dung", "mo ta", "dien giai", "noi dung chi tiet", "noi dung giao dich", "description", "remark")
_DEBIT = ("so tien ghi no", "phat sinh no", "ghi no", "debit", "no")
_CREDIT = ("so tien ghi co", "phat sinh co", "ghi co", "credit", "co")
_SIGN = ("+/-", "thay doi", "loai giao dich", "loai gd")
_AMOUNTS = ("so tien", "amount")
_SIGNS: dict[str, Direction] = {"+": "in", "-": "out", "c": "in", "d": "out", "ghi co": "in", "ghi no": "out"}


class BadStatement(Exception):  # noqa: N818 - reads well in "raise BadStatement"
    """A file that is no statement: "empty", "encoding", "columns" or "long"."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Movements of a statement, and the numbers of the lines that could not be read."""

    lines: list[BankLine]
    broken: list[int]


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Places of the columns; either `debit` and `credit`, or `sign` and `amount`."""

    width: int
    date: int
    reference: int
    text: int
    debit: int | None = None
    credit: int | None = None
    sign: int | None = None
    amount: int | None = None

    @property
    def amounts(self) -> list[int]:
        """Return the columns that have an amount."""
        return [place for place in (self.debit, self.credit, self.amount) if place is not None]


@dataclass
class _Entry:
    """A movement as it is read: its cells, and the texts of the lines below that belong to it."""

    no: int
    cells: list[str]
    texts: list[str] = field(default_factory=list)


def parse_statement(content: bytes) -> Statement:
    """Parse a statement.

    Raises:
        BadStatement: it is no statement that this module knows.
    """
    text = _decode(content)
    if not text.strip():
        raise BadStatement("empty")
    columns, head_line, separator = _find_columns(text)
    lines: list[BankLine] = []
    broken: list[int] = []
    for entry in _entries(text, columns, head_line, separator):
        line = _read_entry(entry, columns)
        if line is None:
            broken.append(entry.no)
        else:
            lines.append(line)
        if len(lines) > MAX_LINES:
            raise BadStatement("long")
    return Statement(lines=lines, broken=broken)


def _decode(content: bytes) -> str:
    """Return the text: UTF-8, UTF-16 as Excel saves "Unicode text", or Windows-1258."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return unicodedata.normalize("NFC", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise BadStatement("encoding")


def _find_columns(text: str) -> tuple[_Columns, int, str]:
    """Return the columns, the number of the line with their heads, and the separator."""
    for number, line in enumerate(io.StringIO(text), 1):
        if number > _HEAD_LINES:
            break
        for separator in _SEPARATORS:
            cells = next(csv.reader([line], delimiter=separator), [])
            columns = _read_heads([_plain(cell) for cell in cells])
            if columns is not None:
                return columns, number, separator
    raise BadStatement("columns")


def _read_heads(heads: Sequence[str]) -> _Columns | None:
    """Return the columns of a line of heads; None for another line."""
    date = _find_head(heads, _DATE)
    reference = _find_head(heads, _REFERENCE)
    text = _find_head(heads, _TEXT)
    if date is None or reference is None or text is None:
        return None
    debit = _find_head(heads, _DEBIT)
    credit = _find_head(heads, _CREDIT)
    sign = _find_head(heads, _SIGN)
    amount = _find_head(heads, _AMOUNTS)
    if debit is not None and credit is not None:
        return _Columns(width=len(heads), date=date, reference=reference, text=text, debit=debit, credit=credit)
    if amount is not None:
        return _Columns(width=len(heads), date=date, reference=reference, text=text, sign=sign, amount=amount)
    return None


def _find_head(heads: Sequence[str], names: Sequence[str]) -> int | None:
    """Return the place of a head, by the first of these names that is one of its parts ("Ghi nợ/Debit")."""
    parts = [re.split(r"\s*[/()\n]\s*", head) if head != "+/-" else [head] for head in heads]
    for name in names:
        for place, words in enumerate(parts):
            if name in words:
                return place
    return None


def _entries(text: str, columns: _Columns, head_line: int, separator: str) -> Iterator[_Entry]:
    """Return the movements below the heads, each with the lines that its text runs on in."""
    entry: _Entry | None = None
    for no, cells in _rows(text, head_line, separator):
        if not _is_total(cells) and not _is_begin(cells, columns):
            if entry is not None:
                entry.texts.append(" ".join(cell.strip() for cell in cells if cell.strip()))
            continue
        if entry is not None:
            yield entry
        entry = None if _is_total(cells) else _Entry(no=no, cells=_fit(cells, columns, separator))
    if entry is not None:
        yield entry


def _rows(text: str, head_line: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows below the heads that are not empty, with the numbers of their first lines."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    first = 1
    try:
        for cells in reader:
            if first > head_line and any(cell.strip() for cell in cells):
                yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        raise BadStatement("columns") from None


def _is_begin(cells: Sequence[str], columns: _Columns) -> bool:
    """Return whether a row begins a movement: it has two of date, reference and amount."""
    named = [columns.date, columns.reference, *columns.amounts]
    return sum(1 for place in named if place < len(cells) and cells[place].strip()) >= 2


def _is_total(cells: Sequence[str]) -> bool:
    first = next((_plain(cell) for cell in cells if cell.strip()), "")
    return first.startswith(_TOTALS)


def _fit(cells: list[str], columns: _Columns, separator: str) -> list[str]:
    """Join a text with separators that is the last column and was not quoted."""
    if columns.text == columns.width - 1 and len(cells) > columns.width:
        return [*cells[: columns.text], separator.join(cells[columns.text :])]
    return cells


def _read_entry(entry: _Entry, columns: _Columns) -> BankLine | None:
    """Return the movement; None where it cannot be read."""
    if not columns.width >= len(entry.cells) > max(columns.date, columns.reference, *columns.amounts):
        return None
    movement = _read_movement(entry.cells, columns)
    reference = clean_reference(entry.cells[columns.reference])
    booked_at = _read_date(entry.cells[columns.date])
    if movement is None or not reference or booked_at is None:
        return None
    direction, amount = movement
    own_text = entry.cells[columns.text] if columns.text < len(entry.cells) else ""
    return BankLine(
        reference=reference,
        direction=direction,
        amount=amount,
        booked_at=booked_at,
        text="\n".join((own_text, *entry.texts))[:_MAX_TEXT],
    )


def _read_movement(cells: Sequence[str], columns: _Columns) -> tuple[Direction, int] | None:
    """Return direction and amount; None unless there is exactly one amount above zero."""
    if columns.amount is not None:
        written = cells[columns.amount].strip()
        direction: Direction | None = "out" if written.startswith("-") else "in"
        if columns.sign is not None:
            direction = _SIGNS.get(_plain(cells[columns.sign]))
        amount = _read_amount(written.lstrip("+-"))
        return (direction, amount) if direction and amount else None
    debit = _read_amount(cells[columns.debit or 0].strip().lstrip("-"))
    credit = _read_amount(cells[columns.credit or 0].strip().lstrip("+"))
    if debit is None or credit is None or (debit > 0) == (credit > 0):
        return None
    return ("out", debit) if debit else ("in", credit)


def _read_amount(text: str) -> int | None:
    """Return whole dong of a text such as 16,000, 16.000,00 or 16000 VND; 0 for an empty one, None for another."""
    plain = _CURRENCY.sub("", text.strip())
    if plain in ("", "-"):
        return 0
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return None
    amount = int(re.sub(r"[^0-9]", "", match.group(1)))
    return amount if amount <= MAX_AMOUNT else None


def _read_date(text: str) -> datetime | None:
    """Return the time of a text in UTC: a day of the ward, with or without an hour."""
    plain = text.strip()
    match = _TIME.search(plain)
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    day = plain[: match.start()] if match else plain
    for form in _DATE_FORMATS:
        try:
            at = datetime.strptime(day, form).replace(hour=hour, minute=minute, second=second, tzinfo=_WARD_TIME)
        except ValueError:
            continue
        return at.astimezone(UTC)
    return None


def _plain(text: str) -> str:
    """Return a text in small letters without marks, spaces joined."""
    parts = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).lower().split())
