"""A paper as a list of blocks, in points and millimetres; every renderer draws the same list.

A new block needs a line in each renderer: `render/thermal` (picture and PDF) and `render/text`. Words are cleaned when
a block is made, whoever makes it (see `words`).
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from printers.printable_text import clean

Weight = Literal["text", "strong"]
Align = Literal["left", "centre", "right"]

BODY = 9.6  # points: 27 dots at 203 dpi
TITLE = 11.7  # 33 dots
FIGURE = 22.7  # 64 dots: a queue number inside a slip
NUMBER = 75.2  # 212 dots: the queue number of a ticket


def clean_words(value: Any) -> Any:  # walks any field of any block
    """A field's value with all its words cleaned, however deep they lie in tuples."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(clean_words(part) for part in value)
    return value


@dataclass(frozen=True)
class Block:
    """What all blocks share: the door for words."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, clean_words(getattr(self, field.name)))


@dataclass(frozen=True)
class Run(Block):
    """Some words of a line in one weight."""

    text: str
    weight: Weight = "text"


Words = str | tuple[Run, ...]


@dataclass(frozen=True)
class Text(Block):
    """A paragraph; `weight` is that of a plain string, runs bring their own."""

    text: Words
    size: float = BODY
    weight: Weight = "text"
    align: Align = "left"


@dataclass(frozen=True)
class Pair(Block):
    """A label at the left and its value, strong, at the right; `size` is the value's."""

    label: str
    value: str
    size: float = BODY


@dataclass(frozen=True)
class Table(Block):
    """Rows of cells; `shares` of the width and `aligns`, one a column."""

    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    aligns: tuple[Align, ...] = ()
    head: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule(Block):
    """A line across the paper; dashed before a code."""

    dashed: bool = False


@dataclass(frozen=True)
class Code(Block):
    """A QR or Code 128 with ids or a payment, no name; `module` in dots at 203 dpi; words may stand beside a QR."""

    kind: Literal["qr", "code128"]
    data: str
    caption: str = ""
    caption_size: float = BODY
    beside: tuple[Text, ...] = ()
    module: int = 8


@dataclass(frozen=True)
class Picture(Block):
    """A picture as PNG bytes, centred; `width` in mm; `words` stand for it where nothing can be drawn."""

    png: bytes
    width: float
    alt_text: str = ""


@dataclass(frozen=True)
class Gap(Block):
    """Empty paper, in mm."""

    height: float = 2


@dataclass(frozen=True)
class Cut(Block):
    """The end of a paper; what follows is the next one."""


@dataclass(frozen=True)
class Frame(Block):
    """Words in a frame with scooped corners: the plaque on paper."""

    text: str
    size: float = BODY


@dataclass(frozen=True)
class BigNumber(Block):
    """A number that is announced; shrinks to the width of the paper."""

    text: str
    size: float = NUMBER


@dataclass(frozen=True)
class Tick(Block):
    """A drawn box with words beside it, ticked or empty."""

    text: Words
    done: bool = False


@dataclass(frozen=True)
class Bridge(Block):
    """The one ornament: six spans over the water, as a line."""


@dataclass(frozen=True)
class Document:
    """One paper. In practice every renderer frames the word TẬP at its head."""

    blocks: tuple[Block, ...]
    practice: bool = False


PRACTICE_WORD = "TẬP"
PRACTICE_LINE = "Giấy tập, không dùng để nộp"


def mark_as_reprint(document: Document, copy: int, when: str) -> Document:
    """The same paper with the line that tells it from the first; `when` as the ward writes it."""
    mark = Text(f"BẢN IN LẠI – lần {copy}, {when}", weight="strong", align="centre")
    return replace(document, blocks=(mark, Gap(1.5), *document.blocks))
