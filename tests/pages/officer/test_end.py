"""End of a service: asked once when nothing was decided, recorded once, with the sum by the fee file."""

import re

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import payment_keys
from kiosk.papers import register
from kiosk.records import audit, figures, services, tickets
from kiosk.records.services import ServiceRecord
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, _decide
from tests.pages.officer.test_queue import _answer, _draw, _plaque, _shown

COPIES = "2.000815/sao_y"


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Return an officer with A001 at the counter and two more numbers waiting."""
    desk = Desk(app)
    _draw(desk.context, 3)
    return _press(desk.go("/officer/"), "next")


def _press(desk: Desk, act: str, **more: str) -> Desk:
    return desk.post(f"/officer/queue/{act}", **_shown(desk), **more)


def _records(context: Context) -> list[ServiceRecord]:
    with context.store.read() as db:
        return services.of_day(db, context.clock.today())


def _state(context: Context, label: str) -> str:
    with context.store.read() as db:
        ticket = tickets.by_label(db, context.clock.today(), label)
    assert ticket is not None
    return ticket.state


def _done(desk: Desk, **fields: str) -> Desk:
    usual = {"service": COPIES, "copies": "3", "pages": "4", "stated": "", "pay": "cash", "note": "", "then": "next"}
    return _answer(desk, "done", **{**usual, **fields})


@pytest.mark.parametrize("act", ["next", "finish"])
def test_a_number_that_nothing_was_decided_on_is_asked_about_before_it_leaves(desk: Desk, act: str) -> None:
    _press(desk, act)
    assert "A001 chưa có quyết định nào. Lượt này là gì?" in desk.words
    assert "Số này không kèm tờ khai." in desk.words
    assert "/officer/assist/new?ticket=" in desk.page, "the officer can begin a form instead"
    assert _plaque(desk.go("/officer/")) == "A001", "the number is still at the counter"
    assert _records(desk.context) == []


@pytest.mark.parametrize(
    ("outcome", "state", "said"),
    [
        ("waits", "held", "Đã ghi: chờ."),
        ("held", "held", "Đã giữ số."),
        ("asked", "done", "Đã ghi: chỉ hỏi."),
    ],
)
def test_three_answers_need_no_field_and_call_the_next_number(desk: Desk, outcome: str, state: str, said: str) -> None:
    _answer(_press(desk, "next"), outcome)
    assert said in desk.words
    assert _plaque(desk) == "A002"
    assert _state(desk.context, "A001") == state
    (record,) = _records(desk.context)
    assert (record.label, record.outcome, record.register_no, record.amount) == ("A001", outcome, None, 0)


def test_f8_records_and_calls_nobody(desk: Desk) -> None:
    _answer(_press(desk, "finish"), "asked")
    assert _plaque(desk) == "Quầy trống"
    assert _state(desk.context, "A002") == "waiting"


def test_certified_copies_cost_by_page_and_the_number_becomes_a_record(desk: Desk) -> None:
    _done(_press(desk, "next"), note="Bằng tốt nghiệp, đã trả bản chính")
    assert "Đã ghi việc đã làm vào sổ." in desk.words
    assert _plaque(desk) == "A002"
    (record,) = _records(desk.context)
    assert (record.outcome, record.register_no, record.amount, record.method) == ("done", 1, 18000, "cash")
    with desk.context.store.read() as db:
        (line,) = services.lines_of(db, record.id)
        sealed = services.note(db, record.id)
        assert audit.verify(db, desk.context.audit_key()) is None
        told = db.execute("select group_concat(facts) from audit").fetchone()[0]
    assert (line.copies, line.pages, line.amount) == (3, 4, 18000)
    assert sealed is not None
    assert b"t\xe1" not in sealed
    assert "nghiệp" not in told, "the note is sealed and in no audit line"
    rows = register.table(desk.context, desk.context.clock.today()).rows
    assert [(row[2], row[3], row[-1]) for row in rows] == [
        ("Chứng thực bản sao", 1, "A001, không kèm tờ khai, 3 bản. Sổ việc ở quầy số 1")
    ]
    with desk.context.store.read() as db:
        done = [visit.procedure for visit in figures.visits(db, desk.context.clock.today()) if visit.ended == "done"]
    assert done == ["2.000815"], "the figures count it as what was done"
    desk.go("/officer/fees")
    assert "A001, sổ 1" in desk.words
    assert "3 bản, 4 trang một bản" in desk.words
    assert "18.000 đồng" in desk.words


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"pages": ""}, "Chưa ghi số trang."),
        ({"pages": "0"}, "Chưa ghi số trang."),
        ({"pages": "²"}, "Chưa ghi số trang."),
        ({"copies": "-1"}, "Chưa ghi số bản."),
        ({"copies": "1000"}, "Chưa ghi số bản."),
        ({"service": ""}, "Chưa chọn dịch vụ."),
        ({"service": "9.9/none"}, "Không có dịch vụ này."),
        ({"pay": ""}, "Chưa chọn đã thu thế nào."),
        ({"pay": "exempt", "exemption": " "}, "Miễn thì ghi lý do."),
        ({"note": "a" * 501}, "Ghi gọn trong 500 chữ."),
    ],
)
def test_an_error_names_the_fact_and_keeps_what_was_typed(desk: Desk, fields: dict[str, str], name: str) -> None:
    _done(_press(desk, "next"), **fields)
    assert desk.answer.status_code == 422
    assert name in desk.words
    assert _records(desk.context) == []
    assert _state(desk.context, "A001") == "called"
    assert re.search(r'name="asked" value="next"', desk.page)
    if "note" not in fields and fields.get("service") is None:
        assert re.search(rf'value="{COPIES}"[^>]*selected', desk.page)


def test_an_exemption_is_recorded_with_its_reason_and_no_money(desk: Desk) -> None:
    _done(_press(desk, "next"), pay="exempt", exemption="Người có công với cách mạng")
    (record,) = _records(desk.context)
    assert (record.amount, record.method, record.exemption) == (18000, None, "Người có công với cách mạng")
    with desk.context.store.read() as db:
        assert services.payments(db, desk.context.clock.today()).taken == {}


def test_the_same_answer_sent_twice_is_one_record(desk: Desk) -> None:
    _press(desk, "next")
    fields = {"nonce": "", "ticket": "", "asked": "", "this": ""}
    for name in fields:
        match = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', desk.page)
        assert match
        fields[name] = match[1]
    for _ in range(2):
        desk.go("/officer/")
        desk.post("/officer/end/asked", **fields)
    assert "Không có gì thay đổi" in desk.words
    assert _plaque(desk) == "A002"
    assert len(_records(desk.context)) == 1


def test_a_chosen_number_is_called_after_the_answer(desk: Desk) -> None:
    with desk.context.store.read() as db:
        third = tickets.by_label(db, desk.context.clock.today(), "A003")
    assert third is not None
    _press(desk, "this", this=third.id)
    assert "Lượt này là gì?" in desk.words
    _answer(desk, "asked")
    assert _plaque(desk) == "A003"


def test_an_empty_queue_after_an_answer_says_so(app: Flask) -> None:
    desk = Desk(app)
    _draw(desk.context, 1)
    _press(desk.go("/officer/"), "next")
    _answer(_press(desk, "next"), "asked")
    assert "Đã ghi lượt vừa rồi. Chưa có ai chờ ở quầy này." in desk.words
    assert _state(desk.context, "A001") == "done"


def test_a_number_whose_form_was_decided_on_leaves_without_a_question(app: Flask, walker: Walker) -> None:
    submit(birth_until_check(walker))
    desk = _press(Desk(app), "next")
    _press(desk, "finish")
    assert "A001 chưa có quyết định nào" in desk.words
    assert "Về hồ sơ để tiếp nhận (F9)" in desk.words
    assert 'name="service"' not in desk.page, "a form has its own fees"
    desk.go("/officer/")
    _decide(desk, "accepted", **ACCEPT)
    _press(desk, "finish")
    assert _plaque(desk) == "Quầy trống"
    assert _records(desk.context) == []


def test_services_that_were_recorded_by_mistake_are_voided_and_stay(desk: Desk, clock: FixedClock) -> None:
    _done(_press(desk, "next"))
    (record,) = _records(desk.context)
    desk.go("/officer/fees")
    desk.post(f"/officer/services/{record.id}/void", why="mistaken", day=desk.context.clock.today().isoformat())
    assert "Đã hủy lượt đã ghi." in desk.words
    with desk.context.store.read() as db:
        assert services.payments(db, desk.context.clock.today()).taken == {}
    desk.post(f"/officer/services/{record.id}/void", why="mistaken", day=desk.context.clock.today().isoformat())
    assert "không đổi gì" in desk.words
    assert desk.post(f"/officer/services/{record.id}/void", why="").answer.status_code == 404


def test_the_register_counts_on_within_a_year_and_begins_again_in_the_next(desk: Desk, clock: FixedClock) -> None:
    _done(_press(desk, "next"))
    _done(_press(desk, "next"))
    assert [record.register_no for record in _records(desk.context)] == [1, 2]
    with desk.context.store.read() as db:
        assert services.next_register_no(db, desk.context.clock.today()) == 3
        assert services.next_register_no(db, desk.context.clock.today().replace(year=2027)) == 1


def test_who_comes_back_is_called_and_asked_about_again(desk: Desk) -> None:
    _answer(_press(desk, "finish"), "waits")
    with desk.context.store.read() as db:
        first = tickets.by_label(db, desk.context.clock.today(), "A001")
    assert first is not None
    _press(desk, "this", this=first.id)
    assert _plaque(desk) == "A001"
    _done(_press(desk, "finish"), then="finish")
    assert [record.outcome for record in _records(desk.context)] == ["waits", "done"]
    assert _plaque(desk) == "Quầy trống"


def test_without_a_number_at_the_counter_there_is_nothing_to_ask(app: Flask) -> None:
    desk = Desk(app)
    assert desk.go("/officer/end").answer.status_code == 303
    series = desk.context.config.series[0]
    queueing.draw_ticket(desk.context, series)
    desk.go("/officer/")
    assert desk.post("/officer/end/asked", nonce="n", ticket="").answer.status_code == 200
    assert "Không có gì thay đổi" in desk.words
    assert desk.post("/officer/end/nothing", nonce="n", ticket="").answer.status_code == 404


def test_services_are_paid_by_a_transfer_code_before_they_are_recorded(desk: Desk) -> None:
    _press(desk, "next")
    assert "VietQR" in desk.words
    lines = {"service": COPIES, "copies": "3", "pages": "4", "stated": "", "note": "đã trả bản chính"}
    _answer(desk, "transfer", **lines)
    assert "Số A001 chuyển khoản" in desk.words
    assert "18.000 đồng" in desk.words
    key = payment_keys.label_key(desk.context, "A001", desk.context.clock.today())
    assert f"PHI {key}" in desk.words
    assert _records(desk.context) == [], "nothing is recorded before the money is there"
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', desk.page))
    fields.pop("csrf")
    desk.post("/officer/end/again", **fields)
    assert 'value="đã trả bản chính"' in desk.page
    assert re.search(rf'value="{COPIES}"[^>]*selected', desk.page)
    desk.post("/officer/end/done", **fields, then="next")
    (record,) = _records(desk.context)
    assert (record.amount, record.method) == (18000, "transfer")
    assert _plaque(desk) == "A002"


def test_a_transfer_code_of_nothing_or_of_a_mistake_leads_back_to_the_form(desk: Desk) -> None:
    _press(desk, "next")
    _answer(desk, "transfer", service=COPIES, copies="3", pages="", stated="")
    assert "Chưa ghi số trang." in desk.words
    assert desk.answer.status_code == 422
    assert _records(desk.context) == []


def test_a_second_press_without_a_line_asks_again(desk: Desk) -> None:
    _done(_press(desk, "next"), service="", copies="1", pages="", pay="")
    assert desk.answer.status_code == 200
    assert "Chưa chọn ý nào. Bấm phím 1 đến 4" in desk.words
    assert "cần ghi lại" not in desk.words
    assert _records(desk.context) == []
    assert _state(desk.context, "A001") == "called"


def test_the_services_that_the_ward_does_most_often_are_on_top(desk: Desk) -> None:
    assert "Hay làm" not in _press(desk, "next").page
    _done(desk)
    assert 'label="Hay làm"' in _press(desk, "next").page
    top = desk.page.partition('label="Hay làm"')[2].partition("</optgroup>")[0]
    assert re.findall(r'value="([^"]+)"', top) == [COPIES]
    line = desk.page.partition('id="service-0"')[2].partition("</select>")[0]
    assert line.count(f'value="{COPIES}"') == 1
    assert re.search(r'data-quick="([^"]+)"', desk.page)[1] == COPIES  # type: ignore[index]
