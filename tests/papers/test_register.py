"""Register of a day: every column and row on paper and in the workbook, also with hostile names and wiped bodies."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest

from kiosk.acts import deciding, wiping
from kiosk.acts.deciding import CaseRequest, SupplementInput
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.papers import register
from kiosk.papers.workbook import Table, xlsx
from kiosk.records import submissions
from kiosk.records.submissions import PortalReceipt, Submission
from printers.render.line_layout import SHEET_MEASURES
from printers.render.page_layout import lay_sheet
from tests.papers.forms import BIRTH, COPY, STAY, HandIn, words_of_pdf
from tests.papers.register_pictures import AT, accept, coarse_wide, made_up_day, record_copies
from tests.papers.test_declaration import differing
from tests.papers.test_look import boxes

DAY = date(2026, 11, 24)
HEADS = (
    "TT", "Mã hồ sơ", "Tên TTHC", "Số lượng hồ sơ (bộ)", "Tên cá nhân, tổ chức", "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết", "Nhận hồ sơ", "Hẹn trả kết quả", "Trả kết quả", "Phương thức nhận kết quả", "Ký nhận",
    "Ghi chú",
)  # fmt: skip
HOSTILE = ("=1+1", "+84905000123", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil.example","x")', "http://evil.example",
           "<b>Lan</b>", "Nguyễn\u202eVăn A", "{=1}", "0123", "TRUE")  # fmt: skip


def _book(tables: list[Table], *, practice: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx(tables, practice=practice)))


def _cells(context: Context) -> list[tuple[Any, ...]]:
    sheet = _book([register.table(context, DAY)]).active
    return list(sheet.iter_rows(min_row=5, values_only=True))


def _hand_out(context: Context, submission: Submission, clock: FixedClock) -> None:
    due = clock.now() + timedelta(hours=6)
    receipt = PortalReceipt(4, 1, clock.now(), official_no="H57.99-261124-0017", due_at=due)
    accept(context, submission)
    with context.store.write() as db:
        submissions.apply_receipt(db, submission.id, receipt, clock.now())
        submissions.set_official(db, submission.id, official_no=None, due_at=due)
        submissions.set_desk(db, submission.id, "handed_out", clock.now() + timedelta(hours=2))


def test_every_column_and_row_is_on_paper(context: Context, hand_in: HandIn, clock: FixedClock) -> None:
    _hand_out(context, hand_in(BIRTH).submission, clock)
    stay = hand_in(STAY).submission
    accept(context, stay, place="post")
    words = words_of_pdf(register.pdf(context, DAY, signer="Lê Hoài An", trail=" Nhật ký dòng 12, 0a1b."))
    # A cell of two lines lies between the words of those beside it, so that words are searched one by one.
    for head in (*HEADS, "Nhận và trả kết quả"):
        assert [word for word in head.split() if word not in words] == [], head
    for cell in ("Nguyễn Thị Diệu Hiền", "Đăng ký khai sinh", "H57.99-261124-0017", "08:30 24/11/2026", "14:30",
                 "10:30 24/11/2026", "Tại quầy", "Bưu chính", "Đã trả kết quả",
                 f"{stay.receipt_no}.", "Phan Thị Minh Châu", "0905000123",
                 "Tổ 5,", "Công an phường Phú Xuân"):  # fmt: skip
        assert [word for word in cell.split() if word not in words] == [], cell
    for line in ("SỔ THEO DÕI HỒ SƠ", "Thứ Ba, ngày 24 tháng 11 năm 2026", "Tổng số: 2 hồ sơ", "NGƯỜI LẬP SỔ",
                 "Lê Hoài An", "Mẫu 07 chưa so với bản gốc", "trang 1/1", "Nhật ký dòng 12, 0a1b."):  # fmt: skip
        assert line in words, line


def test_an_empty_day_says_so_and_can_be_signed(context: Context) -> None:
    words = words_of_pdf(register.pdf(context, DAY))
    assert "Trong ngày không tiếp nhận hồ sơ nào" in words
    assert "NGƯỜI LẬP SỔ" in words
    assert _cells(context) == []


def test_the_workbook_has_typed_cells_under_a_frozen_head(context: Context, hand_in: HandIn, clock: FixedClock) -> None:
    _hand_out(context, hand_in(BIRTH).submission, clock)
    book = _book([register.table(context, DAY)])
    sheet = book.active
    assert book.sheetnames == ["Sổ theo dõi 24-11-2026"]
    assert sheet.freeze_panes == "A5"
    assert tuple(cell.value for cell in sheet[4]) == HEADS
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["F"].width > 30
    (row,) = sheet.iter_rows(min_row=5)
    assert [cell.data_type for cell in row] == ["n", "s", "s", "n", "s", "s", "s", "d", "d", "d", "s", "n", "s"]
    assert row[7].value == datetime(2026, 11, 24, 8, 30)
    assert row[8].value == datetime(2026, 11, 24, 14, 30)
    assert (row[1].value, row[4].value) == ("H57.99-261124-0017", "Nguyễn Thị Diệu Hiền")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_the_workbook_and_on_paper(context: Context, hand_in: HandIn, name: str) -> None:
    accept(context, hand_in(COPY, nyc_ho_ten=name).submission)
    (row,) = _book([register.table(context, DAY)]).active.iter_rows(min_row=5)
    assert row[4].data_type == "s"
    assert row[4].value.lower() == name.replace("\u202e", "").lower()
    assert row[4].hyperlink is None
    assert name.replace("\u202e", "").lower() in words_of_pdf(register.pdf(context, DAY)).lower()


def test_practice_is_written_on_paper_and_in_the_workbook(context: Context, hand_in: HandIn) -> None:
    hand_in(BIRTH)
    practising = replace(context, config=context.config.practising())
    assert "TẬP" in words_of_pdf(register.pdf(practising, DAY))
    assert "TẬP" not in words_of_pdf(register.pdf(context, DAY))
    sheet = _book([register.table(context, DAY)], practice=True).active
    assert sheet["A1"].value.startswith("TẬP.")
    assert "TẬP" in sheet.oddFooter.left.text


def test_a_row_without_a_body_has_what_is_left(context: Context, hand_in: HandIn, clock: FixedClock) -> None:
    submission = hand_in(BIRTH).submission
    _hand_out(context, submission, clock)
    with context.store.write() as db:
        submissions.set_delivery(db, submission.id, "confirmed", clock.now())
    clock.advance(40 * 24 * 3600)
    wiping.wipe_expired(context)
    (row,) = _cells(context)
    assert row[4] == "(đã xóa theo hạn giữ)"
    assert row[1] == "H57.99-261124-0017"
    assert submission.receipt_no in row[12]
    words = words_of_pdf(register.pdf(context, DAY))
    assert "DIỆU HIỀN" not in words
    assert "(đã xóa theo hạn giữ)" in words


def test_a_class_is_in_no_row(context: Context, hand_in: HandIn) -> None:
    accept(context, hand_in("LOCAL-TAPHUAN", ho_ten="Lê Văn Học").submission)
    assert _cells(context) == []


def test_a_case_is_in_the_register_of_the_day_that_received_it(
    context: Context, hand_in: HandIn, clock: FixedClock
) -> None:
    submitted_before = hand_in(BIRTH).submission
    never_accepted = hand_in(COPY).submission
    clock.advance(15.5 * 3600)
    next_day = date(2026, 11, 25)
    assert context.clock.today() == next_day
    accept(context, submitted_before, place="online")
    assert register.table(context, DAY).rows == (), "submitted on that day, received on none or the next"
    ((*_, received, _due, handed_out, method, _signed, note),) = register.table(context, next_day).rows
    assert (received, handed_out, method) == (clock.now(), None, "Trực tuyến")
    assert submitted_before.receipt_no in str(note)
    assert never_accepted.receipt_no not in str(note)


def test_a_case_accepted_again_after_a_supplement_stays_on_its_first_day(
    context: Context, hand_in: HandIn, clock: FixedClock
) -> None:
    case = hand_in(BIRTH).submission
    accept(context, case)
    first = clock.now()
    clock.advance(24 * 3600)
    request = CaseRequest(case.id, 1, "CB01")
    assert deciding.request_supplement(context, request, SupplementInput((), ("giấy chứng sinh",), "còn thiếu"))
    accept(context, case)
    (row,) = register.table(context, DAY).rows
    assert row[7] == first
    assert register.table(context, date(2026, 11, 25)).rows == ()


def test_three_hundred_rows_go_over_pages_each_with_the_head(context: Context, hand_in: HandIn) -> None:
    accept(context, hand_in(BIRTH).submission)
    table = register.table(context, DAY)
    rows = tuple((at, f"H57.99-261124-{at:04d}", *table.rows[0][2:]) for at in range(1, 301))
    pages = lay_sheet(register.sheet(context, replace(table, rows=rows, note=""), day=DAY))
    assert len(pages) > 10
    measures = SHEET_MEASURES["A4 landscape"]
    seen = set()
    for number, page in enumerate(pages, 1):
        words = [text for text, *_ in boxes(page)]
        seen |= {word for word in words if word.startswith("H57.99-261124-")}
        assert f"trang {number}/{len(pages)}" in words
        if any(word.startswith("H57.99") for word in words):
            assert "Ký nhận" in " ".join(words)
        for text, left, top, right, bottom in boxes(page):
            assert measures.left - 1 <= left, text
            assert right <= measures.width - measures.right + 1, text
            assert top >= 0, text
            assert bottom <= measures.height - measures.bottom + 14, text
    assert len(seen) == 300
    last = [text for text, *_ in boxes(pages[-1])]
    assert "NGƯỜI LẬP SỔ" in last
    assert any(word.startswith("H57.99") for word in last)


def test_the_register_looks_as_it_did(context: Context, hand_in: HandIn, clock: FixedClock) -> None:
    assert clock.now() == AT
    picture = coarse_wide(made_up_day(context, hand_in))
    assert differing(picture, "register") < 0.02


def test_the_text_of_the_paper_can_be_searched_page_by_page(context: Context, hand_in: HandIn) -> None:
    hand_in(BIRTH)
    pdf = pypdfium2.PdfDocument(register.pdf(context, DAY))
    assert pdf[0].get_size() == pytest.approx((841.89, 595.28), abs=1)
    pdf.close()


def test_rows_are_in_the_order_of_time_with_the_sets_of_the_acceptance(
    context: Context, hand_in: HandIn, clock: FixedClock
) -> None:
    late = hand_in(BIRTH).submission
    early = hand_in(COPY).submission
    due_on = context.calendar.after(context.clock.today(), 3)
    acceptance = deciding.AcceptanceInput(due_on=due_on, sets=2)
    assert deciding.accept(context, CaseRequest(early.id, 0, "CB01"), acceptance)
    clock.advance(60)
    record_copies(context)
    clock.advance(60)
    accept(context, late)
    rows = register.table(context, DAY).rows
    assert [(row[0], row[3]) for row in rows] == [(1, 2), (2, 1), (3, 1)]
    assert early.receipt_no in str(rows[0][12])
    assert "không kèm tờ khai, 3 bản. Sổ việc ở quầy số 1" in str(rows[1][12])
    assert late.receipt_no in str(rows[2][12])
