"""Document as a picture of one bit a dot, as the print head burns it.

Words are drawn in grey and cut: hinted one-bit glyphs are a fifth too light. Where they are cut is the darkness that a
printer is set to, because the commands for the heat of the head differ by maker. One picture is drawn at a time.
"""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from printers.document import Document
from printers.render.pillow_fonts import font, pillow_lock
from printers.render.primitives import Bar, DottedLine, Mark, Modules, Page, PictureMark, Stroke, TextMark
from printers.render.receipt_layout import lay_receipt, split_at_cuts
from printers.settings import PrinterSettings

WHITE = 255
OVERSAMPLING = 3  # curves are drawn this many times larger and cut at half


def render(document: Document, settings: PrinterSettings) -> list[Image.Image]:
    """Return the papers of a document as pictures in mode "1", black on white, as wide as the head."""
    with pillow_lock:
        return [draw_page(lay_receipt(paper, settings), settings.darkness) for paper in split_at_cuts(document)]


def draw_page(page: Page, darkness: int = 3) -> Image.Image:
    """Return the picture of a page."""
    sheet = Image.new("L", (int(page.width), int(page.height)), WHITE)
    pen = ImageDraw.Draw(sheet)
    for mark in page.marks:
        _draw(mark, sheet, pen)
    return sheet.point(_cut(darkness), "1")


_LIGHTEST_BLACK = {1: 64, 2: 96, 3: 128, 4: 168, 5: 212}
"""Darkness -> the grey from which on a dot is white."""


def _cut(darkness: int) -> list[int]:
    """Return the table that makes greys black or white."""
    first_white = _LIGHTEST_BLACK[darkness]
    return [0] * first_white + [WHITE] * (256 - first_white)


def _draw(mark: Mark, sheet: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    match mark:
        case TextMark(darkness=int()):
            _sample(mark, sheet)
        case TextMark():
            pen.text((mark.x, mark.y), mark.text, font=font(mark.face, int(mark.size)), fill=0, anchor="ls")
        case Bar():
            _fill(mark, pen)
        case Stroke():
            _curve(mark, sheet)
        case Modules():
            _modules(mark, sheet)
        case PictureMark():
            sheet.paste(_picture(mark), (int(mark.x), int(mark.y)))
        case DottedLine():
            pen.line([(mark.x, mark.y), (mark.x + mark.width, mark.y)], fill=0, width=2)


def _sample(mark: TextMark, sheet: Image.Image) -> None:
    """Draw words in a darkness of their own."""
    height = int(2 * mark.size)
    area = Image.new("L", (int(mark.width) + 2, height), WHITE)
    face = font(mark.face, int(mark.size))
    ImageDraw.Draw(area).text((0, 1.4 * mark.size), mark.text, font=face, fill=0, anchor="ls")
    black = area.point(_cut(mark.darkness or 3))
    sheet.paste(black, (int(mark.x), int(mark.y - 1.4 * mark.size)))


def _fill(mark: Bar, pen: ImageDraw.ImageDraw) -> None:
    left = round(mark.x)
    top = round(mark.y)
    pen.rectangle((left, top, left + round(mark.width) - 1, top + round(mark.height) - 1), fill=0)


def _modules(mark: Modules, sheet: Image.Image) -> None:
    """Draw a code: one dot a module, enlarged without smoothing."""
    size = (len(mark.rows[0]), len(mark.rows))
    small = Image.frombytes("L", size, b"".join(mark.rows)).point([WHITE, 0] + [0] * 254)
    large = small.resize(
        (size[0] * int(mark.module_width), size[1] * int(mark.module_height)), Image.Resampling.NEAREST
    )
    sheet.paste(large, (int(mark.x), int(mark.y)))


def _curve(mark: Stroke, sheet: Image.Image) -> None:
    left = int(mark.x)
    top = int(mark.y)
    points = tuple((x + mark.x - left, y + mark.y - top) for x, y in mark.points)
    mask = _stroke(points, mark.thickness)
    edge = int(mark.thickness) + 1
    sheet.paste(0, (left - edge, top - edge), mask)


@lru_cache(maxsize=32)
def _stroke(points: tuple[tuple[float, float], ...], thickness: float) -> Image.Image:
    """Return the mask of a line through points, with a margin; cached, because papers repeat shapes."""
    edge = int(thickness) + 1
    size = (int(max(x for x, _ in points)) + 2 * edge + 1, int(max(y for _, y in points)) + 2 * edge + 1)
    mask = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
    pen = ImageDraw.Draw(mask)
    path = [((x + edge) * OVERSAMPLING, (y + edge) * OVERSAMPLING) for x, y in points]
    pen.line(path, fill=WHITE, width=round(thickness * OVERSAMPLING), joint="curve")
    return mask.resize(size, Image.Resampling.BOX).point([0] * 128 + [WHITE] * 128)


def _picture(mark: PictureMark) -> Image.Image:
    with Image.open(BytesIO(mark.png)) as picture:
        grey = picture.convert("L").resize((int(mark.width), int(mark.height)), Image.Resampling.LANCZOS)
    return grey.convert("1").convert("L")


def to_png(picture: Image.Image) -> bytes:
    """Return a picture as PNG."""
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
