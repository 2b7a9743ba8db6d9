"""Lead's page of series, counters and opening hours: the file first, then what is saved; bad input; live processes."""

import functools
import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from kiosk.acts import calling, queueing
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NoTicketsLeft
from kiosk.config.list_sections import Counter, Series
from kiosk.config.service_plan import plan_of, with_plan
from kiosk.context import Context
from kiosk.health import checks
from kiosk.health.check_result import CheckResult
from kiosk.pages.officer.lead.plan_form import form_of, read
from kiosk.records import service_plans, tickets
from kiosk.startup.context_factory import open_context
from kiosk.worker import open_worker
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.queue_harness import draw, press
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk


@pytest.fixture
def lead(app: Flask) -> Desk:
    return Desk(app, "minhtam", counter=2, role="lead").go("/officer/plan")


def _fields(desk: Desk) -> dict[str, str]:
    """Return the fields of the form as the page shows them, as a browser sends them."""
    page = desk.answer.get_data(as_text=True)
    match = re.search(r'<form[^>]*action="/officer/plan".*?</form>', page, flags=re.DOTALL)
    assert match, desk.words
    form = match[0]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        is_box = attributes.get("type") != "checkbox" or re.search(r"\bchecked\b", tag)
        if "name" in attributes and is_box:
            fields[attributes["name"]] = attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', form):
        fields[name] = html.unescape(text)
    fields.pop("csrf")
    return fields


def _post(desk: Desk, fields: Mapping[str, str], act: str = "review") -> Desk:
    return desk.post("/officer/plan", **{**fields, "act": act})


def _save(desk: Desk, **changed: str) -> Desk:
    """Change fields, look at the differences, save."""
    _post(desk, {**_fields(desk), **changed})
    assert "Lưu các thay đổi này?" in desk.words, desk.words
    return _post(desk, _fields(desk), "save")


def _row(desk: Desk, letter: str) -> str:
    fields = _fields(desk)
    return next(
        name.partition("-")[0] for name, value in fields.items() if name.endswith("-letter") and value == letter
    )


def _new_series(desk: Desk) -> dict[str, str]:
    """Press "Thêm dãy" and fill the new row in."""
    _post(desk, _fields(desk), "series")
    fields = _fields(desk)
    row = int(fields["series"]) - 1
    return {**fields, f"s{row}-letter": "g", f"s{row}-name": "Đất đai", f"s{row}-quota": "60"}


def _check(context: Context) -> CheckResult:
    return next(result for result in checks.look(context) if result.name == "Dãy số, quầy, giờ mở")


def test_the_page_shows_the_file_first_and_what_is_saved_is_in_force_at_once(app: Flask, lead: Desk) -> None:
    assert "Đang dùng theo kiosk.toml." in lead.words
    assert _check(lead.context).words == "Theo kiosk.toml"
    fields = _new_series(lead)
    _post(lead, fields)
    assert "Thêm dãy G (Đất đai), mỗi ngày nhiều nhất 60 số." in lead.words
    assert "chưa có tiếng đọc chữ G" in lead.words
    assert lead.context.config.series_of("G-DATDAI") is None, "the question alone saves nothing"
    _post(lead, _fields(lead), "save")
    assert "Đã lưu." in lead.words
    assert lead.context.config.series_of("G-DATDAI") == Series(letter="G", id="G-DATDAI", name="Đất đai", quota=60)
    assert "Đất đai" in app.test_client().get("/ticket").get_data(as_text=True)
    assert "Đang dùng phần lưu ở trang này (dãy số;" in lead.words
    assert "Thêm dãy G (Đất đai)" in lead.words, "the list of changes"
    check = _check(lead.context)
    assert check.state == "note"
    assert "[[series]] của kiosk.toml không dùng" in check.words
    with lead.context.store.read() as db:
        (count,) = db.execute("select count(*) from audit where act = 'service_plan' and actor = 'CB01'").fetchone()
    assert count == 1


def test_board_desk_and_a_worker_of_another_process_follow_without_a_restart(app: Flask, lead: Desk) -> None:
    board = app.test_client()
    before = board.get("/display/now").get_json()
    other = open_context(lead.context.config, lead.context.clock)
    worker = open_worker(other)
    fields = _fields(lead)
    row = int(fields["counters"])
    _post(lead, fields, "counters")
    _save(lead, **{f"c{row}-name": "Quầy ưu tiên"})
    assert board.get(f"/display/now?version={before['version']}").get_json()["version"] != before["version"]
    assert board.get("/display/3/now").status_code == 200
    assert "Quầy ưu tiên" in board.get("/signin").get_data(as_text=True)
    assert other.config.counter(3) is None
    worker.step()
    assert other.config.counter(3) == Counter(number=3, name="Quầy ưu tiên")
    worker.close()
    other.store.close()


