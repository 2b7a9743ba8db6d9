"""Pages of marks as PDF, by reportlab's canvas.

Words are drawn one by one and never parsed: reportlab's paragraphs would take a name like `<img src=...>` for markup
and open the file. Documents carry no time and no random id, so equal papers are equal bytes.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from printers.document import PRACTICE_WORD, Document
from printers.printable_text import has_combining_marks
from printers.render import receipt_layout
from printers.render.combining_marks import place_marks
from printers.render.page_layout import lay_sheet
from printers.render.pdf_fonts import STRONG, register, text_width
from printers.render.pillow_fonts import pillow_lock
from printers.render.primitives import Bar, DottedLine, TextMark, Mark, Modules, Page, PictureMark, Stroke
from printers.settings import PrinterSettings
from printers.sheet import Sheet

WASH = 0.92  # the grey of the word over a practice sheet: legible, and so is what stands on it


def render(document: Document, settings: PrinterSettings) -> bytes:
    """A thermal document as PDF, one narrow page a paper."""
    with pillow_lock:
        pages = [receipt_layout.lay_receipt(paper, settings) for paper in receipt_layout.split_at_cuts(document)]
    return write_pages(pages, "Phiếu", scale=72 / settings.dpi)


def render_sheet(sheet: Sheet, *others: Sheet) -> bytes:
    """An official sheet as PDF, with others behind it that count pages of their own, as copies do."""
    pages = [page for one in (sheet, *others) for page in lay_sheet(one)]
    return write_pages(pages, sheet.title, wash=sheet.practice)


def write_pages(pages: Iterable[Page], title: str, *, scale: float = 1, wash: bool = False) -> bytes:
    """Pages of marks as one file; `scale` points a unit; `wash` writes the practice word behind everything."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1, lang="vi")
    canvas.setTitle(title)
    for page in pages:
        canvas.setPageSize((page.width * scale, page.height * scale))
        canvas.scale(scale, scale)
        if wash:
            _wash(canvas, page)
        for mark in page.marks:
            PAINTERS[type(mark)](canvas, mark, page.height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _wash(canvas: Any, page: Page) -> None:
    """The framed word of practice, large and pale."""
    size = min(page.width, page.height) / 4
    wide = text_width(PRACTICE_WORD, (STRONG, size))
    canvas.saveState()
    canvas.translate(page.width / 2, page.height / 2)
    canvas.rotate(30)
    canvas.setFillGray(WASH)
    canvas.setStrokeGray(WASH)
    canvas.setLineWidth(size / 14)
    canvas.setFont(register(STRONG), size)
    canvas.drawString(-wide / 2, -0.36 * size, PRACTICE_WORD)
    canvas.rect(-wide / 2 - size / 4, -0.8 * size, wide + size / 2, 1.7 * size)
    canvas.restoreState()


def _ink(canvas: Any, mark: TextMark, height: float) -> None:
    """Words, spread so that they are exactly as wide as they were measured."""
    if not mark.text:
        return
    canvas.setFont(register(mark.face), mark.size)
    if has_combining_marks(mark.text):
        for text, right, up in place_marks(mark.text, mark.face):
            canvas.drawString(mark.x + right * mark.size, height - mark.y + up * mark.size, text)
        return
    spread = (mark.width - text_width(mark.text, (mark.face, mark.size))) / len(mark.text)
    canvas.drawString(mark.x, height - mark.y, mark.text, charSpace=spread if abs(spread) > 1e-3 else 0)


def _bar(canvas: Any, mark: Bar, height: float) -> None:
    canvas.rect(mark.x, height - mark.y - mark.height, mark.width, mark.height, stroke=0, fill=1)


def _stroke(canvas: Any, mark: Stroke, height: float) -> None:
    canvas.setLineWidth(mark.thickness)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    path.moveTo(mark.x + mark.points[0][0], height - mark.y - mark.points[0][1])
    for x, y in mark.points[1:]:
        path.lineTo(mark.x + x, height - mark.y - y)
    canvas.drawPath(path)


def _dots(canvas: Any, mark: DottedLine, height: float) -> None:
    canvas.setLineWidth(0.7)
    canvas.setDash(0.7, 1.3)
    canvas.line(mark.x, height - mark.y, mark.x + mark.width, height - mark.y)
    canvas.setDash()


def _modules(canvas: Any, mark: Modules, height: float) -> None:
    """A code: one rectangle a run of dark modules, all in one path, so that no hairline shows between them."""
    path = canvas.beginPath()
    for number, row in enumerate(mark.rows):
        y = height - mark.y - (number + 1) * mark.module_height
        for start, end in _dark(row):
            path.rect(mark.x + start * mark.module_width, y, (end - start) * mark.module_width, mark.module_height)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark(row: bytes) -> list[tuple[int, int]]:
    """Where the dark runs of a row begin and end."""
    edges = [i for i in range(len(row) + 1) if (row[i] if i < len(row) else 0) != (row[i - 1] if i else 0)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _photo(canvas: Any, mark: PictureMark, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(BytesIO(mark.png))
    canvas.drawImage(picture, mark.x, height - mark.y - mark.height, mark.width, mark.height)


PAINTERS: dict[type[Mark], Callable[[Any, Any, float], None]] = {
    TextMark: _ink,
    Bar: _bar,
    Stroke: _stroke,
    DottedLine: _dots,
    Modules: _modules,
    PictureMark: _photo,
}
