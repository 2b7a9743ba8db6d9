"""Layout of official sheets: blocks fill the page downwards and continue on the next pages.

Each kind of block has one function in `PIECES`; it returns rows that no page break splits. A heading is kept with the
next block, signatures and columns are kept whole, a table repeats its head.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from printers import sheet as form_of
from printers.document import PRACTICE_LINE, PRACTICE_WORD, Block, Gap, Rule
from printers.render import codes, shapes
from printers.render.bar_layout import lay_bars
from printers.render.line_layout import MM, SHEET_MEASURES, SheetMeasures, lay_line
from printers.render.pdf_fonts import ANSWER, FORM, FORM_BOLD, FORM_ITALIC, PLAIN, STRONG, text_width
from printers.render.pieces import Column, Piece, paragraph
from printers.render.primitives import (
    Bar,
    DottedLine,
    LaidBlock,
    Mark,
    Modules,
    Page,
    TextMark,
    place_below,
    stack,
    translate,
)
from printers.render.table_layout import lay_grid

CODE = 17  # mm: the code in the corner; the title begins below it
KEPT_ROWS = 4  # rows that are kept with a place to sign
LONG_BLOCK = 8  # rows: of a longer block only the end is kept with it
FOOT = 0.66  # of the form's size
SQUEEZES = (1.0, 0.95, 0.9, 0.86, 0.82)  # of the pitch
DENSEST = 0.78  # of the pitch, with footnotes as a paragraph, where that brings a form to one page
DENSE_SIGNING = 0.7  # of the height to sign in: 17 mm
LONGEST_NOTES = 0.4  # of a page: longer footnotes have a page of their own
MAX_SQUEEZED_PAGES = 8  # in a long register closer lines save nothing, and trying them takes seconds


def lay_sheet(sheet: form_of.Sheet) -> list[Page]:
    """Return the pages of a sheet, each with its foot.

    Lines are set a little closer where that saves a page, first of all one before the footnotes: a page with nothing
    but a place to sign must not exist. Footnotes that would still be alone on a page become one paragraph, if that
    brings them to the page of the form; else they take the signature with them. Only notes that fill a page, as those
    of form CT01 do, have one of their own: it is the back of the form.
    """
    measures = SHEET_MEASURES[sheet.size]
    blocks = _break_pages(sheet, measures)
    if 1 < len(blocks) <= MAX_SQUEEZED_PAGES:
        blocks = _squeezed_pages(sheet, measures)
    pages = [
        _finish_page(block, sheet=sheet, measures=measures, page_number=number, page_count=len(blocks))
        for number, block in enumerate(blocks, 1)
    ]
    return pages + [page for annex in sheet.annexes for page in lay_sheet(annex)]


def _squeezed_pages(sheet: form_of.Sheet, measures: SheetMeasures) -> list[LaidBlock]:
    """Return the pages with the loosest lines that need as few pages as the closest."""
    best, tightest = _squeeze(sheet, measures, SQUEEZES[-1])
    if best[1] > best[0]:
        paragraph_notes = _with_notes(sheet, "paragraph")
        fewer, fewer_pages = _squeeze(paragraph_notes, measures, SQUEEZES[-1])
        dense = _break_pages(paragraph_notes, _closer(measures, DENSEST, signing=DENSE_SIGNING))
        if fewer < best:
            sheet = paragraph_notes
            best = fewer
            tightest = fewer_pages
        elif len(dense) < len(tightest):
            return dense
        elif _notes_height(sheet, measures) < LONGEST_NOTES * measures.height:
            return _pages_with_kept_notes(sheet, measures, tightest)
    looser = (_squeeze(sheet, measures, factor) for factor in SQUEEZES[:-1])
    return next((pages for counts, pages in looser if counts == best), tightest)


def _pages_with_kept_notes(
    sheet: form_of.Sheet, measures: SheetMeasures, notes_alone: list[LaidBlock]
) -> list[LaidBlock]:
    """Return the pages with the footnotes below the signature, if they are no more than with the notes alone."""
    kept = _with_notes(sheet, "with signature")
    tries = (_squeeze(kept, measures, factor)[1] for factor in SQUEEZES)
    return next((pages for pages in tries if len(pages) <= len(notes_alone)), notes_alone)


def _with_notes(sheet: form_of.Sheet, manner: form_of.NoteManner) -> form_of.Sheet:
    blocks = (
        replace(block, manner=manner) if isinstance(block, form_of.Footnotes) else block for block in sheet.blocks
    )
    return replace(sheet, blocks=tuple(blocks))


def _notes_height(sheet: form_of.Sheet, measures: SheetMeasures) -> float:
    column = Column(measures, measures.content_width)
    notes = (block for block in sheet.blocks if isinstance(block, form_of.Footnotes))
    return sum(piece.laid.height for block in notes for piece in _footnotes(block, column))


def _closer(measures: SheetMeasures, factor: float, signing: float = 1.0) -> SheetMeasures:
    """Return measures with closer lines and a share of the height to sign in."""
    return replace(
        measures,
        answer_pitch=factor * measures.answer_pitch,
        text_pitch=max(factor, SQUEEZES[1]) * measures.text_pitch,
        signing=signing,
    )


def _squeeze(sheet: form_of.Sheet, measures: SheetMeasures, factor: float) -> tuple[tuple[int, int], list[LaidBlock]]:
    """Return the pages with closer lines, and before them the number of pages without footnotes and with them."""
    measures = _closer(measures, factor)
    body = tuple(block for block in sheet.blocks if not isinstance(block, form_of.Footnotes))
    pages = _break_pages(sheet, measures)
    without_notes = len(pages) if body == sheet.blocks else len(_break_pages(replace(sheet, blocks=body), measures))
    return (without_notes, len(pages)), pages


def _break_pages(sheet: form_of.Sheet, measures: SheetMeasures) -> list[LaidBlock]:
    """Return the blocks page by page, and the notice at the end of the last, kept with the piece before it."""
    bottom = measures.height - measures.bottom - (3.5 * MM if sheet.foot or sheet.receipt else 0)
    notice = _notice(sheet, measures)
    pieces = _pieces(sheet.blocks, Column(measures, measures.content_width))
    if notice.height and pieces:
        pieces = [*pieces[:-1], replace(pieces[-1], keep_with_next=True), Piece(LaidBlock(notice.height))]
    pages = _fill_pages(pieces, measures.top, bottom)
    pages[-1] = LaidBlock(bottom, (*pages[-1].marks, *translate(notice.marks, 0, bottom - notice.height)))
    return pages


def _pieces(blocks: tuple[Block, ...], column: Column) -> list[Piece]:
    """Return the pieces of all blocks; those before a place to sign are kept with it."""
    pieces_by_block: list[list[Piece]] = []
    kept_lines = 1 if any(_keeps_signature(block) for block in blocks) else KEPT_ROWS
    for number, block in enumerate(blocks):
        if isinstance(block, form_of.Signatures | form_of.Columns):
            _keep_with_signatures(blocks[:number], pieces_by_block, kept_lines)
        if _keeps_signature(block):
            _keep_from_signatures(blocks[:number], pieces_by_block)
        pieces_by_block.append(PIECES[type(block)](block, column))
    return [piece for pieces in pieces_by_block for piece in pieces]


def _keeps_signature(block: Block) -> bool:
    return isinstance(block, form_of.Footnotes) and block.manner == "with signature"


def _keep_with_signatures(blocks: tuple[Block, ...], pieces_by_block: list[list[Piece]], lines: int) -> None:
    """Keep the end of the pieces so far with the next block: an oath and some lines, or a table's last row.

    Nobody should sign a page that has none of their answers.
    """
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        pieces = pieces_by_block[at]
        if isinstance(block, form_of.Grid):
            pieces_by_block[at] = [*pieces[:-2], *(replace(piece, keep_with_next=True) for piece in pieces[-2:])]
            return
        free = pieces[:-KEPT_ROWS] if len(pieces) > LONG_BLOCK else []
        kept = pieces[len(free) :]
        pieces_by_block[at] = [*free, *(replace(piece, keep_with_next=True) for piece in kept)]
        if free:
            return
        lines -= isinstance(block, form_of.FormLine) and block.align == "left"
        if not lines:
            return


def _keep_from_signatures(blocks: tuple[Block, ...], pieces_by_block: list[list[Piece]]) -> None:
    """Keep the last place to sign, and what follows it, with the next block."""
    for at in range(len(blocks) - 1, -1, -1):
        pieces_by_block[at] = [replace(piece, keep_with_next=True) for piece in pieces_by_block[at]]
        if isinstance(blocks[at], form_of.Signatures):
            return


def _fill_pages(pieces: list[Piece], top: float, bottom: float) -> list[LaidBlock]:
    """Return the pieces in pages; the height of a page is where its content ends."""
    pages = [LaidBlock(top)]
    for number, piece in enumerate(pieces):
        needed = piece.laid.height
        for before, after in zip(pieces[number:], pieces[number + 1 :], strict=False):
            if not before.keep_with_next:
                break
            needed += after.laid.height
        if needed > bottom - top:
            needed = piece.laid.height  # pieces that no page can keep together are broken until one can
        page = pages[-1]
        if piece.starts_page or (page.height + needed > bottom and page.height > top):
            page = LaidBlock(top)
            pages.append(page)
            if piece.repeated_head:
                page = place_below(page, piece.repeated_head)
        pages[-1] = place_below(page, piece.laid)
    return pages


def _underline(laid: LaidBlock, available_width: float, style: tuple[str, float], text: str) -> LaidBlock:
    """Return a block with a line under it as wide as a text, as under the motto."""
    width = min(text_width(text, style), available_width)
    line = Bar(x=(available_width - width) / 2, y=laid.height + 1.2, width=width, height=0.8)
    return LaidBlock(laid.height + 3, (*laid.marks, line))


def _line(block: form_of.FormLine, column: Column) -> list[Piece]:
    laid = lay_line(block, column.measures, column.width)
    return [Piece(row, keep_with_next=block.keep_with_next) for row in laid]


def _heading(block: form_of.Heading, column: Column) -> list[Piece]:
    parts = (form_of.FormText(block.text, bold=True),) if isinstance(block.text, str) else block.text
    rows = lay_line(form_of.FormLine(parts, space_above=2), column.measures, column.width)
    rows[-1:] = [replace(row, height=row.height + 2) for row in rows[-1:]]
    return [Piece(row, keep_with_next=True) for row in rows]


def _national_header(block: form_of.NationalHeader, column: Column) -> list[Piece]:
    if not block.agency:
        return [Piece(_state(block, column.measures, column.width))]
    gap = 4 * MM
    left = 0.42 * (column.width - gap)
    right = 0.58 * (column.width - gap)
    agency = _agency(block, column.measures, left)
    state = _state(block, column.measures, right)
    marks = (*agency.marks, *translate(state.marks, left + gap, 0))
    return [Piece(LaidBlock(max(agency.height, state.height), marks))]


def _state(block: form_of.NationalHeader, measures: SheetMeasures, available_width: float) -> LaidBlock:
    """Return the name and motto of the state, the place and the date."""
    name = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto = "Độc lập - Tự do - Hạnh phúc"
    full_width = text_width(name, (FORM_BOLD, measures.size))
    size = min(measures.size, measures.size * available_width / full_width * 0.995)
    style = (FORM_BOLD, min(size * 1.05, measures.size * 1.05))
    lines = place_below(paragraph(name, (FORM_BOLD, size), available_width), paragraph(motto, style, available_width))
    laid = _underline(lines, available_width, style=style, text=motto)
    italic = (FORM_ITALIC, measures.size)
    if block.place_date:
        laid = place_below(laid, paragraph(block.place_date, italic, available_width).with_space_above(2))
    return place_below(laid, paragraph(block.copy, italic, available_width)) if block.copy else laid


def _agency(block: form_of.NationalHeader, measures: SheetMeasures, available_width: float) -> LaidBlock:
    first, *names = block.agency
    plain = (FORM, measures.size)
    bold = (FORM_BOLD, measures.size)
    lines = [paragraph(first, plain, available_width, balanced=True)]
    lines += [paragraph(name, bold, available_width, balanced=True) for name in names]
    laid = stack(lines)
    last = [mark for mark in laid.marks if isinstance(mark, TextMark)][-1:]
    laid = _underline(laid, available_width, style=bold, text=last[0].text if last else "")
    if not block.number:
        return laid
    return place_below(laid, paragraph(block.number, plain, available_width).with_space_above(1))


def _title(block: form_of.Title, column: Column) -> list[Piece]:
    form_size = column.measures.size
    size = form_size * (1.155 if form_size > 11 else 1.25)
    side = CODE * MM if block.qr else 0
    margin = side + 3 * MM if block.qr else 0
    available_width = column.width - 2 * margin
    lines = [paragraph(line, (FORM_BOLD, size), available_width) for line in block.lines]
    if block.subtitle:
        lines.append(paragraph(block.subtitle, (FORM_ITALIC, form_size), available_width))
    laid = stack(lines).with_space_above(form_size * 0.62)
    height = max(laid.height + form_size * 0.4, side + 3 * MM if block.qr else 0)
    code = _qr(block.qr, x=column.width - side, y=1 * MM, side=side) if block.qr else ()
    shift = max(0.0, (side + 1 * MM - laid.height) / 2) if block.qr else 0.0
    return [Piece(LaidBlock(height, (*translate(laid.marks, margin, shift), *code)), keep_with_next=True)]


def _gap(block: Gap, _column: Column) -> list[Piece]:
    return [Piece(LaidBlock(block.height * MM))]


def _rule(_block: Rule, column: Column) -> list[Piece]:
    return [Piece(LaidBlock(7, (Bar(x=0, y=3, width=column.width, height=0.8),)))]


def _dotted_lines(block: form_of.DottedLines, column: Column) -> list[Piece]:
    pitch = column.measures.answer_pitch
    return [Piece(LaidBlock(pitch, (DottedLine(0, 0.9 * pitch, column.width),))) for _ in range(block.lines)]


def _barcode(block: form_of.Barcode, column: Column) -> list[Piece]:
    """Return bars above their caption at the left, and a QR at the right."""
    side = 17 * MM if block.qr else 0
    available_width = column.width - (side + 12 * MM if block.qr else 0)
    row = codes.code128(block.data)
    module = min(available_width / (len(row) + 2 * codes.BAR_QUIET), 1.2)
    left = (available_width - module * len(row)) / 2
    bars = Modules(x=left, y=4, rows=(row,), module_width=module, module_height=25)
    caption = form_of.FormLine((form_of.FormText(block.label), form_of.Answer(block.data, grow=0)), align="centre")
    words = stack(lay_line(caption, column.measures, available_width))
    marks = (bars, *(mark for mark in translate(words.marks, 0, 30) if not isinstance(mark, DottedLine)))
    code = _qr(block.qr, x=column.width - side, y=1, side=side) if block.qr else ()
    return [Piece(LaidBlock(max(side + 4, 36 + column.measures.answer_pitch), (*marks, *code)))]


def _qr(data: str, *, x: float, y: float, side: float) -> tuple[Mark, ...]:
    rows = codes.qr(data)
    module = side / len(rows)
    return (Modules(x=x, y=y, rows=rows, module_width=module, module_height=module),)


def _columns(block: form_of.Columns, column: Column) -> list[Piece]:
    gap = 6 * MM
    left_width = (column.width - gap) * block.share
    left = _stack_blocks(block.left, replace(column, width=left_width))
    right = _stack_blocks(block.right, replace(column, width=column.width - gap - left_width))
    marks = (*left.marks, *translate(right.marks, left_width + gap, 0))
    return [Piece(LaidBlock(max(left.height, right.height), marks))]


def _stack_blocks(blocks: tuple[Block, ...], column: Column) -> LaidBlock:
    return stack(piece.laid for piece in _pieces(blocks, column))


def _signatures(block: form_of.Signatures, column: Column) -> list[Piece]:
    half = column.width / 2
    space = column.measures.signing * block.space
    left = _signature(block.left, space=space, measures=column.measures, available_width=half)
    right = _signature(block.right, space=space, measures=column.measures, available_width=half)
    laid = LaidBlock(max(left.height, right.height), (*left.marks, *translate(right.marks, half, 0)))
    if block.place_date:
        place_date = paragraph(block.place_date, (FORM_ITALIC, column.measures.size), column.width, align="right")
        laid = place_below(place_date, laid.with_space_above(2))
    return [Piece(laid.with_space_above(6))]


def _signature(
    signature: form_of.Signature | None, *, space: float, measures: SheetMeasures, available_width: float
) -> LaidBlock:
    if signature is None:
        return LaidBlock(0)
    title = form_of.FormText(signature.title, bold=True, note=signature.note)
    title_rows = lay_line(form_of.FormLine((title,), align="centre"), measures, available_width)
    hint_style = (FORM_ITALIC, measures.size * 0.88)
    hint = paragraph(signature.hint, hint_style, available_width, balanced=True)
    day = LaidBlock(0)
    if signature.date_line:
        day = paragraph(signature.date_line, (FORM_ITALIC, measures.size), available_width)
    name = LaidBlock(0)
    if signature.name:
        name = paragraph(signature.name, (ANSWER, measures.answer_size), available_width)
    return stack([day, *title_rows, hint, name.with_space_above(space * MM)])


def _footnotes(block: form_of.Footnotes, column: Column) -> list[Piece]:
    small = column.measures.size * 0.8
    rows = [LaidBlock(8, (Bar(x=0, y=4, width=40 * MM, height=0.6),))]
    if block.manner == "paragraph":
        words = "; ".join(f"{number}\u00a0{text}" for number, text in block.notes)
        parts = (form_of.FormText(f"{block.title} ", bold=True), form_of.FormText(f"{words}.", italic=True))
        rows += lay_line(form_of.FormLine(parts, align="justify"), column.measures, column.width, size=small)
        return [*(Piece(row, keep_with_next=True) for row in rows[:-1]), Piece(rows[-1])]
    title = form_of.FormLine((form_of.FormText(block.title, bold=True),))
    rows += lay_line(title, column.measures, column.width, size=small)
    for number, text in block.notes:
        note = form_of.FormLine((form_of.FormText(f"{number} {text}", italic=True),), align="justify")
        rows += lay_line(note, column.measures, column.width, size=small)
    return [*(Piece(row, keep_with_next=True) for row in rows[:-1]), Piece(rows[-1])]


def _notice(sheet: form_of.Sheet, measures: SheetMeasures) -> LaidBlock:
    """Return the notice for the reader, under a rule; it is at the end of the last page."""
    if not sheet.notice:
        return LaidBlock(0)
    line = form_of.FormLine(sheet.notice, align="justify")
    words = stack(lay_line(line, measures, measures.content_width, size=measures.size * 0.88))
    return place_below(LaidBlock(5, (Bar(x=0, y=0, width=measures.content_width, height=0.8),)), words)


def _finish_page(
    block: LaidBlock, *, sheet: form_of.Sheet, measures: SheetMeasures, page_number: int, page_count: int
) -> Page:
    """Return a page with its content inside the margins, QR, practice seal and foot."""
    marks = list(translate(block.marks, measures.left, 0))
    if sheet.qr and page_number == 1:
        side = CODE * MM
        marks += _qr(sheet.qr, x=measures.width - measures.right - side, y=measures.top, side=side)
    if sheet.practice:
        marks += _seal(measures)
    if sheet.foot or sheet.receipt:
        marks += _foot(sheet, measures, f"trang {page_number}/{page_count}")
    return Page(measures.width, measures.height, tuple(marks))


def _seal(measures: SheetMeasures) -> tuple[Mark, ...]:
    """Return the framed word of practice in the upper margin."""
    size = measures.size * 0.8
    top = measures.top * 0.3
    word_width = text_width(PRACTICE_WORD, (STRONG, size))
    baseline = top + size * 1.25
    small = measures.size * FOOT
    word = TextMark(
        x=measures.left + size / 2, y=baseline, text=PRACTICE_WORD, face=STRONG, size=size, width=word_width
    )
    line = TextMark(
        x=measures.left + word_width + size * 1.6,
        y=baseline,
        text=PRACTICE_LINE,
        face=ANSWER,
        size=small,
        width=text_width(PRACTICE_LINE, (ANSWER, small)),
    )
    frame = shapes.frame(measures.left, top, width=word_width + size, height=size * 1.75, thickness=1.2)
    return (*frame, word, line)


def _foot(sheet: form_of.Sheet, measures: SheetMeasures, page: str) -> tuple[Mark, ...]:
    """Return the foot in one line: place and time, receipt number, page; smaller where it would be too wide."""
    page = f", {page}" if sheet.receipt else page
    texts = ((sheet.foot, PLAIN), (sheet.receipt, STRONG), (page, PLAIN))
    whole_width = sum(text_width(text, (face, 1)) for text, face in texts)
    size = min(measures.size * FOOT, (measures.content_width - 4 * MM) / whole_width)
    foot_width, receipt_width, page_width = (text_width(text, (face, size)) for text, face in texts)
    top = measures.height - measures.bottom
    y = top + 1.5 * size
    page_x = measures.width - measures.right - page_width
    return (
        Bar(x=measures.left, y=top, width=measures.content_width, height=0.8),
        TextMark(x=measures.left, y=y, text=sheet.foot, face=PLAIN, size=size, width=foot_width),
        TextMark(x=page_x - receipt_width, y=y, text=sheet.receipt, face=STRONG, size=size, width=receipt_width),
        TextMark(x=page_x, y=y, text=page, face=PLAIN, size=size, width=page_width),
    )


def _page_break(_block: form_of.PageBreak, _column: Column) -> list[Piece]:
    return [Piece(LaidBlock(0), starts_page=True)]


PIECES: dict[type[Block], Callable[[Any, Column], list[Piece]]] = {
    form_of.FormLine: _line,
    form_of.Heading: _heading,
    form_of.NationalHeader: _national_header,
    form_of.Title: _title,
    form_of.Barcode: _barcode,
    form_of.DottedLines: _dotted_lines,
    form_of.Columns: _columns,
    form_of.Bars: lay_bars,
    form_of.Grid: lay_grid,
    form_of.Signatures: _signatures,
    form_of.Footnotes: _footnotes,
    form_of.PageBreak: _page_break,
    Gap: _gap,
    Rule: _rule,
}
