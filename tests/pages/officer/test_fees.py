"""Fee box of the desk and the day's list: each press counts once, nothing typed is lost, no name is shown."""

import json
import logging
import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from vietnam_qr_pay import QRPay

import printers.spool
from kiosk import papers
from kiosk.acts import queueing
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.log import close_log, open_log
from kiosk.context import Context
from kiosk.dossiers import filing, payment_keys
from kiosk.dossiers.filing import FilingResult
from kiosk.pages import qr_code
from kiosk.papers import fee as slips
from kiosk.procedures.answers import complete
from kiosk.procedures.loader import read_catalogue
from kiosk.records import fees
from printers.render import text
from tests.journeys.submission_checks import only_submission
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.papers.forms import BIRTH, made_up_answers

DAYS = (date(2026, 11, 24), date(2027, 3, 1))
LATE = {"con_ngay_sinh": "2026-06-01"}


def _hand_in(context: Context, code: str = BIRTH, **changed: object) -> FilingResult:
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    answers = complete(procedure, made_up_answers(procedure) | changed, context.office, context.clock.today())
    with context.store.write() as db:
        return filing.file_submission(db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers)


def _called(app: Flask, code: str = BIRTH, **changed: object) -> Desk:
    """Return an officer with a form of the procedure at the counter."""
    context: Context = app.extensions["context"]
    _hand_in(context, code, **changed)
    return _tap(Desk(app), "next")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return _called(app)


def _box(desk: Desk) -> dict[str, str]:
    """Return the fields that the unchanged box sends."""
    match = re.search(r'name="seen" value="(\d+)"', desk.page)
    assert match, desk.words
    return {"seen": match[1]}


def _press(desk: Desk, act: str, **filled: str) -> Desk:
    match = re.search(r'action="(/officer/ticket/[^"]+/fees)"', desk.page)
    assert match, desk.words
    return desk.post(match[1], act=act, **(_box(desk) | filled))


def _rows(desk: Desk) -> list[fees.FeeRow]:
    with desk.context.store.read() as db:
        return fees.of_day(db, desk.context.clock.today())


def test_the_box_says_what_is_due_in_this_situation(desk: Desk) -> None:
    assert "Lệ phí 16.000 đồng" in desk.words
    assert "Khai trong 60 ngày từ ngày sinh không thu" in desk.words
    assert "Bản sao giấy khai sinh, 2\u00a0bản" in desk.page


@pytest.mark.parametrize(("act", "message"), [
    ("cash", "Đã ghi thu tiền mặt"), ("transfer", "Đã ghi nhận chuyển khoản"),
])  # fmt: skip
def test_money_is_written_down_with_who_took_it(desk: Desk, act: str, message: str) -> None:
    assert message in _press(desk, act).words
    assert "Lệ phí đã thu 16.000 đồng" in desk.words
    assert "Cán bộ hoaian, 08:30 24/11" in desk.words
    (row,) = _rows(desk)
    assert (row.method, row.amount, row.actor) == (act, 16_000, "CB01")


def test_a_double_press_takes_it_once(desk: Desk) -> None:
    match = re.search(r'action="(/officer/ticket/[^"]+/fees)"', desk.page)
    assert match
    sent = {"csrf": desk.token, "act": "cash", **_box(desk)}
    answers = [desk.browser.post(match[1], data=sent) for _ in range(2)]
    assert ["said=fee-cash" in answers[0].location, "said=fee-late" in answers[1].location] == [True, True]
    assert len(_rows(desk)) == 1
    assert "Nút vừa bấm không đổi gì" in desk.go(answers[1].location).words


def test_a_sum_that_the_city_sets_is_asked_and_kept(app: Flask) -> None:
    desk = _called(app, **LATE)
    assert "cán bộ báo số tiền" in desk.words
    _press(desk, "cash")
    assert desk.answer.status_code == 400
    assert "Khai quá 60 ngày: ghi số tiền theo mức của thành phố" in desk.words
    assert _rows(desk) == []
    _press(desk, "cash", **{"amount.qua_han": "5.000 đ"})
    assert [(row.fee, row.amount, row.listed, row.reason) for row in _rows(desk)] == [
        ("qua_han", 5_000, None, "city"),
        ("ban_sao", 16_000, 16_000, None),
    ]


