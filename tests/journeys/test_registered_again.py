"""Old registrations whose book is lost, the first registration of an adult, and recognition of a parent or a child."""

from urllib.parse import urlencode

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

AGAIN = "/need/1.004884"
ADULT = "/need/1.004772"
BIRTH = "/need/1.001193"
RECOGNITION = "/need/1.001022"
MARRIAGE = "/need/1.004746"
DEATH = "/need/1.005461"
BORN = {"nd_noi_sinh": "Xã Hồng Hạ, A Lưới", "nd_que_quan": "Xã Hồng Hạ, A Lưới", "nd_dan_toc": "Cơ-tu"}
EARLIER = {"dk_truoc_tai": "Xã Hồng Hạ", "dk_truoc_ngay.y": "1976"}


def printed(walker: Walker) -> str:
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    return words_of_pdf(document)


def person(walker: Walker, card: str, **answers: str) -> Walker:
    """Scan a card and answer its page; who lives in another ward hears so once, and goes on."""
    page = walker.at
    walker.scan(card)
    answers = home_answers(walker) | answers
    walker.fill(answers)
    return walker.fill(answers) if walker.at == page else walker


def own_birth(walker: Walker, card: str = "ba") -> Walker:
    """Begin with the own birth, up to the page about the parents."""
    walker.go(AGAIN).fill(con_gi="giay_khac", co_quan_nha_nuoc="khong")
    return person(walker, card, nyc_quan_he="ban_than").fill(BORN)


def test_the_parents_of_an_old_person_have_died_and_the_form_says_so(walker: Walker) -> None:
    own_birth(walker).fill(me_tinh_trang="da_mat", cha_tinh_trang="khong_ro")
    assert walker.at == "/form/me_mat"
    walker.fill({"me_ho_ten": "Zơ Râm Thị Lan", "me_nam_sinh.y": "1930"})
    assert walker.at == "/form/truoc_day"
    submit(reach_check_page(walker.fill(EARLIER)))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["me_da_mat"] == "Đã chết"
    assert "cha_ho_ten" not in answers
    assert answers["nd_gioi_tinh"] == "nu"
    words = printed(walker)
    assert words.count("Đã chết") == 1
    assert "ZƠ RÂM THỊ LAN" in words
    assert "không còn bản chính Giấy khai sinh" in words


def test_who_registered_after_2015_is_told_that_a_copy_is_enough_and_may_go_on(walker: Walker) -> None:
    own_birth(walker).fill(me_tinh_trang="khong_ro", cha_tinh_trang="khong_ro")
    walker.fill(EARLIER | {"dk_truoc_ngay.y": "2016"})
    assert walker.at == "/form/missing"
    assert "xin bản sao là được" in walker.words
    walker.go("/form/truoc_day").fill(EARLIER | {"dk_truoc_ngay.y": "2015"})
    assert "xin bản sao là được" not in walker.words
    submit(reach_check_page(walker))
    assert walker.at == "/done"


def test_who_lives_elsewhere_hears_it_on_the_first_page_and_is_not_refused(walker: Walker) -> None:
    walker.go(AGAIN).fill(con_gi="khong", co_quan_nha_nuoc="khong")
    walker.scan("sinh_vien")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    assert "Phường vẫn giúp nộp trực tuyến đến đúng nơi." in walker.words
    assert walker.at == "/form/nguoi_khai"
    assert walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"}).at == "/form/sinh_o_dau"


def test_with_a_passport_sex_and_nationality_are_asked(walker: Walker) -> None:
    walker.go(AGAIN).fill(con_gi="khong", co_quan_nha_nuoc="khong").press("by-hand")
    walker.fill(nyc_ho_ten="Nguyễn Thị Mẫu").fill({"nyc_ngay_sinh.y": "1950"})
    walker.fill({"nyc_giay_to_tuy_than.loai": "ho_chieu", "nyc_giay_to_tuy_than.so": "C1234567"})
    assert walker.at == "/form/nguoi_khai.home"
    pick_ward(walker.fill(pick="nyc_noi_cu_tru"), "19753", "phu xuan", detail="Tổ 5").fill()
    walker.fill(nyc_quan_he="ban_than")
    assert walker.at == "/form/gioi_tinh"
    assert walker.form().names >= {"nd_gioi_tinh", "nd_quoc_tich"}


