"""A stack of papers at the desk, in a browser: a feeder with papers, the officer keeps what is wanted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.config.sections import PaperScannerSettings
from kiosk.context import Context
from kiosk.records import scans
from tests.browser.laptop import add_officer, assert_accessible, open_desk, wait_for_page
from tests.paper_scanner.stand_in import Feeder, feeder, paper, separator

__all__ = ["feeder"]

PATIENCE = 60_000
SIZES = [{"width": 1366, "height": 768}, {"width": 1093, "height": 614}]


@pytest.fixture
def page(app: Flask, birth_filed: Context, chromium: Browser, feeder: Feeder) -> Iterator[Page]:
    """Open the first paper of a birth registration at counter 1, beside a scanner."""
    context = birth_filed
    context.config = replace(context.config, paper_scanner=PaperScannerSettings(device="test:"))
    add_officer(context)
    feeder.put(*[paper(text) for text in ("một", "", "hai", "ba", "bốn", "năm", "sáu", "bảy")])
    with open_desk(chromium, app) as case:
        case.locator('a[href*="/scans/"]').first.click()
        case.wait_for_url("**/scans/**")
        wait_for_page(case)
        yield case


@pytest.mark.smoke
def test_a_stack_comes_page_by_page_and_is_kept_by_one_press(page: Page, birth_filed: Context) -> None:
    page.get_by_role("button", name="Quét cả xấp").click()
    done = page.get_by_text("Đã quét xong")
    expect(done).to_be_visible(timeout=PATIENCE)
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(page)
    boxes = page.locator('input[name="keep"]')
    expect(boxes).to_have_count(8)
    assert [box.is_checked() for box in boxes.all()] == [True, False, *[True] * 6]
    page.get_by_text("Giữ trang 8", exact=True).click()
    page.get_by_role("button", name="Giữ các trang đã chọn").click()
    expect(page.get_by_text("6 trang")).to_be_visible(timeout=PATIENCE)
    with birth_filed.store.read() as db:
        (scan,) = [scan for row in db["scans"].rows for scan in scans.of_receipt(db, row["receipt_no"])]
    assert scan.pages == 6


def test_a_page_that_is_unchosen_stays_so_while_the_part_is_fetched_again(page: Page) -> None:
    page.get_by_role("button", name="Quét cả xấp").click()
    expect(page.get_by_text("Đã quét xong")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Giữ trang 1", exact=True).click()
    with page.expect_response("**/stack/live"):
        pass
    with page.expect_response("**/stack/live"):
        pass
    expect(page.locator('input[value="1"][name="keep"]')).not_to_be_checked()


def test_separator_sheets_give_each_paper_its_own_pdf(page: Page, birth_filed: Context, feeder: Feeder) -> None:
    expect(page.get_by_role("link", name="In tờ ngăn")).to_be_visible()
    own = page.url.rpartition("/")[2]
    feeder.put(separator("khac"), paper("chín"), separator(own), paper("mười"))
    page.get_by_role("button", name="Quét cả xấp").click()
    expect(page.get_by_text("Đã bỏ 2 tờ ngăn")).to_be_visible(timeout=PATIENCE)
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(page)
    page.get_by_role("button", name="Giữ các trang đã chọn").click()
    expect(page.get_by_text("mỗi giấy một tệp PDF")).to_be_visible(timeout=PATIENCE)
    with birth_filed.store.read() as db:
        kept = [scan for row in db["scans"].rows for scan in scans.of_receipt(db, row["receipt_no"])]
    assert {scan.paper: scan.pages for scan in kept} == {own: 8, "khac": 1}
