"""Where a declaration is signed: one block at the right, two side by side, or three and four in a row as on CT01.

A block's note in the file says what is written there: what stands before the first semicolon is the hint under the
title, and every part after it is a dotted line below the space for the hand.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.papers import wording
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, Procedure
from kiosk.procedures.model import Signature as Place
from printers.document import Block, Gap
from printers.printable_text import NO_BREAK
from printers.render.line_layout import SHEET_MEASURES, MM
from printers.sheet import Answer, Columns, DottedLines, FormLine, FormText, Signature, Signatures

SPACE = 24
"""Millimetres left for the hand."""
GUTTER = 6
"""Millimetres between two columns, as the sheet sets them."""
ROOM = SHEET_MEASURES["A4"].content_width / MM


def blocks(
    procedure: Procedure, declaration: Declaration, answers: Mapping[str, Any], today: date
) -> tuple[Block, ...]:
    """Return place and date with the signature blocks that apply."""
    places = [one for one in declaration.signatures if holds(one.when, answers, today)]
    place_date = _place_date(procedure, declaration, answers)
    if len(places) > 2:
        above = (FormLine((FormText(place_date, italic=True),), align="right"),) if place_date else ()
        heads = _row([_head(one) for one in places])
        return (*above, Gap(2), _whole(heads, Gap(SPACE), _row([_below(one, procedure, answers) for one in places])))
    signed = [_signature(one, one.note, procedure, answers) for one in places]
    left, right = signed if len(signed) == 2 else (None, signed[0] if signed else None)
    return (Signatures(left, right, place_date=place_date, space=SPACE),)


def signer(procedure: Procedure, declaration: Declaration, answers: Mapping[str, Any], today: date) -> Signature | None:
    """Return who signs the sheets that go with a form: the one whose declaration it is, at the form's end."""
    places = [one for one in declaration.signatures if holds(one.when, answers, today)]
    if not places:
        return None
    return _signature(places[-1], _hint(places[-1])[0], procedure, answers)


def _signature(one: Place, hint: str, procedure: Procedure, answers: Mapping[str, Any]) -> Signature:
    title, note = _noted(one.title)
    return Signature(title=title, hint=hint, name=_name(one, procedure, answers), note=note)


def _place_date(procedure: Procedure, declaration: Declaration, answers: Mapping[str, Any]) -> str:
    """Return "Làm tại: phường Phú Xuân, ngày 25 tháng 11 năm 2026"."""
    text = declaration.place_and_date
    for key in wording.keys(text):
        item = procedure.by_key.get(key)
        if item is not None and item.kind == "date":
            text = text.replace(f"ngày {{{key}}}", long_date(str(answers.get(key) or "")))
    return wording.filled(procedure, answers, text)


def long_date(iso: str) -> str:
    """Return "ngày 25 tháng 11 năm 2026", as the end of an official paper has it; gaps for what is not known."""
    year, month, day = (*iso.split("-"), "", "", "")[:3] if iso else ("", "", "")
    return f"ngày {day or '……'} tháng {month or '……'} năm {year or '………'}"


def _name(one: Place, procedure: Procedure, answers: Mapping[str, Any]) -> str:
    return wording.written(procedure, answers, one.name) if one.name else ""


def _hint(one: Place) -> tuple[str, list[str]]:
    hint, *below = one.note.split(";")
    if below:
        hint, below[-1] = f"{hint})", below[-1].strip().removesuffix(")")
    return hint, [f"{part.strip()[:1].upper()}{part.strip()[1:]}" for part in below]


def _head(one: Place) -> tuple[Block, ...]:
    title, note = _noted(one.title)
    said = FormText(_bound(title, 2), bold=True, note=note)
    hint = FormText(_bound(_hint(one)[0], 4), italic=True)
    return FormLine((said,), align="centre"), FormLine((hint,), align="centre")


def _noted(text: str) -> tuple[str, str]:
    """Return words and the note number after them: "NGƯỜI KÊ KHAI", "(6)"."""
    words, _, note = text.partition(" (")
    return words, f"({note}" if note else ""


def _bound(text: str, words: int) -> str:
    """The last words held together, so that none stands on a line alone."""
    *before, last = text.rsplit(" ", words)
    return " ".join(before[:1]) + (" " if before[:1] else "") + NO_BREAK.join([*before[1:], last])


def _below(one: Place, procedure: Procedure, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    found: list[Block] = []
    for label in _hint(one)[1]:
        words, note = _noted(label)
        found += [FormLine((FormText(words, note=note), FormText(":"))), DottedLines()]
    name = _name(one, procedure, answers)
    return (*found, FormLine((Answer(name, align="centre"),))) if name else tuple(found)


def _row(columns: list[tuple[Block, ...]], context: float = ROOM) -> Columns:
    """Columns of equal width in so many millimetres; the sheet knows two at a time."""
    first, second, *others = columns
    if not others:
        return Columns(first, second)
    width = (context - len(columns[1:]) * GUTTER) / len(columns)
    return Columns(first, (_row(columns[1:], context - width - GUTTER),), share=width / (context - GUTTER))


def _whole(*blocks: Block) -> Columns:
    """Blocks that no page tears apart: one column as wide as the sheet."""
    return Columns(blocks, (), share=ROOM / (ROOM - GUTTER))
