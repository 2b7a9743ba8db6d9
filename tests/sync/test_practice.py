"""Kiosk and practice gateway over a real connection, with every fault that practice can switch on."""

import contextlib
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sync import link
from sync.gateway import sealing, serve
from tests.sync.practice_gateway import PracticeGateway


def test_a_submission_is_delivered_and_its_receipt_is_applied(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.desk_row(form) == {"subject": form, "delivery": "sent", "code": 1, "note": ""}
    assert practice.submission_ids() == [form]
    sealed = practice.sql("select body from submissions")[0][0]
    with practice.engine.begin() as db:
        assert sealing.sealer(db).open(sealing.BODY, form, bytes(sealed)) == kiosk.loads[form].body


def test_a_lost_answer_leaves_one_copy_at_the_portal(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    forms = [kiosk.submit() for _ in range(5)]
    kiosk.round()
    practice.gateway.faults.switch("answer_lost")
    kiosk.run_rounds()
    assert sorted(practice.submission_ids()) == sorted(forms)
    assert {kiosk.outbox_state(form) for form in forms} == {"unknown"}
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert {outcome.kind for _, outcome in kiosk.outcomes} == {"duplicate"}
    assert len(practice.submission_ids()) == 5
    assert {kiosk.desk_row(form)["delivery"] for form in forms} == {"sent"}


def test_a_captive_network_marks_nothing_as_sent(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    kiosk.round()
    practice.gateway.faults.switch("captive")
    kiosk.run_rounds()
    assert kiosk.desk_row(form) == {}
    kiosk.run_until_failed(times=2)
    assert practice.submission_ids() == []
    with kiosk.store.read() as db:
        assert link.state(db).is_up is False
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert practice.submission_ids() == [form]


def test_one_bad_submission_among_fifty_is_set_aside(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    forms = [kiosk.submit(**({"mode": "live"} if n == 7 else {})) for n in range(50)]
    kiosk.drain()
    assert {form for form in forms if kiosk.desk_row(form)["delivery"] == "quarantined"} == {forms[7]}
    assert len(practice.submission_ids()) == 49
    refusal = next(outcome for subject, outcome in kiosk.outcomes if subject == forms[7])
    assert [error.pointer for error in refusal.errors] == ["/mode"]


def test_the_fault_invalid_sets_submissions_aside(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    practice.gateway.faults.switch("invalid")
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.desk_row(form)["delivery"] == "quarantined"
    assert practice.submission_ids() == []


def test_a_401_pauses_everything_and_costs_no_attempt(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    forms = [kiosk.submit() for _ in range(3)]
    practice.gateway.faults.switch("401")
    kiosk.run_rounds()
    with kiosk.store.read() as db:
        state = link.state(db)
        attempts = db.execute("select sum(attempts), group_concat(distinct state) from outbox").fetchone()
    assert (state.paused, state.is_held, state.last_code) == ("auth", False, "unknown-key")
    assert attempts == (0, "todo")
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert {kiosk.desk_row(form)["delivery"] for form in forms} == {"sent"}


def test_a_connection_that_is_down_is_waited_for_and_then_everything_is_sent(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    forms = [kiosk.submit() for _ in range(60)]
    practice.gateway.faults.switch("down")
    kiosk.run_until_failed(times=3)
    with kiosk.store.read() as db:
        state = link.state(db)
    assert (state.is_up, state.last_class) == (False, "link")
    assert state.failures >= 3
    assert kiosk.count_by_state()["todo"] == 60
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert {kiosk.desk_row(form)["delivery"] for form in forms} == {"sent"}


def test_a_stopped_gateway_counts_as_a_failed_connection(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    practice.stop()
    kiosk.run_rounds()
    with kiosk.store.read() as db:
        assert link.state(db).last_class == "link"
    assert kiosk.outbox_state(form) == "todo"
    practice.start()
    kiosk.drain()
    assert practice.submission_ids() == [form]


def test_an_answer_of_a_byte_a_second_is_cut_at_the_deadline(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk(seconds=3.0)
    form = kiosk.submit()
    kiosk.round()
    practice.gateway.faults.switch("slow")
    kiosk.round()
    assert kiosk.outbox_state(form) == "unknown"
    with kiosk.store.read() as db:
        assert link.state(db).last_code == "deadline"
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert len(practice.submission_ids()) == 1


def test_a_submission_that_was_being_sent_at_a_power_cut_settles_as_a_duplicate(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    kiosk.portal.send([kiosk.loads[form]])
    with kiosk.store.write() as db:
        db.execute("update outbox set state = 'sending', lease = 1")
    kiosk.boot()
    practice.gateway.faults.switch("down")
    kiosk.run_rounds()
    assert kiosk.outbox_state(form) == "unknown"
    practice.gateway.faults.switch("off")
    kiosk.drain()
    assert [outcome.kind for _, outcome in kiosk.outcomes] == ["duplicate"]
    assert len(practice.submission_ids()) == 1


def test_events_of_the_desk_reach_the_portal_and_its_status_comes_back(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    kiosk.add_event(form, 1, officialNo="H57.99.01-261124-0001")
    kiosk.add_event(form, 2, "supplement", reason="Thiếu giấy chứng sinh")
    kiosk.drain()
    kiosk.pull_feed()
    assert kiosk.desk_row(form)["code"] == 5
    assert practice.sql("select seq, kind from events order by seq") == [(1, "accepted"), (2, "supplement")]


def test_a_gateway_restored_from_a_copy_gets_back_what_it_lost(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    forms = [kiosk.submit() for _ in range(6)]
    kiosk.drain()
    kiosk.pull_feed()
    for table in ("submissions", "changes"):
        practice.sql(f"delete from {table} where submission_id in (select submission_id from submissions limit 4)")
    practice.sql("delete from receipt_numbers where dossier_id not in (select submission_id from submissions)")
    practice.sql("delete from changes where submission_id not in (select submission_id from submissions)")
    practice.sql("update kiosks set last_seq = 2")
    kiosk.pull_feed()
    kiosk.drain()
    kiosk.pull_feed()
    assert sorted(practice.submission_ids()) == sorted(forms)
    assert practice.sql("select count(*) from notices") == [(1,)]
    assert sum(outcome.kind == "lost" for _, outcome in kiosk.outcomes) == 4
    assert {kiosk.desk_row(form)["delivery"] for form in forms} == {"sent"}


def test_a_correction_follows_its_predecessor_even_when_that_was_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = kiosk.submit()
    second = kiosk.submit(supersedes=first, revision=2)
    refused = kiosk.submit(mode="live")
    corrected = kiosk.submit(supersedes=refused, revision=2)
    kiosk.drain()
    assert [kiosk.outbox_state(form) for form in (first, second, refused, corrected)] == [
        "done",
        "done",
        "refused",
        "done",
    ]


def test_a_kiosk_with_a_clock_years_off_still_gets_through(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    practice.clock.offset -= practice.clock() - practice.clock().replace(year=2019)
    form = kiosk.submit()
    kiosk.drain()
    assert kiosk.outbox_state(form) == "done"


def test_a_port_in_use_is_an_error_and_leaves_nothing_open(practice: PracticeGateway, tmp_path: Path) -> None:
    settings = replace(practice.settings, database=str(tmp_path / "second.db"))
    with pytest.raises(OSError, match="in use"):
        serve(settings, lambda url: None)


def test_a_gateway_reports_its_url_once(tmp_path: Path) -> None:
    practice = PracticeGateway(tmp_path)
    practice.close()
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        raise SystemExit

    with pytest.raises(SystemExit):
        serve(replace(practice.settings, port=0), ready)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", urls[0])


@pytest.mark.parametrize(
    "raw_request",
    [
        b"",
        b"GET",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20000,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
    ],
)
def test_an_incomplete_request_is_not_forwarded(practice: PracticeGateway, raw_request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", practice.gateway.port), timeout=60) as connection:
        connection.sendall(raw_request)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        try:
            answer = connection.recv(1000)
        except ConnectionResetError:
            answer = b""
    assert answer == b""
    assert practice.new_kiosk().portal.hello().epoch


def test_the_operators_pages_stay_reachable_while_the_connection_is_down(practice: PracticeGateway) -> None:
    practice.gateway.faults.switch("down")
    with socket.create_connection(("127.0.0.1", practice.gateway.port), timeout=60) as connection:
        host = f"127.0.0.1:{practice.gateway.port}"
        connection.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(15) == b"HTTP/1.1 200 OK"
