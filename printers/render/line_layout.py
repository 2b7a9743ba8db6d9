"""Layout of one line of an official form: serif words, answers on dotted lines, boxes, raised footnote numbers.

No letter of an answer is ever lost: a long answer continues over the next rows, each dotted to the margin, unless it is
shorter by a row when set a little smaller. The answers share the free width, so that short ones in a line become
equally wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from printers.printable_text import NO_BREAK, add_no_break_spaces
from printers.render import shapes
from printers.render.pdf_fonts import ANSWER, FORM, FORM_BOLD, FORM_ITALIC, text_width
from printers.render.pillow_fonts import CAP_HEIGHT
from printers.render.primitives import DottedLine, Face, LaidBlock, Mark, TextMark, translate
from printers.sheet import Answer, Box, FormLine, FormText, LetterBoxes, Part, Size

MM = 72 / 25.4
INSET = 2.0  # points between an answer and the ends of its dots
DOTS_DROP = 0.29  # em from the baseline down to the dots
SMALLER = 0.9  # of an answer's size, where that saves a row
LETTER_BOX = 1.18  # of the form's size: the side of a box for one letter
EDGE = 0.8  # points: the line around such a box


@dataclass(frozen=True)
class SheetMeasures:
    """Measures of a sheet in points: page, margins, sizes of form and answers, heights of lines."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    answer_size: float
    answer_pitch: float  # of a line with answers
    text_pitch: float  # of a line without answers
    signing: float = 1.0  # share of the height to sign in

    @property
    def content_width(self) -> float:
        """Return the width between the margins."""
        return self.width - self.left - self.right


SHEET_MEASURES: dict[Size, SheetMeasures] = {
    "A4": SheetMeasures(
        width=210 * MM,
        height=297 * MM,
        left=28 * MM,
        right=19 * MM,
        top=15 * MM,
        bottom=15 * MM,
        size=13,
        answer_size=11.25,
        answer_pitch=20.6,
        text_pitch=16.2,
    ),
    "A5": SheetMeasures(
        width=148 * MM,
        height=210 * MM,
        left=12 * MM,
        right=10 * MM,
        top=9 * MM,
        bottom=9 * MM,
        size=10,
        answer_size=9.3,
        answer_pitch=15.75,
        text_pitch=12.6,
    ),
    "A4 landscape": SheetMeasures(
        width=297 * MM,
        height=210 * MM,
        left=19 * MM,
        right=15 * MM,
        top=15 * MM,
        bottom=12 * MM,
        size=12,
        answer_size=10.4,
        answer_pitch=19.6,
        text_pitch=15.1,
    ),
}


@dataclass(frozen=True)
class Item:
    """An unbreakable part of a line: a word, a footnote number, a box, a row of letter boxes, or an empty answer."""

    text: str
    style: tuple[Face, float]
    width: float
    gap: float = 0  # before it, unless it begins a row
    rise: float = 0
    answer_index: int = -1  # of the answer that it belongs to
    ticked: bool | None = None  # of a check box
    box_count: int = 0  # letter boxes


@dataclass(frozen=True)
class Stretch:
    """Neighbouring items that are drawn as one: words of one style, or an answer with its dots."""

    items: tuple[Item, ...]
    width: float
    gap: float
    answer: Answer | None = None


def face_of(text: FormText) -> Face:
    """Return the font of words of the form."""
    return FORM_BOLD if text.bold else FORM_ITALIC if text.italic else FORM


def lay_line(line: FormLine, measures: SheetMeasures, available_width: float, *, size: float = 0) -> list[LaidBlock]:
    """Lay out a line of the form.

    Args:
        line: the line.
        measures: the measures of the sheet.
        available_width: in points.
        size: of the words of the form, instead of the sheet's.

    Returns:
        One block a row.
    """
    size = size or measures.size
    answers = [part for part in line.parts if isinstance(part, Answer)]
    rows = _break_rows(list(_chunks(line.parts, measures, size)), available_width, line.indent * MM)
    if len(rows) > 1 and not line.keep_size and len(answers) == 1:
        smaller_measures = replace(measures, answer_size=SMALLER * measures.answer_size)
        smaller = _break_rows(list(_chunks(line.parts, smaller_measures, size)), available_width, line.indent * MM)
        rows = smaller if len(smaller) < len(rows) else rows
    has_dots = bool(answers) or any(isinstance(part, Box | LetterBoxes) for part in line.parts)
    height = (measures.answer_pitch if has_dots else measures.text_pitch) * size / measures.size
    laid: list[LaidBlock] = []
    for number, row in enumerate(rows):
        start = line.indent * MM if not number else 0
        is_last = number == len(rows) - 1
        stretches = _stretch_row(row, available_width - start, line=line, answers=answers, is_last=is_last)
        marks = _place(stretches, start=start, available_width=available_width, align=line.align, height=height)
        laid.append(LaidBlock(height, tuple(marks)))
    if laid and line.space_above:
        laid[0] = laid[0].with_space_above(line.space_above * MM)
    return laid


