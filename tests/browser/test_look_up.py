"""Look-up and the day in a browser of 1366x768: found, opened with a reason, read, printed; axe finds nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import queueing, signing
from kiosk.context import Context
from tests.journeys import filed
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.look.rules import AXE
from tests.serving import served

PASSWORD = "mật khẩu riêng"
LAPTOP = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}


@pytest.fixture
def context(app: Flask, walker: Walker) -> Context:
    """A ward where a mother handed in a form and two more people wait."""
    submit(birth_until_check(walker))
    context: Context = app.extensions["context"]
    signing.add_person(context, "phuong", name="Hồ Thị Phương", role="lead", password=PASSWORD)
    for _ in range(2):
        queueing.draw_ticket(context, context.config.series[1])
    return context


@pytest.fixture
def lead(app: Flask, context: Context, glass: Browser) -> Iterator[Page]:
    """A lead's browser, signed in at no counter."""
    with served(app) as address:
        browser_context = glass.new_context(**LAPTOP, base_url=address)  # type: ignore[arg-type]
        page = browser_context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto("/officer/")
        page.fill("#login", "phuong")
        page.fill("#password", PASSWORD)
        page.click("button.main")
        yield page
        browser_context.close()
    assert faults == []


def _is_sound(page: Page) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    told = [(one["id"], [node["html"][:100] for node in one["nodes"]][:3]) for one in found]
    assert told == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_case_is_found_by_hand_and_opened_with_a_reason(lead: Page, context: Context) -> None:
    lead.click("text=Tra cứu")
    _is_sound(lead)
    expect(lead.locator("#said")).to_be_focused()
    lead.keyboard.type("tran nguyen bao ngoc")
    lead.keyboard.press("Enter")
    expect(lead.locator(".found h2")).to_contain_text("1 hồ sơ")
    _is_sound(lead)
    lead.get_by_role("link", name=f"Mở hồ sơ {filed.only_submission(context).receipt_no}").click()
    _is_sound(lead)
    lead.get_by_role("radio", name="Việc khác").check()
    lead.click("button.main")
    expect(lead.get_by_role("alert")).to_contain_text("Mời ghi rõ")
    expect(lead.get_by_role("radio", name="Việc khác")).to_be_checked()
    _is_sound(lead)
    lead.get_by_role("radio", name="Bà con hỏi hồ sơ của mình").check()
    lead.click("button.main")
    expect(lead.locator(".opened")).to_contain_text("Mở để xem đến 08:40")
    expect(lead.locator("dl").first).to_be_visible()
    _is_sound(lead)
    lead.get_by_role("button", name="Đóng hồ sơ").click()
    expect(lead).to_have_title("Tra cứu – Phường Phú Xuân")


def test_the_day_is_read_and_taken_along(lead: Page) -> None:
    lead.click("text=Trong ngày")
    expect(lead.locator("main h1")).to_have_text("Hôm nay, thứ Ba, 24/11/2026")
    _is_sound(lead)
    with lead.expect_download() as told:
        lead.get_by_role("link", name="Lấy tệp Excel").click()
    assert told.value.suggested_filename == "so-theo-doi-2026-11-24-tap.xlsx"
    lead.fill("#from", "24/11/2027")
    lead.get_by_role("button", name="Lấy tệp Excel").click()
    expect(lead.get_by_role("alert")).to_contain_text("chưa tới")
    expect(lead.locator("#from")).to_have_value("24/11/2027")
    _is_sound(lead)
    lead.click("text=Ngày trước")
    expect(lead.locator("main h1")).to_have_text("Thứ Hai, 23/11/2026")
    _is_sound(lead)
