"""Lead's page of the pages of forms: which step is slow, which check stops it, where forms are left, as a workbook."""

import io

import openpyxl
import pytest
from flask import Flask

from kiosk.acts import applying
from kiosk.base.clock import FixedClock
from kiosk.papers import page_figures
from kiosk.papers.page_figures import PageSum
from kiosk.records import page_counts
from kiosk.records.page_counts import LONGER
from tests.journeys.people import begin_birth
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

ANSWERS = {"nyc_quan_he": "me", "nyc_noi_cu_tru.stay": "19753"}


@pytest.fixture
def lead(app: Flask, walker: Walker, clock: FixedClock) -> Desk:
    """Return a lead after a form with a wrong telephone number and a slow page, which was left then."""
    begin_birth(walker).scan("me")
    walker.fill({**ANSWERS, "nyc_dien_thoai": "0905"})
    clock.advance(150)
    walker.fill({**ANSWERS, "nyc_dien_thoai": "0905 000 123"})
    with walker.context.store.read() as db:
        session = str(db.execute("select id from sessions where audience = 'citizen'").fetchone()[0])
    applying.end_session(walker.context, session)
    return Desk(app, login="minhtam", role="lead")


def test_the_page_names_the_step_the_check_and_where_the_form_was_left(lead: Desk) -> None:
    page = lead.go("/officer/pages").words
    assert "Trang khai, 30 ngày gần đây" in page
    assert "Số điện thoại có 10 chữ số, bắt đầu bằng 0." in page
    assert "1 trên 1" in page, "the slow page"
    assert "1 bỏ dở, 0 gọi" in page
    assert "0905" not in page


def test_the_workbook_has_the_pages_the_checks_and_the_charts(lead: Desk) -> None:
    answer = lead.go("/officer/pages.xlsx?days=7").answer
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == [
        "Trang khai", "Chỗ kiểm tra giữ lại", "Trang lâu", "Câu hỏi hay bị giữ lại", "Bỏ dở, gọi giúp"
    ]  # fmt: skip
    rows = list(book["Trang khai"].iter_rows(min_row=5, values_only=True))
    assert rows[0][3:] == (1, "5 phút", 1, 1, None, None) or rows[0][6] == 1
    with lead.context.store.read() as db:
        assert db.execute("select subject from audit where act = 'take_along'").fetchall() == [("pages xlsx",)]


def test_only_a_lead_sees_it(app: Flask) -> None:
    assert Desk(app).go("/officer/pages").answer.status_code == 403


@pytest.mark.parametrize(("seconds", "bucket"), [(0, "15"), (15, "15"), (15.1, "30"), (300, "300"), (301, LONGER)])
def test_a_time_is_in_the_bucket_of_the_next_longer_limit(seconds: float, bucket: str) -> None:
    assert page_counts.bucket(seconds) == bucket


def test_half_of_the_times_are_in_the_bucket_that_the_table_names() -> None:
    assert PageSum(times={"15": 2, "60": 1, LONGER: 1}).median == "15 giây"
    assert PageSum(times={"15": 1, "60": 1, LONGER: 1}).median == "1 phút"
    assert PageSum().median == ""
    assert set(page_figures.BUCKET_NAMES) == {*map(str, page_counts.BUCKETS), LONGER}
