"""Registering a death: with two cards, without papers, and impossible answers."""

import pytest

from kiosk.papers import declaration
from kiosk.procedures.journey import is_required
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, no_copies, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import DAY as TODAY
from tests.papers.forms import words_of_pdf
from tests.procedures.texts import procedure

DEATH = "1.000656"
NEED = f"/need/{DEATH}"
MOST_SCREENS = 7
SON = "Trần Văn Phước"
FATHER = "Hồ Văn Lão"
DAY = {"nc_ngay_chet.d": "20", "nc_ngay_chet.m": "11", "nc_ngay_chet.y": "2026"}
NOTICE = {"gbt_ngay_cap.d": "21", "gbt_ngay_cap.m": "11", "gbt_ngay_cap.y": "2026"}


def _begin(walker: Walker, where: str = "benh_vien") -> Walker:
    walker.follow("/choose").follow("/choose?event=nguoi_mat").follow(NEED)
    return walker.fill(mat_o_dau=where)


def _son(walker: Walker) -> Walker:
    walker.scan("cha")
    return walker.fill(home_answers(walker) | {"nyc_quan_he": "con", "nyc_dien_thoai": "0905000123"})


def _father(walker: Walker) -> Walker:
    walker.scan("ong")
    walker.fill(home_answers(walker) | {"nc_dan_toc": "Kinh"})
    assert "Nơi ở cuối cùng của người đã mất không thuộc phường này." in walker.words  # A Lưới, told once
    return walker.fill()


def test_the_home_of_the_dead_is_asked_about_as_the_last_one(walker: Walker) -> None:
    _begin(walker).scan("cha")
    assert "Nay vẫn ở đó phải không?" in walker.words
    walker.fill(home_answers(walker) | {"nyc_quan_he": "con", "nyc_dien_thoai": "0905000123"}).scan("ong")
    assert "Nơi ở cuối cùng có phải ở đó không?" in walker.words
    assert "Nay vẫn ở đó" not in walker.words


def test_the_page_of_papers_says_one_thing_about_a_missing_death_notice(walker: Walker) -> None:
    _begin(walker).go(NEED)
    assert "Thiếu giấy vẫn khai được." in walker.words
    assert "Chưa có giấy báo tử vẫn khai được ở máy. Quầy nhận hồ sơ khi có giấy" in walker.words
    assert "chưa nhận được hồ sơ" not in walker.words


def _until_the_notice(walker: Walker) -> Walker:
    _begin(walker)
    _son(walker)
    _father(walker)
    walker.fill(DAY | {"nc_noi_chet": "birth:0", "nc_gio_chet.h": "9", "nc_gio_chet.min": "40"})
    assert walker.at == "/form/giay_bao_tu", walker.words
    return walker


def test_a_son_registers_his_fathers_death_with_two_cards(walker: Walker) -> None:
    _until_the_notice(walker)
    walker.fill(
        NOTICE
        | {
            "gbt_loai": "giay_bao_tu",
            "gbt_so": "15/GBT",
            "gbt_noi_cap": "Bệnh viện Trung ương Huế",
            "nc_nguyen_nhan": "benh",
        }
    )
    reach_check_page(walker)
    assert SON in walker.words
    assert FATHER in walker.words
    assert "9 giờ 40" in walker.words
    submit(walker)
    assert walker.at == "/done"
    screens = walker.addresses[walker.addresses.index(NEED) : -1]
    assert len([page for page in screens if page != "/form/missing"]) <= MOST_SCREENS
    body = submission_checks.checked_body(walker.context, "A")
    answers = body["form"]["answers"]
    assert body["applicant"]["fullName"] == answers["nyc_ho_ten"] == SON
    assert answers["nc_ho_ten"] == FATHER
    assert answers["nc_ngay_sinh"] == "1942"
    assert answers["nc_gioi_tinh"] == "nam"
    assert answers["nc_gio_chet"] == "09:40"
    assert answers["qua_han"] == "dung_han"
    printed = _printed(walker)
    assert "Nguyên nhân chết: Bệnh" in printed
    assert "Số Giấy báo tử/Giấy tờ thay thế Giấy báo tử:(4)" in printed
    assert "09 giờ 40 phút, ngày 20 tháng 11 năm 2026" in printed


