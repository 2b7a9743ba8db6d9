"""Look-up and the day in a browser of 1366x768: a case is found, opened with a reason and read; accessibility."""

from collections.abc import Iterator
from threading import Semaphore

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import lookups, queueing, signing
from kiosk.context import Context
from kiosk.pages.officer.case import opened_case
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_officer, wait_for_page
from tests.journeys import submission_checks

PASSWORD = "mật khẩu riêng"


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Submit a mother's form, and draw two more tickets."""
    context = birth_filed
    signing.add_person(context, "phuong", name="Hồ Thị Phương", role="lead", password=PASSWORD)
    for _ in range(2):
        queueing.draw_ticket(context, context.config.series[1])
    return context


@pytest.fixture
def lead(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a lead's browser, signed in at no counter."""
    with open_laptop(chromium, app, "/officer/") as page:
        sign_in_officer(page, "phuong", PASSWORD)
        yield page


@pytest.mark.smoke
def test_a_case_is_found_by_hand_and_opened_with_a_reason(lead: Page, context: Context) -> None:
    lead.click("text=Tra cứu")
    expect(lead.locator("#said")).to_be_focused()
    wait_for_page(lead)
    assert_accessible(lead)
    lead.keyboard.type("tran nguyen bao ngoc")
    lead.keyboard.press("Enter")
    expect(lead.locator(".found h2")).to_contain_text("1 hồ sơ")
    wait_for_page(lead)
    assert_accessible(lead)
    lead.get_by_role("link", name=f"Mở hồ sơ {submission_checks.only_submission(context).receipt_no}").click()
    lead.get_by_role("radio", name="Việc khác").wait_for()
    wait_for_page(lead)
    assert_accessible(lead)
    lead.get_by_role("radio", name="Việc khác").check()
    lead.click("button.main")
    expect(lead.get_by_role("alert")).to_contain_text("Mời ghi rõ")
    expect(lead.get_by_role("radio", name="Việc khác")).to_be_checked()
    wait_for_page(lead)
    assert_accessible(lead)
    lead.get_by_role("radio", name="Người dân hỏi hồ sơ của mình").check()
    lead.click("button.main")
    expect(lead.locator(".opened")).to_contain_text("Mở đến 08:40")
    expect(lead.locator("dl").first).to_be_visible()
    wait_for_page(lead)
    assert_accessible(lead)
    lead.get_by_role("button", name="Đóng hồ sơ").click()
    expect(lead).to_have_title("Tra cứu – Phường Phú Xuân")


def test_a_slow_answer_to_closing_a_case_does_not_lead_back_to_it(
    lead: Page, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks meanwhile whether it may stay, and is told that the case is closed."""
    told = Semaphore(0)
    close, find = lookups.close_case, opened_case.find_access

    def close_slowly(*case: object) -> None:
        close(*case)  # type: ignore[arg-type]
        for _ in range(3):  # a page that loads itself again asks twice: for its state, and for itself
            told.acquire(timeout=10)

    def find_and_tell(submission_id: str) -> object:
        access = find(submission_id)
        if access is None:
            told.release()
        return access

    lead.goto(lead.url.partition("/officer/")[0] + f"/officer/case/{submission_checks.only_submission(context).id}")
    lead.get_by_role("radio", name="Người dân hỏi hồ sơ của mình").check()
    lead.click("button.main")
    expect(lead.locator(".opened")).to_contain_text("Mở đến 08:40")
    monkeypatch.setattr(lookups, "close_case", close_slowly)
    monkeypatch.setattr(opened_case, "find_access", find_and_tell)
    lead.get_by_role("button", name="Đóng hồ sơ").click()
    expect(lead).to_have_title("Tra cứu – Phường Phú Xuân")


@pytest.mark.smoke
def test_the_day_is_read_and_taken_along(lead: Page) -> None:
    lead.click("text=Trong ngày")
    expect(lead.locator("main h1")).to_have_text("Hôm nay, thứ Ba, 24/11/2026")
    wait_for_page(lead)
    assert_accessible(lead)
    with lead.expect_download() as download:
        lead.get_by_role("link", name="Lấy tệp Excel").click()
    assert download.value.suggested_filename == "so-theo-doi-2026-11-24-tap.xlsx"
    lead.fill("#from", "24/11/2027")
    lead.get_by_role("button", name="Lấy tệp Excel").click()
    expect(lead.get_by_role("alert")).to_contain_text("chưa tới")
    expect(lead.locator("#from")).to_have_value("24/11/2027")
    wait_for_page(lead)
    assert_accessible(lead)
    lead.click("text=Ngày trước")
    expect(lead.locator("main h1")).to_have_text("Thứ Hai, 23/11/2026")
    wait_for_page(lead)
    assert_accessible(lead)
