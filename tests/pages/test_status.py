"""Tests of the status page: decisions of the desk and the promised day, in both languages; no officer's words."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput, HandoverInput, StopInput, SupplementInput
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import decisions, submissions
from kiosk.records.submissions import PortalReceipt
from tests.journeys import submission_checks
from tests.journeys.walker import Walker

SECRET = "Sửa tên Quạ Kềnh cho đúng giấy"


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock at 8:45 in the ward on Wednesday 25 November 2026."""
    return FixedClock(datetime(2026, 11, 25, 1, 45, tzinfo=UTC))


@pytest.fixture
def context(birth_filed: Context) -> Context:
    return birth_filed


def _request(context: Context) -> CaseRequest:
    submission = submission_checks.only_submission(context)
    with context.store.read() as db:
        return CaseRequest(submission.id, decisions.last_seq(db, submission.receipt_no), "CB01")


def _status_page(app: Flask, context: Context, lang: str = "vi") -> str:
    with context.store.read() as db:
        ((code,),) = db.execute("select receipt_no from submissions").fetchall()
    other = Walker(app).go("/")
    if lang == "en":
        other.post("/set", name="lang", value="en")
    return other.go("/status").fill(code=code, last4="0123").words


def _apply_receipt(context: Context, clock: FixedClock, code: int) -> None:
    with context.store.write() as db:
        receipt = PortalReceipt(code, code, clock.now())
        submissions.apply_receipt(db, submission_checks.only_submission(context).id, receipt, now=clock.now())


def test_an_accepted_case_says_until_when(app: Flask, context: Context, clock: FixedClock) -> None:
    deciding.accept(context, _request(context), AcceptanceInput(due_on=date(2026, 11, 30)))
    page = _status_page(app, context)
    assert "Cán bộ đã nhận hồ sơ" in page
    assert "Hẹn trả: 30/11/2026" in page
    assert "Quầy cập nhật lúc 8:45, 25/11/2026" in page
    assert "Mã hồ sơ" not in page
    with context.store.write() as db:
        submission = submission_checks.only_submission(context)
        submissions.set_official(db, submission.id, official_no="H57.99.01-261125-0001", due_at=None)
    assert "8:45, 25/11/2026. Mã hồ sơ: H57.99.01-261125-0001" in _status_page(app, context)
    assert "File number: H57.99.01-261125-0001" in _status_page(app, context, "en")
    clock.advance(9 * 24 * 3600)
    assert "Đã quá hẹn 4 ngày" in _status_page(app, context)


def test_papers_that_were_asked_for_are_named_and_nothing_that_was_written(app: Flask, context: Context) -> None:
    deciding.request_supplement(context, _request(context), SupplementInput(("chung_sinh",), (SECRET,), SECRET))
    page = _status_page(app, context)
    assert "Cần nộp thêm giấy" in page
    assert "Giấy chứng sinh" in page
    assert "Điều cán bộ ghi trên phiếu bổ sung" in page
    assert "Quạ" not in page
    english = _status_page(app, context, "en")
    assert "More papers needed" in english
    assert "What the officer wrote on the request slip" in english
    assert "Updated at the counter at 8:45" in english
    assert "Quạ" not in english


@pytest.mark.parametrize("is_asked", [False, True])
def test_each_step_that_has_happened_has_its_tick_and_one_that_asks_has_its_number(
    app: Flask, context: Context, is_asked: bool
) -> None:
    if is_asked:
        deciding.request_supplement(context, _request(context), SupplementInput(("chung_sinh",), (), SECRET))
    else:
        with context.store.write() as db:
            db.execute("update submissions set delivery = 'confirmed'")
    with context.store.read() as db:
        ((code,),) = db.execute("select receipt_no from submissions").fetchall()
    page = Walker(app).go("/status").fill(code=code, last4="0123").page
    steps = re.findall(r'<li>\s*<span class="num mist">(.*?)</span>.*?<h2 class="name">(.*?)</h2>', page, re.DOTALL)
    (icon, title) = steps[-1]
    assert title == ("Cần nộp thêm giấy" if is_asked else "Thành phố đã nhận")
    assert icon.strip() == "2" if is_asked else "<svg" in icon


def test_a_case_that_ended_says_how(app: Flask, context: Context) -> None:
    deciding.accept(context, _request(context), AcceptanceInput(term=0))
    deciding.hand_out(context, _request(context), HandoverInput("Giấy khai sinh", "Nguyễn Thị Diệu Hiền", "self"))
    page = _status_page(app, context)
    assert "Đã nhận kết quả" in page
    assert "Hẹn trả" not in page
    assert "Diệu Hiền" not in page


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda context, request: deciding.refuse(context, request, SECRET), "Không tiếp nhận hồ sơ"),
        (
            lambda context, request: deciding.stop(context, request, StopInput(date(2026, 11, 25), SECRET)),
            "Đã dừng giải quyết",
        ),
    ],
)
def test_a_refusal_and_a_stop_send_to_the_paper_with_the_reason(app: Flask, context: Context, act, words: str) -> None:  # type: ignore[no-untyped-def]
    if "dừng" in words:
        deciding.accept(context, _request(context), AcceptanceInput(term=0))
    assert act(context, _request(context)) is not None
    page = _status_page(app, context)
    assert words in page
    assert "lý do" in page
    assert "Quạ" not in page


@pytest.mark.parametrize(
    ("asks_more", "code", "words"),
    [
        (False, 1, "Cán bộ đã nhận hồ sơ"),
        (False, 4, "Đang giải quyết"),
        (False, 9, "Đã xong, mời đến nhận"),
        (True, 2, "Cần nộp thêm giấy"),
        (True, 9, "Đã xong, mời đến nhận"),
    ],
)
def test_the_further_of_desk_and_city_is_told(
    app: Flask, context: Context, clock: FixedClock, *, asks_more: bool, code: int, words: str
) -> None:
    deciding.accept(context, _request(context), AcceptanceInput(term=0))
    if asks_more:
        deciding.request_supplement(context, _request(context), SupplementInput(("chung_sinh",), (), "thiếu"))
    _apply_receipt(context, clock, code)
    page = _status_page(app, context)
    assert page.index(words) < page.index("Đã gửi tờ khai"), "it is the title"