@pytest.mark.parametrize("typed", ["năm nghìn", "-5", "0", "9999999999", "5,5x", "٥٠٠٠"])
def test_what_is_no_sum_is_said_and_nothing_typed_is_lost(app: Flask, typed: str) -> None:
    desk = _called(app, **LATE)
    _press(desk, "slip", **{"amount.qua_han": typed, "amount.ban_sao": "8.000", "why.ban_sao": "counted"})
    assert desk.answer.status_code == 400
    assert "số tiền viết bằng chữ số" in desk.words
    assert f'value="{typed}"' in desk.page
    assert 'value="8.000"' in desk.page
    assert '<option value="counted" selected>' in desk.page
    assert _rows(desk) == []


def test_another_sum_than_the_listed_wants_a_reason(desk: Desk) -> None:
    _press(desk, "cash", **{"amount.ban_sao": "8000"})
    assert "theo bảng phí là 16.000 đồng. Thu số khác thì chọn lý do" in desk.words
    assert _rows(desk) == []
    _press(desk, "cash", **{"amount.ban_sao": "8000", "why.ban_sao": "part"})
    assert [(row.amount, row.reason) for row in _rows(desk)] == [(8_000, "part")]


def test_every_exemption_of_the_data_is_offered_with_its_paper(app: Flask) -> None:
    desk = _called(app, **LATE)
    procedure = desk.context.catalogue.in_force(BIRTH, desk.context.clock.today())
    assert procedure is not None
    (late,) = (fee for fee in procedure.fees if fee.id == "qua_han")
    assert len(late.options) == 3
    for option in late.options:
        assert f"Miễn: {option.label.vi} ({option.value})" in desk.words
    _press(desk, "keep", **{"exemption.qua_han": "ho_ngheo"})
    waived = next(row for row in _rows(desk) if row.fee == "qua_han")
    assert (waived.state, waived.exemption, waived.actor) == ("waived", "ho_ngheo", "CB01")
    assert "miễn: Người thuộc hộ nghèo; Cán bộ hoaian" in desk.words
    assert "Lệ phí 16.000 đồng" in desk.words


def test_the_city_may_take_nothing(app: Flask) -> None:
    desk = _press(_called(app, **LATE), "cash", **{"exemption.qua_han": slips.CITY_FREE})
    assert {row.fee: row.state for row in _rows(desk)} == {"qua_han": "waived", "ban_sao": "paid"}


def test_an_exemption_that_the_data_do_not_know_spares_nobody(desk: Desk) -> None:
    _press(desk, "cash", **{"exemption.ban_sao": "ho_ngheo"})
    assert [row.state for row in _rows(desk)] == ["paid"]


def test_the_slip_is_printed(desk: Desk) -> None:
    assert "Phiếu thu đang in" in _press(desk, "slip").words
    (row,) = _rows(desk)
    assert row.state == "due"
    with desk.context.store.read() as db:
        (job,) = [job for job in printers.spool.of_subject(db, row.submission_id) if job.kind == "fee"]
    paper = papers.compose(desk.context, job.kind, job.subject, job.facts)
    assert paper is not None
    assert "16.000 đồng" in text.render(paper, columns=100)


def test_the_code_fills_the_screen_and_names_nobody(desk: Desk) -> None:
    _press(desk, "screen")
    (row,) = _rows(desk)
    words = slips.payment_code(desk.context.config, payment_keys.receipt_key(desk.context, row.receipt_no), 16_000)
    assert qr_code.desk_qr_svg(words) in desk.page
    assert QRPay(words).amount == "16000"
    assert "16.000 đồng" in desk.words
    assert desk.answer.headers["Cache-Control"] == "no-store"
    for name in ("Hiền", "Ngọc", "Phước", "hoaian", "046196000123"):
        assert name not in desk.page
    assert "đã thu 16.000 đồng" in _press(desk, "transfer").words


def test_the_case_is_shown_again_where_nothing_is_due_any_more(desk: Desk) -> None:
    _press(desk, "cash")
    ticket = re.search(r"/officer/ticket/([^/]+)/slip", desk.page)
    assert ticket
    assert desk.go(f"/officer/ticket/{ticket[1]}/fees/pay").answer.location == "/officer/"


