"""Tests of uploads: photos and PDFs are redrawn from pixels, all else is refused with what to do."""

import io
import os
import resource
import threading
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from kiosk import uploads
from kiosk.base.errors import BadUpload
from kiosk.uploads import encoding, limits, process
from tests.uploads.files import (
    catalogue_pdf,
    deflated_blanks,
    font_pdf,
    one_page_pdf,
    pdf,
    photo,
    png_claiming,
)

PLACE = "Quạ Kềnh 16.4637, 107.5909"


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def _page(content: bytes, number: int = 0) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(content)[number].render(scale=1).to_pil()
    return picture


@pytest.mark.parametrize(
    ("media", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1")],
)
def test_a_photo_becomes_a_plain_jpeg(media: str, mode: str) -> None:
    upload = uploads.check_upload(photo(media=media, mode=mode))
    assert (upload.media, upload.pages) == ("image/jpeg", 1)
    with _open(upload.content) as image:
        assert (image.format, image.size) == ("JPEG", (800, 600))
        top, bottom = image.getpixel((400, 10)), image.getpixel((400, 590))
        assert max(top) < 60, "the gradient is dark at its top"
        assert min(bottom) > 200


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
    with _open(uploads.check_upload(photo((800, 600), exif=exif.tobytes())).content) as image:
        assert image.size == (600, 800)


def test_of_a_photo_with_a_second_picture_for_screens_the_first_is_kept() -> None:
    """Phones make such files. The module that reads them is imported before the jail, in which no file opens."""
    small = Image.new("RGB", (80, 60), "white")
    with _open(uploads.check_upload(photo(media="MPO", save_all=True, append_images=[small])).content) as image:
        assert image.format == "JPEG"
        assert image.size == (800, 600)


def test_a_large_photo_is_no_larger_than_a_page_needs() -> None:
    with _open(uploads.check_upload(photo((4000, 3000))).content) as image:
        assert max(image.size) == limits.MAX_EDGE


def test_holes_in_a_picture_are_white_as_paper_is() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, "PNG")
    with _open(uploads.check_upload(buffer.getvalue()).content) as image:
        assert image.convert("L").getextrema()[0] > 250


def test_a_picture_of_200_kb_that_unpacks_to_200_mb_costs_the_kiosk_no_memory() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (7000, 7000), (200, 10, 10, 128)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 250_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with _open(uploads.check_upload(buffer.getvalue()).content) as image:
        assert image.size == (limits.MAX_EDGE, limits.MAX_EDGE)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kB"


