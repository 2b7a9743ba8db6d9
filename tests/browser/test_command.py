"""Keyboard of the desk: one field for everything, digits that tick papers, letters for what is decided, a scan."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import queueing
from kiosk.context import Context
from tests.browser.keyboard_scanner import KeyboardScanner
from tests.browser.kiosks import until
from tests.browser.laptop import (
    add_officer,
    assert_accessible,
    open_desk,
    wait_for_page,
)
from tests.browser.network import fail_once, hold_requests
from tests.journeys.submission_checks import only_submission

MOST_TABS = 5


@pytest.fixture
def context(birth_filed: Context) -> Context:
    context = birth_filed
    add_officer(context)
    queueing.draw_ticket(context, context.config.series[1])
    return context


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open the form of a called number at counter 1."""
    with open_desk(chromium, app) as page:
        yield page


def _seen(context: Context) -> int:
    with context.store.read() as db:
        return int(db.execute("select count(*) from inspections where is_seen").fetchone()[0])


@pytest.mark.smoke
def test_the_first_paper_is_reached_in_five_tabs_and_digits_tick_and_write_at_once(
    desk: Page, context: Context
) -> None:
    focused = []
    while len(focused) < MOST_TABS and "seen" not in focused:
        desk.keyboard.press("Tab")
        focused.append(desk.evaluate("document.activeElement.name"))
    assert focused[-1] == "seen", focused
    desk.keyboard.press("1")
    expect(desk.locator("[data-key='1']")).to_be_checked()
    expect(desk.locator("#ticks fieldset").first).to_contain_text("Lê Hoài An")
    assert _seen(context) == 1
    desk.keyboard.press("1")
    expect(desk.locator("[data-key='1']")).not_to_be_checked()


def test_a_digit_that_a_function_key_follows_at_once_is_pressed_and_a_scan_with_capitals_presses_none(
    desk: Page, context: Context
) -> None:
    desk.evaluate("""for (const key of ["1", "F5"]) dispatchEvent(new KeyboardEvent("keydown", { key }));""")
    expect(desk.locator("[data-key='1']")).to_be_checked()
    receipt_no = only_submission(context).receipt_no
    KeyboardScanner(desk).scan_into(desk.locator("#said"), receipt_no, shown=receipt_no)
    assert _seen(context) == 1


@pytest.mark.smoke
def test_the_address_on_a_slip_is_a_scan_and_presses_no_key(desk: Page, context: Context) -> None:
    receipt_no = only_submission(context).receipt_no
    address = f"https://1022.hue.example/h/abcdefghijklmnop#{receipt_no}"
    KeyboardScanner(desk).scan_into(desk.locator("#said"), address, shown=receipt_no)
    assert _seen(context) == 0


def test_a_tick_is_not_lost_when_the_answer_to_the_one_before_comes_under_it(desk: Page, context: Context) -> None:
    desk.locator("[data-key='2']").hover()
    with desk.expect_response(lambda answer: answer.request.method == "POST" and "/papers" in answer.url):
        desk.keyboard.press("1")
        desk.mouse.down()
    for _ in range(2):  # 2 s each: the papers have been asked for
        with desk.expect_response("**/officer/calls"):
            pass
    desk.mouse.up()
    expect(desk.locator("[data-key='2']")).to_be_checked()
    until(lambda: _seen(context) == 2)
    expect(desk.locator("#ticks fieldset").nth(1)).to_contain_text("Lê Hoài An")


def test_a_tick_whose_page_cannot_be_fetched_is_shown_with_the_next_one(desk: Page, context: Context) -> None:
    fail_once(desk, "**/officer/?said=*")
    with desk.expect_event("requestfailed"):
        desk.keyboard.press("1")
    desk.keyboard.press("2")
    until(lambda: _seen(context) == 2)
    expect(desk.locator("#ticks fieldset").nth(1)).to_contain_text("Lê Hoài An")


def test_a_second_tick_counts_as_unsent_until_it_is_written(desk: Page) -> None:
    held = hold_requests(desk, "**/papers", "POST")
    with desk.expect_request("**/papers"):
        desk.keyboard.press("1")
    desk.keyboard.press("2")
    with desk.expect_request("**/papers"):
        held[0].continue_()
    expect(desk.locator("#ticks[data-changed]")).to_have_count(1)
    held[1].continue_()
    expect(desk.locator("#ticks[data-changed]")).to_have_count(0)
    expect(desk.locator("#ticks fieldset").nth(1)).to_contain_text("Lê Hoài An")


