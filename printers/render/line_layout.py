"""One line of an official form set in type: serif words, answers on dotted lines, boxes, raised notes.

Answers never lose a letter: what is too long for its line goes on over the next ones, each dotted to the margin, unless
it fits when set a little smaller. Free room is given to the answers, so that short ones in a line end up equally wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from printers.printable_text import NO_BREAK, unbroken
from printers.render import shapes
from printers.render.pdf_fonts import FORM, FORM_BOLD, FORM_ITALIC, PERSON, width
from printers.render.pillow_fonts import CAPITAL
from printers.render.primitives import Dots, Face, Ink, Laid, Mark, moved
from printers.sheet import Answer, Box, Cells, Line, Part, Said, Size

MM = 72 / 25.4
INSET = 2.0  # points between an answer and the ends of its dots
DROP = 0.29  # em below the baseline where the dots run
SMALLER = 0.9  # of an answer's size, where that keeps its last word from a row of its own
CELL = 1.18  # of the form's size: the side of a box for one letter
EDGE = 0.8  # points: the line around such a box


@dataclass(frozen=True)
class Form:
    """The measures of a sheet, in points: the page, its margins, its two voices and its two pitches."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    person: float
    pitch: float  # of a line with answers
    tight: float  # of running words

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right


FORMS: dict[Size, Form] = {
    "A4": Form(210 * MM, 297 * MM, 28 * MM, 19 * MM, 15 * MM, 15 * MM, 13, 11.25, 20.6, 16.2),
    "A5": Form(148 * MM, 210 * MM, 12 * MM, 10 * MM, 9 * MM, 9 * MM, 10, 9.3, 15.75, 12.6),
    "A4 landscape": Form(297 * MM, 210 * MM, 19 * MM, 15 * MM, 15 * MM, 12 * MM, 12, 10.4, 19.6, 15.1),
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


def face(said: Said) -> Face:
    """The face in which the form says something."""
    return FORM_BOLD if said.bold else FORM_ITALIC if said.italic else FORM


def set_line(line: Line, form: Form, room: float, *, size: float = 0) -> list[Laid]:
    """The line in type, one laid piece a row; `size` in place of the form's."""
    size = size or form.size
    rows = _rows(list(_chunks(line.parts, form, size)), room, line.indent * MM)
    if len(rows) > 1 and not line.even and sum(isinstance(part, Answer) for part in line.parts) == 1:
        smaller = _rows(
            list(_chunks(line.parts, replace(form, person=SMALLER * form.person), size)), room, line.indent * MM
        )
        rows = smaller if len(smaller) < len(rows) else rows
    answers = [part for part in line.parts if isinstance(part, Answer)]
    has_dots = bool(answers) or any(isinstance(part, Box | Cells) for part in line.parts)
    height = (form.pitch if has_dots else form.tight) * size / form.size
    laid: list[Laid] = []
    for number, row in enumerate(rows):
        start = line.indent * MM if not number else 0
        stretches = _stretched(row, room - start, line, answers, is_last=number == len(rows) - 1)
        laid.append(Laid(height, tuple(_placed(stretches, start, room, line, height))))
    if laid and line.before:
        laid[0] = laid[0].down(line.before * MM)
    return laid


def _chunks(parts: tuple[Part, ...], form: Form, size: float) -> Iterator[list[Item]]:
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


def _items(parts: tuple[Part, ...], form: Form, size: float) -> Iterator[tuple[Item, bool]]:
    """The items of all parts, each with whether it clings to the one before."""
    field, previous = -1, ""
    for part in parts:
        match part:
            case Said():
                after = "" if previous == "Said" else previous
                yield from _said(part, size, after)
                previous = "space" if part.text.endswith(" ") and not part.note else "Said"
            case Answer():
                field += 1
                yield from ((item, False) for item in _answer(part, field, form, size))
                previous = "Answer"
            case Box():
                gap = 0.9 * size if part.leads else 0.28 * size
                yield Item("", (FORM, size), 0.86 * size, gap, box=part.ticked), bool(previous) and not part.leads
                previous = "lead" if part.leads else "Box"
            case Cells():
                yield _cells(part, form, size), False
                previous = "Box"


def _said(said: Said, size: float, after: str) -> Iterator[tuple[Item, bool]]:
    style = (face(said), size)
    space = width(" ", style)
    words = unbroken(said.text).split(" ")
    for number, word in enumerate(words):
        is_close = not number and (after == "" or word[:1] in tuple(",.;)"))
        clings = is_close or (not number and after == "lead")
        gap = 0.0 if is_close else space if number or after == "space" else 0.38 * size
        if word:
            yield Item(word, style, width(word, style), gap), clings
    if said.note:
        raised = (style[0], 0.62 * size)
        yield Item(said.note, raised, width(said.note, raised), rise=0.36 * size), True


def _answer(answer: Answer, field: int, form: Form, size: float) -> Iterator[Item]:
    """The words of an answer; one that is shorter than its least width stays in one piece."""
    style = (PERSON, form.person * size / form.size)
    least = answer.width * MM
    whole = width(answer.text, style)
    if whole + 2 * INSET <= least or not answer.text:
        yield Item(answer.text, style, least - 2 * INSET, 0.38 * size + INSET, field=field)
        return
    for number, word in enumerate(unbroken(answer.text).split(" ")):
        gap = width(" ", style) if number else 0.38 * size + INSET
        yield Item(word, style, width(word, style), gap, field=field)


def _cells(cells: Cells, form: Form, size: float) -> Item:
    """A row of boxes, as many as the form has or, for a longer number, as it needs."""
    count = max(cells.count, len(cells.text))
    wide = count * (CELL * size - EDGE) + EDGE
    return Item(cells.text, (PERSON, form.person * size / form.size), wide, 0.38 * size, cells=count)


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
    pieces = [[replace(item, text=text, width=width(text, item.style))] for text in texts]
    pieces[-1] += chunk[1:]
    return pieces


def _stretched(row: list[Item], room: float, line: Line, answers: list[Answer], *, is_last: bool) -> list[Stretch]:
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
    return plain and (not item.gap or abs(item.gap - width(" ", item.style)) < 0.01)


def _stretch(group: list[Item], answers: list[Answer]) -> Stretch:
    first = group[0]
    wide = sum(item.width + item.gap for item in group) - first.gap
    if first.field < 0:
        return Stretch(tuple(group), wide, first.gap)
    return Stretch(tuple(group), wide + 2 * INSET, first.gap - INSET, answers[first.field])


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


def _placed(stretches: list[Stretch], start: float, room: float, line: Line, height: float) -> Iterator[Mark]:
    """Stretches become marks, from left to right on one baseline."""
    whole = sum(stretch.width + stretch.gap for stretch in stretches)
    x = start + {"centre": (room - start - whole) / 2, "right": room - start - whole}.get(line.align, 0)
    baseline = 0.72 * height
    for stretch in stretches:
        x += stretch.gap
        yield from moved(tuple(_drawn(stretch)), x, baseline)
        x += stretch.width


def _drawn(stretch: Stretch) -> Iterator[Mark]:
    first = stretch.items[0]
    if first.box is not None:
        yield from shapes.box(0, -0.76 * first.style[1], first.width, 0.9, ticked=first.box)
        return
    if first.cells:
        yield from _boxed(first)
        return
    text = "".join((" " if number and item.gap else "") + item.text for number, item in enumerate(stretch.items))
    wide = width(text, first.style)
    shift = 0.0
    if stretch.answer:
        shift = (stretch.width - wide) / 2 if stretch.answer.align == "centre" else INSET
        yield Dots(0, DROP * first.style[1] * 1.15, stretch.width)
    if text:
        yield Ink(shift, -first.rise, text.replace(NO_BREAK, " "), *first.style, wide)


def _boxed(item: Item) -> Iterator[Mark]:
    """One letter in the middle of each box; neighbours share an edge."""
    step = (item.width - EDGE) / item.cells
    side, size = step + EDGE, item.style[1]
    top = -(side + CAPITAL * size) / 2
    for number in range(item.cells):
        yield from shapes.frame(number * step, top, side, side, EDGE)
    for number, letter in enumerate(item.text):
        wide = width(letter, item.style)
        yield Ink(number * step + (side - wide) / 2, 0, letter, *item.style, wide)
