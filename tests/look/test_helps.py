"""Tests of the small scripts of the citizen pages, by touch and by the clock, on the gallery's pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.keyboard_scanner import SCANS, KeyboardScanner
from tests.look.gallery import create_gallery, serving

pytestmark = pytest.mark.browser

# A scanner in keyboard mode loses the marks.
CARD = "046196000123|191234567|Nguy?n Th? Di?u Hi?n|12031996|N?|T? 5, Ph? H?u, Th?nh ph? Hu?|10052021"
SETTINGS = "(({ alive, ...settings }) => settings)(document.documentElement.dataset)"


@pytest.fixture(scope="module")
def gallery() -> Flask:
    return create_gallery()


@pytest.fixture(scope="module")
def address(gallery: Flask) -> Iterator[str]:
    with serving(app=gallery) as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    browser_context = chromium.new_context(base_url=address, viewport={"width": 1080, "height": 1920}, has_touch=True)
    errors: list[str] = []
    page = browser_context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert browser_context.cookies() == []
    browser_context.close()
    assert errors == []


def stop_clock(page: Page) -> None:
    """Stop the clock of the pages that are opened next: it moves only when the test runs it."""
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    page.clock.install(time=noon)
    page.clock.pause_at(noon + timedelta(hours=1))


@pytest.fixture
def posted(page: Page) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def test_nobody_confirms_what_he_has_not_seen(page: Page) -> None:
    page.goto("/look/10-check?frame=xl")
    confirm = page.get_by_role("button", name="Gửi tờ khai")
    expect(page.get_by_role("button", name="Xem tiếp")).to_be_visible()
    expect(confirm).to_be_hidden()
    for _ in range(400):
        if confirm.is_visible():
            break
        page.touchscreen.tap(700, 1590)
        page.wait_for_timeout(50)
    expect(confirm).to_be_visible()


def test_a_page_that_fits_is_confirmed_at_once(page: Page) -> None:
    page.goto("/look/10c-check-short")
    expect(page.get_by_role("button", name="Gửi tờ khai")).to_be_visible()
    expect(page.get_by_role("button", name="Xem tiếp")).to_be_hidden()


def test_three_taps_make_one_submission(page: Page, posted: list[Request]) -> None:
    page.goto("/look/10c-check-short")
    for _ in range(3):
        page.touchscreen.tap(700, 1715)
    expect(page.get_by_text("Đang ghi…")).to_be_visible()
    page.wait_for_timeout(200)
    assert len(posted) == 1


def test_easier_comes_over_the_page_and_applies_at_once(page: Page, posted: list[Request]) -> None:
    page.goto("/look/13-error")
    name = page.get_by_label("Họ, chữ đệm, tên")
    name.fill("Trần Văn Phướcc")
    page.get_by_role("link", name="Cỡ chữ, màu").tap()
    for label in ("Rất to", "Nền tối"):
        with page.expect_request("**/set"):
            page.get_by_label(label).check()
    page.get_by_role("button", name="Xong").tap()
    assert page.evaluate(SETTINGS) == {"size": "xl", "theme": "dark"}
    assert [request.post_data_json["name"] for request in posted] == ["size", "theme"]
    expect(page.locator(".scrim")).to_have_count(0)
    expect(name).to_have_value("Trần Văn Phướcc")


def test_the_end_is_asked_for_before_anything_is_lost(page: Page, posted: list[Request]) -> None:
    page.goto("/look/13-error")
    page.get_by_role("link", name="Kết thúc").tap()
    page.get_by_role("link", name="Khai tiếp").tap()
    expect(page.get_by_label("Họ, chữ đệm, tên")).to_have_value("Trần Văn Phước")
    assert posted == []


def test_a_masked_number_is_shown_and_hidden_again(page: Page) -> None:
    page.goto("/look/05-confirm")
    page.get_by_role("button", name="Hiện").tap()
    expect(page.get_by_text("046196000123")).to_be_visible()
    page.get_by_role("button", name="Ẩn").tap()
    expect(page.get_by_text("•••• •••• 0123")).to_be_visible()


def test_a_surname_is_changed_by_one_touch_and_echoed(page: Page) -> None:
    page.goto("/look/06-name")
    page.get_by_role("button", name="Nguyễn (họ mẹ)").tap()
    expect(page.locator("#con_ho_ten")).to_have_value("Nguyễn Nguyễn Bảo Ngọc")
    expect(page.locator("output")).to_have_text("NGUYỄN NGUYỄN BẢO NGỌC")
    expect(page.get_by_role("button", name="Trần (họ cha)")).to_have_attribute("aria-pressed", "false")


def test_the_list_of_places_follows_what_is_typed(page: Page) -> None:
    page.goto("/look/07-ward")
    page.locator("#q").fill("phu xuan h")
    expect(page.get_by_text("Có 1 nơi")).to_be_visible()
    expect(page.locator(".found li")).to_have_count(1)


def test_a_situation_answers_at_once(page: Page) -> None:
    page.goto("/look/03a-situation")
    page.get_by_label("Chưa").tap()
    expect(page.get_by_text("Việc này cán bộ khai giúp.")).to_be_visible()
    expect(page.get_by_role("link", name="Lấy số")).to_be_visible()
    expect(page.get_by_role("button", name="Khai ngay")).to_have_count(0)


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/look/13-error")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Tháng 9 chỉ có 30 ngày").tap()
    expect(page.get_by_label("Ngày", exact=True)).to_be_focused()


def test_an_idle_page_is_covered_counted_down_and_wiped(page: Page, posted: list[Request]) -> None:
    stop_clock(page)
    page.goto("/look/05-confirm")
    page.clock.run_for(59_000)
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    expect(page.locator("main")).to_have_js_property("inert", value=True)
    page.clock.run_for(15_000)
    assert posted == []
    with page.expect_request("**/leave"):
        page.clock.run_for(6_000)
    assert [request.url.rpartition("/")[2] for request in posted] == ["leave"]


@pytest.mark.parametrize("sign", ["touch", "key", "activity"])
def test_a_sign_of_life_puts_off_the_cover(page: Page, sign: str) -> None:
    stop_clock(page)
    page.goto("/look/05-confirm")
    page.clock.run_for(50_000)
    if sign == "touch":
        page.touchscreen.tap(500, 1400)
    elif sign == "key":
        page.keyboard.press("Shift")
    else:
        page.evaluate("dispatchEvent(new Event('kiosk:activity'))")
    page.clock.run_for(50_000)
    expect(page.locator("#idle")).to_be_hidden()


def test_one_touch_takes_the_cover_away(page: Page) -> None:
    stop_clock(page)
    page.goto("/look/05-confirm")
    page.clock.run_for(70_000)
    page.get_by_role("button", name="Còn khai tiếp").tap()
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.run_for(50_000)
    expect(page.get_by_role("button", name="Đúng rồi")).to_be_visible()


def test_the_done_page_closes_by_itself(page: Page, posted: list[Request]) -> None:
    stop_clock(page)
    page.goto("/look/11-done")
    with page.expect_request("**/leave"):
        page.clock.run_for(61_000)
    assert [request.url.rpartition("/")[2] for request in posted] == ["leave"]


def test_a_scanner_that_types_fills_the_card(page: Page, posted: list[Request]) -> None:
    page.goto("/look/04-scan")
    with page.expect_navigation():
        KeyboardScanner(page).send(CARD)
    assert [(request.url.rpartition("/")[2], request.post_data_json["line"]) for request in posted] == [("card", CARD)]


def test_a_card_whose_last_keys_come_late_is_read_whole(page: Page, posted: list[Request]) -> None:
    # A machine that is busy with other tests may stall between the first keys too: the card is scanned again.
    for _ in range(SCANS):
        page.goto("/look/04-scan")
        with page.expect_navigation():
            KeyboardScanner(page).send(CARD, stall=0.45)
        if posted[-1].post_data_json["line"] == CARD:
            return
    raise AssertionError([request.post_data_json["line"] for request in posted])


@pytest.mark.parametrize("line", [CARD, CARD[:-4]], ids=["whole", "cut off"])
def test_a_scanner_without_an_end_key_is_heard_after_a_silence(page: Page, posted: list[Request], line: str) -> None:
    stop_clock(page)
    page.goto("/look/04-scan")
    KeyboardScanner(page).send(line, end="")
    with page.expect_navigation():
        page.clock.run_for(1100)
    assert [request.post_data_json["line"] for request in posted] == [line]


def test_a_person_who_types_is_no_scanner(page: Page, posted: list[Request]) -> None:
    page.goto("/look/04-scan")
    page.keyboard.type("nguyen thi dieu hien o", delay=60)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert posted == []


def test_a_card_at_the_port_brings_the_page_anew(page: Page, gallery: Flask) -> None:
    page.goto("/look/04-scan")
    with page.expect_navigation():
        gallery.config["CARDS_READ"] = 1
    gallery.config["CARDS_READ"] = 0
