"""Checks of uploaded files, by their bytes and never by their name: a photo, a scan as PDF, or refused.

A photo is decoded and encoded again, upright and no larger than a page needs, so that data hidden in the file (place,
thumbnail, another file) is removed. A PDF is kept as it is, but only after a process with little memory and time has
rendered all pages (kiosk/uploads/pdf_sandbox.py): a harmful file does its harm there.
"""

import io
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.config import ROOT
from kiosk.errors import BadUpload

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 10 * 1024 * 1024
"""Size of one upload."""
MAX_PIXELS = 50_000_000
"""Phone cameras have up to 50 million; an image that claims more is not decoded."""
MAX_EDGE = 2400
"""Pixels: A4 at 200 dpi."""
JPEG_QUALITY = 82
MAX_PAGES = 40
SANDBOX_SECONDS = 30


@dataclass(frozen=True)
class CheckedUpload:
    """An accepted upload: its media type, pages and bytes."""

    media: str
    pages: int
    content: bytes


def check_upload(content: bytes) -> CheckedUpload:
    """Return an upload as it may be stored.

    Raises:
        BadUpload: the file is refused; the text says what to do.
    """
    if not content:
        raise BadUpload("Tệp trống, chưa có gì trong đó. Mời chọn lại tệp.", "The file is empty. Choose it again.")
    if len(content) > MAX_BYTES:
        raise too_large_error()
    if content.startswith(b"%PDF-"):
        return CheckedUpload(media="application/pdf", pages=_count_pages(content), content=content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return CheckedUpload(media="image/jpeg", pages=1, content=_redraw(content))
    raise BadUpload(
        "Máy nhận ảnh JPG, PNG và tệp PDF. Tệp này là loại khác, dù tên gọi thế nào. Mời chụp hoặc quét lại.",
        "Photos (JPG, PNG) and PDF files are taken. This file is something else. Photograph or scan it again.",
    )


def too_large_error() -> BadUpload:
    """Return the error of a file above `MAX_BYTES`."""
    return BadUpload(
        f"Tệp lớn quá {MAX_BYTES // 1024 // 1024} MB. Mời quét lại ở 200 dpi, hoặc tách ra từng tệp.",
        f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Scan at 200 dpi, or split it.",
    )


def _redraw(content: bytes) -> bytes:
    """Return a photo as an upright JPEG of at most `MAX_EDGE` pixels, without metadata."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # imported late: it would delay each start

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                raise _unreadable_error()
            # A JPEG is decoded at a half, quarter or eighth of its size if that is enough: less memory, and faster.
            photo.draft("RGB", (MAX_EDGE, MAX_EDGE))
            upright = ImageOps.exif_transpose(_on_white(photo))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as cause:
        raise _unreadable_error() from cause
    upright.thumbnail((MAX_EDGE, MAX_EDGE))
    jpeg = io.BytesIO()
    upright.save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return jpeg.getvalue()


def _on_white(photo: "Image.Image") -> "Image.Image":
    """Return an image without transparency, on a white background like paper."""
    from PIL import Image

    if photo.mode in ("RGB", "L"):
        photo.load()
        return photo
    foreground = photo.convert("RGBA")
    background = Image.new("RGBA", foreground.size, "white")
    background.alpha_composite(foreground)
    flat = background.convert("RGB")
    flat.info["exif"] = photo.info.get("exif", b"")
    return flat


def _count_pages(content: bytes) -> int:
    """Return the number of pages of a PDF that renders in the sandbox."""
    try:
        process = subprocess.run(
            [sys.executable, "-m", "kiosk.uploads.pdf_sandbox"],
            input=content,
            capture_output=True,
            timeout=SANDBOX_SECONDS,
            check=False,
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired as cause:
        raise _unreadable_error() from cause
    output = process.stdout.strip()
    if process.returncode != 0 or not output.isdigit():
        raise _unreadable_error()
    pages = int(output)
    if not 1 <= pages <= MAX_PAGES:
        raise BadUpload(
            f"Tệp PDF có {pages} trang, máy nhận nhiều nhất {MAX_PAGES}. Mời tách ra từng giấy.",
            f"The PDF has {pages} pages, at most {MAX_PAGES} are taken. Split it.",
        )
    return pages


def _unreadable_error() -> BadUpload:
    return BadUpload(
        "Máy không mở được tệp này: tệp hỏng, có khóa, hoặc quá lớn khi mở ra. Mời chụp hoặc quét lại.",
        "This file cannot be opened: damaged, locked, or too large once opened. Photograph or scan it again.",
    )
