"""A stand-by takes over: the same kiosk goes on from the last minute, and the gateway refuses the machine before it."""

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.acts import backups
from kiosk.backup import recovery, restore, take_over
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.base.clock import SYSTEM, FixedClock
from kiosk.cli import main
from kiosk.config import load
from kiosk.health import connection
from kiosk.store.db import exclusive
from tests.portal.machines import Machine, Province, province
from tests.ports import free_port

__all__ = ["province"]

HOURS_WITHOUT_COPY = 2


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


@pytest.fixture
def first(tmp_path: Path, province: Province, clock: FixedClock, second: Path) -> Iterator[Machine]:
    """Return the machine in use, enrolled, with copies of each minute."""
    machine = Machine(tmp_path / "first", province, clock)
    machine.forget_block()
    machine.enrol(province.code())
    machine.context.config = replace(machine.config, backup=replace(machine.config.backup, second=str(second)))
    yield machine
    machine.close()


class StandBy(Machine):
    """The second machine: the same settings in another folder, without a store."""

    def __init__(self, folder: Path, first: Machine, second: Path, clock: FixedClock) -> None:
        folder.mkdir()
        self.settings = folder / "kiosk.toml"
        text = (first.config.root / "kiosk.toml").read_text()
        self.settings.write_text(f'{text}[backup]\nsecond = "{second}"\n')
        self.config = replace(load(self.settings), root=folder)
        self.clock = clock

    def run(self, *args: str) -> int:
        return main(["--config", str(self.settings), *args])

    def begin(self) -> None:
        self.restart()


@pytest.fixture
def stand_by(tmp_path: Path, first: Machine, second: Path, clock: FixedClock) -> StandBy:
    return StandBy(tmp_path / "stand-by", first, second, clock)


def give_key(first: Machine, stand_by: StandBy) -> None:
    stand_by.config.folder.mkdir(parents=True)
    shutil.copyfile(first.config.key_path, stand_by.config.key_path)


def test_two_machines_of_one_name_at_once_are_refused_by_the_gateway(
    first: Machine, stand_by: StandBy, province: Province
) -> None:
    one, one_no = first.submit()
    first.accept(one, "H57.99.01-261124-0001")
    first.work()
    copies = MinuteCopies(first.context)
    copies.create()
    give_key(first, stand_by)
    with exclusive(stand_by.config.store_path):
        restore.restore(stand_by.config, stand_by.clock)
    stand_by.begin()
    with closing(stand_by):
        other, other_no = stand_by.submit()
        assert other_no[12:16] == "9001"
        stand_by.accept(other, "H57.99.01-261124-0002")
        stand_by.work()
        assert stand_by.delivery(other) == "confirmed"
        late, _ = first.submit()  # the former machine was not turned off
        first.work()
        assert first.delivery(late) != "confirmed"
        result = connection.link(first.context)
        assert (result.state, result.code) == ("warning", "LINK-18")
        assert "đã tiếp quản" in result.words
        assert "tắt hẳn máy này" in result.do
        later, later_no = stand_by.submit()
        stand_by.accept(later, "H57.99.01-261124-0003")
        stand_by.work()
        assert stand_by.delivery(later) == "confirmed"
    forwarded = province.forward()
    numbers = {name: dossier["receiptNo"] for name, dossier in forwarded.items()}
    assert numbers == {one: one_no, other: other_no, later: later_no}
    assert any("lần thứ 1" in notice for notice in province.notices())


def test_a_former_machine_that_is_the_right_one_is_enrolled_again(
    first: Machine, stand_by: StandBy, province: Province
) -> None:
    first.submit()
    first.work()
    MinuteCopies(first.context).create()
    give_key(first, stand_by)
    with exclusive(stand_by.config.store_path):
        restore.restore(stand_by.config, stand_by.clock)
    stand_by.begin()
    stand_by.submit()
    stand_by.work()
    stand_by.close()
    late, _ = first.submit()
    first.work()
    assert connection.link(first.context).code == "LINK-18"
    province.revoke()
    first.enrol(province.code())
    first.work()
    assert first.delivery(late) == "confirmed"


