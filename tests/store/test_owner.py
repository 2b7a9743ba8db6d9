"""The data folder has one user: nobody else writes there, root included, and a file of somebody else is named."""

import os
from pathlib import Path

import pytest

from kiosk.base.errors import KeyMissing, KioskError, StoreUnavailable, WrongUser
from kiosk.cli import COMMANDS, WITHOUT_DATA, main
from kiosk.config import Config
from kiosk.store import key_file
from kiosk.store.owner import open_lock, require_owner
from kiosk.worker import lock_worker


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("")
    assert main(["--config", str(file), "init"]) == 0
    return file


def become(user: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)


@pytest.mark.parametrize(
    "command",
    ["run", "web", "worker", "init", "doctor", "backup", "restore", "recovery check", "staff list", "tls show",
     "export read .", "voice check"],
)  # fmt: skip
def test_every_command_on_the_data_refuses_another_user_and_writes_nothing(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in settings.parent.rglob("*")}
    become(os.getuid() + 4711, monkeypatch)
    assert main(["--config", str(settings), *command.split()]) == 2
    printed = capsys.readouterr().err
    assert "thuộc về" in printed
    assert ("chown -R" if settings.stat().st_uid == 0 else "sudo -u") in printed, "nothing of the kiosk runs as root"
    assert {path: path.stat().st_mtime_ns for path in settings.parent.rglob("*")} == before


def test_the_commands_without_data_are_commands() -> None:
    assert set(COMMANDS) >= WITHOUT_DATA


def test_root_makes_no_data_folder_inside_another_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    become(0, monkeypatch)
    stat = Path.stat

    def stat_of_user(path: Path, **options: bool) -> os.stat_result:
        real = stat(path, **options)
        return os.stat_result((*real[:4], 1000, *real[5:])) if path == tmp_path else real

    monkeypatch.setattr(Path, "stat", stat_of_user)
    with pytest.raises(WrongUser):
        require_owner(tmp_path / "data" / "practice", tmp_path / "data" / "practice" / "kiosk.db")


def test_a_store_of_another_user_is_named_too(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = settings.parent / "data" / "kiosk.db"
    stat = Path.stat

    def stat_of_user(path: Path, **options: bool) -> os.stat_result:
        real = stat(path, **options)
        return os.stat_result((*real[:4], 4711, *real[5:])) if path == store else real

    monkeypatch.setattr(Path, "stat", stat_of_user)
    with pytest.raises(WrongUser, match=r"kiosk\.db"):
        require_owner(store.parent, store)


def test_a_key_that_cannot_be_read_is_not_called_missing(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings.parent / "data" / "kiosk.key"

    def refuse(_path: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(KeyMissing, match="có đó nhưng thuộc về người dùng khác") as error:
        key_file.read(path)
    assert "Không thấy" not in error.value.vi


def test_a_lock_of_another_user_is_named_and_is_no_missing_medium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreUnavailable, match="chown"):
        open_lock(tmp_path / "copy.lock")
    with pytest.raises(KioskError, match=r"worker\.lock"):
        lock_worker(Config(root=tmp_path))
