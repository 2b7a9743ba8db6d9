"""Signing up for a class: with a card, by name alone, when seats run out; nothing goes to a portal."""

from dataclasses import replace
from datetime import date

import pytest

import printers.spool
import sync.outbox
from kiosk import classes
from kiosk.config import Config
from kiosk.config.sections import Class
from kiosk.papers import declaration, slip
from kiosk.records import submissions, tickets
from tests.journeys import filed
from tests.journeys.people import hand_in, read_over
from tests.journeys.walker import Walker

CLASS = "LOCAL-TAPHUAN"
PLACE = "Hội trường phường Phú Xuân"
THURSDAY = f"2026-11-26T14:00 {PLACE}"
TUESDAY = f"2026-12-01T14:00 {PLACE}"
MOST_SCREENS = 3


@pytest.fixture
def practice(practice: Config) -> Config:
    """The classes of the house, with one seat each."""
    return replace(practice, classes=tuple(replace(one, seats=1) for one in practice.classes))


def _begin(walker: Walker) -> Walker:
    walker.touch("/choose").touch("/choose?event=hoc").touch(f"/need/{CLASS}")
    assert "không mất tiền" in walker.words
    return walker.fill()


def _sign_up(walker: Walker, card: str = "ba", session: str = THURSDAY) -> Walker:
    _begin(walker).scan(card).fill(buoi=session, dien_thoai="0914 123 456")
    return hand_in(read_over(walker))


def _someone_else(walker: Walker) -> Walker:
    return Walker(walker.app).go("/")


def test_a_card_and_one_touch_keep_a_seat(walker: Walker) -> None:
    _sign_up(walker)
    assert walker.at == "/done"
    assert walker.heading == "Đã ghi tên vào lớp học"
    screens = walker.addresses[walker.addresses.index(f"/need/{CLASS}") : -1]
    assert len(screens) <= MOST_SCREENS, screens
    found = filed.only(walker.context)
    answers = filed.opened(walker.context, found)["form"]["answers"]
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
    found = filed.only(walker.context)
    with walker.context.store.read() as db:
        assert sync.outbox.status_of(db, found.id) is None
        assert [job.kind for job in printers.spool.of_subject(db, found.id)] == ["slip"]
        body = submissions.body(db, found.id)
        assert tickets.of_submission(db, found.id) is None
    assert body is not None
    assert b"046154000017" not in walker.context.vault.open(submissions.BODY, found.id, body)
    assert declaration.declaration(walker.context, found.id) is None


def test_the_slip_says_day_hour_and_place(walker: Walker) -> None:
    _sign_up(walker)
    paper = slip.compose(walker.context, filed.only(walker.context).id, {})
    assert f"Thứ Năm, 26/11/2026, 14 giờ, {PLACE}" in str(paper)


def test_nobody_needs_a_card(walker: Walker) -> None:
    _begin(walker).press("by-hand")
    assert walker.at == "/form/nguoi_hoc.name"
    walker.fill(ho_ten="Hồ Thị Mẫu")
    walker.fill(buoi="cho", dien_thoai="0914 123 456")
    assert "phường gọi sau" in read_over(walker).words
    hand_in(walker)
    answers = filed.opened(walker.context, filed.only(walker.context))["form"]["answers"]
    assert answers["buoi"] == "cho"
    assert "nam_sinh" not in answers


def test_a_session_without_seats_is_not_offered_any_more(walker: Walker) -> None:
    _sign_up(walker)
    other = _someone_else(walker)
    _begin(other).scan("cha")
    assert other.form().choices["buoi"] >= {TUESDAY, "cho"}
    assert THURSDAY not in other.form().choices["buoi"]


def test_the_last_seat_goes_to_who_hands_in_first(walker: Walker) -> None:
    other = _someone_else(walker)
    _begin(other).scan("cha").fill(buoi=THURSDAY, dien_thoai="0905 000 123")
    read_over(other)
    _sign_up(walker)
    hand_in(other)
    assert other.at == "/form/submit"
    assert "Buổi này vừa hết chỗ" in other.words
    other.go("/form/nguoi_hoc").fill(buoi=TUESDAY)
    hand_in(read_over(other))
    assert other.at == "/done"


def test_no_class_is_held_on_a_holiday_or_has_begun(walker: Walker) -> None:
    context = walker.context
    days = (Class("tue", "08:00", "A", 5), Class("tue", "14:00", "A", 5), Class("wed", "08:30", "B", 5))
    found = classes.upcoming_sessions(replace(context.config, classes=days), context.clock.now())
    held = [date.fromisoformat(one.id[:10]) for one in found]
    assert date(2026, 11, 24) not in held
    assert [one.id for one in found[:2]] == ["2026-11-25T08:30 B", "2026-12-01T08:00 A"]
    assert (max(held) - context.clock.today()).days <= classes.DAYS_AHEAD