@pytest.mark.parametrize(
    ("address", "answers", "words", "other"),
    [
        (ADULT, {"chac_chua": "da_co", "co_quan_nha_nuoc": "khong"}, "xin bản sao là được", "2.000635"),
        (ADULT, {"chac_chua": "mat_ca_so", "co_quan_nha_nuoc": "khong"}, "đăng ký lại khai sinh", "1.004884"),
        (MARRIAGE, {"con_song": "mot_mat", "con_giay": "con"}, "không đăng ký lại được", "2.000635"),
        (BIRTH, {"cha_me": "nhan_cha", "noi_de": "co_so_y_te"}, "Mời khai một lần", "1.000689"),
    ],
)
def test_an_answer_of_another_procedure_opens_it(
    walker: Walker, address: str, answers: dict[str, str], words: str, other: str
) -> None:
    walker.go(f"{address}?{urlencode(answers)}")
    assert words in walker.words
    assert walker.fill(answers).at == f"/need/{other}"


@pytest.mark.parametrize(
    ("address", "answers", "words"),
    [
        (ADULT, {"chac_chua": "khong_ro", "co_quan_nha_nuoc": "khong"}, "cán bộ tra trên máy trước"),
    ],
)
def test_what_the_form_cannot_do_leads_to_a_number(
    walker: Walker, address: str, answers: dict[str, str], words: str
) -> None:
    walker.go(f"{address}?{urlencode(answers)}")
    assert words in walker.words
    assert walker.fill(answers).at == "/ticket"


def test_papers_follow_the_situation(walker: Walker) -> None:
    walker.go(RECOGNITION + "?be_co_khai_sinh=roi&bang_chung=khong")
    assert "hai người làm chứng" in walker.words
    assert "Giấy xét nghiệm hoặc văn bản xác nhận quan hệ cha, mẹ, con" not in walker.words


def test_a_new_baby_is_registered_and_recognised_by_one_procedure(walker: Walker) -> None:
    walker.go(RECOGNITION + "?be_co_khai_sinh=chua")
    assert "khai sinh và nhận con làm chung một lần" in walker.words
    assert "/need/1.000689" in walker.page
    assert "Giấy chứng sinh, bản chính" not in walker.words


def test_a_child_is_known_by_the_birth_certificate(walker: Walker) -> None:
    walker.go(RECOGNITION).fill(be_co_khai_sinh="roi", bang_chung="co").fill(viec="cha_nhan_con")
    person(walker, "cha", nyc_quan_he="ban_than").press("by-hand")
    walker.fill(b_ho_ten="Trần Bảo An").fill({"b_ngay_sinh.d": "1", "b_ngay_sinh.m": "5", "b_ngay_sinh.y": "2020"})
    walker.fill({"b_giay_to.loai": "giay_khai_sinh", "b_giay_to.so": "114/2020"})
    assert walker.at == "/form/nguoi_duoc_nhan_them"
    walker.fill(b_gioi_tinh="nam", b_dan_toc="Kinh", b_quoc_tich="VN", pick="b_noi_cu_tru")
    walker.go(f"{walker.at}?q=phu xuan").fill(form="pick", choice="19753").fill(detail="Tổ 5")
    submit(reach_check_page(walker.fill(b_gioi_tinh="nam", b_dan_toc="Kinh", b_quoc_tich="VN")))
    words = printed(walker)
    assert "Giấy khai sinh số 114/2020" in words
    assert "việc nhận con nói trên" in words
    assert "TRẦN VĂN PHƯỚC" in words


