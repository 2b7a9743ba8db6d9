"""Pages of the staff for a lead, of the audit trail for the auditor, of a ticket's priority; the last lead stays."""

import re

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.base.clock import FixedClock
from kiosk.records import audit, counters, staff, tickets
from tests.journeys.queue_harness import press
from tests.pages.officer.sitting import Desk


@pytest.fixture
def lead(app: Flask) -> Desk:
    return Desk(app, "minhtam", counter=2, role="lead").go("/officer/people")


def _given(desk: Desk) -> str:
    match = re.search(r'class="print">([^<]+)<', desk.page)
    assert match, desk.words
    return match[1]


def test_the_lead_takes_somebody_up_and_the_password_is_shown_once(app: Flask, lead: Desk) -> None:
    lead.post("/officer/people", login=" ThanhHa ", name="Võ Thanh Hà", role="officer")
    password = _given(lead)
    assert password not in lead.go("/officer/people").page
    browser = app.test_client()
    browser.post("/signin", data={"login": "thanhha", "password": password, "counter": "1"})
    assert browser.get("/officer/").headers["Location"] == "/officer/me"
    page = browser.get("/officer/me").get_data(as_text=True)
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    fields = {"csrf": token[1], "old": password, "new": "mật khẩu riêng", "again": "mật khẩu riêng"}
    assert browser.post("/officer/me/password", data=fields).status_code == 303
    assert browser.get("/officer/").status_code == 200


