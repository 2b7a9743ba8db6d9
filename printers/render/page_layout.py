"""An official sheet laid out: blocks flow down the page and over to the next ones.

Every block has one function here, found in `PIECES`, that gives rows which never tear. A heading stays with what
follows, signatures and columns stay whole, a table repeats its head.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from printers import sheet as form_of
from printers.document import PRACTICE_LINE, PRACTICE_WORD, Block, Gap, Rule
from printers.render import codes, shapes
from printers.render.line_layout import SHEET_MEASURES, MM, SheetMeasures, lay_line
from printers.render.pdf_fonts import FORM, FORM_BOLD, FORM_ITALIC, ANSWER, PLAIN, STRONG, text_width
from printers.render.pieces import Column, Piece, place_below, paragraph, stack
from printers.render.primitives import Bar, DottedLine, TextMark, LaidBlock, Mark, Modules, Page, translate
from printers.render.table_layout import lay_grid

CODE = 17  # mm: the code in the corner; the title begins below it
HELD = 4  # lines that stay with a place to sign
HELD_ROWS = 8  # and of one that is longer only the end
FOOT = 0.66  # of the form's size
SQUEEZES = (1.0, 0.95, 0.9, 0.86, 0.82)  # of the pitch
MOST_SQUEEZED = 8  # pages: in a long register closer lines save nothing, and trying them takes seconds


def lay_sheet(sheet: form_of.Sheet) -> list[Page]:
    """The pages of a sheet, each with its foot.

    Lines stand a little closer where that saves a page, first of all one before the footnotes: nobody signs a page on
    which nothing else stands.
    """
    form = SHEET_MEASURES[sheet.size]
    pages = _pages(sheet, form)
    if 1 < len(pages) <= MOST_SQUEEZED:
        best, tightest = _squeezed(sheet, form, SQUEEZES[-1])
        looser = (_squeezed(sheet, form, by) for by in SQUEEZES[:-1])
        pages = next((tried for counts, tried in looser if counts == best), tightest)
    return [
        Page(form.width, form.height, (*translate(page.marks, form.left, 0), *_every_page(sheet, form, number, len(pages))))
        for number, page in enumerate(pages, 1)
    ]


def _squeezed(sheet: form_of.Sheet, form: SheetMeasures, by: float) -> tuple[tuple[int, int], list[LaidBlock]]:
    """The pages with closer lines, after how many there are without footnotes and with them."""
    form = replace(form, pitch=by * form.answer_pitch, tight=max(by, SQUEEZES[1]) * form.text_pitch)
    body = tuple(one for one in sheet.blocks if not isinstance(one, form_of.Footnotes))
    pages = _pages(sheet, form)
    before = len(pages) if body == sheet.blocks else len(_pages(replace(sheet, blocks=body), form))
    return (before, len(pages)), pages


def _pages(sheet: form_of.Sheet, form: SheetMeasures) -> list[LaidBlock]:
    """What flows, page by page, and the notice at the end of the last, with whatever stands before it."""
    bottom = form.height - form.bottom - (3.5 * MM if sheet.foot or sheet.receipt else 0)
    notice = _notice(sheet, form)
    pieces = _pieces(sheet.blocks, Column(form, form.content_width))
    if notice.height and pieces:
        pieces = [*pieces[:-1], replace(pieces[-1], stays=True), Piece(LaidBlock(notice.height))]
    pages = _filled(pieces, form.top, bottom)
    pages[-1] = LaidBlock(bottom, (*pages[-1].marks, *translate(notice.marks, 0, bottom - notice.height)))
    return pages


def _pieces(blocks: tuple[Block, ...], column: Column) -> list[Piece]:
    """The rows of all blocks; a place to sign keeps what stands just before it on its page."""
    found: list[list[Piece]] = []
    for number, block in enumerate(blocks):
        if isinstance(block, form_of.Signatures | form_of.Columns):
            _hold(blocks[:number], found)
        found.append(PIECES[type(block)](block, column))
    return [piece for pieces in found for piece in pieces]


def _hold(blocks: tuple[Block, ...], found: list[list[Piece]]) -> None:
    """Make the end of what was found stay with what comes: an oath and some lines before it, or a table's last row.

    Nobody should sign a page on which he has said nothing.
    """
    lines = HELD
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        held = found[at]
        if isinstance(block, form_of.Grid):
            found[at] = [*held[:-2], *(replace(piece, stays=True) for piece in held[-2:])]
            return
        free = held[:-HELD] if len(held) > HELD_ROWS else []
        found[at] = [*free, *(replace(piece, stays=True) for piece in held[len(free) :])]
        if free:
            return
        lines -= isinstance(block, form_of.FormLine) and block.align == "left"
        if not lines:
            return


def _filled(pieces: list[Piece], top: float, bottom: float) -> list[LaidBlock]:
    """Pieces in pages; a page's height is where its content ends."""
    pages = [LaidBlock(top)]
    for number, piece in enumerate(pieces):
        ahead = piece.laid.height
        for before, after in zip(pieces[number:], pieces[number + 1 :], strict=False):
            if not before.keep_with_next:
                break
            ahead += after.laid.height
        if ahead > bottom - top:
            ahead = piece.laid.height  # what no page can hold together flows until one can
        page = pages[-1]
        if piece.starts_page or (page.height + ahead > bottom and page.height > top):
            page = LaidBlock(top)
            pages.append(page)
            if piece.repeated_head:
                page = place_below(page, piece.repeated_head)
        pages[-1] = place_below(page, piece.laid)
    return pages


