"""A transfer of practice, from the press to the page: bank, web hook, feed, kiosk, screen, each over its own socket."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.papers.fee import PRACTICE_ACCOUNT
from kiosk.records import fees
from kiosk.startup.wiring import open_enrolling_portal
from kiosk.worker import Worker
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, serve_in_thread
from sync.gateway.payments import bank_accounts
from tests.journeys.submission_checks import only_submission
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_fees import _press, desk

__all__ = ["desk"]
CODE = codes.token()
UNIT = "H57.99.01"
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


@pytest.fixture
def gateway(tmp_path: Path, clock: FixedClock) -> Iterator[Gateway]:
    settings = GatewaySettings(
        database=str(tmp_path / "gateway.db"),
        now=clock.now,
        token=codes.token,
        practice=True,
        enrolment=(Enrolment(CODE, "PK03", UNIT),),
    )
    made, thread = serve_in_thread(settings)
    yield made
    made.close()
    thread.join(5)


@pytest.fixture
def practice(practice: Config, gateway: Gateway, clock: FixedClock) -> Config:
    """Run the practice kiosk with the gateway of the test, which has written its bank account down."""
    with gateway.app.extensions["gateway"].engine.begin() as db:
        account = bank_accounts.set_account(db, UNIT, PRACTICE_ACCOUNT.account, clock.now())
    practice.folder.mkdir(parents=True, exist_ok=True)
    practice.practice_bank_path.write_text(f"{account.account_id} {account.secret}\n", encoding="ascii")
    return replace(practice, portal=replace(practice.portal, url=gateway.url))


@pytest.fixture
def work(app: Flask, practice: Config) -> Iterator[Callable[[], None]]:
    """Return a function that lets the worker do what is due."""
    context: Context = app.extensions["context"]
    portal = open_enrolling_portal(practice)
    assert portal is not None
    portal.enrol(CODE, UNIT)
    worker = Worker(context, portal, {}, AT_ONCE)

    def run(rounds: int = 12) -> None:
        for _ in range(rounds):
            context.clock.advance(3)  # type: ignore[attr-defined]
            worker.step()

    yield run
    worker.close()


def _pay(desk: Desk, press: str) -> int:
    """Press a button of the bank of practice; return the status of the answer."""
    match = re.search(r'action="(/officer/practice/transfer/[^"]+)"', desk.page)
    assert match, desk.words
    return desk.browser.post(match[1], data={"csrf": desk.token, "press": press}).status_code


def _live(desk: Desk) -> str:
    match = re.search(r'data-live-part="(/officer/transfer/[^"]+)"', desk.page)
    assert match, desk.page
    return " ".join(desk.browser.get(match[1]).get_data(as_text=True).split())


def test_a_class_sees_a_transfer_go_from_the_bank_to_the_screen(desk: Desk, work: Callable[[], None]) -> None:
    _press(desk, "screen")
    assert "Chưa thấy tiền về" in desk.words
    assert _pay(desk, "full") == 204
    assert "Chưa thấy tiền về" in _live(desk)
    work()
    assert "Đã nhận 16.000" in _live(desk)
    assert "Lệ phí đã thu 16.000 đồng" in desk.go("/officer/").words
    assert "ngân hàng báo" in desk.words


@pytest.mark.parametrize(
    ("press", "words"), [("part", "Thiếu 8.000"), ("twice", "Thừa 16.000"), ("keyless", "Chưa thấy tiền về")]
)
def test_each_press_leads_to_its_own_words(desk: Desk, work: Callable[[], None], press: str, words: str) -> None:
    _press(desk, "screen")
    assert _pay(desk, press) == 204
    work()
    assert words in _live(desk)


def test_two_presses_are_two_movements(desk: Desk, work: Callable[[], None]) -> None:
    _press(desk, "screen")
    for _ in range(2):
        assert _pay(desk, "part") == 204
        work()
    assert "Đã nhận 16.000" in _live(desk)
    with desk.context.store.read() as db:
        (row,) = fees.of_case(db, only_submission(desk.context).receipt_no)
    assert (row.amount, row.method, row.state) == (16_000, "transfer", "paid")


def test_a_lead_finds_money_without_a_key_in_the_list(desk: Desk, work: Callable[[], None]) -> None:
    _press(desk, "screen")
    _pay(desk, "keyless")
    work()
    lead = Desk(desk.browser.application, "phuong", counter=2, role="lead")
    assert "Không có mã khoản" in lead.go("/officer/payments?only=unknown").words


def test_a_gateway_that_is_away_is_said_on_the_page(desk: Desk, gateway: Gateway) -> None:
    _press(desk, "screen")
    gateway.faults.switch("down")
    match = re.search(r'action="(/officer/practice/transfer/[^"]+)"', desk.page)
    assert match
    desk.post(match[1], press="full")
    assert desk.answer.status_code == 403
    assert "Cổng tập chưa nhận tin của ngân hàng" in desk.words


def test_an_unknown_press_and_another_csrf_token_do_nothing(desk: Desk, work: Callable[[], None]) -> None:
    _press(desk, "screen")
    assert _pay(desk, "refund") == 404
    match = re.search(r'action="(/officer/practice/transfer/[^"]+)"', desk.page)
    assert match
    assert desk.browser.post(match[1], data={"csrf": "x", "press": "full"}).status_code == 403
    work()
    assert "Chưa thấy tiền về" in _live(desk)


def test_without_an_account_there_are_no_buttons(desk: Desk, practice: Config) -> None:
    practice.practice_bank_path.unlink()
    _press(desk, "screen")
    assert "/officer/practice/" not in desk.page
    assert "Tập: trả đủ" not in desk.words
