"""Whole visits by touch with questions that the first three forms lack: rows, sums, ticks, pickers, class sessions.

Each walk ends on the done page; the submitted body is compared with what was typed and chosen.
"""

from typing import Any

import pytest

from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.person import Person
from tests.browser.test_walks import arrivals, codes_on_paper, submitted_body

STAY = "19753"


def answers_of(kiosk: PracticeKiosk, receipt: str) -> dict[str, Any]:
    return submitted_body(kiosk, receipt)["form"]["answers"]  # type: ignore[index,no-any-return]


def confirm_home(person: Person) -> None:
    """Answer that the person still lives at the card's address, where the page asks."""
    for stay in person.page.locator(f'[name$=".stay"][value="{STAY}"]').all():
        stay.tap()


def search(person: Person, query: str, value: str) -> None:
    """Type a query into a list and touch the row with a value."""
    person.type_by_touch("q", query)
    row = person.page.locator(f'button[name=choice][value="{value}"]')
    row.wait_for()
    person.follow(row)


def submit(person: Person) -> str:
    """Go from the check page, or the page of missing answers, to the done page; return the receipt number."""
    if person.path == "/form/missing":
        person.onward()
    assert person.path == "/form/check"
    person.swear()
    person.onward()
    return person.receipt()


def test_a_family_registers_its_business(person: Person, kiosk: PracticeKiosk) -> None:
    """Use rows of things with their counts, rows of people by card, and a typed sum."""
    person.go("/need/1.001612")
    person.choose("ai_lam", "gia_dinh")
    person.choose("ai_nop", "chu_ho")
    person.onward()
    person.card("Mẹ")
    confirm_home(person)
    person.touch_digits("chu_ho_dien_thoai", "0914123456")
    person.onward()
    person.choose("tru_so", "home:chu_ho_dia_chi")
    person.choose("khong_kinh_doanh_tai_tru_so", "khong")
    person.onward()
    person.type_by_touch("ten_hkd", "bún bò O Lành")
    name = person.field("ten_hkd").input_value()
    person.onward()
    person.send("Quán ăn, uống")
    person.touch_digits("nganh_nghe.0.ma", "5610")
    person.send("Tạp hóa")  # a second row keeps the answers of the first
    person.choose("nganh_nghe.0.chinh", "co")
    person.choose("nganh_nghe.1.chinh", "khong")
    person.send("May mặc")
    person.send("Bỏ: May mặc")
    person.onward()
    person.send("Quét thẻ thêm người")
    person.card("Cha")
    person.onward()
    assert "Trần Văn Phước" in person.page.locator("main").inner_text()
    person.onward()
    person.touch_digits("von", "35000000")
    for _ in range(2):
        person.press("Thêm một")
    person.choose("ngay_bat_dau", "today")
    person.onward()
    answers = answers_of(kiosk, submit(person))
    assert name.casefold() == "bún bò o lành"
    assert answers["ten_hkd"] == name
    assert answers["nganh_nghe"] == [
        {"ten": "quan_an", "ma": "5610", "chinh": True},
        {"ten": "tap_hoa", "chinh": False},
    ]
    assert [(row["ho_ten"], row["so_dinh_danh"]) for row in answers["thanh_vien"]] == [
        ("Trần Văn Phước", "046093000456")
    ]
    assert (answers["von"], answers["so_lao_dong"]) == (35_000_000, 2)
    assert answers["chu_ho_dien_thoai"] == "0914123456"


def test_an_allowance_is_asked_for_with_ticks_a_people_and_a_bank(person: Person, kiosk: PracticeKiosk) -> None:
    """Choose several of a list, an ethnic group by another name, a bank account; the form is printed and delivered."""
    person.go("/need/1.001776")
    person.choose("nhom_doi_tuong", "khuyet_tat")
    person.choose("nkt_co", "thay")
    person.onward()
    person.choose("loai_de_nghi", "moi")
    person.onward()
    person.card("Sinh viên")
    person.page.locator('[name$=".stay"]').first.tap()
    person.follow(person.page.locator('button[name=pick][value="dt_dan_toc"]'))
    search(person, "pa co", "Ta-ôi")
    person.onward()
    person.card("Mẹ")
    confirm_home(person)
    person.choose("nkt_quan_he", "me")
    person.onward()
    for key, answer in (("co_bhyt", "co"), ("ho_ngheo", "ngheo"), ("dang_huong", "khong")):
        person.choose(key, answer)
    person.onward()
    for form in ("van_dong", "nhin", "nghe_noi"):
        person.choose(f"khuyet_tat.dang_tat.{form}", form)
    person.choose("khuyet_tat.dang_tat.nghe_noi", "nghe_noi")  # a second touch takes a tick away
    person.choose("khuyet_tat.muc_do", "nang")
    person.onward()
    person.choose("hinh_thuc_nhan", "tai_khoan")
    person.onward()
    person.choose("ngan_hang", "agribank")
    person.touch_digits("so_tai_khoan", "4000205123456")
    person.onward()
    receipt = submit(person)
    answers = answers_of(kiosk, receipt)
    assert answers["dt_dan_toc"] == "Ta-ôi"
    assert answers["khuyet_tat"] == {"dang_tat": ["van_dong", "nhin"], "muc_do": "nang"}
    assert (answers["so_tai_khoan"], answers["ngan_hang"], answers["nkt_quan_he"]) == (
        "4000205123456",
        "agribank",
        "me",
    )
    until(lambda: receipt in codes_on_paper(kiosk))
    until(lambda: receipt in arrivals(kiosk, person.page.context))


