"""The lead's list of payments that a bank tells of: one press each, once, and nothing by a name."""

import re

import pytest
from flask import Flask

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import payment_keys
from kiosk.dossiers.payment_balance import find_balance
from kiosk.records import payment_refunds, services, tickets
from kiosk.records.services import ServiceRecord
from tests.acts.test_crediting import notice_of, tell
from tests.journeys.submission_checks import only_submission
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_fees import _press, desk

__all__ = ["desk"]


@pytest.fixture
def case(desk: Desk) -> FeeRequest:
    submission = only_submission(desk.context)
    return FeeRequest(submission.id, submission.receipt_no, 0)


@pytest.fixture
def lead(app: Flask, case: FeeRequest) -> Desk:
    assert case
    return Desk(app, "phuong", counter=2, role="lead")


def _state(context: Context, case: FeeRequest) -> str:
    with context.store.read() as db:
        return find_balance(context, db, case.receipt_no).state


def _button(lead: Desk, words: str) -> Desk:
    """Press the button of a row by its words."""
    forms = re.findall(r"<form[^>]*action=\"(/officer/payments/[a-z]+)\".*?</form>", lead.page, re.S)
    blocks = re.findall(r"<form[^>]*action=\"/officer/payments/[a-z]+\".*?</form>", lead.page, re.S)
    place = next(index for index, block in enumerate(blocks) if words in re.sub(r"\s+", " ", block))
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', blocks[place]))
    fields.pop("csrf", None)
    return lead.post(forms[place], **fields)


@pytest.mark.parametrize(("amount", "words", "button", "state"), [
    (16_000, "Ngân hàng báo đủ", "", "settled"),
    (6_000, "Thiếu 10.000 đồng", "Thu thêm 10.000 đồng", "settled"),
    (160_000, "Thừa 144.000 đồng", "Trả lại 144.000 đồng", "refunding"),
])  # fmt: skip
def test_each_payment_has_one_press_with_its_sum(
    lead: Desk, case: FeeRequest, amount: int, words: str, button: str, state: str
) -> None:
    tell(lead.context, notice_of(lead.context, case, amount))
    assert words in lead.go("/officer/payments").words
    assert f"{int(bool(button))} khoản cần bấm" in lead.words
    if button:
        former = lead.page
        assert "Đã ghi" in _button(lead, button).words
        assert "Hoàn tác trong" in lead.words
        lead.answer.set_data(former)
        assert "không đổi gì" in _button(lead, button).words
    assert _state(lead.context, case) == state


def test_a_second_payment_is_paid_back_and_taken_off_the_list_by_the_notice_of_the_bank(
    lead: Desk, desk: Desk, case: FeeRequest
) -> None:
    _press(desk, "cash")
    tell(lead.context, notice_of(lead.context, case, 16_000))
    assert "ngân hàng báo sau khi đã thu tiền mặt" in lead.go("/officer/payments").words
    _button(lead, "Trả lại 16.000 đồng")
    assert "chờ kế toán chuyển" in lead.go("/officer/payments?only=refunding").words
    _button(lead, "Bỏ ghi trả lại")
    assert _state(lead.context, case) == "after_cash"
    lead.go("/officer/payments")
    _button(lead, "Trả lại 16.000 đồng")
    tell(lead.context, notice_of(lead.context, case, 16_000, direction="out"))
    assert _state(lead.context, case) == "settled"
    assert "0 khoản cần bấm" in lead.go("/officer/payments").words


def test_money_that_the_bank_has_paid_back_voids_the_fee(lead: Desk, case: FeeRequest) -> None:
    tell(lead.context, notice_of(lead.context, case, 16_000), notice_of(lead.context, case, 16_000, direction="out"))
    assert "Ngân hàng đã trả lại" in lead.go("/officer/payments").words
    assert f"Đã ghi hủy khoản 16.000 đồng, {case.receipt_no}" in _button(lead, "Hủy khoản 16.000 đồng").words
    assert _state(lead.context, case) == "settled"
    assert "Đã bỏ ghi" in _button(lead, "Hoàn tác").words
    assert _state(lead.context, case) == "returned"


def test_a_payment_without_a_key_wants_a_case_and_a_reason(lead: Desk, case: FeeRequest) -> None:
    tell(lead.context, notice_of(lead.context, case, 16_000, key="", hint=case.receipt_no))
    assert f"phiếu cũ ghi {case.receipt_no}" in lead.go("/officer/payments").words
    fields = dict(re.findall(r'name="(account|reference)" value="([^"]+)"', lead.page))
    for receipt_no, reason, words in (
        (case.receipt_no, " ", "hãy gõ vì sao chọn hồ sơ này"),
        ("PK03-1", "có biên lai", "máy không có tờ khai PK03-1, hãy xem lại mã"),
    ):
        answer = lead.post("/officer/payments/choose", receipt_no=receipt_no, reason=reason, **fields)
        assert f"Chưa ghi: {words}." in answer.words
        assert f'value="{receipt_no}"' in answer.page, "what was typed stays"
        assert f'value="{reason.strip()}"' in answer.page
    chosen = lead.post("/officer/payments/choose", receipt_no=case.receipt_no, reason="có biên lai", **fields)
    assert f"Đã ghi khoản 16.000 đồng cho hồ sơ {case.receipt_no}" in chosen.words
    assert _state(lead.context, case) == "settled"
    assert "Đã bỏ ghi" in _button(lead, "Hoàn tác").words
    assert f"phiếu cũ ghi {case.receipt_no}" in lead.go("/officer/payments").words


