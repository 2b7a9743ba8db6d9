"""Checks of uploaded files, by their bytes and never by their name: a photo, a scan as PDF, or refused.

Every file is decoded in a jailed process (`decoder`, `jail`), one at a time. Only pixels come back, and the kiosk
writes a new file of them: an upright JPEG, or a PDF with an image for each page. What a file hides (place and time of a
photo, programs, links and attached files of a PDF) is not in the new one. A PDF with a digital signature is kept byte
for byte, because its signature is of its bytes; people see a redrawn one (`redrawn`).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from kiosk.base.errors import BadUpload
from kiosk.uploads import signatures
from kiosk.uploads.encoding import TooLarge, pages_pdf, photo_jpeg
from kiosk.uploads.limits import MAX_BYTES, MAX_EDGE, MAX_PAGES, MAX_POST_BYTES, MAX_POST_FILES
from kiosk.uploads.picture_quality import Flaw, flaw_of
from kiosk.uploads.pixels import BadPixels, Head, Picture, read_head, read_pictures
from kiosk.uploads.process import jailed
from kiosk.uploads.signatures import FileSignature, Trust, Verdict

__all__ = [
    "MAX_BYTES",
    "MAX_EDGE",
    "MAX_POST_BYTES",
    "MAX_POST_FILES",
    "CheckedUpload",
    "check_page",
    "check_upload",
    "first_page",
    "heic_error",
    "other_type_error",
    "post_too_large_error",
    "redrawn",
    "signatures_of",
    "too_large_error",
    "too_many_error",
]

log = logging.getLogger(__name__)

WAITING_SECONDS = 60
"""How long a file waits for the one before it."""
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
"""Brands of the pictures that phones make by default, in the first box of the file (ISO/IEC 23008-12, annex B)."""
_decoding = Lock()


@dataclass(frozen=True)
class CheckedUpload:
    """An accepted upload: its media type, pages and bytes; the verdict on its digital signatures, if it has some."""

    media: str
    pages: int
    content: bytes
    verdict: Verdict = ""


def check_upload(content: bytes, trust: Trust = signatures.NOBODY) -> CheckedUpload:
    """Return an upload as it may be stored: redrawn, or as it is if it has a digital signature.

    Raises:
        BadUpload: the file is refused; the text says what to do.
    """
    if not content:
        raise BadUpload("Tệp trống, chưa có gì trong đó. Mời chọn lại tệp.", "The file is empty. Choose it again.")
    if len(content) > MAX_BYTES:
        raise too_large_error()
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise heic_error()
    if not content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise other_type_error()
    with _turn():
        head, upload = _redraw(content)
        if head.has_signature_field and (found := _signatures(content, trust)) != ():
            return CheckedUpload(
                media=upload.media, pages=upload.pages, content=content, verdict=signatures.verdict(found, trust)
            )
        return upload


def check_page(content: bytes) -> tuple[CheckedUpload, Flaw]:
    """Return a picture of a page from a camera, redrawn, and the worst flaw of it.

    Raises:
        BadUpload: the file is refused; a PDF is none.
    """
    if not content or len(content) > MAX_BYTES:
        raise too_large_error()
    if not content.startswith(b"\xff\xd8\xff"):
        raise other_type_error()
    with _turn():
        picture = _first_picture(content)
    return CheckedUpload(media="image/jpeg", pages=1, content=photo_jpeg(picture)), flaw_of(picture)


def redrawn(content: bytes) -> bytes:
    """Return the picture of a PDF that was kept as it is: a browser never gets what somebody else wrote.

    Raises:
        BadUpload: it can no longer be drawn.
    """
    with _turn():
        return _redraw(content)[1].content


def first_page(content: bytes) -> bytes:
    """Return the first page of a PDF that was kept as it is, as JPEG.

    Raises:
        BadUpload: it can no longer be drawn.
    """
    with _turn():
        return photo_jpeg(_first_picture(content))


def _first_picture(content: bytes) -> Picture:
    try:
        with jailed("kiosk.uploads.decoder", [content]) as stream:
            head = read_head(stream)
            if head.refusal:
                raise _refusal_error(head)
            return next(read_pictures(stream, 1))
    except (BadPixels, OSError) as cause:
        raise _refusal_error(Head(pages=0, refusal="unreadable")) from cause


def signatures_of(content: bytes, trust: Trust) -> tuple[FileSignature, ...] | None:
    """Return the digital signatures of a PDF that was kept as it is, in their order; None: they could not be checked.

    Raises:
        BadUpload: another file is being opened, or no signature can be read.
    """
    with _turn():
        return _signatures(content, trust)


def _signatures(content: bytes, trust: Trust) -> tuple[FileSignature, ...] | None:
    try:
        return signatures.found_in(content, trust)
    except signatures.UnreadableSignature as cause:
        raise _refusal_error(Head(pages=0, refusal="signed")) from cause


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other file is being opened.

    Raises:
        BadUpload: one is for longer than `WAITING_SECONDS`.
    """
    if not _decoding.acquire(timeout=WAITING_SECONDS):
        raise BadUpload(
            "Máy đang mở tệp của quầy khác, tệp này thì chưa. Mời làm lại sau nửa phút.",
            "The kiosk is opening another counter's file and not yet this one. Try again in half a minute.",
        )
    try:
        yield
    finally:
        _decoding.release()


