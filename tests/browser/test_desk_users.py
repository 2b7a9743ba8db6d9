"""Two officers and one case: each sees that the other has it open, and what the other decided; typed text stays."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from tests.browser.laptop import (
    PASSWORD,
    add_officer,
    assert_accessible,
    call_next,
    open_counter,
    wait_for_page,
)
from tests.journeys.people import begin_birth, mother_registers
from tests.journeys.submission_checks import only_submission
from tests.journeys.walker import Walker
from tests.serving import served

WITHIN = 2000
"""Milliseconds of the page's clock in which a colleague is named."""


@pytest.fixture
def address(app: Flask, birth_filed: Context) -> Iterator[str]:
    """Serve a ward with two officers and a mother's form."""
    add_officer(birth_filed)
    signing.add_person(birth_filed, "minhtam", name="Lê Minh Tâm", role="officer", password=PASSWORD)
    with served(app) as url:
        yield url


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Page]:
    """Open an officer's browser at counter 1."""
    page = open_counter(chromium, address, "hoaian", 1)
    yield page
    page.context.close()


@pytest.fixture
def colleague(chromium: Browser, address: str) -> Iterator[Page]:
    """Open another officer's browser at counter 2."""
    page = open_counter(chromium, address, "minhtam", 2)
    yield page
    page.context.close()


def _seek(page: Page, receipt_no: str) -> None:
    page.goto("/officer/lookup")
    page.fill("#said", receipt_no)
    page.keyboard.press("Enter")
    expect(page.locator(".found td").first).to_contain_text(receipt_no)
    wait_for_page(page)


def _open_case(page: Page, case_id: str) -> None:
    page.goto(f"/officer/case/{case_id}")
    page.check("input[name=reason][value=asked]", force=True)
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.locator(".case-head")).to_be_visible()
    wait_for_page(page)


@pytest.mark.smoke
def test_a_row_of_the_look_up_and_the_page_of_a_case_name_who_opens_it_and_no_longer_who_closes_it(
    desk: Page, colleague: Page, birth_filed: Context
) -> None:
    case = only_submission(birth_filed)
    desk.clock.install()
    _seek(desk, case.receipt_no)
    mark = desk.locator("[data-in-use]")
    expect(mark).to_be_hidden()
    _open_case(colleague, case.id)
    desk.clock.run_for(WITHIN)
    expect(mark).to_have_text("Lê Minh Tâm đang mở tại quầy 2")
    assert_accessible(desk)
    _open_case(desk, case.id)
    here = desk.locator("[data-case-users]")
    expect(here).to_have_text("Cán bộ Lê Minh Tâm đang mở hồ sơ này tại quầy 2.")
    expect(colleague.locator("[data-case-users]")).to_have_text("Cán bộ Lê Hoài An đang mở hồ sơ này tại quầy 1.")
    colleague.get_by_role("button", name="Đóng hồ sơ").click()
    expect(colleague.locator("#said")).to_be_visible()
    desk.clock.run_for(WITHIN)
    expect(here).to_be_hidden()


def _find_draft(page: Page) -> None:
    page.goto("/officer/assist/new")
    page.fill("#name", "nguyen thi dieu hien")
    page.get_by_role("button", name="Tìm bản khai dở").click()
    expect(page.get_by_role("button", name="Mở tại quầy")).to_be_visible()
    wait_for_page(page)


def test_a_draft_that_was_found_by_name_names_the_colleague_who_opens_it_while_the_list_is_shown(
    desk: Page, colleague: Page, walker: Walker
) -> None:
    mother_registers(begin_birth(walker))
    desk.clock.install()
    _find_draft(desk)
    mark = desk.locator("[data-in-use]")
    expect(mark).to_be_hidden()
    _find_draft(colleague)
    colleague.select_option("select[name=reason]", index=1)
    colleague.get_by_role("button", name="Mở tại quầy").click()
    colleague.wait_for_url("**/assist/*/**")
    wait_for_page(colleague)
    desk.clock.run_for(WITHIN)
    expect(mark).to_have_text("Lê Minh Tâm đang khai tại quầy 2")
    assert_accessible(desk)


def test_a_decision_of_a_colleague_is_named_and_the_text_that_is_typed_stays(
    desk: Page, colleague: Page, birth_filed: Context, clock: FixedClock
) -> None:
    case = only_submission(birth_filed)
    call_next(desk)
    desk.goto(f"/officer/case/{case.id}/supplement")
    desk.fill("#lines", "Giấy chứng sinh có dấu")
    _open_case(colleague, case.id)
    colleague.goto(f"/officer/case/{case.id}/accepted")
    wait_for_page(colleague)
    clock.advance(60)
    colleague.locator("button.main[form=decide]").click()
    expect(colleague.locator(".undo")).to_be_visible()
    news = desk.locator("[data-case-state]")
    expect(news).to_contain_text("Cán bộ Lê Minh Tâm vừa ghi tiếp nhận cho hồ sơ này")
    expect(desk.locator("#lines")).to_have_value("Giấy chứng sinh có dấu")