@pytest.mark.smoke
def test_a_passport_with_its_issuer_and_a_country_ask_for_a_copy(person: Person, kiosk: PracticeKiosk) -> None:
    """Type without a card: name, birth, a paper with day and issuer, home; choose a country from the list."""
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.send("Không có thẻ, gõ tay")
    parts: list[str] = []
    fill_part = {
        ".name": lambda: person.type_by_touch("nyc_ho_ten", "Lê Thị Bưởi"),
        ".birth": lambda: fill_birth_date(person, "nyc_ngay_sinh"),
        ".paper": lambda: fill_paper(person, "nyc_giay_to_tuy_than"),
        ".home": lambda: fill_home(person),
    }
    while "." in person.path:
        part = person.path[person.path.rindex(".") :]
        parts.append(part)
        fill_part[part]()
        person.onward()
    person.choose("nyc_quan_he", "ban_than")
    person.onward()
    while person.path not in {"/form/missing", "/form/check"}:
        if person.path == "/form/gioi_tinh":
            person.choose("nd_gioi_tinh", "nu")
        elif person.path == "/form/dang_ky_o_dau":
            person.type_by_touch("dk_tai", "xã Hồng Hạ")
            person.touch_digits("dk_ngay.y", "1975")
        elif person.path == "/form/so_ban":
            person.touch_digits("so_luong", "1")
        person.onward()
    if person.path == "/form/missing":
        person.onward()
    person.follow(person.page.get_by_role("link", name="Sửa: Dân tộc, quốc tịch"))
    person.follow(person.page.locator('button[name=pick][value="nd_quoc_tich"]'))
    search(person, "duc", "DE")
    person.onward()
    answers = answers_of(kiosk, submit(person))
    assert {".name", ".paper"} <= set(parts)
    assert answers["nyc_ho_ten"] == "Lê Thị Bưởi"
    assert answers["nyc_giay_to_tuy_than"] == {
        "loai": "ho_chieu", "so": "C1234567", "ngay_cap": "2020-05-04", "noi_cap": "cục quản lý",
    }  # fmt: skip
    assert answers["nd_quoc_tich"] == "DE"


def fill_birth_date(person: Person, key: str) -> None:
    for box, digits in zip("dmy", ("04", "05", "1975"), strict=True):
        person.touch_digits(f"{key}.{box}", digits)
    for sex in person.page.locator('[type=radio][value="nu"]').all()[:1]:
        sex.tap()


def fill_paper(person: Person, key: str) -> None:
    person.choose(f"{key}.loai", "ho_chieu")
    person.enter(person.field(f"{key}.so"))
    for name in "C1234567":
        person.touch_key(name.lower())
    for box, digits in zip("dmy", ("04", "05", "2020"), strict=True):
        person.touch_digits(f"{key}.ngay_cap.{box}", digits)
    person.type_by_touch(f"{key}.noi_cap", "cục quản lý")


def fill_home(person: Person) -> None:
    person.follow(person.page.locator("button[name=pick]"))
    if person.page.locator("[name=q]").count():
        search(person, "phu xuan", STAY)
    person.type_by_touch("detail", "tổ năm")
    person.onward()


def test_a_seat_in_a_class_is_kept_and_nobody_draws_a_number(person: Person, kiosk: PracticeKiosk) -> None:
    person.go("/need/LOCAL-TAPHUAN")
    person.onward()
    person.card("Cha")
    session = person.page.locator("[name=buoi]").first.get_attribute("value")
    person.choose("buoi", str(session))
    person.touch_digits("dien_thoai", "0905000123")
    person.onward()
    receipt = submit(person)
    assert person.page.locator(".plaque .number").count() == 0
    answers = answers_of(kiosk, receipt)
    assert (answers["ho_ten"], answers["buoi"], answers["dien_thoai"]) == ("Trần Văn Phước", session, "0905000123")
