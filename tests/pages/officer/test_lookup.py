"""Look-up by each key, without an answer of a form; an opening has a reason, ten minutes and one session."""

import re
import unicodedata
from datetime import date

import pytest
from flask import Flask

from kiosk.acts import queueing, wiping
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import lookup_hashes, payment_keys
from kiosk.records import audit, lookups, openings, submissions, tickets
from kiosk.records.submissions import PortalReceipt, Submission
from tests.journeys import submission_checks
from tests.pages.officer.sitting import PASSWORD, Desk
from tests.pages.officer.test_queue import _tap

CHILD = "Trần Nguyễn Bảo Ngọc"
MOTHER = "Nguyễn Thị Diệu Hiền"
NUMBER = "046196000123"
ANSWERS = ("046196000123", "046093000456", "0905", "PHƯỚC")


@pytest.fixture
def case(birth_filed: Context) -> Submission:
    return submission_checks.only_submission(birth_filed)


@pytest.fixture
def desk(app: Flask, case: Submission) -> Desk:
    return Desk(app)


def _seek(desk: Desk, text: str, day: str = "") -> Desk:
    return desk.go("/officer/lookup").post("/officer/lookup", said=text, day=day)


def _open(desk: Desk, case: Submission, reason: str = "asked", words: str = "") -> Desk:
    desk.go(f"/officer/case/{case.id}")
    return desk.post(f"/officer/case/{case.id}", reason=reason, words=words)


def _child_in_any_spelling() -> list[str]:
    applicant = "nguyen thi dieu hien"
    return [
        CHILD,
        CHILD.upper(),
        "tran nguyen  bao ngoc",
        unicodedata.normalize("NFD", CHILD),
        applicant,
        MOTHER,
    ]


@pytest.mark.parametrize("text", _child_in_any_spelling())
def test_a_whole_name_is_found_whatever_its_marks_and_capitals(desk: Desk, case: Submission, text: str) -> None:
    assert case.receipt_no in _seek(desk, text).words
    assert "theo họ tên đầy đủ" in desk.words


def test_a_tone_mark_may_stand_on_either_vowel(app: Flask, birth_filed: Context) -> None:
    desk = Desk(app)
    submission = submission_checks.only_submission(birth_filed)
    for spelling in ("Hoàng Thị Thúy", "Hoàng Thị Thuý"):
        with desk.context.store.write() as db:
            lookups.insert(db, submission.id, [lookup_hashes.name_hash(desk.context, spelling)])
        assert submission.receipt_no in _seek(desk, "Hoàng Thị Thúy").words
        assert submission.receipt_no in _seek(desk, "Hoàng Thị Thuý").words


@pytest.mark.parametrize("text", ["Ngọc", "Trần Nguyễn Bảo", "Nguyễn Bảo Ngọc", "Trần Văn Phước"])
def test_part_of_a_name_and_a_person_it_is_not_about_find_nothing(desk: Desk, case: Submission, text: str) -> None:
    assert case.receipt_no not in _seek(desk, text).words
    assert "họ tên đầy đủ" in desk.words
    assert f'value="{text}"' in desk.page


def test_slip_number_and_card_find_the_case_as_typed_or_scanned(desk: Desk, case: Submission) -> None:
    loose = case.receipt_no.replace("-", " ").lower()
    card = f"{NUMBER}||Nguyen Thi Dieu Hien|12031996|Nu|To 5, Phu Hau, Thanh pho Hue|10052021"
    for text in (case.receipt_no, loose, NUMBER, "046 196 000 123", card):
        assert case.receipt_no in _seek(desk, text).words, text
    assert "theo số định danh" in desk.words
    assert case.receipt_no not in _seek(desk, "046196000124").words


def test_the_text_of_a_transfer_finds_the_case_however_a_bank_has_changed_it(desk: Desk, case: Submission) -> None:
    key = payment_keys.receipt_key(desk.context, case.receipt_no)
    for text in (key, f"PHI {key}", f"MBVCB.1234567.PHI{key.lower()}.CT tu 0011", f"{key[:7]} {key[7:]}-011226-10:31"):
        assert case.receipt_no in _seek(desk, text).words
        assert "theo mã phiếu" in desk.words
    assert case.receipt_no not in _seek(desk, f"PHI {key[:-1]}{'A' if key[-1] != 'A' else 'C'}").words


def test_the_text_of_a_transfer_for_services_finds_their_number(desk: Desk) -> None:
    today = desk.context.clock.today()
    _seek(desk, f"PHI {payment_keys.label_key(desk.context, 'A001', today)}")
    assert "Số A001 lấy lúc" in desk.words or "theo số thứ tự" in desk.words


