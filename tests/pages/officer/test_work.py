"""Work list: an officer's own cases with names, the ward's without; a row opens with all acts of a called case."""

import re

import pytest
from flask import Flask
from sqlite_utils import Database

from kiosk.acts import deciding, queueing
from kiosk.acts.deciding import CaseRequest
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import audit, inspections, openings, submissions, tickets, work_cases
from kiosk.records.submissions import PortalReceipt
from tests.journeys import submission_checks
from tests.pages.officer.sitting import PASSWORD, Desk

NAME = "NGUYỄN THỊ DIỆU HIỀN"


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Submit a mother's form, call its number, and end without a decision."""
    desk = Desk(app)
    for address in ("queue/next", "end/waits"):
        fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', desk.page)[0] for name in ("nonce", "ticket")}
        desk.post(f"/officer/{address}", **fields)
    return desk


def case_id(desk: Desk) -> str:
    return submission_checks.only_submission(desk.context).id


def open_row(desk: Desk) -> Desk:
    return desk.go("/officer/work").post(f"/officer/work/{case_id(desk)}")


def _lines(db: Database) -> list[audit.AuditLine]:
    return [entry.line for entry in audit.latest(db, ["look_up", "open_case"], 50)]


def set_portal(desk: Desk, code: int) -> None:
    now = desk.context.clock.now()
    with desk.context.store.write() as db:
        submissions.apply_receipt(db, case_id(desk), PortalReceipt(code=code, revision=2, at=now), now)


def test_a_case_that_was_left_undecided_is_in_the_list_of_its_officer_and_in_the_badge(desk: Desk, app: Flask) -> None:
    assert re.search(r'data-work-count="[^"]+" ?>1<', desk.go("/officer/lookup").page)
    desk.go("/officer/work")
    assert "Việc của tôi: 1 hồ sơ cần làm hôm nay" in desk.words
    assert "Chưa quyết định A001" in desk.words
    assert NAME.casefold() in desk.words.casefold()
    assert desk.browser.get("/officer/work/count").get_json()["count"] == 1
    other = Desk(app, login="minhtam", counter=2).go("/officer/work")
    assert "Hôm nay không còn việc nào." in other.words
    other.go("/officer/work?all=1")
    assert "Chưa quyết định A001" in other.words
    assert "Cán bộ hoaian" in other.words
    assert NAME.casefold() not in other.words.casefold(), "the list of the ward has no names"


def test_the_refreshed_count_of_a_desk_reads_no_case_of_others(desk: Desk, app: Flask) -> None:
    now = desk.context.clock.now()
    today = desk.context.clock.today()
    with desk.context.store.read() as db:
        (case,) = work_cases.to_do(db, now, today)
        assert work_cases.to_do(db, now, today, case.officer) == [case]
        assert work_cases.to_do(db, now, today, "nobody") == []
    other = Desk(app, login="minhtam", counter=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work_cases, "_SQL", "the list of the ward")
        assert other.browser.get("/officer/work/count").get_json()["count"] == 0


def test_the_list_and_each_opened_row_leave_an_audit_line(desk: Desk) -> None:
    open_row(desk)
    with desk.context.store.read() as db:
        lines = [(line.act, line.facts.get("by"), line.facts.get("reason")) for line in _lines(db)]
    assert ("look_up", "work", None) in lines
    assert ("open_case", None, "check") in lines


def test_an_opened_row_ticks_papers_takes_notes_corrects_scans_and_charges(desk: Desk) -> None:
    open_row(desk)
    case = case_id(desk)
    assert "Đủ" in desk.words or "còn 2 giấy" in desk.words
    desk.post(f"/officer/ticket/{case}/papers", seen="chung_sinh", **{"from": "work"})
    assert desk.answer.request.path == "/officer/work"
    assert "Đã ghi giấy tờ." in desk.words
    with desk.context.store.read() as db:
        assert inspections.by_paper(db, case)["chung_sinh"].is_seen
    desk.post(f"/officer/ticket/{case}/notes", note="Đã gọi điện cho người nộp hồ sơ.", **{"from": "work"})
    assert "Đã gọi điện cho người nộp hồ sơ." in desk.words
    assert desk.go(f"/officer/ticket/{case}/scans/chung_sinh").answer.status_code == 200
    desk.go(f"/officer/case/{case}")
    assert f"/officer/ticket/{case}/correct/" in desk.page
    assert "Lệ phí không thu" in desk.words
    desk.go(f"/officer/case/{case}/accepted")
    assert "Tiếp nhận hồ sơ" in desk.words


def test_a_row_of_the_list_of_the_ward_stays_open_after_an_act_in_it(desk: Desk, app: Flask) -> None:
    case = case_id(desk)
    other = Desk(app, login="minhtam", counter=2).go("/officer/work?all=1&only=undecided")
    other.post(f"/officer/work/{case}", **other.hidden_fields(f"/officer/work/{case}"))
    papers = f"/officer/ticket/{case}/papers"
    other.post(papers, seen="chung_sinh", **other.hidden_fields(papers))
    assert other.answer.request.query_string.decode() == f"row={case}&said=papers&all=1&only=undecided"
    assert "Đã ghi giấy tờ." in other.words
    assert other.hidden_fields(papers)["all"] == "1"


