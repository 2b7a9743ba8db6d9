"""Decoding process: a file on standard input becomes pixels on standard output.

Run as `python -m kiosk.uploads.decoder`. It reads the whole file, loads its libraries, enters the jail, and only then
looks at the first byte.
"""

import io
import os
import sys
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from kiosk.uploads import jail
from kiosk.uploads.limits import (
    MAX_BYTES,
    MAX_EDGE,
    MAX_IMAGE_PIXELS,
    MAX_PAGE_EDGE,
    MAX_PAGE_POINTS,
    MAX_PAGES,
    MAX_PIXELS,
    MIN_PAGE_EDGE,
    PAGE_DPI,
)
from kiosk.uploads.pixels import Head, Picture, write_head, write_picture

if TYPE_CHECKING:
    from PIL import Image

STANDARD_FONTS = frozenset(
    f"{family}{style}"
    for family, styles in {
        "Courier": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "Helvetica": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "Times": ("-Roman", "-Bold", "-Italic", "-BoldItalic"),
        "Symbol": ("",),
        "ZapfDingbats": ("",),
    }.items()
    for style in styles
)
"""Fonts that a PDF need not contain, because every reader has them (ISO 32000-1, 9.6.2.2)."""


class Refused(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """The file is refused for a reason that the officer can act on."""

    def __init__(self, reason: str, pages: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pages = pages


def main() -> None:
    """Decode one file; the process ends here, so that nothing of the interpreter runs after it."""
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    output = sys.stdout.buffer
    _load_libraries()
    try:
        jail.enter()
        _write(output, content)
    except jail.NoJail:
        write_head(output, Head(pages=0, refusal="jail"))
    except Refused as refused:
        write_head(output, Head(pages=refused.pages, refusal=refused.reason))
    except Exception:  # noqa: BLE001 - a hostile file may raise anything; its text must not be shown
        write_head(output, Head(pages=0, refusal="unreadable"))
    output.flush()
    os._exit(0)


def _load_libraries() -> None:
    """Decode a photo and a PDF made here, so that everything is imported before files can no longer be opened."""
    import pypdfium2
    from PIL import Image, MpoImagePlugin  # noqa: F401 - decodes a photo with a second picture in it, as phones make

    Image.preinit()  # `init` also imports forty formats that are refused: half of the processor's time of a file
    for media in ("JPEG", "PNG"):
        photo = io.BytesIO()
        Image.new("RGBA" if media == "PNG" else "RGB", (2, 2)).save(photo, media)
        photo_picture(photo.getvalue())
    document = pypdfium2.PdfDocument.new()
    document.new_page(10, 10)
    made = io.BytesIO()
    document.save(made)
    list(pdf_pictures(open_pdf(made.getvalue())))


def _write(output: Any, content: bytes) -> None:
    jail.begin_page()
    if not content.startswith(b"%PDF-"):
        picture = photo_picture(content)
        write_head(output, Head(pages=1))
        write_picture(output, picture)
        return
    document = open_pdf(content)
    write_head(output, Head(pages=len(document), has_signature_field=_has_signature_field(document)))
    for picture in pdf_pictures(document):
        write_picture(output, picture)
        jail.begin_page()


def photo_picture(content: bytes) -> Picture:
    """Return a photo, upright, on white, at most `MAX_EDGE` pixels.

    Raises:
        Refused: it claims more than `MAX_PIXELS`.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as photo:
        if photo.width * photo.height > MAX_PIXELS:
            raise Refused("unreadable")
        # A JPEG is decoded at a half, quarter or eighth of its size if that is enough: less memory, and faster.
        photo.draft("RGB", (MAX_EDGE, MAX_EDGE))
        upright = ImageOps.exif_transpose(_on_white(photo))
    return Picture(width=upright.width, height=upright.height, points_wide=0, points_high=0, colours=upright.tobytes())


def _on_white(photo: "Image.Image") -> "Image.Image":
    """Return a photo scaled down, without transparency, on a white background like paper."""
    from PIL import Image

    exif = photo.info.get("exif", b"")
    if photo.mode in ("1", "I;16"):
        photo = photo.convert("L")
    elif photo.mode not in ("RGB", "RGBA", "L", "CMYK") or "transparency" in photo.info:
        photo = photo.convert("RGBA")
    photo.thumbnail((MAX_EDGE, MAX_EDGE))
    if photo.mode == "RGBA":
        background = Image.new("RGBA", photo.size, "white")
        background.alpha_composite(photo)
        photo = background
    flat = photo.convert("RGB")
    flat.info["exif"] = exif
    return flat


def open_pdf(content: bytes) -> Any:
    """Return a document whose pages may be redrawn.

    Raises:
        Refused: it has too many or too large pages, or a redrawn copy would change letters.
    """
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(content)
    if not 1 <= len(document) <= MAX_PAGES:
        raise Refused("pages", len(document))
    if raw.FPDF_GetFormType(document) in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        raise Refused("unreadable")  # its pages are made by a program inside the file
    document.init_forms()  # draws filled fields; this pdfium has no JavaScript
    for page in document:
        _check_page(page)
        page.close()
    return document


def _has_signature_field(document: Any) -> bool:
    from pypdfium2 import raw

    return bool(raw.FPDF_GetSignatureCount(document) > 0)


def pdf_pictures(document: Any) -> Iterator[Picture]:
    """Yield each page as a reader shows it, annotations and filled fields included."""
    for page in document:
        points_wide, points_high = page.get_size()
        longest = max(points_wide, points_high)
        edge = min(max(longest * PAGE_DPI / 72, MIN_PAGE_EDGE), MAX_PAGE_EDGE)
        bitmap = page.render(scale=edge / longest * 0.9999)  # rounding up must not exceed the limit
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()
        yield Picture(
            width=picture.width,
            height=picture.height,
            points_wide=points_wide,
            points_high=points_high,
            colours=picture.tobytes(),
        )


def _check_page(page: Any) -> None:
    """Refuse a page or image that is too large, and text whose font is not in the file."""
    from pypdfium2 import raw

    if not 1 <= max(page.get_size()) <= MAX_PAGE_POINTS:
        raise Refused("unreadable")
    for item in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT]):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE and prod(item.get_px_size()) > MAX_IMAGE_PIXELS:
            raise Refused("unreadable")
        if item.type == raw.FPDF_PAGEOBJ_TEXT and not _has_font(item):
            raise Refused("fonts")


def _has_font(text: Any) -> bool:
    """Return whether the font is in the file, or one that every reader has: another font would change letters."""
    font = text.get_font()
    return font is None or bool(font.is_embedded) or font.get_base_name() in STANDARD_FONTS


if __name__ == "__main__":
    main()