def _underline(laid: LaidBlock, room: float, style: tuple[str, float], text: str) -> LaidBlock:
    """A line as wide as the words above it, as under the motto."""
    wide = min(text_width(text, style), room)
    return LaidBlock(laid.height + 3, (*laid.marks, Bar(x=(room - wide) / 2, y=laid.height + 1.2, width=wide, height=0.8)))


def _line(block: form_of.FormLine, column: Column) -> list[Piece]:
    return [Piece(laid, keep_with_next=block.keep_with_next) for laid in lay_line(block, column.form, column.width)]


def _heading(block: form_of.Heading, column: Column) -> list[Piece]:
    parts = (form_of.FormText(block.text, bold=True),) if isinstance(block.text, str) else block.text
    line = form_of.FormLine(parts, space_above=2)
    rows = lay_line(line, column.form, column.width)
    rows[-1:] = [replace(laid, height=laid.height + 2) for laid in rows[-1:]]
    return [Piece(laid, keep_with_next=True) for laid in rows]


def _national(block: form_of.NationalHeader, column: Column) -> list[Piece]:
    if not block.agency:
        return [Piece(_state(block, column.form, column.width))]
    gap = 4 * MM
    left = 0.42 * (column.width - gap)
    right = 0.58 * (column.width - gap)
    agency = _agency(block, column.form, left)
    state = _state(block, column.form, right)
    marks = (*agency.marks, *translate(state.marks, left + gap, 0))
    return [Piece(LaidBlock(max(agency.height, state.height), marks))]


def _state(block: form_of.NationalHeader, form: SheetMeasures, room: float) -> LaidBlock:
    """The two lines of the state, the place and the day."""
    name = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto = "Độc lập - Tự do - Hạnh phúc"
    size = min(form.size, form.size * room / text_width(name, (FORM_BOLD, form.size)) * 0.995)
    style = (FORM_BOLD, min(size * 1.05, form.size * 1.05))
    laid = _underline(
        place_below(paragraph(name, (FORM_BOLD, size), room), paragraph(motto, style, room)), room, style, motto
    )
    if block.place_date:
        laid = place_below(laid, paragraph(block.place_date, (FORM_ITALIC, form.size), room).with_space_above(2))
    return place_below(laid, paragraph(block.copy, (FORM_ITALIC, form.size), room)) if block.copy else laid


def _agency(block: form_of.NationalHeader, form: SheetMeasures, room: float) -> LaidBlock:
    first, *names = block.agency
    style = (FORM_BOLD, form.size)
    upper = paragraph(first, (FORM, form.size), room, balanced=True)
    laid = stack([upper, *(paragraph(name, style, room, balanced=True) for name in names)])
    last = [mark for mark in laid.marks if isinstance(mark, TextMark)][-1:]
    laid = _underline(laid, room, style, last[0].text if last else "")
    return place_below(laid, paragraph(block.number, (FORM, form.size), room).with_space_above(1)) if block.number else laid


