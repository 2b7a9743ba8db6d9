"""A call from a touchscreen at the desks: who calls from where, the first who answers, what each screen then says."""

import re

from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.records import audit, help_calls
from tests.journeys.people import begin_birth, birth_until_check, mother_registers, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk

PANEL = "/officer/calls"


def press(desk: Desk, act: str, call_id: int = 1) -> Desk:
    """Press a button of the panel; its answer is the new panel."""
    token = desk.go("/officer/").token
    desk.answer = desk.browser.post(f"{PANEL}/{call_id}/{act}", data={"csrf": token})
    return desk


def test_the_desk_reads_who_calls_from_where_since_when_and_at_which_step(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    desk = Desk(app)
    before = desk.browser.get("/officer/queue/version").json["version"]
    mother_registers(begin_birth(walker))
    walker.post("/help", want="1", back=walker.at)
    assert desk.browser.get("/officer/queue/version").json["version"] != before
    clock.jump(40)
    panel = desk.go(PANEL).words
    assert "Máy 1: người dân gọi cán bộ" in panel
    assert "Gọi lúc 8:30, đã 40 giây" in panel
    assert "Thủ tục Đăng ký khai sinh" in panel or "Thủ tục Khai sinh" in panel
    assert re.search(r"Đang ở phần 4 trên \d+, ", panel)
    assert "đang gọi" in desk.go("/officer/").words


def test_the_first_officer_who_answers_gets_the_call(app: Flask, walker: Walker) -> None:
    desk = Desk(app)
    other = Desk(app, "minhtam", counter=2)
    walker.post("/help", want="1", back="/")
    assert "Đã gọi, xin chờ" in walker.go("/").words
    assert "đang tới" not in walker.words, "nobody comes before an officer has answered"
    assert "Chưa vào tờ khai" in desk.go(PANEL).words
    assert "Cán bộ hoaian đang tới Máy 1" in press(desk, "come").words
    assert "Máy 1: cán bộ hoaian ở quầy 1 đã trả lời" in press(other, "come").words
    assert "Cán bộ hoaian đang tới" in walker.go("/").words
    assert "ở quầy 1, trả lời lúc 8:30" in walker.words
    press(desk, "end")
    assert "Gọi cán bộ" in walker.go("/").words
    assert "đang tới" not in walker.words


def test_whoever_has_filed_is_not_told_to_go_on_filling_in(app: Flask, walker: Walker) -> None:
    desk = Desk(app)
    birth_until_check(walker).post("/help", want="1", back=walker.at)
    assert "Cứ khai tiếp. Trong lúc chờ, máy không xóa gì." in walker.go("/form/check").words
    submit(walker)
    assert "Cứ khai tiếp" not in walker.words
    assert "Trong lúc chờ, máy không xóa gì." in walker.words
    press(desk, "come")
    assert "Cán bộ đeo thẻ ghi tên." in walker.go(walker.at).words
    assert "Cứ khai tiếp" not in walker.words


def test_every_state_of_a_call_is_in_the_audit_trail(app: Flask, walker: Walker) -> None:
    desk = Desk(app)
    mother_registers(begin_birth(walker))
    walker.post("/help", want="1", back=walker.at)
    for act in ("seen", "seen", "come", "come", "end", "end"):
        press(desk, act)
    with desk.context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, "call 1")]
    assert [(line.act, line.actor) for line in lines] == [
        ("help_call", "citizen"),
        ("help_seen", "CB01"),
        ("help", "CB01"),
        ("help_end", "CB01"),
    ]
    assert {(line.facts["screen"], line.facts["procedure"]) for line in lines} == {("Máy 1", "1.001193")}
    assert str(lines[0].facts["step"]).startswith("4/")


def test_a_long_wait_is_said_on_the_screen_and_never_that_somebody_comes(
    app: Flask, walker: Walker, clock: FixedClock
) -> None:
    mother_registers(begin_birth(walker))
    walker.post("/help", want="1", back=walker.at)
    assert "Chưa có ai trả lời" in walker.words
    clock.jump(60)
    assert "đã 1 phút" in walker.go(f"/help/state?page={walker.at}").words
    clock.jump(240)
    assert "Cán bộ đang bận, xin chờ thêm hoặc tới quầy" in walker.go("/help/state?page=/form/nguoi_cha").words
    with walker.context.store.read() as db:
        (call,) = help_calls.open_calls(db)
    assert call.place == "/form/nguoi_cha", "the desk reads where the citizen is now"


def test_the_panel_of_a_locked_desk_says_how_many_call_and_no_more(app: Flask, walker: Walker) -> None:
    desk = Desk(app)
    walker.post("/help", want="1", back="/")
    desk.browser.post("/officer/lock", data={"csrf": desk.token})
    assert desk.browser.get(PANEL).status_code == 423
    assert desk.browser.get(f"{PANEL}/count").json == {"waiting": 1}
