"""A temporary stay in the ward of the registered home: the kiosk says so on the second page and offers a number."""

import pytest
from flask import Flask

from kiosk.vietnam import places
from tests.journeys.people import STAY
from tests.journeys.test_keeping import code_on, scan
from tests.journeys.walker import Walker, _Reader, card_line
from tests.pages.officer.sitting import Desk

HERE = "Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế"
QUESTION = "Nơi thường trú có ở phường này không?"
ELSEWHERE = "Tổ 5, Vỹ Dạ, Thành phố Huế, Thừa Thiên Huế"


def _scanned(walker: Walker, home: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{STAY}").fill(o_dau="thue")
    fields = card_line("sinh_vien").split("|")
    fields[5] = home
    return walker.scan_line("|".join(fields))


def test_a_card_of_this_ward_leads_to_the_counter_before_a_number_is_drawn(walker: Walker) -> None:
    (candidate,) = places.resolve_card(HERE).candidates
    assert candidate.ward.code == walker.context.office.ward_code
    _scanned(walker, HERE)
    assert "không đăng ký tạm trú" in walker.words
    assert 'href="/ticket"' in walker.page
    walker.fill()
    assert walker.at == "/form/nguoi_o"
    assert 'class="summary"' in walker.page
    assert 'href="#main"' in walker.page
    walker.follow("/ticket")


def test_a_card_of_another_ward_goes_on(walker: Walker) -> None:
    _scanned(walker, ELSEWHERE)
    assert "không đăng ký tạm trú" not in walker.words
    walker.fill()
    assert walker.at == "/form/chu_ho"


def _typed(walker: Walker) -> Walker:
    walker.go(f"/need/{STAY}").fill(o_dau="thue").press("by-hand").fill(ho_ten="Lê Thị Bưởi")
    walker.fill({"ngay_sinh.d": "2", "ngay_sinh.m": "9", "ngay_sinh.y": "1993"}, gioi_tinh="nu")
    return walker.fill(so_dinh_danh="046193000111")


def test_somebody_who_types_is_asked_whether_the_registered_home_is_in_this_ward(walker: Walker) -> None:
    _typed(walker)
    assert (walker.at, QUESTION in walker.words) == ("/form/nguoi_o", True)
    walker.fill()
    assert walker.at == "/form/nguoi_o", "the question is not left out"
    walker.fill(thuong_tru_o_day="co")
    assert walker.at == "/form/nguoi_o"
    assert "không đăng ký tạm trú" in walker.words
    assert 'href="/ticket"' in walker.page
    walker.fill(thuong_tru_o_day="khong")
    assert walker.at == "/form/chu_ho"


def test_a_card_with_a_known_ward_answers_that_question(walker: Walker) -> None:
    _scanned(walker, ELSEWHERE)
    assert QUESTION not in walker.words


@pytest.mark.parametrize("home", ["", "T? 5, Ph? H?u, Th?nh ph? Hu?"])
def test_a_card_without_a_ward_leaves_that_question_open(walker: Walker, home: str) -> None:
    _scanned(walker, home)
    assert QUESTION in walker.words


def test_a_typed_answer_ends_with_the_card_that_is_scanned_after_it(walker: Walker) -> None:
    _typed(walker).fill(thuong_tru_o_day="co")
    walker.post("/form/nguoi_o/do/rescan")
    assert walker.at == "/form/nguoi_o"
    fields = card_line("sinh_vien").split("|")
    walker.scan_line("|".join([*fields[:5], ELSEWHERE, *fields[6:]]))
    walker.fill()
    assert walker.at == "/form/chu_ho"


def test_the_card_still_answers_when_a_kept_form_is_opened_again(walker: Walker) -> None:
    _scanned(walker, ELSEWHERE).fill()
    walker.go("/leave?back=/form/chu_ho").press("keep")
    other = scan(Walker(walker.app), code_on(walker))
    other.fill(form="scan", line=card_line("sinh_vien")).go("/form/nguoi_o")
    assert "Lê Hoàng Bảo Trân" in other.words
    assert QUESTION not in other.words
    other.fill()
    assert other.at == "/form/chu_ho"


def test_the_desk_asks_whom_it_types_and_not_whose_card_it_scans(app: Flask) -> None:
    desk = Desk(app).go(f"/officer/assist/new/{STAY}")
    form = next(form for form in _Reader().read(desk.page) if form.id == "answer")
    desk.post(form.action or desk.answer.request.path, **form.sends | {"o_dau": "thue", "comes": "self"})
    assert QUESTION in desk.words
    fields = card_line("sinh_vien").split("|")
    desk.post(desk.answer.request.path, line="|".join([*fields[:5], ELSEWHERE, *fields[6:]]))
    assert "Đã đọc thẻ" in desk.words
    assert QUESTION not in desk.words


def test_somebody_without_any_paper_is_told_of_the_commitment(app: Flask) -> None:
    walker = Walker(app).go(f"/need/{STAY}?o_dau=khong_giay")
    assert "Văn bản cam kết về chỗ ở" in walker.words
    assert "Không có giấy nào về chỗ ở" in walker.words


def test_the_fee_of_a_list_is_shown_to_who_files_in_one(app: Flask) -> None:
    walker = Walker(app).go(f"/need/{STAY}")
    assert "15.000 đồng" in walker.words
    assert "10.000 đồng" not in walker.words
    walker.go(f"/need/{STAY}?o_dau=danh_sach")
    assert "10.000 đồng một người" in walker.words
    assert "15.000 đồng" not in walker.words


def test_a_relative_who_owns_the_home_needs_no_proof_of_it(app: Flask) -> None:
    walker = Walker(app).go(f"/need/{STAY}?o_dau=nguoi_than")
    assert "không phải nộp giấy về chỗ ở" in walker.words
    assert "Hợp đồng" not in walker.words
