"""Answers that a person agreed to keep come back with the same card, and with no other."""

from flask import Flask

from tests.journeys.people import begin_birth, birth_until_check, submit
from tests.journeys.walker import Walker

PHONE = "0905000123"


def visit(app: Flask, card: str) -> Walker:
    """Begin a later visit and scan a card."""
    return begin_birth(Walker(app).go("/")).scan(card)


def test_with_consent_home_and_telephone_come_back_with_the_same_card(app: Flask, walker: Walker) -> None:
    birth_until_check(walker).fill(oath="1", reuse="1")
    later = visit(app, "me")
    assert "Lần trước bà con cho giữ thông tin" in later.words
    assert later.form().sends["nyc_dien_thoai"].replace(" ", "") == PHONE
    assert later.form().sends["nyc_noi_cu_tru.stay"] == "19753"


def test_without_consent_nothing_comes_back(app: Flask, walker: Walker) -> None:
    submit(birth_until_check(walker))
    later = visit(app, "me")
    assert "Lần trước" not in later.words
    assert not later.form().sends["nyc_dien_thoai"]
    assert "nyc_noi_cu_tru.stay" not in later.form().sends


def test_another_card_brings_nothing_back(app: Flask, walker: Walker) -> None:
    birth_until_check(walker).fill(oath="1", reuse="1")
    later = visit(app, "cha")
    assert "Lần trước" not in later.words
    assert not later.form().sends["nyc_dien_thoai"]


def test_one_card_is_not_two_people(walker: Walker) -> None:
    begin_birth(walker).scan("me")
    walker.fill({"nyc_quan_he": "ba", "nyc_noi_cu_tru.stay": "19753"})
    assert walker.at == "/form/nguoi_me"
    walker.scan("me")
    assert "Thẻ này vừa quét cho người khác" in walker.words
    walker.scan("ba")
    assert "Máy đã đọc được thẻ" in walker.words