@pytest.mark.parametrize(
    ("login", "name", "role", "message"),
    [
        ("Thanh Hà", "Võ Thanh Hà", "officer", "chữ thường không dấu"),
        ("thanhha", "  ", "officer", "họ tên"),
        ("thanhha", "Võ Thanh Hà", "mayor", "vai trò"),
        ("minhtam", "Võ Thanh Hà", "officer", "Đã có người"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    lead: Desk, login: str, name: str, role: str, message: str
) -> None:
    lead.post("/officer/people", login=login, name=name, role=role)
    assert message in lead.words
    assert f'value="{login}"' in lead.page


def test_the_last_lead_can_be_locked_out_by_nobody(app: Flask, lead: Desk) -> None:
    lead.post("/officer/people/CB01/disable", sure="1")
    assert "phụ trách cuối cùng" in lead.words
    lead.go("/officer/people").post("/officer/people/CB01/role", sure="1", role="officer")
    assert "phụ trách cuối cùng" in lead.words
    Desk(app, "hoaian")
    lead.go("/officer/people").post("/officer/people/CB02/role", sure="1", role="lead")
    lead.post("/officer/people/CB01/disable", sure="1")
    assert lead.answer.headers.get("Location", "/signin") == "/signin?said=out", (
        "a lead who disables herself is signed out"
    )
    with lead.context.store.read() as db:
        assert [person.is_active for person in staff.list_all(db)] == [False, True]


def test_a_new_role_or_password_puts_the_person_out_at_once(app: Flask, lead: Desk) -> None:
    desk = Desk(app, "hoaian")
    lead.post("/officer/people/CB02/password", sure="1")
    assert len(_given(lead)) == 8
    assert desk.go("/officer/").answer.headers["Location"] == "/signin?said=out"
    with lead.context.store.read() as db:
        person = staff.find(db, "CB02")
    assert person is not None
    assert person.is_temporary


def test_who_left_comes_back(app: Flask, lead: Desk) -> None:
    Desk(app, "hoaian")
    lead.post("/officer/people/CB02/disable", sure="1")
    assert "đã khóa" in lead.words
    lead.post("/officer/people/CB02/enable")
    assert "vào lại được" in lead.words


def test_the_lead_sees_the_counters_and_closes_one_that_was_forgotten(app: Flask, lead: Desk) -> None:
    Desk(app, "hoaian", counter=1)
    lead.go("/officer/people")
    assert "Cán bộ hoaian, mở từ 08:30" in lead.words
    lead.post("/officer/people/counters/1/close", sure="1")
    assert "Quầy 1 đang đóng" in lead.words


def test_every_change_of_the_staff_is_in_the_trail_with_the_lead_as_actor(app: Flask, lead: Desk) -> None:
    lead.post("/officer/people", login="thanhha", name="Võ Thanh Hà", role="officer")
    lead.go("/officer/people").post("/officer/people/CB02/role", sure="1", role="technician")
    with lead.context.store.read() as db:
        changes = [(line.act, line.actor) for _at, line in audit.of_subject(db, "CB02")]
    assert changes == [("enlist", "CB01"), ("role", "CB01")]


def test_an_officer_has_no_such_page(app: Flask) -> None:
    desk = Desk(app)
    assert desk.go("/officer/people").answer.status_code == 403
    assert "dành cho người khác" in desk.words


@pytest.fixture
def auditor(app: Flask) -> Desk:
    return Desk(app, "kiemtra", role="auditor").go("/officer/trail")


def test_the_auditor_reads_the_trail_of_a_day_by_actor_and_subject(app: Flask, auditor: Desk) -> None:
    Desk(app, "hoaian")
    assert "Nhật ký chưa bị sửa" in auditor.go("/officer/trail").words
    assert "take_counter" in auditor.go("/officer/trail?stored=1").words
    assert "take_counter" not in auditor.go("/officer/trail?actor=CB01&stored=1").words
    assert "take_counter" in auditor.go("/officer/trail?actor=CB02&subject=1&stored=1").words
    assert "Không có dòng nào" in auditor.go("/officer/trail?day=2026-11-23").words
    assert "Ngày viết như 25/11/2026." in auditor.go("/officer/trail?day=hôm nay").words


def test_the_auditor_sees_officers_by_name_and_code(app: Flask, auditor: Desk) -> None:
    Desk(app, "hoaian")
    assert "CB02" in auditor.go("/officer/trail").words
    assert "Cán bộ hoaian (CB02)" in auditor.words


def test_the_auditor_is_told_where_the_trail_was_touched(auditor: Desk) -> None:
    with auditor.context.store.write() as db:
        db.execute("update audit set actor = 'CB09' where seq = 2")
    assert "bị sửa hoặc mất từ dòng 2" in auditor.go("/officer/trail").words


def test_the_auditor_has_nothing_but_the_trail(auditor: Desk) -> None:
    for address in ("/officer/", "/officer/people", "/officer/queue", "/officer/counter"):
        assert auditor.go(address).answer.status_code == 403
        assert "Về nhật ký" in auditor.words


# ---- priority ----


@pytest.fixture
def drawn(app: Flask) -> tuple[Desk, str]:
    desk = Desk(app)
    first = queueing.draw_ticket(desk.context, desk.context.config.series[0])
    second = queueing.draw_ticket(desk.context, desk.context.config.series[0])
    queueing.declare_priority(desk.context, second.id, "declared")
    assert first.id != second.id
    return desk.go("/officer/"), second.id


def _ticket(desk: Desk, ticket_id: str) -> tickets.Ticket:
    with desk.context.store.read() as db:
        ticket = tickets.find(db, ticket_id)
    assert ticket is not None
    return ticket


def test_a_declared_priority_is_confirmed_with_a_reason_that_the_trail_keeps(drawn: tuple[Desk, str]) -> None:
    desk, ticket_id = drawn
    address = f"/officer/ticket/{ticket_id}/priority"
    assert address in desk.page
    assert "tự khai" in desk.go(address).words
    desk.post(address, group="elderly", reason="seen")
    assert "Đã ghi ưu tiên" in desk.words
    ticket = _ticket(desk, ticket_id)
    assert (ticket.priority, ticket.is_confirmed) == ("elderly", True)
    with desk.context.store.read() as db:
        _at, line = audit.of_subject(db, ticket_id)[-1]
    assert (line.act, line.actor, line.facts["detail"]) == ("priority", "CB01", "elderly/seen")


def test_a_priority_is_cleared_and_the_number_takes_its_turn(drawn: tuple[Desk, str]) -> None:
    desk, ticket_id = drawn
    desk.go(f"/officer/ticket/{ticket_id}/priority")
    desk.post(f"/officer/ticket/{ticket_id}/priority", group="none", reason="mistaken")
    assert _ticket(desk, ticket_id).priority is None
    desk.post("/officer/queue/next", nonce="n", ticket="")
    assert "A001" in desk.words.partition("Gọi số tiếp")[0]


@pytest.mark.parametrize("fields", [{"group": "elderly"}, {"reason": "seen"}, {"group": "vip", "reason": "seen"}, {}])
def test_no_priority_without_a_group_and_a_reason(drawn: tuple[Desk, str], fields: dict[str, str]) -> None:
    desk, ticket_id = drawn
    desk.go(f"/officer/ticket/{ticket_id}/priority").post(f"/officer/ticket/{ticket_id}/priority", **fields)
    assert "Mời chọn" in desk.words
    assert not _ticket(desk, ticket_id).is_confirmed


def test_a_number_that_is_gone_has_no_priority_any_more(drawn: tuple[Desk, str]) -> None:
    desk, _ticket_id = drawn
    desk.go("/officer/ticket/0/priority")
    assert desk.answer.status_code == 404
    assert "không còn chờ" in desk.words


def test_the_rule_is_said_in_a_sentence_from_the_settings(drawn: tuple[Desk, str]) -> None:
    desk, _ = drawn
    rule = desk.context.config.queue
    assert f"chờ quá {rule.max_wait_minutes} phút" in desk.words
    assert f"vắng {rule.absences} lần" in desk.words


def test_the_desk_says_when_no_more_numbers_are_given(app: Flask, clock: FixedClock) -> None:
    desk = Desk(app)
    assert "phát hết" not in desk.words
    object.__setattr__(desk.context.config.series[0], "quota", 1)
    try:
        queueing.draw_ticket(desk.context, desk.context.config.series[0])
        assert "Dãy A đã phát hết 1 số hôm nay" in desk.go("/officer/").words
    finally:
        object.__setattr__(desk.context.config.series[0], "quota", 0)


def test_what_puts_somebody_out_is_asked_first(app: Flask, lead: Desk) -> None:
    officer = Desk(app, "hoaian", counter=1)
    queueing.draw_ticket(officer.context, officer.context.config.series[0])
    press(officer.context, 1)
    asked = {
        "password": "Cấp mật khẩu mới cho Cán bộ hoaian?",
        "disable": "Khóa tài khoản của Cán bộ hoaian?",
        "role": "Đổi vai trò của Cán bộ hoaian?",
    }
    for act, title in asked.items():
        lead.go("/officer/people").post(f"/officer/people/CB02/{act}", role="lead")
        assert title in lead.words
        assert "Đang đăng nhập từ 08:30, ngồi quầy 1, đang có số A001." in lead.words
        assert officer.browser.get("/officer/").status_code == 200, "nothing has happened yet"
    assert 'name="role" value="lead"' in lead.page
    lead.post("/officer/people/CB02/role", role="lead", sure="1")
    with lead.context.store.read() as db:
        person = staff.find(db, "CB02")
    assert person
    assert person.role == "lead"


def test_a_counter_is_closed_after_a_question(app: Flask, lead: Desk) -> None:
    officer = Desk(app, "hoaian", counter=1)
    lead.post("/officer/people/counters/1/close")
    assert "Đóng quầy 1? Cán bộ hoaian mở quầy này từ 08:30" in lead.words
    with officer.context.store.read() as db:
        assert 1 in counters.open_counters(db, officer.context.clock.today())
    lead.post("/officer/people/counters/1/close", sure="1")
    with officer.context.store.read() as db:
        assert 1 not in counters.open_counters(db, officer.context.clock.today())


def test_the_box_of_the_day_of_the_trail_has_the_order_of_vietnam(app: Flask) -> None:
    auditor = Desk(app, "kiemtra", role="auditor").go("/officer/trail?day=24/11/2026")
    assert 'name="day" value="24/11/2026"' in auditor.page
    assert 'type="date"' not in auditor.page
