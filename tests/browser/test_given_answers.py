"""By touch: a place that no list has, a year of birth alone, a death of another ward, and the typing method."""

from playwright.sync_api import expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_walks import submitted_body

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
    for box, digits in zip("dmy", ("12", "11", "2026"), strict=True):
        person.touch_digits(f"con_ngay_sinh.{box}", digits)
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


def test_a_death_of_another_ward_offers_a_number_before_the_rest_is_filled_in(person: Person) -> None:
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
        person.key(letter).tap()
    expect(name).to_have_value("Lề")
