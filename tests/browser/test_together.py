"""A citizen and an officer in one draft, both screens side by side: the call, turns to and fro, the way back."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import draft_turns, signing
from kiosk.acts.draft_turns import SILENT_SECONDS, Desk
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import drafts
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.laptop import LAPTOP, PATIENCE, assert_accessible, axe_violations, seat_officer
from tests.browser.network import fail_once
from tests.browser.person import Person
from tests.serving import served

PASSWORD = "mật khẩu riêng"
NAME = "Trần Nguyễn Bảo Ng"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    signing.add_person(app.extensions["context"], "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    with served(app) as url:
        yield url


@pytest.fixture
def citizen(chromium: Browser, address: str) -> Iterator[Person]:
    screen = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    person = Person(screen.new_page(), address).stay()
    yield person
    screen.close()
    assert person.faults == []


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Page]:
    """Open a desk at counter 2."""
    laptop = chromium.new_context(**LAPTOP, base_url=address)  # type: ignore[arg-type]
    page = laptop.new_page()
    script_errors: list[str] = []
    page.on("pageerror", lambda error: script_errors.append(str(error)))
    page.set_default_timeout(PATIENCE)
    seat_officer(page, "hoaian", counter=2)
    expect(page.locator(".plaque")).to_contain_text("Quầy trống")
    yield page
    laptop.close()
    assert script_errors == []


@pytest.mark.smoke
def test_a_called_officer_types_and_the_citizen_sees_it_and_takes_the_turn(citizen: Person, desk: Page) -> None:
    screen = citizen.page
    citizen.begin_birth()
    citizen.fill_mother()
    citizen.fill_father()
    citizen.field("con_ho_ten").fill("Trần")
    screen.get_by_role("button", name="Gọi cán bộ giúp").tap()
    desk.get_by_role("button", name="Mở tại quầy").click()

    expect(screen.locator("h1")).to_have_text("Cán bộ An đang gõ giúp, ở quầy 2")
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")
    expect(desk.locator("#con_ho_ten")).to_have_value("Trần")
    desk.locator("#con_ho_ten").fill(NAME)
    expect(screen.locator(".together-typed")).to_contain_text(NAME.upper())
    assert screen.locator("main input, main textarea").count() == 0
    assert_accessible(desk)
    assert axe_violations(screen) == []

    screen.get_by_role("button", name="Tôi muốn tự khai").tap()
    expect(citizen.field("con_ho_ten")).to_have_value(NAME)
    expect(desk.locator("#turn-box")).to_contain_text("đang giữ lượt gõ")
    expect(desk.locator("#turn-box")).to_contain_text("Người dân ở")
    expect(desk.locator("#answer")).to_have_attribute("inert", "")
    citizen.field("con_ho_ten").fill(f"{NAME}ọc")
    expect(desk.locator("#con_ho_ten")).to_have_value(f"{NAME}ọc")
    expect(screen.locator("#turn-watch")).to_contain_text("Cán bộ An đang xem cùng")


def test_the_desk_asks_for_the_turn_and_the_citizen_answers(citizen: Person, desk: Page) -> None:
    screen = citizen.page
    share_after_call(citizen, desk)
    screen.get_by_role("button", name="Tôi muốn tự khai").tap()
    expect(desk.get_by_role("button", name="Xin lượt")).to_be_visible()
    desk.get_by_role("button", name="Xin lượt").click()
    question = screen.locator("#turn-ask")
    expect(question).to_contain_text("Cán bộ An xin gõ giúp")
    question.get_by_role("button", name="Tôi tự khai").tap()
    expect(desk.locator("#turn-box")).to_contain_text("Người dân chưa nhường lượt.")
    desk.keyboard.press("Alt+l")
    question.get_by_role("button", name="Đồng ý").tap()
    expect(screen.locator("h1")).to_have_text("Cán bộ An đang gõ giúp, ở quầy 2")
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")


def share_after_call(citizen: Person, desk: Page) -> None:
    """Open the draft of a citizen who called, at the page of the child's name."""
    citizen.begin_birth()
    citizen.fill_mother()
    citizen.fill_father()
    citizen.page.get_by_role("button", name="Gọi cán bộ giúp").tap()
    desk.get_by_role("button", name="Mở tại quầy").click()
    expect(citizen.page.locator("h1")).to_have_text("Cán bộ An đang gõ giúp, ở quầy 2")


