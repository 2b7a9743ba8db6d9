"""Queue panel of the desk: each button counts once, the next ticket by the rule, nothing for a stale page."""

import re

import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import counters, tickets
from tests.pages.officer.sitting import PASSWORD, Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def _draw(context: Context, count: int) -> list[str]:
    series = context.config.series[0]
    return [queueing.draw_ticket(context, series).label for _ in range(count)]


def _shown(desk: Desk) -> dict[str, str]:
    """Return the fields that the buttons of the page send."""
    return {name: _value(desk.page, name) for name in ("nonce", "ticket")}


def _value(page: str, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match
    return match[1]


def _tap(desk: Desk, act: str, **more: str) -> Desk:
    """Press a button of the queue; where the desk asks how the service ends, answer that it was a question only."""
    desk.post(f"/officer/queue/{act}", **_shown(desk), **more)
    return _answer(desk, "asked") if "Lượt này là gì?" in desk.words else desk


def _answer(desk: Desk, outcome: str, **fields: str) -> Desk:
    form = desk.page.partition('id="decide"')[2]
    shown = {name: _value(form, name) for name in ("nonce", "ticket", "asked", "this")}
    return desk.post(f"/officer/end/{outcome}", **{**shown, **fields})


def _plaque(desk: Desk) -> str:
    match = re.search(r'class="plaque[^"]*"><b>([^<]+)</b>', desk.page)
    assert match
    return match[1]


def test_an_empty_queue_says_so_and_calls_nobody(desk: Desk) -> None:
    assert _plaque(desk) == "Quầy trống"
    assert "Chưa có ai chờ ở quầy này" in _tap(desk, "next").words
    assert _plaque(desk) == "Quầy trống"


def test_the_next_number_is_called_and_the_one_before_is_done(desk: Desk) -> None:
    first, second, _third = _draw(desk.context, 3)
    assert _plaque(_tap(desk.go("/officer/"), "next")) == first
    assert "2 người" in desk.words
    assert _plaque(_tap(desk, "next")) == second
    with desk.context.store.read() as db:
        before = tickets.by_label(db, desk.context.clock.today(), first)
    assert before is not None
    assert before.state == "done"


def test_the_same_touch_twice_is_one_call(desk: Desk) -> None:
    first, _second = _draw(desk.context, 2)
    shown = _shown(desk.go("/officer/"))
    desk.post("/officer/queue/next", **shown)
    assert _plaque(desk.post("/officer/queue/next", **shown)) == first
    assert "Không có gì thay đổi" in desk.words
    assert "1 người" in desk.words


def test_two_counters_never_call_the_same_number(app: Flask, desk: Desk) -> None:
    _draw(desk.context, 2)
    other = Desk(app, "minhtam", counter=2)
    called = {_plaque(_tap(officer.go("/officer/"), "next")) for officer in (desk, other)}
    assert len(called) == 2


@pytest.mark.parametrize(
    ("acts", "state"),
    [(["absent"], "absent"), (["hold"], "held"), (["finish"], "done"), (["serve", "finish"], "done")],
)
def test_a_button_moves_the_number_and_empties_the_counter(desk: Desk, acts: list[str], state: str) -> None:
    (label,) = _draw(desk.context, 1)
    _tap(desk.go("/officer/"), "next")
    for act in acts:
        _tap(desk, act)
    assert _plaque(desk) == "Quầy trống"
    with desk.context.store.read() as db:
        ticket = tickets.by_label(db, desk.context.clock.today(), label)
        assert ticket is not None
        assert ticket.state == state
        assert {event.actor for event in tickets.events(db, ticket.id) if event.counter} == {"CB01"}


def test_a_person_who_has_come_is_not_called_again(desk: Desk, clock: FixedClock) -> None:
    _draw(desk.context, 1)
    _tap(_tap(_tap(desk.go("/officer/"), "next"), "recall"), "serve")
    clock.advance(150)
    assert "ở quầy đã 2 phút" in desk.go("/officer/").words
    assert "/officer/queue/recall" not in desk.page
    assert "Không có gì thay đổi" in _tap(desk, "recall").words


def test_one_is_called_out_of_turn_and_one_that_was_held_again(desk: Desk) -> None:
    labels = _draw(desk.context, 3)
    desk.go("/officer/")
    wanted = re.findall(r'name="this" value="([^"]+)" aria-label="Gọi (\w+)"', desk.page)
    assert [label for _id, label in wanted] == labels
    assert _plaque(_tap(desk, "this", this=wanted[2][0])) == labels[2]
    _tap(desk, "hold")
    assert "Đang giữ" in desk.words
    assert _plaque(_tap(desk, "this", this=wanted[2][0])) == labels[2]


@pytest.mark.parametrize(("to", "line", "counter"), [("line:B", "B", None), ("counter:2", "A", 2)])
def test_a_number_is_passed_on_and_keeps_its_label(desk: Desk, to: str, line: str, counter: int | None) -> None:
    (label,) = _draw(desk.context, 1)
    _tap(desk.go("/officer/"), "next")
    assert f'value="{to}"' in desk.page
    assert 'value="counter:1"' not in desk.page
    _tap(desk, "transfer", to=to)
    place = f"dãy {line}, " if counter is None else f"Quầy {counter}."
    assert f"Đã chuyển số {label} sang {place}" in desk.words
    with desk.context.store.read() as db:
        ticket = tickets.by_label(db, desk.context.clock.today(), label)
    assert ticket is not None
    assert (ticket.state, ticket.line, ticket.counter) == ("waiting", line, counter)


@pytest.mark.parametrize("to", ["", "line:", "line:Z", "counter:1x", "counter:29", "counter:²", "elsewhere:1"])
def test_a_number_is_passed_on_to_no_place_that_is_not_there(desk: Desk, to: str) -> None:
    (label,) = _draw(desk.context, 1)
    _tap(desk.go("/officer/"), "next")
    assert "Không có gì thay đổi" in _tap(desk, "transfer", to=to).words
    assert _plaque(desk) == label


@pytest.mark.parametrize(("act", "nonce"), [("next", ""), ("next", "x" * 65), ("next", "ắ"), ("jump", "abc")])
def test_a_forged_tap_is_explained_and_calls_nobody(desk: Desk, act: str, nonce: str) -> None:
    _draw(desk.context, 1)
    desk.go("/officer/").post(f"/officer/queue/{act}", nonce=nonce, ticket="")
    assert desk.answer.status_code == 404
    assert _plaque(desk.go("/officer/")) == "Quầy trống"


def test_why_somebody_stands_in_front_is_said(desk: Desk) -> None:
    series = desk.context.config.series[0]
    queueing.draw_ticket(desk.context, series)
    assert queueing.declare_priority(desk.context, queueing.draw_ticket(desk.context, series).id, "elderly")
    words = desk.go("/officer/").words
    assert "Ưu tiên: người cao tuổi, tự khai" in words
    assert words.index("A002") < words.index("A001")


def test_the_side_alone_is_refreshed_when_something_has_moved(desk: Desk) -> None:
    before = desk.browser.get("/officer/queue/version").json["version"]
    _draw(desk.context, 1)
    assert desk.browser.get("/officer/queue/version").json["version"] != before
    desk.go("/officer/queue")
    assert desk.page.lstrip().startswith("<div data-queue")
    assert "A001" in desk.words


@pytest.mark.parametrize("leave", ["/officer/signout", "/officer/counter"])
def test_a_counter_that_one_leaves_is_closed_unless_somebody_is_at_it(desk: Desk, leave: str) -> None:
    _draw(desk.context, 1)
    _tap(desk.go("/officer/"), "next")
    day = desk.context.clock.today()
    with desk.context.store.read() as db:
        assert counters.open_counters(db, day) == {1: "CB01"}
    desk.browser.post(leave, data={"csrf": desk.token, "counter": "29"})
    with desk.context.store.read() as db:
        assert 1 in counters.open_counters(db, day)
    if leave == "/officer/signout":
        desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    _tap(desk.go("/officer/"), "finish")
    desk.browser.post(leave, data={"csrf": desk.token, "counter": "2"})
    with desk.context.store.read() as db:
        assert 1 not in counters.open_counters(db, day)


def test_before_the_day_ends_the_desk_names_the_people_who_still_wait(app: Flask, clock: FixedClock) -> None:
    clock.advance(24 * 3600)  # the 24th is a holiday
    desk = Desk(app)
    _draw(desk.context, 2)
    assert "đóng quầy" not in desk.go("/officer/").words.replace("Đóng quầy", "")
    before = desk.browser.get("/officer/queue/version").get_json()
    clock.advance(8 * 3600 + 20 * 60)
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert "17:00 đóng quầy, còn 2 người chưa làm xong: A001, A002." in desk.go("/officer/").words
    assert desk.browser.get("/officer/queue/version").get_json() != before, "an open page hears of it"
    clock.advance(15 * 60)
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert "Đã quá giờ đóng quầy 17:00, còn 2 người" in desk.go("/officer/").words


@pytest.mark.parametrize(
    ("act", "words"),
    [("absent", "Đã ghi số A001 vắng."), ("hold", "Đã giữ số A001"), ("finish", "Đã ghi: chỉ hỏi.")],
)
def test_the_desk_confirms_what_was_done_with_a_number_beside_the_queue(desk: Desk, act: str, words: str) -> None:
    _draw(desk.context, 2)
    _tap(_tap(desk.go("/officer/"), "next"), act)
    assert f'<p class="note is-done said" role="status">{words}' in desk.page
