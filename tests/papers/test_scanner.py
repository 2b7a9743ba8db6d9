"""The sheet beside the scanner: one page of A5, its code is a practice card, and the one in docs is this one."""

import io
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from kiosk.papers import scanner
from kiosk.vietnam.id_card import practice_cards
from printers.render.pdf import render_sheet

IN_DOCS = Path(__file__).parents[2] / "docs" / "scanner.pdf"


@pytest.fixture(scope="module")
def made() -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(render_sheet(scanner.sheet())))


def words(pdf: pypdfium2.PdfDocument) -> str:
    return str(pdf[0].get_textpage().get_text_bounded())


def test_the_sheet_is_one_page_of_a5(made: pypdfium2.PdfDocument) -> None:
    assert len(made) == 1
    assert [round(length / 72 * 25.4) for length in made[0].get_size()] == [148, 210]


def test_the_code_on_the_sheet_is_a_practice_card(made: pypdfium2.PdfDocument) -> None:
    read = zxingcpp.read_barcodes(made[0].render(scale=4).to_pil())
    assert [one.text for one in read] == [practice_cards()[0].line]
    assert practice_cards()[0].line.split("|")[2] in words(made).replace("\r\n", " ")


def test_the_sheet_in_the_docs_is_this_one(made: pypdfium2.PdfDocument) -> None:
    assert words(pypdfium2.PdfDocument(IN_DOCS)) == words(made), "make sheets"
