"""What an upload is, by its bytes and never by its name: a photo, a scan as PDF, or nothing that is taken.

A photo is drawn anew, upright and no larger than a page needs: what hid in the file (place, thumbnail, another file)
is gone. A PDF is kept as it is, but only after a process of its own, with little memory and time, has drawn all its
pages (kiosk/uploads/cage.py): what harms, harms there.
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
"""Bytes of one upload."""
MAX_PIXELS = 50_000_000
"""A camera of a telephone makes up to 50 million; a picture that claims more is not opened."""
MAX_EDGE = 2400
"""Pixels: A4 at 200 to the inch."""
JPEG_QUALITY = 82
MAX_PAGES = 40
SANDBOX_SECONDS = 30


@dataclass(frozen=True)
class CheckedUpload:
    """An upload that may be kept: its media type, its pages, its bytes."""

    media: str
    pages: int
    content: bytes


def check_upload(content: bytes) -> CheckedUpload:
    """Return what may be kept of an upload; BadUpload, with what to do, for everything else."""
    if not content:
        raise BadUpload("Tệp trống, chưa có gì trong đó. Mời chọn lại tệp.", "The file is empty. Choose it again.")
    if len(content) > MAX_BYTES:
        raise too_large_error()
    if content.startswith(b"%PDF-"):
        return CheckedUpload("application/pdf", _count_pages(content), content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return CheckedUpload("image/jpeg", 1, _redraw(content))
    raise BadUpload(
        "Máy nhận ảnh JPG, PNG và tệp PDF. Tệp này là loại khác, dù tên gọi thế nào. Mời chụp hoặc quét lại.",
        "Photos (JPG, PNG) and PDF files are taken. This file is something else. Photograph or scan it again.",
    )


def too_large_error() -> BadUpload:
    """Return what is said of a file that is too large."""
    return BadUpload(
        f"Tệp lớn quá {MAX_BYTES // 1024 // 1024} MB. Mời quét lại ở 200 dpi, hoặc tách ra từng tệp.",
        f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Scan at 200 dpi, or split it.",
    )


def _redraw(content: bytes) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError  # no start waits for it

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as found:
            if found.width * found.height > MAX_PIXELS:
                raise _unreadable_error()
            # A JPEG is opened at a half, a quarter or an eighth where that is enough: less memory, and faster.
            found.draft("RGB", (MAX_EDGE, MAX_EDGE))
            upright = ImageOps.exif_transpose(_on_white(found))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as cause:
        raise _unreadable_error() from cause
    upright.thumbnail((MAX_EDGE, MAX_EDGE))
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return drawn.getvalue()


def _on_white(found: "Image.Image") -> "Image.Image":
    """A picture with holes is laid on white, as paper is."""
    from PIL import Image

    if found.mode in ("RGB", "L"):
        found.load()
        return found
    layers = found.convert("RGBA")
    ground = Image.new("RGBA", layers.size, "white")
    ground.alpha_composite(layers)
    flat = ground.convert("RGB")
    flat.info["exif"] = found.info.get("exif", b"")
    return flat


def _count_pages(content: bytes) -> int:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "kiosk.uploads.cage"],
            input=content,
            capture_output=True,
            timeout=SANDBOX_SECONDS,
            check=False,
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired as cause:
        raise _unreadable_error() from cause
    told = ended.stdout.strip()
    if ended.returncode != 0 or not told.isdigit():
        raise _unreadable_error()
    pages = int(told)
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
