"""Asking for a copy of a civil-status record: for oneself, and for somebody else."""

from tests.journeys import submission_checks
from tests.journeys.people import COPY, home_answers, reach_check_page, submit
from tests.journeys.walker import Walker


def _begin(walker: Walker) -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{COPY}")
    return walker.fill(giay_nao="khai_sinh")


def test_a_copy_for_oneself_needs_one_card_and_one_more_page(walker: Walker) -> None:
    _begin(walker).scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    assert walker.at == "/form/dang_ky_o_dau"
    walker.fill({"dk_tai": "Ủy ban nhân dân xã Phú Hậu", "dk_ngay.y": "1996"}).fill(so_luong="1")
    reach_check_page(walker)
    assert "8.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["nd_ho_ten"] == answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert answers["nd_gioi_tinh"] == "nu"
    assert answers["dk_ngay"] == "1996"
    assert answers["so_luong"] == 1
    assert answers["loai_viec"] == "khai_sinh"


def test_a_label_that_is_the_title_of_its_page_is_seen_once(walker: Walker) -> None:
    _begin(walker).scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    assert 'class="away"' not in walker.page.partition('id="answer"')[2].partition("</form>")[0]
    walker.fill({"dk_tai": "Ủy ban nhân dân xã Phú Hậu", "dk_ngay.y": "1996"})
    assert walker.heading == "Lấy mấy bản?"
    assert '<label class="away" for="so_luong">Lấy mấy bản?</label>' in walker.page


def test_a_date_of_which_only_the_year_is_known_is_read_over_as_a_year(walker: Walker) -> None:
    _begin(walker).scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    walker.fill({"dk_tai": "Ủy ban nhân dân xã Phú Hậu", "dk_ngay.y": "1996"}).fill(so_luong="1")
    reach_check_page(walker)
    assert "năm 1996" in walker.words
    assert "ngày 1996" not in walker.words


def test_a_copy_for_somebody_else_asks_for_the_person_on_the_record(walker: Walker) -> None:
    _begin(walker).scan("sinh_vien")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "con"})
    assert walker.at == "/form/nguoi_tren_giay"
    walker.scan("ong")
    assert "1942" in walker.words
    walker.fill(home_answers(walker))
    walker.fill({"dk_tai": "Ủy ban nhân dân xã Hương Phong", "dk_ngay.y": ""}).fill(so_luong="1")
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["nd_ho_ten"] == "Hồ Văn Lão"
    assert answers["nd_ngay_sinh"] == "1942"
    assert answers["nyc_ho_ten"] == "Lê Hoàng Bảo Trân"


def test_one_card_cannot_be_two_people(walker: Walker) -> None:
    _begin(walker).scan("sinh_vien")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "con"})
    walker.scan("sinh_vien")
    assert walker.at == "/form/nguoi_tren_giay"
    assert "Thẻ này vừa quét cho người khác" in walker.words
    assert "Máy đang chờ thẻ" in walker.words


def test_more_copies_are_shown_on_the_check_page_and_counted_in_the_fee(walker: Walker) -> None:
    _begin(walker).scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    walker.fill({"dk_tai": "Ủy ban nhân dân xã Phú Hậu"}).fill(so_luong="1")
    reach_check_page(walker)
    walker.follow("/form/so_ban").fill(so_luong="3")
    assert walker.at == "/form/check"
    assert "3 bản" in walker.words
    assert "24.000 đồng" in walker.words
