"""The province's operator, in Chromium, looks at two hundred machines and rolls out a release in stages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sync.gateway import accounts
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible
from tests.sync.fleet import Fleet
from tests.sync.practice_gateway import PASSWORD, PracticeGateway

NEW = "1.5.0"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeGateway]:
    practice = PracticeGateway(tmp_path)
    yield practice
    practice.close()


@pytest.fixture
def fleet(practice: PracticeGateway) -> Iterator[Fleet]:
    """Return two hundred machines: the first is silent, three have alarms, two send slowly."""
    fleet = Fleet(practice, 200)
    fleet.machines[0].report()
    fleet.wait(hours=30)
    for machine in fleet.machines[1:]:
        machine.report()
    fleet.machines[2].report(alarms=[{"code": "TIME-03", "state": "warning"}], clockOffsetSeconds=540)
    fleet.machines[3].report(alarms=[{"code": "PRINT-01", "state": "warning", "causes": ["paper_out"]}])
    fleet.machines[6].report(alarms=[{"code": "COPY-04", "state": "warning"}], copySeconds=3 * 86400)
    fleet.machines[2].report(waiting={"count": 6, "oldestSeconds": 22 * 60})
    fleet.machines[4].report(waiting={"count": 14, "oldestSeconds": 42 * 60})
    yield fleet
    fleet.close()


@pytest.fixture
def page(chromium: Browser, practice: PracticeGateway) -> Iterator[Page]:
    browser_context = chromium.new_context(**LAPTOP, base_url=practice.url)  # type: ignore[arg-type]
    page = browser_context.new_page()
    page.set_default_timeout(PATIENCE)
    blocked: list[str] = []
    page.on("console", lambda message: "Security Policy" in message.text and blocked.append(message.text))
    page.goto("/sign-in")
    page.fill("#login", accounts.OPERATOR)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.get_by_role("link", name="Máy của các phường").click()
    yield page
    browser_context.close()
    assert blocked == []


@pytest.mark.smoke
def test_an_operator_finds_the_machines_that_need_a_look(fleet: Fleet, page: Page) -> None:
    expect(page.locator("h1")).to_have_text("200 máy: 196 tốt, 3 cần xem, 1 im lặng")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("Im lặng, chưa rõ vì sao")
    assert_accessible(page)
    page.get_by_role("link", name="Gửi chậm").click()
    expect(rows).to_have_count(2)
    page.get_by_role("searchbox", name="Tìm phường, tên máy").or_(page.locator("input[name=q]")).first.fill("Thủy Lam")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("6 tờ, 22 phút")
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất bảng").click()
    assert download.value.suggested_filename == "may-cac-phuong.csv"
    assert fleet


def test_an_operator_rolls_out_a_release_that_fails_and_goes_back(fleet: Fleet, page: Page) -> None:
    card = page.locator("section.panel").first
    card.get_by_text("Phát hành bản máy khác").click()
    card.get_by_label("Số bản").fill(NEW)
    card.get_by_label("Phường đi trước").select_option("H57.99.04")
    card.get_by_role("button", name="Bắt đầu với một phường").click()
    expect(card.locator("h2")).to_contain_text("Phát hành 1.5.0")
    expect(card).to_contain_text("0 trên 2 máy")
    failed = fleet.machines[6]
    assert failed.report() == {"version": NEW}
    failed.report(update={"state": "went_back", "target": NEW, "code": "K-54"})
    page.reload()
    expect(card).to_contain_text("Máy AL007 tự kiểm không qua: ba lần khởi động không được, nay ở bản 1.4.0.")
    assert_accessible(page)
    card.get_by_role("button", name="Thử lại ở AL007 tối nay").click()
    expect(card.get_by_role("button", name="Thử lại ở AL007 tối nay")).to_have_count(0)
    card.get_by_text("Lùi cả về 1.4.0", exact=True).click()
    expect(card).to_contain_text("trở về bản 1.4.0 trong đêm")
    card.get_by_role("button", name="Lùi tất cả").click()
    expect(card.locator(".state")).to_have_text("Đã lùi về 1.4.0")
    assert failed.report() == {}


def test_an_operator_walks_a_roll_out_through_its_three_stages(fleet: Fleet, page: Page) -> None:
    card = page.locator("section.panel").first
    card.get_by_text("Phát hành bản máy khác").click()
    card.get_by_label("Số bản").fill(NEW)
    card.get_by_label("Phường đi trước").select_option("H57.99.04")
    card.get_by_label("Sang bước sau").select_option("0")
    card.get_by_role("button", name="Bắt đầu với một phường").click()
    for machine in fleet.machines[6:8]:
        assert machine.report() == {"version": NEW}
        machine.report(release=NEW)
    page.reload()
    stages = card.locator(".stages li")
    expect(stages.nth(0)).to_contain_text("xong")
    expect(stages.nth(1)).to_have_attribute("aria-current", "step")
    expect(stages.nth(1)).to_contain_text("0 trên 20 máy")
    others = [machine for machine in fleet.machines if machine.state["release"] != NEW]
    tenth = [machine for machine in others if machine.report() == {"version": NEW}]
    assert len(tenth) == 20
    tenth[0].report(update={"state": "went_back", "target": NEW, "code": "K-54"})
    page.reload()
    expect(card.locator(".state")).to_have_text("Tạm dừng")
    assert tenth[1].report() == {}, "nobody takes a release of a paused roll-out"
    card.get_by_text("Đi tiếp", exact=True).click()
    expect(card).to_contain_text("Máy đã tự lùi thì không thử lại.")
    card.get_by_role("button", name="Cho đi tiếp").click()
    expect(card.locator(".state")).to_have_text("Đang phát hành")
    card.get_by_role("button", name="Tạm dừng").click()
    expect(card.locator(".state")).to_have_text("Tạm dừng")
    card.get_by_text("Đi tiếp", exact=True).click()
    card.get_by_role("button", name="Cho đi tiếp").click()
    for machine in tenth[1:]:
        machine.report(release=NEW)
    page.reload()
    expect(stages.nth(2)).to_have_attribute("aria-current", "step")
    for machine in fleet.machines:
        if machine is not tenth[0]:
            machine.report(release=NEW)
    page.reload()
    expect(card.locator(".state")).to_have_text("Đã phát hành")
    assert_accessible(page)


def test_an_operator_names_a_machine_and_withdraws_it_on_its_own_page(fleet: Fleet, page: Page) -> None:
    page.get_by_role("link", name="AL003", exact=True).click()
    expect(page.locator("h1")).to_have_text("Máy AL003")
    expect(page.locator("main")).to_contain_text("Đồng hồ lệch 9 phút (TIME-03)")
    assert_accessible(page)
    page.get_by_label("Chỗ đặt máy").fill("Sảnh tầng 1")
    page.get_by_role("button", name="Lưu tên gọi").click()
    expect(page.locator("h1")).to_have_text("Máy AL003, Sảnh tầng 1")
    page.get_by_role("button", name="Cấp mã đổi khóa").click()
    expect(page.locator("main")).to_contain_text("Mã đổi khóa của máy AL003, đơn vị H57.99.02")
    page.get_by_label("Vì sao thu hồi").fill("Máy mất")
    page.get_by_role("button", name="Thu hồi", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thu hồi khóa")
    page.get_by_role("link", name="Máy của các phường").first.click()
    page.get_by_role("link", name="Đã thu hồi").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert fleet.machines[2].send().status == 403


TWO_ROWS = 100
"""Height of the head in pixels: the name, the account and the button above the pages."""
CUT_IN_HEAD = """() => [...document.querySelectorAll("header :is(a, button)")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth || e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.innerText)"""
"""Returns the words of what does not show whole."""


@pytest.mark.parametrize("width", [1366, 1093])
def test_the_menu_and_the_table_fit_the_window(fleet: Fleet, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    for path in ("/fleet", "/kiosks/AL003", "/", "/forwarding", "/refused", "/stick", "/payments", "/opinions"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("header").bounding_box()["height"] <= TWO_ROWS, path  # type: ignore[index]
        assert page.evaluate(CUT_IN_HEAD) == [], path
    assert fleet