def too_large_error() -> BadUpload:
    """Return the error of a file above `MAX_BYTES`."""
    return BadUpload(
        f"Tệp lớn quá {MAX_BYTES // 1024 // 1024} MB. Mời quét lại ở 200 dpi, hoặc tách ra từng tệp.",
        f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Scan at 200 dpi, or split it.",
    )


def post_too_large_error() -> BadUpload:
    """Return the error of a post above `MAX_POST_BYTES`; it may hold one file or many."""
    whole = MAX_POST_BYTES // 1024 // 1024
    one = MAX_BYTES // 1024 // 1024
    return BadUpload(
        f"Tệp lớn quá {one} MB, hoặc các tệp gửi một lần lớn quá {whole} MB. "
        "Mời gửi ít tệp hơn một lần, hoặc quét lại ở 200 dpi.",
        f"A file is larger than {one} MB, or all files of one post are larger than {whole} MB. Send fewer at a time.",
    )


def too_many_error() -> BadUpload:
    """Return the error of a post with more than `MAX_POST_FILES` files."""
    return BadUpload(
        f"Một lần gửi nhiều nhất {MAX_POST_FILES} tệp. Chưa giữ tệp nào, mời gửi ít tệp hơn.",
        f"At most {MAX_POST_FILES} files are sent at a time. None is kept. Send fewer.",
    )


def other_type_error() -> BadUpload:
    """Return the error of a file that is neither a photo nor a PDF."""
    return BadUpload(
        "Máy nhận ảnh JPG, PNG và tệp PDF. Tệp này là loại khác, dù tên gọi thế nào. Mời chụp hoặc quét lại.",
        "Photos (JPG, PNG) and PDF files are taken. This file is something else. Photograph or scan it again.",
    )


def heic_error() -> BadUpload:
    """Return the error of a HEIC picture, which neither this machine nor the officers' browsers open."""
    return BadUpload(
        "Ảnh này là loại HEIC của điện thoại, máy không mở được. Trên iPhone vào Cài đặt, Camera, Định dạng, chọn "
        "“Tương thích nhất” rồi chụp lại; hoặc gửi lại ảnh dạng JPG.",
        "This is a HEIC photo, which cannot be opened. Set the phone's camera to “Most Compatible” and take it again, "
        "or send it as JPG.",
    )


def _redraw(content: bytes) -> tuple[Head, CheckedUpload]:
    """Return a new file of what the jailed process sees in this one."""
    try:
        with jailed("kiosk.uploads.decoder", [content]) as stream:
            head = read_head(stream)
            if head.refusal:
                raise _refusal_error(head)
            pictures = read_pictures(stream, head.pages)
            if content.startswith(b"%PDF-"):
                pdf = pages_pdf(pictures, head.pages)
                return head, CheckedUpload(media="application/pdf", pages=head.pages, content=pdf)
            return head, CheckedUpload(media="image/jpeg", pages=1, content=photo_jpeg(next(pictures)))
    except TooLarge as cause:
        raise _refusal_error(Head(pages=0, refusal="large")) from cause
    except (BadPixels, OSError) as cause:
        raise _refusal_error(Head(pages=0, refusal="unreadable")) from cause


def _refusal_error(head: Head) -> BadUpload:
    log.warning("upload refused", extra={"reason": head.refusal})
    if head.refusal == "pages" and head.pages > MAX_PAGES:
        return BadUpload(
            f"Tệp PDF có {head.pages} trang, máy nhận nhiều nhất {MAX_PAGES}. Mời tách ra từng giấy.",
            f"The PDF has {head.pages} pages, at most {MAX_PAGES} are taken. Split it.",
        )
    return BadUpload(*_REFUSALS.get(head.refusal, _REFUSALS["unreadable"]))


_REFUSALS = {
    "unreadable": (
        "Máy không mở được tệp này: tệp hỏng, có khóa, hoặc quá lớn khi mở ra. Mời chụp hoặc quét lại.",
        "This file cannot be opened: damaged, locked, or too large once opened. Photograph or scan it again.",
    ),
    "large": (
        "Các trang của tệp PDF này quá lớn khi vẽ lại. Mời quét lại ở 200 dpi, hoặc tách ra từng tệp.",
        "The pages of this PDF are too large once redrawn. Scan at 200 dpi, or split the file.",
    ),
    "signed": (
        "Tệp PDF này có chữ ký số mà máy không đọc được. Vẽ lại thì mất chữ ký, nên máy chưa giữ. "
        "Mời nộp tệp này trên Cổng Dịch vụ công quốc gia, hoặc quét bản giấy.",
        "This PDF has a digital signature that cannot be read. Redrawn it would lose it, so the file is not kept. "
        "Submit it on the national portal, or scan the paper.",
    ),
    "fonts": (
        "Tệp PDF này không mang theo phông chữ, nên chữ có thể hiện sai. "
        "Mời lưu lại PDF kèm phông chữ, hoặc in ra rồi quét.",
        "This PDF lacks its fonts, so its letters might change. Save it with fonts embedded, or print and scan it.",
    ),
    "jail": (
        "Máy này chưa mở tệp một cách an toàn được. Mời giữ bản giấy và báo cán bộ kỹ thuật.",
        "This machine cannot open files safely. Keep the paper and tell the technician.",
    ),
}
