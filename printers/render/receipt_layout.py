"""Thermal paper laid out: blocks become marks, in dots from the top left.

Every block has one function here, found in `PLACES`. The measures are those of the drawings: text 27 dots, leading 1.4
(less would clip Ẵ), rules 3 dots, a quiet zone of 4 modules. What is too wide for a narrow roll shrinks rather than
breaks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from io import BytesIO
from typing import Any

from PIL import Image

from printers import document as doc
from printers.printable_text import NO_BREAK, has_combining_marks, add_no_break_spaces
from printers.render import codes, shapes
from printers.render.line_breaking import TextLine, wrap_balanced, widest_word, wrap
from printers.render.pillow_fonts import CAP_HEIGHT, DESCENT, ASCENT, STRONG, TEXT, font, text_width
from printers.render.primitives import Bar, Face, TextMark, LaidBlock, Mark, Modules, Page, PictureMark, translate
from printers.settings import PrinterSettings

Style = tuple[Face, int]
Runs = list[tuple[str, Style]]
LEAST = 0.55  # a word is never shrunk below this share of its size; then it is cut


@dataclass(frozen=True)
class Area:
    """Where a block may stand: a column of the paper."""

    left: int
    width: int
    paper: PrinterSettings

    def mm(self, dots: float) -> int:
        """Dots of a 203 dpi head as dots of this one."""
        return round(dots * self.paper.dpi / 203)


def lay_receipt(document: doc.Document, paper: PrinterSettings) -> Page:
    """The whole paper as one page of marks; cuts are not drawn, see `papers`."""
    area = Area(paper.margin, paper.dots - 2 * paper.margin, paper)
    top = float(area.mm(12))
    marks: list[Mark] = []
    for block in (*(_practice_blocks() if document.practice else ()), *document.blocks):
        laid = PLACES[type(block)](block, area)
        marks += translate(laid.marks, 0, top)
        top += laid.height
    return Page(paper.dots, round(top + area.mm(8)), tuple(marks))


def split_at_cuts(document: doc.Document) -> list[doc.Document]:
    """The document divided at its cuts."""
    sheets: list[list[doc.Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, doc.Cut):
            sheets.append([])
        else:
            sheets[-1].append(block)
    return [replace(document, blocks=tuple(sheet)) for sheet in sheets if sheet]


def _runs(words: doc.Words, weight: doc.Weight, px: int) -> Runs:
    runs = (doc.Run(words, weight),) if isinstance(words, str) else words
    return [(add_no_break_spaces(run.text), (STRONG if run.weight == "strong" else TEXT, px)) for run in runs]


def _fitting(runs: Runs, room: float) -> Runs:
    """The runs at a size at which their widest word fits."""
    wide = widest_word(runs, text_width)
    if wide <= room:
        return runs
    share = max(room / wide * 0.99, LEAST)
    return [(text, (face, int(px * share))) for text, (face, px) in runs]


def _leading(runs: Runs, px: int, area: Area) -> int:
    """The height of a line: tighter for large numbers, which have no marks, wider under loose ones."""
    if any(has_combining_marks(text) for text, _ in runs):
        return round(1.7 * px)  # Ê̆ rises to 1.2
    is_number = px > area.paper.px(doc.TITLE) and all(text.isascii() for text, _ in runs)
    return round(px * (1.2 if is_number else 1.4))


def _baseline(px: int, height: float) -> int:
    """How far below its top a line of this height has its baseline."""
    return round((height - (ASCENT + DESCENT) * px) / 2 + ASCENT * px)


def _inks(line: TextLine[Style], left: float, baseline: float) -> tuple[TextMark, ...]:
    inks: list[TextMark] = []
    for part in line.segments:
        face, px = part.style
        inks.append(
            TextMark(x=round(left), y=baseline, text=part.text.replace(NO_BREAK, " "), face=face, size=px, width=part.width)
        )
        left += part.width
    return tuple(inks)


def _indent(align: doc.Align, room: float, wide: float) -> float:
    return {"left": 0.0, "centre": (room - wide) / 2, "right": room - wide}[align]


def _paragraph(runs: Runs, align: doc.Align, area: Area) -> LaidBlock:
    """Words in lines; centred ones are balanced."""
    runs = _fitting(runs, area.width)
    px = max((style[1] for _, style in runs), default=0)
    step = _leading(runs, px, area)
    lines = (wrap_balanced if align == "centre" else wrap)(runs, area.width, text_width)
    marks = [
        ink
        for number, line in enumerate(lines)
        for ink in _inks(line, area.left + _indent(align, area.width, line.width), number * step + _baseline(px, step))
    ]
    return LaidBlock(step * len(lines), tuple(marks))


def _text(block: doc.Text, area: Area) -> LaidBlock:
    """A paragraph; a heading keeps a little distance from its list."""
    laid = _paragraph(_runs(block.text, block.weight, area.paper.px(block.size)), block.align, area)
    is_heading = block.size > doc.BODY and block.align == "left"
    return replace(laid, height=laid.height + area.mm(4)) if is_heading else laid


def _pair(block: doc.Pair, area: Area) -> LaidBlock:
    """Label and value on one line; where they do not fit, the value wraps at the right, or goes below."""
    label = _runs(block.label, "text", area.paper.px(doc.BODY))
    value = _runs(block.value, "strong", area.paper.px(block.size))
    taken = sum(text_width(*run) for run in label) + area.mm(16)
    room = area.width - taken
    if sum(text_width(*run) for run in value) <= room or (room >= 0.45 * area.width and widest_word(value, text_width) <= room):
        left = _paragraph(label, "left", area)
        right = _paragraph(value, "right", replace(area, left=round(area.left + taken), width=round(room)))
        lower = _centred_on(left, right, block, area) if block.size != doc.BODY else 0
        return LaidBlock(max(left.height, right.height) + area.mm(4), (*translate(left.marks, 0, lower), *right.marks))
    both = _below(_paragraph(label, "left", area), _paragraph(value, "right", area))
    return replace(both, height=both.height + area.mm(4))


def _centred_on(label: LaidBlock, value: LaidBlock, block: doc.Pair, area: Area) -> int:
    """How much lower a label stands, so that its capitals are level with the middle of a large value's."""
    small = area.paper.px(doc.BODY)
    large = area.paper.px(block.size)
    middle = _baseline(large, value.height) - CAP_HEIGHT * large / 2
    return round(middle + CAP_HEIGHT * small / 2) - _baseline(small, label.height)


