"""Layout of thermal paper: blocks become marks, in dots from the top left.

Each kind of block has one function in `LAYOUTS`. The measures are those of the drawings: text 27 dots, leading 1.4
(less would cut Ẵ), rules 3 dots, a quiet zone of 4 modules. What is too wide for narrow paper becomes smaller and does
not break.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from PIL import Image

from printers import document as doc
from printers.printable_text import NO_BREAK, add_no_break_spaces, has_combining_marks
from printers.render import codes, shapes
from printers.render.line_breaking import TextLine, widest_word, wrap, wrap_balanced
from printers.render.pillow_fonts import ASCENT, CAP_HEIGHT, DESCENT, STRONG, TEXT, font, text_width
from printers.render.primitives import (
    Bar,
    Face,
    LaidBlock,
    Mark,
    Modules,
    Page,
    PictureMark,
    TextMark,
    place_below,
    stack,
    translate,
)
from printers.settings import DARKNESS, PrinterSettings

Style = tuple[Face, int]
Runs = list[tuple[str, Style]]
LEAST_SHRINK = 0.55  # of its size; a word that is still too wide is cut


@dataclass(frozen=True)
class Area:
    """A column of the paper for a block, in dots."""

    left: int
    width: int
    paper: PrinterSettings

    def scaled(self, dots: float) -> int:
        """Return dots of a 203 dpi head as dots of this one."""
        return round(dots * self.paper.dpi / 203)


def lay_receipt(document: doc.Document, paper: PrinterSettings) -> Page:
    """Return a whole document as one page; for its cuts see `split_at_cuts`."""
    area = Area(paper.margin, paper.dots - 2 * paper.margin, paper)
    top = float(area.scaled(12))
    marks: list[Mark] = []
    for block in (*_practice_blocks(document), *document.blocks):
        laid = LAYOUTS[type(block)](block, area)
        marks += translate(laid.marks, 0, top)
        top += laid.height
    return Page(paper.dots, round(top + area.scaled(8)), tuple(marks))


def split_at_cuts(document: doc.Document) -> list[doc.Document]:
    """Return the document as one document a paper."""
    papers: list[list[doc.Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, doc.Cut):
            papers.append([])
        else:
            papers[-1].append(block)
    return [replace(document, blocks=tuple(blocks)) for blocks in papers if blocks]


def _runs(words: doc.Words, weight: doc.Weight, px: int) -> Runs:
    runs = (doc.Run(words, weight),) if isinstance(words, str) else words
    return [(add_no_break_spaces(run.text), (STRONG if run.weight == "strong" else TEXT, px)) for run in runs]


def _line_width(runs: Runs) -> float:
    """Return the width of runs on one line."""
    return sum(text_width(text, style) for text, style in runs)


def _shrink(runs: Runs, available_width: float) -> Runs:
    """Return the runs at a size at which their widest word is not too wide."""
    width = widest_word(runs, text_width)
    if width <= available_width:
        return runs
    share = max(available_width / width * 0.99, LEAST_SHRINK)
    return [(text, (face, int(px * share))) for text, (face, px) in runs]


def _leading(runs: Runs, px: int, area: Area) -> int:
    """Return the height of a line: less for large numbers, which have no marks, more with combining marks."""
    if any(has_combining_marks(text) for text, _ in runs):
        return round(1.7 * px)  # Ê̆ is 1.2 high
    is_number = px > area.paper.px(doc.TITLE) and all(text.isascii() for text, _ in runs)
    return round(px * (1.2 if is_number else 1.4))


def _baseline(px: int, height: float) -> int:
    """Return the distance from the top of a line to its baseline."""
    return round((height - (ASCENT + DESCENT) * px) / 2 + ASCENT * px)


def _line_marks(line: TextLine[Style], left: float, baseline: float) -> Iterator[TextMark]:
    for segment in line.segments:
        face, px = segment.style
        text = segment.text.replace(NO_BREAK, " ")
        yield TextMark(x=round(left), y=baseline, text=text, face=face, size=px, width=segment.width)
        left += segment.width


def _indent(align: doc.Align, available_width: float, width: float) -> float:
    free = available_width - width
    return {"left": 0.0, "centre": free / 2, "right": free}[align]


def _paragraph(runs: Runs, align: doc.Align, area: Area) -> LaidBlock:
    """Return words in lines; centred ones are balanced."""
    runs = _shrink(runs, area.width)
    px = max((style[1] for _, style in runs), default=0)
    step = _leading(runs, px, area)
    lines = (wrap_balanced if align == "centre" else wrap)(runs, area.width, text_width)
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        left = area.left + _indent(align, area.width, line.width)
        marks += _line_marks(line, left, number * step + _baseline(px, step))
    return LaidBlock(step * len(lines), tuple(marks))


def _text(block: doc.Text, area: Area) -> LaidBlock:
    """Return a paragraph; a heading has a little space below it."""
    laid = _paragraph(_runs(block.text, block.weight, area.paper.px(block.size)), block.align, area)
    is_heading = block.size > doc.BODY and block.align == "left"
    return replace(laid, height=laid.height + area.scaled(4)) if is_heading else laid


def _pair(block: doc.Pair, area: Area) -> LaidBlock:
    """Return label and value on one line; a long value is wrapped at the right, or placed below."""
    label = _runs(block.label, "text", area.paper.px(doc.BODY))
    value = _runs(block.value, "strong", area.paper.px(block.size))
    label_width = _line_width(label) + area.scaled(16)
    value_width = area.width - label_width
    can_wrap = value_width >= 0.45 * area.width and widest_word(value, text_width) <= value_width
    if _line_width(value) <= value_width or can_wrap:
        left = _paragraph(label, "left", area)
        right = _paragraph(value, "right", replace(area, left=round(area.left + label_width), width=round(value_width)))
        shift = 0 if block.size == doc.BODY else _label_shift(left, right, block=block, area=area)
        height = max(left.height, right.height) + area.scaled(4)
        return LaidBlock(height, (*translate(left.marks, 0, shift), *right.marks))
    both = place_below(_paragraph(label, "left", area), _paragraph(value, "right", area))
    return replace(both, height=both.height + area.scaled(4))


def _label_shift(label: LaidBlock, value: LaidBlock, *, block: doc.Pair, area: Area) -> int:
    """Return how far a label is moved down, so that its capitals are level with the middle of a large value's."""
    small = area.paper.px(doc.BODY)
    large = area.paper.px(block.size)
    middle = _baseline(large, value.height) - CAP_HEIGHT * large / 2
    return round(middle + CAP_HEIGHT * small / 2) - _baseline(small, label.height)


