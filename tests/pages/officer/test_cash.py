"""Cash sheet of a day: own sheet or a lead's choice, notes counted, void payments in brackets, print and workbook."""

import io

import openpyxl
import pytest
from flask import Flask

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.clock import FixedClock
from kiosk.records import audit, fees
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.papers.forms import words_of_pdf


@pytest.fixture
def desk(app: Flask, walker: Walker) -> Desk:
    """Return an officer who took 16.000 in cash and 8.000 by transfer."""
    submit(birth_until_check(walker))
    desk = Desk(app)
    _pay(desk, "ban_sao", 16_000, "cash")
    _pay(desk, "khac", 8_000, "transfer")
    return desk


def _pay(desk: Desk, fee: str, amount: int, method: fees.PaymentMethod) -> None:
    case = submission_checks.only_submission(desk.context)
    with desk.context.store.read() as db:
        seen = fees.count_changes(db, case.receipt_no)
    request = FeeRequest(case.id, case.receipt_no, seen)
    assert charging.record_payment(desk.context, request, [FeeInput(fee, amount, amount)], method, actor="CB01")


def _void_transfer(desk: Desk) -> None:
    with desk.context.store.read() as db:
        transfer = next(row for row in fees.of_day(db, desk.context.clock.today()) if row.method == "transfer")
    assert charging.void_fee(desk.context, transfer.id, reason="mistaken", actor="CB01")


def test_the_notes_are_multiplied_and_compared_with_the_cash(desk: Desk) -> None:
    words = desk.go("/officer/fees/cash?n10000=1&n5000=1&n1000=1").words
    assert "Máy ghi tiền mặt 16.000 đồng , chuyển khoản 8.000 đồng" in words
    assert "Đếm được 16.000 đồng : khớp." in words
    assert "thiếu 1.000 đồng" in desk.go("/officer/fees/cash?n10000=1&n5000=1").words
    assert "thừa 4.000 đồng" in desk.go("/officer/fees/cash?n20000=1").words
    assert "Đếm được" not in desk.go("/officer/fees/cash?n20000=x&n1=3").words.partition("số tờ")[2]


def test_the_sheet_is_printed_to_sign(desk: Desk) -> None:
    _void_transfer(desk)
    answer = desk.browser.get("/officer/fees/cash.pdf?n10000=1&n5000=1&n1000=1")
    words = " ".join(words_of_pdf(answer.data).split())
    for part in ("BẢNG THU TIỀN TRONG NGÀY", "Người thu Cán bộ hoaian", "(8.000)", "hủy 08:30, ghi nhầm",
                 "Cộng 1 dòng, không kể 1 dòng đã hủy: 16.000 đồng", "Mười sáu nghìn đồng", "NGƯỜI NHẬN TIỀN",
                 "PHỤ TRÁCH BỘ PHẬN", "TẬP"):  # fmt: skip
        assert [word for word in part.split() if word not in words] == [], part
    with desk.context.store.read() as db:
        ((_at, line),) = audit.of_subject(db, "cash pdf")
        head = audit.head(db)
    assert line.act == "take_along"
    assert f"Nhật ký dòng {head.seq}" in words


def test_the_workbook_has_the_same_sums(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(desk.browser.get("/officer/fees/cash.xlsx?n10000=1").data))
    rows = list(book.active.iter_rows(min_row=5, values_only=True))
    assert [row[5] for row in rows] == [16_000, 8_000, 16_000, 8_000, 24_000, 10_000]
    assert [row[3] for row in rows[2:]] == ["Cộng tiền mặt", "Cộng chuyển khoản", "Cộng", "Tiền mặt đếm được"]


def test_a_sheet_of_another_officer_is_for_a_lead(app: Flask, desk: Desk) -> None:
    other = Desk(app, "minhtam", counter=2)
    assert other.browser.get("/officer/fees/cash?officer=CB01").status_code == 403
    assert other.browser.get("/officer/fees/cash.pdf?officer=CB01").status_code == 403
    assert "16.000" not in other.go("/officer/fees/cash").words
    lead = Desk(app, "phuong", counter=2, role="lead")
    assert "16.000" in lead.go("/officer/fees/cash?officer=CB01").words
    assert "Cán bộ hoaian" in lead.words


def test_money_given_back_on_a_later_day_is_a_minus(desk: Desk, clock: FixedClock) -> None:
    clock.advance(24 * 3600)
    _void_transfer_of_yesterday(desk)
    desk.browser.post("/signin", data={"login": "hoaian", "password": "mật khẩu riêng", "counter": "1"})
    assert "-8000" in desk.go("/officer/fees/cash").words


def _void_transfer_of_yesterday(desk: Desk) -> None:
    with desk.context.store.read() as db:
        (row,) = db.execute("select id from fees where method = 'transfer'").fetchall()
    assert charging.void_fee(desk.context, row[0], reason="returned", actor="CB01")
