"""Registering a marriage: two cards, one of the two alone, a second marriage, and what the law does not allow."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

MARRIAGE = "1.000894"
NEED = f"/need/{MARRIAGE}"
MOST_SCREENS = 6
SHE = "Nguyễn Thị Diệu Hiền"
HE = "Trần Văn Phước"
NEVER = {"nu_tinh_trang_hon_nhan": "chua", "nam_tinh_trang_hon_nhan": "chua"}


def _begin(walker: Walker, who: str = "hai_nguoi") -> Walker:
    walker.follow("/choose").follow("/choose?event=ket_hon").follow(NEED)
    return walker.fill(ai_co_mat=who)


def _side(walker: Walker, card: str, key: str) -> Walker:
    walker.scan(card)
    return walker.fill(home_answers(walker) | {key: "Kinh"})


def _both(walker: Walker) -> Walker:
    _begin(walker)
    _side(walker, "me", "nu_dan_toc")
    _side(walker, "cha", "nam_dan_toc")
    assert walker.at == "/form/da_tung", walker.words
    return walker


def test_two_cards_and_no_key_register_a_marriage(walker: Walker) -> None:
    _both(walker).fill(NEVER)
    reach_check_page(walker)
    assert SHE in walker.words
    assert HE in walker.words
    submit(walker)
    assert walker.at == "/done"
    assert len(walker.addresses[walker.addresses.index(NEED) : -1]) <= MOST_SCREENS
    body = submission_checks.checked_body(walker.context, "A")
    answers = body["form"]["answers"]
    assert (answers["nu_ho_ten"], answers["nam_ho_ten"]) == (SHE, HE)
    assert (answers["nu_ket_hon_lan_thu"], answers["nam_ket_hon_lan_thu"]) == (1, 1)
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    printed = words_of_pdf(document)
    assert "Kết hôn lần thứ mấy 01 01" in printed
    assert "việc kết hôn của chúng tôi là tự nguyện" in printed
    assert printed.index("Bên nữ (Ký") < printed.index("Bên nam (Ký")


def test_a_second_marriage_is_counted_for_whom_it_is_one(walker: Walker) -> None:
    _both(walker).fill(NEVER | {"nam_tinh_trang_hon_nhan": "ly_hon"})
    assert walker.at == "/form/lan_thu_nam"
    walker.fill(nam_ket_hon_lan_thu="2")
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert (answers["nu_ket_hon_lan_thu"], answers["nam_ket_hon_lan_thu"]) == (1, 2)


def test_a_mans_card_is_not_taken_for_the_woman(walker: Walker) -> None:
    _begin(walker).scan("cha")
    assert walker.at == "/form/ben_nu"
    assert "Số trên thẻ này là của nam." in walker.words
    assert "Máy đang chờ thẻ" in walker.words


def test_a_woman_of_seventeen_is_led_to_the_officer(walker: Walker) -> None:
    _begin(walker).press("by-hand")
    walker.fill(nu_ho_ten="Nguyễn Thị Thử")
    walker.fill({"nu_ngay_sinh.d": "25", "nu_ngay_sinh.m": "11", "nu_ngay_sinh.y": "2008"})
    walker.fill({"nu_giay_to_tuy_than.loai": "can_cuoc", "nu_giay_to_tuy_than.so": "046308000123"})
    walker.fill(nu_dan_toc="Kinh")
    assert walker.at == "/form/ben_nu"
    assert "Bên nữ chưa đủ 18 tuổi nên chưa đăng ký được. Mời gặp cán bộ" in walker.words


def test_who_is_married_now_is_led_to_the_officer(walker: Walker) -> None:
    _both(walker).fill(NEVER | {"nu_tinh_trang_hon_nhan": "dang_co"})
    assert walker.at == "/form/da_tung"
    assert "đang có chồng thì chưa đăng ký được. Mời gặp cán bộ." in walker.words


def test_with_a_foreigner_another_procedure_opens(walker: Walker) -> None:
    assert _begin(walker, "nuoc_ngoai").at == "/need/2.000806"


def test_where_only_the_man_is_present_he_is_the_applicant(walker: Walker) -> None:
    _begin(walker, "chi_nam")
    _side(walker, "me", "nu_dan_toc")
    _side(walker, "cha", "nam_dan_toc")
    walker.fill(NEVER)
    reach_check_page(walker)
    submit(walker)
    assert submission_checks.checked_body(walker.context, "A")["applicant"]["fullName"] == HE


def test_a_number_of_marriages_is_taken_back_with_the_answer_that_asked_for_it(walker: Walker) -> None:
    _both(walker).fill(NEVER | {"nam_tinh_trang_hon_nhan": "goa"})
    walker.fill(nam_ket_hon_lan_thu="3").go("/form/da_tung").fill(NEVER)
    reach_check_page(walker)
    submit(walker)
    assert submission_checks.checked_body(walker.context, "A")["form"]["answers"]["nam_ket_hon_lan_thu"] == 1
