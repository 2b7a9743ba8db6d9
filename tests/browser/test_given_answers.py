"""By touch: a place that no list has, a year of birth alone, a death of another ward, and the typing method."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_walks import submitted_body
from tests.serving import served_on_loopback

HOSPITAL = "bệnh viện Đà Nẵng"


def test_a_birth_in_another_city_is_written_in_own_words(person: Person, kiosk: PracticeKiosk) -> None:
    person.begin_birth()
    person.fill_mother()
    person.send("Không có thẻ, gõ tay")
    person.type_by_touch("cha_ho_ten", "Trần Văn Phước")
    person.onward()
    person.touch_digits("cha_ngay_sinh.y", "1993")
    person.onward()
    person.choose("cha_giay_to_tuy_than.loai", "can_cuoc")
    person.touch_digits("cha_giay_to_tuy_than.so", "046093000456")
    person.onward()
    person.fill_child()
    person.follow(person.page.locator('button[name=pick][value="con_noi_sinh"]'))
    person.type_by_touch("q", "benh vien da nang")
    person.page.get_by_text("Không tìm thấy").wait_for()
    person.send("Không thấy tên, tự ghi")
    person.type_by_touch("detail", HOSPITAL)
    person.onward()
    person.touch_date("con_ngay_sinh", person.lately)
    person.onward()
    person.fill_ethnic_groups()
    person.want_no_copies()
    person.swear()
    person.onward()
    answers = submitted_body(kiosk, person.receipt())["form"]["answers"]  # type: ignore[index]
    assert answers["con_noi_sinh"]["detail"].casefold() == HOSPITAL.casefold()
    assert answers["cha_ngay_sinh"] == "1993"
    assert [answers[key] for key in ("con_quoc_tich", "me_quoc_tich", "cha_quoc_tich")] == ["VN", "VN", "VN"]
    assert answers["de_nghi_cap_ban_sao"] is False


def test_a_death_of_another_ward_offers_a_number_before_the_rest_is_filled_in(
    app: Flask, new_person: Callable[[str], Person]
) -> None:
    """Until 28 February 2027; then a death may be registered in any ward."""
    with served_on_loopback(app) as address:
        person = new_person(address)
        person.go("/need/1.000656")
        assert "Khai tử ở nơi người đã mất thường trú hay tạm trú lần cuối." in person.page.locator("main").inner_text()
        person.choose("mat_o_dau", "o_nha")
        person.onward()
        person.card("Cha")
        person.choose("nyc_noi_cu_tru.stay", "19753")
        person.choose("nyc_quan_he", "con")
        person.onward()
        person.card("Bà, ở A Lưới")
        for stay in person.page.locator('[name$=".stay"]').all()[:1]:
            stay.tap()
        person.choose("nc_dan_toc", "Kinh")
        person.onward()
        notice = person.page.locator("div.notice.warn", has_text="không thuộc phường này")
        assert "Phường vẫn giúp nộp trực tuyến đến đúng nơi." in notice.inner_text()
        person.follow(notice.get_by_role("link", name="Lấy số"))
        assert person.path == "/ticket"


def test_telex_that_a_person_chose_is_there_on_the_next_page(person: Person) -> None:
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.send("Không có thẻ, gõ tay")
    name = person.page.locator("input[data-keyboard=name]")
    person.enter(name)
    with person.page.expect_response("**/set"):
        person.key("method").tap()
    person.page.reload()
    person.enter(name)
    for letter in "leef":
        person.touch_key(letter)
    expect(name).to_have_value("Lề")


def test_a_year_is_corrected_without_a_touch_for_the_board(person: Person) -> None:
    person.go("/need/1.004859")
    person.choose("loai_yeu_cau", "sai")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Mẹ")
    person.choose("nyc_noi_cu_tru.stay", "19753")
    person.choose("nyc_quan_he", "ban_than")
    person.onward()
    person.type_by_touch("dk_tai", "xã Phú Hậu")
    person.touch_digits("dk_ngay.y", "1996")
    person.onward()
    with person.page.expect_navigation():
        person.page.locator('button[name=add][value="nam_sinh"]').tap()
    person.touch_digits("noi_dung.0.tu", "1995")
    person.touch_digits("noi_dung.0.thanh", "1996")


@pytest.fixture
def birthday(person: Person) -> Person:
    """Return a person at the page that asks for the date of birth, by hand."""
    person.begin_birth()
    person.send("Không có thẻ, gõ tay")
    person.type_by_touch("nyc_ho_ten", "Hồ Văn Lão")
    person.onward()
    return person


def _touch(person: Person, digits: str) -> None:
    for digit in digits:
        person.touch_key(digit)


def _boxes(person: Person) -> list[str]:
    return [person.field(f"nyc_ngay_sinh.{box}").input_value() for box in "dmy"]


def test_two_digits_of_a_year_are_offered_as_the_year_that_they_mean(birthday: Person) -> None:
    _touch(birthday, "121166")
    offer = birthday.page.get_by_role("button", name="Đúng, ghi 1966")
    expect(offer).to_be_visible()
    offer.tap()
    expect(birthday.page.locator("#said")).to_contain_text("năm một nghìn chín trăm sáu mươi sáu")
    assert _boxes(birthday) == ["12", "11", "1966"]
    expect(birthday.page.locator("#keyboard")).to_be_visible()


def test_an_impossible_date_is_told_with_its_last_digit_and_the_message_leaves_with_the_next(birthday: Person) -> None:
    said = birthday.page.locator("#said")
    _touch(birthday, "31021966")
    expect(said).to_contain_text("không có ngày 31")
    birthday.enter(birthday.field("nyc_ngay_sinh.d"))
    _touch(birthday, "21")
    expect(said).not_to_contain_text("không có ngày")
    expect(said).to_contain_text("ngày hai mươi mốt")


@pytest.mark.smoke
def test_the_wrong_box_alone_is_marked_and_the_message_leads_to_it(birthday: Person) -> None:
    _touch(birthday, "12131966")
    birthday.send("Tiếp tục")
    assert birthday.page.locator("[aria-invalid]").evaluate_all("boxes => boxes.map(box => box.id)") == [
        "nyc_ngay_sinh.m"
    ]
    birthday.page.locator(".summary [data-to]").tap()
    expect(birthday.field("nyc_ngay_sinh.m")).to_be_focused()
    _touch(birthday, "11")
    expect(birthday.page.locator("#said")).not_to_contain_text("12 tháng")
    expect(birthday.page.locator(".summary h2")).to_have_text("Đã ghi lại. Mời đi tiếp.")
    birthday.onward()
    assert birthday.path.endswith("nguoi_khai.paper")


def test_who_knows_only_the_year_ticks_it_and_types_the_year(birthday: Person) -> None:
    _touch(birthday, "12")
    birthday.page.get_by_label("Không nhớ ngày, chỉ nhớ năm").tap()
    expect(birthday.field("nyc_ngay_sinh.y")).to_be_focused()
    _touch(birthday, "1942")
    assert _boxes(birthday) == ["", "", "1942"]
    birthday.onward()
    assert birthday.path.endswith("nguoi_khai.paper")
    birthday.send("Quay lại")
    expect(birthday.page.get_by_label("Không nhớ ngày, chỉ nhớ năm")).to_be_checked()
    expect(birthday.field("nyc_ngay_sinh.d")).to_be_disabled()


@pytest.mark.smoke
def test_the_number_of_an_id_card_has_a_pad_groups_and_a_count_and_a_passport_has_letters(birthday: Person) -> None:
    _touch(birthday, "12111966")
    birthday.onward()
    number = birthday.field("nyc_giay_to_tuy_than.so")
    count = birthday.page.locator('[data-digits-of="nyc_giay_to_tuy_than.so"]')
    board = birthday.page.locator("#keyboard")
    birthday.choose("nyc_giay_to_tuy_than.loai", "can_cuoc")
    birthday.enter(number)
    expect(board).to_have_attribute("data-layout", "pad")
    _touch(birthday, "0460930004")
    expect(number).to_have_value("046 093 000 4")
    expect(count).to_have_text("Đã ghi 10 trên 12 số")
    _touch(birthday, "567")
    expect(number).to_have_value("046 093 000 456")
    birthday.key("close").tap()
    expect(board).to_be_hidden()
    birthday.choose("nyc_giay_to_tuy_than.loai", "ho_chieu")
    expect(count).to_be_hidden()
    birthday.enter(number)
    expect(board).to_have_attribute("data-layout", "code")


def test_a_unit_of_an_address_that_was_typed_wrong_is_offered_and_never_changed(person: Person) -> None:
    person.begin_stay()
    field = person.page.locator("#detail")
    field.fill("tỏ 5")
    offer = person.page.locator('[data-mend="detail"]')
    expect(offer).to_be_visible()
    expect(field).to_have_value("tỏ 5")
    offer.locator("[data-yes]").tap()
    expect(field).to_have_value("tổ 5")


def test_the_box_of_errors_says_when_every_question_has_a_new_answer(person: Person) -> None:
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Mẹ")
    person.onward()
    summary = person.page.locator(".summary")
    wrong = summary.locator("[data-to]").count()
    assert wrong
    height = summary.evaluate("box => box.offsetHeight")
    for key in dict.fromkeys(summary.locator("[data-to]").evaluate_all("all => all.map(a => a.dataset.to)")):
        expect(summary).not_to_have_class("summary given")
        person.page.locator(f"[id='{key}'] .opt, .opt:has([id='{key}'])").first.tap()
    expect(summary.locator("h2")).to_have_text("Đã ghi lại. Mời đi tiếp.")
    assert summary.evaluate("box => box.offsetHeight") == height
    expect(person.page.locator(".wrong")).to_have_count(0)
