"""One line of an official form set in type: serif words, answers on dotted lines, boxes, raised notes.

Answers never lose a letter: what is too long for its line goes on over the next ones, each dotted to the margin, unless
it fits when set a little smaller. Free room is given to the answers, so that short ones in a line end up equally wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from printers.printable_text import NO_BREAK, add_no_break_spaces
from printers.render import shapes
from printers.render.pdf_fonts import FORM, FORM_BOLD, FORM_ITALIC, ANSWER, text_width
from printers.render.pillow_fonts import CAP_HEIGHT
from printers.render.primitives import DottedLine, Face, TextMark, LaidBlock, Mark, translate
from printers.sheet import Answer, Box, LetterBoxes, FormLine, Part, FormText, Size

MM = 72 / 25.4
INSET = 2.0  # points between an answer and the ends of its dots
DROP = 0.29  # em below the baseline where the dots run
SMALLER = 0.9  # of an answer's size, where that keeps its last word from a row of its own
CELL = 1.18  # of the form's size: the side of a box for one letter
EDGE = 0.8  # points: the line around such a box


@dataclass(frozen=True)
class SheetMeasures:
    """The measures of a sheet, in points: the page, its margins, its two voices and its two pitches."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    answer_size: float
    answer_pitch: float  # of a line with answers
    text_pitch: float  # of running words

    @property
    def content_width(self) -> float:
        """The width between the margins."""
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
    """What never breaks: a word, a raised note, a box, a row of cells, or an empty answer."""

    text: str
    style: tuple[Face, float]
    width: float
    gap: float = 0  # before it, unless it begins a line
    rise: float = 0
    field: int = -1  # which answer it belongs to
    box: bool | None = None
    cells: int = 0


@dataclass(frozen=True)
class Stretch:
    """Neighbours in a line that are drawn as one: words of one style, or an answer with its dots."""

    items: tuple[Item, ...]
    width: float
    gap: float
    answer: Answer | None = None


def face_of(said: FormText) -> Face:
    """The face in which the form says something."""
    return FORM_BOLD if said.bold else FORM_ITALIC if said.italic else FORM


def lay_line(line: FormLine, form: SheetMeasures, room: float, *, size: float = 0) -> list[LaidBlock]:
    """The line in type, one laid piece a row; `size` in place of the form's."""
    size = size or form.size
    rows = _rows(list(_chunks(line.parts, form, size)), room, line.indent * MM)
    if len(rows) > 1 and not line.keep_size and sum(isinstance(part, Answer) for part in line.parts) == 1:
        smaller = _rows(
            list(_chunks(line.parts, replace(form, person=SMALLER * form.answer_size), size)), room, line.indent * MM
        )
        rows = smaller if len(smaller) < len(rows) else rows
    answers = [part for part in line.parts if isinstance(part, Answer)]
    has_dots = bool(answers) or any(isinstance(part, Box | LetterBoxes) for part in line.parts)
    height = (form.answer_pitch if has_dots else form.text_pitch) * size / form.size
    laid: list[LaidBlock] = []
    for number, row in enumerate(rows):
        start = line.indent * MM if not number else 0
        stretches = _stretched(row, room - start, line, answers, is_last=number == len(rows) - 1)
        laid.append(LaidBlock(height, tuple(_placed(stretches, start, room, line, height))))
    if laid and line.space_above:
        laid[0] = laid[0].with_space_above(line.space_above * MM)
    return laid


def _chunks(parts: tuple[Part, ...], form: SheetMeasures, size: float) -> Iterator[list[Item]]:
    """What stays together: usually a word, with the note or the full stop that clings to it."""
    chunk: list[Item] = []
    numbered = _items(parts, form, size)
    for item, clings in numbered:
        if chunk and not clings:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def _items(parts: tuple[Part, ...], form: SheetMeasures, size: float) -> Iterator[tuple[Item, bool]]:
    """The items of all parts, each with whether it clings to the one before."""
    field = -1
    previous = ""
    for part in parts:
        match part:
            case FormText():
                after = "" if previous == "Said" else previous
                yield from _said(part, size, after)
                previous = "space" if part.text.endswith(" ") and not part.note else "Said"
            case Answer():
                field += 1
                yield from ((item, False) for item in _answer(part, field, form, size))
                previous = "Answer"
            case Box():
                gap = 0.9 * size if part.leads else 0.28 * size
                yield (
                    Item(text="", style=(FORM, size), width=0.86 * size, gap=gap, box=part.ticked),
                    bool(previous) and not part.leads,
                )
                previous = "lead" if part.leads else "Box"
            case LetterBoxes():
                yield _cells(part, form, size), False
                previous = "Box"


