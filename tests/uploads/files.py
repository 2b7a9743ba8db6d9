"""Files as people and attackers upload them."""

import io
import zlib

from PIL import Image
from reportlab.pdfgen.canvas import Canvas


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


def pdf_of_objects(objects: list[bytes]) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue."""
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)


def one_page_pdf(content: bytes, media_box: bytes = b"0 0 595 842", more: bytes = b"", image: bytes = b"") -> bytes:
    """Return a PDF of one page with these bytes as content, and an image with these keys."""
    image_object = b"<</Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8%s/Length 1>>" % image
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>" % media_box,
            b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content),
            image_object + b"stream\n0\nendstream",
        ]
    )


def catalogue_pdf(catalogue: bytes, *others: bytes, page: bytes = b"") -> bytes:
    """Return a PDF of one blank page with these keys in its catalogue and page; other objects are numbered from 4."""
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>" % page,
            *others,
        ]
    )


def font_pdf(base_font: bytes) -> bytes:
    """Return a PDF with a word in a font that is not in the file."""
    content = b"BT /F 40 Tf 60 400 Td (Phu Xuan) Tj ET"
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding>>" % base_font,
        ]
    )


def deflated_blanks(megabytes: int) -> bytes:
    """Return so many MB of blanks, deflated; a fully flushed block can be repeated."""
    compressor = zlib.compressobj(9)
    first = compressor.compress(b" " * 1_000_000) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(b" " * 1_000_000) + compressor.flush(zlib.Z_FULL_FLUSH)
    return first + block * (megabytes - 1) + compressor.flush()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of 80 bytes whose header claims this size."""
    head = photo((1, 1), "PNG", "L")
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + head[24:29]
    return head[:12] + header + zlib.crc32(header).to_bytes(4, "big") + head[33:]
