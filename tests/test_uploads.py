"""Tests of uploads: photos are encoded again, PDFs are rendered in a sandbox, all else is refused."""

import io
import resource
import zlib

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from kiosk import uploads
from kiosk.errors import BadUpload

PLACE = "Quạ Kềnh 16.4637, 107.5909"


def photo(size: tuple[int, int] = (800, 600), media: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, media, **more)
    return buffer.getvalue()


def pdf(pages: int, size: tuple[float, float] = (595, 842)) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for number in range(pages):
        canvas.drawString(50, 50, f"{number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def one_page_pdf(content: bytes, media_box: bytes = b"0 0 595 842", more: bytes = b"", image: bytes = b"") -> bytes:
    """Return a PDF of one page with these bytes as content, and an image with these keys."""
    image_object = b"<</Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8%s/Length 1>>" % image
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>" % media_box,
        b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content),
        image_object + b"stream\n0\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n + 1, part) for n, part in enumerate(parts))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def deflated_blanks(megabytes: int) -> bytes:
    """Return so many MB of blanks, deflated; a fully flushed block can be repeated."""
    compressor = zlib.compressobj(9)
    first = compressor.compress(b" " * 1_000_000) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(b" " * 1_000_000) + compressor.flush(zlib.Z_FULL_FLUSH)
    return first + block * (megabytes - 1) + compressor.flush()


@pytest.mark.parametrize(
    ("media", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P")]
)
def test_a_photo_becomes_a_plain_jpeg(media: str, mode: str) -> None:
    upload = uploads.check_upload(photo(media=media, mode=mode))
    assert (upload.media, upload.pages) == ("image/jpeg", 1)
    with Image.open(io.BytesIO(upload.content)) as image:
        assert (image.format, image.size) == ("JPEG", (800, 600))


def test_where_and_when_it_was_taken_and_what_hid_behind_it_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = PLACE
    taken = photo(exif=exif.tobytes()) + b"<script>" + PLACE.encode()
    assert PLACE.encode() in taken
    kept = uploads.check_upload(taken).content
    assert PLACE.encode() not in kept
    assert b"<script>" not in kept


def test_a_photo_that_lies_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    with Image.open(io.BytesIO(uploads.check_upload(photo((800, 600), exif=exif.tobytes())).content)) as image:
        assert image.size == (600, 800)


def test_a_large_photo_is_no_larger_than_a_page_needs() -> None:
    with Image.open(io.BytesIO(uploads.check_upload(photo((4000, 3000))).content)) as image:
        assert max(image.size) == uploads.MAX_EDGE


def test_holes_in_a_picture_are_white_as_paper_is() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(uploads.check_upload(buffer.getvalue()).content)) as image:
        assert image.convert("L").getextrema()[0] > 250


def test_a_pdf_is_kept_as_it_is_with_its_pages_counted() -> None:
    content = pdf(3)
    expected = uploads.CheckedUpload(media="application/pdf", pages=3, content=content)
    assert uploads.check_upload(content) == expected


def _png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of 80 bytes whose header claims this size."""
    head = photo((1, 1), "PNG", "L")
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + head[24:29]
    return head[:12] + header + zlib.crc32(header).to_bytes(4, "big") + head[33:]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "trống"),
        (b"GIF89a...", "JPG, PNG"),
        (b"<html><script>alert(1)</script>", "JPG, PNG"),
        (b"PK\x03\x04 a document of an office", "JPG, PNG"),
        (b"\xff\xd8\xff\xe0 no photo", "không mở được"),
        (photo()[:2000], "không mở được"),
        (_png_claiming(60_000, 60_000), "không mở được"),
        (b"%PDF-1.7 no more than that", "không mở được"),
        (pdf(uploads.MAX_PAGES + 1), f"{uploads.MAX_PAGES + 1} trang"),
        (bytes(uploads.MAX_BYTES + 1), "10 MB"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(content: bytes, message: str) -> None:
    with pytest.raises(BadUpload) as refused:
        uploads.check_upload(content)
    assert message in refused.value.vi
    assert refused.value.vi.count("Mời") == 1 or "tách" in refused.value.vi


@pytest.mark.parametrize(
    "content",
    [
        one_page_pdf(deflated_blanks(4_000), more=b"/Filter/FlateDecode"),
        one_page_pdf(b"q 500 0 0 700 0 0 cm /I Do Q", image=b"/Width 60000/Height 60000"),
        one_page_pdf(b"", media_box=b"0 0 200000 200000"),
    ],
    ids=["unpacks to 4 GB", "a picture of 3.6 GB", "a page of 70 m"],
)
def test_a_pdf_that_would_fill_the_memory_is_refused_by_the_sandbox_and_not_by_the_kiosk(content: bytes) -> None:
    assert len(content) < uploads.MAX_BYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadUpload):
        uploads.check_upload(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kB"


def test_what_a_scanner_makes_is_no_bomb() -> None:
    assert uploads.check_upload(one_page_pdf(deflated_blanks(2), more=b"/Filter/FlateDecode")).pages == 1
    usual = one_page_pdf(b"q 500 0 0 700 0 0 cm /I Do Q", image=b"/Width 4960/Height 7016")
    assert uploads.check_upload(usual).pages == 1
