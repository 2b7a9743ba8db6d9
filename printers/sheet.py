"""An official sheet, A4 or A5: the form speaks in serif, the person in Noto Sans on dotted lines.

The words of a form are the law's and stand in `Said`; what somebody answered stands in `Answer`, so that an officer
sees at a glance which is which. Blocks flow over as many pages as they need. `Gap` and `Rule` of `document` may stand
here too. Lengths in mm, sizes in points.
"""

from dataclasses import dataclass
from typing import Literal

from printers.document import Align, Block

Size = Literal["A4", "A5", "A4 landscape"]
LineAlign = Literal["left", "centre", "right", "justify"]


@dataclass(frozen=True)
class FormText(Block):
    """Words of the form; `note` is the raised number of a footnote after them, as "(1)"."""

    text: str
    bold: bool = False
    italic: bool = False
    note: str = ""


@dataclass(frozen=True)
class Answer(Block):
    """Words of a person on a dotted line, empty to be written by hand.

    Answers of a line share its free room by `grow`; 0 keeps the answer at `width`.
    """

    text: str
    grow: float = 1
    width: float = 12
    align: Literal["left", "centre"] = "left"


@dataclass(frozen=True)
class Box(Block):
    """A square box in a line, ticked or empty; it stays with the word before it or, if it `leads`, after it."""

    ticked: bool = False
    leads: bool = False


@dataclass(frozen=True)
class LetterBoxes(Block):
    """A row of boxes for one letter each, as for an id number; empty boxes are filled in by hand."""

    text: str
    count: int = 12


Part = FormText | Answer | Box | LetterBoxes


@dataclass(frozen=True)
class FormLine(Block):
    """A line of the form, or several where the words need them; `before` is the room above, `indent` the first's.

    One that `stays` is on the page of what follows. The answer of one that is `even` is never set smaller, so that the
    lines of a list look alike.
    """

    parts: tuple[Part, ...]
    align: LineAlign = "left"
    space_above: float = 0
    indent: float = 0
    keep_with_next: bool = False
    keep_size: bool = False


Cell = str | FormLine
"""Of a table: words of a person, or a line of the form."""


@dataclass(frozen=True)
class Heading(Block):
    """A bold line that stays with what follows; words with notes come in parts."""

    text: str | tuple[FormText, ...]


@dataclass(frozen=True)
class NationalHeader(Block):
    """The national header: alone in the middle, or beside the agency (first line plain, the others bold).

    `copy` says under place and day which copy of a paper this is.
    """

    agency: tuple[str, ...] = ()
    number: str = ""
    place_date: str = ""
    copy: str = ""


@dataclass(frozen=True)
class Title(Block):
    """The name of the form, centred; `below` in italics; a QR at its right where an agency fills the corner."""

    lines: tuple[str, ...]
    subtitle: str = ""
    qr: str = ""


@dataclass(frozen=True)
class Barcode(Block):
    """A Code 128 with its caption, and a QR at its right where the header leaves no corner for it."""

    data: str
    label: str = ""
    qr: str = ""


@dataclass(frozen=True)
class DottedLines(Block):
    """Empty dotted lines to write on."""

    lines: int = 1


@dataclass(frozen=True)
class Columns(Block):
    """Two columns of blocks side by side, never torn by a page; `share` is the left one's."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5


@dataclass(frozen=True)
class Grid(Block):
    """A ruled table; its head is repeated on every page.

    `size` of the cells' words, by default the sheet's; no row is lower than `least`. `over` is a title above the heads
    of some columns: the words, the first of them, and the one after the last.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[float, ...]
    aligns: tuple[Align, ...] = ()
    size: float | None = None
    min_row_height: float = 0
    group_title: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Signature(Block):
    """Who signs, how, and the name under the signature if it is known; `note` is the title's, as "(5)"."""

    title: str
    hint: str = "(Ký, ghi rõ họ, chữ đệm, tên)"
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Signatures(Block):
    """Signatures at left and right, never torn; `space` is left for the hand."""

    left: Signature | None = None
    right: Signature | None = None
    place_date: str = ""
    space: float = 24


@dataclass(frozen=True)
class Footnotes(Block):
    """The numbered notes of a form, small, under a short line."""

    notes: tuple[tuple[str, str], ...]
    title: str = "Chú thích:"


@dataclass(frozen=True)
class PageBreak(Block):
    """What follows begins a page."""


@dataclass(frozen=True)
class Sheet(Block):
    """One paper: its blocks, a QR in the first page's corner, a notice at the last one's end, a line at every foot."""

    blocks: tuple[Block, ...]
    title: str
    size: Size = "A4"
    qr: str = ""
    foot: str = ""
    receipt: str = ""
    notice: tuple[FormText, ...] = ()
    practice: bool = False