def test_one_command_takes_over_after_the_former_machine_was_confirmed_off(
    first: Machine,
    stand_by: StandBy,
    second: Path,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first.submit()
    MinuteCopies(first.context).create()
    assert stand_by.run("standby", "take-over") == 2
    assert "giấy khôi phục" in capsys.readouterr().err
    assert stand_by.run("standby", "prepare") == 0
    assert stand_by.run("standby", "prepare") == 0
    code = capsys.readouterr().out.split("standby trust ")[-1].split()[0]
    first.close()
    settings = first.config.root / "kiosk.toml"
    assert main(["--config", str(settings), "standby", "trust", code[:-1]]) == 2
    assert "gõ chưa đúng" in capsys.readouterr().err
    assert main(["--config", str(settings), "standby", "trust", code.lower()]) == 0
    first.restart()
    first.context.config = replace(first.config, backup=replace(first.config.backup, second=str(second)))
    first.submit()
    MinuteCopies(first.context).create()
    clock.advance(HOURS_WITHOUT_COPY * 3600)
    assert stand_by.run("standby", "check") == 1
    printed = capsys.readouterr().out
    assert "2 tờ khai" in printed
    assert "đã cũ" in printed
    assert not stand_by.config.store_path.exists()

    monkeypatch.setattr(sys, "stdin", io.StringIO("khong\n"))
    assert stand_by.run("standby", "take-over") == 2
    assert "chưa tiếp quản" in capsys.readouterr().err
    assert not stand_by.config.store_path.exists()
    monkeypatch.setattr(sys, "stdin", io.StringIO("pk03\n"))
    assert stand_by.run("standby", "take-over") == 0
    printed = capsys.readouterr().out
    assert "Máy này nay là máy PK03" in printed
    assert "2 tờ khai" in printed
    assert "9001" in printed
    assert "không bật lại" in printed
    assert stand_by.config.key_path.read_bytes() == first.config.key_path.read_bytes()
    assert stand_by.config.portal_key_path.read_bytes() == first.config.portal_key_path.read_bytes()
    assert stand_by.run("standby", "take-over", "--former-is-off") == 2
    assert "không phải máy dự phòng" in capsys.readouterr().err


def test_a_former_machine_that_answers_is_not_taken_over(
    first: Machine, stand_by: StandBy, capsys: pytest.CaptureFixture[str], province: Province
) -> None:
    first.submit()
    MinuteCopies(first.context).create()
    give_key(first, stand_by)
    address = province.gateway.url.removeprefix("http://")
    assert stand_by.run("standby", "take-over", "--former-is-off", "--former", address) == 2
    assert f"còn trả lời ở {address}" in capsys.readouterr().err
    assert not stand_by.config.store_path.exists()
    nobody = f"127.0.0.1:{free_port()}"
    assert stand_by.run("standby", "take-over", "--former-is-off", "--former", nobody) == 0


def test_a_former_machine_that_still_makes_copies_is_not_taken_over(
    first: Machine, stand_by: StandBy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first.context.clock = SYSTEM
    copies = MinuteCopies(first.context)
    first.submit()
    copies.create()
    give_key(first, stand_by)
    looks: list[float] = []

    class Pauses:
        """Pauses between two looks, at the third of which the former machine makes a copy."""

        def wait(self, seconds: float) -> bool:
            looks.append(seconds)
            if len(looks) == 3:
                copies.create()
            return False

    monkeypatch.setattr("kiosk.cli.standby.Event", Pauses)
    assert stand_by.run("standby", "take-over", "--former-is-off") == 2
    assert "vẫn đang chép" in capsys.readouterr().err
    assert len(looks) == 3
    assert stand_by.run("standby", "take-over", "--former-is-off") == 0


def test_init_is_refused_beside_minute_copies_and_a_store_that_was_never_used_is_no_hindrance(
    first: Machine, stand_by: StandBy, capsys: pytest.CaptureFixture[str]
) -> None:
    first.submit()
    assert stand_by.run("init") == 0  # a package does so at the first start, before there are copies
    assert stand_by.run("standby", "prepare") == 0
    code = capsys.readouterr().out.split("standby trust ")[-1].split()[0]
    backups.trust_standby(first.context, recovery.parse_public_code(code))
    MinuteCopies(first.context).create()
    assert stand_by.run("standby", "take-over", "--former-is-off") == 0
    assert "1 tờ khai" in capsys.readouterr().out
    assert stand_by.config.key_path.read_bytes() == first.config.key_path.read_bytes()
    shutil.rmtree(stand_by.config.folder)
    assert stand_by.run("init") == 2
    assert "kiosk standby take-over" in capsys.readouterr().err


def test_copies_of_another_store_are_named_and_not_taken(
    first: Machine, stand_by: StandBy, tmp_path: Path, capsys: pytest.CaptureFixture[str], province: Province
) -> None:
    MinuteCopies(first.context).create()
    other = Machine(tmp_path / "other", province, first.clock)
    other.close()
    give_key(other, stand_by)
    assert stand_by.run("standby", "take-over", "--former-is-off") == 2
    assert "tệp khóa là của kho khác" in capsys.readouterr().err
    assert not stand_by.config.store_path.exists()


def test_the_former_machine_is_asked_at_the_names_of_the_settings(stand_by: StandBy) -> None:
    lan = replace(stand_by.config.lan, host="0.0.0.0", names=("mot-cua.lan",))
    addresses = take_over.addresses_of(replace(stand_by.config, lan=lan), ["10.0.0.9", "10.0.0.9:9000"])
    assert [str(address) for address in addresses] == ["mot-cua.lan:8443", "10.0.0.9:8443", "10.0.0.9:9000"]
