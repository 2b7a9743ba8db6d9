"""Flaws that are found in pictures of a page, each made so that a person sees the flaw."""

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from kiosk import uploads
from kiosk.base.errors import BadUpload
from tests.uploads.files import pdf, photo
from tests.uploads.paper_pictures import jpeg, page

A4 = (1240, 1754)


def _flaw(picture: Image.Image) -> str:
    return uploads.check_page(jpeg(picture))[1]


def _glaring(picture: Image.Image) -> Image.Image:
    pen = ImageDraw.Draw(picture)
    pen.ellipse((380, 500, 900, 860), fill="white")
    return picture


@pytest.mark.parametrize("seed", range(3))
def test_a_good_page_has_no_flaw(seed: int) -> None:
    assert _flaw(page(seed, A4)) == ""


@pytest.mark.parametrize(
    ("flaw", "picture"),
    [
        ("blurred", page(1, A4).filter(ImageFilter.GaussianBlur(4))),
        ("dark", ImageEnhance.Brightness(page(1, A4)).enhance(0.3)),
        ("glare", _glaring(page(1, A4))),
        ("small", page(1, (560, 792))),
    ],
)
def test_a_flaw_is_named(flaw: str, picture: Image.Image) -> None:
    assert _flaw(picture) == flaw


def test_an_empty_back_is_not_called_blurred() -> None:
    assert _flaw(Image.new("RGB", A4, (228, 226, 220))) == ""


def test_a_card_needs_fewer_pixels_than_a_sheet() -> None:
    assert _flaw(page(2, (560, 353), lines=9)) == ""


@pytest.mark.parametrize("content", [b"", pdf(1), photo(media="PNG"), b"\xff\xd8\xff" + b"x" * 500])
def test_anything_but_a_picture_of_a_camera_is_refused(content: bytes) -> None:
    with pytest.raises(BadUpload):
        uploads.check_page(content)
