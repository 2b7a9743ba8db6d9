"""Transfers that the bank tells of, at the desk: page with the code, case, list of the day, cash sheet."""

import re

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.dossiers import awaited_transfers
from kiosk.records import fees
from tests.acts.test_crediting import notice_of, tell
from tests.journeys.submission_checks import only_submission
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_fees import _press, desk

__all__ = ["desk"]


def _case(desk: Desk) -> FeeRequest:
    submission = only_submission(desk.context)
    return FeeRequest(submission.id, submission.receipt_no, 0)


def _live(desk: Desk) -> str:
    match = re.search(r'data-live-part="(/officer/transfer/[^"]+)"', desk.page)
    assert match, desk.page
    return desk.browser.get(match[1]).get_data(as_text=True)


def test_the_page_with_the_code_says_within_two_seconds_that_the_money_has_come(desk: Desk) -> None:
    assert not awaited_transfers.is_awaited(desk.context)
    tell(desk.context, notice_of(desk.context, _case(desk), 5_000, key=""))
    _press(desk, "screen")
    assert awaited_transfers.is_awaited(desk.context)
    assert "Chưa thấy tiền về" in desk.words
    pay_page = desk.page
    tell(desk.context, notice_of(desk.context, _case(desk), 16_000))
    assert "Đã nhận 16.000" in _live(desk)
    assert "đủ tiền, đúng mã" in _live(desk)
    assert "NGUYEN" not in pay_page
    desk.go("/officer/")
    assert "Lệ phí đã thu 16.000 đồng" in desk.words
    assert "đã thu chuyển khoản, ngân hàng báo; 08:30 24/11" in desk.words


def test_without_a_bank_that_tells_anything_the_page_is_as_before(desk: Desk) -> None:
    _press(desk, "screen")
    assert "Chưa thấy tiền về" not in desk.words
    assert "arrival" not in _live(desk)


def test_the_page_says_what_is_missing_and_what_is_too_much(desk: Desk) -> None:
    _press(desk, "screen")
    tell(desk.context, notice_of(desk.context, _case(desk), 6_000))
    assert "Thiếu 10.000" in _live(desk)
    tell(desk.context, notice_of(desk.context, _case(desk), 14_000))
    assert "Thừa 4.000" in _live(desk)


def test_the_page_waits_for_its_own_sum_where_an_earlier_fee_came_by_transfer(desk: Desk) -> None:
    case = _case(desk)
    tell(desk.context, notice_of(desk.context, case, 16_000))
    with desk.context.store.read() as db:
        seen = fees.count_changes(db, case.receipt_no)
    request = FeeRequest(case.submission_id, case.receipt_no, seen)
    assert charging.request_fees(desk.context, request, [FeeInput("qua_han", 8_000, 8_000)], actor="CB01")
    ticket = re.search(r"/officer/ticket/([^/]+)/slip", desk.page)
    assert ticket
    desk.go(f"/officer/ticket/{ticket[1]}/fees/pay")
    assert "8.000 đồng" in desk.words
    assert "Chưa thấy tiền về" in _live(desk)
    tell(desk.context, notice_of(desk.context, case, 8_000))
    assert "Đã nhận 8.000" in _live(desk)
    assert "Lệ phí đã thu 24.000 đồng" in desk.go("/officer/").words


def test_the_page_of_the_case_is_told_of_the_payment(desk: Desk) -> None:
    case = _case(desk)
    match = re.search(r'data-case-state="([^"]+)"', desk.page)
    assert match, desk.words
    address = re.sub(r"since=[^&]+", "since=2026-11-24T01:00:00.000Z", match[1].replace("&amp;", "&"))
    tell(desk.context, notice_of(desk.context, case, 16_000))
    assert "đã nhận 16.000 đồng, đúng mã" in desk.browser.get(address).get_json()["news"]


def test_the_day_and_the_cash_sheet_say_that_the_bank_has_seen_it(desk: Desk) -> None:
    tell(desk.context, notice_of(desk.context, _case(desk), 16_000))
    words = desk.go("/officer/fees").words
    assert "chuyển khoản, ngân hàng báo" in words
    assert "Ngân hàng báo" in words
    lead = Desk(desk.browser.application, "phuong", counter=2, role="lead")
    assert "chuyển khoản, ngân hàng báo" in lead.go("/officer/fees/cash?officer=bank").words
