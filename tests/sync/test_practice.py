"""Kiosk and gateway as two sides of a real line, and every fault that practice can ask for."""

import contextlib
import re
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sync import link
from sync.gateway import serve
from tests.sync.town import Town


def test_a_form_goes_over_the_line_and_its_receipt_comes_back(town: Town) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.desk(form) == {"subject": form, "delivery": "sent", "code": 1, "note": ""}
    assert town.held() == [form]
    assert town.sql("select body from submissions")[0][0] == kiosk.safe[form].body


def test_a_lost_answer_leaves_one_copy_at_the_portal(town: Town) -> None:
    kiosk = town.enrolled()
    forms = [kiosk.submit() for _ in range(5)]
    kiosk.round()
    town.gateway.faults.turn("answer_lost")
    kiosk.rest()
    assert sorted(town.held()) == sorted(forms)
    assert {kiosk.state(form) for form in forms} == {"unknown"}
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert {outcome.kind for _, outcome in kiosk.told} == {"duplicate"}
    assert len(town.held()) == 5
    assert {kiosk.desk(form)["delivery"] for form in forms} == {"sent"}


def test_a_captive_network_marks_nothing_as_sent(town: Town) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit()
    kiosk.round()
    town.gateway.faults.turn("captive")
    kiosk.rest()
    assert kiosk.desk(form) == {}
    time.sleep(0.25)
    kiosk.rest()
    assert town.held() == []
    with kiosk.store.read() as db:
        assert link.state(db).is_up is False
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert town.held() == [form]


def test_one_form_among_fifty_that_cannot_be_taken_is_set_aside(town: Town) -> None:
    kiosk = town.enrolled()
    forms = [kiosk.submit(**({"mode": "live"} if n == 7 else {})) for n in range(50)]
    kiosk.drain()
    assert {form for form in forms if kiosk.desk(form)["delivery"] == "quarantined"} == {forms[7]}
    assert len(town.held()) == 49
    refusal = next(outcome for subject, outcome in kiosk.told if subject == forms[7])
    assert [error.pointer for error in refusal.errors] == ["/mode"]


def test_a_refusal_that_practice_asks_for_sets_forms_aside(town: Town) -> None:
    kiosk = town.enrolled()
    town.gateway.faults.turn("invalid")
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.desk(form)["delivery"] == "quarantined"
    assert town.held() == []


def test_a_lost_login_pauses_everything_and_costs_no_attempt(town: Town) -> None:
    kiosk = town.enrolled()
    forms = [kiosk.submit() for _ in range(3)]
    town.gateway.faults.turn("401")
    kiosk.rest()
    with kiosk.store.read() as db:
        state = link.state(db)
        attempts = db.execute("select sum(attempts), group_concat(distinct state) from outbox").fetchone()
    assert (state.paused, state.is_held, state.last_code) == ("auth", False, "unknown-key")
    assert attempts == (0, "todo")
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert {kiosk.desk(form)["delivery"] for form in forms} == {"sent"}


def test_a_line_that_is_down_waits_and_then_drains(town: Town) -> None:
    kiosk = town.enrolled()
    forms = [kiosk.submit() for _ in range(60)]
    town.gateway.faults.turn("down")
    kiosk.drain(1.5)
    with kiosk.store.read() as db:
        state = link.state(db)
    assert (state.is_up, state.last_class) == (False, "link")
    assert 2 <= state.failures <= 10
    assert kiosk.counts()["todo"] == 60
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert {kiosk.desk(form)["delivery"] for form in forms} == {"sent"}


def test_a_gateway_that_is_not_there_is_a_fault_of_the_line(town: Town) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit()
    town.shut()
    kiosk.rest()
    with kiosk.store.read() as db:
        assert link.state(db).last_class == "link"
    assert kiosk.state(form) == "todo"
    town.open()
    kiosk.drain()
    assert town.held() == [form]


