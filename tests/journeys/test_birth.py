"""Registering a birth: with two cards, without, by a mother alone, by a grandmother."""

import html
import re
import unicodedata

import pytest

from tests.journeys import submission_checks
from tests.journeys.people import (
    BIRTH,
    CHILD,
    DAY,
    NEED,
    begin_birth,
    birth_until_check,
    child,
    father,
    home_answers,
    mother_registers,
    peoples,
    pick_ward,
    reach_check_page,
    submit,
)
from tests.journeys.walker import Walker

MOST_SCREENS = 8
MOST_TOUCHES = 40
ON_CARDS = ("Nguyễn Thị Diệu Hiền", "Trần Văn Phước")


def test_two_cards_and_at_most_eight_screens_register_a_birth(
    walker: Walker, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(birth_until_check(walker))
    assert walker.at == "/done"
    screens = [page for page in walker.addresses[walker.addresses.index(NEED) : -1] if "/pick/" not in page]
    with capsys.disabled():
        print(f"\nscreens of a birth registration with two cards: {len(screens)} {' '.join(screens)}")
    assert len(screens) <= MOST_SCREENS
    body = submission_checks.checked_body(walker.context, "A")
    answers = body["form"]["answers"]
    assert answers["me_ho_ten"] == answers["nyc_ho_ten"] == ON_CARDS[0]
    assert answers["cha_ho_ten"] == ON_CARDS[1]
    assert answers["con_ho_ten"] == CHILD
    assert answers["con_que_quan"]["wardCode"] == "19753"
    assert body["procedureCode"] == BIRTH
    assert body["applicant"]["fullName"] == ON_CARDS[0]
    assert body["applicant"]["idNumber"] == "046196000123"


def _keys(text: str) -> int:
    """Return the touches that type a text on the keyboard: a letter is a key, and so is its tone."""
    return sum(ch not in "\u0302\u0306\u031b" for ch in unicodedata.normalize("NFD", text))


def test_a_birth_takes_at_most_forty_touches_from_the_start_page_with_all_keys_and_cards(walker: Walker) -> None:
    begin_birth(walker)
    walker.scan("me").fill({"nyc_quan_he": "me", "nyc_noi_cu_tru.stay": "19753"})
    cards = 2
    walker.scan("cha")
    assert "Cùng chỗ với người đi khai" in walker.words
    walker.fill()
    assert 'data-text="Trần "' in walker.page
    walker.fill(con_ho_ten="Trần Gia Bảo", con_gioi_tinh="nam")  # a touch on the surname, and keys
    keys = _keys("Gia Bảo")
    assert 'data-fill="con_ngay_sinh.y" value="2026"' in walker.page
    walker.fill({"con_noi_sinh": "birth:0"} | DAY)  # a touch on the year; the boxes of day and month follow each other
    keys += _keys("12") + _keys("11") - 2
    walker.fill(one_group="Kinh", con_que_quan="own")
    reach_check_page(walker)
    submit(walker)
    assert walker.at == "/done"
    assert walker.touches + cards + keys <= MOST_TOUCHES
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert [answers[key] for key in ("con_dan_toc", "me_dan_toc", "cha_dan_toc")] == ["Kinh"] * 3
    assert answers["con_que_quan"]["wardCode"] == answers["cha_noi_cu_tru"]["wardCode"] == "19753"
    assert answers["con_ngay_sinh"] == "2026-11-12"


def test_a_family_of_two_groups_says_so_person_by_person(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    child(father(walker))
    walker.fill(one_group="apart", con_dan_toc="Ta-ôi", me_dan_toc="Kinh", cha_dan_toc="Ta-ôi", con_que_quan="own")
    assert walker.at == "/form/ban_sao"
    walker.go("/form/dan_toc_que_quan")
    assert walker.form().sends["one_group"] == "apart"
    assert walker.form().sends["con_dan_toc"] == "Ta-ôi"


def test_copies_start_with_one(walker: Walker) -> None:
    birth_until_check(walker).go("/form/ban_sao")
    assert walker.form().sends["so_luong_ban_sao"] == "1"
    walker.fill(de_nghi_cap_ban_sao="co")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["so_luong_ban_sao"] == 1


def test_no_page_of_a_scanned_person_has_a_box_for_the_name(walker: Walker) -> None:
    begin_birth(walker)
    walker.scan("me")
    assert ON_CARDS[0] in walker.words
    assert not {name for name in walker.form().names if "ho_ten" in name or "giay_to" in name or "ngay_sinh" in name}


def test_the_done_page_shows_number_code_and_the_next_steps_at_once(walker: Walker) -> None:
    submit(birth_until_check(walker))
    submission = submission_checks.only_submission(walker.context)
    assert submission.receipt_no in walker.words
    assert "A001" in walker.words
    assert "giấy chứng sinh" in walker.words


def test_a_birth_is_registered_without_any_card(walker: Walker) -> None:
    begin_birth(walker)
    walker.press("by-hand")
    _type_a_person(walker, "nyc", "Nguyễn Thị Diệu Hiền", ("12", "3", "1996"), "046196000123")
    assert walker.at == "/form/nguoi_khai"
    walker.fill(nyc_quan_he="me", nyc_dien_thoai="0905000123")
    assert walker.at == "/form/nguoi_khai.home", "no card has told it; it may stay blank"
    walker.fill()
    assert walker.at == "/form/nguoi_cha"
    walker.press("by-hand")
    _type_a_person(walker, "cha", "Trần Văn Phước", ("2", "9", "1993"), "046093000456")
    assert walker.at == "/form/nguoi_cha.home"
    walker.fill()
    child(walker)
    walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", cha_dan_toc="Kinh", pick="con_que_quan")
    pick_ward(walker, "19753", "phu xuan")
    walker.fill()
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["cha_giay_to_tuy_than"]["so"] == "046093000456"
    assert answers["cha_ngay_sinh"] == "1993-09-02"
    assert answers["con_que_quan"]["wardCode"] == "19753"


def test_a_mother_alone_is_asked_nothing_about_a_father(walker: Walker) -> None:
    begin_birth(walker, parents="me_don_than")
    mother_registers(walker)
    assert walker.at == "/form/ten_be"
    child(walker, "Nguyễn Bảo Ngọc")
    assert "cha_dan_toc" not in walker.form().names
    walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", pick="con_que_quan")
    pick_ward(walker, "19753", "phu xuan").fill()
    reach_check_page(walker)
    assert "giấy kết hôn" not in walker.words.lower()
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert not [key for key in answers if key.startswith("cha_") and key != "cha_me"]


def test_a_grandmother_registers_and_both_parents_are_asked_for(walker: Walker) -> None:
    begin_birth(walker)
    walker.scan("ba")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ba"})
    assert walker.at == "/form/nguoi_me"
    walker.scan("me").fill({"me_noi_cu_tru.stay": "19753"})
    father(walker)
    child(walker)
    peoples(walker)
    reach_check_page(walker)
    submit(walker)
    body = submission_checks.checked_body(walker.context, "A")
    assert body["form"]["answers"]["nyc_ho_ten"] == "Zơ Râm Thị Klŏng"
    assert body["form"]["answers"]["me_ho_ten"] == ON_CARDS[0]
    assert body["applicant"]["fullName"] == "Zơ Râm Thị Klŏng"


def _type_a_person(walker: Walker, who: str, name: str, born: tuple[str, str, str], number: str) -> None:
    walker.fill({f"{who}_ho_ten": name})
    walker.fill({f"{who}_ngay_sinh.{box}": piece for box, piece in zip("dmy", born, strict=True)})
    walker.fill({f"{who}_giay_to_tuy_than.loai": "can_cuoc", f"{who}_giay_to_tuy_than.so": number})


def _part(walker: Walker) -> tuple[str, int]:
    """Return the name of the part of the form that a page shows, and how many parts its bridge has."""
    (strip,) = re.findall(r'<header class="strip[^"]*">(.*?)</header>', walker.page, re.DOTALL)
    (name,) = re.findall(r"<b>(.*?)</b>", strip)
    (width,) = re.findall(r'viewBox="0 0 (\d+) 30"', strip)
    return html.unescape(name.strip()), int(width) // 100


def test_each_page_names_its_part_and_all_show_the_same_number_of_parts(walker: Walker) -> None:
    begin_birth(walker)
    parts = [_part(walker)]
    for fill in (mother_registers, father, child, peoples, reach_check_page, submit):
        fill(walker)
        parts.append(_part(walker))
        assert not re.search(r"[Bb]ước \d", walker.words)
    names = [name for name, _parts in parts]
    assert names == ["Người đi khai", "Cha", "Bé", "Dân tộc, quê quán", "Bản sao", "Xem lại tờ khai", "Đã xong"]
    assert len({number for _name, number in parts[:-1]}) == 1
