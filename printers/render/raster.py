"""A document as a picture of one bit a dot, just as the head burns it.

Words are drawn in grey and cut at half: hinted one-bit glyphs come out a fifth too light. One picture is drawn at a
time.
"""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from printers.document import Document
from printers.render.pillow_fonts import font, pillow_lock
from printers.render.primitives import Bar, DottedLine, TextMark, Mark, Modules, Page, PictureMark, Stroke
from printers.render.receipt_layout import lay_receipt, split_at_cuts
from printers.settings import PrinterSettings

WHITE = 255
SMOOTH = 3  # curves are drawn this many times larger and cut at half


def render(document: Document, settings: PrinterSettings) -> list[Image.Image]:
    """The papers of a document as pictures in mode "1", black on white, as wide as the head."""
    with pillow_lock:
        return [draw_page(lay_receipt(paper, settings)) for paper in split_at_cuts(document)]


def draw_page(page: Page) -> Image.Image:
    """Draw all marks of a page."""
    sheet = Image.new("L", (int(page.width), int(page.height)), WHITE)
    pen = ImageDraw.Draw(sheet)
    for mark in page.marks:
        _draw(mark, sheet, pen)
    return sheet.point(_HALF, "1")


_HALF = [0] * 128 + [WHITE] * 128


def _draw(mark: Mark, sheet: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    match mark:
        case TextMark():
            pen.text((mark.x, mark.y), mark.text, font=font(mark.face, int(mark.size)), fill=0, anchor="ls")
        case Bar():
            _fill(pen, mark.x, mark.y, mark.width, mark.height)
        case Stroke():
            _curve(mark, sheet)
        case Modules():
            _modules(mark, sheet)
        case PictureMark():
            sheet.paste(_photo(mark), (int(mark.x), int(mark.y)))
        case DottedLine():
            pen.line([(mark.x, mark.y), (mark.x + mark.width, mark.y)], fill=0, width=2)


def _fill(pen: ImageDraw.ImageDraw, x: float, y: float, width: float, height: float) -> None:
    left = round(x)
    top = round(y)
    pen.rectangle((left, top, left + round(width) - 1, top + round(height) - 1), fill=0)


def _modules(mark: Modules, sheet: Image.Image) -> None:
    """A code, one dot a module, blown up without smoothing."""
    size = (len(mark.rows[0]), len(mark.rows))
    small = Image.frombytes("L", size, b"".join(mark.rows)).point([WHITE, 0] + [0] * 254)
    large = small.resize((size[0] * int(mark.module_width), size[1] * int(mark.module_height)), Image.Resampling.NEAREST)
    sheet.paste(large, (int(mark.x), int(mark.y)))


def _curve(mark: Stroke, sheet: Image.Image) -> None:
    left = int(mark.x)
    top = int(mark.y)
    points = tuple((x + mark.x - left, y + mark.y - top) for x, y in mark.points)
    mask = _stroke(points, mark.thickness)
    edge = int(mark.thickness) + 1
    sheet.paste(0, (left - edge, top - edge), mask)


@lru_cache(maxsize=32)
def _stroke(points: tuple[tuple[float, float], ...], thick: float) -> Image.Image:
    """The mask of a line through points, with room for its own thickness around; shapes repeat from paper to paper."""
    edge = int(thick) + 1
    size = (int(max(x for x, _ in points)) + 2 * edge + 1, int(max(y for _, y in points)) + 2 * edge + 1)
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH))
    pen = ImageDraw.Draw(mask)
    path = [((x + edge) * SMOOTH, (y + edge) * SMOOTH) for x, y in points]
    pen.line(path, fill=WHITE, width=round(thick * SMOOTH), joint="curve")
    return mask.resize(size, Image.Resampling.BOX).point([0] * 128 + [WHITE] * 128)


def _photo(mark: PictureMark) -> Image.Image:
    with Image.open(BytesIO(mark.png)) as picture:
        grey = picture.convert("L").resize((int(mark.width), int(mark.height)), Image.Resampling.LANCZOS)
    return grey.convert("1").convert("L")


def to_png(picture: Image.Image) -> bytes:
    """A picture as PNG, for pages."""
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
