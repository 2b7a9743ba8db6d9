"""The desk when the server is away, the session ends or the desk is locked: nothing that was typed is lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import staffing
from kiosk.context import Context
from kiosk.records import staff
from tests.browser.laptop import (
    LAPTOP,
    PASSWORD,
    PATIENCE,
    add_officer,
    assert_accessible,
    call_next,
    seat_officer,
    sign_in_officer,
    wait_for_page,
)
from tests.browser.network import wait_for_worker
from tests.ports import free_port
from tests.serving import served_at

REASON = "Chưa có giấy chứng sinh bản chính"
POLL = "/alive"
STARTED = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
POLL_EVERY = 1500
"""Milliseconds of the page's clock between two polls; a poll waits 1300 for its answer, so both are under 3 s."""


class Server:
    """The kiosk's server, which a test stops and starts again at the same URL."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._port = free_port()
        self._running = ExitStack()
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        self._running.enter_context(served_at(self._app, self._port))

    def stop(self) -> None:
        self._running.close()


@pytest.fixture
def context(birth_filed: Context) -> Context:
    context = birth_filed
    add_officer(context)
    return context


@pytest.fixture
def server(app: Flask, context: Context) -> Iterator[Server]:
    server = Server(app)
    yield server
    server.stop()


@pytest.fixture
def desk(server: Server, chromium: Browser) -> Iterator[Page]:
    """Open the form of a called number at counter 1."""
    browser_context = chromium.new_context(**LAPTOP, base_url=server.address)  # type: ignore[arg-type]
    page = browser_context.new_page()
    page.set_default_timeout(PATIENCE)
    seat_officer(page, "hoaian", counter=1)
    call_next(page)
    wait_for_worker(page)
    yield page
    browser_context.close()


def _begin_refusal(desk: Page) -> None:
    wait_for_page(desk)
    desk.get_by_role("button", name="Từ chối").click()
    desk.wait_for_url("**/refused")
    wait_for_page(desk)
    desk.fill("#reason", REASON)


@pytest.mark.smoke
def test_a_decision_that_was_typed_while_the_server_was_away_is_sent_when_it_is_back(
    desk: Page, server: Server, context: Context
) -> None:
    _begin_refusal(desk)
    server.stop()
    expect(desk.locator(".offline")).to_be_visible(timeout=PATIENCE)
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-unsent]")).to_be_visible(timeout=PATIENCE)
    expect(desk.locator("#reason")).to_have_value(REASON)
    desk.keyboard.press("Control+Enter")
    server.start()
    expect(desk.locator("main .note")).to_contain_text("Đã ghi từ chối tiếp nhận", timeout=PATIENCE)
    with context.store.read() as db:
        assert db.execute("select count(*) from decisions").fetchall() == [(1,)]


def test_a_link_waits_and_a_reload_shows_our_own_words(desk: Page, server: Server) -> None:
    _begin_refusal(desk)
    server.stop()
    desk.get_by_role("link", name="Tra cứu").press("Enter")
    expect(desk.locator(".offline")).to_be_visible(timeout=PATIENCE)
    expect(desk.locator("#reason")).to_have_value(REASON)
    desk.evaluate("location.reload()")
    expect(desk.get_by_role("heading", name="Mất kết nối với máy chủ")).to_be_visible(timeout=PATIENCE)
    server.start()
    expect(desk.locator("#decide")).to_be_visible(timeout=PATIENCE)


def test_what_was_typed_when_the_lead_ended_the_session_comes_back_after_the_sign_in(
    desk: Page, context: Context
) -> None:
    _begin_refusal(desk)
    with context.store.read() as db:
        person = staff.by_login(db, "hoaian")
    assert person
    staffing.set_role(context, person.code, "lead", actor=person.code)
    desk.wait_for_url("**/signin?said=kept", timeout=PATIENCE)
    expect(desk.locator(".bad")).to_contain_text("được giữ kín")
    sign_in_officer(desk, "hoaian", PASSWORD, counter=1)
    desk.get_by_role("link", name="Chỗ gõ dở").click()
    expect(desk.locator("main")).to_contain_text(REASON)
    wait_for_page(desk)
    assert_accessible(desk)
    desk.get_by_role("link", name="Mở trang có chữ này").click()
    expect(desk.locator("#reason")).to_have_value(REASON)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("main .note")).to_contain_text("Đã ghi từ chối tiếp nhận", timeout=PATIENCE)
    expect(desk.get_by_role("link", name="Chỗ gõ dở")).to_be_hidden()


def test_a_press_on_a_desk_that_was_locked_elsewhere_is_done_after_the_pin(desk: Page, context: Context) -> None:
    _begin_refusal(desk)
    with context.store.write() as db:
        db.execute("update sittings set is_locked = 1")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("dialog.lock")).to_be_visible(timeout=PATIENCE)
    desk.fill("dialog [name=pin]", PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.locator("main .note")).to_contain_text("Đã ghi từ chối tiếp nhận", timeout=PATIENCE)


def test_an_error_of_a_form_keeps_what_was_typed_and_the_next_press_is_sent(desk: Page) -> None:
    _begin_refusal(desk)
    desk.fill("#reason", " ")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".wrong")).to_be_visible()
    wait_for_page(desk)
    assert "/answer/" not in desk.url
    desk.fill("#reason", REASON)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("main .note")).to_contain_text("Đã ghi từ chối tiếp nhận", timeout=PATIENCE)


@dataclass
class Polls:
    """The desk at a clock of its own that stands still, and the polls that it has begun."""

    page: Page
    begun: list[str]

    def pass_time(self, milliseconds: int) -> None:
        """Let the page's clock go on; wait for the poll of this time to fail."""
        with self.page.expect_event("requestfailed", lambda request: request.url.endswith(POLL), timeout=PATIENCE):
            self.page.clock.run_for(milliseconds)


@pytest.fixture
def polls(desk: Page) -> Polls:
    begun: list[str] = []
    desk.clock.install(time=STARTED)
    desk.clock.pause_at(STARTED + timedelta(seconds=1))
    desk.add_init_script("addEventListener('desk-connected', () => (window.answered = true), { once: true })")
    desk.goto("/officer/")
    desk.evaluate("window.answered || new Promise((done) => addEventListener('desk-connected', done, { once: true }))")
    desk.on("request", lambda request: begun.append(request.url) if request.url.endswith(POLL) else None)
    return Polls(desk, begun)


def test_a_server_that_goes_away_is_told_by_the_first_poll_after_it(polls: Polls, server: Server) -> None:
    expect(polls.page.locator(".offline")).to_be_hidden()
    server.stop()
    polls.pass_time(POLL_EVERY)
    expect(polls.page.locator(".offline")).to_be_visible(timeout=PATIENCE)
    assert len(polls.begun) == 1