def test_the_official_number_of_an_acceptance_paper_finds_the_case(desk: Desk, case: Submission) -> None:
    receipt = PortalReceipt(4, 1, desk.context.clock.now(), official_no="H57.99-261124-0017")
    with desk.context.store.write() as db:
        submissions.apply_receipt(db, case.id, receipt, desk.context.clock.now())
    assert case.receipt_no in _seek(desk, "h57.99-261124-0017").words
    assert "đang xử lý, theo cổng lúc 08:30, 24/11/2026" in desk.words
    assert "Chờ tiếp nhận" in desk.words


def test_a_queue_number_of_today_or_of_a_day_finds_the_case(desk: Desk, case: Submission, clock: FixedClock) -> None:
    assert case.receipt_no in _seek(desk, "a001").words
    clock.advance(24 * 3600)
    again = Desk.__new__(Desk)
    again.context = desk.context
    again.browser = desk.browser
    again.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    again.go("/officer/")
    assert "không có số A001" in _seek(again, "A001").words
    for day in ("2026-11-24", "24/11/2026"):
        assert case.receipt_no in _seek(again, "A1", day).words
    assert "Ngày viết như 25/11/2026" in _seek(again, "A001", "32/11/2026").words
    assert 'value="A001"' in again.page


def test_a_number_without_a_form_is_told_as_that(desk: Desk) -> None:
    queueing.draw_ticket(desk.context, desk.context.config.series[1])
    assert "Số B001 lấy lúc 08:30, 24/11/2026, không kèm tờ khai: đang chờ." in _seek(desk, "B001").words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Mời quét hoặc gõ"),
        ("PK03-261124-0001-X", "Chưa hiểu mã này"),
        ("12345", "Chưa hiểu mã này"),
        ("https://evil.example/|x", "không phải thẻ căn cước"),
        ("Hiền", "họ tên đầy đủ"),
        ("A9999", "không có số A9999"),
        ("'; drop table submissions; --", "Không thấy ai tên này"),
        ("%", "họ tên đầy đủ"),
    ],
)
def test_what_cannot_be_found_says_what_to_do(desk: Desk, text: str, message: str) -> None:
    assert message in _seek(desk, text).words
    assert desk.answer.status_code == 200


def test_what_is_found_tells_no_answer_and_leaves_a_line_without_the_words(desk: Desk, case: Submission) -> None:
    _seek(desk, NUMBER)
    assert "Đăng ký khai sinh" in desk.words
    assert "08:30, 24/11/2026" in desk.words
    shown = desk.page.replace(f'value="{NUMBER}"', "")
    assert [answer for answer in ANSWERS if answer in shown] == []
    with desk.context.store.read() as db:
        ((_at, line),) = [row for row in audit.of_subject(db, "CB01") if row[1].act == "look_up"]
    assert line.facts == {"by": "number", "found": 1, "cases": case.receipt_no}


def test_a_case_is_opened_for_a_reason_which_is_logged(desk: Desk, case: Submission) -> None:
    desk.go(f"/officer/case/{case.id}")
    assert "Vì sao mở hồ sơ này?" in desk.words
    assert [answer for answer in ANSWERS if answer in desk.page] == []
    _open(desk, case, "authority", "Công an phường xin đối chiếu cho bà Hiền")
    assert "Mở đến 08:40" in desk.words
    assert "TRẦN NGUYỄN BẢO NGỌC" in desk.words
    assert '<noscript><meta http-equiv="refresh" content="601"></noscript>' in desk.page
    assert f"/officer/case/{case.id}/state" in desk.page
    with desk.context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, case.id) if line.act == "open_case"]
        (kept,) = openings.between(db, desk.context.clock.now(), desk.context.clock.now().replace(year=2027))
    facts = {"receipt": case.receipt_no, "reason": "authority", "words": True}
    assert [(line.actor, line.facts) for line in lines] == [("CB01", facts)]
    assert kept.words is not None
    assert "Hiền".encode() not in kept.words
    assert "bà Hiền" in desk.context.vault.open(openings.WORDS, kept.id, kept.words).decode()


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "vì cần"), ("curious", "vì cần"), ("other", " "), ("authority", ""), ("other", "a" * 301)],
)
def test_a_reason_that_says_nothing_opens_nothing_and_keeps_what_was_typed(
    desk: Desk, case: Submission, reason: str, words: str
) -> None:
    _open(desk, case, reason, words)
    assert desk.answer.status_code == 400
    assert "Mời chọn" in desk.words or "Mời ghi rõ" in desk.words or "dài nhất" in desk.words
    assert words.strip() in desk.page
    assert "Vì sao mở hồ sơ này?" in desk.go(f"/officer/case/{case.id}").words


