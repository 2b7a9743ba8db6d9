"""The command line: any error that stops a start is one sentence in two languages, with exit status 2."""

import fcntl
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from kiosk.acts import signing
from kiosk.base.errors import NotAllowed
from kiosk.cli import main
from kiosk.cli.run import port_in_use
from kiosk.config import ROOT, Config, load
from kiosk.startup.context_factory import open_context
from tests.ports import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Write a kiosk.toml into an empty folder; return its path."""
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n")
    return file


@pytest.fixture
def used_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def _run_kiosk(settings: Path, *args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command of the kiosk in its own process."""
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), *args]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.machine_date
def test_a_port_in_use_is_one_sentence_and_exit_status_2(settings: Path, used_port: int) -> None:
    ended = _run_kiosk(settings, "run", "--port", str(used_port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    vi, en = ended.stderr.strip().splitlines()
    assert f"Cổng {used_port}" in vi
    assert f"Port {used_port}" in en
    assert str(settings) in vi
    assert "make run" not in ended.stderr, "that is for practice in a checkout"
    assert not (settings.parent / "data").exists(), "nothing was created"


@pytest.mark.parametrize(
    ("practice", "is_installed", "words"),
    [
        (True, False, "make run PORT=8010"),
        (True, True, "kiosk run --practice --port 8010"),
        (False, True, "systemctl status ward-kiosk.service"),
        (False, False, "http://127.0.0.1:8000"),
    ],
)
def test_a_port_in_use_is_told_with_what_fits_the_machine(practice: bool, is_installed: bool, words: str) -> None:
    config = Config().practising() if practice else Config()
    error = port_in_use(config, 8000, is_installed=is_installed)
    assert words in error.vi
    assert ("make run" in error.vi) == (practice and not is_installed)
    assert ("[web] port" in error.vi) == (not practice)


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_in_use_stops_every_command_that_serves(
    settings: Path, used_port: int, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main(["--config", str(settings), command, "--port", str(used_port)]) == 2
    assert str(used_port) in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "web", "worker", "init"])
def test_unknown_settings_are_all_named_and_nothing_starts(
    settings: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    settings.write_text("[kiosk]\nname = 'x'\n[wrad]\n[web]\nport = 'eight'\n")
    assert main(["--config", str(settings), command]) == 2
    printed = capsys.readouterr().err
    for word in ("name", "wrad", "port"):
        assert word in printed
    assert not (settings.parent / "data").exists()


@pytest.mark.machine_date
@pytest.mark.parametrize(
    ("args", "with_errors"),
    [(["doctor"], False), (["--help"], False), (["init"], False), (["doctor"], True), (["backup"], True)],
)
def test_a_reader_that_is_gone_ends_a_command_quietly(settings: Path, args: list[str], with_errors: bool) -> None:
    main(["--config", str(settings), "init"])
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), *args]
    errors = writer if with_errors else subprocess.PIPE
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with os.fdopen(writer, "wb") as stdout:
        ended = subprocess.run(
            command, cwd=ROOT, env=buffered, stdout=stdout, stderr=errors, text=True, timeout=60, check=False
        )
    assert (ended.returncode, ended.stderr or "") == (141, "")


