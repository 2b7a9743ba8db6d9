"""Extending a temporary stay: in time, too early, too late, too long, and from another home."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.002755"
PLACE = "noi_dung_de_nghi.dia_chi"
OFFER = {"con_o": "con", "cach_nop": "tu_nop"}


def _days(old: str, new: str) -> dict[str, str]:
    return {
        f"noi_dung_de_nghi.{key}.{box}": piece
        for key, day in (("het_han_cu", old), ("den_ngay", new))
        for box, piece in zip("dmy", day.split("/"), strict=True)
    }


def _until_days(walker: Walker, days: dict[str, str], **situation: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=cho_o").follow(f"/need/{CODE}").fill({**OFFER, **situation})
    walker.scan("sinh_vien").fill(dien_thoai="0905000123")
    walker.press("same")
    walker.fill({**days, "pick": PLACE})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi")
    return walker.fill()


def test_a_stay_is_extended_by_a_year_with_one_card(walker: Walker) -> None:
    _until_days(walker, _days("1/12/2026", "1/12/2027"))
    assert walker.at == "/form/cung_o", walker.words
    walker.fill()
    reach_check_page(walker)
    assert "15.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["chu_ho_ten"] == answers["ho_ten"] == "Lê Hoàng Bảo Trân"
    assert answers["noi_dung_de_nghi"]["het_han_cu"] == "2026-12-01"
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    words = words_of_pdf(pdf)
    assert "Gia hạn tạm trú tại 12 Nguyễn Trãi, phường Phú Xuân" in words
    assert "đến ngày 01/12/2027" in words
    assert "(đang tạm trú đến ngày 01/12/2026" in words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1/3/2027", "1/3/2028", "Chưa đến 15 ngày trước ngày hết hạn"),
        ("1/11/2026", "1/11/2027", "Tạm trú đã hết hạn"),
    ],
)
def test_a_day_too_early_or_too_late_is_a_warning_only(walker: Walker, old: str, new: str, said: str) -> None:
    _until_days(walker, _days(old, new)).fill()
    assert walker.at == "/form/missing"
    assert said in walker.words
    reach_check_page(walker)


def test_more_than_two_years_at_once_are_not_taken(walker: Walker) -> None:
    _until_days(walker, _days("1/12/2026", "2/12/2028"))
    assert walker.at == "/form/o_dau_den_ngay"
    assert "một lần lâu nhất 2 năm" in walker.words


def test_another_home_is_a_new_temporary_stay(walker: Walker) -> None:
    walker.go(f"/need/{CODE}?con_o=doi")
    assert "đăng ký tạm trú mới" in walker.words
    walker.go(f"/need/{CODE}").fill(con_o="doi", cach_nop="tu_nop")
    assert walker.at == "/need/1.004194"


def test_a_list_of_a_school_has_its_own_fee_and_paper(walker: Walker) -> None:
    walker.go(f"/need/{CODE}?con_o=con&cach_nop=danh_sach")
    assert "Văn bản đề nghị gia hạn kèm danh sách" in walker.words
    _until_days(walker.go("/"), _days("1/12/2026", "1/12/2027"), cach_nop="danh_sach").fill()
    reach_check_page(walker)
    assert "10.000 đồng" in walker.words
    assert "15.000 đồng" not in walker.words


def test_who_files_online_is_told_of_the_waiver_with_its_last_day(walker: Walker) -> None:
    walker.go(f"/need/{CODE}")
    assert "Cổng Dịch vụ công quốc gia hoặc VNeID: 7.000 đồng" in walker.words
    assert "đến hết ngày 28/02/2027" in walker.words
