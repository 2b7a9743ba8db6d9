"""Tests of the check page: no answer is left out, and each says whose it is."""

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

NO_OATH = {
    *("1.004194", "1.004222", "1.010041", "2.000815", "2.000884", "2.000908", "2.000992", "2.001008", "2.001035"),
    *("1.001653", "1.001699", "1.001776", "1.002755", "1.010038", "2.002516", "3.000722"),
    *("1.001570", "1.001266", "2.000575", "2.000720"),
    "LOCAL-TAPHUAN",
}
"""Form CT01 and the disability form have no oath; others have no form, or its lines were not seen."""

BY_CARD = {"2.000815"}
"""A card files the form: only without one it is read over."""


def in_english(walker: Walker) -> Walker:
    return walker.go("/easier").fill(form="easier", lang="en")


@pytest.mark.parametrize("code", sorted(CASES))
def test_everything_that_was_answered_is_read_over(app: Flask, code: str) -> None:
    case = Case(Walker(app).go("/"), code, cards=code not in BY_CARD)
    page = case.until_check().words.lower()
    cookie = case.walker.browser.get_cookie("kiosk_tap")
    assert cookie is not None
    opened = applying.current_draft(case.walker.context, hash_token(cookie.value))
    procedure = case.procedure
    answers = opened.draft.answers
    known = complete(procedure, answers, office=case.walker.context.office, today=TODAY)
    asked_keys: set[str] = set()
    for step in procedure.steps:
        if holds(step.when, known, TODAY):
            asked_keys |= {key.partition(".")[0] for key in _keys(step)}
    texts = {
        field.key: kinds.of(field).on_screen(field, answers[field.key], "vi")
        for field in procedure.fields
        if field.key in asked_keys and not is_empty(answers.get(field.key))
    }
    if "so_luong_ban_sao" in texts:  # the number says the yes
        texts.pop("de_nghi_cap_ban_sao", "")
    assert len(asked_keys & answers.keys()) > 2
    assert {key: text for key, text in texts.items() if text.lower() not in page} == {}


@pytest.mark.parametrize("code", sorted(CASES))
def test_an_oath_is_asked_for_where_the_official_form_has_one(app: Flask, code: str) -> None:
    case = Case(Walker(app).go("/"), code, cards=code not in BY_CARD)
    walker = case.until_check()
    assert ('name="oath"' not in walker.page) == (code in NO_OATH)
    submit(walker)
    assert walker.at == "/done"


def test_each_point_of_an_oath_begins_a_line(app: Flask) -> None:
    walker = Case(Walker(app).go("/"), "1.001612", cards=True).until_check()
    oath = walker.html.partition('id="oath"')[2].partition("<span>")[2].partition("</span>")[0]
    first, *points = oath.split("\n")
    assert first == "Tôi xin cam kết:"
    assert [point[:2] for point in points] == ["- "] * 4


def test_a_parent_is_said_in_one_breath(walker: Walker) -> None:
    birth_until_check(walker)
    assert "Sinh ngày 12/03/1996, số •••• •••• 0123, mẹ, điện thoại 0905 000 123" in walker.words
    assert "Dân tộc của mẹ Kinh, dân tộc của cha Kinh, dân tộc của bé Kinh" in walker.words


def test_of_two_who_marry_each_answer_stands_with_whose_it_is(walker: Walker) -> None:
    Case(walker, "1.000894", cards=True).until_check()
    assert "Bên nữ đã kết hôn lần nào chưa? Chưa lần nào" in walker.words
    assert "Bên nam đã kết hôn lần nào chưa? Chưa lần nào" in walker.words


def test_papers_are_counted_and_english_is_right_for_one_too(walker: Walker) -> None:
    Case(walker, "2.000815", cards=False).until_check()
    assert "Bằng, chứng chỉ (1 trang, 2 bản), Học bạ, bảng điểm (1 trang, 2 bản)" in walker.words
    Case(in_english(walker.go("/")), "2.000815", cards=False).until_check()
    assert "School record (pages: 1, copies: 2)" in walker.words


def test_a_bank_keeps_its_capital_in_a_line(walker: Walker) -> None:
    Case(walker, "1.001776", cards=True).until_check()
    assert "Agribank, 4000205123456" in walker.words
    assert "Vận động, mức độ nặng" in walker.words


def _keys(step: object) -> set[str]:
    person = getattr(step, "person", None)
    filled = {key for name, key in person.fills.items() if name != "issued"} if person else set()
    return filled | set(getattr(step, "fields", ())) | {getattr(step, "rows", "")}