def test_cases_of_which_exactly_the_sum_is_asked_for_are_offered_for_a_payment_without_a_key(
    lead: Desk, case: FeeRequest
) -> None:
    assert charging.request_fees(lead.context, case, [FeeInput("ban_sao", 16_000, 16_000)], actor="CB01")
    tell(lead.context, notice_of(lead.context, case, 16_000, key=""), notice_of(lead.context, case, 15_000, key=""))
    words = lead.go("/officer/payments?only=unknown").words
    assert words.count("1 hồ sơ đang chờ đúng 16.000 đồng") == 1
    assert lead.page.count(f'<option value="{case.receipt_no}">') == words.count("hồ sơ đang chờ đúng") == 1


@pytest.mark.parametrize(("told", "state", "words"), [
    ([("in", 5_000)], "short", "Thiếu 3.000 đồng tiền về nốt thì tự khớp"),
    ([("in", 8_000), ("out", 8_000)], "returned", "Ngân hàng đã trả lại hủy lượt ở sổ thu"),
])  # fmt: skip
def test_money_of_a_queue_number_is_settled_in_the_takings_of_its_day(
    lead: Desk, case: FeeRequest, told: list[tuple[str, int]], state: str, words: str
) -> None:
    context = lead.context
    with context.store.write() as db:
        ticket = tickets.draw(db, context.clock.today(), "A", context.clock.now())
        service = ServiceRecord(
            id=codes.new_id(), ticket_id=ticket.id, label=ticket.label, submission_id=None, day=ticket.day, counter=1,
            outcome="done", register_no=1, amount=8_000, method="transfer", exemption=None, actor="CB01",
            at=context.clock.now(),
        )  # fmt: skip
        services.insert(db, service, (), None)
    key = payment_keys.label_key(context, ticket.label, ticket.day)
    tell(context, *(notice_of(context, case, amount, key=key, direction=way) for way, amount in told))
    assert words in lead.go("/officer/payments").words
    assert "1 khoản cần bấm" in lead.words
    address = re.search(r'data-row-press href="([^"]+)"', lead.page)
    assert address
    assert f'action="/officer/services/{service.id}/void"' in lead.go(address[1]).page
    lead.post(f"/officer/services/{service.id}/void", why="returned", day=ticket.day.isoformat())
    with context.store.read() as db:
        after = find_balance(context, db, f"{ticket.label} {ticket.day}").state
    assert after == {"short": "waiting", "returned": "settled"}[state]


def test_a_payment_without_a_key_can_be_paid_back(lead: Desk, case: FeeRequest) -> None:
    tell(lead.context, notice_of(lead.context, case, 20_000, key=""))
    lead.go("/officer/payments?only=unknown")
    _button(lead, "Trả lại 20.000 đồng")
    with lead.context.store.read() as db:
        assert [refund.amount for refund in payment_refunds.of_day(db, lead.context.clock.today())] == [20_000]
    assert "không có mã khoản" in lead.go("/officer/payments?only=refunding").words


def test_a_silent_bank_is_told_of_only_where_a_bank_tells(app: Flask, desk: Desk, case: FeeRequest) -> None:
    _press(desk, "transfer")
    desk.context.clock.advance(31 * 60)  # type: ignore[attr-defined]
    lead = Desk(app, "phuong", counter=2, role="lead")
    assert "Chưa có ngân hàng nào báo" in lead.go("/officer/payments").words
    tell(lead.context, notice_of(lead.context, case, 5_000, key=""))
    assert "Ngân hàng chưa báo khoản cán bộ xác nhận lúc 08:30" in lead.go("/officer/payments").words
    assert "Cán bộ xác nhận, ngân hàng chưa báo" in lead.words


@pytest.mark.parametrize("post", ["nothing", "choose", "back"])
def test_a_press_that_is_none_is_refused(lead: Desk, post: str) -> None:
    lead.go("/officer/payments")
    lead.post(f"/officer/payments/{post}", account="x", reference="y")
    assert lead.answer.status_code == 404


def test_an_officer_does_not_open_it(desk: Desk) -> None:
    assert desk.browser.get("/officer/payments").status_code == 403


@pytest.mark.parametrize(("amount", "button", "words", "state"), [
    (6_000, "Thu thêm 10.000 đồng", "Đã ghi thu thêm 10.000 đồng, {receipt_no}", "short"),
    (160_000, "Trả lại 144.000 đồng", "Đã ghi thu 16.000 đồng, phải trả lại 144.000 đồng, {receipt_no}", "excess"),
])  # fmt: skip
def test_a_press_is_undone_for_some_seconds(
    lead: Desk, case: FeeRequest, amount: int, button: str, words: str, state: str
) -> None:
    tell(lead.context, notice_of(lead.context, case, amount))
    lead.go("/officer/payments")
    assert words.format(receipt_no=case.receipt_no) in _button(lead, button).words
    written = lead.page
    assert "Đã bỏ ghi" in _button(lead, "Hoàn tác").words
    assert _state(lead.context, case) == state
    lead.answer.set_data(written)
    assert "không đổi gì" in _button(lead, "Hoàn tác").words


def test_the_offer_to_undo_ends_and_is_of_the_own_press_alone(app: Flask, lead: Desk, case: FeeRequest) -> None:
    tell(lead.context, notice_of(lead.context, case, 6_000))
    lead.go("/officer/payments")
    _button(lead, "Thu thêm 10.000 đồng")
    address = re.search(r'name="press" value="([^"]+)"', lead.page)
    assert address
    other = Desk(app, "khac", counter=3, role="lead")
    assert "Hoàn tác trong" not in other.go(f"/officer/payments?said=done&press={address[1]}").words
    lead.context.clock.advance(lead.context.config.desk.undo_seconds)  # type: ignore[attr-defined]
    assert "Hoàn tác trong" not in lead.go(f"/officer/payments?said=done&press={address[1]}").words
    assert "Hoàn tác trong" not in lead.go("/officer/payments?press=x").words
