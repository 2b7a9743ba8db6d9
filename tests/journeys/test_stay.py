"""Registering a temporary stay: alone, and with two more people."""

from tests.journeys import submission_checks
from tests.journeys.people import STAY, pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker

PLACE = "noi_dung_de_nghi.dia_chi"
DAYS = {
    f"noi_dung_de_nghi.{when}_ngay.{box}": piece
    for when, day in (("tu", ("1", "12", "2026")), ("den", ("30", "11", "2027")))
    for box, piece in zip("dmy", day, strict=True)
}


def _until_who_else(walker: Walker) -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{STAY}").fill(o_dau="thue")
    walker.scan("sinh_vien").fill(dien_thoai="0905000123")
    walker.press("same")
    walker.fill(DAYS | {"pick": PLACE})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi")
    assert walker.at == "/form/o_dau_bao_lau"
    walker.fill()
    assert walker.at == "/form/cung_o", walker.words
    return walker


def test_a_student_alone_registers_a_stay(walker: Walker) -> None:
    _until_who_else(walker).fill()
    reach_check_page(walker)
    submit(walker)
    body = submission_checks.checked_body(walker.context, "C")
    answers = body["form"]["answers"]
    assert answers["ho_ten"] == "Lê Hoàng Bảo Trân"
    assert answers["quan_he_chu_ho"] == "chu_ho"
    assert answers["chu_ho_ten"] == "Lê Hoàng Bảo Trân"
    assert answers["noi_dung_de_nghi"]["dia_chi"] == {
        "provinceCode": "46",
        "wardCode": "19753",
        "detail": "12 Nguyễn Trãi",
    }
    assert answers["noi_dung_de_nghi"]["tu_ngay"] == "2026-12-01"
    assert not answers.get("thanh_vien")
    assert not [key for key in answers if key.startswith("_")]


def test_what_stood_on_the_page_is_still_there_when_a_place_was_picked(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{STAY}").fill(o_dau="thue")
    walker.scan("sinh_vien").fill()
    walker.press("same")
    walker.fill({**DAYS, "noi_dung_de_nghi.den_ngay.y": "", "pick": PLACE})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi")
    sent = walker.form().sends
    assert sent["noi_dung_de_nghi.tu_ngay.d"] in {"1", "01"}
    assert sent["noi_dung_de_nghi.den_ngay.m"] == "11"
    assert "12 Nguyễn Trãi" in walker.words


def test_the_card_of_another_person_shows_facts_with_a_masked_number_and_no_boxes(walker: Walker) -> None:
    _until_who_else(walker)
    walker.press("add").scan("the_moi")
    assert "Lê Văn Ví Dụ" in walker.words
    assert "•••• •••• 0003" in walker.words
    assert "046090000003" not in walker.words
    assert not {name for name in walker.form().names if name.endswith((".so", "ho_ten", "ngay_sinh.d"))}
    walker.fill({"thanh_vien.0.quan_he": "o_nho"})
    assert walker.at == "/form/cung_o"
    walker.go("/form/cung_o.0")
    assert "Lê Văn Ví Dụ" in walker.words, "what the card said stays"


def test_two_more_people_stay_one_by_card_and_one_typed(walker: Walker) -> None:
    _until_who_else(walker)
    walker.press("add")
    assert walker.at == "/form/cung_o.0"
    walker.scan("the_moi").fill({"thanh_vien.0.quan_he": "o_nho"})
    assert walker.at == "/form/cung_o"
    assert "Lê Văn Ví Dụ" in walker.words
    walker.press("add")
    assert walker.at == "/form/cung_o.1"
    walker.press("by-hand")
    row = "thanh_vien.1."
    born = {f"{row}ngay_sinh.{box}": piece for box, piece in zip("dmy", ("20", "10", "1990"), strict=True)}
    walker.fill(
        born
        | {
            f"{row}ho_ten": "Phan Thị Lài",
            f"{row}gioi_tinh": "nu",
            f"{row}so_dinh_danh": "046190000321",
            f"{row}quan_he": "o_nho",
        }
    )
    assert walker.at == "/form/cung_o", walker.words
    walker.fill()
    reach_check_page(walker)
    submit(walker)
    rows = submission_checks.checked_body(walker.context, "C")["form"]["answers"]["thanh_vien"]
    assert [row["ho_ten"] for row in rows] == ["Lê Văn Ví Dụ", "Phan Thị Lài"]
    assert [row["so_dinh_danh"] for row in rows] == ["046090000003", "046190000321"]


def test_a_person_who_was_added_can_be_taken_out_again(walker: Walker) -> None:
    _until_who_else(walker)
    walker.press("add").scan("the_moi").fill({"thanh_vien.0.quan_he": "o_nho"})
    walker.post("/form/cung_o.0/do/remove")
    assert walker.at == "/form/cung_o"
    assert "Lê Văn Ví Dụ" not in walker.words


def test_a_stay_of_more_than_two_years_is_not_taken(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{STAY}").fill(o_dau="thue")
    walker.scan("sinh_vien").fill()
    walker.press("same")
    walker.fill({**DAYS, "noi_dung_de_nghi.den_ngay.y": "2029", "pick": PLACE})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi").fill()
    assert walker.at == "/form/o_dau_bao_lau"
    assert 'class="summary"' in walker.page
    assert walker.form().sends["noi_dung_de_nghi.den_ngay.y"] == "2029"


def test_a_stay_in_another_ward_is_for_another_office(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{STAY}").fill(o_dau="thue")
    walker.scan("sinh_vien").fill()
    walker.press("same")
    walker.fill({**DAYS, "pick": PLACE})
    pick_ward(walker, "19789", "thuan hoa", "1 Lê Lợi").fill()
    assert walker.at == "/form/o_dau_bao_lau"
    assert 'class="summary"' in walker.page
