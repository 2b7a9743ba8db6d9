"""Messages to systemd: sent when the self-check succeeds, by the real commands too."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from kiosk.base import service_manager
from kiosk.config import ROOT
from tests.ports import free_port

HANG_SECONDS = 240.0


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Return the socket that systemd would listen on, for this process."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(HANG_SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "30000")
        yield listener


def _next(listener: socket.socket) -> str:
    return listener.recv(200).decode()


def test_a_process_is_ready_at_its_first_good_check_and_alive_as_long_as_checks_are_good(
    manager: socket.socket,
) -> None:
    answers = iter([False, False, True, True, True])
    has_ended = Event()

    def check() -> bool:
        answer = next(answers, None)
        if answer is None:
            has_ended.set()
        return bool(answer)

    with service_manager.watchdog(check):
        assert has_ended.wait(HANG_SECONDS)
    messages = [_next(manager) for _ in range(4)]
    assert messages == ["READY=1\nWATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_process_that_hangs_sends_no_sign_of_life(manager: socket.socket) -> None:
    checked = Event()

    def check() -> bool:
        checked.set()
        return False

    with service_manager.watchdog(check):
        assert checked.wait(HANG_SECONDS)
    assert _next(manager) == "STOPPING=1"


def test_without_systemd_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    checked: list[bool] = []
    with service_manager.watchdog(lambda: not checked.append(True)):
        service_manager.notify("READY=1")
    assert checked == []


def test_a_check_runs_three_times_within_the_limit_of_the_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "90000000")
    assert service_manager.check_interval() == 30.0


@pytest.mark.machine_date
@pytest.mark.parametrize("command", ["web", "worker"])
def test_the_command_of_each_unit_says_that_it_is_ready(command: str, manager: socket.socket, tmp_path: Path) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f"[web]\nport = {free_port(4)}\n", "utf-8")
    env = os.environ | {"KIOSK_CONFIG": str(settings)}
    process = subprocess.Popen([sys.executable, "-m", "kiosk", command, "--practice"], cwd=ROOT, env=env)
    try:
        assert _next(manager) == "READY=1\nWATCHDOG=1"
        assert _next(manager) == "WATCHDOG=1"
    finally:
        process.terminate()
        assert process.wait(HANG_SECONDS) == 0