def test_a_pdf_is_redrawn_at_the_size_of_its_paper_and_at_200_dpi() -> None:
    upload = uploads.check_upload(pdf(3))
    assert (upload.media, upload.pages) == ("application/pdf", 3)
    redrawn = pypdfium2.PdfDocument(upload.content)
    assert [page.get_size() for page in redrawn] == [(595, 842)] * 3
    (image,) = redrawn[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    assert max(image.get_px_size()) in range(2330, 2345)
    assert _page(upload.content).convert("L").crop((45, 780, 60, 800)).getextrema()[0] < 120, "the number of the page"


def test_the_same_pdf_twice_gives_the_same_bytes() -> None:
    assert uploads.check_upload(pdf(2)) == uploads.check_upload(pdf(2))


def test_a_small_card_keeps_its_details_and_a_large_plan_its_limit() -> None:
    for size, longest in (((243, 153), limits.MIN_PAGE_EDGE), ((14_000, 9_000), limits.MAX_PAGE_EDGE)):
        redrawn = pypdfium2.PdfDocument(uploads.check_upload(pdf(1, size)).content)
        (image,) = redrawn[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert longest - 5 <= max(image.get_px_size()) <= longest
        assert redrawn[0].get_size() == size


def test_a_red_stamp_stays_red_and_a_page_without_colours_is_grey() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFillColorRGB(0.8, 0.1, 0.1)
    canvas.circle(300, 400, 50, fill=1)
    canvas.save()
    red, green, blue = _page(uploads.check_upload(buffer.getvalue()).content).convert("RGB").getpixel((300, 442))
    assert red > 180
    assert max(green, blue) < 80
    assert b"/DeviceGray" in uploads.check_upload(pdf(1)).content


def test_what_was_filled_into_the_fields_of_a_pdf_is_in_the_picture() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.acroForm.textfield(
        name="ten", value="MMMMMM", x=100, y=400, width=200, height=40, fontSize=30, borderWidth=0, fillColor=white
    )
    canvas.showPage()
    canvas.save()
    field = _page(uploads.check_upload(buffer.getvalue()).content).convert("L").crop((105, 410, 250, 435))
    assert field.getextrema()[0] < 100


ACTIVE = {
    "a script at opening": catalogue_pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "a program to start": catalogue_pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "a named script": catalogue_pdf(
        b"/Names<</JavaScript<</Names[(a)4 0 R]>>>>", b"<</S/JavaScript/JS(app.beep\\(\\))>>"
    ),
    "an embedded file": catalogue_pdf(
        b"/Names<</EmbeddedFiles<</Names[(a.exe)4 0 R]>>>>",
        b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream",
    ),
    "a link": catalogue_pdf(
        b"", page=b"/Annots[<</Subtype/Link/Rect[0 0 595 842]/A<</S/URI/URI(http://evil.example)>>>>]"
    ),
    "a page that acts": catalogue_pdf(b"", page=b"/AA<</O<</S/JavaScript/JS(app.alert\\(2\\))>>>>"),
}


@pytest.mark.parametrize("content", ACTIVE.values(), ids=ACTIVE.keys())
def test_nothing_active_of_a_pdf_is_kept(content: bytes) -> None:
    assert pypdfium2.PdfDocument(content)[0].get_size() == (595, 842), "a PDF that opens"
    kept = uploads.check_upload(content).content
    for word in (b"JavaScript", b"Launch", b"EmbeddedFile", b"/JS", b"/AA", b"OpenAction", b"URI", b"evil", b"Annots"):
        assert word not in kept


def test_a_pdf_without_its_fonts_is_refused_because_letters_might_change() -> None:
    with pytest.raises(BadUpload, match="phông chữ"):
        uploads.check_upload(font_pdf(b"TimesNewRoman"))
    assert uploads.check_upload(font_pdf(b"Times-Roman")).pages == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "trống"),
        (b"GIF89a...", "JPG, PNG"),
        (b"<html><script>alert(1)</script>", "JPG, PNG"),
        (b"PK\x03\x04 a document of an office", "JPG, PNG"),
        (b"\xff\xd8\xff\xe0 no photo", "không mở được"),
        (photo()[:2000], "không mở được"),
        (png_claiming(60_000, 60_000), "không mở được"),
        (b"%PDF-1.7 no more than that", "không mở được"),
        (pdf(limits.MAX_PAGES + 1), f"{limits.MAX_PAGES + 1} trang"),
        (bytes(limits.MAX_BYTES + 1), "10 MB"),
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
def test_a_pdf_that_would_fill_the_memory_is_refused_by_the_jail_and_not_by_the_kiosk(content: bytes) -> None:
    assert len(content) < limits.MAX_BYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadUpload):
        uploads.check_upload(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kB"


def test_a_page_that_computes_without_end_is_cut_off() -> None:
    curves = b"0 0 m " + b"500 800 20 700 590 10 c 3 9 500 20 700 800 c " * 4_000 + b"[1 1] 0 d 3 w S "
    content = one_page_pdf(curves * 40)
    with pytest.raises(BadUpload, match="không mở được"):
        uploads.check_upload(content)


def test_what_a_scanner_makes_is_no_bomb() -> None:
    assert uploads.check_upload(one_page_pdf(deflated_blanks(2), more=b"/Filter/FlateDecode")).pages == 1
    usual = one_page_pdf(b"q 500 0 0 700 0 0 cm /I Do Q", image=b"/Width 4960/Height 7016")
    assert uploads.check_upload(usual).pages == 1


def test_pages_that_do_not_fit_are_coded_smaller_and_refused_only_when_that_does_not_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = len(uploads.check_upload(pdf(2)).content)
    monkeypatch.setattr(encoding, "MAX_REDRAWN_BYTES", full * 3 // 4)
    assert len(uploads.check_upload(pdf(2)).content) < full
    monkeypatch.setattr(encoding, "MAX_REDRAWN_BYTES", 2_000)
    with pytest.raises(BadUpload, match="tách"):
        uploads.check_upload(pdf(2))


def _decoders() -> list[int]:
    """Return the process ids of all decoding processes of this test."""
    own = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"kiosk.uploads.decoder" in (path / "cmdline").read_bytes():
                own.append(int(path.name))
        except OSError:
            continue
    return own


def test_files_are_decoded_one_at_a_time() -> None:
    threads = [threading.Thread(target=uploads.check_upload, args=[pdf(1)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    most = 0
    while any(thread.is_alive() for thread in threads):
        most = max(most, len(_decoders()))
        threads[0].join(0.02)
    assert most == 1


def test_a_file_that_waits_too_long_is_not_kept_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAITING_SECONDS", 0.01)
    with uploads._decoding, pytest.raises(BadUpload, match="quầy khác"):
        uploads.check_upload(pdf(1))
    assert uploads.check_upload(pdf(1)).pages == 1


def test_a_decoder_that_never_answers_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.0)
    with pytest.raises(BadUpload, match="không mở được"):
        uploads.check_upload(pdf(1))
    assert _decoders() == []