@pytest.mark.machine_date
def test_a_reader_of_a_socket_that_is_gone_ends_a_command_quietly() -> None:
    reader, writer = socket.socketpair()
    reader.close()
    with writer:
        command = [sys.executable, "-m", "kiosk", "--help"]
        ended = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_another_pipe_that_breaks_is_an_error(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_pipe(_context: object) -> None:
        raise BrokenPipeError

    main(["--config", str(settings), "init"])
    monkeypatch.setattr("kiosk.cli.doctor.examine", break_pipe)
    with pytest.raises(BrokenPipeError):
        main(["--config", str(settings), "doctor"])


@pytest.mark.parametrize("as_json", [False, True])
def test_the_doctor_says_which_line_of_the_settings_is_wrong(
    settings: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    settings.write_text("[kiosk]\nid = 'PK03'\n[ward\n")
    assert main(["--config", str(settings), "doctor", *(["--json"] if as_json else [])]) == 1
    printed = capsys.readouterr().out
    assert "CONF-01" in printed
    assert "Dòng 3: viết sai quy cách: “[ward”" in printed
    assert not as_json or json.loads(printed)["checks"][0]["state"] == "fault"


@pytest.mark.parametrize("command", ["run", "web", "worker", "init", "doctor"])
def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    settings: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (settings.parent / "data").write_text("a file in the place of the folder")
    port = ["--port", str(free_port())] if command in {"run", "web"} else []
    assert main(["--config", str(settings), command, *port]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "nơi lưu" in lines[0] or "không ghi được" in lines[0]


def test_init_makes_store_and_key_once(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "init"]) == 0
    key = (settings.parent / "data" / "kiosk.key").read_bytes()
    assert main(["--config", str(settings), "init"]) == 0
    assert (settings.parent / "data" / "kiosk.key").read_bytes() == key
    assert "kiosk.key" in capsys.readouterr().out


def test_init_chooses_the_receipt_numbers_of_a_new_store_once(settings: Path) -> None:
    blocks = set()
    for _ in range(12):
        main(["--config", str(settings), "init"])
        with closing(sqlite3.connect(settings.parent / "data" / "kiosk.db")) as db:
            blocks.add(db.execute("select value from marks where key = 'fresh-block'").fetchone()[0])
    assert len(blocks) == 1
    with closing(sqlite3.connect(settings.parent / "data" / "kiosk.db")) as db, db:
        db.execute("delete from marks where key = 'fresh-block'")
        db.execute("insert into receipts values ('2026-11-24', 7)")
    main(["--config", str(settings), "init"])
    with closing(sqlite3.connect(settings.parent / "data" / "kiosk.db")) as db:
        assert db.execute("select count(*) from marks where key = 'fresh-block'").fetchone() == (0,)


def test_a_missing_key_stops_the_tools_in_one_sentence(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    (settings.parent / "data" / "kiosk.key").unlink()
    capsys.readouterr()
    for command in ("init", "doctor", "worker"):
        assert main(["--config", str(settings), command]) == 2
        assert "tệp khóa" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["worker", "doctor", "backup", "staff list", "restore"])
def test_only_init_makes_a_store(settings: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    (settings.parent / "copies").mkdir()
    settings.write_text("[kiosk]\nid = 'PK03'\n[backup]\npath = 'copies'\n")
    assert main(["--config", str(settings), *command.split()]) == 2
    assert "bản sao" in capsys.readouterr().err
    assert not (settings.parent / "data" / "kiosk.db").exists()
    assert not (settings.parent / "data" / "kiosk.key").exists()


@pytest.mark.machine_date
def test_a_run_with_an_empty_data_folder_answers_503_and_makes_no_store(settings: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            answer = _get_when_up(port)
        finally:
            process.terminate()
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"K-19" in answer
    assert not (settings.parent / "data" / "kiosk.db").exists()


@pytest.mark.machine_date
def test_a_log_file_that_cannot_be_opened_keeps_no_page_closed(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--config", str(settings), "init"])
    (settings.parent / "data" / "log" / "kiosk.log").mkdir(parents=True)
    port = free_port()
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            answer = _get_when_up(port)
        finally:
            process.terminate()
        _out, said = process.communicate()
    assert answer.startswith(b"HTTP/1.1 200")
    assert "không ghi được nhật ký" in said
    main(["--config", str(settings), "doctor"])
    assert "LOGS-01" in capsys.readouterr().out


def _get_when_up(port: int) -> bytes:
    for _ in range(600):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 60) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b"".join(iter(lambda: connection.recv(65536), b""))
        time.sleep(0.1)
    raise AssertionError("the pages do not listen")


def test_the_doctor_names_every_check_and_what_to_do(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    assert main(["--config", str(settings), "doctor"]) == 0
    printed = capsys.readouterr().out
    for name in ("Đường truyền", "Hàng chờ gửi", "Giấy in", "Ổ đĩa", "Đồng hồ"):
        assert name in printed
    assert main(["--config", str(settings), "doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"name", "state", "words", "do"} <= set(report["checks"][0])


@pytest.mark.machine_date
def test_a_password_is_set_from_standard_input_and_opens_the_maintenance_page(
    settings: Path,
) -> None:
    main(["--config", str(settings), "init"])
    ended = _run_kiosk(settings, "staff", "password", stdin="mật khẩu dài\n")
    assert ended.returncode == 0
    assert "mật khẩu dài" not in ended.stdout + ended.stderr
    context = open_context(load(settings))
    signing.sign_in_technician(context, "mật khẩu dài", "s" * 64, "127.0.0.1")
    with pytest.raises(NotAllowed):
        signing.sign_in_technician(context, "mật khẩu khác", "t" * 64, "127.0.0.1")
    context.store.close()


@pytest.mark.machine_date
def test_a_short_password_is_refused_in_one_sentence(settings: Path) -> None:
    main(["--config", str(settings), "init"])
    ended = _run_kiosk(settings, "staff", "password", stdin="ngắn\n")
    assert ended.returncode == 2
    assert "ít nhất 8" in ended.stderr


@pytest.mark.machine_date
def test_staff_is_added_listed_and_disabled(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    capsys.readouterr()
    password = "mật khẩu riêng\n"
    assert _run_kiosk(settings, "staff", "add", "hoaian", "Lê Hoài An", stdin=password).stdout.startswith("CB01")
    lead = _run_kiosk(settings, "staff", "add", "minhtam", "Phan Minh Tâm", "--role", "lead", stdin=password)
    assert lead.returncode == 0
    again = _run_kiosk(settings, "staff", "add", "hoaian", "Người khác", stdin=password)
    assert (again.returncode, "hoaian" in again.stderr) == (2, True)
    assert _run_kiosk(settings, "staff", "password", "hoaian", stdin="mật khẩu mới hơn\n").returncode == 0
    assert main(["--config", str(settings), "staff", "disable", "minhtam"]) == 0
    assert main(["--config", str(settings), "staff", "disable", "nobody"]) == 2
    capsys.readouterr()
    assert main(["--config", str(settings), "staff", "list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["CB01", "hoaian", "officer", "Lê", "Hoài", "An"]
    assert "lead" in second
    assert "đã khóa" in second
    context = open_context(load(settings))
    person = signing.sign_in(context, "hoaian", password="mật khẩu mới hơn", session="s" * 64, workstation="127.0.0.1")
    assert person.code == "CB01"
    context.store.close()


def test_a_second_worker_of_one_store_is_kept_out(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    lock = os.open(settings.parent / "data" / "worker.lock", os.O_CREAT | os.O_WRONLY, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    capsys.readouterr()
    assert main(["--config", str(settings), "worker"]) == 2
    assert "Already running" in capsys.readouterr().err
    os.close(lock)


def test_no_command_is_a_usage_message(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