def _chunks(parts: tuple[Part, ...], measures: SheetMeasures, size: float) -> Iterator[list[Item]]:
    """Yield the items that are kept together: usually a word, with the note or the full stop after it."""
    chunk: list[Item] = []
    for item, is_attached in _items(parts, measures, size):
        if chunk and not is_attached:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def _items(parts: tuple[Part, ...], measures: SheetMeasures, size: float) -> Iterator[tuple[Item, bool]]:
    """Yield the items of all parts, each with whether it is attached to the one before."""
    answer_index = -1
    previous = ""
    for part in parts:
        match part:
            case FormText():
                after = "" if previous == "FormText" else previous
                yield from _form_items(part, size, after)
                previous = "space" if part.text.endswith(" ") and not part.note else "FormText"
            case Answer():
                answer_index += 1
                for item in _answer_items(part, answer_index=answer_index, measures=measures, size=size):
                    yield item, False
                previous = "Answer"
            case Box():
                gap = 0.9 * size if part.leads else 0.28 * size
                item = Item(text="", style=(FORM, size), width=0.86 * size, gap=gap, ticked=part.ticked)
                yield item, bool(previous) and not part.leads
                previous = "lead" if part.leads else "Box"
            case LetterBoxes():
                yield _letter_boxes(part, measures, size), False
                previous = "Box"


def _form_items(part: FormText, size: float, after: str) -> Iterator[tuple[Item, bool]]:
    """Yield the words of the form and their footnote number; `after` is the kind of part before them."""
    style = (face_of(part), size)
    space = text_width(" ", style)
    words = add_no_break_spaces(part.text).split(" ")
    for number, word in enumerate(words):
        is_close = not number and (after == "" or word[:1] in tuple(",.;)"))
        is_attached = is_close or (not number and after == "lead")
        gap = 0.0 if is_close else space if number or after == "space" else 0.38 * size
        if word:
            yield Item(text=word, style=style, width=text_width(word, style), gap=gap), is_attached
    if part.note:
        raised = (style[0], 0.62 * size)
        yield Item(text=part.note, style=raised, width=text_width(part.note, raised), rise=0.36 * size), True


def _answer_items(answer: Answer, *, answer_index: int, measures: SheetMeasures, size: float) -> Iterator[Item]:
    """Yield the words of an answer; one that is shorter than its least width is one item."""
    style = (ANSWER, measures.answer_size * size / measures.size)
    first_gap = 0.38 * size + INSET
    least_width = answer.width * MM
    if not answer.text or text_width(answer.text, style) + 2 * INSET <= least_width:
        width = least_width - 2 * INSET
        yield Item(text=answer.text, style=style, width=width, gap=first_gap, answer_index=answer_index)
        return
    for number, word in enumerate(add_no_break_spaces(answer.text).split(" ")):
        gap = text_width(" ", style) if number else first_gap
        yield Item(text=word, style=style, width=text_width(word, style), gap=gap, answer_index=answer_index)


def _letter_boxes(boxes: LetterBoxes, measures: SheetMeasures, size: float) -> Item:
    """Return a row of letter boxes, as many as the form has or as a longer number needs."""
    count = max(boxes.count, len(boxes.text))
    width = count * (LETTER_BOX * size - EDGE) + EDGE
    style = (ANSWER, measures.answer_size * size / measures.size)
    return Item(text=boxes.text, style=style, width=width, gap=0.38 * size, box_count=count)


def _break_rows(chunks: list[list[Item]], available_width: float, indent: float) -> list[list[Item]]:
    """Break chunks into rows, each as full as possible; a chunk wider than a row is cut."""
    rows: list[list[Item]] = [[]]
    free = available_width - indent
    for chunk in chunks:
        if rows[-1] and rows[-1][-1].answer_index >= 0 and rows[-1][-1].answer_index != chunk[0].answer_index:
            free -= INSET  # the dots continue a little after the answer that has ended
        # The same inside a chunk, before a full stop that is attached to an answer.
        inside = INSET * sum(
            item.answer_index >= 0 and item.answer_index != following.answer_index
            for item, following in pairwise(chunk)
        )
        width = sum(item.width + item.gap for item in chunk) + inside + (INSET if chunk[-1].answer_index >= 0 else 0)
        if width > free and rows[-1]:
            rows.append([])
            free = available_width
        for number, piece in enumerate(_cut(chunk, available_width)):
            if number:
                rows.append([])
                free = available_width
            rows[-1] += piece
            free -= sum(item.width + item.gap for item in piece)
        free -= inside
    return rows


def _cut(chunk: list[Item], available_width: float) -> list[list[Item]]:
    """Return a chunk as one piece, or a word wider than a row in pieces of a row each."""
    item = chunk[0]
    row_width = available_width - 2 * INSET
    if item.width <= row_width or not item.text:
        return [chunk]
    count = max(1, int(len(item.text) * row_width / item.width * 0.8))
    texts = [item.text[start : start + count] for start in range(0, len(item.text), count)]
    pieces = [[replace(item, text=text, width=text_width(text, item.style))] for text in texts]
    pieces[-1] += chunk[1:]
    return pieces