def test_fees_of_a_number_that_is_not_at_ones_counter_are_refused(app: Flask, desk: Desk) -> None:
    ticket = re.search(r"/officer/ticket/([^/]+)/slip", desk.page)
    assert ticket
    other = Desk(app, "minhtam", counter=2)
    assert other.browser.get(f"/officer/ticket/{ticket[1]}/fees/pay").status_code == 403
    assert other.post(f"/officer/ticket/{ticket[1]}/fees", act="cash", seen="0").answer.status_code == 403
    assert _rows(desk) == []


def test_a_mistake_is_voided_from_the_desk(desk: Desk) -> None:
    _press(desk, "cash")
    match = re.search(r'action="(/officer/fees/[^"]+/void)"', desk.page)
    assert match
    assert desk.post(match[1]).answer.status_code == 404
    assert "Chọn lý do hủy" in desk.words
    desk.go("/officer/").post(match[1], why="mistaken")
    assert "Dòng cũ vẫn còn" in desk.words
    assert "Lệ phí 16.000 đồng" in desk.words
    assert [row.state for row in _rows(desk)] == ["void"]


def test_a_form_that_now_comes_to_another_sum_says_so(desk: Desk) -> None:
    _press(desk, "cash")
    with desk.context.store.write() as db:
        db.execute("update fees set listed = 8000, amount = 8000")
    assert "Tờ khai nay tính ra 16.000 đồng" in desk.go("/officer/").words


def test_the_day_shows_sums_and_what_is_left_due_can_be_settled_there(app: Flask, desk: Desk) -> None:
    _press(desk, "keep")
    _hand_in(desk.context)
    _press(_tap(desk, "next"), "cash")
    desk.go("/officer/fees")
    assert "tiền mặt 16.000 đồng" in desk.words
    assert "1 khoản của 1 hồ sơ đã thu; 0 khoản miễn; 0 khoản hủy; 1 khoản chưa thu." in desk.words
    settle = re.search(r'action="(/officer/fees/[^"]+/paid)"', desk.page)
    assert settle
    desk.post(settle[1], act="transfer", day="2026-11-24")
    assert desk.answer.request.path == "/officer/fees"
    assert "2 khoản của 2 hồ sơ đã thu" in desk.words
    assert "cộng 32.000 đồng" in desk.words
    assert "Cán bộ hoaian 16.000 đồng 16.000 đồng 32.000 đồng" in desk.words
    for name in ("Hiền", "Bảo Ngọc", "Phước"):
        assert name not in desk.words


def test_what_is_voided_stays_in_the_list_of_the_day(desk: Desk, clock: FixedClock) -> None:
    _press(desk, "cash")
    desk.go("/officer/fees")
    match = re.search(r'action="(/officer/fees/[^"]+/void)"', desk.page)
    assert match
    desk.post(match[1], why="returned", day="2026-11-24")
    assert "hủy 24/11, trả lại tiền; Cán bộ hoaian" in desk.words
    assert "1 khoản hủy" in desk.words
    assert "cộng 0 đồng" in desk.words


@pytest.mark.parametrize("day", ["2026-11-23", "yesterday", "2099-01-01", "2026-02-30", ""])
def test_any_day_can_be_asked_for(desk: Desk, day: str) -> None:
    assert desk.go(f"/officer/fees?day={day}").answer.status_code == 200
    shown = "23/11/2026" if day == "2026-11-23" else "24/11/2026"
    assert f"Thu phí, lệ phí ngày {shown}" in desk.words
    assert "chưa thu khoản nào" in desk.words


def test_a_procedure_without_a_fee_says_so(app: Flask) -> None:
    desk = _called(app, "1.010041")
    assert "Lệ phí không thu" in desk.words
    assert 'value="cash"' not in desk.page


def test_every_fee_that_names_exemptions_to_citizens_has_them_for_the_desk() -> None:
    catalogue = read_catalogue()
    listed = [(procedure.code, fee) for day in DAYS for procedure in catalogue.all(day) for fee in procedure.fees]
    assert len([fee for _code, fee in listed if fee.options]) > 10
    for code, fee in listed:
        assert bool(fee.exempt) == bool(fee.options), (code, fee.id)
        assert all(option.value for option in fee.options), (code, fee.id)


