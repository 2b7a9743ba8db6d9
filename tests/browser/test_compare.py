"""Page "Đối chiếu" in a browser of 1366x768: a whole procedure by keys, one press a fact; notes that lose nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk import comparison
from kiosk.acts import signing
from kiosk.comparison import ProcedureComparison
from kiosk.context import Context
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_officer, wait_for_page

PASSWORD = "mật khẩu riêng"
BIRTH = "1.001193"
SMALL = {"width": 1093, "height": 614}


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    signing.add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password=PASSWORD)
    return context


@pytest.fixture
def desk(chromium: Browser, app: Flask, context: Context) -> Iterator[Page]:
    with open_laptop(chromium, app, "/signin", service_workers="block") as page:
        sign_in_officer(page, "thutrang", PASSWORD)
        page.goto(f"/officer/compare/{BIRTH}")
        page.wait_for_load_state()
        yield page


def state_of(context: Context) -> ProcedureComparison:
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    return comparison.load(context, procedure)


def focused_row(desk: Page) -> str:
    return str(desk.evaluate("document.activeElement.closest('[data-row]')?.dataset.row ?? document.activeElement.id"))


@pytest.mark.smoke
def test_a_procedure_takes_one_key_a_fact_and_one_to_go_on(desk: Page, context: Context) -> None:
    facts = [item.fact.id for item in state_of(context).listed]
    for fact in facts:
        assert focused_row(desk) == fact
        desk.keyboard.press("d")  # not waited for: a key is as fast as a hand
    assert focused_row(desk) == "next"
    desk.keyboard.press("Enter")
    expect(desk.locator("main h1")).not_to_contain_text("Đăng ký khai sinh")
    expect(desk.locator(".list")).to_contain_text("xong 24/11, Thu Trang")
    summary = state_of(context).summary()
    assert summary is not None
    assert summary.who == "Hoàng Thu Trang"
    desk.goto(f"/need/{BIRTH}")
    expect(desk.locator(".law")).to_contain_text("Đã đối chiếu ngày 24/11/2026 (Hoàng Thu Trang).")


def test_what_differs_is_typed_at_once_and_no_letter_ticks_a_fact(desk: Page, context: Context) -> None:
    facts = [item.fact.id for item in state_of(context).listed]
    desk.keyboard.press("d")
    desk.keyboard.press("k")
    desk.keyboard.type("Đang thu theo nghị quyết, kể cả ngày nghỉ")
    assert focused_row(desk) == facts[1]
    desk.keyboard.press("Enter")
    expect(desk.locator(f"#fact-{facts[1]}")).to_contain_text("“Đang thu theo nghị quyết, kể cả ngày nghỉ”")
    assert focused_row(desk) == facts[2]
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"#fact-{facts[2]} .bad")).to_contain_text("Mời ghi văn bản nói khác thế nào")
    desk.keyboard.press("Escape")
    expect(desk.locator("[name=note]")).to_have_count(0)
    wait_for_page(desk)
    results = [(item.fact.id, item.result) for item in state_of(context).facts if item.result]
    assert results == [(facts[0], "same"), (facts[1], "differs")]
    desk.keyboard.press("ArrowUp")
    assert_accessible(desk)


def test_a_note_is_added_and_a_second_press_clears(desk: Page, context: Context) -> None:
    desk.keyboard.press("d")
    expect(desk.locator("#fact-time-1")).to_contain_text("Hoàng Thu Trang, 8:30 ngày 24/11/2026")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("g")
    desk.keyboard.type("Theo bảng ở sảnh")
    desk.keyboard.press("Enter")
    expect(desk.locator("#fact-time-1")).to_contain_text("“Theo bảng ở sảnh”")
    desk.locator("#fact-time-1 .same").click()
    expect(desk.locator("#fact-time-1 .who")).to_have_count(0)
    assert state_of(context).done == 0


def test_the_line_with_the_focus_is_marked_on_the_form_and_nothing_is_cut(desk: Page, context: Context) -> None:
    assert_accessible(desk)
    desk.set_viewport_size(SMALL)  # type: ignore[arg-type]
    assert_accessible(desk)
    desk.locator(".lines summary").click()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[data-mark].on")).to_have_attribute("data-mark", "line-2")
    assert_accessible(desk)
    desk.keyboard.press("k")
    desk.keyboard.type("Mẫu ghi Họ tên người khai")
    desk.keyboard.press("Enter")
    expect(desk.locator(".list [aria-current]")).to_contain_text("1 ý khác")
    assert_accessible(desk)
    for name in (".list", ".facts", ".form"):
        box = desk.locator(name).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SMALL["height"], name
        assert box["x"] + box["width"] <= SMALL["width"], name


def test_without_an_answer_the_note_stays_and_the_page_says_so(desk: Page, context: Context) -> None:
    desk.keyboard.press("k")
    desk.keyboard.type("Niêm yết ghi 2 ngày")
    desk.route("**/officer/compare/*", lambda route: route.abort())
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-unsent]")).to_be_visible()
    expect(desk.locator("[name=note]")).to_have_value("Niêm yết ghi 2 ngày")
    desk.unroute("**/officer/compare/*")
    desk.keyboard.press("Enter")
    expect(desk.locator("#fact-time-1")).to_contain_text("“Niêm yết ghi 2 ngày”")
    expect(desk.locator("[data-unsent]")).to_be_hidden()
