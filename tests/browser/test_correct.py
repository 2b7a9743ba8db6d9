"""A correction in a browser of 1366x768: typed on a hardware keyboard, kept when a key is pressed, written once."""

import pytest
from playwright.sync_api import Page, expect

from kiosk.context import Context
from tests.browser.laptop import assert_accessible, call_next, wait_for_page
from tests.browser.test_desk import context, desk, take_seat  # noqa: F401 - fixtures
from tests.journeys import submission_checks


@pytest.mark.smoke
def test_an_officer_corrects_a_name_and_a_key_loses_nothing(desk: Page, context: Context) -> None:  # noqa: F811
    take_seat(desk)
    call_next(desk)
    desk.fill("#note", "Mẹ bé mang giấy chứng sinh bản chính")
    desk.keyboard.press("F7")
    expect(desk.locator(".noted")).to_contain_text("bản chính")
    wait_for_page(desk)
    desk.get_by_role("link", name="Sửa Bé", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Sửa cùng người dân")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.fill("#con_ho_ten", "Trần Nguyễn Bảo Châu")
    desk.keyboard.press("F8")
    expect(desk.locator("main .note")).to_contain_text("Bản sửa chưa ghi")
    expect(desk.locator(".correction")).to_contain_text("BẢO CHÂU")
    wait_for_page(desk)
    assert_accessible(desk)
    desk.get_by_label("Giấy tờ ghi khác").check()
    desk.get_by_label("Đã đọc lại").check()
    desk.get_by_role("button", name="Ghi bản sửa").dblclick()
    expect(desk.locator(".how.corrected").first).to_contain_text("sửa: Lê Hoài An")
    assert submission_checks.only_submission(context).revision == 2
    assert_accessible(desk)


def test_a_full_box_of_a_date_leads_to_the_next_and_backspace_in_an_empty_one_back(
    desk: Page,  # noqa: F811
) -> None:
    take_seat(desk)
    call_next(desk)
    desk.locator("a[href$='/correct/sinh_luc_nao']").first.click()
    expect(desk.locator("main")).to_contain_text("Sửa cùng người dân")
    wait_for_page(desk)
    boxes = desk.locator("[data-date] input")
    boxes.first.click()
    boxes.first.press("Control+a")
    desk.keyboard.type("07112026")
    assert [box.input_value() for box in boxes.all()[:3]] == ["07", "11", "2026"]
    boxes.nth(1).fill("")
    boxes.nth(1).press("Backspace")
    expect(boxes.first).to_be_focused()
