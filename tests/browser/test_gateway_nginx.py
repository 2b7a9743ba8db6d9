"""The province's operator, in Chromium, behind nginx: sign in, give a kiosk its code, sign out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sync.gateway import accounts
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible
from tests.sync.nginx import ProvinceGateway
from tests.sync.practice_gateway import PASSWORD

pytestmark = pytest.mark.nginx


@pytest.fixture
def province(tmp_path: Path) -> Iterator[ProvinceGateway]:
    province = ProvinceGateway(tmp_path)
    yield province
    province.close()


@pytest.fixture
def page(chromium: Browser, province: ProvinceGateway) -> Iterator[Page]:
    browser_context = chromium.new_context(**LAPTOP, base_url=province.url, ignore_https_errors=True)  # type: ignore[arg-type]
    page = browser_context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    browser_context.close()


@pytest.mark.smoke
def test_an_operator_signs_in_gives_a_code_and_signs_out_behind_nginx(province: ProvinceGateway, page: Page) -> None:
    page.goto("/")
    page.fill("#login", accounts.OPERATOR)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{province.url}/")
    page.wait_for_load_state()
    assert_accessible(page)
    (cookie,) = page.context.cookies()
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")

    page.get_by_role("link", name="Máy của các phường").click()
    page.get_by_role("link", name="Ghi danh máy").click()
    page.fill("#kiosk_id", "PK04")
    page.fill("#unit_code", "H57.99.01")
    page.click("button.main")
    expect(page.locator("main")).to_contain_text("Mã ghi danh của máy PK04")

    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{province.url}/sign-in")
    acts = [row[0] for row in province.sql("select act from trail order by no")]
    assert acts == ["signed_in", "gave_code", "signed_out"]
