"""Official sheet, A4 or A5: words of the form in serif, answers of the person in Noto Sans on dotted lines.

Words of the form (`FormText`) come from the law; an officer can distinguish them from answers (`Answer`) at a glance.
Blocks fill as many pages as they need. `Gap` and `Rule` of `document` are allowed too. Lengths in mm, sizes in points.
"""

from dataclasses import dataclass, replace
from typing import Literal

from printers.document import Align, Block, Document

Size = Literal["A4", "A5", "A4 landscape"]
LineAlign = Literal["left", "centre", "right", "justify"]


@dataclass(frozen=True)
class FormText(Block):
    """Words of the form; `note` is the raised footnote number after them, such as "(1)"."""

    text: str
    bold: bool = False
    italic: bool = False
    note: str = ""


@dataclass(frozen=True)
class Answer(Block):
    """An answer on a dotted line; empty to be written by hand.

    Answers of a line share its free width by `grow`; 0 keeps the answer at `width`.
    """

    text: str
    grow: float = 1
    width: float = 12
    align: Literal["left", "centre"] = "left"


@dataclass(frozen=True)
class Box(Block):
    """A check box in a line; it is kept with the word before it or, if it `leads`, with the one after it."""

    ticked: bool = False
    leads: bool = False


@dataclass(frozen=True)
class LetterBoxes(Block):
    """A row of boxes for one letter each, such as an id number; empty boxes are filled in by hand."""

    text: str
    count: int = 12


Part = FormText | Answer | Box | LetterBoxes
"""A part of a line."""


@dataclass(frozen=True)
class FormLine(Block):
    """A line of the form; long words need several rows, of which the first is indented.

    `keep_with_next` keeps it on the page of the next block. `keep_size` never sets its answer smaller, so that the
    lines of a list look alike.
    """

    parts: tuple[Part, ...]
    align: LineAlign = "left"
    space_above: float = 0
    indent: float = 0
    keep_with_next: bool = False
    keep_size: bool = False


Cell = str | FormLine
"""A cell of a table: an answer, or a line of the form."""


@dataclass(frozen=True)
class Heading(Block):
    """A bold line, kept with the next block; words with footnote numbers come in parts."""

    text: str | tuple[FormText, ...]


@dataclass(frozen=True)
class NationalHeader(Block):
    """The national header: alone in the middle, or beside the agency (first line plain, the others bold).

    `copy` says under place and date which copy of a paper this is.
    """

    agency: tuple[str, ...] = ()
    number: str = ""
    place_date: str = ""
    copy: str = ""


@dataclass(frozen=True)
class Title(Block):
    """The name of the form, centred; a QR at its right where the agency is in the corner."""

    lines: tuple[str, ...]
    subtitle: str = ""
    qr: str = ""


@dataclass(frozen=True)
class Barcode(Block):
    """A Code 128 with its caption, and a QR at its right where the corner is not free."""

    data: str
    label: str = ""
    qr: str = ""


@dataclass(frozen=True)
class DottedLines(Block):
    """Empty dotted lines to write on."""

    lines: int = 1


@dataclass(frozen=True)
class Columns(Block):
    """Two columns of blocks side by side on one page; `share` is that of the left one."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5


@dataclass(frozen=True)
class Grid(Block):
    """A ruled table; its head is repeated on every page.

    `size` is that of the cells, by default the sheet's. `group_title` is a title above the heads of some columns: the
    words, the first column, and the one after the last. `struck` are the rows that are struck through. `carried` has a
    row for each row: it stands under the head where that row begins a further page, for the sum of the pages before.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[float, ...]
    aligns: tuple[Align, ...] = ()
    size: float | None = None
    min_row_height: float = 0
    group_title: tuple[str, int, int] | None = None
    struck: tuple[int, ...] = ()
    carried: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class LabelledBar(Block):
    """A bar of a plot: `share` of the width, of which `late` is hatched; its label and its value in words."""

    label: str
    words: str
    share: float
    late: float = 0


@dataclass(frozen=True)
class Bars(Block):
    """A plot of lying bars, each below its label and value."""

    bars: tuple[LabelledBar, ...]


@dataclass(frozen=True)
class Signature(Block):
    """A place to sign; `hint` is under the title, `name` under the signature, `note` is the title's footnote number."""

    title: str
    hint: str = "(Ký, ghi rõ họ, chữ đệm, tên)"
    name: str = ""
    note: str = ""
    date_line: str = ""
    """Day above the title, on forms where each signature has its own."""


@dataclass(frozen=True)
class Signatures(Block):
    """Signatures at left and right on one page; `space` is the height to sign in."""

    left: Signature | None = None
    right: Signature | None = None
    place_date: str = ""
    space: float = 24


NoteManner = Literal["list", "paragraph", "with signature"]


@dataclass(frozen=True)
class Footnotes(Block):
    """The footnotes of a form as (number, words), small, under a short line.

    The layout chooses `manner`: a list, one paragraph, or a list on the page of the signature.
    """

    notes: tuple[tuple[str, str], ...]
    title: str = "Chú thích:"
    manner: NoteManner = "list"


@dataclass(frozen=True)
class PageBreak(Block):
    """Begin a new page."""


@dataclass(frozen=True)
class Sheet(Block):
    """A sheet: its blocks, a QR in the first page's corner, a notice at the end of the last, a foot on every page."""

    blocks: tuple[Block, ...]
    title: str
    size: Size = "A4"
    qr: str = ""
    foot: str = ""
    receipt: str = ""
    notice: tuple[FormText, ...] = ()
    practice: bool = False
    annexes: tuple["Sheet", ...] = ()
    """Sheets of another size that follow, each with its own page numbers."""


@dataclass(frozen=True)
class PaperSet:
    """Papers of an office printer, one PDF: sheets, and receipts on pages of their own; `title` names no person."""

    parts: tuple[Sheet | Document, ...]
    title: str


def mark_sheet_as_reprint(sheet: Sheet, copy: int, when: str) -> Sheet:
    """Return a sheet whose foot says on every page which copy it is; `when` is formatted."""
    return replace(sheet, foot=f"BẢN IN LẠI – lần {copy}, {when}. {sheet.foot}".rstrip())
