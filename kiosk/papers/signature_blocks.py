"""Signature blocks of a declaration: one at the right, two side by side, or three and four in a row as on CT01.

In a row, a block may begin with its own line for place and date (`date_line`) and end with dotted lines below the space
to sign in (`under`). A form has no block that it leaves out: a block that nobody signs in this case stays empty.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.papers import wording
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, Procedure
from kiosk.procedures.model import Signature as SignaturePlace
from printers.document import Block, Gap
from printers.printable_text import NO_BREAK
from printers.render.line_layout import MM, SHEET_MEASURES
from printers.sheet import Answer, Columns, DottedLines, FormLine, FormText, Signature, Signatures

SPACE = 24
"""Millimetres to sign in."""
GUTTER = 6
"""Millimetres between two columns, as in the layout of sheets."""
CONTENT_WIDTH = SHEET_MEASURES["A4"].content_width / MM
"""Millimetres between the margins of A4."""


def blocks(
    procedure: Procedure, declaration: Declaration, *, answers: Mapping[str, Any], today: date
) -> tuple[Block, ...]:
    """Return place and date with the signature blocks that apply."""
    places = [place for place in declaration.signatures if holds(place.when, answers, today)]
    place_date = _with_long_dates(declaration.place_and_date, procedure, answers)
    if len(places) > 2:
        above = (FormLine((FormText(place_date, italic=True),), align="right"),) if place_date else ()
        heads = _row([_head(place) for place in places])
        names = _row([_below(place, procedure, answers) for place in places])
        return (*above, Gap(2), _unbroken(heads, Gap(SPACE), names))
    signatures = [_signature(place, procedure, answers) for place in places]
    left, right = signatures if len(signatures) == 2 else (None, signatures[0] if signatures else None)
    return (Signatures(left, right, place_date=place_date, space=SPACE),)


def attachment_signature(
    procedure: Procedure, declaration: Declaration, *, answers: Mapping[str, Any], today: date
) -> Signature | None:
    """Return the signature of the declaring person, the last one of the form, for its attachment sheets."""
    places = [place for place in declaration.signatures if holds(place.when, answers, today)]
    if not places:
        return None
    return _signature(places[-1], procedure, answers)


def _signature(place: SignaturePlace, procedure: Procedure, answers: Mapping[str, Any]) -> Signature:
    title, note = _split_note(place.title)
    date_line = _with_long_dates(place.date_line, procedure, answers)
    return Signature(
        title=title, hint=place.note, name=_name(place, procedure, answers), note=note, date_line=date_line
    )


def _with_long_dates(text: str, procedure: Procedure, answers: Mapping[str, Any]) -> str:
    """Return "Làm tại: phường Phú Xuân, ngày 25 tháng 11 năm 2026"."""
    for key in wording.named_keys(text):
        item = procedure.by_key.get(key)
        if item is not None and item.kind == "date":
            day = long_date(str(answers.get(key) or ""))
            text = text.replace(f"ngày {{{key}}}", day).replace(f"Ngày {{{key}}}", day.capitalize())
    return wording.fill_text(procedure, answers, text)


def long_date(iso: str) -> str:
    """Return "ngày 25 tháng 11 năm 2026", as at the end of official papers; gaps for unknown parts."""
    year, month, day = (*iso.split("-"), "", "", "")[:3] if iso else ("", "", "")
    return f"ngày {day or '……'} tháng {month or '……'} năm {year or '………'}"


def _name(place: SignaturePlace, procedure: Procedure, answers: Mapping[str, Any]) -> str:
    return wording.answer_text(procedure, answers, place.name) if place.name else ""


def _head(place: SignaturePlace) -> tuple[Block, ...]:
    words, note = _split_note(place.title)
    date_line = place.date_line.replace(" …", f"{NO_BREAK}…")
    lines = [FormLine((FormText(date_line, italic=True),), align="centre")] if date_line else []
    lines.append(FormLine((FormText(_bind_last_words(words, 2), bold=True, note=note),), align="centre"))
    if place.note:
        lines.append(FormLine((FormText(_bind_last_words(place.note, 4), italic=True),), align="centre"))
    return tuple(lines)


def _split_note(text: str) -> tuple[str, str]:
    """Return words and the footnote number after them: "NGƯỜI KÊ KHAI", "(6)"."""
    words, _, note = text.partition(" (")
    return words, f"({note}" if note else ""


def _bind_last_words(text: str, count: int) -> str:
    """Join the last words by no-break spaces, so that none is on a line alone."""
    *before, last = text.rsplit(" ", count)
    return " ".join(before[:1]) + (" " if before[:1] else "") + NO_BREAK.join([*before[1:], last])


def _below(place: SignaturePlace, procedure: Procedure, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    """Return the dotted lines and the name below the space to sign in."""
    below: list[Block] = []
    for label in place.under:
        below += [FormLine((FormText(label),)), DottedLines()]
    name = _name(place, procedure, answers)
    return (*below, FormLine((Answer(name, align="centre"),))) if name else tuple(below)


def _row(columns: list[tuple[Block, ...]], available_width: float = CONTENT_WIDTH) -> Columns:
    """Return columns of equal width, in millimetres; `Columns` has only two, so that they are nested."""
    first, second, *others = columns
    if not others:
        return Columns(first, second)
    width = (available_width - len(columns[1:]) * GUTTER) / len(columns)
    rest = _row(columns[1:], available_width - width - GUTTER)
    return Columns(first, (rest,), share=width / (available_width - GUTTER))


def _unbroken(*blocks: Block) -> Columns:
    """Return blocks that no page break splits: one column as wide as the sheet."""
    return Columns(blocks, (), share=CONTENT_WIDTH / (CONTENT_WIDTH - GUTTER))
