"""Frame of the desk at three sizes, light and dark, in three text sizes: nothing scrolls sideways, the head stays."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from kiosk.acts import queueing
from kiosk.context import Context
from kiosk.records import desk_views
from kiosk.records.desk_views import DeskView
from tests.browser.laptop import (
    add_officer,
    assert_accessible,
    open_desk,
    wait_for_page,
)
from tests.look.rules import AXE, AXE_OF_COLOURS, AXE_OF_SIZES

ZOOMED: ViewportSize = {"width": 1093, "height": 614}  # 1366x768 at 125 %
USUAL: ViewportSize = {"width": 1366, "height": 768}
LARGE: ViewportSize = {"width": 1920, "height": 1080}
SIZES = (ZOOMED, USUAL, LARGE)
RULES = {DeskView(): AXE, DeskView("dark", "large"): AXE_OF_COLOURS, DeskView("dark", "larger"): AXE_OF_SIZES}
"""The views have one markup: axe checks it once, the dark colours once, and sizes where the text is largest."""
HOLES = """() => {
  const parts = [...document.querySelectorAll(".inside .folder > *")].map((e) => e.getBoundingClientRect());
  const boxes = parts.filter((box) => box.height > 0);
  const top = Math.min(...boxes.map((box) => box.top));
  return boxes
    .map((box) => {
      const above = boxes.filter((one) => Math.abs(one.left - box.left) < 2 && one.bottom <= box.top);
      return box.top - Math.max(top, ...above.map((one) => one.bottom));
    })
    .filter((hole) => hole > 20);
}"""
"""Returns the empty pixels above boxes of an opened row that are more than their usual distance."""


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Submit a mother's form, and draw another ticket."""
    context = birth_filed
    add_officer(context, role="lead")
    queueing.draw_ticket(context, context.config.series[0])
    return context


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a lead's browser at counter 1 with the mother's form."""
    with open_desk(chromium, app) as page:
        expect(page.locator(".case-head h1")).to_be_visible()
        yield page


def _choose(context: Context, view: DeskView) -> None:
    with context.store.write() as db:
        person = db.execute("select code from staff where login = 'hoaian'").fetchone()[0]
        desk_views.put(db, person, view)


def _assert_in_sight(desk: Page, part: Locator) -> None:
    box = part.bounding_box()
    size = desk.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("view", RULES, ids=str)
def test_no_page_scrolls_sideways_from_a_zoomed_laptop_to_a_large_monitor(
    desk: Page, context: Context, view: DeskView
) -> None:
    _choose(context, view)
    for address in (
        "/officer/",
        "/officer/lookup",
        "/officer/day",
        "/officer/me",
        "/officer/counter",
        "/officer/people",
    ):
        desk.goto(address)
        for size in SIZES:
            desk.set_viewport_size(size)
            assert_accessible(desk, RULES[view])
            for part in desk.locator(".top > *").all():
                if part.is_visible():
                    _assert_in_sight(desk, part)


def test_a_row_of_the_work_list_opens_by_key_and_the_list_fits_every_size(desk: Page) -> None:
    desk.keyboard.press("F8")
    desk.wait_for_url("**/officer/end*")
    wait_for_page(desk)
    desk.keyboard.press("1")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    desk.goto("/officer/work")
    expect(desk.locator("[data-work-count]")).to_have_text("1")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Space")
    expect(desk.locator(".inside .folder")).to_be_visible()
    wait_for_page(desk)
    for size in SIZES:
        desk.set_viewport_size(size)
        # A row that is half behind the sticky bar is too small for axe.
        desk.evaluate("scrollTo(0, 0)")
        assert_accessible(desk)
        assert desk.evaluate(HOLES) == [], size
    desk.get_by_role("button", name="Đã gọi điện, ghi lại").click()
    expect(desk.locator(".inside")).to_contain_text("Đã gọi điện cho người nộp hồ sơ.")
    wait_for_page(desk)
    desk.locator(".is-open [data-work-row]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-head h1")).to_have_text("Đăng ký khai sinh")
    expect(desk.locator(".opened")).to_contain_text("Mở đến")
    wait_for_page(desk)
    for size in SIZES:
        desk.set_viewport_size(size)
        assert_accessible(desk)


def test_head_and_bar_stay_while_the_answers_scroll_and_the_fee_is_in_sight(desk: Page) -> None:
    for size in (USUAL, ZOOMED):
        desk.set_viewport_size(size)
        desk.locator(".open .form").evaluate("one => { one.scrollTop = one.scrollHeight; }")
        assert desk.locator(".open .form").evaluate("one => one.scrollTop") > 0
        for part in (".case-head h1", ".case-head .figure >> nth=0", ".case-head .figure >> nth=1", ".bar .main"):
            _assert_in_sight(desk, desk.locator(part))
        expect(desk.locator(".case-head")).to_contain_text("PK03-261124-0001")
        assert desk.locator(".folder").evaluate("one => one.scrollTop") == 0


def test_the_queue_is_folded_on_a_narrow_page_and_opens_by_key_and_button(desk: Page) -> None:
    desk.set_viewport_size(ZOOMED)
    expect(desk.locator(".queue")).to_have_css("width", "104px")
    expect(desk.locator(".brief")).to_contain_text("1đang chờ")
    desk.keyboard.press("Alt+h")
    expect(desk.locator(".waiting")).to_be_visible()
    desk.reload()
    expect(desk.locator(".waiting")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Gấp hàng").click()
    expect(desk.locator(".waiting")).to_be_hidden()
    desk.set_viewport_size(USUAL)
    expect(desk.locator(".waiting")).to_be_visible()


@pytest.mark.smoke
def test_a_key_presses_the_button_that_is_shown_on_a_wide_and_on_a_narrow_page(desk: Page) -> None:
    desk.evaluate(
        """() => addEventListener("click", (event) => {
            event.preventDefault();
            event.stopImmediatePropagation();
            document.body.dataset.pressed = event.target.checkVisibility();
        }, { capture: true })"""
    )
    for size in (USUAL, ZOOMED):
        desk.set_viewport_size(size)
        desk.evaluate("delete document.body.dataset.pressed")
        desk.keyboard.press("F2")
        expect(desk.locator("body")).to_have_attribute("data-pressed", "true")


@pytest.mark.smoke
def test_each_officer_has_a_theme_and_a_text_size(desk: Page, context: Context) -> None:
    desk.get_by_text("Lê Hoài An", exact=True).click()
    desk.get_by_role("button", name="Tối").click()
    expect(desk.locator("html")).to_have_attribute("data-theme", "desk-dark")
    wait_for_page(desk)  # its style sheets too
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 248, 242)"
    usual = desk.evaluate("parseFloat(getComputedStyle(document.querySelector('.form dd')).fontSize)")
    desk.get_by_text("Lê Hoài An", exact=True).click()
    desk.get_by_role("button", name="Rất lớn").click()
    expect(desk.locator("html")).to_have_attribute("data-size", "larger")
    wait_for_page(desk)
    assert desk.evaluate("parseFloat(getComputedStyle(document.querySelector('.form dd')).fontSize)") == usual * 1.25
    expect(desk.locator(".case-head h1")).to_be_visible()
