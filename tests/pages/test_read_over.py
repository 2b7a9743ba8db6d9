"""The page to read over: nothing that was answered is left out, and it is plain whose answer each one is."""

import pytest
from flask import Flask

from kiosk.acts import applying
from kiosk.pages.access import hash_token
from kiosk.procedures import kinds
from kiosk.procedures.answers import complete, is_empty
from kiosk.procedures.conditions import holds
from tests.journeys.people import birth_until_check, submit
from tests.journeys.typical import CASES, TODAY, Case
from tests.journeys.walker import Walker

NO_OATH = {"1.004194", "1.004222", "1.010041", "2.000815", "2.000884", "LOCAL-TAPHUAN"}
"""Form CT01 has no oath; copies, signatures and the class have no form."""


def in_english(walker: Walker) -> Walker:
    return walker.go("/easier").fill(form="easier", lang="en")


@pytest.mark.parametrize("code", sorted(CASES))
def test_everything_that_was_answered_is_read_over(app: Flask, code: str) -> None:
    case = Case(Walker(app).go("/"), code, cards=True)
    page = case.until_check().words.lower()
    cookie = case.walker.browser.get_cookie("kiosk_tap")
    assert cookie is not None
    session = applying.current_draft(case.walker.context, hash_token(cookie.value))
    form = case.procedure
    told = session.draft.answers
    known = complete(form, told, case.walker.context.office, TODAY)
    on_a_page = {key.partition(".")[0] for step in form.steps if holds(step.when, known, TODAY) for key in _keys(step)}
    absent = {
        item.key: kinds.of(item).on_screen(item, told[item.key], "vi")
        for item in form.fields
        if item.key in on_a_page and not is_empty(told.get(item.key))
        if kinds.of(item).on_screen(item, told[item.key], "vi").lower() not in page
    }
    assert len(on_a_page & told.keys()) > 2
    assert absent == {}


@pytest.mark.parametrize("code", sorted(CASES))
def test_an_oath_is_asked_for_where_the_official_form_has_one(app: Flask, code: str) -> None:
    case = Case(Walker(app).go("/"), code, cards=True)
    walker = case.until_check()
    assert ('name="oath"' not in walker.page) == (code in NO_OATH)
    submit(walker)
    assert walker.at == "/done"


def test_a_parent_is_said_in_one_breath(walker: Walker) -> None:
    birth_until_check(walker)
    assert "Sinh ngày 12/03/1996, số •••• •••• 0123, mẹ, điện thoại 0905 000 123" in walker.words
    assert "Dân tộc của bé Kinh, dân tộc của mẹ Kinh, dân tộc của cha Kinh" in walker.words


def test_of_two_who_marry_each_answer_stands_with_whose_it_is(walker: Walker) -> None:
    Case(walker, "1.000894", cards=True).until_check()
    assert "Bên nữ đã kết hôn lần nào chưa? Chưa lần nào" in walker.words
    assert "Bên nam đã kết hôn lần nào chưa? Chưa lần nào" in walker.words


def test_papers_are_counted_and_english_is_right_for_one_too(walker: Walker) -> None:
    Case(walker, "2.000815", cards=True).until_check()
    assert "Bằng, chứng chỉ (1 trang, 2 bản), Học bạ (1 trang, 1 bản)" in walker.words
    Case(in_english(walker.go("/")), "2.000815", cards=True).until_check()
    assert "School record (pages: 1, copies: 1)" in walker.words


def test_a_bank_keeps_its_capital_in_a_line(walker: Walker) -> None:
    Case(walker, "1.001776", cards=True).until_check()
    assert "Agribank, 4000205123456" in walker.words
    assert "Vận động, mức độ nặng" in walker.words


def _keys(step: object) -> set[str]:
    person = getattr(step, "person", None)
    filled = {key for name, key in person.fills.items() if name != "issued"} if person else set()
    return filled | set(getattr(step, "fields", ())) | {getattr(step, "rows", "")}
