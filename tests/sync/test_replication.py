"""Acknowledged means on two machines: commits that the synchronous standby did not confirm, on two real servers."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import main
from sync.gateway import WeakCommits, replicated_connection, server
from sync.gateway.database import open_engine
from sync.gateway.pages import servers as servers_page
from sync.gateway.replication import Replication, Standby
from tests.faults.processes import wait_until
from tests.ports import free_port
from tests.sync.contract_checks import conforms, envelope, send
from tests.sync.practice_gateway import PASSWORD, Kiosk, PracticeGateway
from tests.sync.standby_pair import Request, StandbyPair

pytestmark = [pytest.mark.timeout(300), pytest.mark.machine_date]

BEHIND = Standby(name="second", is_streaming=False, is_synchronous=False, lag_seconds=None, lag_bytes=9e6)
SLOW = Standby(name="second", is_streaming=True, is_synchronous=True, lag_seconds=9.4, lag_bytes=9e6)
ROUNDS = 20
"""Rounds of a kiosk while no standby is connected: more than two of its waits."""
STORED = "select count(*) from submissions"


@pytest.fixture(scope="module")
def servers() -> Iterator[StandbyPair]:
    servers = StandbyPair()
    yield servers
    servers.close()


@pytest.fixture
def pair(servers: StandbyPair) -> Iterator[StandbyPair]:
    """Return the servers with an empty database, whose commits wait for the standby."""
    servers.follow()
    servers.first.run("create table synchronised (no int)", "drop table synchronised")  # waits for the standby
    servers.wait_for_replay()
    yield servers
    servers.thaw_standby()
    servers.follow("")
    servers.first.run("drop database gateway with (force)", "create database gateway")


@pytest.fixture
def open_gateway(pair: StandbyPair, tmp_path: Path) -> Iterator[Callable[..., PracticeGateway]]:
    """Return a function that opens a gateway on both servers."""
    gateways: list[PracticeGateway] = []

    def open_one(**changes: Any) -> PracticeGateway:
        gateways.append(PracticeGateway(tmp_path, database=pair.url, **changes))
        return gateways[-1]

    yield open_one
    pair.thaw_standby()
    for gateway in gateways:
        gateway.close()


def post(kiosk: Kiosk, sent: dict[str, Any]) -> Request:
    return Request(lambda: kiosk.send_request("POST", "/submissions", {"submissions": [sent]}))


@pytest.mark.parametrize("needs_standby", [True, False])
def test_a_commit_whose_wait_was_cancelled_is_no_receipt_and_neither_are_its_duplicates(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway], needs_standby: bool
) -> None:
    kiosk = open_gateway(needs_standby=needs_standby).enrolled_kiosk()
    sent = envelope(kiosk)
    pair.freeze_standby()
    for _ in range(2):  # the second one is a duplicate of a row that is on the primary alone
        request = post(kiosk, sent)
        pair.cancel_waiting_commit()
        answer = request.wait()
        assert (answer.status, conforms(answer, "post", "/submissions")["type"]) == (503, "/problems/away")
        assert answer.headers["Retry-After"] == "30"
        assert pair.rows_of_first(STORED) == [(1,)]
    pair.thaw_standby()
    assert send(kiosk, sent)[0]["outcome"] == "duplicate"
    assert pair.rows_of_second(STORED) == [(1,)]


def test_a_batch_of_duplicates_waits_for_the_standby_like_the_first_one(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    kiosk = open_gateway().enrolled_kiosk()
    sent = envelope(kiosk)
    assert send(kiosk, sent)[0]["outcome"] == "created"
    pair.freeze_standby()
    request = post(kiosk, sent)
    wait_until(lambda: bool(pair.waiting_commits()), 60, "the duplicate waits")
    pair.thaw_standby()
    assert request.wait().status == 200


def test_what_is_read_of_a_commit_on_one_machine_is_not_confirmed_either(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    kiosk = open_gateway(needs_standby=True).enrolled_kiosk()
    sent = envelope(kiosk)
    pair.freeze_standby()
    first = post(kiosk, sent)
    pair.cancel_waiting_commit()
    first.wait()
    question = {"ids": [{"submissionId": sent["submissionId"], "digest": sent["digest"]}]}
    for method, path, content in (
        ("POST", "/known", question),
        ("GET", f"/submissions/{sent['submissionId']}", None),
    ):
        request = Request(lambda m=method, p=path, c=content: kiosk.send_request(m, p, c))
        pair.cancel_waiting_commit()
        assert request.wait().status == 503
    pair.thaw_standby()
    assert kiosk.send_request("POST", "/known", question).status == 200


def test_a_commit_that_waits_too_long_ends_without_a_receipt(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = open_gateway(needs_standby=True).enrolled_kiosk()
    monkeypatch.setattr(replicated_connection.WATCH, "seconds", 0.3)
    pair.freeze_standby()
    assert post(kiosk, envelope(kiosk)).wait().status == 503
    assert pair.waiting_commits() == []


def test_no_request_waits_for_a_primary_that_is_frozen(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicated_connection.WATCH, "seconds", 0.3)
    kiosk = open_gateway().enrolled_kiosk()
    question = {"ids": [{"submissionId": envelope(kiosk)["submissionId"], "digest": "0" * 64}]}
    assert kiosk.send_request("POST", "/known", question).status == 200
    pair.freeze_primary()
    try:
        assert Request(lambda: kiosk.send_request("POST", "/known", question)).wait().status == 503
    finally:
        pair.thaw_primary()
    assert kiosk.send_request("POST", "/known", question).status == 200


def test_a_statement_that_takes_long_is_not_ended(pair: StandbyPair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicated_connection.WATCH, "seconds", 0.1)
    engine = open_engine(pair.url)
    with engine.connect() as db:
        assert db.exec_driver_sql("select 1 from pg_sleep(2.5)").scalar() == 1
    engine.dispose()


def test_without_a_standby_forms_wait_nothing_is_stored_and_pages_are_read(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicated_connection.WATCH, "seconds", 0.3)
    practice = open_gateway(needs_standby=True)
    kiosk = practice.enrolled_kiosk()
    browser = practice.gateway.app.test_client()
    browser.post("/sign-in", data={"login": "operator", "password": PASSWORD})
    pair.stop_standby()
    sent = envelope(kiosk)
    try:
        wait_until(lambda: kiosk.send_request("GET", "/numbers").status == 503, 60, "the gateway sees it")
        assert post(kiosk, sent).wait().status == 503
        assert pair.rows_of_first(STORED) == [(0,)]
        assert pair.waiting_commits() == []
        assert browser.get("/").status_code == 200
        refused = browser.post("/faults", data={"csrf": _csrf(browser.get("/").text), "fault": "401"})
        assert (refused.status_code, "đang chờ máy phụ" in refused.text) == (503, True)
    finally:
        pair.start_standby()
    pair.follow()
    wait_until(lambda: post(kiosk, sent).wait().status == 200, 60, "the gateway sees the standby")
    assert pair.rows_of_second(STORED) == [(1,)]


def test_names_that_were_emptied_give_no_receipt_where_a_standby_is_needed(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    kiosk = open_gateway(needs_standby=True).enrolled_kiosk()
    pair.freeze_standby()
    request = post(kiosk, envelope(kiosk))
    wait_until(lambda: bool(pair.waiting_commits()), 60, "a commit waits for the standby")
    pair.follow("")  # lets the commit go, and the server warns of nothing
    assert request.wait().status == 503
    assert kiosk.send_request("GET", "/changes").status == 503


@pytest.mark.parametrize("place", ["system", "database gateway", "role postgres"])
@pytest.mark.parametrize("value", ["off", "local", "remote_write"])
def test_weak_commits_are_refused_at_the_start_where_a_standby_is_needed(
    pair: StandbyPair, place: str, value: str
) -> None:
    pair.first.run(f"alter {place} set synchronous_commit = {value}", "select pg_reload_conf()")
    try:
        with pytest.raises(WeakCommits, match=f"synchronous_commit is {value}: set it to on"):
            open_engine(pair.url, needs_standby=True)
        assert pair.rows_of_first("select count(*) from pg_tables where schemaname = 'public'") == [(0,)]
        open_engine(pair.url).dispose()
    finally:
        pair.first.run(f"alter {place} reset synchronous_commit", "select pg_reload_conf()")


@pytest.mark.parametrize(("value", "own"), [("off", "on"), ("remote_write", "on"), ("remote_apply", "remote_apply")])
def test_commits_wait_for_both_disks_although_the_server_is_weakened_later(
    pair: StandbyPair, value: str, own: str
) -> None:
    engine = open_engine(pair.url, needs_standby=True)
    pair.first.run(f"alter database gateway set synchronous_commit = {value}")
    engine.dispose()
    with engine.connect() as db:
        assert db.exec_driver_sql("show synchronous_commit").scalar() == own
    engine.dispose()


def test_an_account_that_may_not_see_the_standbys_is_refused_with_what_to_do(pair: StandbyPair) -> None:
    pair.first.run("create role reader login")
    try:
        with pytest.raises(WeakCommits, match="grant it pg_read_all_stats"):
            open_engine(pair.url.replace("postgres@", "reader@"), needs_standby=True)
    finally:
        pair.first.run("drop role reader")


def test_a_gateway_says_whether_its_database_takes_forms(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    client = open_gateway(needs_standby=True).gateway.app.test_client()
    answer = client.get("/alive", headers={"Host": "balancer.example"})
    assert (answer.status_code, answer.json) == (200, {"alive": True, "database": "writable"})
    pair.follow("")
    wait_until(lambda: client.get("/alive").json == {"alive": True, "database": "alone"}, 60, "nobody confirms")
    assert client.get("/alive").status_code == 503


def test_a_connection_to_a_server_that_takes_no_writes_any_more_is_503_and_the_primary_is_found_again(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    practice = open_gateway()
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    pair.first.run("alter system set default_transaction_read_only = on", "select pg_reload_conf()")
    read_only = "show default_transaction_read_only"
    try:
        wait_until(lambda: pair.rows_of_first(read_only) == [("on",)], 60, "the server takes no writes")
        assert post(kiosk, sent).wait().status == 503
        client = practice.gateway.app.test_client()
        assert client.get("/alive").json == {"alive": True, "database": "standby"}
        page = client.get("/", headers={"Cookie": "gateway_session=x"})
        assert (page.status_code, "đang chờ máy chính" in page.text) == (503, True)
    finally:
        again = ["set default_transaction_read_only = off", "alter system reset default_transaction_read_only"]
        pair.first.run(*again, "select pg_reload_conf()")
        wait_until(lambda: pair.rows_of_first(read_only) == [("off",)], 60, "the server takes writes")
    assert post(kiosk, sent).wait().status == 200


def test_a_command_that_meets_a_standby_says_what_to_do(
    pair: StandbyPair, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[kiosk]\ndata = "{tmp_path}"\n', encoding="utf-8")
    words = ["--config", str(file), "gateway", "--database", pair.second_url, "staff", "list"]
    assert main(words) == 2
    assert "Promote one server" in capsys.readouterr().err


def test_the_servers_page_names_the_standby_and_says_when_none_confirms(
    pair: StandbyPair, open_gateway: Callable[..., PracticeGateway]
) -> None:
    practice = open_gateway(needs_standby=True)
    browser = practice.gateway.app.test_client()
    browser.post("/sign-in", data={"login": "operator", "password": PASSWORD})
    page = " ".join(browser.get("/servers").text.split())
    for words in ("đều nằm trên hai máy", "second", "máy phụ, đã đủ", "máy chính"):
        assert words in page, words
    metric = practice.gateway.app.extensions["gateway"].metrics.registry.get_sample_value
    assert (metric("gateway_standby_needed"), metric("gateway_standby_synchronous")) == (1, 1)
    assert "chưa nối" not in browser.get("/fleet").text
    pair.follow("")
    wait_until(lambda: "Máy phụ chưa nối" in browser.get("/fleet").text, 60, "every page says so")
    page = " ".join(browser.get("/servers").text.split())
    assert "Chỉ còn một máy: tờ khai mới đang chờ ở phường" in page
    assert "chép theo sau" in page
    assert (metric("gateway_standby_needed"), metric("gateway_standby_synchronous")) == (1, 0)


@pytest.mark.parametrize(
    ("known", "needs_standby", "title"),
    [
        (Replication(names="", standbys=(), is_shown=True), False, "Tờ khai nằm trên một máy"),
        (Replication(names="", standbys=(BEHIND,), is_shown=True), False, "máy phụ chép theo sau"),
        (Replication(names="second", standbys=(BEHIND,), is_shown=True), False, "Chỉ còn một máy"),
        (Replication(names="", standbys=(), is_shown=True), True, "Chỉ còn một máy"),
        (Replication(names="second", standbys=(SLOW,), is_shown=True), True, "máy phụ đang chậm"),
    ],
)
def test_the_title_says_on_how_many_machines_a_form_is(known: Replication, needs_standby: bool, title: str) -> None:
    assert title in servers_page.TITLES[servers_page._state(known, needs_standby=needs_standby)]


@pytest.mark.parametrize(
    ("standby", "words"),
    [
        (BEHIND, "đang đuổi kịp"),
        (SLOW, "chậm 9,4 giây"),
        (replace(SLOW, lag_seconds=200.0), "chậm 3 phút"),
        (replace(SLOW, lag_seconds=None), "đã đủ"),
    ],
)
def test_the_lag_of_a_standby_is_in_words(standby: Standby, words: str) -> None:
    assert servers_page.lag_words(standby) == words


def test_a_gateway_that_starts_on_a_standby_waits_and_takes_forms_after_the_promotion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_STATE_INTERVAL", 0.1)
    port = free_port()
    servers = StandbyPair()
    practice = PracticeGateway(tmp_path, database=servers.url)
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    practice.stop()
    settings = replace(practice.settings, port=port, enrolment=())
    ready = threading.Event()
    process = threading.Thread(target=lambda: server.serve(settings, lambda _url: ready.set()), daemon=True)
    try:
        servers.first.kill()
        process.start()
        wait_until(lambda: _status(port, "/alive") == 503, 60, "the waiting page is served")
        with pytest.raises(urllib.error.HTTPError) as page:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/fleet", timeout=60)
        assert "đang chờ máy chính" in page.value.read().decode()
        page.value.close()
        assert not ready.is_set()
        servers.promote()
        assert ready.wait(60)
        wait_until(lambda: _status(port, "/alive") == 200, 60, "forms are taken")
        again = Kiosk(f"http://127.0.0.1:{port}", tmp_path, seed=kiosk.identity.seed)
        assert send(again, sent)[0]["outcome"] == "created"
        again.portal.close()
    finally:
        kiosk.portal.close()
        servers.close()


@pytest.mark.parametrize("is_synchronous", [True, False])
def test_standby_and_primary_fail_and_only_without_synchrony_is_something_acknowledged_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_synchronous: bool
) -> None:
    monkeypatch.setattr(replicated_connection.WATCH, "seconds", 0.3)
    servers = StandbyPair()
    if is_synchronous:
        servers.follow()
    practice = PracticeGateway(tmp_path, database=servers.url, needs_standby=is_synchronous)
    try:
        kiosk = practice.enrolled_kiosk()
        forms = [kiosk.submit() for _ in range(3)]
        kiosk.drain()
        servers.wait_for_replay()
        servers.stop_standby()
        forms += [kiosk.submit() for _ in range(3)]
        if is_synchronous:
            for _ in range(ROUNDS):
                kiosk.run_rounds()
                time.sleep(0.1)
        else:
            kiosk.drain()
        acknowledged = {form for form in forms if kiosk.outbox_state(form) == "done"}
        servers.first.kill()
        servers.start_standby()
        servers.promote()
        stored = {str(row[0]) for row in servers.rows_of_second("select submission_id from submissions")}
        assert len(acknowledged - stored) == (0 if is_synchronous else 3), "without synchrony the test sees a loss"
        if is_synchronous:
            practice.stop()
            practice.settings = replace(practice.settings, needs_standby=False)  # the operator goes on with one machine
            practice.start()
            kiosk.drain()
            rows = servers.rows_of_second("select submission_id from submissions")
            assert sorted(str(row[0]) for row in rows) == sorted(forms), "0 lost, 0 doubled"
    finally:
        practice.close()
        servers.close()


def test_a_file_of_sqlite_has_no_standby(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a standby needs PostgreSQL"):
        PracticeGateway(tmp_path, needs_standby=True)


def _csrf(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def _status(port: int, path: str) -> int:
    """Return the status of an answer; 0 while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