def test_a_mothers_card_for_a_father_is_noticed_before_submit(walker: Walker) -> None:
    walker.go(RECOGNITION).fill(be_co_khai_sinh="roi", bang_chung="co").fill(viec="cha_nhan_con")
    walker.scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than"})
    assert walker.at == "/form/nguoi_khai"
    assert "mà số này là của nữ" in walker.words


def test_husband_and_wife_print_a_sheet_that_is_no_form(walker: Walker) -> None:
    walker.go(MARRIAGE).fill(con_song="chi_nu", con_giay="khong")
    person(walker, "ba", nu_dan_toc="Cơ-tu")
    person(walker, "ong", nam_dan_toc="Ta-ôi")
    submit(reach_check_page(walker.fill(EARLIER)))
    words = printed(walker)
    assert "Bản khai tại kiosk, chưa theo mẫu" in words
    assert "TỜ KHAI" not in words
    assert "Thông tư" not in words
    assert "không vi phạm quy định của Luật hôn nhân và gia đình Việt Nam" in words
    assert "Đề nghị cấp bản sao, số lượng" in words
    assert words.count("Hiện tại đang có vợ/chồng") == 2
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert (answers["nu_quoc_tich"], answers["nam_quoc_tich"]) == ("VN", "VN")
    assert (answers["nu_ket_hon_lan_thu"], answers["nam_ket_hon_lan_thu"]) == (1, 1)


def test_who_married_twice_says_so_on_the_page_of_review(walker: Walker) -> None:
    walker.go(MARRIAGE).fill(con_song="ca_hai", con_giay="khong")
    person(walker, "ba", nu_dan_toc="Cơ-tu")
    person(walker, "ong", nam_dan_toc="Ta-ôi")
    reach_check_page(walker.fill(EARLIER))
    assert "máy ghi sẵn" in walker.words
    walker.go("/form/lan_thu?back=check").fill(nam_ket_hon_lan_thu="2", nu_tinh_trang_hon_nhan="khac")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert (answers["nu_ket_hon_lan_thu"], answers["nam_ket_hon_lan_thu"]) == (1, 2)
    assert (answers["nu_tinh_trang_hon_nhan"], answers["nam_tinh_trang_hon_nhan"]) == ("khac", "dang_co")


def test_a_death_notice_and_the_year_of_the_earlier_registration_are_printed(walker: Walker) -> None:
    walker.go(DEATH).fill(con_giay="khong")
    person(walker, "cha", nyc_quan_he="con")
    person(walker, "ong")
    walker.fill({"nc_ngay_chet.y": "1999", "nc_noi_chet": "Xã Lộc Sơn"})
    walker.fill({"dk_truoc_ngay.y": "2000"})
    reach_check_page(walker)
    walker.go("/form/giay_bao_tu?back=check").fill(gbt_so="15/GBT", gbt_noi_cap="Trạm y tế xã Lộc Sơn")
    submit(reach_check_page(walker))
    words = printed(walker)
    assert "Ngày đăng ký khai tử trước đây: 2000" in words
    assert "Giấy báo tử/Giấy tờ thay thế giấy báo tử số: 15/GBT" in words
    assert "Nơi cấp: Trạm y tế xã Lộc Sơn" in words


def test_a_death_of_2017_needs_only_a_copy(walker: Walker) -> None:
    walker.go(DEATH).fill(con_giay="khong")
    person(walker, "cha", nyc_quan_he="con")
    person(walker, "ong")
    walker.fill({"nc_ngay_chet.y": "2017"})
    assert "Chưa ghi nơi mất." in walker.words
    walker.fill(nc_noi_chet="Không rõ").fill()
    assert "xin bản sao trích lục khai tử là được" in walker.words
    walker.go("/form/mat_luc_nao").fill({"nc_ngay_chet.y": "1999"})
    assert "xin bản sao trích lục khai tử là được" not in walker.words
    submit(reach_check_page(walker))
    assert "Bản khai tại kiosk, chưa theo mẫu" in printed(walker)
