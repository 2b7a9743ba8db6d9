"""The tables of a declaration: two persons side by side, the rows of a list, and the sheet for rows that do not fit.

A list gets the rows that the form has, and as many more as its pages hold without losing where one signs. What is
left goes on a "Tờ đính kèm" under the form's own heading, with the receipt number and the numbering carried on.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.papers import wording
from kiosk.procedures import kinds
from kiosk.procedures.answers import is_empty
from kiosk.procedures.model import DeclarationLine as Told
from kiosk.procedures.model import Field, Procedure
from printers.document import Align, Block
from printers.render.page_layout import lay_sheet
from printers.sheet import Answer, Cell, Footnotes, Grid, Heading, FormLine, PageBreak, FormText, Sheet, Signature, Signatures
from printers.sheet import Title as Heads

LEAST_ROWS = 4
"""Rows of a list that a form has, filled in or empty."""
WIDE = 6
WIDEST = 8
"""Columns from which words are set smaller, and smaller still."""
SMALL = 9.0
SMALLEST = 7.6
LIST_ROW = 5
PERSON_ROW = 6
"""Millimetres of an empty row: room for a hand."""
LABEL_SHARE = 0.8
"""Of the width of a person's column, for the column with the questions."""
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
"""Letters of the longest text that needs no more than a narrow column."""
NOTES = re.compile(r"\s*\(\d+\)")
BY_HAND = ("signature", "consent_block")

Limits = Mapping[str, int]
"""Rows of each list that stand on the form itself; a list that is not named stands there whole."""


@dataclass(frozen=True)
class Rest:
    """What does not fit on the form: the line over the list, the list, and how many of its rows stand there."""

    line: Told
    item: Field
    shown: int


def persons(procedure: Procedure, answers: Mapping[str, Any], lines: list[Told]) -> Grid:
    """Return neighbouring lines of cells as one table: questions at the left, a column for each person."""
    head, *rows = (line.cells for line in lines)
    return Grid(
        tuple(wording.filled(procedure, answers, cell) for cell in head),
        tuple(tuple(_cell(procedure, answers, cell) for cell in row) for row in rows),
        shares=(LABEL_SHARE, *(1.0 for _ in head[1:])),
        min_row_height=PERSON_ROW,
    )


def _cell(procedure: Procedure, answers: Mapping[str, Any], text: str) -> Cell:
    """An answer alone is a person's words; anything else is a line of the form."""
    found = wording.parts(procedure, answers, text, bound=False)
    if all(isinstance(part, Answer) for part in found):
        return " ".join(part.text for part in found if isinstance(part, Answer) and part.text)
    return FormLine(found)


def listed(item: Field, rows: list[Mapping[str, Any]], first: int = 1, least: int = LEAST_ROWS) -> Grid:
    """Return rows of a list, numbered from `first`, under the columns' official names, with empty ones to write in."""
    filled = [_row(item, number, row) for number, row in enumerate(rows, first)]
    empty = ("",) * (len(item.fields) + 1)
    aligns: tuple[Align, ...] = tuple("centre" if _is_short(one) else "left" for one in item.fields)
    columns = len(item.fields) + 1
    return Grid(
        ("TT", *(one.official or one.label.vi for one in item.fields)),
        (*filled, *(empty for _ in range(least - len(filled)))),
        shares=(0.6, *(1.6 if _is_narrow(one) else SHARES.get(one.kind, 2) for one in item.fields)),
        aligns=("centre", *aligns),
        size=SMALLEST if columns > WIDEST else SMALL if columns > WIDE else None,
        min_row_height=LIST_ROW,
    )


def _is_narrow(item: Field) -> bool:
    return item.kind == "text" and item.high is not None and item.high <= NARROW


def _is_short(item: Field) -> bool:
    """Whether all answers of a column are about as long, and look best in its middle."""
    return item.kind in CENTRED or _is_narrow(item)


def _row(item: Field, number: int, row: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(number), *(_written(one, row.get(one.key)) for one in item.fields))


def _written(item: Field, value: Any) -> str:
    """An answer in its column; yes is a cross, what is signed by hand is empty."""
    if item.kind in BY_HAND or is_empty(value):
        return ""
    if item.kind == "boolean":
        return CROSS if value else ""
    return kinds.of(item).on_paper(item, value)


def elsewhere(rest: Rest, count: int) -> FormLine:
    """Return the line under a list that says where its other rows are."""
    rows = f"từ số {rest.shown + 1} đến số {count}" if count > rest.shown + 1 else f"số {count}"
    return FormLine((FormText(f"Còn {count - rest.shown} dòng, {rows}, ghi ở Tờ đính kèm.", italic=True),))


def fitting(counts: Mapping[str, int], compose: Callable[[Limits], Sheet]) -> Limits:
    """Return how many rows of each list stand on the form: all of them, or as many as cost it no page."""
    if all(count <= LEAST_ROWS for count in counts.values()):
        return counts
    limits = dict.fromkeys(counts, 0)
    most = _pages(compose(limits))
    for key, count in counts.items():
        low = min(count, 1)
        high = count
        while low < high:
            middle = (low + high + 1) // 2
            fits = all(now <= then for now, then in zip(_pages(compose(limits | {key: middle})), most, strict=True))
            low, high = (middle, high) if fits else (low, middle - 1)
        limits[key] = low
    return limits


def _pages(sheet: Sheet) -> tuple[int, int]:
    """How many pages a sheet takes up to where one signs, and with its footnotes."""
    signed = replace(sheet, blocks=tuple(one for one in sheet.blocks if not isinstance(one, Footnotes)))
    return len(lay_sheet(signed)), len(lay_sheet(sheet))


def attached(
    rests: list[Rest], answers: Mapping[str, Any], form: str, receipt_no: str, signed: Signature | None
) -> Iterator[Block]:
    """Return the attachment sheet of a form (its title) with the rows that are left, and who signs it."""
    if not rests:
        return
    yield PageBreak()
    yield Heads(("TỜ ĐÍNH KÈM",), subtitle=f"Kèm theo {form}, số phiếu {receipt_no}")
    for rest in rests:
        label = NOTES.sub("", rest.line.text).strip().rstrip(":")
        yield Heading((FormText(f"{label} (tiếp theo):" if label else "(tiếp theo)", bold=True),))
        yield listed(rest.item, list(answers[rest.item.key])[rest.shown :], rest.shown + 1, least=0)
    if signed is not None:
        yield Signatures(right=signed)
