"""A processing time with a condition: the citizen reads that of the chosen answer, the desk offers no other."""

import re

import pytest
from flask import Flask

from kiosk.dossiers import deadlines
from kiosk.dossiers.opened import open_submission
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, _address, _decide
from tests.pages.officer.test_fees import _called, _hand_in

CHANGE = "1.004859"
WORDS = {"sai": "3 ngày làm việc.", "thieu": "Ghi thêm chỗ thiếu: trong ngày."}


def test_the_page_of_papers_shows_the_time_of_the_chosen_answer(app: Flask) -> None:
    walker = Walker(app).go(f"/need/{CHANGE}")
    assert [words in walker.words for words in WORDS.values()] == [True, True]
    for answer, own in WORDS.items():
        walker.go(f"/need/{CHANGE}?loai_yeu_cau={answer}&giay_nao=khai_sinh")
        assert [words for words in WORDS.values() if words in walker.words] == [own]


@pytest.mark.parametrize(("answer", "number", "days"), [("sai", 0, 3), ("thieu", 1, 0)])
def test_the_desk_offers_only_the_times_of_the_answers(app: Flask, answer: str, number: int, days: int) -> None:
    context = app.extensions["context"]
    filed = _hand_in(context, CHANGE, loai_yeu_cau=answer)
    opened = open_submission(context, filed.submission.id)
    assert opened is not None
    terms = deadlines.terms(context, opened.procedure, opened.answers, context.clock.now())
    assert [(term.no, term.days) for term in terms] == [(number, days)]


def decide_page(app: Flask, answer: str) -> Desk:
    desk = _called(app, CHANGE, loai_yeu_cau=answer)
    return desk.go(_address(desk, "accepted"))


@pytest.mark.parametrize(("answer", "other"), [("sai", "thieu"), ("thieu", "sai")])
def test_the_form_of_acceptance_has_the_time_of_the_answer_chosen(app: Flask, answer: str, other: str) -> None:
    desk = decide_page(app, answer)
    assert WORDS[answer] in desk.words
    assert WORDS[other] not in desk.words
    number = {"sai": "0", "thieu": "1"}[answer]
    assert re.search(rf'name="term"\s+value="{number}"\s+checked', desk.page)


def test_a_time_of_another_answer_cannot_be_posted(app: Flask) -> None:
    desk = _called(app, CHANGE, loai_yeu_cau="sai")
    _decide(desk, "accepted", **ACCEPT | {"term": "1"})
    assert submission_checks.only_submission(desk.context).desk == "waiting"
    _decide(desk, "accepted", **ACCEPT | {"term": "0"})
    assert submission_checks.only_submission(desk.context).desk == "accepted"
