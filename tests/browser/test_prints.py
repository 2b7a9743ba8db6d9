"""A typical birth at the desk, from the call to the papers at the counter's printer, counted in actions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.config import Config
from kiosk.config.list_sections import OfficePrinterSection
from kiosk.context import Context
from kiosk.startup.wiring import open_printers
from kiosk.worker import Worker
from printers import spool
from printers.virtual.office import VirtualOfficePrinter
from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.laptop import (
    LAPTOP,
    PATIENCE,
    add_officer,
    assert_accessible,
    open_laptop,
    seat_officer,
    sign_in_officer,
    wait_for_page,
)
from tests.browser.person import Person
from tests.papers.forms import words_of_pdf

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
def desk(app: Flask, birth_filed: Context, ward_chromium: Browser) -> Iterator[Page]:
    """Open an officer's desk at counter 1, with a mother's form in the queue."""
    context = birth_filed
    add_officer(context)
    with open_laptop(ward_chromium, app) as page:
        seat_officer(page, "hoaian", counter=1)
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
    expect(desk.locator("main .note")).to_contain_text("Đã tiếp nhận hồ sơ")
    hand.press("F10")
    return hand


@pytest.mark.smoke
def test_a_birth_is_called_accepted_and_printed_with_at_most_eight_actions(
    desk: Page, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    hand = _accept_and_print(desk)
    expect(desk.locator("main .note")).to_contain_text("Giấy đang in ở máy in của quầy")
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
    expect(desk.locator("main .note")).to_contain_text("Giấy đang in")
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


def test_a_press_on_a_paper_is_not_lost_when_the_papers_change_under_it(
    app: Flask, desk: Page, worker: Worker, printer: VirtualOfficePrinter
) -> None:
    printer.fault = "paper_out"
    _accept_and_print(desk)
    expect(desk.locator("main .note")).to_contain_text("Giấy đang in")
    for _ in range(4):
        worker.step()
    failed = desk.locator(".prints .waiting")
    expect(failed).to_have_count(2)
    button = failed.nth(1).get_by_role("button", name="Thôi in")
    button.hover()
    desk.mouse.down()
    context: Context = app.extensions["context"]
    with context.store.write() as db:
        ids = {job.id for job in spool.list_jobs(db, ["waiting"]) if job.kind == f"office:{NAME}"}
        other = ids - {int(str(button.get_attribute("id")).removeprefix("drop-"))}
        spool.cancel(db, other.pop(), "test", context.clock.now())
    for _ in range(2):  # 5 s each: the papers have been asked for after the change
        with desk.expect_response("**/prints"):
            pass
    with desk.expect_request("**/drop"):
        desk.mouse.up()
    expect(failed).to_have_count(0)


@pytest.fixture
def own_kiosk(tmp_path: Path) -> Iterator[PracticeKiosk]:
    """Start a practice kiosk with a virtual office printer, as docs/technician.md says."""
    section = '[[office_printer]]\nkind = "virtual"\n\n'
    kiosk = PracticeKiosk(tmp_path, {"# [[office_printer]]": f"{section}# [[office_printer]]"})
    yield kiosk
    kiosk.stop()


def test_in_practice_f10_prints_at_the_virtual_printer_and_the_practice_page_opens_the_paper(
    own_kiosk: PracticeKiosk, new_person: Callable[[str], Person], chromium: Browser
) -> None:
    new_person(own_kiosk.address).file_birth()
    officer = re.search(r"officers .*? (\w+) \(officer\).* password (\S+)", own_kiosk.output.read_text("utf-8"))
    assert officer
    laptop = chromium.new_context(**LAPTOP)  # type: ignore[arg-type]
    page = laptop.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{own_kiosk.address}/officer/")
    sign_in_officer(page, officer[1], officer[2], counter=1)
    hand = Hand(page)
    hand.press("F2")
    expect(page.locator(".plaque b")).to_be_visible()
    hand.press("F7")
    expect(page.locator(".plaque")).to_contain_text("ở quầy")
    hand.press("F10")
    expect(page.locator(".prints .printed")).to_contain_text("Tờ khai: đã in lúc", timeout=PATIENCE)
    papers = own_kiosk.data / "paper"
    until(lambda: list(papers.glob("office-*.pdf")))
    page.goto(f"{own_kiosk.address}/practice/paper")
    address = page.get_by_role("link", name="Giấy 1").get_attribute("href")
    assert "TỜ KHAI" in words_of_pdf(page.request.get(f"{own_kiosk.address}{address}").body())
    laptop.close()
