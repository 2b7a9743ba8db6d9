"""Time to draw a paper, against the same words drawn bare in the same run.

A paper is drawn while its person waits beside the printer, which needs seconds for it: at 2.5 times the bare words,
layout and frames take 40 ms of them.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from bench._figures import Figures
from printers.render import page_layout, pdf, raster, receipt_layout
from printers.render.pdf_fonts import register
from printers.render.pillow_fonts import font
from printers.render.primitives import Page, TextMark
from printers.settings import PrinterSettings
from tests.printers.samples import slip, ticket
from tests.printers.samples_sheets import declaration

TIMES = 15
PAPER = PrinterSettings()


def run() -> Figures:
    """Measure the ratios of medians to bare Pillow or bare reportlab, and the medians in milliseconds."""
    figures: Figures = []
    for name, document in (("ticket", ticket()), ("slip", slip())):
        page = receipt_layout.lay_receipt(document, PAPER)
        ours, bare = _paired(partial(raster.render, document, PAPER), partial(_bare_picture, page))
        figures.append((f"raster {name} / bare Pillow", ours / bare, "at most 2.5"))
        figures.append((f"  raster {name}, ms", ours, ""))
    sheet = declaration()
    ours, bare = _paired(partial(pdf.render_sheet, sheet), partial(_bare_pdf, page_layout.lay_sheet(sheet)[0]))
    figures.append(("declaration A4 PDF / bare reportlab", ours / bare, "at most 2.5"))
    figures.append(("  declaration A4 PDF, ms", ours, ""))
    return figures


def _paired(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of two functions called in turns, in ms, after one turn to warm up."""
    our_times: list[float] = []
    bare_times: list[float] = []
    for turn in range(TIMES + 1):
        for work, times in ((ours, our_times), (bare, bare_times)):
            began = time.perf_counter()
            work()
            if turn:
                times.append((time.perf_counter() - began) * 1000)
    return statistics.median(our_times), statistics.median(bare_times)


def _bare_picture(page: Page) -> Image.Image:
    """Draw only the words, at known places."""
    picture = Image.new("L", (int(page.width), int(page.height)), 255)
    pen = ImageDraw.Draw(picture)
    for mark in page.marks:
        if isinstance(mark, TextMark):
            pen.text((mark.x, mark.y), mark.text, font=font(mark.face, int(mark.size)), fill=0, anchor="ls")
    return picture.convert("1")


def _bare_pdf(page: Page) -> bytes:
    """Draw only the words, at known places."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(page.width, page.height), invariant=1, pageCompression=1)
    for mark in page.marks:
        if isinstance(mark, TextMark):
            canvas.setFont(register(mark.face), mark.size)
            canvas.drawString(mark.x, page.height - mark.y, mark.text)
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    for figure, measured, target in run():
        print(f"{figure:40} {measured:8.2f}   {target}")
