"""A citizen calls an officer: both screens side by side, from the touch to the end of the call.

The citizen is at a touchscreen, the officer at a laptop with two tabs; both use the running kiosk.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from kiosk.acts import signing
from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import help_calls
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.keyboard_scanner import KeyboardScanner
from tests.browser.kiosks import until
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible, axe_violations, seat_officer
from tests.browser.person import Person
from tests.serving import served

PASSWORD = "mật khẩu riêng"
MOTHER = "Nguyễn Thị Diệu Hiền"
MOTHERS_CARD = "046196000123|191234567|Nguy?n Th? Di?u Hi?n|12031996|N?|T? 5, Ph? H?u|10052021"
"""As a scanner types it that knows only ASCII."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    signing.add_person(app.extensions["context"], "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    signing.add_person(app.extensions["context"], "minhtam", name="Phan Minh Tâm", role="officer", password=PASSWORD)
    with served(app) as url:
        yield url


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def citizen(chromium: Browser, address: str) -> Iterator[Person]:
    """Open a touchscreen whose clock the test moves."""
    screen = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    page = screen.new_page()
    page.clock.install(time=clock.now())
    person = Person(page, address)
    yield person
    screen.close()
    assert person.faults == []


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Page]:
    """Open a desk at counter 2."""
    yield from _desk(chromium, address, "hoaian", counter=2)


@pytest.fixture
def other_desk(chromium: Browser, address: str) -> Iterator[Page]:
    """Open another officer's desk at counter 1."""
    yield from _desk(chromium, address, "minhtam", counter=1)


def _desk(chromium: Browser, address: str, login: str, counter: int) -> Iterator[Page]:
    laptop = chromium.new_context(**LAPTOP, base_url=address)  # type: ignore[arg-type]
    page = laptop.new_page()
    script_errors: list[str] = []
    page.on("pageerror", lambda error: script_errors.append(str(error)))
    page.set_default_timeout(PATIENCE)
    seat_officer(page, login, counter)
    expect(page.locator(".plaque")).to_contain_text("Quầy trống")
    yield page
    laptop.close()
    assert script_errors == []


def fill_in_until_father(citizen: Person) -> None:
    """Read the mother's card, and stand on the page that waits for the father's."""
    citizen.begin_birth()
    citizen.fill_mother()
    assert citizen.path == "/form/nguoi_cha"


def call(citizen: Person) -> None:
    citizen.press("Gọi cán bộ giúp")
    expect(citizen.page.locator("#call")).to_contain_text("Đã gọi, xin chờ")


def count_chimes(page: Page) -> int:
    """Return how often a tab has chimed; of the tabs of one browser only one does."""
    return int(page.locator("[data-calls]").get_attribute("data-chimes") or 0)


def leave_alone(citizen: Person) -> None:
    """Touch nothing for a minute; the screen is then covered."""
    with citizen.page.expect_navigation(url="**/covered"):
        citizen.page.clock.run_for(61_000)
    citizen.page.locator(".lock-ring").wait_for()


def test_the_panel_of_a_call_lies_above_the_two_columns_of_the_reception_page(citizen: Person, desk: Page) -> None:
    desk.goto("/officer/reception")
    fill_in_until_father(citizen)
    call(citizen)
    expect(desk.locator(".call-row")).to_be_visible()
    tops = desk.locator("main > .calls, main > section, main > aside").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1] == tops[2]