def _title(block: form_of.Title, column: Column) -> list[Piece]:
    size = column.form.size * (1.155 if column.form.size > 11 else 1.25)
    side = CODE * MM if block.qr else 0
    aside = side + 3 * MM if block.qr else 0
    room = column.width - 2 * aside
    lines = [paragraph(line, (FORM_BOLD, size), room) for line in block.lines]
    if block.subtitle:
        lines.append(paragraph(block.subtitle, (FORM_ITALIC, column.form.size), room))
    laid = stack(lines).with_space_above(column.form.size * 0.62)
    tall = max(laid.height + column.form.size * 0.4, side + 3 * MM if block.qr else 0)
    code = _qr(block.qr, column.width - side, 1 * MM, side) if block.qr else ()
    lower = max(0.0, (side + 1 * MM - laid.height) / 2) if block.qr else 0.0
    return [Piece(LaidBlock(tall, (*translate(laid.marks, aside, lower), *code)), keep_with_next=True)]


def _gap(block: Gap, _column: Column) -> list[Piece]:
    return [Piece(LaidBlock(block.height * MM))]


def _rule(_block: Rule, column: Column) -> list[Piece]:
    return [Piece(LaidBlock(7, (Bar(x=0, y=3, width=column.width, height=0.8),)))]


def _dotted(block: form_of.DottedLines, column: Column) -> list[Piece]:
    pitch = column.form.answer_pitch
    return [Piece(LaidBlock(pitch, (DottedLine(0, 0.9 * pitch, column.width),))) for _ in range(block.lines)]


def _barcode(block: form_of.Barcode, column: Column) -> list[Piece]:
    """Bars over their caption at the left, a QR at the right."""
    side = 17 * MM if block.qr else 0
    room = column.width - (side + 12 * MM if block.qr else 0)
    row = codes.code128(block.data)
    module = min(room / (len(row) + 2 * codes.BAR_QUIET), 1.2)
    bars = Modules(x=(room - module * len(row)) / 2, y=4, rows=(row,), module_width=module, module_height=25)
    caption = form_of.FormLine((form_of.FormText(block.label), form_of.Answer(block.data, grow=0)), align="centre")
    words = lay_line(caption, column.form, room)
    marks = (bars, *(mark for mark in translate(stack(words).marks, 0, 30) if not isinstance(mark, DottedLine)))
    code = _qr(block.qr, column.width - side, 1, side) if block.qr else ()
    return [Piece(LaidBlock(max(side + 4, 36 + column.form.answer_pitch), (*marks, *code)))]


def _qr(data: str, x: float, y: float, side: float) -> tuple[Mark, ...]:
    rows = codes.qr(data)
    return (Modules(x=x, y=y, rows=rows, module_width=side / len(rows), module_height=side / len(rows)),)


def _columns(block: form_of.Columns, column: Column) -> list[Piece]:
    gap = 6 * MM
    left = (column.width - gap) * block.share
    sides = [
        stack(piece.laid for piece in _pieces(blocks, replace(column, room=room)))
        for blocks, room in ((block.left, left), (block.right, column.width - gap - left))
    ]
    marks = (*sides[0].marks, *translate(sides[1].marks, left + gap, 0))
    return [Piece(LaidBlock(max(side.height for side in sides), marks))]


def _signatures(block: form_of.Signatures, column: Column) -> list[Piece]:
    half = column.width / 2
    sides = [_signature(one, block.space, column.form, half) if one else LaidBlock(0) for one in (block.left, block.right)]
    laid = LaidBlock(max(side.height for side in sides), (*sides[0].marks, *translate(sides[1].marks, half, 0)))
    if block.place_date:
        day = paragraph(block.place_date, (FORM_ITALIC, column.form.size), column.width, align="right")
        laid = place_below(day, laid.with_space_above(2))
    return [Piece(laid.with_space_above(6))]


def _signature(one: form_of.Signature, space: float, form: SheetMeasures, room: float) -> LaidBlock:
    title = form_of.FormText(one.title, bold=True, note=one.note)
    name = paragraph(one.name, (ANSWER, form.answer_size), room) if one.name else LaidBlock(0)
    return stack(
        [
            *lay_line(form_of.FormLine((title,), align="centre"), form, room),
            paragraph(one.hint, (FORM_ITALIC, form.size * 0.88), room, balanced=True),
            name.with_space_above(space * MM),
        ]
    )