def _table(block: doc.Table, area: Area) -> LaidBlock:
    """A head with a rule under it and rows of cells."""
    top = 0.0
    marks = list[Mark]()
    for number, row in enumerate(((block.head,) if block.head else ()) + block.rows):
        is_head = bool(block.head) and not number
        laid = _row(row, block, area, "strong" if is_head else "text")
        marks += translate(laid.marks, 0, top)
        top += laid.height + area.mm(4)
        if is_head:
            marks.append(Bar(x=area.left, y=top, width=area.width, height=area.mm(2)))
            top += area.mm(8)
    return LaidBlock(top, tuple(marks))


def _row(row: tuple[str, ...], block: doc.Table, area: Area, weight: doc.Weight) -> LaidBlock:
    gap = area.mm(12)
    room = area.width - gap * (len(row) - 1)
    left = float(area.left)
    cells = list[LaidBlock]()
    for number, cell in enumerate(row):
        wide = room * block.shares[number] / sum(block.shares)
        align = block.aligns[number] if number < len(block.aligns) else "left"
        column = replace(area, left=round(left), width=round(wide))
        cells.append(_paragraph(_runs(cell, weight, area.paper.px(doc.BODY)), align, column))
        left += wide + gap
    return LaidBlock(max(cell.height for cell in cells), tuple(mark for cell in cells for mark in cell.marks))


def _rule(block: doc.Rule, area: Area) -> LaidBlock:
    above = area.mm(14)
    thick = area.mm(3)
    if not block.dashed:
        return LaidBlock(2 * above + thick, (Bar(x=area.left, y=above, width=area.width, height=thick),))
    dash = area.mm(6)
    count = (area.width - dash) // area.mm(9)
    starts = (area.left + round(number * (area.width - dash) / count) for number in range(count + 1))
    return LaidBlock(2 * above + thick, tuple(Bar(x=start, y=above, width=dash, height=thick) for start in starts))


def _gap(block: doc.Gap, area: Area) -> LaidBlock:
    return LaidBlock(area.paper.mm(block.height))


def _code(block: doc.Code, area: Area) -> LaidBlock:
    laid = _bars(block, area) if block.kind == "code128" and block.data.isascii() else None
    laid = laid or _qr(block, area)
    if not block.caption:
        return laid
    words = _paragraph(_runs(block.caption, "strong", area.paper.px(block.caption_size)), "centre", area)
    return _below(laid, words.with_space_above(area.mm(8)))


