"""Passwords of the commands: asked for twice at a terminal, and never on the command line of a process."""

import os
import pty
import sys
from pathlib import Path

import pytest

from kiosk.cli import main
from tests.browser.kiosks import PracticeKiosk


def _run_at_a_terminal(settings: Path, answers: list[str]) -> tuple[int, str]:
    """Run `kiosk staff password` at a terminal, answer its prompts, and return exit status and output."""
    pid, terminal = pty.fork()
    if pid == 0:  # the child
        os.execv(sys.executable, [sys.executable, "-m", "kiosk", "--config", str(settings), "staff", "password"])
    shown = b""
    asked = 0
    while True:
        try:
            piece = os.read(terminal, 1024)
        except OSError:  # the child has closed the terminal
            break
        if not piece:
            break
        shown += piece
        if shown.count(b": ") > asked and asked < len(answers):
            os.write(terminal, f"{answers[asked]}\n".encode())
            asked += 1
    _pid, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n")
    main(["--config", str(file), "init"])
    return file


def test_a_password_is_asked_for_twice_at_a_terminal(settings: Path) -> None:
    status, shown = _run_at_a_terminal(settings, ["bút cam hỏi gió", "bút cam hỏi gió"])
    assert "Gõ lại mật khẩu mới" in shown
    assert "bút cam" not in shown
    assert (status, "Đã đặt mật khẩu" in shown) == (0, True)


def test_two_different_passwords_change_nothing(settings: Path) -> None:
    status, shown = _run_at_a_terminal(settings, ["bút cam hỏi gió", "bút cam hỏi mưa"])
    assert (status, "chưa giống nhau" in shown) == (2, True)


@pytest.mark.machine_date
def test_no_secret_of_practice_is_on_the_command_line_of_a_process(tmp_path: Path) -> None:
    kiosk = PracticeKiosk(tmp_path)
    try:
        children = Path(f"/proc/{kiosk.pid}/task/{kiosk.pid}/children").read_text("ascii").split()
        lines = [Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in (str(kiosk.pid), *children)]
        (gateway,) = [line for line in lines if "gateway" in line]
        words = [word for word in gateway.split("\0") if word]
        assert words[1:5] == ["-m", "kiosk", "gateway", "--practice"]
        assert [word for word in words if "code" in word or "password" in word] == []
        for secret in kiosk.passwords.values():
            assert all(secret not in line for line in lines)
    finally:
        kiosk.stop()
