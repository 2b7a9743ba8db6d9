"""The province's operator, in Chromium, examines the connection to the system behind the gateway."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sync.gateway import accounts
from sync.gateway.targets.igate2_twin import IGateTwin
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible
from tests.sync.practice_gateway import PASSWORD, PracticeGateway


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeGateway]:
    practice = PracticeGateway(tmp_path)
    yield practice
    practice.close()


@pytest.fixture
def twin(tmp_path: Path, practice: PracticeGateway) -> Iterator[IGateTwin]:
    """Return the system that the gateway forwards to."""
    twin = IGateTwin(tmp_path)
    mapping = tmp_path / "igate2.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    gateway = practice.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, forward_to=f"target:{mapping}")
    yield twin
    twin.close()


def test_an_operator_examines_the_connection_and_mends_the_password(
    chromium: Browser, practice: PracticeGateway, twin: IGateTwin, tmp_path: Path
) -> None:
    password = tmp_path / "igate2-twin.password"
    good = password.read_text(encoding="utf-8")
    password.write_text("cu", encoding="utf-8")
    browser_context = chromium.new_context(**LAPTOP, base_url=practice.url)  # type: ignore[arg-type]
    page = browser_context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/sign-in")
    page.fill("#login", accounts.OPERATOR)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.get_by_role("link", name="Chuyển tỉnh").click()
    page.get_by_role("link", name="Nối hệ thống").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)
    page.get_by_role("button", name="Kiểm đường nối").click()
    expect(page.locator("h1")).to_have_text("Nối hệ thống: chưa nối được")
    expect(rows.nth(2)).to_contain_text("Nên làm: xin bên kia tài khoản và mật khẩu mới")
    assert_accessible(page)
    password.write_text(good, encoding="utf-8")
    page.get_by_role("button", name="Kiểm lại từ đầu").click()
    expect(page.locator("h1")).to_have_text("Nối hệ thống: nối được")
    assert twin.state.count("numbers") == 0
    browser_context.close()