def _said(said: FormText, size: float, after: str) -> Iterator[tuple[Item, bool]]:
    style = (face_of(said), size)
    space = text_width(" ", style)
    words = add_no_break_spaces(said.text).split(" ")
    for number, word in enumerate(words):
        is_close = not number and (after == "" or word[:1] in tuple(",.;)"))
        clings = is_close or (not number and after == "lead")
        gap = 0.0 if is_close else space if number or after == "space" else 0.38 * size
        if word:
            yield Item(text=word, style=style, width=text_width(word, style), gap=gap), clings
    if said.note:
        raised = (style[0], 0.62 * size)
        yield Item(said.note, raised, text_width(said.note, raised), rise=0.36 * size), True


def _answer(answer: Answer, field: int, form: SheetMeasures, size: float) -> Iterator[Item]:
    """The words of an answer; one that is shorter than its least width stays in one piece."""
    style = (ANSWER, form.answer_size * size / form.size)
    least = answer.width * MM
    whole = text_width(answer.text, style)
    if whole + 2 * INSET <= least or not answer.text:
        yield Item(text=answer.text, style=style, width=least - 2 * INSET, gap=0.38 * size + INSET, field=field)
        return
    for number, word in enumerate(add_no_break_spaces(answer.text).split(" ")):
        gap = text_width(" ", style) if number else 0.38 * size + INSET
        yield Item(text=word, style=style, width=text_width(word, style), gap=gap, field=field)


def _cells(cells: LetterBoxes, form: SheetMeasures, size: float) -> Item:
    """A row of boxes, as many as the form has or, for a longer number, as it needs."""
    count = max(cells.count, len(cells.text))
    wide = count * (CELL * size - EDGE) + EDGE
    return Item(
        text=cells.text, style=(ANSWER, form.answer_size * size / form.size), width=wide, gap=0.38 * size, cells=count
    )


def _rows(chunks: list[list[Item]], room: float, indent: float) -> list[list[Item]]:
    """Chunks in rows, each as full as it can be; a chunk wider than a row is cut."""
    rows: list[list[Item]] = [[]]
    free = room - indent
    for chunk in chunks:
        if rows[-1] and rows[-1][-1].field >= 0 and rows[-1][-1].field != chunk[0].field:
            free -= INSET  # the dots go on a little behind the answer that has ended
        # ... and so it does inside a chunk, before a full stop that clings to an answer
        inside = INSET * sum(one.field >= 0 and one.field != other.field for one, other in pairwise(chunk))
        wide = sum(item.width + item.gap for item in chunk) + inside + (INSET if chunk[-1].field >= 0 else 0)
        if wide > free and rows[-1]:
            rows.append([])
            free = room
        for number, piece in enumerate(_cut(chunk, room)):
            if number:
                rows.append([])
                free = room
            rows[-1] += piece
            free -= sum(item.width + item.gap for item in piece)
        free -= inside
    return rows


def _cut(chunk: list[Item], room: float) -> list[list[Item]]:
    """A chunk that fits as it is, or a monstrous word in pieces of a row each."""
    item = chunk[0]
    if item.width <= room - 2 * INSET or not item.text:
        return [chunk]
    count = max(1, int(len(item.text) * (room - 2 * INSET) / item.width * 0.8))
    texts = [item.text[start : start + count] for start in range(0, len(item.text), count)]
    pieces = [[replace(item, text=text, width=text_width(text, item.style))] for text in texts]
    pieces[-1] += chunk[1:]
    return pieces


def _stretched(row: list[Item], room: float, line: FormLine, answers: list[Answer], *, is_last: bool) -> list[Stretch]:
    """The row's stretches with the free room given away."""
    row = [replace(row[0], gap=INSET if row[0].field >= 0 else 0), *row[1:]] if row else row
    stretches = _grouped(row, answers)
    free = room - sum(stretch.width + stretch.gap for stretch in stretches)
    if line.align == "justify" and not is_last:
        return _spread(row, free)
    if line.align in ("centre", "right"):
        return stretches
    return _grown(stretches, free, runs_on=not is_last)