def _stretch_row(
    row: list[Item], available_width: float, *, line: FormLine, answers: list[Answer], is_last: bool
) -> list[Stretch]:
    """Return the stretches of a row with its free width distributed."""
    if row:
        row = [replace(row[0], gap=INSET if row[0].answer_index >= 0 else 0), *row[1:]]
    stretches = _group(row, answers)
    free = available_width - sum(stretch.width + stretch.gap for stretch in stretches)
    if line.align == "justify" and not is_last:
        return _justify(row, free)
    if line.align in ("centre", "right"):
        return stretches
    return _grow_answers(stretches, free, continues=not is_last)


def _group(row: list[Item], answers: list[Answer]) -> list[Stretch]:
    groups: list[list[Item]] = []
    for item in row:
        last = groups[-1][-1] if groups else None
        if last and _joins(last, item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_make_stretch(group, answers) for group in groups]


def _joins(last: Item, item: Item) -> bool:
    """Return whether two items are drawn as one text."""
    if item.answer_index >= 0 or last.answer_index >= 0:
        return item.answer_index == last.answer_index
    if item.box_count or last.box_count:
        return False
    is_alike = item.ticked is None and last.ticked is None and item.rise == last.rise and item.style == last.style
    return is_alike and (not item.gap or abs(item.gap - text_width(" ", item.style)) < 0.01)


def _make_stretch(group: list[Item], answers: list[Answer]) -> Stretch:
    first = group[0]
    width = sum(item.width + item.gap for item in group) - first.gap
    if first.answer_index < 0:
        return Stretch(tuple(group), width, first.gap)
    answer = answers[first.answer_index]
    return Stretch(items=tuple(group), width=width + 2 * INSET, gap=first.gap - INSET, answer=answer)


def _grow_answers(stretches: list[Stretch], free: float, *, continues: bool) -> list[Stretch]:
    """Widen the answers by their `grow` so that all become equally wide; none becomes narrower."""
    last = stretches[-1] if stretches else None
    if continues and last and last.answer:
        return [*stretches[:-1], replace(last, width=last.width + free)]
    growing = [stretch for stretch in stretches if stretch.answer and stretch.answer.grow]
    while growing:
        total = free + sum(stretch.width for stretch in growing)
        weight = sum(stretch.answer.grow for stretch in growing if stretch.answer)
        small = [s for s in growing if s.answer and s.width <= total * s.answer.grow / weight + 0.01]
        if len(small) == len(growing):
            widths = {id(s): total * s.answer.grow / weight for s in growing if s.answer}
            return [replace(s, width=widths.get(id(s), s.width)) for s in stretches]
        growing = small
    return stretches


def _justify(row: list[Item], free: float) -> list[Stretch]:
    """Return every word as a stretch, the gaps between them widened to fill the row."""
    gaps = sum(1 for item in row if item.gap) or 1
    return [Stretch((item,), item.width, item.gap + (free / gaps if item.gap else 0)) for item in row]


def _place(
    stretches: list[Stretch], *, start: float, available_width: float, align: str, height: float
) -> Iterator[Mark]:
    """Yield the marks of stretches, from left to right on one baseline."""
    width = sum(stretch.width + stretch.gap for stretch in stretches)
    free = available_width - start - width
    x = start + {"centre": free / 2, "right": free}.get(align, 0)
    baseline = 0.72 * height
    for stretch in stretches:
        x += stretch.gap
        yield from translate(tuple(_draw(stretch)), x, baseline)
        x += stretch.width


def _draw(stretch: Stretch) -> Iterator[Mark]:
    first = stretch.items[0]
    face, size = first.style
    if first.ticked is not None:
        yield from shapes.check_box(x=0, y=-0.76 * size, side=first.width, thickness=0.9, ticked=first.ticked)
        return
    if first.box_count:
        yield from _draw_letter_boxes(first)
        return
    text = "".join((" " if number and item.gap else "") + item.text for number, item in enumerate(stretch.items))
    width = text_width(text, first.style)
    shift = 0.0
    if stretch.answer:
        shift = (stretch.width - width) / 2 if stretch.answer.align == "centre" else INSET
        yield DottedLine(0, DOTS_DROP * size * 1.15, stretch.width)
    if text:
        words = text.replace(NO_BREAK, " ")
        yield TextMark(x=shift, y=-first.rise, text=words, face=face, size=size, width=width)


def _draw_letter_boxes(item: Item) -> Iterator[Mark]:
    """Yield one letter in the middle of each box; neighbours share an edge."""
    face, size = item.style
    step = (item.width - EDGE) / item.box_count
    side = step + EDGE
    top = -(side + CAP_HEIGHT * size) / 2
    for number in range(item.box_count):
        yield from shapes.frame(x=number * step, y=top, width=side, height=side, thickness=EDGE)
    for number, letter in enumerate(item.text):
        width = text_width(letter, item.style)
        yield TextMark(x=number * step + (side - width) / 2, y=0, text=letter, face=face, size=size, width=width)