def test_the_family_is_met_with_sympathy(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=nguoi_mat").follow(NEED)
    assert "Xin chia buồn cùng gia đình." in walker.words


def test_a_death_before_the_birth_is_not_taken_and_the_day_stays(walker: Walker) -> None:
    _begin(walker)
    _son(walker)
    _father(walker)
    walker.fill(DAY | {"nc_ngay_chet.y": "1941", "nc_noi_chet": "birth:0"})
    assert walker.at == "/form/mat_luc_nao"
    assert "Ngày mất đang trước ngày sinh." in walker.words
    assert walker.form().sends["nc_ngay_chet.y"] == "1941"


def test_with_a_card_neither_ethnic_group_nor_cause_has_to_be_given(walker: Walker) -> None:
    _begin(walker)
    _son(walker)
    walker.scan("ong")
    walker.fill(home_answers(walker)).fill()
    walker.fill(DAY | {"nc_noi_chet": "birth:0"})
    walker.fill(gbt_loai="giay_bao_tu", gbt_so="15/GBT")
    submit(reach_check_page(no_copies(walker)))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert not answers.keys() & {"nc_dan_toc", "nc_nguyen_nhan"}
    assert answers["nc_quoc_tich"] == "VN"


@pytest.mark.parametrize(("number", "is_asked"), [("co", False), ("khong", True)])
@pytest.mark.parametrize("key", ["nc_gioi_tinh", "nc_dan_toc", "nc_quoc_tich"])
def test_note_2_of_the_form_asks_only_about_a_person_without_a_number(key: str, number: str, *, is_asked: bool) -> None:
    field = procedure("1.000656").by_key[key]
    assert is_required(field, {"nguoi_mat_co_so": number}, TODAY) == is_asked


def test_one_card_is_not_taken_for_both_people(walker: Walker) -> None:
    _begin(walker)
    _son(walker)
    walker.scan("cha")
    assert walker.at == "/form/nguoi_mat"
    assert SON not in walker.words
    assert "Thẻ này vừa quét cho người khác" in walker.words


def test_long_ago_a_year_is_enough_and_a_missing_notice_is_shown_once(walker: Walker) -> None:
    _begin(walker, "da_lau")
    _son(walker)
    _father(walker)
    walker.fill({"nc_ngay_chet.y": "1998", "nc_noi_chet": "home:nc_noi_cu_tru"})
    walker.fill(gbt_loai="khong", nc_nguyen_nhan="gia_yeu")
    assert no_copies(walker).at == "/form/missing"
    assert "Chưa có giấy báo tử" in walker.words
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["nc_ngay_chet"] == "1998"
    assert not [key for key in answers if key in {"gbt_so", "gbt_noi_cap", "gbt_ngay_cap", "qua_han"}]
    assert "Số Giấy báo tử/Giấy tờ thay thế Giấy báo tử:(4)" in _printed(walker)


def test_a_partial_date_is_shown_once_where_the_death_is_recent(walker: Walker) -> None:
    _begin(walker)
    _son(walker)
    _father(walker)
    walker.fill({"nc_ngay_chet.m": "11", "nc_ngay_chet.y": "2026", "nc_noi_chet": "birth:0"})
    walker.fill(gbt_loai="giay_bao_tu", nc_nguyen_nhan="benh")
    assert no_copies(walker).at == "/form/missing"
    assert "Ngày mất còn thiếu ngày hoặc tháng." in walker.words


def _printed(walker: Walker) -> str:
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    return words_of_pdf(document)
