"""Cash sheet of a day: own sheet or a lead's choice, notes counted, shifts, void payments struck through, print."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest
from flask import Flask

from kiosk.acts import calling, charging, queueing
from kiosk.acts.calling import CounterRequest, ServiceEnd
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.papers import cash as sheets
from kiosk.records import audit, fees, services, tickets
from kiosk.records.services import ServiceLine
from printers.render.page_layout import lay_sheet
from printers.render.primitives import Bar, Mark, TextMark
from printers.render.primitives import Page as LaidPage
from tests.journeys import submission_checks
from tests.pages.officer.sitting import Desk
from tests.papers.forms import words_of_pdf


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer who took 16.000 in cash and 8.000 by transfer."""
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
    assert re.search(r"Cộng tiền mặt\W+16\.000\b", words)
    assert "thiếu 1.000 đồng" in desk.go("/officer/fees/cash?n10000=1&n5000=1").words
    assert "thừa 4.000 đồng" in desk.go("/officer/fees/cash?n20000=1").words
    assert "Đếm được" not in desk.go("/officer/fees/cash?n20000=x&n1=3").words.partition("số tờ")[2]


def test_the_sheet_is_printed_to_sign(desk: Desk) -> None:
    _void_transfer(desk)
    answer = desk.browser.get("/officer/fees/cash.pdf?n10000=1&n5000=1&n1000=1")
    words = " ".join(words_of_pdf(answer.data).split())
    for part in ("BẢNG THU TIỀN TRONG NGÀY", "Người thu Cán bộ hoaian", "8.000", "Dòng 2: hủy 08:30, bấm nhầm",
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
    assert [row[5] for row in rows] == [16_000, 8_000, 16_000, 0, 8_000, 24_000, 10_000]
    assert [row[4] for row in rows[:2]] == ["tiền mặt", "chuyển khoản, cán bộ xác nhận"]
    assert [row[3] for row in rows[2:]] == [
        "Cộng tiền mặt",
        "Cộng chuyển khoản, ngân hàng báo",
        "Cộng chuyển khoản, cán bộ xác nhận",
        "Cộng",
        "Tiền mặt đếm được",
    ]


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
    assert "-8.000" in desk.go("/officer/fees/cash").words


def _void_transfer_of_yesterday(desk: Desk) -> None:
    with desk.context.store.read() as db:
        (row,) = db.execute("select id from fees where method = 'transfer'").fetchall()
    assert charging.void_fee(desk.context, row[0], reason="returned", actor="CB01")


def test_services_without_a_form_are_on_the_sheet(desk: Desk) -> None:
    _serve(desk, 18_000, "cash")
    _serve(desk, 4_000, "transfer")
    words = desk.go("/officer/fees/cash?n20000=1&n10000=1&n2000=2").words
    assert "A001, sổ 1" in words
    assert "Chứng thực bản sao, 3 bản, 4 trang một bản" in words
    assert "Máy ghi tiền mặt 34.000 đồng , chuyển khoản 12.000 đồng" in words
    assert "khớp." in words
    assert "16.000 đồng" not in words
    book = openpyxl.load_workbook(io.BytesIO(desk.browser.get("/officer/fees/cash.xlsx").data))
    rows = list(book.active.iter_rows(min_row=5, values_only=True))
    assert [row[5] for row in rows] == [16_000, 8_000, 18_000, 4_000, 34_000, 0, 12_000, 46_000, 0]
    day = desk.go("/officer/fees").words
    assert "34.000 đồng" in day, "the list of the day has the same sums"
    assert "12.000 đồng" in day


def test_a_void_service_is_struck_through_on_its_day_and_a_refund_of_another_day_is_a_minus(
    app: Flask, desk: Desk, clock: FixedClock
) -> None:
    kept = _serve(desk, 18_000, "cash")
    void = _serve(desk, 5_000, "cash")
    assert charging.void_service(desk.context, void, reason="mistaken", actor="CB01")
    words = " ".join(words_of_pdf(desk.browser.get("/officer/fees/cash.pdf").data).split())
    assert "5.000" in words
    assert desk.go("/officer/fees/cash").page.count('class="void"') == 1
    assert "34.000" in words
    clock.advance(24 * 3600)
    assert charging.void_service(desk.context, kept, reason="returned", actor="CB02")
    lead = Desk(app, "phuong", counter=2, role="lead")
    assert 'value="CB02"' in lead.go("/officer/fees/cash").page, "an officer who only gave money back has a sheet"
    words = lead.go("/officer/fees/cash?officer=CB02").words
    assert "-18.000" in words
    assert "trả lại khoản thu ngày" in words


def _serve(desk: Desk, amount: int, method: fees.PaymentMethod, counter: int = 1) -> str:
    """Record certified copies for a new number, and return the id of the service."""
    context = desk.context
    queueing.draw_ticket(context, context.config.series[0])
    with context.store.read() as db:
        current = tickets.at_counter(db, context.clock.today(), counter)
    press = CounterRequest(
        counter=counter, ticket_id=current.id if current else None, nonce=f"next {amount}", actor="CB01"
    )
    called = calling.call_next(context, press)
    assert called.ticket is not None
    line = ServiceLine(procedure="2.000815", fee="sao_y", name="Chứng thực bản sao", copies=3, pages=4, amount=amount)
    press = CounterRequest(counter=counter, ticket_id=called.ticket.id, nonce=f"end {amount}", actor="CB01")
    assert calling.end_service(context, press, ServiceEnd("done", lines=(line,), method=method)).is_changed
    with context.store.read() as db:
        (service,) = services.of_ticket(db, called.ticket.id)
    return service.id


def test_a_sheet_of_one_shift_has_only_its_payments(app: Flask, desk: Desk, clock: FixedClock) -> None:
    clock.advance(60)
    _serve(desk, 18_000, "cash")
    clock.advance(60)
    assert calling.close_counter(desk.context, 1, "CB01")
    clock.advance(300)
    assert calling.open_counter(desk.context, 2, "CB01")
    page = desk.go("/officer/fees/cash")
    assert "quầy 1, ca 08:30 đến 08:32" in page.words
    assert "quầy 2, ca 08:37, còn mở" in page.words
    key = re.findall(r'<option value="(1-[0-9]{6})"', page.page)[0]
    words = desk.go(f"/officer/fees/cash?shift={key}").words
    assert "Máy ghi tiền mặt 34.000 đồng" in words, "the fees of 8:30 were taken in this shift too"
    other = re.findall(r'<option value="(2-[0-9]{6})"', page.page)[0]
    assert "Máy ghi tiền mặt 0 đồng" in desk.go(f"/officer/fees/cash?shift={other}").words
    printed = " ".join(words_of_pdf(desk.browser.get(f"/officer/fees/cash.pdf?shift={key}").data).split())
    assert "quầy 1, ca 08:30 đến 08:32, ngày 24/11/2026" in printed


def test_a_payment_voided_after_its_shift_stays_on_that_sheet_and_is_a_minus_on_the_later_one(
    desk: Desk, clock: FixedClock
) -> None:
    """The sheet of the first shift is signed and its money handed over before the payment is voided."""
    context = desk.context
    clock.advance(60)
    void = _serve(desk, 18_000, "cash")
    clock.advance(60)
    assert calling.close_counter(context, 1, "CB01")
    day = context.clock.today()
    with context.store.read() as db:
        (first,) = sheets.shifts_of(db, day, "CB01")
    signed = sheets.load(context, day, "CB01", {}, shift=first)
    clock.advance(300)
    assert calling.open_counter(context, 2, "CB01")
    assert charging.void_service(context, void, reason="returned", actor="CB01")
    with context.store.read() as db:
        first, second = sheets.shifts_of(db, day, "CB01")
    sums = [sheets.load(context, day, "CB01", {}, shift=shift).total("cash") for shift in (first, second)]
    assert sums == [signed.total("cash"), -18_000]
    whole = sheets.load(context, day, "CB01", {})
    assert whole.total("cash") == sum(sums), "the day has the sum of its shifts"
    (returned,) = sheets.load(context, day, "CB01", {}, shift=second).lines
    assert returned.note == "trả lại khoản thu lúc 08:31, hủy 08:37, trả lại tiền"
    again = _serve(desk, 5_000, "cash", counter=2)
    assert charging.void_service(context, again, reason="mistaken", actor="CB01")
    assert sheets.load(context, day, "CB01", {}, shift=second).total("cash") == -18_000, "voided in its own shift"


def test_money_given_back_while_no_counter_is_open_is_counted_as_outside(desk: Desk, clock: FixedClock) -> None:
    clock.advance(60)
    void = _serve(desk, 18_000, "cash")
    clock.advance(60)
    assert calling.close_counter(desk.context, 1, "CB01")
    assert "lúc không mở quầy" not in desk.go("/officer/fees/cash").words
    clock.advance(60)
    assert charging.void_service(desk.context, void, reason="returned", actor="CB01")
    assert "1 khoản ghi lúc không mở quầy" in desk.go("/officer/fees/cash").words


def test_each_further_page_begins_with_the_sum_of_the_pages_before_and_void_lines_are_struck(desk: Desk) -> None:
    line = sheets.CashLine(
        at=desk.context.clock.now(), number="A001", title="Bản sao", method="cash", amount=1000, counted=1000
    )
    void = replace(line, counted=0, note="hủy 08:40, bấm nhầm")
    lines = (*(line for _ in range(40)), void, *(line for _ in range(40)))
    cash = sheets.CashDay(day=desk.context.clock.today(), officer="Lê Hoài An", lines=lines, notes={})
    first, *further = lay_sheet(sheets.sheet(desk.context, cash))
    assert further
    assert sheets.CARRIED not in _words(first)
    numbers = [int(word) for word in _words(further[0]).split() if word.isdigit() and 1 <= int(word) <= len(lines)]
    before = sum(each.counted for each in lines[: numbers[0] - 1])
    assert f"{sheets.CARRIED} {before:,}".replace(",", ".") in _words(further[0])
    every_text = [mark for page in (first, *further) for mark in page.marks]
    assert any(isinstance(mark, Bar) and _crosses(mark, every_text) for mark in every_text)


def _words(page: LaidPage) -> str:
    return " ".join(mark.text for mark in page.marks if isinstance(mark, TextMark))


def _crosses(bar: Bar, marks: list[Mark]) -> bool:
    """Return whether a bar goes through the words of a text, not below them."""
    return any(
        isinstance(mark, TextMark)
        and (mark.x, mark.width) == (bar.x, bar.width)
        and 0.2 * mark.size < mark.y - bar.y < 0.5 * mark.size
        for mark in marks
    )


def test_the_box_of_the_day_has_the_order_of_vietnam_on_every_browser(desk: Desk) -> None:
    desk.go("/officer/fees/cash?day=24/11/2026")
    assert "Bảng thu tiền ngày 24/11/2026" in desk.words
    assert 'name="day" value="24/11/2026"' in desk.page
    assert 'type="date"' not in desk.page
    assert "Ngày viết như 25/11/2026." in desk.go("/officer/fees/cash?day=32/11/2026").words
