"""Call-back list of the classes: who asked to be called, what came of each call, the workbook, and its end."""

import io
import re

import openpyxl
import pytest
from flask import Flask

from kiosk.acts import wiping
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.dossiers import class_lists, filing
from kiosk.dossiers.filing import CorrectedForm
from kiosk.dossiers.opened import open_submission
from kiosk.procedures.kinds.sessions import CALL_BACK
from kiosk.records import call_backs
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

CLASS = "LOCAL-TAPHUAN"
THURSDAY = "2026-11-26T14:00 Hội trường phường Phú Xuân"
DAY = 24 * 3600


def _ask(walker: Walker, name: str, session: str = CALL_BACK) -> None:
    other = Walker(walker.app).go("/")
    other.follow("/choose").follow(f"/need/{CLASS}").fill().press("by-hand")
    other.fill(ho_ten=name)
    other.fill(buoi=session, dien_thoai="0914 123 456")
    submit(reach_check_page(other))


@pytest.fixture
def lead(app: Flask, walker: Walker) -> Desk:
    """Return a lead, after two people asked to be called and one took a seat."""
    _ask(walker, "Hồ Thị Mẫu Một")
    _ask(walker, "Hồ Thị Mẫu Hai")
    _ask(walker, "Hồ Thị Có Chỗ", THURSDAY)
    return Desk(app, "thutrang", role="lead").go("/officer/training/calls")


def _address(desk: Desk, name: str, act: str) -> str:
    """Return the address of an act on the row of a person."""
    row = next(part for part in desk.page.split("<tr") if f">{name}" in part)
    match = re.search(rf'action="([^"]+/{act})"', row)
    assert match, row
    return match[1]


def _press(desk: Desk, name: str, act: str, **fields: str) -> Desk:
    return desk.post(_address(desk, name, act), **fields)


def _seats(desk: Desk) -> int:
    return desk.context.office.seats[THURSDAY]


def test_the_list_has_who_asked_to_be_called_in_their_order_and_nobody_with_a_seat(lead: Desk) -> None:
    assert lead.words.index("Hồ Thị Mẫu Một") < lead.words.index("Hồ Thị Mẫu Hai")
    assert "0914 123 456" in lead.words
    assert "Hồ Thị Có Chỗ" not in lead.words
    assert "2 người ghi tên mà chưa chọn được buổi" in lead.go("/officer/training").words


def test_a_call_that_reached_nobody_is_counted_and_the_person_stays(lead: Desk) -> None:
    _press(lead, "Hồ Thị Mẫu Một", "missed")
    _press(lead, "Hồ Thị Mẫu Một", "missed")
    assert "2 lần, chưa gặp" in lead.words


def test_an_invited_person_has_a_seat_and_is_on_the_list_of_the_session(lead: Desk) -> None:
    before = _seats(lead)
    _press(lead, "Hồ Thị Mẫu Một", "invite", session=THURSDAY)
    assert "Đã xếp: Thứ Năm, 26/11/2026" in lead.words
    names = [one.name for one in class_lists.participants(lead.context, THURSDAY)]
    assert names == ["Hồ Thị Mẫu Một", "Hồ Thị Có Chỗ"]
    assert _seats(lead) == before - 1
    _press(lead, "Hồ Thị Mẫu Một", "back")
    assert _seats(lead) == before
    assert "Hồ Thị Mẫu Một" not in [one.name for one in class_lists.participants(lead.context, THURSDAY)]


@pytest.mark.parametrize("session", ["2026-11-24T08:00 Nơi khác", "", "cho"])
def test_a_session_without_a_seat_takes_nobody_and_the_person_stays_on_the_list(lead: Desk, session: str) -> None:
    before = lead.page.count("/invite")
    _press(lead, "Hồ Thị Mẫu Một", "invite", session=session)
    assert "Buổi này vừa hết chỗ hoặc đã bắt đầu" in lead.words
    assert lead.page.count("/invite") == before == 2


def test_two_leads_settle_a_person_once(app: Flask, lead: Desk) -> None:
    before = _seats(lead)
    other = Desk(app, "minhtam", role="lead").go("/officer/training/calls")
    address = _address(other, "Hồ Thị Mẫu Hai", "invite")
    _press(lead, "Hồ Thị Mẫu Hai", "decline")
    assert "Thôi, không học nữa" in lead.words
    other.post(address, session=THURSDAY)
    assert "Người này đã xếp buổi hoặc đã thôi" in other.words
    assert _seats(lead) == before


