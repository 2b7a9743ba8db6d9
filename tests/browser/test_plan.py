"""Lead's page of series, counters and opening hours by keyboard and mouse, at 1366x768 and at 125 % zoom."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from kiosk.acts import queueing, signing
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_officer, wait_for_page

PASSWORD = "mật khẩu riêng"
ZOOMED: ViewportSize = {"width": 1093, "height": 614}
USUAL: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    signing.add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password=PASSWORD)
    queueing.draw_ticket(context, context.config.series[0])
    return context


@pytest.fixture
def lead(chromium: Browser, app: Flask, context: Context) -> Iterator[Page]:
    with open_laptop(chromium, app, "/signin") as page:
        sign_in_officer(page, "thutrang", PASSWORD)
        page.goto("/officer/now")
        page.locator(".menu", has_text="Phụ trách").first.click()
        page.click("text=Dãy số, quầy, giờ mở")
        wait_for_page(page)
        yield page


def _press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).last.click()
    wait_for_page(page)


def _look(page: Page, name: str) -> None:
    """Check both sizes; keep a picture where `PICTURES` names a folder."""
    for size in (USUAL, ZOOMED):
        page.set_viewport_size(size)
        assert_accessible(page)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(USUAL)


@pytest.mark.smoke
def test_a_series_and_a_counter_are_added_and_an_error_loses_nothing(lead: Page, context: Context) -> None:
    _look(lead, "plan")
    _press(lead, "Thêm dãy")
    expect(lead.locator("#s6-letter")).to_be_focused()
    lead.keyboard.type("a")
    lead.keyboard.press("Tab")
    lead.keyboard.type("Đất đai, xây dựng")
    _press(lead, "Thêm quầy")
    expect(lead.locator("#c2-name")).to_be_focused()
    expect(lead.locator("#c2-number")).to_have_value("3")
    lead.uncheck("#c2-all")
    lead.fill("#week0-to", "6:30")
    lead.fill("#off", "1/1/2020")
    lead.keyboard.press("Tab")
    _press(lead, "Xem thay đổi")
    for words in ("Chữ A đã có", "Quầy 3 chưa nhận dãy nào", "không sau giờ mở", "đã qua"):
        expect(lead.locator("main")).to_contain_text(words)
    expect(lead.locator("#s6-letter")).to_be_focused()
    expect(lead.locator("#s6-name")).to_have_value("Đất đai, xây dựng")
    _look(lead, "plan-errors")
    lead.fill("#s6-letter", "g")
    lead.check("#c2-s6")
    lead.fill("#week0-to", "11:30")
    lead.fill("#off", "24/12/2026")
    lead.press("#s6-letter", "Enter")
    wait_for_page(lead)
    expect(lead.locator(".sure")).to_contain_text("Thêm dãy G (Đất đai, xây dựng)")
    expect(lead.locator(".sure")).to_contain_text("Thêm quầy 3, nhận dãy G.")
    expect(lead.locator(".sure")).to_contain_text("Nghỉ thêm thứ Năm 24/12/2026.")
    _look(lead, "plan-sure")
    assert context.plan_revision == 0
    _press(lead, "Lưu, dùng ngay")
    expect(lead.locator(".note")).to_contain_text("Đã lưu.")
    _look(lead, "plan-saved")
    assert context.config.counter(3) == Counter(number=3, name="Quầy 3", series=("G",))
    lead.goto("/display/")
    expect(lead.locator("body")).to_contain_text("Các quầy đang nghỉ")
    lead.goto("/ticket")
    expect(lead.locator("body")).to_contain_text("Đất đai, xây dựng")


def test_a_series_with_people_is_named_where_it_stands(lead: Page) -> None:
    lead.check("#s0-drop")
    _press(lead, "Xem thay đổi")
    expect(lead.locator("#s0-drop-e")).to_contain_text("Dãy A còn 1 người chưa xong (A001)")
    expect(lead.locator("#s0-drop")).to_be_checked()
    _look(lead, "plan-people")
