"""Examined connections: each fault of a twin is named at its row, nothing is written there, page and command agree."""

import argparse
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.base import clock
from kiosk.cli import gateway_target
from sync.gateway.connection_check import ConnectionRow, check_connection
from sync.gateway.forward_targets import ConnectionReader, StepResult
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from sync.gateway.pages import connection_labels
from sync.gateway.targets import igate2, open_mapped_target
from sync.gateway.targets.base_twin import PRACTICE_WORD, TokenTwin
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.gateway.targets.igate2_twin import IGateTwin
from sync.gateway.targets.noihoso_twin import NoiHoSoTwin
from sync.gateway.targets.twin import PROCEDURE_CODE, UNIT_CODE, TwinCounts
from tests.faults.certificates import make_certificates
from tests.ports import free_port
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.scripted_server import ScriptedServer
from tests.sync.test_forwarding import ScriptedTarget
from tests.sync.test_operator import csrf, send_submission, sign_in

NOW = datetime(2026, 11, 30, 1, 50, tzinfo=UTC)
NOTHING = TwinCounts(dossiers=0, files=0, actions=0, forbidden=0)
SECONDS = 1.0
"""Limit of a call that must end at it; the rows before it have as long."""
PATIENCE = 12.0  # seconds: the longest that a mapping may say
AnyTwin = DvcqgTwin | IGateTwin | NoiHoSoTwin


@pytest.fixture(params=[DvcqgTwin, IGateTwin, NoiHoSoTwin])
def twin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyTwin]:
    twin = request.param(tmp_path)
    twin.server.stall = 60.0
    yield twin
    twin.close()


@pytest.fixture
def igate(tmp_path: Path) -> Iterator[IGateTwin]:
    twin = IGateTwin(tmp_path)
    twin.server.stall = 60.0
    yield twin
    twin.close()


def examine(content: dict[str, Any], now: datetime = NOW) -> list[ConnectionRow]:
    target = open_mapped_target(content)
    assert isinstance(target, ConnectionReader)
    try:
        return check_connection(target, now)
    finally:
        target.close()


def states(rows: list[ConnectionRow]) -> list[str]:
    return [row.state for row in rows]


def failed(rows: list[ConnectionRow]) -> tuple[str, str]:
    """Return kind and code of the one red row, after which nothing was asked."""
    index = states(rows).index("failed")
    assert set(states(rows)[index + 1 :]) <= {"waits"}
    assert set(states(rows)[:index]) <= {"ok", "no-call"}
    assert connection_labels.advice(rows[index])
    return rows[index].kind, rows[index].code


def seconds_of(fault: str) -> float:
    return SECONDS if fault == "slow" else PATIENCE


def test_a_good_connection_is_green_and_leaves_nothing_there(twin: AnyTwin) -> None:
    rows = examine(twin.mapping(seconds=PATIENCE))
    has_calls = {
        DvcqgTwin: ("no-call", "ok"),
        IGateTwin: ("ok", "ok"),
        NoiHoSoTwin: ("no-call", "no-call"),
    }
    assert states(rows) == ["ok", "ok", "ok", *has_calls[type(twin)]]
    assert (twin.count(), twin.numbers()) == (NOTHING, set())
    if isinstance(twin, TokenTwin):
        assert twin.state.count("numbers") == twin.state.count("files") == 0


def test_a_name_that_nobody_has_is_red_at_the_first_row(twin: AnyTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["service"]["url"] = "https://khong-co.invalid"
    rows = examine(content)
    assert failed(rows) == ("name", "gaierror")
    assert "khong-co.invalid" in connection_labels.result_words(rows[0])


def test_a_port_without_a_listener_is_red_at_the_second_row(twin: AnyTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    content["service"]["url"] = f"http://127.0.0.1:{free_port()}"
    assert failed(examine(content)) == ("tls", "ConnectionRefusedError")


@pytest.mark.machine_date
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("expired", "certificate-expired"),
        ("wrong host", "certificate-name"),
        ("unknown authority", "certificate-issuer"),
    ],
)
def test_a_wrong_certificate_is_red_and_no_password_leaves(
    twin: AnyTwin, tmp_path: Path, fault: str, code: str
) -> None:
    ca, good, bad = make_certificates(tmp_path, fault)
    content = twin.mapping(seconds=5.0)
    content["service"]["ca"] = str(ca)
    with ScriptedServer(lambda _: b"", tls=bad) as server:
        content["service"]["url"] = server.url
        assert failed(examine(content)) == ("tls", code)
        assert server.requests == []
    with ScriptedServer(lambda _: b"", tls=good) as server:
        content["service"]["url"] = server.url
        content["service"] |= {"sign_in": server.url} if "sign_in" in content["service"] else {}
        row = examine(content, now=clock.SYSTEM.now())[1]
    assert (row.state, row.days) == ("ok", 0)
    assert "chỉ còn 0 ngày" in connection_labels.result_words(row)