def _grouped(row: list[Item], answers: list[Answer]) -> list[Stretch]:
    groups: list[list[Item]] = []
    for item in row:
        last = groups[-1][-1] if groups else None
        if last and _joins(last, item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_stretch(group, answers) for group in groups]


def _joins(last: Item, item: Item) -> bool:
    """Whether two items are drawn as one text."""
    if item.field >= 0 or last.field >= 0:
        return item.field == last.field
    if item.cells or last.cells:
        return False
    plain = item.box is None and last.box is None and item.rise == last.rise and item.style == last.style
    return plain and (not item.gap or abs(item.gap - text_width(" ", item.style)) < 0.01)


def _stretch(group: list[Item], answers: list[Answer]) -> Stretch:
    first = group[0]
    wide = sum(item.width + item.gap for item in group) - first.gap
    if first.field < 0:
        return Stretch(tuple(group), wide, first.gap)
    return Stretch(items=tuple(group), width=wide + 2 * INSET, gap=first.gap - INSET, answer=answers[first.field])


def _grown(stretches: list[Stretch], free: float, *, runs_on: bool) -> list[Stretch]:
    """Answers share the free room so that all come out equally wide, by their `grow`; none shrinks."""
    last = stretches[-1] if stretches else None
    if runs_on and last and last.answer:
        return [*stretches[:-1], replace(last, width=last.width + free)]
    growing = [stretch for stretch in stretches if stretch.answer and stretch.answer.grow]
    while growing:
        total = free + sum(stretch.width for stretch in growing)
        weight = sum(stretch.answer.grow for stretch in growing if stretch.answer)
        small = [s for s in growing if s.answer and s.width <= total * s.answer.grow / weight + 0.01]
        if len(small) == len(growing):
            wide = {id(s): total * s.answer.grow / weight for s in growing if s.answer}
            return [replace(s, width=wide.get(id(s), s.width)) for s in stretches]
        growing = small
    return stretches


def _spread(row: list[Item], free: float) -> list[Stretch]:
    """Every word by itself, the gaps between them widened to fill the row."""
    gaps = sum(1 for item in row if item.gap) or 1
    return [Stretch((item,), item.width, item.gap + (free / gaps if item.gap else 0)) for item in row]


def _placed(stretches: list[Stretch], start: float, room: float, line: FormLine, height: float) -> Iterator[Mark]:
    """Stretches become marks, from left to right on one baseline."""
    whole = sum(stretch.width + stretch.gap for stretch in stretches)
    x = start + {"centre": (room - start - whole) / 2, "right": room - start - whole}.get(line.align, 0)
    baseline = 0.72 * height
    for stretch in stretches:
        x += stretch.gap
        yield from translate(tuple(_drawn(stretch)), x, baseline)
        x += stretch.width


def _drawn(stretch: Stretch) -> Iterator[Mark]:
    first = stretch.items[0]
    if first.box is not None:
        yield from shapes.check_box(0, -0.76 * first.style[1], first.width, 0.9, ticked=first.box)
        return
    if first.cells:
        yield from _boxed(first)
        return
    text = "".join((" " if number and item.gap else "") + item.text for number, item in enumerate(stretch.items))
    wide = text_width(text, first.style)
    shift = 0.0
    if stretch.answer:
        shift = (stretch.width - wide) / 2 if stretch.answer.align == "centre" else INSET
        yield DottedLine(0, DROP * first.style[1] * 1.15, stretch.width)
    if text:
        yield TextMark(shift, -first.rise, text.replace(NO_BREAK, " "), *first.style, wide)


def _boxed(item: Item) -> Iterator[Mark]:
    """One letter in the middle of each box; neighbours share an edge."""
    step = (item.width - EDGE) / item.cells
    side = step + EDGE
    size = item.style[1]
    top = -(side + CAP_HEIGHT * size) / 2
    for number in range(item.cells):
        yield from shapes.frame(number * step, top, side, side, EDGE)
    for number, letter in enumerate(item.text):
        wide = text_width(letter, item.style)
        yield TextMark(number * step + (side - wide) / 2, 0, letter, *item.style, wide)
