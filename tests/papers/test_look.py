"""How declarations look, measured: between the margins, nothing over another, and where one signs."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from printers.render.line_layout import SHEET_MEASURES as MEASURES
from printers.render.page_layout import lay_sheet
from printers.render.primitives import Bar, DottedLine, TextMark, Modules, Page
from tests.papers.forms import DAY, DECLARED
from tests.papers.pictures import WAYS, drawn

A4 = MEASURES["A4"]
CAPITAL = 0.72
FALL = 0.2  # em above and below the baseline that words reach
MOST_PAGES = {"typical": 2, "least": 2}


@cache
def procedure_of(code: str) -> Procedure:
    procedure = read_catalogue().in_force(code, DAY)
    assert procedure is not None
    return procedure


@cache
def pages_of(code: str, way: str) -> list[Page]:
    procedure = procedure_of(code)
    return lay_sheet(drawn(procedure, WAYS[way](procedure)))


def boxes(page: Page) -> Iterator[tuple[str, float, float, float, float]]:
    """The words and codes of a page with left, top, right and bottom."""
    for mark in page.marks:
        if isinstance(mark, TextMark) and mark.text.strip():
            yield (mark.text, mark.x, mark.y - CAPITAL * mark.size, mark.x + mark.width, mark.y + FALL * mark.size)
        elif isinstance(mark, Modules):
            wide = len(mark.rows[0]) * mark.module_width
            tall = len(mark.rows) * mark.module_height
            yield ("code", mark.x, mark.y, mark.x + wide, mark.y + tall)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", DECLARED)
def test_nothing_leaves_the_page_or_covers_another(code: str, way: str) -> None:
    for page in pages_of(code, way):
        found = list(boxes(page))
        for text, left, top, right, bottom in found:
            assert left >= A4.left - 1, text
            assert right <= A4.width - A4.right + 1, text
            assert top >= 0, text
            assert bottom <= A4.height - A4.bottom + 12, text  # the foot stands just below the margin
        for one, other in combinations(found, 2):
            is_over = one[1] < other[3] - 0.5 and other[1] < one[3] - 0.5 and one[2] < other[4] and other[2] < one[4]
            assert not is_over, (one[0], other[0])
        for mark in page.marks:
            if isinstance(mark, Bar | DottedLine):
                assert mark.x + mark.width <= A4.width - A4.right + 1


@pytest.mark.parametrize("way", MOST_PAGES)
@pytest.mark.parametrize("code", DECLARED)
def test_a_form_takes_the_pages_that_the_official_one_has(code: str, way: str) -> None:
    assert len(pages_of(code, way)) <= MOST_PAGES[way]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", DECLARED)
def test_one_signs_on_a_page_on_which_one_has_said_something(code: str, way: str) -> None:
    form = procedure_of(code).declaration
    assert form is not None
    title = form.signatures[-1].title.partition(" (")[0]
    signed = [page for page in pages_of(code, way) if title in " ".join(text for text, *_ in boxes(page))]
    assert signed
    for page in signed:
        answers = [mark for mark in page.marks if isinstance(mark, DottedLine)]
        cells = [mark for mark in page.marks if isinstance(mark, TextMark) and mark.face.startswith("sans-56")]
        assert answers or cells
