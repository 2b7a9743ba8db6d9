"""Declaration to sign: the words and order of the official form, filled in with the answers.

All lines come from the procedure file. Lines after the oath are below the signature, as on most civil-status forms. The
foot of every page says whether the ward has compared the form with the official sheet. Forms that are enclosed with the
declaration follow it, each with pages, QR and signatures of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from kiosk import comparison
from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.papers import assisted_signing, letterhead, signature_blocks, tables, wording
from kiosk.papers.assisted_signing import AssistedSigning
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, DeclarationLine, Procedure
from kiosk.procedures.printed_forms import needed_forms, placed_forms
from printers.document import Block, Gap
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.render.pdf import render_sheet
from printers.sheet import (
    Answer,
    Columns,
    Footnotes,
    FormLine,
    FormText,
    Heading,
    LetterBoxes,
    NationalHeader,
    Part,
    Sheet,
    Signature,
    Signatures,
    Title,
)

ID_DIGITS = 12
ISSUED = "ban hành"
"""First words of a document's name that follow the number of the form without a comma."""
ORIGIN_SHARE = 0.82
"""Share of the width that the name of the form's document has beside the QR in the corner."""
LONGEST_BESIDE_CODE = 34
"""Letters of the longest title that does not reach under the QR in the corner."""
RowCount = Callable[[tuple[Part, ...]], int]


@dataclass(frozen=True)
class FormHeader:
    """Place, time and receipt number of a filled-in form; `at` is aware."""

    ward: str
    machine: str
    receipt_no: str
    at: datetime
    compared: str = ""
    """Sentence on whether the form was compared with the official sheet."""
    practice: bool = False
    assisted: AssistedSigning | None = None
    """The officer who wrote the form for the citizen, if one did."""


def declaration(context: Context, submission_id: str) -> Sheet | None:
    """Return the declaration of a submission with its enclosed forms.

    None when its body was wiped or its procedure has no form.
    """
    opened = open_submission(context, submission_id)
    if opened is None or opened.procedure.declaration is None:
        return None
    header = FormHeader(
        ward=context.office.short,
        machine=letterhead.machine_name(context.config),
        receipt_no=opened.submission.receipt_no,
        at=opened.submission.completed_at,
        compared=comparison.form_sentence(comparison.load(context, opened.procedure)),
        practice=context.config.kiosk.practice,
        assisted=assisted_signing.of_submission(context, opened),
    )
    return complete_sheet(opened.procedure, answers=opened.answers, header=header)


def complete_sheet(
    procedure: Procedure, *, answers: Mapping[str, Any], header: FormHeader, row_count_of: RowCount | None = None
) -> Sheet:
    """Return the declaration filled in, followed by the forms that are enclosed with it for these answers.

    Args:
        row_count_of: `row_count` with a cache, for made-up answers only: a cache would keep those of a citizen.
    """
    today = clock.local(header.at).date()
    first, *enclosed = (
        sheet(procedure, form, answers=answers, header=header, row_count_of=row_count_of or row_count)
        for form in needed_forms(procedure, answers, today)
    )
    return replace(first, annexes=(*first.annexes, *enclosed))


def pdf(context: Context, submission_id: str) -> bytes | None:
    """Return the declaration of a submission as PDF; None when it has none or was wiped."""
    document = declaration(context, submission_id)
    return render_sheet(document) if document else None


def row_count(parts: tuple[Part, ...]) -> int:
    """Return the number of rows of a line on A4."""
    measures = SHEET_MEASURES["A4"]
    return len(lay_line(FormLine(parts), measures, measures.content_width))