@pytest.mark.machine_date
def test_a_server_that_never_shakes_hands_ends_at_the_limit(igate: IGateTwin) -> None:
    content = igate.mapping(seconds=SECONDS)
    with ScriptedServer(lambda _: b"", silent=True) as server:
        content["service"]["url"] = server.url.replace("http:", "https:")
        assert failed(examine(content)) == ("tls", "deadline")


def test_a_refused_password_is_red_at_the_token_and_is_not_repeated(twin: AnyTwin) -> None:
    content = twin.mapping(seconds=PATIENCE)
    Path(content["service"]["password_file"]).write_text("mat-khau-cu", encoding="utf-8")
    rows = examine(content)
    assert failed(rows) == ("token", "sign-in")
    assert "mat-khau-cu" not in str(rows)


def test_words_of_the_other_side_show_no_password_and_no_long_number(twin: AnyTwin) -> None:
    body = f'{{"message": "Sai {PRACTICE_WORD} cua 046000000001", "error_code": 1}}'.encode()
    head = f"HTTP/1.1 401 Unauthorized\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    content = twin.mapping(seconds=5.0)
    with ScriptedServer(lambda _: head + body) as server:
        content["service"]["url"] = server.url
        content["service"] |= {"sign_in": server.url} if "sign_in" in content["service"] else {}
        rows = examine(content)
    assert failed(rows) == ("token", "sign-in")
    assert rows[2].words == "Sai ••• cua •••"


@pytest.mark.parametrize(
    ("fault", "code"),
    [("slow", "deadline"), ("page", "foreign-answer"), ("signed-out", "sign-in"), ("error", "500"), ("busy", "503")],
)
def test_faults_of_the_sign_in_are_red_at_the_token(twin: AnyTwin, fault: str, code: str) -> None:
    twin.break_next("login" if isinstance(twin, DvcqgTwin) else "token", fault)
    assert failed(examine(twin.mapping(seconds=seconds_of(fault)))) == ("token", code)


def test_a_procedure_that_the_catalogue_lacks_is_named(igate: IGateTwin) -> None:
    content = igate.mapping(seconds=PATIENCE)
    content["procedures"]["2.002516"] = {"id": "da-bo"}
    rows = examine(content)
    assert failed(rows) == ("catalogue", "catalogue")
    assert rows[3].missing == (f"2.002516 ({UNIT_CODE})",)
    assert PROCEDURE_CODE not in connection_labels.result_words(rows[3])
    assert "2.002516" in connection_labels.result_words(rows[3])


