"""Tests of the board: tickets and counters but no names; an unchanged board is not sent again; clips of a call."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from kiosk.acts import calling
from kiosk.acts.calling import CounterRequest
from kiosk.base.clock import FixedClock
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from kiosk.records import tickets
from kiosk.voice import call_clips
from tests.journeys.people import CHILD
from tests.journeys.queue_harness import draw, press, record_voice
from tests.journeys.walker import Walker


@pytest.fixture
def context(app: Flask) -> Context:
    app_context: Context = app.extensions["context"]
    return app_context


def _now(app: Flask, version: str = "", counter: str = "") -> dict[str, Any]:
    answer = app.test_client().get(f"/display/{counter}now", query_string={"version": version})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    content: dict[str, Any] = answer.get_json()
    return content


def _clip_names(call: dict[str, Any]) -> list[str]:
    return [address.partition("?v=")[0].rpartition("/")[2] for address in call["clips"]]


def test_a_board_is_nobody(app: Flask, context: Context) -> None:
    for address in ("/display/", "/display/1", "/display/now", "/display/1/now", "/display/board.css"):
        answer = app.test_client().get(address)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers
    with context.store.read() as db:
        assert db.execute("select count(*) from sessions").fetchone()[0] == 0


def test_practice_is_on_the_board(app: Flask) -> None:
    page = app.test_client().get("/display/").get_data(as_text=True)
    assert 'data-mode="practice"' in page
    assert "TẬP" in page


def test_before_the_first_call_there_is_nothing_to_show_or_say(app: Flask) -> None:
    now = _now(app)
    assert (now["calls"], now["last"], now["newest"], now["waiting"]) == ([], [], 0, [""])
    assert now["time"] == "8:30"


def test_calls_are_told_oldest_first_and_the_last_newest_first(app: Flask, context: Context) -> None:
    draw(context, "AAAB")
    for counter in (1, 2, 1):
        press(context, counter)
    now = _now(app)
    assert [(call["label"], call["counter"]) for call in now["last"]] == [("A003", 1), ("A002", 2), ("A001", 1)]
    assert [(call["label"], call["counter"]) for call in now["calls"]] == [("A002", 2), ("A003", 1)]
    assert [call["seq"] for call in now["calls"]] == sorted(call["seq"] for call in now["calls"])
    assert now["newest"] == now["calls"][-1]["seq"]
    assert now["waiting"] == ["Đang chờ: Chứng thực 1", "Đang chờ: B 1"]


def test_what_is_shown_is_not_told_again(app: Flask, context: Context) -> None:
    draw(context, "AA")
    press(context, 1)
    first = _now(app)
    assert _now(app, first["version"]).keys() == {"time", "version"}
    press(context, 1)
    second = _now(app, first["version"])
    assert second["last"][0]["label"] == "A002"


def test_who_has_come_is_not_called_any_more_and_a_second_call_is_a_new_one(app: Flask, context: Context) -> None:
    draw(context, "AA")
    press(context, 1)
    first = _now(app)["calls"][0]
    press(context, 1, calling.call_again)
    second = _now(app)
    assert second["calls"][0]["label"] == first["label"]
    assert second["calls"][0]["seq"] > first["seq"]
    assert len(second["last"]) == 1
    press(context, 1, calling.start_serving)
    served = _now(app)
    assert served["calls"] == []
    assert served["last"][0]["label"] == "A001"
    assert served["newest"] == second["newest"]


def test_a_board_of_one_counter_shows_that_counter(app: Flask, context: Context) -> None:
    draw(context, "AAA")
    press(context, 1)
    press(context, 2)
    now = _now(app, counter="2/")
    assert [call["label"] for call in now["calls"]] == ["A002"]
    assert [call["label"] for call in now["last"]] == ["A002"]
    assert now["here"]["label"] == "A002"
    press(context, 2, calling.finish)
    assert _now(app, counter="2/")["here"] == {"label": None, "counter": 2, "name": "", "idle": "Xin chờ gọi số"}
    with context.store.read() as db:
        assert db.execute("select count(*) from tickets").fetchone()[0] == 3
    calling.close_counter(context, 2, "CB01")
    assert _now(app, counter="2/")["here"]["idle"] == "Quầy đang nghỉ"


@pytest.mark.parametrize("address", ["/display/9", "/display/9/now", "/display/0", "/display/-1", "/display/x"])
def test_there_is_no_board_of_a_counter_that_is_not_there(app: Flask, address: str) -> None:
    assert app.test_client().get(address).status_code == 404


def test_a_new_day_begins_with_an_empty_board(app: Flask, context: Context, clock: FixedClock) -> None:
    draw(context, "A")
    press(context, 1)
    evening = _now(app)
    clock.advance(86_400)
    morning = _now(app, evening["version"])
    assert (morning["last"], morning["calls"]) == ([], [])


def _ward_of(app: Flask, context: Context, names: tuple[str, ...]) -> Context:
    """Return the context of a ward with these counters."""
    counters = tuple(Counter(number, name) for number, name in enumerate(names, 1))
    ward = replace(context, config=replace(context.config, counters=counters))
    app.extensions["context"] = ward
    return ward


def test_every_counter_that_calls_is_on_the_board_with_its_name(app: Flask, context: Context) -> None:
    ward = _ward_of(app, context, ("Quầy 1", "", "Trả kết quả", *("",) * 7))
    draw(ward, "A" * 12)
    for counter in range(1, 11):
        press(ward, counter)
    now = _now(app)
    shown = [(row["counter"], row["name"], row["is_here"]) for row in now["last"]]
    assert shown == [(n, "Trả kết quả" if n == 3 else "", True) for n in range(10, 0, -1)]
    assert {call["counter"]: call["name"] for call in now["calls"]}[3] == "Trả kết quả"


def test_a_number_stands_once_at_the_counter_that_called_it_last(app: Flask, context: Context) -> None:
    draw(context, "A")
    press(context, 1)
    with context.store.read() as db:
        ticket = tickets.at_counter(db, context.clock.today(), 1)
    assert ticket
    calling.transfer(context, CounterRequest(1, ticket.id, "pass on", "CB01"), counter=2)
    assert _now(app)["last"] == [], "it waits again"
    press(context, 2)
    assert [(row["label"], row["counter"]) for row in _now(app)["last"]] == [("A001", 2)]


def test_absent_numbers_and_closed_counters_are_named(app: Flask, context: Context) -> None:
    assert _now(app)["notices"] == ["Các quầy đang nghỉ"]
    calling.open_counter(context, 1, "CB01")
    draw(context, "AA")
    press(context, 1)
    press(context, 1, calling.mark_absent)
    now = _now(app)
    assert now["notices"] == ["Gọi chưa thấy: A001", "Quầy nghỉ: 2"]
    assert now["last"] == []
    assert now["newest"] > 0, "the board knows that the call was announced"
    calling.open_counter(context, 2, "CB02")
    press(context, 2)
    assert _now(app)["notices"] == ["Gọi chưa thấy: A001"]
    assert _now(app, counter="2/")["notices"] == []


def test_many_absent_numbers_are_counted(app: Flask, context: Context) -> None:
    draw(context, "A" * 10)
    for _ in range(10):
        press(context, 1)
        press(context, 1, calling.mark_absent)
    assert _now(app)["notices"][0] == "Gọi chưa thấy: A010, A009, A008, A007, A006, A005, A004, A003 và 2 số nữa"


def test_who_still_waits_is_told_before_the_day_ends(app: Flask, context: Context, clock: FixedClock) -> None:
    clock.advance(24 * 3600)  # the 24th is a holiday
    draw(context, "ABA")
    press(context, 1)
    morning = _now(app)
    assert morning["ending"] == ""
    clock.advance(8 * 3600 + 20 * 60)
    closing = _now(app, morning["version"])
    assert closing["time"] == "16:50"
    assert closing["ending"] == (
        "Quầy đóng lúc 17:00, chưa gọi hết số: B001, A002. Số chỉ dùng hôm nay, xin báo cán bộ trước khi về."
    )
    clock.advance(15 * 60)
    assert _now(app, closing["version"])["ending"].startswith("Đã hết giờ lúc 17:00, chưa gọi hết số: B001, A002.")
    for _ in range(3):
        press(context, 1)
    assert _now(app)["ending"] == "", "nobody is left"


def test_numbers_only(app: Flask, birth_filed: Context, walker: Walker) -> None:
    press(walker.context, 1)
    content = app.test_client().get("/display/now").get_data(as_text=True)
    assert "A001" in content
    words = [*CHILD.split(), "046196000123", "0905", "PK03"]
    assert [word for word in words if word in content] == []


def test_a_call_names_its_clips_when_all_of_them_are_there(app: Flask, context: Context) -> None:
    draw(context, "A" * 21)
    for _ in range(21):
        press(context, 2)
    assert _now(app)["calls"][0]["clips"] == []
    record_voice(context)
    call = _now(app)["calls"][0]
    assert call["label"] == "A021"
    assert _clip_names(call) == ["moi-so", "chu-a", "so-2", "muoi", "mot", "den-quay", "so-2"]
    for address in call["clips"]:
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "audio/wav", b"RIFF")
        assert "max-age=86400" in answer.headers["Cache-Control"]
    (call_clips.clips_folder(context.config) / "own" / "mot.wav").unlink()
    assert _now(app)["calls"][0]["clips"] == []


def test_a_new_recording_has_a_new_address(app: Flask, context: Context) -> None:
    draw(context, "A")
    press(context, 1)
    record_voice(context)
    before = _now(app)["calls"][0]["clips"]
    own = call_clips.clips_folder(context.config) / "own"
    (own / "moi-so.wav").write_bytes((own / "den-quay.wav").read_bytes())
    after = _now(app)["calls"][0]["clips"]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, *[True] * (len(before) - 1)]
    assert app.test_client().get(after[0]).data == (own / "moi-so.wav").read_bytes()


@pytest.mark.parametrize("name", ["so-77", "..%2Fkiosk", "kiosk.db", "%2e%2e/%2e%2e/kiosk"])
def test_nothing_else_is_handed_out_as_a_clip(app: Flask, context: Context, name: str) -> None:
    record_voice(context)
    assert app.test_client().get(f"/display/voice/{name}").status_code == 404


def test_the_glass_has_the_millimetres_of_the_settings(app: Flask) -> None:
    css = app.test_client().get("/display/board.css").get_data(as_text=True)
    assert css == ":root{--mm:2.017}"
