"""Compact markup: a page has no indentation, and a value keeps its spaces."""

import jinja2

from kiosk.pages.compact_markup import CompactMarkup
from tests.journeys.walker import Walker


def test_a_template_loses_its_indentation_and_a_value_keeps_its_own() -> None:
    environment = jinja2.Environment(extensions=[CompactMarkup], autoescape=True)
    template = environment.from_string("<p>\n    {{ text }}\n\n  </p>{# #}    <b>two  spaces</b>\n")
    assert template.render(text="a\n    b\n\nc") == "<p>\na\n    b\n\nc\n</p>\n<b>two  spaces</b>"


def test_no_line_of_a_page_is_indented(walker: Walker) -> None:
    page = walker.browser.get("/").get_data(as_text=True)
    assert [line for line in page.splitlines() if line.startswith(" ")] == []