def test_the_pattern_of_numbers_is_asked_for_in_every_unit(igate: IGateTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    content = igate.mapping(seconds=PATIENCE)
    content["units"]["H57.99.02"] = {"id": "khong-co", "code": "H57.99.02"}
    rows = examine(content)
    assert failed(rows) == ("catalogue", "catalogue")
    assert rows[3].missing == (f"{PROCEDURE_CODE} (H57.99.02)",)
    seconds = itertools.count(step=igate2.CATALOGUE_CHECK_SECONDS / 2)
    monkeypatch.setattr(igate2, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    row = examine(content)[3]
    assert (row.state, row.count, row.not_asked) == ("ok", 1, 1)
    assert "còn 1 cặp" in connection_labels.result_words(row)
    monkeypatch.setattr(igate2, "CATALOGUE_CHECK_SECONDS", 0.0)
    assert failed(examine(content)) == ("catalogue", "deadline")


@pytest.mark.parametrize(("fault", "code"), [("slow", "deadline"), ("page", "foreign-answer"), ("error", "500")])
def test_faults_of_the_catalogue_are_no_missing_procedures(igate: IGateTwin, fault: str, code: str) -> None:
    igate.break_next("process", fault)
    rows = examine(igate.mapping(seconds=seconds_of(fault)))
    assert (failed(rows), rows[3].missing) == (("catalogue", code), ())


@pytest.mark.parametrize("kind", [DvcqgTwin, IGateTwin])
def test_a_slow_look_up_is_red_at_the_last_row(tmp_path: Path, kind: type[DvcqgTwin] | type[IGateTwin]) -> None:
    twin = kind(tmp_path)
    twin.server.stall = 60.0
    twin.break_next("look-up" if isinstance(twin, DvcqgTwin) else "search", "slow")
    assert failed(examine(twin.mapping(seconds=SECONDS))) == ("look-up", "deadline")
    twin.close()


def test_a_look_up_without_a_unit_is_not_sent(tmp_path: Path) -> None:
    twin = DvcqgTwin(tmp_path)
    content = twin.mapping(seconds=PATIENCE) | {"units": {}}
    assert failed(examine(content)) == ("look-up", "no-unit")
    twin.close()


# ---- the page ----


@pytest.fixture
def operator(practice: PracticeGateway, igate: IGateTwin, tmp_path: Path) -> Iterator[FlaskClient]:
    mapping = tmp_path / "igate2.toml"
    mapping.write_text(igate.mapping_file(), encoding="utf-8")
    gateway = practice.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, forward_to=f"target:{mapping}")
    with practice.gateway.app.test_client() as client:
        sign_in(client)
        yield client


def press(client: FlaskClient) -> str:
    page = client.get("/connection")
    answer = client.post("/connection", data={"csrf": csrf(page)})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_page_asks_nobody_before_the_button_and_records_who_pressed(
    practice: PracticeGateway, operator: FlaskClient, igate: IGateTwin, tmp_path: Path
) -> None:
    assert "Nối hệ thống: chưa kiểm" in operator.get("/connection").text
    assert igate.state.count("tokens") == 0
    shown = press(operator)
    assert "Nối hệ thống: nối được" in shown
    assert "Có đủ 1 thủ tục của tệp ghép." in shown
    assert "chưa thử với máy thật lần nào" in shown
    assert igate.state.count("tokens") == 1
    acts = practice.sql("select act, subject from trail where act = 'examined_connection'")
    assert acts == [("examined_connection", f"target:{tmp_path / 'igate2.toml'}")]


def test_the_page_says_what_to_do_at_the_first_red_row(operator: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "igate2-twin.password").write_text("mat-khau-cu", encoding="utf-8")
    shown = press(operator)
    assert "Nối hệ thống: chưa nối được" in shown
    assert "Sai tài khoản hoặc mật khẩu. Bên kia ghi: “Sai mật khẩu”" in shown
    assert "Nên làm:</strong> xin bên kia tài khoản và mật khẩu mới" in shown
    assert "Chờ đăng nhập." in shown
    assert "mat-khau-cu" not in shown


def test_mistakes_of_the_file_are_listed_and_nobody_is_asked(
    operator: FlaskClient, igate: IGateTwin, tmp_path: Path
) -> None:
    mapping = tmp_path / "igate2.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8") + '\n[fees."X"]\ncode = "1"\n', encoding="utf-8")
    shown = press(operator)
    assert "fees.&#34;X&#34;.code: no such field" in shown
    assert igate.state.count("tokens") == 0


def test_a_second_examination_waits_for_the_first(practice: PracticeGateway, operator: FlaskClient) -> None:
    with practice.gateway.app.extensions["gateway"].connection_check:
        assert "Một lần kiểm đang chạy" in press(operator)
    assert "Nối hệ thống: nối được" in press(operator)


def test_missing_rows_of_the_mapping_are_listed_with_their_dossiers(
    practice: PracticeGateway, operator: FlaskClient
) -> None:
    kiosk, form = send_submission(practice)
    kiosk.add_event(form, 1)
    kiosk.drain()
    assert "Tệp ghép còn thiếu" not in operator.get("/connection").text
    target = ScriptedTarget(answers=list[StepResult](), waits_for="procedure")
    assert ForwardWorker(practice.gateway.app.extensions["gateway"], target, ForwardPace(interval=0.0)).step()
    shown = " ".join(operator.get("/connection").text.split())
    code = practice.sql("select procedure_code, 1 from submissions")[0][0]
    assert "Tệp ghép còn thiếu 1 dòng" in shown
    assert f"[procedures.&#34;{code}&#34;]" in shown or f'[procedures."{code}"]' in shown


@pytest.mark.parametrize(
    ("place", "words"), [("", "Cổng chưa nối với hệ thống"), ("folder:{}", "Nơi chuyển là một thư mục")]
)
def test_a_folder_or_nothing_has_no_connection(
    practice: PracticeGateway, operator: FlaskClient, tmp_path: Path, place: str, words: str
) -> None:
    gateway = practice.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, forward_to=place.format(tmp_path / "noted"))
    assert words in operator.get("/connection").text


# ---- the command ----


def test_the_command_prints_the_same_rows_and_stops_at_a_red_one(
    igate: IGateTwin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "igate2.toml"
    content = igate.mapping_file().replace(PRACTICE_WORD, "")
    mapping.write_text(content, encoding="utf-8")
    (tmp_path / "igate2-twin.password").write_text("mat-khau-cu", encoding="utf-8")
    arguments = argparse.Namespace(file=mapping, connect=True)
    no_config: Callable[..., Any] = gateway_target.check
    assert no_config(None, arguments) == 1
    printed = capsys.readouterr().out
    assert "3. Đăng nhập: ĐỎ. Sai tài khoản hoặc mật khẩu." in printed
    assert "Nên làm: xin bên kia tài khoản" in printed
    assert "4. Danh mục: chờ." in printed
