"""Set-up sheet of the scanner: one page of A5, its code is a practice card, equal to docs/scanner.pdf."""

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
def sheet_pdf() -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(render_sheet(scanner.sheet())))


def words(pdf: pypdfium2.PdfDocument) -> str:
    return str(pdf[0].get_textpage().get_text_bounded())


def test_the_sheet_is_one_page_of_a5(sheet_pdf: pypdfium2.PdfDocument) -> None:
    assert len(sheet_pdf) == 1
    assert [round(length / 72 * 25.4) for length in sheet_pdf[0].get_size()] == [148, 210]


def test_the_code_on_the_sheet_is_a_practice_card(sheet_pdf: pypdfium2.PdfDocument) -> None:
    codes = zxingcpp.read_barcodes(sheet_pdf[0].render(scale=4).to_pil())
    assert [code.text for code in codes] == [practice_cards()[0].line]
    assert practice_cards()[0].line.split("|")[2] in words(sheet_pdf).replace("\r\n", " ")


def test_the_sheet_in_the_docs_is_this_one(sheet_pdf: pypdfium2.PdfDocument) -> None:
    assert words(pypdfium2.PdfDocument(IN_DOCS)) == words(sheet_pdf), "make sheets"