def test_the_draft_goes_back_to_the_screen_with_what_was_typed(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")
    desk.locator("#con_ho_ten").fill(NAME)
    desk.get_by_role("button", name="Đưa lên").click()
    expect(desk.get_by_text("Bản khai đã về màn hình của người dân.")).to_be_visible()
    expect(citizen.field("con_ho_ten")).to_have_value(NAME)


def test_a_page_that_the_desk_opens_is_the_page_that_the_screen_shows(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")
    desk.locator(".assist-pages a").nth(1).click()
    expect(citizen.page.locator("#together h2").first).to_contain_text("cha", ignore_case=True)


def test_text_whose_storing_failed_is_stored_when_the_server_is_back(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    citizen.page.get_by_role("button", name="Tôi muốn tự khai").tap()
    expect(desk.locator("#turn-box")).to_contain_text("Người dân ở")
    fail_once(citizen.page, "**/live")
    citizen.field("con_ho_ten").fill(NAME)
    expect(desk.locator("#con_ho_ten")).to_have_value(NAME)
    citizen.ignore_faults("ERR_FAILED")


def test_a_turn_that_could_not_be_given_is_asked_for_again(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    citizen.page.get_by_role("button", name="Tôi muốn tự khai").tap()
    desk.get_by_role("button", name="Xin lượt").click()
    agree = citizen.page.locator("#turn-ask").get_by_role("button", name="Đồng ý")
    fail_once(citizen.page, "**/form/turn/grant")
    with citizen.page.expect_event("requestfailed"):
        agree.tap()
    agree.tap()
    expect(citizen.page.locator("h1")).to_have_text("Cán bộ An đang gõ giúp, ở quầy 2")
    citizen.ignore_faults("ERR_FAILED")


def test_text_that_was_typed_while_the_server_was_away_is_shown_after_the_desk_took_the_turn(
    citizen: Person, app: Flask, clock: FixedClock
) -> None:
    context: Context = app.extensions["context"]
    citizen.begin_birth()
    citizen.fill_mother()
    citizen.fill_father()
    citizen.page.route("**/form/turn?*", lambda route: route.abort())
    citizen.field("con_ho_ten").fill(NAME)
    with context.store.read() as db:
        (draft,) = drafts.list_all(db)
    clock.advance(SILENT_SECONDS + 1)
    draft_turns.open_at_desk(context, draft.id, Desk(officer="CB01", counter=2))
    assert draft_turns.ask(context, draft.id, "CB01").holder == "desk"
    citizen.page.unroute("**/form/turn?*")
    expect(citizen.page.locator("main")).to_contain_text("Chưa ghi vào tờ khai")
    expect(citizen.page.locator("main")).to_contain_text(NAME)
    citizen.ignore_faults("ERR_FAILED")
    citizen.ignore_faults("409")


def test_text_of_the_desk_whose_storing_failed_is_stored_when_the_server_is_back(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")
    fail_once(desk, "**/live")
    desk.locator("#con_ho_ten").fill(NAME)
    expect(citizen.page.locator(".together-typed")).to_contain_text(NAME.upper())


def test_text_of_the_desk_that_is_stored_nowhere_when_the_citizen_takes_the_turn_stays_on_its_page(
    citizen: Person, desk: Page
) -> None:
    share_after_call(citizen, desk)
    expect(desk.locator("#turn-box")).to_contain_text("Cán bộ An đang giữ lượt gõ.")
    desk.route("**/live", lambda route: route.abort())
    desk.locator("#con_ho_ten").fill(NAME)
    citizen.page.get_by_role("button", name="Tôi muốn tự khai").tap()
    expect(citizen.field("con_ho_ten")).to_have_value("")
    with desk.expect_event("requestfailed"):
        pass
    desk.unroute("**/live")
    expect(desk.locator("[data-unsaved]")).to_contain_text(NAME)
    expect(desk.locator("#answer")).to_have_attribute("inert", "")


def test_a_turn_that_the_citizen_could_not_take_is_taken_by_the_next_touch(citizen: Person, desk: Page) -> None:
    share_after_call(citizen, desk)
    take = citizen.page.get_by_role("button", name="Tôi muốn tự khai")
    citizen.page.route("**/form/turn/take", lambda route: route.abort())
    with citizen.page.expect_event("requestfailed"):
        take.tap()
    citizen.page.unroute("**/form/turn/take")
    take.tap()
    expect(citizen.field("con_ho_ten")).to_be_visible()
    expect(desk.locator("#turn-box")).to_contain_text("Người dân ở")
    citizen.ignore_faults("ERR_FAILED")
