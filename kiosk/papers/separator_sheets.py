"""Separator sheets, A4: one page for each paper, with a large code that the paper scanner's pages are sorted by.

They name papers, no person and no case; an officer keeps them for the next case. The code has its own module size: it
is read at 100 dpi, crooked and upside down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from printers.render import codes
from printers.render.line_layout import MM
from printers.render.pdf import write_pages
from printers.render.pdf_fonts import PLAIN, STRONG
from printers.render.pieces import paragraph
from printers.render.primitives import Bar, Mark, Modules, Page, stack, translate

WIDTH = 210 * MM
HEIGHT = 297 * MM
EDGE = 10 * MM
FRAME = 2 * MM
MARGIN = 22 * MM
CODE = 84 * MM
"""Side of the code: 0.4 of the page's width."""
TITLE_SIZE = 24
NAME_SIZE = 40
LONG_NAME = 32
LONG_NAME_SIZE = 28
TEXT_SIZE = 16


@dataclass(frozen=True)
class SeparatorSheet:
    """A sheet: the name of the paper that lies behind it, and the text of its code."""

    name: str
    code: str


def pdf(sheets: Sequence[SeparatorSheet], *, is_practice: bool = False) -> bytes:
    """Return the sheets as PDF, one page each."""
    return write_pages([_page(sheet) for sheet in sheets], "Tờ ngăn", watermark=is_practice)


def _page(sheet: SeparatorSheet) -> Page:
    width = WIDTH - 2 * MARGIN
    size = LONG_NAME_SIZE if len(sheet.name) > LONG_NAME else NAME_SIZE
    title = paragraph("TỜ NGĂN", (STRONG, TITLE_SIZE), width)
    name = paragraph(sheet.name, (STRONG, size), width, balanced=True, leading=1.2)
    rows = codes.qr(sheet.code, "h")
    module = CODE / len(rows)
    lines = (
        "Đặt tờ này ngay trước giấy có tên trên, mặt có mã cùng chiều với mặt chữ.",
        "Máy quét tự bỏ tờ này ra và xếp các trang sau nó vào giấy đó.",
        "Dùng lại được cho hồ sơ khác.",
    )
    words = stack(paragraph(line, (PLAIN, TEXT_SIZE), width, balanced=True).with_space_above(4 * MM) for line in lines)
    return Page(
        WIDTH,
        HEIGHT,
        (
            *_frame(),
            *translate(title.marks, MARGIN, 26 * MM),
            *translate(name.marks, MARGIN, 42 * MM + max(0, 46 * MM - name.height) / 2),
            Modules(x=(WIDTH - CODE) / 2, y=104 * MM, rows=rows, module_width=module, module_height=module),
            *translate(words.marks, MARGIN, 206 * MM),
        ),
    )


def _frame() -> tuple[Mark, ...]:
    """Return the frame, which is seen from the side of a stack."""
    wide = WIDTH - 2 * EDGE
    high = HEIGHT - 2 * EDGE
    return (
        Bar(x=EDGE, y=EDGE, width=wide, height=FRAME),
        Bar(x=EDGE, y=HEIGHT - EDGE - FRAME, width=wide, height=FRAME),
        Bar(x=EDGE, y=EDGE, width=FRAME, height=high),
        Bar(x=WIDTH - EDGE - FRAME, y=EDGE, width=FRAME, height=high),
    )