def _table(block: doc.Table, area: Area) -> LaidBlock:
    """Return a head with a rule under it, and rows of cells."""
    top = 0.0
    marks: list[Mark] = []
    for number, row in enumerate(((block.head,) if block.head else ()) + block.rows):
        is_head = bool(block.head) and not number
        laid = _row(row, block=block, area=area, weight="strong" if is_head else "text")
        marks += translate(laid.marks, 0, top)
        top += laid.height + area.scaled(4)
        if is_head:
            marks.append(Bar(x=area.left, y=top, width=area.width, height=area.scaled(2)))
            top += area.scaled(8)
    return LaidBlock(top, tuple(marks))


def _row(row: tuple[str, ...], *, block: doc.Table, area: Area, weight: doc.Weight) -> LaidBlock:
    gap = area.scaled(12)
    cells_width = area.width - gap * (len(row) - 1)
    left = float(area.left)
    cells: list[LaidBlock] = []
    for number, cell in enumerate(row):
        width = cells_width * block.shares[number] / sum(block.shares)
        align = block.aligns[number] if number < len(block.aligns) else "left"
        column = replace(area, left=round(left), width=round(width))
        cells.append(_paragraph(_runs(cell, weight, area.paper.px(doc.BODY)), align, column))
        left += width + gap
    marks = tuple(mark for cell in cells for mark in cell.marks)
    return LaidBlock(max(cell.height for cell in cells), marks)


def _rule(block: doc.Rule, area: Area) -> LaidBlock:
    above = area.scaled(14)
    thickness = area.scaled(3)
    height = 2 * above + thickness
    if not block.dashed:
        return LaidBlock(height, (Bar(x=area.left, y=above, width=area.width, height=thickness),))
    dash = area.scaled(6)
    count = (area.width - dash) // area.scaled(9)
    starts = (area.left + round(number * (area.width - dash) / count) for number in range(count + 1))
    return LaidBlock(height, tuple(Bar(x=start, y=above, width=dash, height=thickness) for start in starts))


def _gap(block: doc.Gap, area: Area) -> LaidBlock:
    return LaidBlock(area.paper.mm(block.height))


