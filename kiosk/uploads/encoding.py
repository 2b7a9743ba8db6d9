"""Files that the kiosk keeps, written from pixels: a JPEG of a photo, a PDF of pages.

The same pixels give the same bytes, so that a file that is uploaded twice is seen. Written here, because reportlab
stores a JPEG as text (a quarter larger) and pdfium writes a random id and the time into each file.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.uploads.limits import MAX_REDRAWN_BYTES
from kiosk.uploads.pixels import Picture

if TYPE_CHECKING:
    from PIL import Image

PHOTO_QUALITY = 82
PAGE_QUALITIES = (82, 70, 60)
"""Tried in this order until a page fits into its share of `MAX_REDRAWN_BYTES`."""
SMALLER = 0.75
"""Last try: 150 dpi in place of 200."""
MIN_COLOUR = 40
"""Difference of red, green and blue, of 255, from which a page counts as coloured: a stamp, not yellowed paper."""
_PDF_BEGIN = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class TooLarge(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """The pages do not fit into the limit, even at the lowest quality."""


@dataclass(frozen=True)
class Page:
    """A page as JPEG, with its paper size in points."""

    jpeg: bytes
    width: int
    height: int
    is_grey: bool
    points_wide: float
    points_high: float


def photo_jpeg(picture: Picture) -> bytes:
    """Return a photo as JPEG without metadata."""
    return _jpeg(_image(picture), PHOTO_QUALITY)


def pages_pdf(pictures: Iterable[Picture], count: int) -> bytes:
    """Return a PDF of so many pages, each an image.

    Raises:
        TooLarge: it would exceed `MAX_REDRAWN_BYTES`.
    """
    pages: list[Page] = []
    left = MAX_REDRAWN_BYTES
    for index, picture in enumerate(pictures):
        points = (picture.points_wide, picture.points_high)
        pages.append(encode_page(_image(picture), points, limit=left // (count - index)))
        left -= len(pages[-1].jpeg)
    return pdf_of(pages)


def pdf_of(pages: Sequence[Page]) -> bytes:
    """Return a PDF of pages."""
    return b"".join(_pdf_parts(pages))


def _image(picture: Picture) -> "Image.Image":
    from PIL import Image  # imported late: it would delay each start

    return Image.frombytes("RGB", (picture.width, picture.height), picture.colours)


def _jpeg(image: "Image.Image", quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()


def encode_page(image: "Image.Image", points: tuple[float, float], limit: int) -> Page:
    """Return a page of so many points at the best quality that fits into the limit; in grey unless it has colours.

    Raises:
        TooLarge: it does not fit, even at the lowest quality.
    """
    if image.mode != "L" and not _has_colours(image):
        image = image.convert("L")
    jpeg = b""
    for quality in PAGE_QUALITIES:
        jpeg = _jpeg(image, quality)
        if len(jpeg) <= limit:
            break
    else:
        image = image.resize((max(1, int(image.width * SMALLER)), max(1, int(image.height * SMALLER))))
        jpeg = _jpeg(image, PAGE_QUALITIES[-1])
        if len(jpeg) > limit:
            raise TooLarge
    return Page(
        jpeg=jpeg,
        width=image.width,
        height=image.height,
        is_grey=image.mode == "L",
        points_wide=points[0],
        points_high=points[1],
    )


def _has_colours(image: "Image.Image") -> bool:
    from PIL import ImageChops

    red, green, blue = image.split()
    for one, other in ((red, green), (green, blue), (red, blue)):
        histogram = ImageChops.difference(one, other).histogram()
        if any(histogram[MIN_COLOUR:]):
            return True
    return False


def _pdf_parts(pages: Sequence[Page]) -> Iterator[bytes]:
    """Yield the parts of a PDF file: for each page its object, its content and its image (ISO 32000-1, 7.5)."""
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()]
    for index, page in enumerate(pages):
        objects += _page_objects(page, 3 + 3 * index)
    yield _PDF_BEGIN
    position = len(_PDF_BEGIN)
    offsets = []
    for number, content in enumerate(objects, 1):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        offsets.append(position)
        position += len(part)
        yield part
    yield b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    yield from (b"%010d 00000 n \n" % offset for offset in offsets)
    yield b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, position)


def _page_objects(page: Page, number: int) -> list[bytes]:
    """Return the three objects of a page, the first of which has this number."""
    wide = f"{page.points_wide:.2f}"
    high = f"{page.points_high:.2f}"
    content = f"q {wide} 0 0 {high} 0 0 cm /I Do Q".encode()
    colours = "DeviceGray" if page.is_grey else "DeviceRGB"
    image = (
        f"<</Type/XObject/Subtype/Image/Width {page.width}/Height {page.height}/ColorSpace/{colours}"
        f"/BitsPerComponent 8/Filter/DCTDecode/Length {len(page.jpeg)}>>\nstream\n"
    )
    return [
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Resources<</XObject<</I {number + 2} 0 R>>>>"
        f"/Contents {number + 1} 0 R>>".encode(),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        image.encode() + page.jpeg + b"\nendstream",
    ]
