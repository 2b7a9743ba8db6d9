"""Old registrations, the first registration of an adult, and recognition, filed by touch to the printed slip."""

from collections.abc import Callable

import pytest

from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.person import Person
from tests.browser.test_walks import codes_on_paper


def _begin(person: Person, code: str, **situations: str) -> None:
    person.go(f"/need/{code}")
    for key, value in situations.items():
        person.choose(key, value)
    person.onward()


def _card(person: Person, card: str, **answers: str) -> None:
    person.card(card)
    for stay in person.page.locator('[name$=".stay"]').all()[:1]:
        stay.tap()
    for key, value in answers.items():
        person.choose(key, value)
    page = person.path
    if person.onward() == page:  # another ward is competent: the page says so once
        person.onward()


def _finish(person: Person) -> str:
    if person.path == "/form/missing":
        person.onward()
    person.swear()
    person.onward()
    return person.receipt()


def _birth_place(person: Person) -> None:
    person.type_by_touch("nd_noi_sinh", "xã hồng hạ")
    person.type_by_touch("nd_que_quan", "xã hồng hạ")
    person.choose("nd_dan_toc", "Kinh")
    person.onward()


def birth_again(person: Person) -> str:
    _begin(person, "1.004884", con_gi="giay_khac", co_quan_nha_nuoc="khong")
    _card(person, "Mẹ", nyc_quan_he="ban_than")
    _birth_place(person)
    person.choose("me_tinh_trang", "da_mat")
    person.choose("cha_tinh_trang", "khong_ro")
    person.onward()
    person.type_by_touch("me_ho_ten", "Lê Thị Lan")
    person.touch_digits("me_nam_sinh.y", "1970")
    person.onward()
    person.type_by_touch("dk_truoc_tai", "xã hồng hạ")
    person.touch_digits("dk_truoc_ngay.y", "1997")
    person.onward()
    return _finish(person)


def first_birth(person: Person) -> str:
    _begin(person, "1.004772", chac_chua="chua", co_quan_nha_nuoc="khong")
    _card(person, "Mẹ", nyc_quan_he="ban_than")
    _birth_place(person)
    person.choose("me_tinh_trang", "con_song")
    person.choose("cha_tinh_trang", "khong_ro")
    person.onward()
    _card(person, "Bà, ở A Lưới")
    return _finish(person)


def recognition(person: Person) -> str:
    _begin(person, "1.001022", be_co_khai_sinh="roi", bang_chung="co")
    person.choose("viec", "cha_nhan_con")
    person.onward()
    _card(person, "Cha", nyc_quan_he="ban_than")
    _card(person, "Sinh viên")
    return _finish(person)


def marriage_again(person: Person) -> str:
    _begin(person, "1.004746", con_song="ca_hai", con_giay="con")
    _card(person, "Mẹ", nu_dan_toc="Kinh")
    _card(person, "Cha", nam_dan_toc="Kinh")
    person.type_by_touch("dk_truoc_tai", "xã hồng hạ")
    person.touch_digits("dk_truoc_ngay.y", "2015")
    person.onward()
    return _finish(person)


def death_again(person: Person) -> str:
    _begin(person, "1.005461", con_giay="khong")
    _card(person, "Cha", nyc_quan_he="con")
    _card(person, "Ông, chỉ nhớ năm sinh")
    person.touch_digits("nc_ngay_chet.y", "1999")
    person.type_by_touch("nc_noi_chet", "xã")
    person.onward()
    person.onward()
    return _finish(person)


@pytest.mark.parametrize("file", [birth_again, first_birth, recognition, marriage_again, death_again])
def test_each_is_filed_by_touch_and_its_slip_is_printed(
    person: Person, kiosk: PracticeKiosk, file: Callable[[Person], str]
) -> None:
    receipt = file(person)
    assert person.page.locator(".plaque .number").inner_text().strip().startswith("A")
    until(lambda: receipt in codes_on_paper(kiosk))
    assert person.faults == []
