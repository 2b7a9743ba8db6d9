"""Social support and confirmation of data by touch: funeral of a pensioner, disability, two names of one person."""

import pytest

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_walks import submitted_body


def submit(person: Person) -> str:
    """Confirm what is missing, give the oath where there is one, and send; return the receipt number."""
    if person.path == "/form/missing":
        person.onward()
    person.swear()
    person.onward()
    return person.receipt()


def scan(person: Person, card: str) -> None:
    """Hold a card to the scanner, and stay at its home where the page asks."""
    person.card(card)
    for stay in person.page.locator('[name$=".stay"]').all()[:1]:
        stay.tap()


@pytest.mark.smoke
def test_the_first_question_opens_the_form_of_the_social_pension(person: Person, kiosk: PracticeKiosk) -> None:
    person.go("/need/1.001731")
    person.choose("dien", "huu_tri")
    person.link("Sang thủ tục đó")
    assert person.path == "/need/1.014028"
    assert person.page.locator('[name=dien][value="huu_tri"]').is_checked()
    person.choose("ai_lo", "nguoi_khai")
    person.onward()
    scan(person, "Cha")
    person.choose("nyc_quan_he", "con")
    person.touch_digits("lo_dien_thoai", "0914123456")
    person.onward()
    scan(person, "Bà, ở A Lưới")
    person.choose("nc_dan_toc", "Cơ-tu")
    person.choose("nc_quoc_tich", "VN")
    person.onward()
    person.touch_date("nc_ngay_chet", person.lately)
    person.choose("nc_nguyen_nhan", "gia_yeu")
    person.onward()
    person.send("Để cán bộ tra")
    person.choose("hinh_thuc_nhan", "tien_mat")
    person.onward()
    answers = submitted_body(kiosk, submit(person))["form"]["answers"]  # type: ignore[index]
    assert answers["lo_ho_ten"] == answers["nyc_ho_ten"] == "Trần Văn Phước"
    assert answers["nc_ngay_chet"] == str(person.lately)
    assert person.faults == []


def test_a_disability_certificate_is_asked_for_without_a_word_about_health(
    person: Person, kiosk: PracticeKiosk
) -> None:
    person.go("/need/1.001699")
    for key, answer in (("can_gi", "lan_dau"), ("ai_dung_don", "dai_dien"), ("den_duoc", "khong")):
        person.choose(key, answer)
    person.page.get_by_text("hội đồng hẹn ngày đến nhà").wait_for()
    person.onward()
    scan(person, "Sinh viên")
    person.onward()
    scan(person, "Mẹ")
    person.choose("dd_quan_he", "me")
    person.onward()
    answers = submitted_body(kiosk, submit(person))["form"]["answers"]  # type: ignore[index]
    assert (answers["viec"], answers["dd_quan_he"]) == ("xac_dinh", "me")
    assert person.faults == []


def test_two_names_are_confirmed_to_be_one_person(person: Person, kiosk: PracticeKiosk) -> None:
    words = "Hai tên Hiền và Diệu Hiền"
    person.go("/need/2.002516")
    person.choose("viec", "khai_sinh")
    person.choose("ai_xin", "ca_nhan")
    person.onward()
    scan(person, "Mẹ")
    person.choose("nyc_quan_he", "ban_than")
    person.onward()
    person.choose("nd_dan_toc", "Kinh")
    person.onward()
    person.type_by_touch("noi_dung", words)
    person.type_by_touch("ly_do", "thừa kế")
    person.onward()
    answers = submitted_body(kiosk, submit(person))["form"]["answers"]  # type: ignore[index]
    assert answers["noi_dung"].casefold() == words.casefold()
    assert answers["nd_ho_ten"] == answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert person.faults == []