def _footnotes(block: form_of.Footnotes, column: Column) -> list[Piece]:
    small = column.form.size * 0.8
    rule = LaidBlock(8, (Bar(x=0, y=4, width=40 * MM, height=0.6),))
    title = lay_line(form_of.FormLine((form_of.FormText(block.title, bold=True),)), column.form, column.width, size=small)
    notes = [
        laid
        for mark, text in block.notes
        for laid in lay_line(
            form_of.FormLine((form_of.FormText(f"{mark} {text}", italic=True),), align="justify"),
            column.form,
            column.width,
            size=small,
        )
    ]
    *all_but_last, last = (rule, *title, *notes)
    return [*(Piece(laid, keep_with_next=True) for laid in all_but_last), Piece(last)]


def _notice(sheet: form_of.Sheet, form: SheetMeasures) -> LaidBlock:
    """What the reader should take away, under a rule at the end of the last page."""
    if not sheet.notice:
        return LaidBlock(0)
    words = stack(lay_line(form_of.FormLine(sheet.notice, align="justify"), form, form.content_width, size=form.size * 0.88))
    return place_below(LaidBlock(5, (Bar(x=0, y=0, width=form.content_width, height=0.8),)), words)


def _every_page(sheet: form_of.Sheet, form: SheetMeasures, number: int, total: int) -> tuple[Mark, ...]:
    """What is not in the flow: QR, practice seal, foot."""
    side = CODE * MM
    code = _qr(sheet.qr, form.width - form.right - side, form.top, side) if sheet.qr and number == 1 else ()
    seal = _seal(form) if sheet.practice else ()
    foot = _foot(sheet, form, f"trang {number}/{total}") if sheet.foot or sheet.receipt else ()
    return (*code, *seal, *foot)


def _seal(form: SheetMeasures) -> tuple[Mark, ...]:
    """The framed word of practice in the upper margin."""
    size = form.size * 0.8
    top = form.top * 0.3
    wide = text_width(PRACTICE_WORD, (STRONG, size))
    baseline = top + size * 1.25
    line = (ANSWER, form.size * FOOT)
    return (
        *shapes.frame(form.left, top, wide + size, size * 1.75, 1.2),
        TextMark(x=form.left + size / 2, y=baseline, text=PRACTICE_WORD, face=STRONG, size=size, width=wide),
        TextMark(form.left + wide + size * 1.6, baseline, PRACTICE_LINE, *line, text_width(PRACTICE_LINE, line)),
    )


def _foot(sheet: form_of.Sheet, form: SheetMeasures, page: str) -> tuple[Mark, ...]:
    """Where, when, receipt number, page: one line, smaller where it would not fit."""
    page = f", {page}" if sheet.receipt else page
    texts = ((sheet.foot, PLAIN), (sheet.receipt, STRONG), (page, PLAIN))
    whole = sum(text_width(text, (face, 1)) for text, face in texts)
    size = min(form.size * FOOT, (form.content_width - 4 * MM) / whole)
    left, number, tail = (text_width(text, (face, size)) for text, face in texts)
    top = form.height - form.bottom
    right = form.width - form.right
    return (
        Bar(x=form.left, y=top, width=form.content_width, height=0.8),
        TextMark(x=form.left, y=top + 1.5 * size, text=sheet.foot, face=PLAIN, size=size, width=left),
        TextMark(x=right - tail - number, y=top + 1.5 * size, text=sheet.receipt, face=STRONG, size=size, width=number),
        TextMark(x=right - tail, y=top + 1.5 * size, text=page, face=PLAIN, size=size, width=tail),
    )


def _break(_block: form_of.PageBreak, _column: Column) -> list[Piece]:
    return [Piece(LaidBlock(0), starts_page=True)]


PIECES: dict[type[Block], Callable[[Any, Column], list[Piece]]] = {
    form_of.FormLine: _line,
    form_of.Heading: _heading,
    form_of.NationalHeader: _national,
    form_of.Title: _title,
    form_of.Barcode: _barcode,
    form_of.DottedLines: _dotted,
    form_of.Columns: _columns,
    form_of.Grid: lay_grid,
    form_of.Signatures: _signatures,
    form_of.Footnotes: _footnotes,
    form_of.PageBreak: _break,
    Gap: _gap,
    Rule: _rule,
}
