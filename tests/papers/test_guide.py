"""Guide for officers: one page of A4 with every key of the desk, equal to docs/officer.pdf."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from kiosk.config import ROOT
from kiosk.papers import guide
from printers.render.pdf import render_sheet

IN_DOCS = Path(__file__).parents[2] / "docs" / "officer.pdf"
FOLDED = ("Gọi tiếp", "F2")
"""A button of the folded queue, which has room for fewer words."""
ON_THEIR_PAGE = {"ARROWLEFT", "ARROWRIGHT"}
"""Keys that only the page of the QR codes has, on its two buttons."""
FACES = sorted((ROOT / "printers" / "fonts").glob("s*-*.ttf"))
MAX_CONTROL = 31


@pytest.fixture(scope="module")
def guide_pdf() -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(render_sheet(guide.sheet())))


def words(pdf: pypdfium2.PdfDocument) -> str:
    return re.sub(r"\s+", " ", str(pdf[0].get_textpage().get_text_bounded()))


def test_the_guide_is_one_page_of_a4(guide_pdf: pypdfium2.PdfDocument) -> None:
    assert len(guide_pdf) == 1
    assert [round(length / 72 * 25.4) for length in guide_pdf[0].get_size()] == [210, 297]


def test_every_key_of_the_desk_is_on_it() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates" / "officer").glob("*.html"))
    pairs = set(re.findall(r'data-key="([\w+]+)"|, "(F\d+)"|"(?:accepted|supplement|refused)": "(\w{1,2})"', pages))
    keys = {next(filter(None, names)).replace("Escape", "Esc").replace("+", " ").upper() for names in pairs}
    assert {"F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "CTRL ENTER", "CTRL Z", "B", "T"} <= keys
    printed = {part.upper() for key, _ in guide.KEYS for part in (key, *key.split())}
    assert keys - ON_THEIR_PAGE <= printed


def test_no_letter_of_it_is_an_empty_box() -> None:
    letters = set(" ".join(word for row in guide.KEYS for word in row)) | set(words(pypdfium2.PdfDocument(IN_DOCS)))
    for path in FACES:
        assert {letter for letter in letters if ord(letter) > MAX_CONTROL} <= set(map(chr, TTFont(path).getBestCmap()))


def test_a_key_says_what_its_button_says(guide_pdf: pypdfium2.PdfDocument) -> None:
    pages = (ROOT / "templates" / "officer" / "queue.html").read_text("utf-8")
    buttons = set(re.findall(r'tap\("\w+", "([^"]+)", "(F\d+)"', pages)) - {FOLDED}
    assert len(buttons) == 6
    assert {(key, label) for label, key in buttons} <= set(guide.KEYS)
    for label, key in buttons:
        assert f"{key} {label}" in words(guide_pdf)


def test_the_guide_in_the_docs_is_this_one(guide_pdf: pypdfium2.PdfDocument) -> None:
    assert words(pypdfium2.PdfDocument(IN_DOCS)) == words(guide_pdf), "make sheets"
