"""Signing up for a class: with a card, by name alone, when seats run out; nothing goes to a portal."""

from dataclasses import replace
from datetime import date

import pytest

import printers.spool
import sync.outbox
from kiosk.config import Config
from kiosk.config.list_sections import TrainingClass
from kiosk.dossiers import class_sessions
from kiosk.papers import declaration, slip
from kiosk.records import submissions, tickets
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker

CLASS = "LOCAL-TAPHUAN"
PLACE = "Hội trường phường Phú Xuân"
THURSDAY = f"2026-11-26T14:00 {PLACE}"
TUESDAY = f"2026-12-01T14:00 {PLACE}"
MOST_SCREENS = 3


@pytest.fixture
def practice(practice: Config) -> Config:
    """Return the classes of kiosk.toml with one seat each."""
    return replace(practice, classes=tuple(replace(weekly, seats=1) for weekly in practice.classes))


def _begin(walker: Walker) -> Walker:
    walker.follow("/choose").follow(f"/need/{CLASS}")
    assert "không mất tiền" in walker.words
    return walker.fill()


def _sign_up(walker: Walker, card: str = "ba", session: str = THURSDAY) -> Walker:
    _begin(walker).scan(card).fill(buoi=session, dien_thoai="0914 123 456")
    return submit(reach_check_page(walker))


def _someone_else(walker: Walker) -> Walker:
    return Walker(walker.app).go("/")


def test_a_card_and_one_touch_keep_a_seat(walker: Walker) -> None:
    _sign_up(walker)
    assert walker.at == "/done"
    assert walker.heading == "Đã ghi tên vào lớp học"
    screens = walker.addresses[walker.addresses.index(f"/need/{CLASS}") : -1]
    assert len(screens) <= MOST_SCREENS, screens
    submission = submission_checks.only_submission(walker.context)
    answers = submission_checks.opened_body(walker.context, submission)["form"]["answers"]
    assert answers == {
        "ho_ten": "Zơ Râm Thị Klŏng",
        "nam_sinh": "1954",
        "dien_thoai": "0914123456",
        "buoi": THURSDAY,
        "doi_tuong": "nguoi_dan",
        "dia_ban": {"provinceCode": "46", "wardCode": "19753", "detail": ""},
    }


def test_nothing_goes_to_a_portal_and_no_form_is_printed(walker: Walker) -> None:
    _sign_up(walker)
    submission = submission_checks.only_submission(walker.context)
    with walker.context.store.read() as db:
        assert sync.outbox.status_of(db, submission.id) is None
        assert [job.kind for job in printers.spool.of_subject(db, submission.id)] == ["slip"]
        body = submissions.body(db, submission.id)
        assert tickets.of_submission(db, submission.id) is None
    assert body is not None
    assert b"046154000017" not in walker.context.vault.open(submissions.BODY, submission.id, body)
    assert declaration.declaration(walker.context, submission.id) is None


def test_no_paper_of_a_procedure_is_asked_for_or_told_of(walker: Walker) -> None:
    """A class needs no paper, and no receipt of a case follows it."""
    walker.go(f"/need/{CLASS}")
    assert "Không bắt buộc mang giấy tờ" in walker.words
    assert "Cần mang 2 loại" not in walker.words
    reach_check_page(walker.fill().scan("ba").fill(buoi=THURSDAY, dien_thoai="0914 123 456"))
    assert "Người dân, phường Phú Xuân, thành phố Huế (máy ghi sẵn)" in walker.words
    submit(walker)
    assert "Giấy tiếp nhận" not in walker.words


def test_the_slip_says_day_hour_and_place(walker: Walker) -> None:
    _sign_up(walker)
    paper = slip.compose(walker.context, submission_checks.only_submission(walker.context).id, {})
    assert f"Thứ Năm, 26/11/2026, 14 giờ, {PLACE}" in str(paper)


def test_no_card_is_needed(walker: Walker) -> None:
    _begin(walker).press("by-hand")
    assert walker.at == "/form/nguoi_hoc.name"
    walker.fill(ho_ten="Hồ Thị Mẫu")
    walker.fill(buoi="cho", dien_thoai="0914 123 456")
    assert "phường gọi sau" in reach_check_page(walker).words
    submit(walker)
    answers = submission_checks.opened_body(walker.context, submission_checks.only_submission(walker.context))["form"][
        "answers"
    ]
    assert answers["buoi"] == "cho"
    assert "nam_sinh" not in answers


def test_a_session_without_seats_is_not_offered_any_more(walker: Walker) -> None:
    _sign_up(walker)
    other = _someone_else(walker)
    _begin(other).scan("cha")
    assert other.form().choices["buoi"] >= {TUESDAY, "cho"}
    assert THURSDAY not in other.form().choices["buoi"]


def test_the_last_seat_goes_to_the_first_submission(walker: Walker) -> None:
    other = _someone_else(walker)
    _begin(other).scan("cha").fill(buoi=THURSDAY, dien_thoai="0905 000 123")
    reach_check_page(other)
    _sign_up(walker)
    submit(other)
    assert other.at == "/form/submit"
    assert "Buổi này vừa hết chỗ" in other.words
    other.go("/form/nguoi_hoc").fill(buoi=TUESDAY)
    submit(reach_check_page(other))
    assert other.at == "/done"


def test_no_class_is_held_on_a_holiday_or_has_begun(walker: Walker) -> None:
    context = walker.context
    days = (
        TrainingClass(weekday="tue", start="08:00", place="A", seats=5),
        TrainingClass(weekday="tue", start="14:00", place="A", seats=5),
        TrainingClass(weekday="wed", start="08:30", place="B", seats=5),
    )
    sessions = class_sessions.upcoming_sessions(replace(context.config, classes=days), context.clock.now())
    dates = [date.fromisoformat(session.id[:10]) for session in sessions]
    assert date(2026, 11, 24) not in dates
    assert [session.id for session in sessions[:2]] == ["2026-11-25T08:30 B", "2026-12-01T08:00 A"]
    assert (max(dates) - context.clock.today()).days <= class_sessions.DAYS_AHEAD


def test_who_has_no_telephone_joins_a_session_and_gives_a_number_to_be_called(walker: Walker) -> None:
    _begin(walker).scan("me").fill(buoi=THURSDAY, dien_thoai="")
    assert "Chưa có số điện thoại" not in walker.words
    reach_check_page(walker)
    assert walker.at == "/form/check"
    walker.go("/form/nguoi_hoc").fill(buoi="cho", dien_thoai="")
    assert "Chưa có số điện thoại để phường gọi khi có buổi mới" in walker.words