def sheet(
    procedure: Procedure,
    form: Declaration,
    *,
    answers: Mapping[str, Any],
    header: FormHeader,
    row_count_of: RowCount = row_count,
) -> Sheet:
    """Return a form filled in with complete answers (of `procedures.answers.complete`)."""
    today = clock.local(header.at).date()
    lines = [line for line in form.lines if holds(line.when, answers, today)]
    above = (number for number, line in enumerate(lines) if line.oath or line.above_signature)
    last = max(above, default=len(lines)) + 1

    def compose(limits: tables.Limits, *more: Block) -> Sheet:
        form_blocks = _FormBlocks(procedure, answers, limits, row_count_of)
        return Sheet(
            (
                *_top(form),
                *form_blocks.blocks(lines[:last]),
                *signature_blocks.blocks(procedure, form, answers=answers, today=today),
                *form_blocks.blocks(lines[last:]),
                *assisted_signing.blocks(header.assisted),
                *_notes(form),
                *more,
            ),
            title=form.title.capitalize(),
            qr=header.receipt_no,
            foot=_foot(header),
            receipt=header.receipt_no,
            practice=header.practice,
        )

    in_form = [line for line in lines if line.table and not line.annex]
    counts = {line.table: len(answers.get(line.table) or ()) for line in in_form}
    limits = tables.choose_limits(counts, compose)
    rests = [
        tables.RemainingRows(line, procedure.by_key[line.table], limits[line.table])
        for line in in_form
        if limits[line.table] < counts[line.table]
    ]
    signature = signature_blocks.attachment_signature(procedure, form, answers=answers, today=today)
    attachment = tables.attachment_blocks(
        rests, answers, form=form.title, receipt_no=header.receipt_no, signature=signature
    )
    annexes = [
        _annex(procedure, line, answers=answers, form=form, header=header, signature=signature)
        for line in lines
        if line.table and line.annex
    ]
    return replace(compose(limits, *attachment), annexes=tuple(annexes))


def _annex(
    procedure: Procedure,
    line: DeclarationLine,
    *,
    answers: Mapping[str, Any],
    form: Declaration,
    header: FormHeader,
    signature: Signature | None,
) -> Sheet:
    """Return the landscape sheet of a table that is too wide for the form."""
    rows = list(answers.get(line.table) or ())
    grid = tables.list_grid(procedure.by_key[line.table], rows, number_head=line.number_head)
    signatures = (Signatures(right=signature),) if signature else ()
    return Sheet(
        (*tables.annex_head(line, form=form.title, receipt_no=header.receipt_no), grid, *signatures),
        title=form.title.capitalize(),
        size="A4 landscape",
        foot=_foot(header),
        receipt=header.receipt_no,
        practice=header.practice,
    )


def _top(form: Declaration) -> Iterator[Block]:
    if form.form_code:
        joint = " " if form.issued_by.startswith(ISSUED) else ", "
        origin = FormLine((FormText(f"{form.form_code}{joint}{form.issued_by}", italic=True),))
        yield Columns((origin,), (), share=ORIGIN_SHARE)
        yield Gap(1)
    yield NationalHeader()
    if not form.form_code and len(form.title) > LONGEST_BESIDE_CODE:
        yield Gap(3)
    yield Title((form.title,), subtitle=form.subtitle)


def _notes(form: Declaration) -> Iterator[Block]:
    """Yield the footnotes of the form."""
    if form.footnotes:
        pairs = (note.partition(" ") for note in form.footnotes)
        yield Footnotes(tuple((number, words) for number, _, words in pairs))


def blank(procedure: Procedure, *, foot: str, at: datetime) -> Sheet:
    """Return the forms of a procedure without answers and with all their lines, also those of single situations."""
    first, *enclosed = (_blank(procedure, form, foot=foot, at=at) for _place, form in placed_forms(procedure))
    return replace(first, annexes=(*first.annexes, *enclosed))


def _blank(procedure: Procedure, form: Declaration, *, foot: str, at: datetime) -> Sheet:
    lines = tuple(replace(line, when=()) for line in form.lines)
    signatures = tuple(replace(signature, when=()) for signature in form.signatures)
    header = FormHeader(ward="", machine="", receipt_no="", at=at)
    whole = replace(form, lines=lines, signatures=signatures)
    return replace(sheet(procedure, whole, answers={}, header=header), foot=foot)


def _foot(header: FormHeader) -> str:
    when = letterhead.format_moment(header.at)
    return f"Khai tại {header.ward}, {header.machine}, {when}. Xin đọc lại trước khi ký. {header.compared}".rstrip()


