"""Lead's page of opinions: a month that is over, in groups; texts of weeks that are over; PDF and workbook."""

import io
from datetime import date

import openpyxl
import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.portal import opinion_report
from kiosk.records import audit, opinions
from kiosk.records.opinions import TEXT, Opinion, OpinionText
from tests.pages.officer.sitting import PASSWORD, Desk
from tests.papers.forms import words_of_pdf

TODAY = date(2026, 11, 24)
BIRTH = "1.001193"
STAY = "1.004194"
NEXT_MONTH = 8 * 24 * 3600
SECRET = "Chờ từ bảy giờ, chị Lan gọi nhầm số"


def _note(context: Context, face: int, times: int, *words: str, procedure: str = BIRTH, counter: int = 1) -> None:
    with context.store.write() as db:
        for _ in range(times):
            opinions.note(db, TODAY, Opinion(procedure=procedure, counter=counter, face=face, words=words))


def _write(context: Context, words: str, day: date) -> None:
    text_id = opinions.new_text_id()
    body = context.vault.seal(TEXT, text_id, words.encode())
    with context.store.write() as db:
        opinions.add_text(db, OpinionText(id=text_id, day=day, procedure=BIRTH, face=2, body=body))


@pytest.fixture
def lead(app: Flask) -> Desk:
    return Desk(app, login="minhtam", role="lead")


@pytest.fixture
def november(lead: Desk, clock: FixedClock) -> Desk:
    """Return a lead on 2 December, with opinions of November."""
    context = lead.context
    _note(context, 5, 6, "fast")
    _note(context, 1, 2, "wait")
    _note(context, 0, 3)
    _note(context, 4, 7, procedure=STAY, counter=2)
    _note(context, 2, 1, procedure="2.000635", counter=2)
    _write(context, SECRET, TODAY)
    clock.advance(NEXT_MONTH)
    lead.browser.post("/signin", data={"login": "minhtam", "password": PASSWORD, "counter": "1"})
    return lead


def test_a_month_that_is_not_over_shows_nothing(lead: Desk) -> None:
    _note(lead.context, 5, 50)
    page = lead.go("/officer/opinions").words
    assert "Ý kiến người dân, tháng 10/2026" in page
    assert "50" not in page
    assert lead.go("/officer/opinions.xlsx?month=2026-11-01").answer.status_code == 404
    assert lead.go("/officer/opinions.pdf").answer.status_code == 404


def test_the_month_is_shown_by_procedure_with_small_groups_in_one(november: Desk) -> None:
    page = november.go("/officer/opinions").words
    assert "Ý kiến người dân, tháng 11/2026" in page
    assert "Đăng ký khai sinh 8 2 0 0 0 6 3 75%" in page
    assert "Các nhóm nhỏ 8 0 1 0 7 0 0 88%" in page
    assert "16 ý kiến, 3 lượt không trả lời" in page
    assert "Nhanh tốt 6" in page
    assert "Chờ lâu" not in page, "two people alone chose it"


def test_texts_wait_until_their_week_is_over(lead: Desk, clock: FixedClock) -> None:
    _write(lead.context, SECRET, TODAY)
    assert SECRET not in lead.go("/officer/opinions").words
    clock.advance(5 * 24 * 3600)
    lead.browser.post("/signin", data={"login": "minhtam", "password": PASSWORD, "counter": "1"})
    assert SECRET not in lead.go("/officer/opinions").words, "Sunday"
    clock.advance(24 * 3600)
    lead.browser.post("/signin", data={"login": "minhtam", "password": PASSWORD, "counter": "1"})
    page = lead.go("/officer/opinions").words
    assert SECRET in page
    assert "23/11" in page, "the week, not the day"
    assert "24/11" not in page


def test_the_workbook_and_the_paper_have_the_tables_and_no_text(november: Desk) -> None:
    book = november.go("/officer/opinions.xlsx?month=2026-11-01").answer
    sheets = openpyxl.load_workbook(io.BytesIO(book.data))
    names = [
        "Ý kiến theo thủ tục",
        "Ý kiến theo nơi",
        "Chỗ tốt, chỗ chưa được",
        "Mặt đã chấm",
        "Tốt và kém theo thủ tục",
    ]
    assert sheets.sheetnames == names
    cells = [str(cell) for sheet in sheets.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "Các nhóm nhỏ" in cells
    assert not [cell for cell in cells if "Lan" in cell]
    words = words_of_pdf(november.go("/officer/opinions.pdf?month=2026-11-01").answer.data)
    assert "Đăng ký khai sinh" in words
    assert "Lan" not in words


def test_each_file_writes_an_audit_line(november: Desk) -> None:
    november.go("/officer/opinions.xlsx?month=2026-11-01")
    november.go("/officer/opinions.pdf?month=2026-11-01")
    with november.context.store.read() as db:
        lines = db.execute("select subject from audit where act = 'take_along' order by seq").fetchall()
        assert audit.verify(db, november.context.audit_key()) is None
    assert lines == [("opinions xlsx",), ("opinions pdf",)]


def test_an_officer_sees_no_opinions(app: Flask) -> None:
    desk = Desk(app)
    assert desk.go("/officer/opinions").answer.status_code == 403
    assert "/officer/opinions" not in desk.go("/officer/day").page


def test_the_lead_finds_the_page_from_the_day(lead: Desk) -> None:
    assert "/officer/opinions" in lead.go("/officer/day").page


def test_the_report_for_the_province_has_the_same_groups_and_no_text(november: Desk) -> None:
    report = opinion_report.find_report(november.context, held="2026-10")
    assert report
    assert report.month == "2026-11"
    groups = [(group.procedure, group.faces, group.unanswered) for group in report.groups]
    assert groups == [(BIRTH, (2, 0, 0, 0, 6), 3), ("", (0, 1, 0, 7, 0), 0)]
    assert report.words == {"fast": 6}
    assert opinion_report.find_report(november.context, held="2026-11") is None
    assert opinion_report.find_report(november.context) == report, "no month before it has any"


def test_a_month_that_is_not_over_or_that_this_machine_knows_nothing_of_is_not_reported(
    lead: Desk, clock: FixedClock
) -> None:
    assert opinion_report.find_report(lead.context) is None
    _note(lead.context, 5, 9)
    assert opinion_report.find_report(lead.context) is None
    clock.advance(NEXT_MONTH)
    report = opinion_report.find_report(lead.context)
    assert report
    assert report.month == "2026-11"
