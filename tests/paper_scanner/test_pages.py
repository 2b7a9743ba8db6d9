"""Pages as the scanner gives them: read, refused, blank or with ink."""

import pytest
from PIL import Image, ImageDraw

from kiosk.paper_scanner.pages import BadPage, read_page
from tests.paper_scanner.stand_in import paper


def _grey(image: Image.Image) -> bytes:
    return f"P5 {image.width} {image.height} 255\n".encode() + image.tobytes()


def test_a_page_without_colours_is_kept_in_grey() -> None:
    assert read_page(paper(colour="red"), 200).page.is_grey is False
    assert read_page(paper(colour="#101010"), 200).page.is_grey is True
    assert read_page(paper(), 200).page.is_grey is True


def test_an_empty_back_is_blank_and_a_line_of_writing_is_not() -> None:
    assert read_page(paper(""), 200).is_blank
    assert not read_page(paper(), 200).is_blank


def test_a_page_number_is_ink() -> None:
    page = Image.new("L", (1654, 2339), 250)
    ImageDraw.Draw(page).rectangle((820, 2200, 834, 2240), fill=30)
    assert not read_page(_grey(page), 200).is_blank


def test_yellowed_paper_text_shining_through_and_dark_edges_are_blank() -> None:
    page = Image.new("L", (1654, 2339), 205)
    draw = ImageDraw.Draw(page)
    draw.rectangle((300, 400, 1300, 1900), fill=180)
    draw.rectangle((0, 0, 20, 2339), fill=10)
    assert read_page(_grey(page), 200).is_blank


def test_a_dark_page_is_not_blank() -> None:
    assert not read_page(_grey(Image.new("L", (1654, 2339), 20)), 200).is_blank


@pytest.mark.parametrize(
    "pnm",
    [
        b"",
        b"P5 10 10 255\n" + bytes(99),
        b"P5 10 10 255\n" + bytes(101),
        b"P5 10 10 65535\n" + bytes(200),
        b"P4 8 8\n" + bytes(8),
        b"P5 99999 99999 255\n" + bytes(10),
        b"P5 0 10 255\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_what_is_no_page_of_8_bits_is_refused(pnm: bytes) -> None:
    with pytest.raises(BadPage):
        read_page(pnm, 200)
