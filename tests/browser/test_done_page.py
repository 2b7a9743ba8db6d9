"""The done page: it stays while an officer is called, and tells what became of the slip."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

import printers.spool
from kiosk.base import clock
from printers.spool import SendResult
from tests.browser.glass import kiosk_with, person_before
from tests.browser.person import Person
from tests.browser.screens import SCREENS
from tests.browser.walks import COOKIE
from tests.journeys.typical import Case
from tests.journeys.walker import Walker

TICKS = 1500  # ms: three ticks of static/idle.js


@pytest.fixture
def app(tmp_path: Path, shared_app: Flask) -> Iterator[Flask]:
    with kiosk_with(SCREENS["1366x768"], tmp_path, shared_app) as app:
        yield app


@pytest.fixture
def person(app: Flask, chromium: Browser) -> Iterator[Person]:
    with person_before(app, chromium) as person:
        yield person


@pytest.fixture
def done(app: Flask, person: Person) -> Page:
    """Submit the typical birth in process, and open its last page."""
    case = Case(Walker(app), "1.001193", cards=True)
    case.walk()
    cookie = case.walker.browser.get_cookie(COOKIE)
    assert cookie is not None
    person.page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": person.address}])
    return person.go("/done").page


def _wait(page: Page, seconds: int) -> None:
    """Let seconds pass without a touch."""
    page.clock.set_fixed_time(clock.now() + timedelta(seconds=seconds))
    page.wait_for_timeout(TICKS)


@pytest.mark.smoke
def test_the_number_stays_while_an_officer_is_called(person: Person, done: Page) -> None:
    person.press("Phiếu chưa ra")
    done.locator(".foot").get_by_text("Đã gọi").first.tap()
    expect(done.locator("#call")).to_contain_text("máy không xóa gì")
    expect(done.locator(".closes")).to_be_hidden()
    _wait(done, 300)
    assert person.path == "/done"
    person.press("Không gọi nữa")
    expect(done.locator("#call[data-called]")).to_have_count(0)
    _wait(done, 330)
    assert person.path == "/done", "its minute begins again"
    _wait(done, 400)
    done.wait_for_url("**/")


def test_without_a_call_the_page_closes_after_its_minute(person: Person, done: Page) -> None:
    expect(done.locator(".closes")).to_contain_text("60 giây")
    _wait(done, 70)
    done.wait_for_url("**/")
    assert person.path == "/"


def test_a_drawn_number_stays_while_an_officer_is_called(app: Flask, person: Person) -> None:
    page = person.go("/ticket").page
    person.follow(page.locator(".found .tile").first)
    person.press("Phiếu chưa ra")
    expect(page.locator("#call[data-called]")).to_be_attached()
    _wait(page, 300)
    expect(page.locator("#idle")).to_be_hidden()
    assert person.path == "/ticket"


def _print_slip(app: Flask, result: SendResult) -> None:
    """Do with the slip what a printer's thread does."""
    context = app.extensions["context"]
    with context.store.write() as db:
        (job,) = printers.spool.list_jobs(db, ("queued", "waiting"))
        now = context.clock.now()
        printers.spool.mark_sending(db, job.id, now)
        printers.spool.record_result(db, job.id, result, now)


def test_a_person_whose_slip_lacks_paper_is_told_to_remember_the_number(app: Flask, done: Page) -> None:
    number = done.locator(".number").inner_text()
    slip = done.locator(".slip")
    expect(slip).to_contain_text("Phiếu đang in.")
    _print_slip(app, SendResult("waiting", "paper_out"))
    expect(slip.locator(".notice:visible")).to_have_text(f"Máy hết giấy. Xin nhớ số {number}.")
    expect(done.locator(".steps")).to_contain_text("Chờ gọi số")
    expect(done.locator(".steps")).not_to_contain_text("phiếu")
    _print_slip(app, SendResult("printed"))
    expect(slip.locator(".notice:visible")).to_have_count(0)
    expect(slip).to_contain_text("Phiếu đã in. Mời lấy ở khe giấy và giữ lại.")


def test_a_slip_that_another_fault_stops_is_not_blamed_on_the_paper(app: Flask, done: Page) -> None:
    _print_slip(app, SendResult("waiting", "cover"))
    notice = done.locator(".slip .notice:visible")
    expect(notice).to_contain_text("Phiếu chưa in được. Xin nhớ số")
