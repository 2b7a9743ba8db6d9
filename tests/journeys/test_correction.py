"""Correcting a record: one's own year of birth, a missing entry, a child's name, and refused corrections."""

import re

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, no_copies, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.004859"
ROW = "noi_dung.0."


def _begin(walker: Walker, what: str, record: str = "khai_sinh") -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}")
    return walker.fill(loai_yeu_cau=what, giay_nao=record)


def _own(walker: Walker) -> Walker:
    walker.scan("me").fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    return _registered(walker)


def _registered(walker: Walker) -> Walker:
    assert walker.at == "/form/dang_ky_o_dau", walker.words
    return walker.fill({"dk_tai": "Ủy ban nhân dân phường Phú Hậu", "dk_ngay.y": "1996"})


def _change(walker: Walker, entry: str, **answers: str) -> Walker:
    walker.fill(add=entry)
    assert walker.at == "/form/sua_gi", walker.words
    return walker.fill({ROW + key: value for key, value in answers.items()})


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_ones_own_year_of_birth_is_corrected_with_one_card(walker: Walker) -> None:
    _own(_begin(walker, "sai"))
    _change(walker, "nam_sinh", tu="1996", thanh="1995").fill(ly_do="ghi_nham")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert len([screen for screen in screens if screen != "/form/missing"]) == 7, screens
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert (answers["loai_yeu_cau"], answers["dk_loai"]) == ("sai", "khai_sinh")
    assert answers["noi_dung"] == [{"muc": "nam_sinh", "tu": "1996", "thanh": "1995"}]
    assert answers["nd_ho_ten"] == answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert answers["nd_gioi_tinh"] == "nu"
    words = _printed(walker)
    for text in ("Cải chính hộ tịch", "Năm sinh", "1995", "Sai sót của người ghi khi đăng ký", "Phú Hậu"):
        assert text in words
    assert "Ý kiến" not in words


def test_a_year_opens_the_board_with_the_digits_and_a_name_the_letters(walker: Walker) -> None:
    _own(_begin(walker, "sai"))
    walker.fill(add="nam_sinh").fill(add="ten")
    boards = dict(re.findall(r'name="noi_dung\.(\S+)"[^>]* data-keyboard="(\w+)"', walker.page))
    assert boards == {"0.tu": "figures", "0.thanh": "figures", "1.tu": "text", "1.thanh": "text"}


def test_what_is_missing_has_no_old_text(walker: Walker) -> None:
    _own(_begin(walker, "thieu"))
    walker.fill(add="que_quan")
    assert f"{ROW}tu" not in walker.form().names
    walker.fill({f"{ROW}thanh": "Huế"}).fill(ly_do="chua_du")
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["noi_dung"] == [{"muc": "que_quan", "thanh": "Huế"}]
    assert "Bổ sung thông tin hộ tịch" in _printed(walker)


def test_both_parents_and_a_child_of_nine_sign_for_a_new_name(walker: Walker) -> None:
    _begin(walker, "doi").scan("me").fill(home_answers(walker) | {"nyc_quan_he": "me"})
    walker.press("by-hand").fill(nd_ho_ten="Trần Nguyễn Bảo Ngọc")
    walker.fill({"nd_ngay_sinh.d": "12", "nd_ngay_sinh.m": "11", "nd_ngay_sinh.y": "2016", "nd_gioi_tinh": "nu"})
    walker.fill({"nd_giay_to_tuy_than.so": "046316000321"})
    _registered(walker)
    _change(walker, "ten", tu="Ngọc", thanh="Châu").fill({"ly_do": "khac", "ly_do.own": "Trùng tên với người thân"})
    assert no_copies(walker).at == "/form/missing"
    assert "Cha và mẹ phải cùng ký" in walker.words
    assert "Con từ đủ 9 tuổi cùng ký đồng ý" in walker.words
    reach_check_page(walker)
    submit(walker)
    words = _printed(walker)
    assert "Ý kiến của cha, mẹ" in words
    assert "Ý kiến của người được thay đổi họ, tên" in words
    assert "Trùng tên với người thân" in words


def test_nothing_is_corrected_into_itself(walker: Walker) -> None:
    _own(_begin(walker, "sai"))
    _change(walker, "nam_sinh", tu="1996", thanh="1996")
    assert walker.at == "/form/sua_gi"
    assert "đang giống nhau" in walker.words
    walker.fill({f"{ROW}tu": ""})
    assert walker.at == "/form/sua_gi"
    assert "trên giấy đang ghi" in walker.words
    walker.fill({f"{ROW}tu": "1996", f"{ROW}thanh": "1995"})
    assert walker.at == "/form/vi_sao"


def test_a_correction_without_a_change_is_not_taken(walker: Walker) -> None:
    _own(_begin(walker, "sai")).fill()
    assert walker.at == "/form/sua_gi"
    assert 'class="summary"' in walker.page
