"""`make faults` says what it needs; this runs with every commit."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("needs.sh")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with the commands of a machine that has all that `make faults` needs, as root."""
    for name in ("strace", "mkfs.ext4", "mount"):
        _add_command(tmp_path / name, "exit 0")
    _add_command(tmp_path / "id", "echo 0")
    return tmp_path


def _add_command(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _run(tools: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)], check=False, env={"PATH": str(tools)}, capture_output=True, text=True
    )
    return done.returncode, done.stderr


def test_a_machine_with_everything_is_told_nothing(tools: Path) -> None:
    assert _run(tools) == (0, "")


def test_without_strace_one_sentence_says_what_to_install(tools: Path) -> None:
    (tools / "strace").unlink()
    assert _run(tools) == (1, "make faults needs strace: apt install strace\n")


def test_without_root_one_sentence_says_so(tools: Path) -> None:
    _add_command(tools / "id", "echo 1000")
    status, words = _run(tools)
    assert status == 1
    assert words.count("\n") == 1
    assert "sudo make faults" in words
