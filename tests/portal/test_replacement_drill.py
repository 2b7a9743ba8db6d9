"""The drill of a lost machine, as a technician types it: a copy, the paper of the safe, and the same kiosk goes on."""

import io
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.backup import recovery
from kiosk.base.clock import FixedClock
from kiosk.cli import main
from kiosk.config import load
from tests.portal.machines import Machine, Province, province

__all__ = ["province"]


class Terminal(io.StringIO):
    """A terminal; unless something else is typed, a technician reads the paper back from what was printed once."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__()
        self._capsys = capsys
        self._printed = ""
        self.typed = ""

    def isatty(self) -> bool:
        return True

    def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]
        return (self.typed or self.words) + "\n"

    @property
    def printed(self) -> str:
        """Return all that was printed."""
        self._printed += self._capsys.readouterr().out
        return self._printed

    @property
    def words(self) -> str:
        return " ".join(re.findall(r"^ +\d+\. (.*)$", self.printed, re.MULTILINE))

    @property
    def code(self) -> str:
        """Return the text of the printed QR code."""
        return re.findall(r"KHOA1-[A-Z2-7]+", self.printed)[-1]


@pytest.fixture
def terminal(clock: FixedClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(capsys)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("kiosk.cli.backup.SYSTEM", clock)  # the restore is on the day of the forms
    return terminal


class DrilledMachine(Machine):
    """A kiosk that is set up and restored by commands alone."""

    def __init__(self, folder: Path, province: Province, clock: FixedClock, settings: str) -> None:
        folder.mkdir()
        self.settings = folder / "kiosk.toml"
        self.settings.write_text(
            f'[kiosk]\nid = "PK03"\n[portal]\nkind = "kiosk-sync"\nurl = "{province.gateway.url}"\n{settings}'
        )
        self.config = replace(load(self.settings), root=folder)
        self.clock = clock

    def run(self, *args: str) -> int:
        return main(["--config", str(self.settings), *args])


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[str]:
    """Make the folders of both kinds of copies; return their settings."""
    for name in ("hourly", "minute"):
        (tmp_path / name).mkdir()
    return f'[backup]\npath = "{tmp_path / "hourly"}"\nsecond = "{tmp_path / "minute"}"\n'


@pytest.mark.parametrize("by", ["words", "code"])
def test_a_lost_machine_is_replaced_from_a_copy_and_the_paper_of_the_safe(
    tmp_path: Path,
    province: Province,
    clock: FixedClock,
    folders: str,
    by: str,
    terminal: Terminal,
) -> None:
    first = DrilledMachine(tmp_path / "first", province, clock, folders)
    assert first.run("init") == 0
    paper = recovery.fold(terminal.words) if by == "words" else terminal.code
    assert len(terminal.words.split()) == 18
    assert "đã có hiệu lực" in terminal.printed
    first.restart()
    first.forget_block()
    first.enrol(province.code())
    one, one_no = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    last, last_no = first.submit()
    first.close()
    assert first.run("backup") == 0
    assert first.run("backup", "--list") == 0
    assert re.search(r"từng phút .* kho [0-9a-f]{16}  \([0-9]+ tệp\)", terminal.printed)
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert terminal.code.encode() not in stored, "the private half is on paper alone"

    shutil.rmtree(tmp_path / "first")  # the machine is stolen, and its key with it
    second = DrilledMachine(tmp_path / "second", province, clock, folders)
    terminal.typed = paper
    assert second.run("restore", "--paper") == 0
    assert "2 tờ khai" in terminal.printed
    assert second.run("recovery", "check") == 0
    second.restart()
    with closing(second):
        other, other_no = second.submit()
        assert other_no[12:16] == "9001"
        second.accept(last, "H57.99.01-261124-0002")
        second.accept(other, "H57.99.01-261124-0003")
        second.work()
        assert [second.delivery(each) for each in (one, last, other)] == ["confirmed"] * 3
    forwarded = {name: dossier["receiptNo"] for name, dossier in province.forward().items()}
    assert forwarded == {one: one_no, last: last_no, other: other_no}


def test_a_store_stays_when_its_paper_is_not_read_back_right(
    tmp_path: Path, province: Province, clock: FixedClock, terminal: Terminal
) -> None:
    machine = DrilledMachine(tmp_path / "first", province, clock, "")
    terminal.typed = "ba ba ba"
    assert machine.run("init") == 0
    assert "Kho đã lập xong, giấy thì chưa" in terminal.printed
    assert machine.config.store_path.exists()