def test_an_answer_of_a_byte_a_second_is_cut_at_the_deadline(town: Town) -> None:
    kiosk = town.enrolled(seconds=1.0)
    form = kiosk.submit()
    kiosk.round()
    town.gateway.faults.turn("slow")
    began = time.monotonic()
    kiosk.round()
    assert 0.9 < time.monotonic() - began < 3
    assert kiosk.state(form) == "unknown"
    with kiosk.store.read() as db:
        assert link.state(db).last_code == "deadline"
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert len(town.held()) == 1


def test_what_was_being_sent_when_the_power_went_settles_as_a_duplicate(town: Town) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit()
    kiosk.portal.send([kiosk.safe[form]])
    with kiosk.store.write() as db:
        db.execute("update outbox set state = 'sending', lease = 1")
    kiosk.boot()
    town.gateway.faults.turn("down")
    kiosk.rest()
    assert kiosk.state(form) == "unknown"
    town.gateway.faults.turn("off")
    kiosk.drain()
    assert [outcome.kind for _, outcome in kiosk.told] == ["duplicate"]
    assert len(town.held()) == 1


def test_the_desks_acts_reach_the_portal_and_its_word_comes_back(town: Town) -> None:
    kiosk = town.enrolled()
    form = kiosk.submit()
    kiosk.act(form, 1, officialNo="H57.99.01-261124-0001")
    kiosk.act(form, 2, "supplement", reason="Thiếu giấy chứng sinh")
    kiosk.drain()
    kiosk.pull()
    assert kiosk.desk(form)["code"] == 5
    assert town.sql("select seq, kind from events order by seq") == [(1, "accepted"), (2, "supplement")]


def test_a_gateway_restored_from_a_copy_gets_back_what_it_lost(town: Town) -> None:
    kiosk = town.enrolled()
    forms = [kiosk.submit() for _ in range(6)]
    kiosk.drain()
    kiosk.pull()
    for table in ("submissions", "changes"):
        town.sql(f"delete from {table} where submission_id in (select submission_id from submissions limit 4)")
    town.sql("delete from changes where submission_id not in (select submission_id from submissions)")
    town.sql("update kiosks set last_seq = 2")
    kiosk.pull()
    kiosk.drain()
    kiosk.pull()
    assert sorted(town.held()) == sorted(forms)
    assert town.sql("select count(*) from notices") == [(1,)]
    assert sum(outcome.kind == "lost" for _, outcome in kiosk.told) == 4
    assert {kiosk.desk(form)["delivery"] for form in forms} == {"sent"}


def test_a_correction_follows_its_predecessor_even_when_that_was_refused(town: Town) -> None:
    kiosk = town.enrolled()
    first = kiosk.submit()
    second = kiosk.submit(supersedes=first, revision=2)
    refused = kiosk.submit(mode="live")
    mended = kiosk.submit(supersedes=refused, revision=2)
    kiosk.drain()
    assert [kiosk.state(form) for form in (first, second, refused, mended)] == ["done", "done", "refused", "done"]


def test_a_kiosk_with_a_clock_years_off_still_gets_through(town: Town) -> None:
    kiosk = town.enrolled()
    town.clock.ahead -= town.clock() - town.clock().replace(year=2019)
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.state(form) == "done"


def test_a_taken_port_is_told_and_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    taken = replace(town.settings, database=str(tmp_path / "second.db"))
    with pytest.raises(OSError, match="in use"):
        serve(taken, lambda url: None)


def test_a_gateway_says_once_where_it_is(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.close()
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        raise SystemExit

    with pytest.raises(SystemExit):
        serve(replace(town.settings, port=0), ready)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", told[0])


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"GET",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20000,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
    ],
)
def test_half_a_request_is_not_passed_on(town: Town, asked: bytes) -> None:
    with socket.create_connection(("127.0.0.1", town.gateway.port), timeout=5) as line:
        line.sendall(asked)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        try:
            answer = line.recv(1000)
        except ConnectionResetError:
            answer = b""
    assert answer == b""
    assert town.kiosk().portal.hello().epoch


def test_the_operators_pages_stay_reachable_while_the_line_is_down(town: Town) -> None:
    town.gateway.faults.turn("down")
    with socket.create_connection(("127.0.0.1", town.gateway.port), timeout=5) as line:
        line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(15) == b"HTTP/1.1 200 OK"
