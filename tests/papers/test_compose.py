"""Papers of the spool: what is on them, and what must not be."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp

from kiosk import papers
from kiosk.base import clock
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import submissions, tickets
from printers.document import Document
from printers.render import pdf, raster, text
from printers.settings import PrinterSettings
from tests.papers.forms import BIRTH, COPY, FORMS, STAY, HandIn, words_of_pdf

WIDE = PrinterSettings()
NARROW = PrinterSettings(width_mm=58, dots=384)
HOSTILE = {
    "markup": '<img src="/etc/passwd"> Nguyễn <b',
    "printer commands": "Nguyễn\x1b@\x1dV\x00 Hiền\x10\x14\x01",
    "turned letters": "Nguyễn \u202eHiền\u2066 Thị\u200f",
    "loose marks": "Nguyê\u0303n Thi\u0323 Diê\u0323u Hiê\u0300n",
}


def compose(context: Context, kind: str, subject: str, **facts: Any) -> Document:
    paper = papers.compose(context, kind, subject, facts)
    assert paper is not None
    return paper


def words(paper: Document) -> str:
    return text.render(paper, columns=200)


def situations(context: Context, code: str, **known: str | None) -> Mapping[str, str]:
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    return {"code": code, "version": procedure.version, "situations": json.dumps(known)}


def test_a_ticket_has_the_number_the_time_and_how_many_wait(context: Context) -> None:
    with context.store.write() as db:
        for _ in range(6):
            tickets.draw(db, context.clock.today(), "A", context.clock.now())
        ticket = tickets.draw(db, context.clock.today(), "A", context.clock.now())
        first = tickets.draw(
            db, context.clock.today(), "B", context.clock.now(), tickets.TicketRequest(priority="disabled")
        )
    printed = words(compose(context, "ticket", ticket.id))
    assert "A007" in printed
    assert "Hộ tịch, xin nghe gọi quầy" in printed
    assert "8:30, thứ Ba 24/11/2026" in printed
    assert "6 người" in printed
    assert "cán bộ xem khi gọi" in words(compose(context, "ticket", first.id))
    assert "cán bộ xem khi gọi" not in printed


def test_nobody_waits_before_the_first_number(context: Context) -> None:
    with context.store.write() as db:
        ticket = tickets.draw(db, context.clock.today(), "A", context.clock.now())
    assert "chưa có ai" in words(compose(context, "ticket", ticket.id))


@pytest.mark.parametrize("code", FORMS)
def test_a_ticket_names_nobody(context: Context, hand_in: HandIn, code: str) -> None:
    filed = hand_in(code)
    assert filed.ticket
    printed = words(compose(context, "ticket", filed.ticket.id)).lower()
    assert filed.submission.receipt_no.lower() in printed
    for name in ("hiền", "ngọc", "lê văn an", "kăn nữ", "châu", "nghĩa"):
        assert name not in printed


@pytest.mark.parametrize(("code", "who", "number"), [
    (BIRTH, "Nguyễn Thị Diệu Hiền", "046196000123"),
    (COPY, "Lê Văn An", "046085000789"),
    (STAY, "Phan Thị Minh Châu", "046310000321"),
])  # fmt: skip
def test_a_slip_says_what_was_handed_in_and_no_digits_that_open_the_look_up(
    context: Context, hand_in: HandIn, code: str, who: str, number: str
) -> None:
    filed = hand_in(code)
    printed = words(compose(context, "slip", filed.submission.id))
    assert "Chưa phải Giấy tiếp nhận hồ sơ" in printed
    assert "Quyền xem, xóa thông tin đã khai: chạm “Thông tin dùng làm gì?” ở máy" in printed
    assert who in printed
    assert "bấm 4 số cuối số định danh" in printed.replace("\u00a0", " ")
    assert filed.ticket
    assert filed.ticket.label in printed
    assert filed.submission.receipt_no in printed
    assert "8:30, 24/11/2026, máy\u00a0PK03" in printed
    assert number[-4:] not in printed.replace(filed.submission.receipt_no, "")
    digits = [run for run in printed.split() if len(run) >= 9 and run.isdigit()]
    assert digits == []


def test_a_slip_names_the_other_person_only_where_there_is_one(context: Context, hand_in: HandIn) -> None:
    assert "Trần Nguyễn Bảo Ngọc" in words(compose(context, "slip", hand_in(BIRTH).submission.id))
    alone = hand_in(COPY, nyc_quan_he="ban_than", nd_ho_ten="Lê Văn An")
    assert "Khai cho" not in words(compose(context, "slip", alone.submission.id))


def test_a_slip_lists_what_this_situation_wants(context: Context, hand_in: HandIn) -> None:
    in_hospital = words(compose(context, "slip", hand_in(BIRTH).submission.id))
    at_home = words(compose(context, "slip", hand_in(BIRTH, noi_de="noi_khac").submission.id))
    assert "[ ] Giấy chứng sinh, bản chính" in in_hospital
    assert "[ ] Giấy của người làm chứng việc sinh" in at_home
    assert "chứng sinh" not in at_home


def test_a_slip_has_the_fee_of_this_situation(context: Context, hand_in: HandIn) -> None:
    in_time = words(compose(context, "slip", hand_in(BIRTH).submission.id))
    late = words(
        compose(context, "slip", hand_in(BIRTH, con_ngay_sinh="2026-06-01", de_nghi_cap_ban_sao=False).submission.id)
    )
    assert "2 bản, 16.000 đồng" in in_time
    assert "khai quá 60 ngày theo mức Hội đồng nhân dân thành phố quy định, cán bộ báo số tiền" in late
    assert "bản sao" not in late


def test_a_slip_without_an_id_number_asks_for_the_birthday_or_sends_to_the_officer(
    context: Context, hand_in: HandIn
) -> None:
    unknown = hand_in(BIRTH, nyc_giay_to_tuy_than=None, nyc_ngay_sinh=None)
    printed = words(compose(context, "slip", unknown.submission.id))
    assert "đưa phiếu này cho cán bộ" in printed
    dated = words(compose(context, "slip", hand_in(STAY, so_dinh_danh=None).submission.id))
    assert "bấm 4 số ngày và tháng sinh" in dated
    assert "0901" not in dated
    assert "9/01" not in dated


def test_a_slip_says_whether_the_form_goes_to_the_city(context: Context, hand_in: HandIn) -> None:
    filed = hand_in(BIRTH)
    assert "cán bộ thấy ngay ở quầy" in words(compose(context, "slip", filed.submission.id)), "no portal is set"
    portal = replace(context.config.portal, kind="kiosk-sync", url="https://cong.example")
    sending = replace(context, config=replace(context.config, portal=portal))
    assert "tự gửi lên thành phố" in words(compose(sending, "slip", filed.submission.id))


def test_a_list_of_missing_papers_needs_no_form(context: Context) -> None:
    facts = situations(context, BIRTH, cha_me="da_ket_hon", noi_de="co_so_y_te", qua_han=None)
    printed = words(compose(context, "missing", "a draft that is gone", **facts))
    assert "CẦN MANG THÊM" in printed
    assert "[ ] Giấy chứng sinh, bản chính." in printed
    assert "Có thì mang" not in printed
    printed = words(compose(context, "missing", "gone too", **situations(context, "1.001776", nhom_doi_tuong="tre_em")))
    assert printed.index("Có thì mang") < printed.index("[ ] Giấy khai sinh của trẻ em")


def test_a_wiped_body_leaves_no_slip(context: Context, hand_in: HandIn, clock: FixedClock) -> None:
    filed = hand_in(BIRTH)
    clock.advance(40 * 86400)
    with context.store.write() as db:
        submissions.set_delivery(db, filed.submission.id, "confirmed", clock.now() - timedelta(days=1))
        assert submissions.expired_bodies(clock.now(), clock.now()).wipe_all(db) == 1
    assert papers.compose(context, "slip", filed.submission.id, {}) is None


def test_a_body_that_does_not_open_leaves_no_slip(context: Context, hand_in: HandIn) -> None:
    first = hand_in(BIRTH)
    second = hand_in(COPY)
    with context.store.write() as db:
        sealed = submissions.body(db, first.submission.id)
        db.execute("update submissions set body = ? where id = ?", [sealed, second.submission.id])
    assert papers.compose(context, "slip", second.submission.id, {}) is None


@pytest.mark.parametrize("kind", ["ticket", "slip", "a kind that nobody prints"])
def test_what_is_unknown_is_not_printed(context: Context, kind: str) -> None:
    assert papers.compose(context, kind, "nothing", {}) is None


def test_a_form_that_is_not_in_the_catalogue_has_no_list(context: Context) -> None:
    facts = {"code": BIRTH, "version": "1999-01", "situations": "{}"}
    assert papers.compose(context, "missing", "nothing", facts) is None


def test_a_second_copy_says_so_and_when(context: Context, hand_in: HandIn) -> None:
    asked_at = clock.timestamp(context.clock.now())
    filed = hand_in(BIRTH)
    first = words(compose(context, "slip", filed.submission.id))
    again = words(compose(context, "slip", filed.submission.id, copy=2, asked_at=asked_at))
    assert "IN LẠI" not in first
    assert "BẢN IN LẠI – lần 2, 8:30, 24/11/2026" in again


@pytest.mark.parametrize("kind", ["ticket", "slip", "missing"])
def test_practice_papers_have_the_word(context: Context, hand_in: HandIn, kind: str) -> None:
    practising = replace(context, config=context.config.practising())
    filed = hand_in(BIRTH)
    assert filed.ticket
    subject = filed.ticket.id if kind == "ticket" else filed.submission.id
    facts = situations(context, BIRTH, noi_de="co_so_y_te")
    assert words(compose(practising, kind, subject, **facts)).startswith("[ TẬP ]")
    assert "TẬP ]" not in words(compose(context, kind, subject, **facts))


@pytest.mark.parametrize("settings", [WIDE, NARROW], ids=["80 mm", "58 mm"])
@pytest.mark.parametrize("kind", ["ticket", "slip"])
def test_the_code_holds_the_receipt_number_and_nothing_else(
    context: Context, hand_in: HandIn, kind: str, settings: PrinterSettings
) -> None:
    filed = hand_in(BIRTH)
    assert filed.ticket
    paper = compose(context, kind, filed.ticket.id if kind == "ticket" else filed.submission.id)
    (picture,) = raster.render(paper, settings)
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [filed.submission.receipt_no]


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_prints_as_plain_words(context: Context, hand_in: HandIn, name: str) -> None:
    paper = compose(context, "slip", hand_in(BIRTH, nyc_ho_ten=name).submission.id)
    printed = words(paper)
    assert all(letter.isprintable() or letter in "\n\u00a0" for letter in printed)
    (picture,) = raster.render(paper, WIDE)
    ink = picture.convert("L").point([255] + [0] * 255).getbbox()
    assert ink is not None
    assert (ink[0], ink[2]) == (WIDE.margin, WIDE.dots - WIDE.margin)
    assert "Nguyễn" in words_of_pdf(pdf.render(paper, WIDE))


def test_the_longest_names_wrap_and_lose_nothing(context: Context, hand_in: HandIn) -> None:
    name = "Công Tằng Tôn Nữ Hoàng Thị Ngọc Diễm Phương Khuê Trinh Quỳnh Nguyệt Ánh Xuân"
    paper = compose(context, "slip", hand_in(BIRTH, nyc_ho_ten=name).submission.id)
    for settings in (WIDE, NARROW):
        assert name in words_of_pdf(pdf.render(paper, settings))
