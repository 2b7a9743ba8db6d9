"""First sight of the desk, and the guide of one page that every page of the desk leads to."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.config import Counter
from kiosk.papers import guide
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _draw, _tap


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return an officer at a counter where nobody is."""
    return Desk(app)


def _squeezed(words: str) -> str:
    """Return words without spaces: those around a bold word are not told apart in a page's text."""
    return "".join(words.split())


@pytest.mark.parametrize("path", ["/officer/", "/officer/work", "/officer/lookup", "/officer/day", "/officer/guide"])
def test_every_page_leads_to_the_guide_by_a_button(desk: Desk, path: str) -> None:
    assert desk.go(path).page.count('href="/officer/guide" aria-label="Hướng dẫn"') == 1


def test_the_guide_has_the_words_of_the_sheet_for_the_table(desk: Desk) -> None:
    words = _squeezed(desk.go("/officer/guide").words)
    for title, lines in guide.SECTIONS:
        assert _squeezed(title) in words
        for line in lines:
            assert _squeezed(line.replace("*", "")) in words
    for key, what in guide.KEYS:
        assert _squeezed(key + what) in words


def test_an_officer_without_a_counter_reads_the_guide(app: Flask) -> None:
    desk = Desk(app, counter=0)
    assert "Hôm nay ngồi quầy nào?" in desk.go("/officer/counter").words
    assert "Việc ở quầy trong ngày" in desk.go("/officer/guide").words


def test_an_empty_desk_shows_who_waits_and_what_was_done_last(desk: Desk) -> None:
    desk.go("/officer/")
    assert "0 người đang chờ" in desk.words
    assert "bấm F2 để gọi" in desk.words
    for _ in range(2):
        queueing.draw_ticket(desk.context, desk.context.config.series[0])
    assert "2 người đang chờ" in desk.go("/officer/").words


def test_an_empty_desk_names_the_number_that_left_last(desk: Desk) -> None:
    _draw(desk.context, 1)
    _tap(desk.go("/officer/"), "next")
    assert "Số A001, Hộ tịch" in desk.words
    _tap(desk, "finish")
    assert "số vừa xong A001" in desk.words
    assert "A001 vừa xong ở quầy này" in desk.words
    assert "bấm F2 để gọi" not in desk.words


def test_a_counter_whose_number_is_held_is_not_said_to_have_called_none(desk: Desk) -> None:
    _draw(desk.context, 1)
    _tap(_tap(desk.go("/officer/"), "next"), "hold")
    assert "Quầy trống bấm F2 để gọi" in desk.words
    assert "chưa gọi số nào" not in desk.words


def test_the_bar_says_the_number_of_a_named_counter(app: Flask) -> None:
    context = app.extensions["context"]
    config = replace(context.config, counters=(Counter(1, "Hộ tịch"),))
    app.extensions["context"] = replace(context, config=config)
    desk = Desk(app).go("/officer/")
    assert "Quầy 1, Hộ tịch" in desk.page.partition("</title>")[0]
    assert re.search(r'title="Hộ tịch"\s*>Quầy 1</a>', desk.page)
