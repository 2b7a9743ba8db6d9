"""Asking for the social pension: an old man for himself, a student for her grandmother."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.014027"
NOTHING = {"dang_huong_luong_huu.khong": "khong", "dang_huong_tcxh.khong": "khong", "ho_ngheo": "khong"}


def _begin(walker: Walker, who: str = "tu_khai", what: str = "moi") -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{CODE}")
    return walker.fill(loai_de_nghi=what, nkt_co=who)


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_an_old_man_asks_for_himself_with_one_card(walker: Walker) -> None:
    _begin(walker).scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi", "dt_dien_thoai": "0905000123"})
    assert walker.at == "/form/dang_huong"
    walker.fill(NOTHING)
    walker.fill(hinh_thuc_nhan="tien_mat")
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    seen = [address for address in reach_check_page(walker).addresses if address in screens]
    assert len([address for address in seen if address != "/form/missing"]) <= 6
    assert "reuse" in walker.form().names
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["dt_hien_o"] == answers["dt_thuong_tru"]
    assert answers["dt_ngay_sinh"] == "1942"
    assert "so_tai_khoan" not in answers
    assert not [key for key in answers if key.startswith("nkt_") and key != "nkt_co"]
    words = _printed(walker)
    assert "VĂN BẢN ĐỀ NGHỊ HƯỞNG TRỢ CẤP HƯU TRÍ XÃ HỘI" in words
    assert "Chủ tịch Ủy ban nhân dân" in words
    assert "HỒ VĂN LÃO" in words
    assert "9. Nơi đề nghị nhận trợ cấp hưu trí xã hội: Tại Ủy ban nhân dân phường Phú Xuân" in words
    assert "Tiền mặt" not in words


def test_a_helper_gives_her_own_card_and_the_account_of_the_pensioner(walker: Walker) -> None:
    _begin(walker, "thay").scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    assert walker.at == "/form/khai_thay"
    walker.scan("sinh_vien").fill(home_answers(walker) | {"nkt_quan_he": "chau"})
    walker.fill({"dang_huong_luong_huu.luong_huu": "luong_huu", "dang_huong_tcxh.khong": "khong", "ho_ngheo": "khong"})
    assert walker.at == "/form/muc_huong"
    walker.fill({"luong_huu_muc.muc": "450.000", "luong_huu_muc.tu_thang.y": "2004"})
    walker.fill(hinh_thuc_nhan="tai_khoan")
    walker.fill(ngan_hang="agribank", so_tai_khoan="4000 2051 23456")
    assert "Giấy ủy quyền" in walker.words
    reach_check_page(walker)
    assert "reuse" not in walker.form().names  # one cannot consent for another
    submit(walker)
    body = submission_checks.opened_body(walker.context, submission_checks.only_submission(walker.context))
    assert body["applicant"]["fullName"] == "Hồ Văn Lão"
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["chu_tai_khoan"] == answers["dt_ho_ten"] == "Hồ Văn Lão"
    assert answers["nkt_ho_ten"] == "Lê Hoàng Bảo Trân"
    assert answers["luong_huu_muc"] == {"muc": 450000, "tu_thang": "2004"}
    words = _printed(walker)
    assert "450.000" in words
    assert "LÊ HOÀNG BẢO TRÂN" in words


def test_too_young_is_shown_once_and_does_not_stop(walker: Walker) -> None:
    _begin(walker).scan("the_moi")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Kinh"})
    walker.fill(NOTHING)
    walker.fill(hinh_thuc_nhan="tien_mat")
    assert walker.at == "/form/missing"
    assert "chưa đủ 70 tuổi" in walker.words
    reach_check_page(walker)
    submit(walker)
    assert submission_checks.checked_body(walker.context, "D")


def test_the_pensioners_own_card_is_no_helper(walker: Walker) -> None:
    _begin(walker, "thay").scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    walker.scan("ong")
    assert walker.at == "/form/khai_thay"
    assert "Thẻ này vừa quét cho người khác" in walker.words


def test_letters_are_no_account_number(walker: Walker) -> None:
    _begin(walker).scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    walker.fill(NOTHING)
    walker.fill(hinh_thuc_nhan="tai_khoan")
    walker.fill(ngan_hang="bidv", so_tai_khoan="4000 2O51")
    assert walker.at == "/form/tai_khoan"
    assert "Số tài khoản chỉ có chữ số" in walker.words


def test_who_has_died_is_for_an_officer(walker: Walker) -> None:
    _begin(walker, what="thoi")
    assert walker.at == "/ticket"


def test_each_payment_that_the_pensioner_has_is_printed_with_its_amount(walker: Walker) -> None:
    _begin(walker).scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    both = {"dang_huong_luong_huu.luong_huu": "luong_huu", "dang_huong_luong_huu.tro_cap": "tro_cap"}
    allowances = {"dang_huong_tcxh.nguoi_co_cong": "nguoi_co_cong", "dang_huong_tcxh.khac": "khac"}
    walker.fill(both | allowances | {"ho_ngheo": "khong"})
    assert walker.at == "/form/muc_huong"
    walker.fill({"luong_huu_muc.muc": "210.000"})
    assert walker.at == "/form/muc_bao_hiem"
    walker.fill({"bhxh_muc.muc": "120.000", "bhxh_muc.tu_thang.y": "2004"})
    assert walker.at == "/form/muc_uu_dai"
    walker.fill({"nguoi_co_cong_muc.muc": "130.000"})
    assert walker.at == "/form/muc_khac"
    walker.fill({"khac_muc.muc": "70.000"})
    walker.fill(hinh_thuc_nhan="tien_mat")
    reach_check_page(walker)
    submit(walker)
    words = _printed(walker)
    for amount in ("210.000", "120.000", "130.000", "70.000"):
        assert amount in words


def test_none_beside_a_payment_is_a_contradiction(walker: Walker) -> None:
    _begin(walker).scan("ong")
    walker.fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    walker.fill(NOTHING | {"dang_huong_luong_huu.luong_huu": "luong_huu"})
    assert walker.at == "/form/dang_huong"
    assert "Mời bỏ chọn một ô" in walker.words