def test_saturday_a_holiday_and_a_worked_day_change_hours_and_due_dates(lead: Desk) -> None:
    assert lead.context.calendar.next_opening(lead.context.clock.now()) is not None
    _save(lead, **{"saturday0-from": "7h30", "saturday0-to": "11:30", "off": "26/11/2026\n", "worked": "28-11-2026"})
    assert lead.context.config.hours.saturday == ("07:30-11:30",)
    assert lead.context.config.hours.off == ("2026-11-26",)
    day = lead.context.clock.today().replace(day=26)
    assert not lead.context.calendar.is_working(day)
    assert lead.context.calendar.is_working(day.replace(day=28))
    assert "26/11/2026" in _fields(lead)["off"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"s1-letter": "A"}, "Chữ A đã có ở dãy khác"),
        ({"s1-letter": "1"}, "một chữ từ A đến Z"),
        ({"s0-name": " "}, "Mời gõ tên dãy"),
        ({"s0-quota": "nhiều"}, "số từ 1 đến 999"),
        ({"c1-all": ""}, "Quầy 2 chưa nhận dãy nào"),
        ({"c1-number": "1"}, "Quầy 1 ghi hai lần"),
        ({"c1-number": "31"}, "số từ 1 đến 30"),
        ({"c0-all": "", "c1-all": "", "c0-s0": "1", "c1-s1": "1"}, "Chưa quầy nào nhận dãy C"),
        ({"week0-to": "6:00"}, "Giờ đóng 6:00 không sau giờ mở 07:00"),
        ({"week1-from": "11:00"}, "khi buổi trước chưa đóng"),
        ({"week0-from": "sáng"}, "Gõ đủ giờ mở và giờ đóng"),
        ({"week0-from": "", "week0-to": "", "week1-from": "", "week1-to": ""}, "Mời gõ giờ mở quầy"),
        ({"off": "20/11/2026"}, "Ngày 20/11/2026 đã qua"),
        ({"off": "Noel"}, "“Noel” không phải ngày"),
        ({"off": "31/11/2026"}, "không phải ngày"),
        ({"off": "26/11/2026", "worked": "26/11/2026"}, "vừa nghỉ vừa làm bù"),
        ({"worked": "29/11/2026"}, "Chủ nhật"),
        ({f"s{row}-drop": "1" for row in range(6)}, "Phải còn ít nhất một dãy số"),
        ({"c0-drop": "1", "c1-drop": "1"}, "Phải còn ít nhất một quầy"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_that_was_typed_is_lost(
    lead: Desk, changed: dict[str, str], message: str
) -> None:
    typed = {**_fields(lead), "s2-name": "Cư trú, căn cước", **changed}
    _post(lead, typed)
    assert message in lead.words
    assert "Chưa lưu" in lead.words
    shown = _fields(lead)
    assert {name: shown.get(name, "") for name in typed} == typed
    _post(lead, typed, "save")
    assert message in lead.words
    assert lead.context.plan_revision == 0


def test_a_series_in_which_people_wait_stays_and_the_page_names_their_numbers(lead: Desk) -> None:
    draw(lead.context, "AAB")
    press(lead.context, 1)
    typed = {**_fields(lead), f"{_row(lead, 'A')}-drop": "1"}
    _post(lead, typed)
    assert "Dãy A còn 2 người chưa xong (A001, A002)" in lead.words
    assert _fields(lead)[f"{_row(lead, 'A')}-drop"] == "1"
    _post(lead, {**_fields(lead), "s0-drop": "", "s0-letter": "K"})
    assert "rồi mới bỏ dãy hay đổi chữ cái" in lead.words
    _post(lead, {**_fields(lead), "s0-letter": "A", f"{_row(lead, 'E')}-drop": "1"})
    assert "Bỏ dãy E (Hộ kinh doanh)" in lead.words
    assert "sẽ lấy số dãy A (Hộ tịch)" in lead.words


def test_a_counter_that_is_open_stays_until_it_is_closed(app: Flask, lead: Desk) -> None:
    lead.post("/officer/open")
    draw(lead.context, "A")
    press(lead.context, 1)
    _post(lead, {**_fields(lead.go("/officer/plan")), "c0-drop": "1"})
    assert "Quầy 1 đang mở" in lead.words
    assert lead.context.config.counter(1) is not None


def test_a_closed_counter_to_which_somebody_was_passed_stays_because_no_other_calls_them(lead: Desk) -> None:
    context = lead.context
    draw(context, "A")
    press(context, 2)
    press(context, 2, functools.partial(calling.transfer, counter=1))
    calling.close_counter(context, 1, "CB01")
    _post(lead, {**_fields(lead.go("/officer/plan")), "c0-drop": "1"})
    assert "Quầy 1 còn 1 người chưa xong (A001)" in lead.words
    assert "đang mở" not in lead.words


def test_a_page_that_still_shows_a_removed_series_gives_no_number(lead: Desk) -> None:
    series = lead.context.config.series_of("F-TAPHUAN")
    assert series is not None
    _save(lead, **{f"{_row(lead, 'F')}-drop": "1"})
    with pytest.raises(NoTicketsLeft):
        queueing.draw_ticket(lead.context, series)


def test_two_leads_do_not_overwrite_each_other_unseen(app: Flask, lead: Desk) -> None:
    other = Desk(app, "thutrang", counter=1, role="lead").go("/officer/plan")
    typed = {**_fields(other), "s0-name": "Hộ tịch, khai sinh"}
    _save(lead, **{"saturday0-from": "7:00", "saturday0-to": "11:00"})
    _post(other, typed)
    assert "Vừa có người khác lưu trang này" in other.words
    assert _fields(other)["s0-name"] == "Hộ tịch, khai sinh"
    assert lead.context.config.hours.saturday == ("07:00-11:00",)
    _save(other)
    assert lead.context.config.series[0].name == "Hộ tịch, khai sinh"


def test_the_file_comes_back_after_a_question_and_the_past_is_kept(lead: Desk) -> None:
    _save(lead, **{"s0-name": "Hộ tịch, khai sinh"})
    lead.post("/officer/plan/file", revision="1")
    assert "Dãy A: tên “Hộ tịch, khai sinh” thành “Hộ tịch”." in lead.words
    assert lead.context.config.series[0].name == "Hộ tịch, khai sinh"
    lead.post("/officer/plan/file", revision="1", sure="1")
    assert lead.context.config.series[0].name == "Hộ tịch"
    assert "Đang dùng theo kiosk.toml (từ" in lead.words
    assert lead.words.index("Dùng lại kiosk.toml.") < lead.words.index("Dãy A: tên “Hộ tịch” thành")


def test_a_change_of_the_file_is_used_where_the_page_changed_nothing(lead: Desk, clock: FixedClock) -> None:
    file_config = lead.context.config
    _save(lead, **{"saturday0-from": "7:00", "saturday0-to": "11:00"})
    counters = (*file_config.counters, Counter(number=9, name="Quầy 9"))
    with_more = open_context(replace(file_config, counters=counters), clock)
    assert with_more.config.counter(9) is not None
    assert with_more.config.hours.saturday == ("07:00-11:00",)
    with_more.store.close()


def test_a_file_that_does_not_fit_the_page_any_more_leaves_all_of_the_page_in_force(
    lead: Desk, clock: FixedClock
) -> None:
    file_config = lead.context.config
    _save(lead, **{"c1-all": "", "c1-s5": "1"})
    changed = open_context(replace(file_config, series=file_config.series[:5]), clock)
    assert plan_of(changed.config) == plan_of(lead.context.config)
    assert "không khớp với trang" in _check(changed).words
    changed.store.close()


def _change_saved(context: Context, change: Mapping[str, Any]) -> None:
    """Change the newest stored plan, as another release would have written it."""
    with context.store.write() as db:
        saved = service_plans.newest(db)
        assert saved is not None
        db.execute("update service_plans set plan = ?", [json.dumps({**saved.plan, **change})])


def test_a_plan_of_another_release_is_used_without_what_this_one_does_not_know(lead: Desk, clock: FixedClock) -> None:
    file_config = lead.context.config
    _save(lead, **{"s0-name": "Hộ tịch, khai sinh"})
    with lead.context.store.read() as db:
        saved = service_plans.newest(db)
    assert saved is not None
    series = [{**entry, "colour": "red"} for entry in saved.plan["series"]]
    del series[1]["name_en"]
    _change_saved(lead.context, {"series": series, "closures": []})
    restarted = open_context(file_config, clock)
    assert restarted.config.series[0].name == "Hộ tịch, khai sinh"
    assert _check(restarted).state == "note"
    restarted.store.close()


@pytest.mark.parametrize(
    "change",
    [
        {"series": None},
        {"series": []},
        {"counters": [{"number": 99, "name": "Quầy 99"}]},
        {"counters": ["1"]},
        {"hours": {"weekdays": ["7:00-11:30"]}},
        {"hours": {"off": ["2026-02-31"]}},
    ],
    ids=["no series", "empty", "wrong number", "wrong type", "wrong hour", "no such day"],
)
def test_a_plan_that_cannot_be_read_stops_nothing_and_the_next_save_replaces_it(
    app: Flask, lead: Desk, clock: FixedClock, change: dict[str, Any]
) -> None:
    file_config = lead.context.config
    _save(lead, **{"s0-name": "Hộ tịch, khai sinh", "saturday0-from": "7:00", "saturday0-to": "11:00"})
    _change_saved(lead.context, change)
    restarted = open_context(file_config, clock)
    assert plan_of(restarted.config) == plan_of(file_config)
    assert (_check(restarted).state, _check(restarted).code) == ("warning", "PLAN-01")
    restarted.store.close()
    lead.context.plan_revision = 0
    assert app.test_client().get("/").status_code == 200
    _save(lead.go("/officer/plan"), **{"s1-name": "Chứng thực, sao y"})
    assert lead.context.config.series[1].name == "Chứng thực, sao y"
    assert _check(lead.context).state == "note"


def test_another_process_draws_no_number_of_a_series_that_was_removed_while_it_waited(
    lead: Desk, clock: FixedClock
) -> None:
    other = open_context(lead.context.config, clock)
    series = other.config.series_of("F-TAPHUAN")
    assert series is not None
    _save(lead, **{f"{_row(lead, 'F')}-drop": "1"})
    with pytest.raises(NoTicketsLeft):
        queueing.draw_ticket(other, series)
    other.store.close()


def test_a_page_that_still_shows_the_old_letter_of_a_series_gives_no_number(lead: Desk) -> None:
    series = lead.context.config.series_of("F-TAPHUAN")
    assert series is not None
    _save(lead, **{f"{_row(lead, 'F')}-letter": "K"})
    with pytest.raises(NoTicketsLeft):
        queueing.draw_ticket(lead.context, series)


def test_letters_of_two_series_are_not_exchanged_while_people_wait(lead: Desk) -> None:
    draw(lead.context, "A")
    _post(lead, {**_fields(lead), "s0-letter": "B", "s1-letter": "A"})
    assert "Dãy A còn 1 người chưa xong (A001)" in lead.words


@pytest.mark.parametrize("days", [0, 1])
def test_a_citizen_who_comes_back_to_a_series_that_was_removed_joins_a_line_that_is_served(
    lead: Desk, walker: Walker, clock: FixedClock, days: int
) -> None:
    context = lead.context
    submit(birth_until_check(walker))
    case = submission_checks.only_submission(context)
    with context.store.write() as db:
        db.execute("update tickets set state = 'done', series = 'F', line = 'F'")
        db.execute("update submissions set desk = 'supplement'")
    _save(lead, **{f"{_row(lead, 'F')}-drop": "1"})
    clock.advance(days * 24 * 3600)
    ticket = queueing.rejoin_queue(context, case.receipt_no)
    assert ticket is not None
    assert (ticket.line, ticket.state) == ("A", "waiting")
    with context.store.read() as db:
        stored = tickets.find(db, ticket.id)
    assert stored == ticket


def test_another_order_in_the_file_is_no_change_of_the_page(lead: Desk, clock: FixedClock) -> None:
    """The file still decides the parts that the page does not change."""
    config = lead.context.config
    counters = (Counter(number=1, name="", series=("B", "A")), Counter(number=2, name="Quầy 2"))
    hours = replace(config.hours, off=("2026-12-31", "2026-11-20", "2026-12-24"), worked=("2027-01-09", "2026-12-26"))
    plan = replace(plan_of(config), counters=counters, hours=hours)
    form = read(form_of(plan, clock.today()).values, plan, clock.today())
    assert form.plan == plan


def test_a_number_of_a_counter_that_is_no_number_is_no_fault(lead: Desk) -> None:
    _post(lead, {**_fields(lead), "c0-number": "²"}, "counters")
    assert lead.answer.status_code == 200
    assert _fields(lead)["c0-number"] == "²"


def test_a_plan_comes_back_from_the_store_as_it_was_saved(lead: Desk) -> None:
    plan = replace(plan_of(lead.context.config), counters=(Counter(number=4, name="Quầy 4", series=("A", "B")),))
    with lead.context.store.write() as db:
        service_plans.insert(
            db, parts=("counters", "series"), plan=plan.to_json(), actor="CB01", now=lead.context.clock.now()
        )
    lead.context.use_newest_plan()
    # No counter serves C to F: the saved plan is used as it is, because a file cannot repair it.
    assert with_plan(lead.context.config, plan) == lead.context.config