@pytest.mark.smoke
def test_a_call_is_heard_answered_and_ended_on_both_screens_without_a_reload(
    citizen: Person, desk: Page, other_desk: Page, context: Context
) -> None:
    second_tab = desk.context.new_page()
    second_tab.goto("/officer/lookup")
    second_tab.fill("#said", "PK03-26")
    desk.bring_to_front()
    desk.locator("main h1").click()
    fill_in_until_father(citizen)
    citizen.card("Cha")
    citizen.page.evaluate("document.body.dataset.same = 'yes'")
    citizen.stay()
    call(citizen)
    expect(citizen.page.locator("#help")).to_contain_text("Đã gọi lúc")
    assert axe_violations(citizen.page) == []

    for page in (desk, second_tab, other_desk):
        expect(page.locator(".call-row h2")).to_have_text("Máy 1: người dân gọi cán bộ")
        assert page.title().startswith("(1) Có người gọi · ")
    expect(desk.locator(".call-row")).to_contain_text(re.compile(r"phần 4 trên \d+"))
    until(lambda: count_chimes(desk) + count_chimes(second_tab) > 0)
    assert 0 in (count_chimes(desk), count_chimes(second_tab))
    assert second_tab.input_value("#said") == "PK03-26", "what is typed stays"
    assert_accessible(desk)
    desk.mouse.move(600, 300)
    desk.mouse.move(620, 320)

    desk.keyboard.press("Alt+t")
    expect(desk.locator(".call-row.own")).to_contain_text("Cán bộ An đang tới Máy 1")
    expect(citizen.page.locator("#call h2")).to_contain_text("Cán bộ An đang tới")
    expect(citizen.page.locator("#call")).to_contain_text("Cán bộ Lê Hoài An ở quầy 2, trả lời lúc 8:30.")
    expect(other_desk.locator("[data-call-panel]")).to_contain_text("cán bộ An ở quầy 2 đã trả lời")
    expect(desk.locator(".call-row.own [data-alt=m]")).to_contain_text("Mở tại quầy Alt M")
    assert not desk.title().startswith("(")
    assert_accessible(desk)
    assert citizen.page.evaluate("document.body.dataset.same") == "yes", "no reload"
    assert axe_violations(citizen.page) == []

    desk.get_by_role("button", name="Xong", exact=True).click()
    expect(citizen.page.locator("#help")).to_contain_text("Gọi cán bộ giúp")
    expect(citizen.page.locator("#call")).to_be_empty()
    assert citizen.page.evaluate("document.body.dataset.same") == "yes"
    with context.store.read() as db:
        assert help_calls.open_calls(db) == []


@pytest.mark.smoke
def test_a_page_that_waits_for_an_officer_is_covered_and_opens_for_the_same_card(citizen: Person, desk: Page) -> None:
    fill_in_until_father(citizen)
    citizen.card("Cha")
    call(citizen)
    leave_alone(citizen)
    assert MOTHER not in citizen.page.content()
    assert "nguoi_cha" not in citizen.page.content(), "nothing of the page behind is in the document"
    assert axe_violations(citizen.page) == []
    expect(desk.locator(".call-row")).to_contain_text("màn hình đã che")

    citizen.page.go_back()
    citizen.page.wait_for_url("**/covered")
    citizen.link("Tôi đang khai, mở bằng thẻ")
    assert axe_violations(citizen.page) == []
    KeyboardScanner(citizen.page).scan_until("**/form/nguoi_cha", MOTHERS_CARD)
    citizen.ignore_faults("410")


