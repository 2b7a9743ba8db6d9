"""Separator sheets among the pages of a scanner: read crooked and upside down, and pages with other codes."""

from io import BytesIO

import pytest
import segno
from PIL import Image, ImageDraw

from kiosk.paper_scanner import separators
from kiosk.paper_scanner.pages import read_page
from kiosk.paper_scanner.separators import SheetCode
from kiosk.uploads import qr_reader
from tests.paper_scanner.stand_in import A4, separator


def _code_page(text: str, *, width: int) -> Image.Image:
    """Return a page with a QR code of so many dots across."""
    drawn = BytesIO()
    segno.make(text, error="h", micro=False).save(drawn, kind="png", scale=20, border=0)
    page = Image.new("L", A4, "white")
    page.paste(Image.open(drawn).convert("L").resize((width, width)), (300, 300))
    return page


@pytest.mark.parametrize("turn", [0, 4, 180])
def test_a_sheet_names_its_paper_whichever_way_it_lies(turn: int) -> None:
    found = read_page(separator("giay_chung_sinh", turn=turn), 200, is_sorted=True)
    assert found.code == SheetCode("separator", "giay_chung_sinh")


def test_a_sheet_on_the_glass_is_a_page() -> None:
    assert read_page(separator("giay_chung_sinh"), 200).code == SheetCode("paper")


def test_a_sheet_of_another_version_is_a_separator_of_no_paper() -> None:
    assert separators.read(_code_page("NGAN2:giay", width=600)) == SheetCode("separator", "NGAN2:giay")


def test_a_large_code_of_somebody_else_is_told_and_a_small_one_is_part_of_its_paper() -> None:
    assert separators.read(_code_page("https://example.vn/", width=600)) == SheetCode("foreign")
    assert separators.read(_code_page("NGAN1:giay", width=300)) == SheetCode("paper")


def test_a_page_without_dark_squares_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_reader, "codes_of", lambda *_page: pytest.fail("a process"))
    page = Image.new("L", A4, "white")
    for line in range(30):
        ImageDraw.Draw(page).rectangle((200, 200 + 60 * line, 1400, 212 + 60 * line), fill=30)
    assert separators.read(page) == SheetCode("paper")


def test_a_page_that_is_shorter_than_its_size_has_no_code() -> None:
    assert qr_reader.codes_of(100, 100, bytes(10)) == []
