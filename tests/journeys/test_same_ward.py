"""A temporary stay in the ward of the registered home: the kiosk says so on the second page and offers a number."""

from flask import Flask

from kiosk.vietnam import places
from tests.journeys.people import STAY
from tests.journeys.walker import Walker, card_line

HERE = "Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế"
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
