"""Registering permanent residence: a wife moves in with her husband, a child, and one's own home."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.004222"
PLACE = "noi_dung_de_nghi.dia_chi"


def _until_head(walker: Walker, home: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=cho_o").follow(f"/need/{CODE}").fill(nha_cua_ai=home)
    return walker.scan("me").fill(dien_thoai="0905000123")


def _new_address(walker: Walker, detail: str = "12 Nguyễn Trãi") -> Walker:
    assert walker.at == "/form/dia_chi_moi", walker.words
    walker.fill(pick=PLACE)
    pick_ward(walker, "19753", "phu xuan", detail)
    return walker.fill()


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_a_wife_moves_in_with_two_cards(walker: Walker) -> None:
    _until_head(walker, "nguoi_than").scan("cha").fill(quan_he_chu_ho="vo")
    _new_address(walker).fill()
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    own = [screen for screen in screens if screen != "/form/missing" and not screen.startswith("/form/dia_chi_moi/")]
    assert len(own) == 6, own
    assert "20.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert (answers["chu_ho_ten"], answers["chu_ho_so_dinh_danh"]) == ("Trần Văn Phước", "046093000456")
    assert answers["noi_dung_de_nghi"]["dia_chi"]["detail"] == "12 Nguyễn Trãi"
    assert not [key for key in answers if key.startswith("_")]
    words = _printed(walker)
    assert "Đăng ký thường trú tại: 12 Nguyễn Trãi, phường Phú Xuân" in words
    assert "Ý KIẾN CỦA CHỦ HỘ" in words
    assert "CHỦ SỞ HỮU" in words
    assert "CHA HOẶC MẸ" in words


def test_no_other_signature_is_needed_in_ones_own_home(walker: Walker) -> None:
    _until_head(walker, "cua_minh").press("same")
    _new_address(walker).fill()
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["chu_ho_ten"] == answers["ho_ten"]
    assert answers["chu_ho_so_dinh_danh"] == "046196000123"
    assert "ký đồng ý" not in walker.words


def test_a_child_is_typed_and_a_parent_signs(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=cho_o").follow(f"/need/{CODE}").fill(nha_cua_ai="nguoi_than")
    walker.press("by-hand").fill(ho_ten="Trần Nguyễn Bảo Ngọc")
    walker.fill({"ngay_sinh.d": "12", "ngay_sinh.m": "11", "ngay_sinh.y": "2020", "gioi_tinh": "nu"})
    walker.fill(so_dinh_danh="046320000321").fill()
    walker.scan("cha").fill(quan_he_chu_ho="con_de")
    _new_address(walker)
    assert walker.at == "/form/dia_chi_moi", "a typed person is asked where the registered home is"
    walker.fill(da_thuong_tru="khong").fill()
    assert walker.at == "/form/missing"
    assert "không phải đăng ký nữa" not in walker.words
    assert "dưới 18 tuổi" in walker.words
    assert "Cha hoặc mẹ ký đồng ý" in walker.words
    reach_check_page(walker)
    submit(walker)
    assert "CHA HOẶC MẸ HOẶC NGƯỜI GIÁM HỘ" in _printed(walker)


def test_somebody_who_types_is_told_that_a_registered_home_is_not_registered_again(walker: Walker) -> None:
    walker.go(f"/need/{CODE}").fill(nha_cua_ai="cua_minh")
    walker.press("by-hand").fill(ho_ten="Lê Thị Bưởi")
    walker.fill({"ngay_sinh.d": "2", "ngay_sinh.m": "9", "ngay_sinh.y": "1993", "gioi_tinh": "nu"})
    walker.fill(so_dinh_danh="046193000111").fill().press("same")
    _new_address(walker)
    walker.fill(da_thuong_tru="co").fill()
    assert walker.at == "/form/missing"
    assert "Đã thường trú ở địa chỉ này thì không phải đăng ký nữa." in walker.words
    reach_check_page(walker)
    submit(walker)
    assert submission_checks.checked_body(walker.context, "C")["form"]["answers"]["da_thuong_tru"] is True
    assert "phải không" not in _printed(walker)


def test_a_person_is_listed_once(walker: Walker) -> None:
    _until_head(walker, "nguoi_than").scan("cha").fill(quan_he_chu_ho="vo")
    _new_address(walker)
    for row in "01":
        walker.press("add")
        walker.scan("the_moi").fill({f"thanh_vien.{row}.quan_he": "con_de"})
    walker.fill()
    assert walker.at == "/form/cung_chuyen"
    assert "ghi hai lần" in walker.words
    walker.post("/form/cung_chuyen.1/do/remove")
    walker.fill()
    reach_check_page(walker)


def test_another_wards_home_is_for_another_office(walker: Walker) -> None:
    _until_head(walker, "thue_muon").press("same")
    walker.fill(pick=PLACE)
    pick_ward(walker, "19789", "thuan hoa", "1 Lê Lợi").fill()
    assert walker.at == "/form/dia_chi_moi"
    assert "thuộc phường, xã khác" in walker.words


def test_a_boat_or_a_temple_is_for_the_officer(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=cho_o").follow(f"/need/{CODE}").fill(nha_cua_ai="khac")
    assert walker.at == "/ticket"
