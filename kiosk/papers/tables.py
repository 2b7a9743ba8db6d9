"""Tables of a declaration: persons side by side, the rows of a list, and the attachment sheet for the other rows.

A list has the rows of the form, and more as long as they need no further page before the place to sign. The others are
on a "Tờ đính kèm" under the form's own heading, with the receipt number and continued row numbers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.papers import wording
from kiosk.procedures import kinds
from kiosk.procedures.answers import is_empty
from kiosk.procedures.model import DeclarationLine, Field, Procedure
from printers.document import Align, Block
from printers.render.page_layout import lay_sheet
from printers.sheet import (
    Answer,
    Cell,
    Footnotes,
    FormLine,
    FormText,
    Grid,
    Heading,
    PageBreak,
    Sheet,
    Signature,
    Signatures,
    Title,
)

MIN_ROWS = 4
"""Rows of a list on the form, filled in or empty."""
WIDE = 6
WIDEST = 8
"""Numbers of columns above which words are set smaller, and smaller again."""
SMALL = 9.0
SMALLEST = 7.6
LIST_ROW = 5
PERSON_ROW = 6
"""Height of an empty row in millimetres, to write by hand."""
LABEL_SHARE = 0.8
"""Share of the column with the questions; that of a person's column is 1."""
SHARES = {
    "person_name": 4.2,
    "date": 2.3,
    "sex": 1.2,
    "id_number": 2.7,
    "choice": 2.6,
    "address": 4,
    "boolean": 1.6,
    "text": 3.4,
}
CENTRED = ("date", "sex", "id_number", "number", "boolean")
CROSS = "X"
NARROW = 10
"""Letters of the longest text in a narrow column."""
NOTES = re.compile(r"\s*\(\d+\)")
BY_HAND = ("signature", "consent_block")

Limits = Mapping[str, int]
"""Rows of each list that are on the form itself; a list that is not named has all of them there."""


@dataclass(frozen=True)
class RemainingRows:
    """Rows for the attachment sheet: the line above the list, the list, and the number of its rows on the form."""

    line: DeclarationLine
    item: Field
    shown: int


def persons_grid(procedure: Procedure, answers: Mapping[str, Any], lines: list[DeclarationLine]) -> Grid:
    """Return neighbouring lines with cells as one table: questions at the left, a column for each person.

    The head of another table gives the `widths` of its columns.
    """
    head, *rows = (line.cells for line in lines)
    widths = lines[0].widths
    return Grid(
        head=tuple(wording.fill_text(procedure, answers, cell) for cell in head),
        rows=tuple(_person_row(procedure, answers, row) for row in rows),
        shares=widths or (LABEL_SHARE, *(1.0 for _ in head[1:])),
        size=SMALL if widths else None,
        min_row_height=0 if widths else PERSON_ROW,
    )