def test_neither_account_nor_name_gets_into_log_audit_or_spool(app: Flask, desk: Desk, tmp_path: Path) -> None:
    """A name and an account are on the pages; on disk they are sealed, or in the settings alone."""
    level = logging.getLogger().level
    handler = open_log(tmp_path / "log" / "kiosk.log")
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        _press(desk, "screen")
        desk.go("/officer/")
        _press(desk, "slip")
        _press(desk, "cash")
        desk.go("/officer/fees")
        handler.flush()
    finally:
        logging.getLogger().setLevel(level)
        close_log(handler)
    marks = [slips.PRACTICE_ACCOUNT.account, slips.PRACTICE_ACCOUNT.holder, "Diệu Hiền", "Bảo Ngọc", "046196000123"]
    written = (tmp_path / "log" / "kiosk.log").read_text("utf-8") if (tmp_path / "log" / "kiosk.log").exists() else ""
    with closing(sqlite3.connect(desk.context.config.store_path)) as db:
        written += json.dumps([list(map(str, row)) for table in ("audit", "jobs", "fees") for row in
                            db.execute(f"select * from {table}")], ensure_ascii=False)  # fmt: skip
    assert "fee paid" in written
    assert [mark for mark in marks if mark.casefold() in written.casefold()] == []


def test_the_next_person_finds_nothing_of_the_last(app: Flask, desk: Desk, clock: FixedClock) -> None:
    queueing.draw_ticket(desk.context, desk.context.config.series[0])
    _press(desk, "cash")
    clock.advance(timedelta(minutes=5).seconds)
    assert "Lệ phí" not in _tap(desk, "next").words


def test_the_desk_reads_the_hints_of_a_procedure(app: Flask) -> None:
    desk = _called(app, "1.001612")
    assert "Mục 5.4: mẫu còn hai ô; thuế khoán đã bỏ từ 01/01/2026." in desk.words
    assert "Mất kết nối với dữ liệu dân cư" in desk.words


def _decide(desk: Desk, act: str, **filled: str) -> Desk:
    address = f"/officer/case/{only_submission(desk.context).id}/{act}"
    seen = re.search(r'name="seen" value="(\d+)"', desk.go(address).page)
    assert seen, desk.words
    return desk.post(address, seen=seen[1], **filled)


def test_a_result_that_is_not_paid_for_is_asked_about_once_and_can_be_handed_out(desk: Desk) -> None:
    _decide(desk, "accepted", term="0", sets="1", place="counter")
    handover = {"what": "Giấy khai sinh", "relation": "self"}
    _decide(desk, "handed_out", **handover)
    assert "16.000 đồng chưa thu. Vẫn trả kết quả, thu sau hoặc không thu." in desk.words
    assert "Ghi ở ô Lệ phí trước, hoặc đánh dấu ô này." in desk.words
    assert re.search(r"Còn \d giấy chưa xem\.", desk.words)
    assert only_submission(desk.context).desk == "accepted"
    _decide(desk, "handed_out", **handover, money="1")
    assert only_submission(desk.context).desk == "handed_out"


def test_a_paid_result_is_handed_out_without_a_question(desk: Desk) -> None:
    _press(desk, "cash")
    _decide(desk, "accepted", term="0", sets="1", place="counter")
    _decide(desk, "handed_out", what="Giấy khai sinh", relation="self")
    assert only_submission(desk.context).desk == "handed_out"


def test_a_refusal_asks_about_the_fee_that_was_paid(desk: Desk) -> None:
    _press(desk, "cash")
    _decide(desk, "refused", reason="Không đủ điều kiện theo quy định.")
    assert "Đã thu 16.000 đồng. Đã nói người nộp nhận lại tiền, hoặc vì sao không trả lại." in desk.words
    assert only_submission(desk.context).desk == "waiting"
    _decide(desk, "refused", reason="Không đủ điều kiện theo quy định.", money="1")
    assert only_submission(desk.context).desk == "refused"