def test_the_list_is_a_workbook_and_every_look_and_act_is_in_the_trail(lead: Desk) -> None:
    _press(lead, "Hồ Thị Mẫu Hai", "decline")
    answer = lead.browser.get("/officer/training/calls.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Chờ gọi"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in (1, 2)]
    assert [(row[1], row[9]) for row in rows] == [("Hồ Thị Mẫu Một", "chờ gọi"), ("Hồ Thị Mẫu Hai", "không học nữa")]
    with lead.context.store.read() as db:
        acts = [act for (act,) in db.execute("select act from audit where act like 'class%' order by seq").fetchall()]
        assert acts == ["class_calls_seen", "class_declined", "class_calls_seen"]
        assert db.execute("select subject from audit where act = 'take_along'").fetchall() == [("class calls xlsx",)]
        assert "Mẫu" not in str(db.execute("select * from audit").fetchall())


def test_an_officer_does_not_see_the_list(app: Flask, lead: Desk) -> None:
    address = _address(lead, "Hồ Thị Mẫu Một", "decline")
    officer = Desk(app)
    assert officer.browser.post(address, data={"csrf": officer.token}).status_code == 403
    assert officer.go("/officer/training/calls").answer.status_code == 403


def _on_the_list(desk: Desk) -> int:
    with desk.context.store.read() as db:
        return len(call_backs.list_all(db))


def _bodies(desk: Desk) -> int:
    with desk.context.store.read() as db:
        return int(db.execute("select count(*) from submissions where body is not null").fetchone()[0])


def test_who_is_not_called_leaves_the_list_after_its_term_and_the_form_follows(lead: Desk, clock: FixedClock) -> None:
    _press(lead, "Hồ Thị Mẫu Hai", "decline")
    clock.advance(8 * DAY)
    wiping.wipe_expired(lead.context)
    assert _on_the_list(lead) == 1
    assert _bodies(lead) == 3
    clock.advance((call_backs.WAITING_DAYS.days - 7) * DAY)
    wiping.wipe_expired(lead.context)
    assert _on_the_list(lead) == 0
    assert _bodies(lead) == 1, "the form of the person who was not called is closed only now"
    clock.advance((lead.context.config.keep.body_days + 1) * DAY)
    wiping.wipe_expired(lead.context)
    assert _bodies(lead) == 0


def test_a_person_who_is_put_back_keeps_the_form(lead: Desk, clock: FixedClock) -> None:
    _press(lead, "Hồ Thị Mẫu Hai", "decline")
    wiping.wipe_expired(lead.context)
    _press(lead, "Hồ Thị Mẫu Hai", "back")
    clock.advance((lead.context.config.keep.body_days + 2) * DAY)
    wiping.wipe_expired(lead.context)
    assert _on_the_list(lead) == 2
    assert _bodies(lead) == 3


def _correct(desk: Desk, submission_id: str, **answers: str) -> str:
    """Write a correction of a form; return its id."""
    context = desk.context
    base = open_submission(context, submission_id)
    assert base
    corrected = CorrectedForm(
        procedure=base.procedure,
        answers={**base.answers, **answers},
        sources={},
        changes=(),
        assistance={"officerId": "CB01", "reason": "typo", "readBack": True},
    )
    with context.store.write() as db:
        return filing.revise(db, context, codes.new_id(), before=base.submission, corrected=corrected).id


def test_a_correction_keeps_the_calls_and_a_session_that_it_chooses_ends_the_wait(lead: Desk) -> None:
    _press(lead, "Hồ Thị Mẫu Một", "missed")
    with lead.context.store.read() as db:
        first = call_backs.list_all(db)[0]
    corrected = _correct(lead, first.submission_id, dien_thoai="0914000111")
    lead.go("/officer/training/calls")
    assert "1 lần, chưa gặp" in lead.words
    assert "0914 000 111" in lead.words
    _correct(lead, corrected, buoi=THURSDAY)
    assert "Hồ Thị Mẫu Một" not in lead.go("/officer/training/calls").words
    assert "Hồ Thị Mẫu Một" in [one.name for one in class_lists.participants(lead.context, THURSDAY)]


def test_a_correction_of_an_invited_person_keeps_the_seat(lead: Desk) -> None:
    _press(lead, "Hồ Thị Mẫu Một", "invite", session=THURSDAY)
    with lead.context.store.read() as db:
        (invited,) = [row for row in call_backs.list_all(db) if row.outcome]
    before = _seats(lead)
    _correct(lead, invited.submission_id, dien_thoai="0914000111")
    assert _seats(lead) == before
    assert "Đã xếp: Thứ Năm" in lead.go("/officer/training/calls").words