def _person_row(procedure: Procedure, answers: Mapping[str, Any], row: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(_cell(procedure, answers, cell) for cell in row)


def _cell(procedure: Procedure, answers: Mapping[str, Any], text: str) -> Cell:
    """Return the words of an answer, or a line of the form if the text has more than answers."""
    parts = wording.line_parts(procedure, answers, text, keep_options=False)
    if all(isinstance(part, Answer) for part in parts):
        return " ".join(part.text for part in parts if isinstance(part, Answer) and part.text)
    return FormLine(parts)


def list_grid(
    item: Field,
    rows: list[Mapping[str, Any]],
    *,
    first_number: int = 1,
    min_rows: int = MIN_ROWS,
    number_head: str = "TT",
) -> Grid:
    """Return rows of a list under the official names of its columns, and empty ones up to `min_rows`."""
    filled = [_row(item, number, row) for number, row in enumerate(rows, first_number)]
    empty = ("",) * (len(item.fields) + 1)
    aligns: tuple[Align, ...] = tuple("centre" if _is_short(column) else "left" for column in item.fields)
    column_count = len(item.fields) + 1
    return Grid(
        head=(number_head, *(column.official or column.label.vi for column in item.fields)),
        rows=(*filled, *(empty for _ in range(min_rows - len(filled)))),
        shares=(0.6, *(1.6 if _is_narrow(column) else SHARES.get(column.kind, 2) for column in item.fields)),
        aligns=("centre", *aligns),
        size=SMALLEST if column_count > WIDEST else SMALL if column_count > WIDE else None,
        min_row_height=LIST_ROW,
    )


def _is_narrow(item: Field) -> bool:
    return item.kind == "text" and item.high is not None and item.high <= NARROW


def _is_short(item: Field) -> bool:
    """Return whether all answers of a column are about equally long, so that they are centred."""
    return item.kind in CENTRED or _is_narrow(item)


def _row(item: Field, number: int, row: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(number), *(_column_text(column, row.get(column.key)) for column in item.fields))


def _column_text(item: Field, value: Any) -> str:
    """Return an answer for its column; yes is a cross, a signature is empty."""
    if item.kind in BY_HAND or is_empty(value):
        return ""
    if item.kind == "boolean":
        return CROSS if value else ""
    return kinds.of(item).on_paper(item, value)


def remainder_line(rest: RemainingRows, count: int) -> FormLine:
    """Return the line under a list that refers to its other rows."""
    rows = f"từ số {rest.shown + 1} đến số {count}" if count > rest.shown + 1 else f"số {count}"
    return FormLine((FormText(f"Còn {count - rest.shown} dòng, {rows}, ghi ở Tờ đính kèm.", italic=True),))


def annex_line(count: int) -> FormLine:
    """Return the line on the form that refers to its landscape sheet."""
    return FormLine((FormText(f"Ghi ở Tờ đính kèm, trang ngang, {count} người.", italic=True),))


def annex_head(line: DeclarationLine, *, form: str, receipt_no: str) -> tuple[Block, ...]:
    """Return the title of a landscape sheet and the words of the form above its table."""
    title = Title(("TỜ ĐÍNH KÈM",), subtitle=f"Kèm theo {form}, số phiếu {receipt_no}")
    return title, Heading((FormText(line.text, bold=True),))


def choose_limits(counts: Mapping[str, int], compose: Callable[[Limits], Sheet]) -> Limits:
    """Return the number of rows of each list on the form: all of them, or as many as need no further page."""
    if all(count <= MIN_ROWS for count in counts.values()):
        return counts
    limits = dict.fromkeys(counts, 0)
    most = _page_counts(compose(limits))
    for key, count in counts.items():
        low = min(count, 1)
        high = count
        while low < high:
            middle = (low + high + 1) // 2
            counts_with_more = _page_counts(compose(limits | {key: middle}))
            if all(more <= limit for more, limit in zip(counts_with_more, most, strict=True)):
                low = middle
            else:
                high = middle - 1
        limits[key] = low
    return limits


def _page_counts(sheet: Sheet) -> tuple[int, int]:
    """Return the number of pages of a sheet without its footnotes and with them."""
    body = replace(sheet, blocks=tuple(block for block in sheet.blocks if not isinstance(block, Footnotes)))
    return len(lay_sheet(body)), len(lay_sheet(sheet))


def attachment_blocks(
    rests: list[RemainingRows],
    answers: Mapping[str, Any],
    *,
    form: str,
    receipt_no: str,
    signature: Signature | None,
) -> Iterator[Block]:
    """Return the blocks of the attachment sheet with the other rows; `form` is the title of the form."""
    if not rests:
        return
    yield PageBreak()
    yield Title(("TỜ ĐÍNH KÈM",), subtitle=f"Kèm theo {form}, số phiếu {receipt_no}")
    for rest in rests:
        label = NOTES.sub("", rest.line.text).strip().rstrip(":")
        yield Heading((FormText(f"{label} (tiếp theo):" if label else "(tiếp theo)", bold=True),))
        rows = list(answers[rest.item.key])[rest.shown :]
        head = rest.line.number_head
        yield list_grid(rest.item, rows, first_number=rest.shown + 1, min_rows=0, number_head=head)
    if signature is not None:
        yield Signatures(right=signature)
