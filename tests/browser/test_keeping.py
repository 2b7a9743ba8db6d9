"""A form is kept at one touchscreen, and opened at another one by its slip and a card; a typing scanner at any page."""

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from kiosk.base import codes
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.keyboard_scanner import KeyboardScanner
from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.network import fail_once, hold_requests
from tests.browser.person import Person
from tests.browser.test_walks import codes_on_paper
from tests.journeys.walker import card_line

TYPED = "Trần Nguyễn Bảo"
POLLS_UNTIL_IDLE = 20  # one a second; the page leaves after 15 s without a sign of life
SHOWN = 180_000  # ms: the page waits for its slip, which may wait for those of other tests


def leave_button(person: Person) -> Locator:
    return person.page.locator(".foot").get_by_text("Kết thúc", exact=True)


def keep(person: Person) -> str:
    """Touch "Kết thúc" and "Giữ lại, in phiếu"; return the code on the page."""
    leave_button(person).tap()
    person.follow(person.page.locator(".scrim .keep-tile"))
    return person.page.locator(".kept-code").inner_text().strip()


def scan(person: Person, line: str) -> None:
    """Hold a code to a scanner that types, until the page has changed."""
    with person.page.expect_navigation():
        KeyboardScanner(person.page).send(line)
    person.page.wait_for_load_state()


@pytest.mark.smoke
def test_a_form_goes_on_at_another_screen_with_what_was_typed(
    new_person: Callable[[str], Person], kiosk: PracticeKiosk, chromium: Browser
) -> None:
    person = new_person(kiosk.address)
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    person.type_by_touch("con_ho_ten", TYPED)
    code = keep(person)
    expect(person.page.locator("h1[data-when=printed]")).to_be_visible()  # the page leaves soon after
    until(lambda: code in codes_on_paper(kiosk))

    elsewhere = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    other = Person(elsewhere.new_page(), kiosk.address)
    other.go("/")
    scan(other, code)
    expect(other.page.locator("h1")).to_have_text("Đăng ký khai sinh")
    scan(other, card_line("cha").encode("ascii", "ignore").decode())
    assert other.path == "/form/ten_be"
    expect(other.field("con_ho_ten")).to_have_value(TYPED)
    elsewhere.close()
    assert other.faults == []


