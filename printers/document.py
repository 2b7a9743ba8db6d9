"""Document for thermal paper: a list of blocks, in points and millimetres; every renderer draws the same list.

A new block needs a line in `render/receipt_layout` (picture and PDF) and in `render/text`. A block cleans its texts
when it is made (`printable_text`).
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from printers.printable_text import clean

Weight = Literal["text", "strong"]
Align = Literal["left", "centre", "right"]

BODY = 9.6  # points: 27 dots at 203 dpi
TITLE = 11.7  # 33 dots
FIGURE = 22.7  # 64 dots: a queue number inside a slip
NUMBER = 75.2  # 212 dots: the queue number of a ticket


def clean_words(value: Any) -> Any:  # walks any field of any block
    """Return the value of a field with all its texts cleaned, also those in nested tuples."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(clean_words(part) for part in value)
    return value


@dataclass(frozen=True)
class Block:
    """Base class of blocks: cleans all texts."""

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            if isinstance(value, (str, tuple)):
                object.__setattr__(self, name, clean_words(value))


@dataclass(frozen=True)
class Run(Block):
    """Words in one weight."""

    text: str
    weight: Weight = "text"


Words = str | tuple[Run, ...]


@dataclass(frozen=True)
class Text(Block):
    """A paragraph; `weight` is that of a plain string, runs have their own."""

    text: Words
    size: float = BODY
    weight: Weight = "text"
    align: Align = "left"


@dataclass(frozen=True)
class Pair(Block):
    """A label at the left and its strong value at the right; `size` is that of the value."""

    label: str
    value: str
    size: float = BODY


@dataclass(frozen=True)
class Table(Block):
    """Rows of cells; `shares` (of the width) and `aligns` have one value a column."""

    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    aligns: tuple[Align, ...] = ()
    head: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule(Block):
    """A line across the paper."""

    dashed: bool = False


@dataclass(frozen=True)
class Code(Block):
    """A QR or Code 128 with ids or a payment, no name; `module` in dots at 203 dpi; `beside` is text beside a QR."""

    kind: Literal["qr", "code128"]
    data: str
    caption: str = ""
    caption_size: float = BODY
    beside: tuple[Text, ...] = ()
    module: int = 8


@dataclass(frozen=True)
class Picture(Block):
    """A picture as PNG bytes, centred; `width` in mm; `alt_text` replaces it in plain text."""

    png: bytes
    width: float
    alt_text: str = ""


@dataclass(frozen=True)
class Gap(Block):
    """Empty paper; `height` in mm."""

    height: float = 2


@dataclass(frozen=True)
class Cut(Block):
    """The end of a paper; the next block begins another one."""


@dataclass(frozen=True)
class Frame(Block):
    """Words in a frame with scooped corners."""

    text: str
    size: float = BODY


@dataclass(frozen=True)
class BigNumber(Block):
    """A queue number; shrinks to the width of the paper."""

    text: str
    size: float = NUMBER


@dataclass(frozen=True)
class Tick(Block):
    """A check box with words beside it, ticked or empty."""

    text: Words
    done: bool = False


@dataclass(frozen=True)
class Step(Block):
    """A step of an instruction: its number in a circle, with words beside it."""

    number: int
    text: Words


@dataclass(frozen=True)
class Edges(Block):
    """A stroke at each end of the print head, outside the margins, and a line between them."""


@dataclass(frozen=True)
class DarknessSamples(Block):
    """The same letters in each darkness that a printer can be set to, with its number below."""

    text: str


@dataclass(frozen=True)
class Bridge(Block):
    """The ornament of the ward: a bridge of six spans over water."""


@dataclass(frozen=True)
class Document:
    """A document. In practice every renderer draws the word TẬP in a frame at its top."""

    blocks: tuple[Block, ...]
    practice: bool = False


PRACTICE_WORD = "TẬP"
PRACTICE_LINE = "Giấy tập, không dùng để nộp"


def mark_as_reprint(document: Document, copy: int, when: str) -> Document:
    """Return a document with a line at its top that says which copy it is; `when` is formatted."""
    notice = Text(f"BẢN IN LẠI – lần {copy}, {when}", weight="strong", align="centre")
    return replace(document, blocks=(notice, Gap(1.5), *document.blocks))


def repeat(document: Document, copies: int) -> Document:
    """Return a document with its papers several times."""
    return replace(document, blocks=(*document.blocks, Cut()) * copies)
