"""Details that a person agreed to keep are offered, masked, to the same card alone, and filled in after a touch."""

from collections.abc import Callable

import pytest
from flask import Flask

from kiosk.vietnam import id_card
from tests.journeys.people import begin_birth, birth_after_mother, birth_until_check, submit
from tests.journeys.walker import Walker, card_line

PHONE = "0905000123"
OFFER = "Lần trước ông/bà cho máy giữ: "
NUMBER, OLD_NUMBER, NAME, BORN, SEX, HOME, ISSUED = card_line("me").split("|")
FORGED = {
    "the number alone": f"{NUMBER}||Nguyễn Văn Gian|01011990|Nam|Tổ 5, Phú Hậu, Thành phố Huế|10052021",
    "another name": "|".join((NUMBER, OLD_NUMBER, "Nguyễn Thị Diệu Hiến", BORN, SEX, HOME, ISSUED)),
    "another birth date": "|".join((NUMBER, OLD_NUMBER, NAME, "13031996", SEX, HOME, ISSUED)),
    "another day of issue": "|".join((NUMBER, OLD_NUMBER, NAME, BORN, SEX, HOME, "11052021")),
    "no day of issue": "|".join((NUMBER, OLD_NUMBER, NAME, BORN, SEX, HOME)),
    "the year of birth only": "|".join((NUMBER, OLD_NUMBER, NAME, "1996", SEX, HOME, ISSUED)),
    "marks lost": "|".join((NUMBER, OLD_NUMBER, "Nguy?n Th? Di?u Hi?n", BORN, SEX, HOME, ISSUED)),
}


@pytest.fixture
def kept(app: Flask, walker: Walker) -> Flask:
    """Submit a form with a telephone, and agree to keep it."""
    birth_until_check(walker).fill(oath="1", reuse="1")
    return app


def visit(app: Flask, scan: Callable[[Walker], Walker]) -> Walker:
    """Begin a later visit and scan a card."""
    return scan(begin_birth(Walker(app).go("/")))


def same_card(walker: Walker) -> Walker:
    return walker.scan("me")


def phone_in(walker: Walker) -> str:
    return walker.form().sends["nyc_dien_thoai"].replace(" ", "")


def test_the_same_card_is_offered_home_and_masked_telephone_and_fills_them_in_after_a_touch(kept: Flask) -> None:
    later = visit(kept, same_card)
    assert f"{OFFER}nơi ở, số •••• ••• 123" in later.words
    assert PHONE not in later.page.replace(" ", "")
    assert not phone_in(later)
    assert "nyc_noi_cu_tru.stay" not in later.form().sends
    later.fill(reuse="1")
    assert "Máy đã điền lại thông tin của lần trước" in later.words
    assert phone_in(later) == PHONE
    assert later.form().sends["nyc_noi_cu_tru.stay"] == "19753"
    assert OFFER not in later.words


def test_what_was_typed_before_the_touch_stays(kept: Flask) -> None:
    later = visit(kept, same_card)
    later.fill({"nyc_quan_he": "me", "reuse": "1"})
    assert later.form().sends["nyc_quan_he"] == "me"
    assert phone_in(later) == PHONE


def test_a_person_takes_the_consent_back_with_a_touch(kept: Flask) -> None:
    later = visit(kept, same_card)
    later.fill({"nyc_quan_he": "me", "forget": "1"})
    assert "Máy đã xóa thông tin giữ từ lần trước." in later.words
    assert OFFER not in later.words
    assert later.form().sends["nyc_quan_he"] == "me"
    with later.context.store.read() as db:
        assert list(db.query("select * from reuse")) == []
    assert OFFER not in visit(kept, same_card).words


def test_a_forged_card_takes_no_consent_back(kept: Flask) -> None:
    later = visit(kept, lambda walker: walker.scan_line(FORGED["another day of issue"]))
    later.post(later.at, forget="1")
    assert OFFER in visit(kept, same_card).words


def test_the_offer_is_english_for_an_english_reader(kept: Flask) -> None:
    later = Walker(kept).go("/")
    later.post("/set", name="lang", value="en")
    begin_birth(later.go("/")).scan("me")
    assert "Last time you let the machine keep: home, number •••• ••• 123" in later.words


def test_without_consent_nothing_is_offered(app: Flask, walker: Walker) -> None:
    submit(birth_until_check(walker))
    later = visit(app, same_card)
    assert OFFER not in later.words
    assert not phone_in(later)


def test_another_card_is_offered_nothing(kept: Flask) -> None:
    assert OFFER not in visit(kept, lambda walker: walker.scan("cha")).words


@pytest.mark.parametrize("line", FORGED.values(), ids=FORGED)
def test_a_code_that_somebody_made_is_offered_nothing_and_a_forged_touch_fills_nothing_in(
    kept: Flask, line: str
) -> None:
    later = visit(kept, lambda walker: walker.scan_line(line))
    assert isinstance(id_card.parse(line), id_card.Card)
    assert OFFER not in later.words
    step = later.at.partition(".")[0]
    later.post(step, reuse="1")
    later.go(step)
    assert PHONE not in later.page.replace(" ", "")


def test_a_card_that_was_typed_is_offered_nothing(kept: Flask) -> None:
    later = visit(kept, lambda walker: walker.fill(form="card", line=card_line("me")))
    assert "Máy đã đọc được thẻ" in later.words
    assert OFFER not in later.words
    later.post(later.at, reuse="1")
    assert not phone_in(later.go(later.at))


def test_a_typed_card_after_a_scanned_one_takes_the_offer_away(kept: Flask) -> None:
    later = visit(kept, same_card)
    later.post(f"{later.at}/card", line=card_line("cha"))
    assert "Máy đã đọc được thẻ" in later.words
    assert OFFER not in later.words


def test_a_forger_overwrites_nothing(kept: Flask) -> None:
    forger = Walker(kept).go("/")
    begin_birth(forger).scan_line(FORGED["another day of issue"])
    forger.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 777 333", "nyc_noi_cu_tru.stay": "19753"})
    birth_after_mother(forger).fill(oath="1", reuse="1")
    later = visit(kept, same_card).fill(reuse="1")
    assert phone_in(later) == PHONE


def test_nothing_is_kept_of_a_person_whose_card_was_not_scanned(app: Flask, walker: Walker) -> None:
    begin_birth(walker).fill(form="card", line=card_line("me"))
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123", "nyc_noi_cu_tru.stay": "19753"})
    birth_after_mother(walker)
    assert "reuse" not in walker.form().names, "the page asks for no consent that it cannot follow"
    walker.post("/form/submit", oath="1", reuse="1")
    with walker.context.store.read() as db:
        assert list(db.query("select * from reuse")) == []
    assert OFFER not in visit(app, same_card).words


def test_one_card_is_not_two_people(walker: Walker) -> None:
    begin_birth(walker).scan("me")
    walker.fill({"nyc_quan_he": "ba", "nyc_noi_cu_tru.stay": "19753"})
    assert walker.at == "/form/nguoi_me"
    walker.scan("me")
    assert "Thẻ này vừa quét cho người khác" in walker.words
    walker.scan("ba")
    assert "Máy đã đọc được thẻ" in walker.words