def _bars(block: doc.Code, area: Area) -> LaidBlock | None:
    """A Code 128 over the width, or nothing where its bars would be thinner than two dots."""
    row = codes.code128(block.data)
    module = min(area.paper.dots // (len(row) + 2 * codes.BAR_QUIET), area.mm(3))
    if module < 2:
        return None
    left = (area.paper.dots - module * len(row)) // 2
    tall = area.mm(88)
    return LaidBlock(tall + area.mm(12), (Modules(x=left, y=area.mm(6), rows=(row,), module_width=module, module_height=tall),))


def _qr(block: doc.Code, area: Area) -> LaidBlock:
    """A QR in its quiet zone: in the middle, or at the left where its words have room beside it."""
    rows = codes.qr(block.data)
    module = max(min(area.mm(block.module), area.paper.dots // (len(rows) + 2 * codes.QR_QUIET)), 1)
    side = module * len(rows)
    quiet = module * codes.QR_QUIET
    left = max(quiet, area.left)
    start = left + side + quiet + area.mm(22)
    column = replace(area, left=start, width=area.left + area.width - start)
    if not block.beside or column.width < area.mm(230):
        marks = (Modules(x=(area.paper.dots - side) // 2, y=quiet, rows=rows, module_width=module, module_height=module),)
        return _below(LaidBlock(side + 2 * quiet, marks), _stack(block.beside, area))
    words = _stack(block.beside, column)
    height = max(side + 2 * quiet, words.height)
    picture = Modules(x=left, y=round((height - side) / 2), rows=rows, module_width=module, module_height=module)
    return LaidBlock(height, (picture, *translate(words.marks, 0, round((height - words.height) / 2))))


def _below(upper: LaidBlock, lower: LaidBlock) -> LaidBlock:
    """One thing below another."""
    return LaidBlock(upper.height + lower.height, (*upper.marks, *translate(lower.marks, 0, upper.height)))


def _stack(blocks: tuple[doc.Text, ...], area: Area) -> LaidBlock:
    """Paragraphs one below another."""
    return reduce(_below, (_text(block, area) for block in blocks), LaidBlock(0))


def _picture(block: doc.Picture, area: Area) -> LaidBlock:
    with Image.open(BytesIO(block.png)) as photo:
        wide, tall = photo.size
    across = min(area.paper.mm(block.width), area.width)
    down = round(across * tall / wide)
    return LaidBlock(down, (PictureMark(x=area.left + (area.width - across) // 2, y=0, width=across, height=down, png=block.png),))


def _frame(block: doc.Frame, area: Area) -> LaidBlock:
    thick = area.mm(4)
    inner = area.mm(13)
    above = area.mm(12)
    room = replace(area, left=area.left + 3 * inner, width=area.width - 6 * inner)
    words = _paragraph(_runs(block.text, "strong", area.paper.px(block.size)), "centre", room)
    tall = words.height + 2 * inner
    edge = shapes.scooped_frame(area.left, above, area.width, tall, thick)
    return LaidBlock(above + tall + area.mm(2), (edge, *translate(words.marks, 0, above + inner)))


def _big(block: doc.BigNumber, area: Area) -> LaidBlock:
    """A number by its ink, not its line box: nothing else stands so large."""
    px = area.paper.px(block.size)
    style = (STRONG, min(px, int(px * area.width / max(text_width(block.text, (STRONG, px)), 1))))
    wide = text_width(block.text, style)
    rise = -font(*style).getbbox(block.text or "0", anchor="ls")[1]
    above = area.mm(40)
    below = area.mm(30)
    left = round(area.left + (area.width - wide) / 2)
    return LaidBlock(above + rise + below, (TextMark(left, above + rise, block.text, *style, wide),))


def _tick(block: doc.Tick, area: Area) -> LaidBlock:
    side = area.mm(26)
    px = area.paper.px(doc.BODY)
    room = replace(area, left=area.left + area.mm(42), width=area.width - area.mm(42))
    runs = _runs(block.text, "text", px)
    words = _paragraph(runs, "left", room)
    top = _baseline(px, _leading(runs, px, area)) - round(CAP_HEIGHT * px / 2) - side // 2
    square = shapes.check_box(area.left, top, side, area.mm(3), ticked=block.done)
    return LaidBlock(words.height + area.mm(5), (*square, *words.marks))


def _bridge(_block: doc.Bridge, area: Area) -> LaidBlock:
    height, marks = shapes.bridge(area.left, 0, area.width)
    return LaidBlock(height + area.mm(8), marks)


@dataclass(frozen=True)
class Seal(doc.Block):
    """The framed word of practice with what it means."""


def _practice_blocks() -> tuple[doc.Block, ...]:
    return (Seal(),)


def _seal(_block: Seal, area: Area) -> LaidBlock:
    word = _runs(doc.PRACTICE_WORD, "strong", area.paper.px(doc.FIGURE * 0.75))
    inner = area.mm(12)
    wide = round(sum(text_width(*run) for run in word)) + 2 * area.mm(18)
    box = _paragraph(word, "centre", replace(area, width=wide))
    tall = round(box.height) + inner
    words = _paragraph(
        _runs(doc.PRACTICE_LINE, "strong", area.paper.px(doc.BODY)),
        "left",
        replace(area, left=area.left + wide + area.mm(18), width=area.width - wide - area.mm(18)),
    )
    edges = shapes.frame(area.left, 0, wide, tall, area.mm(4))
    marks = (*edges, *translate(box.marks, 0, inner // 2), *translate(words.marks, 0, round((tall - words.height) / 2)))
    return LaidBlock(tall + area.mm(20), marks)


PLACES: dict[type[doc.Block], Callable[[Any, Area], LaidBlock]] = {
    doc.Text: _text,
    doc.Pair: _pair,
    doc.Table: _table,
    doc.Rule: _rule,
    doc.Code: _code,
    doc.Picture: _picture,
    doc.Gap: _gap,
    doc.Frame: _frame,
    doc.BigNumber: _big,
    doc.Tick: _tick,
    doc.Bridge: _bridge,
    Seal: _seal,
}