def test_the_cover_that_asks_for_its_state_does_not_cancel_the_way_back_to_the_form(citizen: Person) -> None:
    def answer_late(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        citizen.page.wait_for_timeout(1500)  # the cover asks twice a second, and hears that it is open
        route.fulfill(response=answer)

    citizen.begin_birth()
    mothers_page = citizen.path
    citizen.fill_mother()
    citizen.go(mothers_page)
    call(citizen)
    leave_alone(citizen)
    citizen.link("Tôi đang khai, mở bằng thẻ")
    citizen.page.route("**/covered/open", answer_late)
    KeyboardScanner(citizen.page).scan_until(f"**{mothers_page}", MOTHERS_CARD)


def test_the_officers_digits_open_the_cover_and_typed_letters_are_still_there(citizen: Person, desk: Page) -> None:
    fill_in_until_father(citizen)
    citizen.card("Cha")
    citizen.choose("cha_noi_cu_tru.stay", "19753")
    citizen.onward()
    citizen.type_by_touch("con_ho_ten", "Trần Bảo")
    call(citizen)
    expect(desk.locator(".call-row")).to_have_count(1)
    desk.keyboard.press("Alt+t")
    expect(desk.locator(".call-code b")).to_have_text(re.compile(r"^\d{4}$"))
    leave_alone(citizen)
    expect(citizen.page.locator("#covered-call")).to_contain_text("Cán bộ An đang tới")
    code = desk.locator(".call-code b").inner_text()
    citizen.link("Cán bộ mở")
    citizen.touch_digits("digits", code)
    citizen.send("Mở")
    expect(citizen.field("con_ho_ten")).to_have_value("Trần Bảo")
    expect(citizen.page.locator("#help")).to_contain_text("Có cán bộ An")


def test_four_digits_are_chosen_where_no_card_was_read(citizen: Person, desk: Page) -> None:
    citizen.go("/need/2.000635")
    citizen.choose("giay_nao", "khai_sinh")
    citizen.onward()
    citizen.send("Không có thẻ, gõ tay")
    page = citizen.path
    citizen.page.locator("#main h1").tap()
    call(citizen)
    citizen.send("Che màn hình")
    assert citizen.path == "/cover/digits"
    assert axe_violations(citizen.page) == []
    citizen.touch_digits("digits", "2580")
    citizen.send("Che màn hình")
    assert citizen.path == "/covered"
    citizen.link("Mở bằng 4 số đã chọn")
    citizen.touch_digits("digits", "2580")
    citizen.send("Mở")
    assert citizen.path == page


def test_a_press_is_not_lost_when_the_panel_changes_under_it(citizen: Person, desk: Page) -> None:
    fill_in_until_father(citizen.stay())
    call(citizen)
    expect(desk.locator(".call-row")).to_contain_text("phần 4 trên")
    button = desk.locator('[data-alt="t"]')
    button.hover()
    desk.mouse.down()
    citizen.fill_father()
    for _ in range(2):  # the second question is asked after the answer to the first
        with desk.expect_response("**/officer/calls"):
            pass
    desk.mouse.up()
    expect(desk.locator(".call-row.own")).to_contain_text("Cán bộ An đang tới")


def test_an_answer_from_before_a_touch_does_not_undo_what_the_touch_did(citizen: Person) -> None:
    def answer_late(route: Route) -> None:
        answer = route.fetch()
        citizen.page.wait_for_timeout(1500)
        route.fulfill(response=answer)

    citizen.go("/")
    citizen.page.route("**/help/state**", answer_late)
    citizen.page.get_by_role("button", name="Gọi cán bộ").tap()
    expect(citizen.page.locator("#call")).to_contain_text("Đã gọi, xin chờ")
    with citizen.page.expect_response("**/help/state**"):
        with citizen.page.expect_request("**/help/state**"):
            pass
        citizen.press("Không gọi nữa")
    expect(citizen.page.locator("#call")).to_contain_text("Đã thôi gọi")
    citizen.page.unroute_all(behavior="ignoreErrors")


def test_the_citizen_ends_the_call_and_may_call_again(citizen: Person, desk: Page) -> None:
    citizen.go("/")
    citizen.page.get_by_role("button", name="Gọi cán bộ").tap()
    expect(citizen.page.locator("#call")).to_contain_text("Đã gọi, xin chờ")
    expect(desk.locator(".call-row")).to_contain_text("Chưa vào tờ khai")
    assert axe_violations(citizen.page) == []
    citizen.press("Không gọi nữa")
    expect(citizen.page.locator("#call")).to_contain_text("Đã thôi gọi")
    citizen.press("Gọi lại")  # at once: these words and their button are there for nine seconds
    expect(citizen.page.locator("#call")).to_contain_text("Đã gọi, xin chờ")
    expect(desk.locator(".call-row")).to_have_count(1)
    citizen.press("Không gọi nữa")
    expect(desk.locator(".call-row")).to_have_count(0)
    citizen.page.clock.run_for(9_000)
    expect(citizen.page.get_by_role("button", name="Gọi cán bộ")).to_be_visible()


def test_reading_and_scan_pages_wait_three_minutes_and_answers_one(citizen: Person) -> None:
    citizen.go_to_card()
    citizen.page.clock.pause_at(clock.now() + timedelta(hours=1))
    citizen.page.reload()
    citizen.page.clock.run_for(175_000)
    assert citizen.page.locator("#idle").is_hidden()
    citizen.page.clock.run_for(8_000)
    expect(citizen.page.locator("#idle")).to_be_visible()
    citizen.press("Còn khai tiếp")
    citizen.card("Mẹ")
    citizen.page.clock.run_for(62_000)
    expect(citizen.page.locator("#idle")).to_be_visible()
    left = int(citizen.page.locator("[data-left]").inner_text())
    citizen.page.clock.run_for(5_000)
    assert int(citizen.page.locator("[data-left]").inner_text()) == left - 5