def test_without_an_opening_nothing_of_a_listed_case_can_be_done(desk: Desk) -> None:
    desk.go("/officer/work")
    case = case_id(desk)
    assert desk.post(f"/officer/ticket/{case}/papers", seen="chung_sinh").answer.status_code == 403
    assert desk.go("/officer/work?row=" + case).page.count('class="inside"') == 0
    with desk.context.store.read() as db:
        assert openings.current(db, case, session="", now=desk.context.clock.now()) is None


def test_an_opening_ends_and_with_it_the_acts(desk: Desk, clock: FixedClock) -> None:
    open_row(desk)
    clock.advance(601)
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    desk.go("/officer/work")
    assert desk.post(f"/officer/ticket/{case_id(desk)}/papers", seen="chung_sinh").answer.status_code == 403


def test_a_word_of_the_portal_is_new_until_the_desk_acts(desk: Desk, clock: FixedClock) -> None:
    case = case_id(desk)
    deciding.accept(
        desk.context,
        CaseRequest(case, 0, "CB01"),
        deciding.AcceptanceInput(term=0, due_on=None, official_no="", sets=1, place="counter"),
    )
    clock.advance(60)
    set_portal(desk, 5)
    assert "Tin mới từ cổng A001" in desk.go("/officer/work").words
    assert "Cổng ghi: yêu cầu bổ sung" in desk.words
    open_row(desk)
    clock.advance(60)
    desk.post(f"/officer/ticket/{case}/notes", note="Đã gọi điện.", **{"from": "work"})
    assert "Chờ bổ sung A001" in desk.go("/officer/work").words
    clock.advance(48 * 3600)
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert "Quá hẹn A001" in desk.go("/officer/work?only=late").words
    assert "Đang xem 0 trên 1" in desk.go("/officer/work?only=news").words


@pytest.fixture
def waiting_desk(app: Flask) -> Desk:
    """Call a number without a form, answer `Chờ`, and call the next number."""
    desk = Desk(app)
    for _ in range(2):
        queueing.draw_ticket(desk.context, desk.context.config.series[0])
    for address in ("queue/next", "end/waits"):
        _press(desk, address)
    _press(desk, "queue/next")
    return desk


def _press(desk: Desk, address: str, **more: str) -> Desk:
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', desk.page)[0] for name in ("nonce", "ticket")}
    return desk.post(f"/officer/{address}", **{**fields, **more})


def _ticket_id(desk: Desk, label: str) -> str:
    with desk.context.store.read() as db:
        ticket = tickets.by_label(db, desk.context.clock.today(), label)
    assert ticket is not None
    return ticket.id


def test_a_number_without_a_form_whose_citizen_waits_is_work_until_it_is_finished(waiting_desk: Desk) -> None:
    desk = waiting_desk
    desk.go("/officer/work")
    assert "Việc của tôi: 1 hồ sơ cần làm hôm nay" in desk.words
    assert "Đang ngồi chờ A001" in desk.words
    waiting = _ticket_id(desk, "A001")
    desk.post(f"/officer/work/{waiting}")
    assert "Gọi lại A001" in desk.words
    assert "Quầy đang có A002" in desk.words
    _press(desk, "queue/this", this=waiting)
    assert "A002 chưa có quyết định nào" in desk.words, "the number at the counter is asked about first"
    _press(desk, "end/asked", asked="this", this=waiting)
    assert "Hôm nay không còn việc nào." in desk.go("/officer/work").words, "the number is at the counter"
    _press(desk.go("/officer/"), "queue/finish")
    assert "A001 chưa có quyết định nào" in desk.words
    _press(
        desk, "end/done", service="2.000815/sao_y", copies="1", pages="1", stated="", pay="cash", note="", then="finish"
    )
    assert "Đã ghi việc đã làm vào sổ." in desk.words
    assert "Hôm nay không còn việc nào." in desk.go("/officer/work").words


def test_a_waiting_number_is_work_of_the_officer_who_wrote_it_and_of_today_only(
    waiting_desk: Desk, app: Flask, clock: FixedClock
) -> None:
    other = Desk(app, login="minhtam", counter=2)
    assert "Hôm nay không còn việc nào." in other.go("/officer/work").words
    other.go("/officer/work?all=1")
    assert "Đang ngồi chờ A001" in other.words
    assert "Cán bộ hoaian" in other.words
    before = waiting_desk.browser.get("/officer/work/count?all=1").get_json()
    clock.advance(16 * 3600)
    after = waiting_desk.browser.get("/officer/work/count?all=1").get_json()
    assert (before["count"], after["count"] if after else 0) == (1, 0)


def test_a_waiting_number_that_is_chosen_at_no_counter_leads_to_the_choice_of_one(waiting_desk: Desk) -> None:
    desk = waiting_desk
    waiting = _ticket_id(desk, "A001")
    with desk.context.store.write() as db:
        db.execute("update sittings set counter = null")
    desk.go(f"/officer/work?row={waiting}")
    assert "Chọn quầy để gọi lại" in desk.words