def _code(block: doc.Code, area: Area) -> LaidBlock:
    laid = _bars(block, area) if block.kind == "code128" and block.data.isascii() else None
    laid = laid or _qr(block, area)
    if not block.caption:
        return laid
    words = _paragraph(_runs(block.caption, "strong", area.paper.px(block.caption_size)), "centre", area)
    return place_below(laid, words.with_space_above(area.scaled(8)))


def _bars(block: doc.Code, area: Area) -> LaidBlock | None:
    """Return a Code 128 over the width; None where its bars would be thinner than two dots."""
    row = codes.code128(block.data)
    module = min(area.paper.dots // (len(row) + 2 * codes.BAR_QUIET), area.scaled(3))
    if module < 2:
        return None
    left = (area.paper.dots - module * len(row)) // 2
    height = area.scaled(88)
    bars = Modules(x=left, y=area.scaled(6), rows=(row,), module_width=module, module_height=height)
    return LaidBlock(height + area.scaled(12), (bars,))


def _qr(block: doc.Code, area: Area) -> LaidBlock:
    """Return a QR in its quiet zone: in the middle, or at the left where its words have enough width beside it."""
    rows = codes.qr(block.data)
    module = max(min(area.scaled(block.module), area.paper.dots // (len(rows) + 2 * codes.QR_QUIET)), 1)
    side = module * len(rows)
    quiet = module * codes.QR_QUIET
    left = max(quiet, area.left)
    start = left + side + quiet + area.scaled(22)
    column = replace(area, left=start, width=area.left + area.width - start)
    if not block.beside or column.width < area.scaled(230):
        middle = (area.paper.dots - side) // 2
        code = Modules(x=middle, y=quiet, rows=rows, module_width=module, module_height=module)
        return place_below(LaidBlock(side + 2 * quiet, (code,)), _paragraphs(block.beside, area))
    words = _paragraphs(block.beside, column)
    height = max(side + 2 * quiet, words.height)
    code = Modules(x=left, y=round((height - side) / 2), rows=rows, module_width=module, module_height=module)
    return LaidBlock(height, (code, *translate(words.marks, 0, round((height - words.height) / 2))))


def _paragraphs(blocks: tuple[doc.Text, ...], area: Area) -> LaidBlock:
    return stack(_text(block, area) for block in blocks)


def _picture(block: doc.Picture, area: Area) -> LaidBlock:
    with Image.open(BytesIO(block.png)) as picture:
        png_width, png_height = picture.size
    width = min(area.paper.mm(block.width), area.width)
    height = round(width * png_height / png_width)
    left = area.left + (area.width - width) // 2
    return LaidBlock(height, (PictureMark(x=left, y=0, width=width, height=height, png=block.png),))


def _frame(block: doc.Frame, area: Area) -> LaidBlock:
    thickness = area.scaled(4)
    inner = area.scaled(13)
    above = area.scaled(12)
    inside = replace(area, left=area.left + 3 * inner, width=area.width - 6 * inner)
    words = _paragraph(_runs(block.text, "strong", area.paper.px(block.size)), "centre", inside)
    height = words.height + 2 * inner
    edge = shapes.scooped_frame(area.left, above, width=area.width, height=height, thickness=thickness)
    return LaidBlock(above + height + area.scaled(2), (edge, *translate(words.marks, 0, above + inner)))


def _big_number(block: doc.BigNumber, area: Area) -> LaidBlock:
    """Return a number as high as its ink, not as its line: nothing else is as large."""
    full_px = area.paper.px(block.size)
    px = min(full_px, int(full_px * area.width / max(text_width(block.text, (STRONG, full_px)), 1)))
    width = text_width(block.text, (STRONG, px))
    ink_height = -font(STRONG, px).getbbox(block.text or "0", anchor="ls")[1]
    above = area.scaled(40)
    below = area.scaled(30)
    left = round(area.left + (area.width - width) / 2)
    mark = TextMark(x=left, y=above + ink_height, text=block.text, face=STRONG, size=px, width=width)
    return LaidBlock(above + ink_height + below, (mark,))


def _tick(block: doc.Tick, area: Area) -> LaidBlock:
    side = area.scaled(26)
    px = area.paper.px(doc.BODY)
    column = replace(area, left=area.left + area.scaled(42), width=area.width - area.scaled(42))
    runs = _runs(block.text, "text", px)
    words = _paragraph(runs, "left", column)
    top = _baseline(px, _leading(runs, px, area)) - round(CAP_HEIGHT * px / 2) - side // 2
    box = shapes.check_box(area.left, top, side=side, thickness=area.scaled(3), ticked=block.done)
    return LaidBlock(words.height + area.scaled(5), (*box, *words.marks))


def _step(block: doc.Step, area: Area) -> LaidBlock:
    side = area.scaled(44)
    px = area.paper.px(doc.BODY)
    indent = area.scaled(57)
    column = replace(area, left=area.left + indent, width=area.width - indent)
    runs = _runs(block.text, "text", px)
    words = _paragraph(runs, "left", column)
    leading = _leading(runs, px, area)
    top = max(0, round((leading - side) / 2))
    shift = round(top + (side - leading) / 2)
    number = _paragraph(_runs(str(block.number), "strong", px), "centre", replace(area, width=side))
    circle = shapes.circle(area.left, top, side=side, thickness=area.scaled(3))
    marks = (circle, *translate(number.marks, 0, shift), *translate(words.marks, 0, shift))
    return LaidBlock(max(words.height + shift, top + side) + area.scaled(9), marks)


def _bridge(_block: doc.Bridge, area: Area) -> LaidBlock:
    height, marks = shapes.bridge(area.left, 0, area.width)
    return LaidBlock(height + area.scaled(8), marks)


@dataclass(frozen=True)
class Seal(doc.Block):
    """The framed word of practice and its explanation."""


def _practice_blocks(document: doc.Document) -> tuple[doc.Block, ...]:
    return (Seal(),) if document.practice else ()


def _seal(_block: Seal, area: Area) -> LaidBlock:
    word = _runs(doc.PRACTICE_WORD, "strong", area.paper.px(doc.FIGURE * 0.75))
    inner = area.scaled(12)
    width = round(_line_width(word)) + 2 * area.scaled(18)
    box = _paragraph(word, "centre", replace(area, width=width))
    height = round(box.height) + inner
    column = replace(area, left=area.left + width + area.scaled(18), width=area.width - width - area.scaled(18))
    words = _paragraph(_runs(doc.PRACTICE_LINE, "strong", area.paper.px(doc.BODY)), "left", column)
    edges = shapes.frame(area.left, 0, width=width, height=height, thickness=area.scaled(4))
    shift = round((height - words.height) / 2)
    marks = (*edges, *translate(box.marks, 0, inner // 2), *translate(words.marks, 0, shift))
    return LaidBlock(height + area.scaled(20), marks)


def _edges(_block: doc.Edges, area: Area) -> LaidBlock:
    height = area.paper.mm(4)
    thickness = area.scaled(4)
    right = area.paper.dots - thickness
    marks: list[Mark] = [
        Bar(x=0, y=0, width=thickness, height=height),
        Bar(x=right, y=0, width=thickness, height=height),
        Bar(x=2 * thickness, y=height / 2, width=right - 3 * thickness, height=area.scaled(2)),
    ]
    return LaidBlock(height + area.scaled(8), tuple(marks))


def _darkness_samples(block: doc.DarknessSamples, area: Area) -> LaidBlock:
    step = area.width / len(DARKNESS)
    px = area.paper.px(doc.TITLE)
    px = int(px * min(1, (step - area.scaled(8)) / text_width(block.text, (TEXT, px))))
    leading = round(1.7 * px)
    marks: list[Mark] = []
    for number, darkness in enumerate(DARKNESS):
        for row, (text, level) in enumerate(((block.text, darkness), (str(darkness), None))):
            width = text_width(text, (TEXT, px))
            left = area.left + number * step + (step - width) / 2
            y = row * leading + _baseline(px, leading)
            marks.append(TextMark(x=round(left), y=y, text=text, face=TEXT, size=px, width=width, darkness=level))
    return LaidBlock(2 * leading, tuple(marks))


LAYOUTS: dict[type[doc.Block], Callable[[Any, Area], LaidBlock]] = {
    doc.Text: _text,
    doc.Pair: _pair,
    doc.Table: _table,
    doc.Rule: _rule,
    doc.Code: _code,
    doc.Picture: _picture,
    doc.Gap: _gap,
    doc.Frame: _frame,
    doc.BigNumber: _big_number,
    doc.Tick: _tick,
    doc.Step: _step,
    doc.Bridge: _bridge,
    doc.Edges: _edges,
    doc.DarknessSamples: _darkness_samples,
    Seal: _seal,
}
