"""Signatures, translations and transactions at the desk: numbers of their own registers, words, fee, reasons."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.pages.officer.case.certification_words import REFUSALS
from kiosk.papers.workbook import read_xlsx
from kiosk.procedures.answers import complete
from kiosk.records import certified_copies, decisions, inspections
from kiosk.records.certified_copies import CertifiedCopy
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.papers.forms import made_up_answers, words_of_pdf

SIGNATURE = "2.000884"
TRANSLATION = "2.000992"
TRANSACTION = "2.001035"
PERSON = {"nyc_ho_ten": "Trần Thị Hà", "nyc_so_dinh_danh": "046196000123"}


def _called(app: Flask, code: str, **answers: Any) -> Desk:
    """File a form and call its number."""
    context: Context = app.extensions["context"]
    today = context.clock.today()
    procedure = context.catalogue.in_force(code, today)
    assert procedure is not None
    given = made_up_answers(procedure) | PERSON | answers
    filed = complete(procedure, given, office=context.office, today=today)
    with context.store.write() as db:
        filing.file_submission(db, context, submission_id=codes.new_id(), procedure=procedure, answers=filed)
    return _tap(Desk(app).go("/officer/"), "next")


def _signature(app: Flask, **answers: Any) -> Desk:
    return _called(
        app, SIGNATURE, **{"ky_giay_gi": "ly_lich", "ten_van_ban": "ly_lich", "so_luong": 2, "cach_ky": "ky"} | answers
    )


def _translation(app: Flask) -> Desk:
    return _called(
        app,
        TRANSLATION,
        nguoi_dich="cong_tac_vien",
        noi_cap_giay="viet_nam",
        tieng="anh",
        so_ban=3,
    )


def _own_translation(app: Flask) -> Desk:
    return _called(app, "2.001008", giay_cua_ai="cua_minh", bang="co", noi_cap_giay="viet_nam", tieng="anh", so_ban=3)


def _transaction(app: Flask, pages: int | None = 4) -> Desk:
    return _called(
        app, TRANSACTION, loai="tang_cho", loai_giao_dich="tang_cho", ky_duoc="duoc", so_ben=2, so_trang=pages
    )


def _act(desk: Desk, suffix: str) -> str:
    match = re.search(rf'action="(/officer/ticket/[^"/]+/{suffix})"', desk.page)
    assert match, desk.words
    return match[1]


def _certify(desk: Desk, **boxes: str) -> Desk:
    fields = {name.replace("_", ".", 1): value for name, value in boxes.items()}
    return desk.post(_act(desk, "copies"), **{"copies.0": "1"} | fields)


def _line(desk: Desk) -> CertifiedCopy:
    with desk.context.store.read() as db:
        (line,) = certified_copies.of_day(db, desk.context.clock.today())
    return line


def _words(desk: Desk) -> str:
    line = _line(desk)
    document = desk.browser.get(f"/officer/case/{line.submission_id}/copies/{line.id}.pdf").data
    return " ".join(words_of_pdf(document).split())


@pytest.mark.parametrize(
    ("form", "title", "counted", "book"),
    [
        (_signature, "Tờ khai lý lịch , người dân ghi 2 giấy", "2 giấy", "SCT/CK,ĐC"),
        (_translation, "Bản dịch tiếng Anh , người dân ghi 3 bản dịch", "2 bản dịch", "SCT/CKND"),
        (_own_translation, "Bản dịch tiếng Anh , người dân ghi 3 bản dịch", "2 bản dịch", "SCT/CKND"),
        (_transaction, "Tặng cho , người dân ghi 4 trang", "4 trang, 2 bản", "SCT/HĐ,GD"),
    ],
)
def test_one_press_takes_a_number_of_the_own_register(
    app: Flask, form: Any, title: str, counted: str, book: str
) -> None:
    desk = form(app)
    assert title in desk.words
    _certify(desk, seen_0="1", copies_0="2", **({"pages_0": "4"} if form is _transaction else {}))
    assert "Đã ghi sổ chứng thực" in desk.words
    assert f"số 1 , quyển 01/2026-{book}, {counted}" in desk.words
    assert (_line(desk).number, _line(desk).copies) == (1, 2)


def test_the_fee_of_signatures_follows_the_papers_that_the_officer_counted(app: Flask) -> None:
    desk = _signature(app)
    assert "20.000 đồng" in desk.words
    _certify(desk, seen_0="1", copies_0="3")
    assert "30.000 đồng" in desk.words
    assert _line(desk).amount == 30_000


def test_a_transaction_costs_the_same_for_any_number_of_originals(app: Flask) -> None:
    desk = _transaction(app)
    _certify(desk, seen_0="1", pages_0="4", copies_0="3")
    assert _line(desk).amount == 50_000
    assert "50.000 đồng" in desk.words


def test_pages_that_the_citizen_left_to_the_officer_are_no_other_count(app: Flask) -> None:
    desk = _transaction(app, pages=None)
    assert "Tặng cho , người dân chưa đếm trang" in desk.words
    _certify(desk, seen_0="1", pages_0="4", copies_0="2")
    assert (_line(desk).pages, _line(desk).declared_pages) == (4, 4)
    assert "người dân ghi 1 trang" not in desk.go("/officer/registers?register=transaction").words


def test_the_words_of_a_signature_name_who_signed_and_both_signers(app: Flask) -> None:
    _certify(desk := _signature(app), seen_0="1")
    words = _words(desk)
    for part in (
        "CHỨNG THỰC CHỮ KÝ",
        "Ông/bà Trần Thị Hà, giấy tờ tùy thân số 046196000123, cam đoan đã hiểu",
        "và đã ký vào giấy tờ, văn bản này trước mặt",
        "Số chứng thực: 1. Quyển số: 01/2026-SCT/CK,ĐC",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "CHỦ TỊCH",
    ):
        assert part in words


def test_a_fingerprint_has_its_own_verb_and_a_person_who_can_do_neither_has_dotted_lines(app: Flask) -> None:
    _certify(desk := _signature(app, cach_ky="diem_chi"), seen_0="1")
    assert "và đã điểm chỉ vào giấy tờ" in _words(desk)


def test_words_that_we_do_not_know_are_left_to_the_ward(app: Flask) -> None:
    _certify(desk := _signature(app, cach_ky="khong_duoc"), seen_0="1")
    words = _words(desk)
    assert "cam đoan" not in words
    assert "NGƯỜI TIẾP NHẬN" not in words


def test_the_words_of_a_translation_leave_the_name_of_the_translator_to_be_written(app: Flask) -> None:
    _certify(desk := _translation(app), seen_0="1")
    words = _words(desk)
    assert "là người đã ký vào từng trang bản dịch này trước mặt tôi" in words
    assert "Trần Thị Hà" not in words


def test_a_reason_of_the_law_is_noted_and_no_number_is_taken(app: Flask) -> None:
    desk = _signature(app)
    _certify(desk, seen_0="1", refused_0="signed_before")
    assert "Tờ khai lý lịch: không chứng thực được vì đã ký trước, không ký trước mặt cán bộ." in desk.words
    with desk.context.store.read() as db:
        assert certified_copies.of_day(db, desk.context.clock.today()) == []


def test_a_reason_of_another_register_is_no_reason(app: Flask) -> None:
    assert "private" not in REFUSALS["signature"]
    desk = _signature(app)
    _certify(desk, seen_0="1", refused_0="private")
    assert _line(desk).number == 1


@pytest.mark.parametrize(("form", "seen"), [(_signature, ["the"]), (_transaction, [])])
def test_only_a_tick_that_says_so_marks_the_card_as_seen(app: Flask, form: Any, seen: list[str]) -> None:
    desk = form(app)
    _certify(desk, seen_0="1", pages_0="1")
    with desk.context.store.read() as db:
        looked = inspections.by_paper(db, _line(desk).submission_id)
    assert [paper for paper, inspection in looked.items() if inspection.is_seen] == seen


def test_one_press_hands_the_signed_paper_out(app: Flask) -> None:
    desk = _signature(app)
    _certify(desk, seen_0="1", copies_0="2")
    address = _act(desk, "fees")
    desk.post(address, act="cash", **desk.hidden_fields(address))
    address = _act(desk, "copies/done")
    desk.post(address, **desk.hidden_fields(address))
    assert "đã xong" in desk.words
    with desk.context.store.read() as db:
        kinds = [decision.kind for decision in decisions.of_case(db, _line(desk).receipt_no)]
    assert kinds == ["accepted", "handed_out"]


def test_the_page_of_registers_has_a_tab_each_with_sums_and_the_sequence(app: Flask, tmp_path: Path) -> None:
    desk = _signature(app)
    _certify(desk, seen_0="1", copies_0="2")
    page = desk.go("/officer/registers?register=signature")
    for words in ("quyển 01/2026-SCT/CK,ĐC", "Trần Thị Hà", "chưa trả giấy", "Số đã cấp 1", "Liền , 1 đến 1"):
        assert words in page.words
    path = tmp_path / "so.xlsx"
    path.write_bytes(desk.browser.get("/officer/registers/day.xlsx?register=signature").data)
    ((head, row),) = read_xlsx(path).values()
    assert (head[3], head[6]) == ("Tên của giấy tờ, văn bản", "Số lượng giấy tờ")
    assert [row[place] for place in (0, 2, 3, 6, 7)] == [1, "Trần Thị Hà", "Tờ khai lý lịch", 2, 20_000]
    words = words_of_pdf(desk.browser.get("/officer/registers/day.pdf?register=signature").data)
    assert "SỔ CHỨNG THỰC CHỮ KÝ, ĐIỂM CHỈ" in words
    assert "Chưa cấp số nào." in desk.go("/officer/registers?register=transaction").words


def test_filters_show_cancelled_numbers_and_those_that_are_not_handed_out(app: Flask) -> None:
    desk = _signature(app)
    _certify(desk, seen_0="1")
    desk.post(_act(desk, "copies/[^/]+/cancel").replace("[^/]+", _line(desk).id), why="misprinted")
    page = desk.go("/officer/registers?register=signature&only=cancelled").words
    assert "Hủy 8:30, " in page or "Hủy 08:30, " in page
    assert "in sai" in page
    assert "Không có số nào như vậy." in desk.go("/officer/registers?register=signature&only=kept").words


def test_an_officer_sees_the_register_of_another_day_no_more(app: Flask) -> None:
    desk = Desk(app).go("/officer/")
    assert "Sổ của ngày khác do người phụ trách in" in desk.go("/officer/registers?date=2026-11-23").words
    lead = Desk(app, "phutrach", counter=2, role="lead")
    assert "Trong ngày chưa có số nào" in lead.go("/officer/registers?date=2026-11-23").words
