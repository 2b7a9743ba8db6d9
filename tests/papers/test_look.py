"""Layout of declarations, measured: inside the margins, no overlaps, and the place to sign."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from printers.render.line_layout import SHEET_MEASURES
from printers.render.page_layout import lay_sheet
from printers.render.primitives import Bar, DottedLine, Modules, Page, TextMark
from tests.papers.forms import DAY, DECLARED
from tests.papers.pictures import VARIANTS, declaration_sheet

A4 = SHEET_MEASURES["A4"]
CAP_HEIGHT = 0.72
DESCENT = 0.2  # em above and below the baseline that words reach
MAX_PAGES = {"typical": 2, "least": 2}
LONG_TABLES = {"1.001699": 3, "1.001653": 3}
"""Pages of a form with long tables that are filled in by hand."""


@cache
def procedure_of(code: str) -> Procedure:
    procedure = read_catalogue().in_force(code, DAY)
    assert procedure is not None
    return procedure


@cache
def pages_of(code: str, variant: str) -> list[Page]:
    procedure = procedure_of(code)
    return lay_sheet(declaration_sheet(procedure, VARIANTS[variant](procedure)))


PageBox = tuple[str, float, float, float, float]


def boxes(page: Page) -> Iterator[PageBox]:
    """Yield the words and codes of a page with left, top, right and bottom."""
    for mark in page.marks:
        if isinstance(mark, TextMark) and mark.text.strip():
            yield (
                mark.text,
                mark.x,
                mark.y - CAP_HEIGHT * mark.size,
                mark.x + mark.width,
                mark.y + DESCENT * mark.size,
            )
        elif isinstance(mark, Modules):
            width = len(mark.rows[0]) * mark.module_width
            height = len(mark.rows) * mark.module_height
            yield ("code", mark.x, mark.y, mark.x + width, mark.y + height)


def overlap(first: PageBox, second: PageBox) -> bool:
    """Return whether two boxes of a page overlap."""
    _, left, top, right, bottom = first
    _, other_left, other_top, other_right, other_bottom = second
    return left < other_right - 0.5 and other_left < right - 0.5 and top < other_bottom and other_top < bottom


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("code", DECLARED)
def test_nothing_leaves_the_page_or_covers_another(code: str, variant: str) -> None:
    for page in pages_of(code, variant):
        page_boxes = list(boxes(page))
        for text, left, top, right, bottom in page_boxes:
            assert left >= A4.left - 1, text
            assert right <= A4.width - A4.right + 1, text
            assert top >= 0, text
            assert bottom <= A4.height - A4.bottom + 12, text  # the foot is just below the margin
        for first, second in combinations(page_boxes, 2):
            assert not overlap(first, second), (first[0], second[0])
        for mark in page.marks:
            if isinstance(mark, Bar | DottedLine):
                assert mark.x + mark.width <= A4.width - A4.right + 1


@pytest.mark.parametrize("variant", MAX_PAGES)
@pytest.mark.parametrize("code", DECLARED)
def test_a_form_takes_the_pages_that_the_official_one_has(code: str, variant: str) -> None:
    assert len(pages_of(code, variant)) <= LONG_TABLES.get(code, MAX_PAGES[variant])


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("code", DECLARED)
def test_one_signs_on_a_page_with_answers(code: str, variant: str) -> None:
    form = procedure_of(code).declaration
    assert form is not None
    title = form.signatures[-1].title.partition(" (")[0]
    signed = [page for page in pages_of(code, variant) if title in " ".join(text for text, *_ in boxes(page))]
    assert signed
    for page in signed:
        answers = [mark for mark in page.marks if isinstance(mark, DottedLine)]
        cells = [mark for mark in page.marks if isinstance(mark, TextMark) and mark.face.startswith("sans-56")]
        assert answers or cells or code in LONG_TABLES


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("code", DECLARED)
def test_footnotes_are_alone_on_a_page_only_where_they_fill_it(code: str, variant: str) -> None:
    for page in pages_of(code, variant):
        words = sorted((top, text) for text, _, top, _, _ in boxes(page))
        if words[0][1].startswith("Chú thích"):
            lowest_note = max(top for top, _ in words if top < A4.height - A4.bottom - 12)
            assert lowest_note > 0.45 * A4.height