class _FormBlocks:
    """The lines of a form as blocks, filled in with the answers."""

    def __init__(
        self, procedure: Procedure, answers: Mapping[str, Any], limits: tables.Limits, row_count_of: RowCount
    ) -> None:
        self._procedure = procedure
        self._answers = answers
        self._limits = limits
        self._row_count_of = row_count_of

    def blocks(self, lines: list[DeclarationLine]) -> Iterator[Block]:
        """Yield the blocks of some lines; neighbouring lines with cells are one table."""
        before: DeclarationLine | None = None
        for is_table, group in groupby(lines, lambda line: bool(line.cells)):
            if is_table:
                yield tables.persons_grid(self._procedure, self._answers, list(group))
                continue
            for line in group:
                yield from self._line(line, before)
                before = line

    def _line(self, line: DeclarationLine, before: DeclarationLine | None) -> Iterator[Block]:
        if line.oath:
            words = wording.fill_text(self._procedure, self._answers, line.text)
            yield FormLine((FormText(words),), align="justify", space_above=1.5)
        elif line.bold and not wording.named_keys(line.text):
            yield Heading(tuple(part for part in self._parts(line.text, bold=True) if isinstance(part, FormText)))
        elif line.text.startswith("Kính gửi"):
            yield FormLine(tuple(map(_end_dots, self._parts(line.text, bold=line.bold))), align="centre")
        elif line.italic:
            yield self._italic(line)
        elif line.each:
            rows = max(len(self._answers.get(line.each) or ()), 1)
            for row in range(rows):
                yield from self._running_line(replace(line, text=wording.for_row(line.text, line.each, row)), before)
        else:
            yield from self._running_line(line, before)
        if line.table:
            yield from self._table(line)

    def _parts(self, text: str, *, bold: bool = False) -> tuple[Part, ...]:
        return wording.line_parts(self._procedure, self._answers, text, bold=bold)

    def _italic(self, line: DeclarationLine) -> FormLine:
        parts = (replace(part, italic=True) if isinstance(part, FormText) else part for part in self._parts(line.text))
        return FormLine(tuple(parts), align="justify", space_above=1.0)

    def _running_line(self, line: DeclarationLine, before: DeclarationLine | None) -> Iterator[Block]:
        """Yield a line in one row, or broken between its pairs of label and answer where it is too long."""
        is_apart = line.table or not (wording.named_keys(line.text) or line.boxes) or self._begins_part(line, before)
        space_above = 1.0 if is_apart else 0.0
        indent = 10.0 if line.indent else 0.0
        if line.boxes:
            number = wording.answer_text(self._procedure, self._answers, line.boxes)
            boxed: Part = LetterBoxes(number, ID_DIGITS) if len(number) <= ID_DIGITS else Answer(number)
            yield FormLine((*self._parts(line.text), boxed), space_above=space_above + 0.5, indent=indent)
            return
        for at, text in enumerate(self._rows(line.text)):
            parts = self._parts(text, bold=line.bold)
            leads = all(isinstance(part, FormText) for part in parts)
            yield FormLine(parts, space_above=0.0 if at else space_above, indent=indent, keep_with_next=leads)

    def _begins_part(self, line: DeclarationLine, before: DeclarationLine | None) -> bool:
        """Return whether a line begins a part of the form: with a person's name, and without a heading above it."""
        if before and before.bold:
            return False
        keys = wording.named_keys(line.text)
        item = self._procedure.by_key.get(keys[0]) if keys else None
        return item is not None and item.kind == "person_name"

    def _rows(self, text: str) -> list[str]:
        """Return the text in rows; it may be broken at a double space, and before a date in words."""
        rows: list[str] = []
        for pair in self._pairs(text):
            joined = f"{rows[-1]} {pair}" if rows else pair
            if rows and self._row_count(joined) == 1:
                rows[-1] = joined
            else:
                rows.append(pair)
        return rows

    def _pairs(self, text: str) -> list[str]:
        for item in self._procedure.fields:
            if item.derive and "date_in_words" in item.derive:
                text = re.sub(rf"(?<=\}}) (?=[^{{}}]*\{{{item.key}\}})", "  ", text)
        return re.split(r"(?<=[}…]) {2,}", text)

    def _row_count(self, text: str) -> int:
        return self._row_count_of(self._parts(text))

    def _table(self, line: DeclarationLine) -> Iterator[Block]:
        """Yield the rows of a list, and where the other rows are."""
        rows = list(self._answers.get(line.table) or ())
        shown = self._limits.get(line.table, len(rows))
        item = self._procedure.by_key[line.table]
        if line.annex:
            yield tables.annex_line(len(rows))
            return
        yield tables.list_grid(item, rows[:shown], number_head=line.number_head)
        if shown < len(rows):
            yield tables.remainder_line(tables.RemainingRows(line, item, shown), len(rows))


def _end_dots(part: Part) -> Part:
    """End the dots of an answer with its words."""
    return Answer(part.text, grow=0) if isinstance(part, Answer) else part