def test_an_opened_case_is_of_one_officer_and_one_browser(app: Flask, desk: Desk, case: Submission) -> None:
    _open(desk, case)
    other = Desk(app, "minhtam", counter=2)
    same = app.test_client()
    same.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "3"})
    for browser in (other.browser, same):
        page = browser.get(f"/officer/case/{case.id}")
        assert "Vì sao mở hồ sơ này?" in page.get_data(as_text=True)
        assert browser.get(f"/officer/case/{case.id}/declaration.pdf").status_code == 403
    assert other.post(f"/officer/case/{case.id}/slip").answer.status_code == 403
    assert desk.browser.get(f"/officer/case/{case.id}/declaration.pdf").mimetype == "application/pdf"


def test_a_case_closes_by_itself_by_hand_and_when_the_clock_goes_back(
    desk: Desk, case: Submission, clock: FixedClock
) -> None:
    _open(desk, case)
    clock.advance(599)
    assert "Mở đến" in desk.go(f"/officer/case/{case.id}").words
    clock.advance(1)
    assert "Vì sao mở hồ sơ này?" in desk.go(f"/officer/case/{case.id}").words
    assert desk.browser.get(f"/officer/case/{case.id}/declaration.pdf").status_code == 403
    _open(desk, case)
    desk.post(f"/officer/case/{case.id}/close")
    assert desk.browser.get(f"/officer/case/{case.id}/declaration.pdf").status_code == 403
    _open(desk, case)
    clock.jump(-3600)
    assert desk.browser.get(f"/officer/case/{case.id}/declaration.pdf").status_code == 403


def test_the_case_that_was_called_needs_no_reason(desk: Desk, case: Submission) -> None:
    _tap(desk.go("/officer/"), "next")
    with desk.context.store.read() as db:
        ticket = tickets.at_counter(db, date(2026, 11, 24), 1)
    assert ticket is not None
    assert "Đang ở quầy" in _seek(desk, case.receipt_no).words
    assert desk.browser.get(f"/officer/case/{case.id}").headers["Location"] == "/officer/"
    assert desk.browser.get(f"/officer/case/{case.id}/declaration.pdf").status_code == 200


def test_a_wiped_case_stands_with_what_is_left_and_is_found_by_name_no_more(
    desk: Desk, case: Submission, clock: FixedClock
) -> None:
    _open(desk, case, "other", "chuyện riêng")
    with desk.context.store.write() as db:
        submissions.set_desk(db, case.id, "handed_out", clock.now())
        submissions.set_delivery(db, case.id, "confirmed", clock.now())
    clock.advance(31 * 24 * 3600)
    wiping.wipe_expired(desk.context)
    again = desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert again.status_code == 303
    desk.go("/officer/")
    assert case.receipt_no not in _seek(desk, CHILD).words
    assert "Đã trả kết quả" in _seek(desk, case.receipt_no).words
    _open(desk, case)
    assert "đã xóa theo hạn giữ" in desk.words
    with desk.context.store.read() as db:
        first, _second = openings.between(db, case.completed_at, clock.now().replace(year=2028))
    assert (first.reason, first.words) == ("other", None)


def test_an_address_that_names_nothing_says_so(desk: Desk) -> None:
    assert desk.go("/officer/case/nothing").answer.status_code == 404
    assert "Mời tra cứu lại" in desk.words


def test_what_is_typed_is_never_a_tag(desk: Desk) -> None:
    page = _seek(desk, '"><script>alert(1)</script> x').page
    assert "<script>alert" not in page
    assert re.search(r"&lt;script&gt;|Chưa hiểu", page)


def test_a_case_that_was_opened_is_decided_as_at_the_counter_and_by_nobody_else(
    app: Flask, desk: Desk, case: Submission
) -> None:
    assert desk.go(f"/officer/case/{case.id}/refused").answer.status_code == 403
    _open(desk, case)
    desk.go(f"/officer/case/{case.id}/refused")
    assert f'href="/officer/case/{case.id}"' in desk.page
    desk.post(f"/officer/case/{case.id}/refused", seen="0", reason="Hồ sơ nộp nhầm phường.")
    assert "Đã ghi từ chối tiếp nhận" in desk.words
    assert "Mở đến 08:40" in desk.words
    other = Desk(app, "minhtam", counter=2)
    assert other.go(f"/officer/case/{case.id}/handed_out").answer.status_code == 403


def test_a_number_that_was_transferred_says_where_to(desk: Desk) -> None:
    ticket = queueing.draw_ticket(desk.context, desk.context.config.series[1])
    with desk.context.store.write() as db:
        db.execute("update tickets set line = 'A' where id = ?", [ticket.id])
    assert f"Số {ticket.label} lấy lúc 08:30" in _seek(desk, ticket.label).words
    assert "đang chờ, đã chuyển sang dãy A, " in desk.words
    with desk.context.store.write() as db:
        db.execute("update tickets set line = series, counter = 2 where id = ?", [ticket.id])
    assert "đang chờ, đã chuyển sang quầy 2." in _seek(desk, ticket.label).words
