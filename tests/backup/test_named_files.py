"""Files that kiosk.toml names, in the copies: the ward's procedures and fees, the portal's certificate, the root."""

import shutil
from pathlib import Path

import pytest

from kiosk.acts import backups
from kiosk.backup import named_files
from kiosk.cli import main
from kiosk.config import load
from kiosk.startup.context_factory import create_store, open_context
from tests.backup.test_recovery import PAPER
from tests.backup.test_settings_copy import restore

NAMES = """
[procedures]
own = "procedures"
overrides = "fees/fees.toml"
[portal]
kind = "kiosk-sync"
url = "https://portal.example"
ca = "portal.pem"
"""
FILES = {
    "procedures/LOCAL-MAU.toml": b"# a form of the ward\n",
    "procedures/events.toml": b"# events of the ward\n",
    "fees/fees.toml": b"# fees of the ward\n",
    "fees/documents.toml": b"# decisions on fees\n",
    "portal.pem": b"-----BEGIN CERTIFICATE-----\n",
    "release-root.json": b"{}\n",
}


def settings(folder: Path, text: str) -> Path:
    folder.mkdir()
    file = folder / "kiosk.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o640)
    return file


@pytest.fixture
def lost(tmp_path: Path, backup_folder: Path) -> Path:
    """Return the folder of the settings of a machine that has made a copy."""
    head = f'[kiosk]\nid = "PK07"\ndata = "data"\n[backup]\npath = "{backup_folder}"\n'
    file = settings(tmp_path / "lost", head + NAMES)
    for name, content in FILES.items():
        path = file.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    create_store(load(file))
    context = open_context(load(file))
    backups.save_paper(context, PAPER)
    context.store.close()
    assert main(["--config", str(file), "backup"]) == 0
    return file.parent


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Return the settings of a new machine with an empty store."""
    file = settings(tmp_path / "new", '[kiosk]\nid = "PK01"\ndata = "data"\n')
    create_store(load(file))
    return file


def test_a_new_machine_gets_the_named_files_back(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(lost)
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    for name, content in FILES.items():
        path = fresh.parent / name
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o640
        assert f"Lấy lại {path}." in printed
    config = load(fresh)
    assert sorted(named_files.read(config).values()) == sorted(FILES.values())
    assert not (config.folder / "named").exists()


def test_a_file_that_the_new_machine_has_stays(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(lost)
    newer = fresh.with_name("release-root.json")
    newer.write_bytes(b'{"version": 2}\n')
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 0
    assert newer.read_bytes() == b'{"version": 2}\n'
    assert f"Lấy lại {newer}." not in capsys.readouterr().out
    assert fresh.with_name("portal.pem").is_file()


def test_a_folder_that_takes_no_file_is_named_and_nothing_is_restored(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(lost)
    fresh.with_name("fees").write_text("a file where the settings have a folder", "utf-8")
    before, store = fresh.read_bytes(), load(fresh).store_path.read_bytes()
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 2
    assert f"không ghi được {fresh.with_name('fees') / 'fees.toml'}" in capsys.readouterr().err
    assert (fresh.read_bytes(), load(fresh).store_path.read_bytes()) == (before, store)


def test_a_missing_or_large_file_does_not_stop_a_copy(lost: Path) -> None:
    file = lost / "kiosk.toml"
    (lost / "portal.pem").unlink()
    (lost / "fees" / "fees.toml").write_bytes(b"#" * 1_000_001)
    assert sorted(named_files.read(load(file))) == [
        "named/procedures/LOCAL-MAU.toml",
        "named/procedures/events.toml",
        "named/register",
        "named/release-root",
    ]
    assert main(["--config", str(file), "backup"]) == 0


def test_a_name_that_leads_out_of_its_folder_is_left_out(lost: Path) -> None:
    files = {"named/procedures/../../kiosk.key": b"x", "named/procedures//etc/passwd": b"x", "named/other": b"x"}
    assert named_files.by_path(load(lost / "kiosk.toml"), files) == {}


def test_the_portals_certificate_is_looked_for_beside_kiosk_toml(lost: Path) -> None:
    assert load(lost / "kiosk.toml").portal_ca == lost / "portal.pem"
