"""The two pages of certified copies: papers and copies by touch, pages beside the sum, and the card that files them."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_newer_kinds import answers_of


def _button(person: Person, name: str) -> Locator:
    return person.page.get_by_role("button", name=name, exact=True)


@pytest.mark.smoke
def test_copies_are_counted_by_touch_and_the_card_files_them(person: Person, kiosk: PracticeKiosk) -> None:
    person.go("/need/2.000815")
    person.onward()
    total = person.page.locator(".fee")
    for touched, words in (
        ("Thêm: Bằng, chứng chỉ", "1 giấy, 1 bản: 2.000 đồng"),
        ("Thêm một: Bằng, chứng chỉ", "1 giấy, 2 bản: 4.000 đồng"),
        ("Thêm: Giấy kết hôn", "2 giấy, 3 bản: 6.000 đồng"),
        ("Bớt một: Giấy kết hôn", "1 giấy, 2 bản: 4.000 đồng"),
    ):
        _button(person, touched).tap()
        expect(total).to_contain_text(words.replace(" đồng", "\u00a0đồng"))
    person.onward()
    _button(person, "Thêm một: Bằng, chứng chỉ").tap()
    expect(total).to_contain_text("1 giấy, 2 bản: 8.000\u00a0đồng")
    _button(person, "Mẹ").tap()
    person.page.wait_for_url("**/done")
    answers = answers_of(kiosk, person.page.locator(".receipt b").inner_text())
    assert answers["giay_to"] == [{"ten": "bang", "so_trang": 2, "so_ban": 2}]
    assert answers["nyc_ho_ten"] == "Nguyễn Thị Diệu Hiền"


def test_a_paper_that_is_added_right_after_a_count_keeps_its_pages(person: Person) -> None:
    person.go("/need/2.000815")
    person.onward()
    _button(person, "Thêm: Bằng, chứng chỉ").tap()
    _button(person, "Thêm một: Bằng, chứng chỉ").wait_for()
    person.page.evaluate(
        """() => {
          document.querySelector('[aria-label="Thêm một: Bằng, chứng chỉ"]').click();
          document.querySelector('[aria-label="Thêm: Giấy kết hôn"]').click();
        }"""
    )
    expect(person.page.locator(".fee")).to_contain_text("2 giấy, 3 bản: 6.000\u00a0đồng")
    person.page.wait_for_timeout(400)  # longer than the pause after which a count is stored
    person.page.reload()
    expect(person.page.locator(".fee")).to_contain_text("2 giấy, 3 bản: 6.000\u00a0đồng")
