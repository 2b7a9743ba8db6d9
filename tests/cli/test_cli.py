"""The command line: one sentence in two languages and exit status 2 for whatever stops a start."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.acts import signing
from kiosk.app import open_context
from kiosk.cli import main
from kiosk.config import ROOT, load
from kiosk.errors import NotAllowed


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A kiosk.toml in a fresh folder, on a port that nobody has."""
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n")
    return file


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def _kiosk(settings: Path, *words: str, told: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the kiosk as its own process."""
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), *words]
    return subprocess.run(command, cwd=ROOT, input=told, capture_output=True, text=True, timeout=60, check=False)


def test_a_port_in_use_is_one_sentence_and_exit_status_2(settings: Path, taken: int) -> None:
    ended = _kiosk(settings, "run", "--port", str(taken))
    assert ended.returncode == 2
    assert ended.stdout == ""
    vi, en = ended.stderr.strip().splitlines()
    assert f"Cổng {taken}" in vi
    assert f"Port {taken}" in en
    assert not (settings.parent / "data").exists(), "nothing was begun"


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_in_use_stops_every_command_that_serves(
    settings: Path, taken: int, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main(["--config", str(settings), command, "--port", str(taken)]) == 2
    assert str(taken) in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "web", "worker", "init", "doctor"])
def test_unknown_settings_are_all_named_and_nothing_starts(
    settings: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    settings.write_text("[kiosk]\nname = 'x'\n[wrad]\n[web]\nport = 'eight'\n")
    assert main(["--config", str(settings), command]) == 2
    told = capsys.readouterr().err
    for word in ("name", "wrad", "port"):
        assert word in told
    assert not (settings.parent / "data").exists()


@pytest.mark.parametrize("command", ["run", "web", "worker", "init", "doctor"])
def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    settings: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (settings.parent / "data").write_text("a file stands where the folder should be")
    port = ["--port", str(_free_port())] if command in {"run", "web"} else []
    assert main(["--config", str(settings), command, *port]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 2
    assert "nơi lưu" in told[0] or "không ghi được" in told[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_init_makes_store_and_key_once(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "init"]) == 0
    key = (settings.parent / "data" / "kiosk.key").read_bytes()
    assert main(["--config", str(settings), "init"]) == 0
    assert (settings.parent / "data" / "kiosk.key").read_bytes() == key
    assert "kiosk.key" in capsys.readouterr().out


def test_a_missing_key_stops_the_tools_in_one_sentence(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    (settings.parent / "data" / "kiosk.key").unlink()
    capsys.readouterr()
    for command in ("init", "doctor", "worker"):
        assert main(["--config", str(settings), command]) == 2
        assert "tệp khóa" in capsys.readouterr().err


def test_the_doctor_names_every_check_and_what_to_do(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "doctor"]) == 0
    told = capsys.readouterr().out
    for name in ("Đường truyền", "Hàng chờ gửi", "Giấy in", "Ổ đĩa", "Đồng hồ"):
        assert name in told
    assert main(["--config", str(settings), "doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"name", "state", "words", "do"} <= set(found["checks"][0])


def test_a_password_is_set_from_standard_input_and_opens_the_maintenance_page(
    settings: Path,
) -> None:
    ended = _kiosk(settings, "staff", "password", told="mật khẩu dài\n")
    assert ended.returncode == 0
    assert "mật khẩu dài" not in ended.stdout + ended.stderr
    context = open_context(load(settings))
    signing.sign_in_technician(context, "mật khẩu dài", "s" * 64)
    with pytest.raises(NotAllowed):
        signing.sign_in_technician(context, "mật khẩu khác", "t" * 64)
    context.store.close()


def test_a_short_password_is_refused_in_one_sentence(settings: Path) -> None:
    ended = _kiosk(settings, "staff", "password", told="ngắn\n")
    assert ended.returncode == 2
    assert "ít nhất 8" in ended.stderr


def test_staff_is_added_listed_and_disabled(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "mật khẩu riêng\n"
    assert _kiosk(settings, "staff", "add", "hoaian", "Lê Hoài An", told=told).stdout.startswith("CB01")
    assert _kiosk(settings, "staff", "add", "minhtam", "Phan Minh Tâm", "--role", "lead", told=told).returncode == 0
    again = _kiosk(settings, "staff", "add", "hoaian", "Người khác", told=told)
    assert (again.returncode, "hoaian" in again.stderr) == (2, True)
    assert _kiosk(settings, "staff", "password", "hoaian", told="mật khẩu mới hơn\n").returncode == 0
    assert main(["--config", str(settings), "staff", "disable", "minhtam"]) == 0
    assert main(["--config", str(settings), "staff", "disable", "nobody"]) == 2
    capsys.readouterr()
    assert main(["--config", str(settings), "staff", "list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["CB01", "hoaian", "officer", "Lê", "Hoài", "An"]
    assert "lead" in second
    assert "đã nghỉ" in second
    context = open_context(load(settings))
    assert (
        signing.sign_in(context, "hoaian", password="mật khẩu mới hơn", session="s" * 64, workstation="here").code
        == "CB01"
    )
    context.store.close()


def test_a_second_worker_of_one_store_is_kept_out(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    held = os.open(settings.parent / "data" / "worker.lock", os.O_CREAT | os.O_WRONLY, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    capsys.readouterr()
    assert main(["--config", str(settings), "worker"]) == 2
    assert "Already running" in capsys.readouterr().err
    os.close(held)


def test_no_command_is_a_usage_message(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
