"""Pages of marks as PDF, drawn on reportlab's canvas.

Words are drawn one by one and never parsed: reportlab's paragraphs would read a name like `<img src=...>` as markup and
open the file. Files have no time and no random id, so equal papers are equal bytes.
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
from printers.render.primitives import Bar, DottedLine, Mark, Modules, Page, PictureMark, Stroke, TextMark
from printers.settings import PrinterSettings
from printers.sheet import PaperSet, Sheet

WATERMARK_GREY = 0.92  # of the word on a practice sheet: it is legible, and so are the words on it


def render(document: Document, settings: PrinterSettings) -> bytes:
    """Return a thermal document as PDF, one narrow page a paper."""
    with pillow_lock:
        pages = [receipt_layout.lay_receipt(paper, settings) for paper in receipt_layout.split_at_cuts(document)]
    return write_pages(pages, "Phiếu", scale=72 / settings.dpi)


def render_sheet(sheet: Sheet, *others: Sheet) -> bytes:
    """Return official sheets as one PDF; each has its own page numbers, as copies have."""
    pages = [page for each in (sheet, *others) for page in lay_sheet(each)]
    return write_pages(pages, sheet.title, watermark=sheet.practice)


def render_papers(papers: PaperSet, settings: PrinterSettings) -> bytes:
    """Return sheets and receipts as one PDF, each on pages of its own size; `settings` are those of a receipt."""
    canvas, out = _new_file(papers.title)
    for part in papers.parts:
        if isinstance(part, Sheet):
            _draw_pages(canvas, lay_sheet(part), watermark=part.practice)
            continue
        with pillow_lock:
            pages = [receipt_layout.lay_receipt(paper, settings) for paper in receipt_layout.split_at_cuts(part)]
        _draw_pages(canvas, pages, scale=72 / settings.dpi)
    canvas.save()
    return out.getvalue()


def write_pages(pages: Iterable[Page], title: str, *, scale: float = 1, watermark: bool = False) -> bytes:
    """Return pages as one file; `scale` in points a unit; `watermark` draws the practice word behind everything."""
    canvas, out = _new_file(title)
    _draw_pages(canvas, pages, scale=scale, watermark=watermark)
    canvas.save()
    return out.getvalue()


def _new_file(title: str) -> tuple[Any, BytesIO]:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1, lang="vi")
    canvas.setTitle(title)
    return canvas, out


def _draw_pages(canvas: Any, pages: Iterable[Page], *, scale: float = 1, watermark: bool = False) -> None:
    for page in pages:
        canvas.setPageSize((page.width * scale, page.height * scale))
        canvas.scale(scale, scale)
        if watermark:
            _watermark(canvas, page)
        for mark in page.marks:
            DRAWERS[type(mark)](canvas, mark, page.height)
        canvas.showPage()


def _watermark(canvas: Any, page: Page) -> None:
    """Draw the framed word of practice, large and pale."""
    size = min(page.width, page.height) / 4
    width = text_width(PRACTICE_WORD, (STRONG, size))
    canvas.saveState()
    canvas.translate(page.width / 2, page.height / 2)
    canvas.rotate(30)
    canvas.setFillGray(WATERMARK_GREY)
    canvas.setStrokeGray(WATERMARK_GREY)
    canvas.setLineWidth(size / 14)
    canvas.setFont(register(STRONG), size)
    canvas.drawString(-width / 2, -0.36 * size, PRACTICE_WORD)
    canvas.rect(x=-width / 2 - size / 4, y=-0.8 * size, width=width + size / 2, height=1.7 * size)
    canvas.restoreState()


def _text(canvas: Any, mark: TextMark, height: float) -> None:
    """Draw words, spread so that they are exactly as wide as they were measured."""
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


def _dotted_line(canvas: Any, mark: DottedLine, height: float) -> None:
    canvas.setLineWidth(0.7)
    canvas.setDash(0.7, 1.3)
    canvas.line(mark.x, height - mark.y, mark.x + mark.width, height - mark.y)
    canvas.setDash()


def _modules(canvas: Any, mark: Modules, height: float) -> None:
    """Draw a code: one rectangle a run of dark modules, all in one path, so that no hairline shows between them."""
    path = canvas.beginPath()
    for number, row in enumerate(mark.rows):
        y = height - mark.y - (number + 1) * mark.module_height
        for start, end in _dark_runs(row):
            path.rect(mark.x + start * mark.module_width, y, (end - start) * mark.module_width, mark.module_height)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    """Return where the dark runs of a row begin and end."""
    edges = [i for i in range(len(row) + 1) if (row[i] if i < len(row) else 0) != (row[i - 1] if i else 0)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _picture(canvas: Any, mark: PictureMark, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(BytesIO(mark.png))
    canvas.drawImage(picture, mark.x, height - mark.y - mark.height, mark.width, mark.height)


DRAWERS: dict[type[Mark], Callable[[Any, Any, float], None]] = {
    TextMark: _text,
    Bar: _bar,
    Stroke: _stroke,
    DottedLine: _dotted_line,
    Modules: _modules,
    PictureMark: _picture,
}
