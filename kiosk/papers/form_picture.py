"""Pictures of a procedure's papers to lay beside the official sheets: its blank forms, and its list of papers.

A mark says where a line of the form is on a picture. The pictures hold nothing of a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

from PIL import Image

from kiosk.comparison import ProcedureComparison, papers_sentence
from kiosk.config import Config
from kiosk.papers import declaration, missing
from kiosk.procedures.model import DeclarationLine, Procedure
from kiosk.procedures.printed_forms import placed_forms
from printers.render import raster
from printers.render.pdf import render_sheet
from printers.settings import PrinterSettings

DPI = 110
FEWEST_LETTERS = 3
"""Letters of the shortest words by which a line is found on a page."""
MOST_LETTERS = 40
_pdfium = Lock()
"""PDFium may be used by one thread at a time."""


@dataclass(frozen=True)
class LineMark:
    """The words of a line on a page: page number from 1, and the box in hundredths of the page."""

    line: int
    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class FormPicture:
    """The pages of a blank form as PDF and as PNG, and the marks of its lines."""

    pdf: bytes
    pages: tuple[bytes, ...]
    marks: tuple[LineMark, ...]


@dataclass(frozen=True)
class _FormKey:
    """A form as the cache finds it: by the digest of its content."""

    digest: str
    procedure: Procedure = field(compare=False)
    at: datetime = field(compare=False)


def form_picture(state: ProcedureComparison, at: datetime) -> FormPicture | None:
    """Return the pictures of a procedure's blank form; None where it has none."""
    if not state.form:
        return None
    return _draw(_FormKey(digest=state.form[0].fact.digest, procedure=state.procedure, at=at))


@lru_cache(maxsize=8)
def _draw(key: _FormKey) -> FormPicture:
    import pypdfium2  # a large library that only this page needs

    procedure = key.procedure
    foot = f"Mẫu trong máy, để đặt cạnh văn bản. Thủ tục {procedure.code}, bản {procedure.version}."
    pdf = render_sheet(declaration.blank(procedure, foot=foot, at=key.at))
    lines = tuple(line for _place, form in placed_forms(procedure) for line in form.lines)
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = tuple(_png(page.render(scale=DPI / 72).to_pil()) for page in document)
            marks = tuple(_marks(document, lines))
        finally:
            document.close()
    return FormPicture(pdf=pdf, pages=pages, marks=marks)


def papers_picture(config: Config, state: ProcedureComparison) -> bytes:
    """Return the list of all papers of a procedure, in whichever situation, as a thermal printer prints it."""
    papers = [replace(paper, when=()) for paper in state.procedure.papers]
    document = missing.papers_list(config, state.procedure, papers, papers_sentence(state))
    (picture,) = raster.render(document, PrinterSettings())
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.convert("L").save(out, "PNG")
    return out.getvalue()


def _marks(document: Any, lines: tuple[DeclarationLine, ...]) -> Iterator[LineMark]:
    """Yield the boxes of the lines, searched in the order of the form: many lines begin with the same words."""
    pages = [(page.get_textpage(), page.get_size()) for page in document]
    page = 0
    start = 0
    for number, line in enumerate(lines, 1):
        words = _words(line)
        if len(words) < FEWEST_LETTERS:
            continue
        for at in range(page, len(pages)):
            text, size = pages[at]
            found = text.search(words, index=start if at == page else 0).get_next()
            if found:
                page = at
                start = found[0] + found[1]
                yield _mark(number, at + 1, text, size, found)
                break


def _words(line: DeclarationLine) -> str:
    """Return the first words of a line, up to an answer, a footnote number or a length that fits in one row."""
    text = "/".join(line.cells) or line.text
    pieces = [piece.strip(" “”.,:") for piece in re.split(r"\{[^{}]*\}|\(\d+\)|\s{2,}|/|…+", text)]
    first = next((piece for piece in pieces if len(piece) >= FEWEST_LETTERS), "")
    if len(first) <= MOST_LETTERS:
        return first
    return first[:MOST_LETTERS].rpartition(" ")[0]


def _mark(number: int, page: int, text: Any, size: tuple[float, float], found: tuple[int, int]) -> LineMark:
    width, height = size
    boxes = [text.get_charbox(at) for at in range(found[0], found[0] + found[1])]
    left = min(box[0] for box in boxes)
    right = max(box[2] for box in boxes)
    bottom = min(box[1] for box in boxes)
    top = max(box[3] for box in boxes)
    return LineMark(
        line=number,
        page=page,
        left=round(left / width * 100 - 0.6, 2),
        top=round((height - top) / height * 100 - 0.5, 2),
        width=round((right - left) / width * 100 + 1.2, 2),
        height=round((top - bottom) / height * 100 + 1, 2),
    )
