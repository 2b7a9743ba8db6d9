"""A transfer of practice in the running program: a press at the desk, and the money is on both screens in seconds."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible, sign_in_officer, wait_for_page
from tests.browser.person import Person
from tests.browser.test_walks import file_copy

STAFF = re.compile(r"/officer/ +(\w+) \(officer\).* password (\S+)$", re.MULTILINE)


def _open_case(chromium: Browser, kiosk: PracticeKiosk, number: str) -> Page:
    """Open the desk of an officer of practice, who calls a number."""
    page = chromium.new_context(**LAPTOP, base_url=kiosk.address).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    staff = STAFF.search(kiosk.output.read_text("utf-8"))
    assert staff
    page.goto("/signin")
    sign_in_officer(page, *staff.groups(), counter=1)
    page.get_by_role("button", name=f"Gọi {number}").click()
    expect(page.locator(".plaque b")).to_have_text(number)
    wait_for_page(page)
    return page


@pytest.mark.smoke
def test_a_class_sees_a_transfer_go_from_the_bank_to_both_screens(
    person: Person, chromium: Browser, kiosk: PracticeKiosk
) -> None:
    file_copy(person)
    screen = person.page
    number = screen.locator(".plaque .number").inner_text()
    person.follow(screen.locator("button[form=pay]"))
    expect(screen.locator("main .notice")).to_contain_text("Chưa thấy tiền về")
    desk = _open_case(chromium, kiosk, number)
    desk.get_by_role("button", name="VietQR").click()
    arrival = desk.locator("[data-live-part] .note")
    expect(arrival).to_contain_text("Chưa thấy tiền về")
    for width, height in ((1366, 768), (1093, 614)):
        desk.set_viewport_size({"width": width, "height": height})
        assert desk.evaluate("document.documentElement.scrollHeight") <= height, "the whole code is in sight of a phone"
        assert_accessible(desk)
    desk.get_by_role("button", name="Trả thiếu").click()
    expect(arrival).to_contain_text("Thiếu")
    expect(screen.locator(".plaque")).to_contain_text("Còn thiếu")
    assert screen.locator(".plaque .qr svg").count() == 1
    desk.get_by_role("button", name="Trả thiếu").click()
    expect(arrival).to_contain_text("đủ tiền, đúng mã")
    expect(screen.locator("h1")).to_have_text("Đã trả. Mời chờ gọi số")
    expect(screen.locator(".plaque .number")).to_have_text(number)
    assert screen.locator(".plaque .qr").count() == 0
    assert desk.locator("[data-unsent]:visible").count() == 0
    desk.get_by_role("link", name="Về bàn làm việc").click()
    expect(desk.locator(".fee h2")).to_contain_text("đã thu")
    desk.context.close()
    person.press("Xong, cảm ơn")
    screen.wait_for_url("**/")
    assert person.path == "/"
