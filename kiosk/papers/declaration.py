"""The declaration to sign: the official form's own words and order, filled in with what was said.

Lines come from the procedure file; nothing of a form stands here. What follows the oath in the file stands below the
signature, as on the civil-status forms. A file whose form was never compared with the ward's own sheet says so at the
foot of every page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from kiosk import clock
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.papers import letterhead, signature_blocks, tables, wording
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, Procedure
from kiosk.procedures.model import DeclarationLine as Told
from printers.document import Block, Gap
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.render.pdf import render_sheet
from printers.sheet import (
    Answer,
    LetterBoxes,
    Footnotes,
    Heading,
    FormLine,
    NationalHeader,
    Part,
    FormText,
    Sheet,
    Title,
)

COMPARED = "compared"
"""The confidence of a declaration that the ward has laid beside its own sheet."""
ID_DIGITS = 12
LONGEST_BESIDE_CODE = 34
"""Letters of a title that do not reach under the code in the corner."""


@dataclass(frozen=True)
class Head:
    """Where and when a form was filled in, and under which number; `at` is aware."""

    ward: str
    machine: str
    receipt_no: str
    at: datetime
    practice: bool = False


def declaration(context: Context, submission_id: str) -> Sheet | None:
    """Return the declaration of a submission; None when its body was wiped or its procedure has no form."""
    held = open_submission(context, submission_id)
    if held is None or held.procedure.declaration is None:
        return None
    head = Head(
        ward=context.office.short,
        machine=letterhead.machine(context.config),
        receipt_no=held.submission.receipt_no,
        at=held.submission.completed_at,
        practice=context.config.kiosk.practice,
    )
    return sheet(held.procedure, held.procedure.declaration, held.answers, head)


def pdf(context: Context, submission_id: str) -> bytes | None:
    """Return the declaration of a submission as PDF; None when there is none any more."""
    found = declaration(context, submission_id)
    return render_sheet(found) if found else None


def sheet(procedure: Procedure, form: Declaration, answers: Mapping[str, Any], head: Head) -> Sheet:
    """Return a form filled in with whole answers (those of `filling.complete`)."""
    today = clock.local(head.at).date()
    lines = [line for line in form.lines if holds(line.when, answers, today)]
    last = max((number for number, line in enumerate(lines) if line.oath), default=len(lines)) + 1

    def compose(limits: tables.Limits, *more: Block) -> Sheet:
        setting = _Setting(procedure, answers, limits)
        return Sheet(
            (
                *_top(form),
                *setting.blocks(lines[:last]),
                *signature_blocks.blocks(procedure, form, answers, today),
                *setting.blocks(lines[last:]),
                *_notes(form),
                *more,
            ),
            title=form.title.capitalize(),
            qr=head.receipt_no,
            foot=_foot(form, procedure, head),
            receipt=head.receipt_no,
            practice=head.practice,
        )

    counts = {line.table: len(answers.get(line.table) or ()) for line in lines if line.table}
    limits = tables.fitting(counts, compose)
    rests = [
        tables.Rest(line, procedure.by_key[line.table], limits[line.table])
        for line in lines
        if line.table and limits[line.table] < counts[line.table]
    ]
    signer = signature_blocks.signer(procedure, form, answers, today)
    return compose(limits, *tables.attached(rests, answers, form.title, head.receipt_no, signer))


def _top(form: Declaration) -> Iterator[Block]:
    if form.form_code:
        yield FormLine((FormText(f"{form.form_code}, {form.issued_by}", italic=True),))
        yield Gap(1)
    yield NationalHeader()
    if not form.form_code and len(form.title) > LONGEST_BESIDE_CODE:
        yield Gap(3)
    yield Title((form.title,), subtitle=form.subtitle)


def _notes(form: Declaration) -> Iterator[Block]:
    """The form's notes as (number, words), small."""
    if form.footnotes:
        pairs = (note.partition(" ") for note in form.footnotes)
        yield Footnotes(tuple((number, words) for number, _, words in pairs))


def _foot(form: Declaration, procedure: Procedure, head: Head) -> str:
    compared = f"đối chiếu ngày {procedure.checked_on:%d/%m/%Y}" if form.confidence == COMPARED else "CHƯA ĐỐI CHIẾU"
    when = letterhead.moment(head.at)
    return f"Khai tại kiosk {head.ward}, {head.machine}, {when}. Xin đọc lại trước khi ký. Mẫu {compared}."


