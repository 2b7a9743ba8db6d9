"""A typical birth at the desk, from the call to the papers at the counter's printer, counted in actions."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from kiosk.config import Config
from kiosk.config.sections import OfficePrinterSection
from kiosk.context import Context
from kiosk.wiring import open_printers
from kiosk.worker import Worker
from printers.virtual.office import VirtualOfficePrinter
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_officer, wait_for_page
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

PASSWORD = "mật khẩu riêng"
NAME = "Máy in A4"
MOST_ACTIONS = 8


class Hand:
    """The officer's hand at one page: counts each key of a command, and each field that is typed, as one action."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions: list[str] = []

    def press(self, key: str) -> None:
        wait_for_page(self.page)
        self.actions.append(key)
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        wait_for_page(self.page)
        self.actions.append(text)
        self.page.keyboard.type(text)


@pytest.fixture
def printer() -> Iterator[VirtualOfficePrinter]:
    with VirtualOfficePrinter() as virtual:
        yield virtual


@pytest.fixture
def practice(practice: Config, printer: VirtualOfficePrinter) -> Config:
    """Name an office printer at every counter."""
    return replace(
        practice,
        office_printers=(OfficePrinterSection(name=NAME, address=printer.address),),
    )


@pytest.fixture
def worker(app: Flask, practice: Config) -> Worker:
    office_only = {kind: found for kind, found in open_printers(practice).items() if kind.startswith("office:")}
    return Worker(app.extensions["context"], None, office_only)


@pytest.fixture
def desk(app: Flask, walker: Walker, chromium: Browser) -> Iterator[Page]:
    """Open an officer's desk at counter 1, with a mother's form in the queue."""
    submit(birth_until_check(walker))
    context: Context = app.extensions["context"]
    signing.add_person(context, "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    with open_laptop(chromium, app, "/officer/") as page:
        sign_in_officer(page, "hoaian", PASSWORD, counter=1)
        expect(page.locator(".plaque")).to_contain_text("Quầy trống")
        yield page


def _accept_and_print(desk: Page) -> Hand:
    """Call, look at each paper, accept with the official number, and print."""
    hand = Hand(desk)
    hand.press("F2")
    expect(desk.locator(".plaque b")).to_have_text("A001")
    hand.press("F7")
    expect(desk.locator(".plaque")).to_contain_text("ở quầy")
    boxes = desk.locator("#ticks [name=seen]")
    for number in range(2):
        hand.press(str(number + 1))
        expect(boxes.nth(number)).to_be_checked()
    hand.press("F9")
    expect(desk.locator("#official_no")).to_be_focused()
    hand.type("H57.132-261124-0042")
    hand.press("F9")
    expect(desk.locator(".note")).to_contain_text("Đã tiếp nhận hồ sơ")
    hand.press("F10")
    return hand


def test_a_birth_is_called_accepted_and_printed_with_at_most_eight_actions(
    desk: Page, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    hand = _accept_and_print(desk)
    expect(desk.locator(".note")).to_contain_text("Giấy đang in ở máy in của quầy")
    assert_accessible(desk)
    for _ in range(4):
        worker.step()
    expect(desk.locator(".prints .printed")).to_have_count(2)
    words = [words_of_pdf(paper) for paper in printer.papers]
    assert ["H57.132-261124-0042" in words[0], "TỜ KHAI" in words[1]] == [True, True]
    assert len(hand.actions) <= MOST_ACTIONS, hand.actions
    assert_accessible(desk)


def test_a_failed_paper_says_what_to_do_and_opens_as_a_pdf(
    desk: Page, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    printer.fault = "paper_out"
    _accept_and_print(desk)
    expect(desk.locator(".note")).to_contain_text("Giấy đang in")
    for _ in range(4):
        worker.step()
    failed = desk.locator(".prints .waiting")
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text("Khay hết giấy. Nạp giấy vào khay")
    assert_accessible(desk)
    with desk.context.expect_page() as paper:
        failed.first.get_by_role("link", name="Mở PDF").click()
    expect(paper.value).to_have_url(re.compile(r"\.pdf$"))
    paper.value.close()
    failed.nth(1).get_by_role("button", name="Thôi in").click()
    expect(desk.locator(".prints li")).to_have_count(1)