def test_letters_open_what_stands_on_their_buttons_and_type_in_a_field(desk: Page) -> None:
    desk.keyboard.press("g")
    expect(desk.locator("#note")).to_be_focused()
    desk.keyboard.type("btp")
    expect(desk.locator("#note")).to_have_value("btp")
    desk.fill("#note", "")
    desk.keyboard.press("Escape")
    desk.keyboard.press("p")
    expect(desk.locator("#fee-title")).to_be_focused()
    desk.keyboard.press("b")
    expect(desk.locator("#decide h1")).to_contain_text("Yêu cầu bổ sung")
    wait_for_page(desk)
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    expect(desk.locator(".bar")).to_contain_text("Tiếp nhận")
    wait_for_page(desk)
    desk.keyboard.press("t")
    expect(desk.locator("#decide h1")).to_contain_text("Từ chối")


@pytest.mark.smoke
def test_one_field_finds_a_number_and_calls_it(desk: Page) -> None:
    desk.keyboard.press("F6")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    wait_for_page(desk)
    desk.keyboard.press("?")
    expect(desk.locator("dialog.command dl")).to_contain_text("Gọi số tiếp")
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    desk.click("[data-command]")
    expect(desk.locator(".command [name=text]")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("b001")
    expect(desk.locator("[role=option]")).to_have_count(1)
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".plaque b")).to_have_text("B001")


def test_one_field_does_what_the_pages_buttons_do(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("tu choi")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("Từ chối")
    desk.keyboard.press("Enter")
    expect(desk.locator("#decide h1")).to_contain_text("Từ chối")


def test_two_presses_of_enter_before_the_answer_do_what_was_typed(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("yeu cau")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("Yêu cầu bổ sung")
    held = hold_requests(desk, "**/officer/command", "POST")
    desk.fill("dialog.command [name=text]", "tu choi")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    # A call of the page lets the held requests come in.
    until(lambda: desk.evaluate("true") and len(held) > 1)
    *earlier, last = held
    for route in earlier:
        route.continue_()
    desk.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    expect(desk.locator("dialog.command")).to_be_visible()
    last.continue_()
    expect(desk.locator("#decide h1")).to_contain_text("Từ chối")


def test_a_number_that_cannot_be_called_says_so_and_a_name_of_a_page_or_procedure_opens_it(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("a001")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("Số A001")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("dialog.command [data-count]")).to_contain_text("không gọi được")
    desk.fill("dialog.command [name=text]", "in lai phieu")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("In lại phiếu")
    desk.fill("dialog.command [name=text]", "dong quay")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("Đóng quầy")
    desk.fill("dialog.command [name=text]", "bang thu tien")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("Bảng thu tiền")
    desk.keyboard.press("Enter")
    expect(desk.locator("main h1")).to_contain_text("Bảng thu tiền ngày")


def test_a_press_while_the_one_before_is_sent_says_that_it_does_not_count(desk: Page) -> None:
    held = hold_requests(desk, "**/officer/queue/**", "POST")
    desk.keyboard.press("F3")
    expect(desk.locator("body[aria-busy]")).to_be_attached()
    expect(desk.locator("[data-dropped]")).to_be_hidden()
    desk.keyboard.press("F3")
    expect(desk.locator("[data-dropped]")).to_be_visible()
    expect(desk.locator("[data-dropped]")).to_contain_text("Lần bấm này không tính.")
    until(lambda: desk.evaluate("true") and len(held) == 1)
    held[0].continue_()
    wait_for_page(desk)
    expect(desk.locator("[data-dropped]")).to_be_hidden()


def test_an_opened_row_of_the_work_list_takes_the_keys_of_its_decisions(desk: Page) -> None:
    desk.keyboard.press("F2")
    expect(desk.locator("main h1")).to_contain_text("Lượt này là gì?")
    wait_for_page(desk)
    desk.keyboard.press("1")
    expect(desk.locator(".plaque")).not_to_contain_text("A001đang gọi")
    for key, title in (("b", "Yêu cầu bổ sung"), ("t", "Từ chối"), ("F9", "Tiếp nhận hồ sơ")):
        desk.goto("/officer/work")
        desk.locator("[data-work-row]").first.click()
        expect(desk.locator(".inside")).to_be_visible()
        wait_for_page(desk)
        desk.keyboard.press(key)
        expect(desk.locator("#decide h1")).to_contain_text(title)