class _Setting:
    """One procedure's answers, set line by line."""

    def __init__(self, procedure: Procedure, answers: Mapping[str, Any], limits: tables.Limits) -> None:
        self._procedure = procedure
        self._answers = answers
        self._limits = limits

    def blocks(self, lines: list[Told]) -> Iterator[Block]:
        """Return the blocks of some lines; neighbours made of cells are one table."""
        before: Told | None = None
        for is_table, told in groupby(lines, lambda line: bool(line.cells)):
            if is_table:
                yield tables.persons(self._procedure, self._answers, list(told))
                continue
            for line in told:
                yield from self._line(line, before)
                before = line

    def _line(self, line: Told, before: Told | None) -> Iterator[Block]:
        if line.oath:
            yield FormLine((FormText(line.text),), align="justify", space_above=1.5)
        elif line.bold and not wording.keys(line.text):
            yield Heading(tuple(part for part in self._parts(line.text, bold=True) if isinstance(part, FormText)))
        elif line.text.startswith("Kính gửi"):
            yield FormLine(tuple(map(_close, self._parts(line.text, bold=line.bold))), align="centre")
        elif line.each:
            rows = max(len(self._answers.get(line.each) or ()), 1)
            for row in range(rows):
                yield from self._running(replace(line, text=wording.of_row(line.text, line.each, row)), before)
        else:
            yield from self._running(line, before)
        if line.table:
            yield from self._table(line)

    def _parts(self, text: str, *, bold: bool = False) -> tuple[Part, ...]:
        return wording.parts(self._procedure, self._answers, text, bold=bold)

    def _running(self, line: Told, before: Told | None) -> Iterator[Block]:
        """A line in one row where it fits, parted between its pairs where it does not."""
        is_apart = line.table or not (wording.keys(line.text) or line.boxes) or self._begins(line, before)
        above = 1.0 if is_apart else 0.0
        indent = 10.0 if line.indent else 0.0
        if line.boxes:
            number = wording.written(self._procedure, self._answers, line.boxes)
            boxed: Part = LetterBoxes(number, ID_DIGITS) if len(number) <= ID_DIGITS else Answer(number)
            yield FormLine((*self._parts(line.text), boxed), space_above=above + 0.5, indent=indent)
            return
        for at, text in enumerate(self._rows(line.text)):
            parts = self._parts(text, bold=line.bold)
            leads = all(isinstance(part, FormText) for part in parts)
            yield FormLine(parts, space_above=0.0 if at else above, indent=indent, keep_with_next=leads)

    def _begins(self, line: Told, before: Told | None) -> bool:
        """Whether a line begins with somebody's name, and so a part of the form, without a heading over it."""
        if before and before.bold:
            return False
        found = wording.keys(line.text)
        item = self._procedure.by_key.get(found[0]) if found else None
        return item is not None and item.kind == "person_name"

    def _rows(self, text: str) -> list[str]:
        """The text, in rows where it may be parted: at a double space, and before a date in words."""
        rows: list[str] = []
        for pair in self._pairs(text):
            together = f"{rows[-1]} {pair}" if rows else pair
            if rows and self._height(together) == 1:
                rows[-1] = together
            else:
                rows.append(pair)
        return rows

    def _pairs(self, text: str) -> list[str]:
        for item in self._procedure.fields:
            if item.derive and "date_in_words" in item.derive:
                text = re.sub(rf"(?<=\}}) (?=[^{{}}]*\{{{item.key}\}})", "  ", text)
        return re.split(r"(?<=\}) {2,}", text)

    def _height(self, text: str) -> int:
        form = SHEET_MEASURES["A4"]
        return len(lay_line(FormLine(self._parts(text)), form, form.content_width))

    def _table(self, line: Told) -> Iterator[Block]:
        """The rows of a list, and where to find those that did not fit."""
        rows = list(self._answers.get(line.table) or ())
        shown = self._limits.get(line.table, len(rows))
        item = self._procedure.by_key[line.table]
        yield tables.listed(item, rows[:shown])
        if shown < len(rows):
            yield tables.elsewhere(tables.Rest(line, item, shown), len(rows))


def _close(part: Part) -> Part:
    """The addressee's dots end with its words."""
    return Answer(part.text, grow=0) if isinstance(part, Answer) else part