def test_keep_going_closes_the_sheet_with_the_same_text(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    person.type_by_touch("con_ho_ten", TYPED)
    leave_button(person).tap()
    person.page.locator(".scrim").get_by_role("link", name="Khai tiếp").tap()
    expect(person.page.locator(".scrim")).to_have_count(0)
    expect(person.field("con_ho_ten")).to_have_value(TYPED)


def type_childs_name(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    person.field("con_ho_ten").fill(TYPED)
    person.wait_until_quiet()


def test_a_second_touch_before_the_sheet_is_there_does_not_leave_the_page(person: Person) -> None:
    type_childs_name(person)
    held = hold_requests(person.page, "**/leave**")
    with person.page.expect_request("**/leave**"):
        leave_button(person).tap()
    leave_button(person).tap()
    person.wait_until_quiet()
    assert len(held) == 1
    held[0].continue_()
    expect(person.page.locator(".scrim")).to_have_count(1)
    expect(person.field("con_ho_ten")).to_have_value(TYPED)


def test_of_two_sheets_that_are_touched_the_last_one_opens(person: Person) -> None:
    type_childs_name(person)
    held = hold_requests(person.page, "**/leave**")
    with person.page.expect_request("**/leave**"):
        leave_button(person).tap()
    person.page.locator(".foot").get_by_text("Cỡ chữ, màu").tap()
    expect(person.page.locator(".scrim")).to_contain_text("Cỡ chữ")
    with person.page.expect_request_finished():
        held[0].continue_()
    person.wait_until_quiet()
    expect(person.page.locator(".scrim")).to_have_count(1)
    expect(person.page.locator(".scrim .keep-tile")).to_have_count(0)


def test_a_touch_while_the_server_is_away_keeps_the_page_and_says_so(person: Person) -> None:
    type_childs_name(person)
    fail_once(person.page, "**/leave**")
    leave_button(person).tap()
    notice = person.page.get_by_text("Máy chưa trả lời.")
    expect(notice).to_be_visible()
    expect(person.field("con_ho_ten")).to_have_value(TYPED)
    leave_button(person).tap()
    expect(person.page.locator(".scrim")).to_have_count(1)
    expect(notice).to_be_hidden()
    person.ignore_faults("ERR_FAILED")


def test_what_is_typed_is_there_in_the_other_language(person: Person) -> None:
    type_childs_name(person)
    person.page.locator(".foot").get_by_text("Cỡ chữ, màu").tap()
    fail_once(person.page, person.page.url)
    person.page.locator(".scrim").get_by_role("radio", name="English").tap()
    expect(person.page.get_by_text("Máy chưa trả lời.")).to_be_visible()
    person.page.locator(".foot").get_by_text("Cỡ chữ, màu").tap()
    with person.page.expect_navigation():
        person.page.locator(".scrim").get_by_role("radio", name="English").tap()
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    expect(person.field("con_ho_ten")).to_have_value(TYPED)
    person.ignore_faults("ERR_FAILED")


def test_a_form_is_not_kept_without_what_is_typed_while_the_server_is_away(person: Person) -> None:
    type_childs_name(person)
    address = person.page.url
    leave_button(person).tap()
    fail_once(person.page, address)
    person.page.locator(".scrim .keep-tile").tap()
    expect(person.page.get_by_text("Máy chưa trả lời.")).to_be_visible()
    expect(person.field("con_ho_ten")).to_have_value(TYPED)
    with person.page.expect_request(address) as saved:
        keep(person)
    assert parse_qs(saved.value.post_data or "")["con_ho_ten"] == [TYPED]
    person.ignore_faults("ERR_FAILED")


def test_a_touch_on_keep_stops_the_idle_screen_that_would_delete_the_form(person: Person) -> None:
    person.page.clock.install()
    type_childs_name(person)
    person.page.clock.pause_at(person.page.evaluate("Date.now() / 1000 + 1"))
    person.page.locator("h1").tap()
    # The tap counts from when the page hears of it, which may be after a part of this time.
    until(lambda: person.page.clock.run_for(5_000) or person.page.locator("#idle").is_visible())
    held = hold_requests(person.page, person.page.url)
    with person.page.expect_request(person.page.url):
        person.press("Giữ lại, in phiếu để làm tiếp sau")
    person.page.clock.run_for(30_000)
    assert person.path == "/form/ten_be"
    with person.page.expect_navigation():
        held[0].continue_()
    expect(person.page.locator(".kept-code")).to_be_visible()


def test_the_kept_page_gives_way_to_the_start_page(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    keep(person)
    person.page.wait_for_url(f"{person.address}/", timeout=SHOWN)


def test_the_kept_page_stays_while_its_slip_is_printed(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    page = person.page
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    states = ["printing"]
    answers: list[str] = []

    def answer(route: Route) -> None:
        answers.append(states[-1])
        route.fulfill(json={"state": states[-1]})

    def pass_second() -> None:
        page.clock.run_for(1_000)

    page.route("**/keep/paper/*", answer)
    with page.expect_response("**/keep/paper/*"):
        keep(person)
    until(lambda: pass_second() or len(answers) > POLLS_UNTIL_IDLE)
    assert page.locator(".kept-code").is_visible()
    states.append("printed")
    until(lambda: pass_second() or answers[-1] == "printed")
    expect(page.locator("h1[data-when=printed]")).to_be_visible()
    page.clock.run_for(17_000)
    page.wait_for_url(f"{person.address}/")


def test_delete_says_so_and_the_notice_leaves(person: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    leave_button(person).tap()
    person.follow(person.page.locator(".scrim").get_by_role("button", name="Không khai nữa, xóa hết"))
    notice = person.page.get_by_text("Đã xóa hết.")
    expect(notice).to_be_visible()
    expect(notice).to_have_count(0)


@pytest.mark.smoke
def test_what_is_scanned_at_start_page_and_look_up_opens_what_it_is(person: Person) -> None:
    slip = codes.receipt_no("PK03", date(2026, 11, 24), 17)
    for page in ("/", "/status"):
        person.go(page)
        scan(person, slip)
        expect(person.page.locator("#code")).to_have_value(slip)
        person.go(page)
        scan(person, card_line("me").encode("ascii", "ignore").decode())
        assert person.path == "/choose"
        person.go(page)
        scan(person, "https://example.vn/whatever")
        expect(person.page.get_by_text("Máy không đọc được mã này.")).to_be_visible()
