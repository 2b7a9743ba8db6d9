"""`kiosk backup` and `kiosk restore`: what a technician types, and what is said."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import ROOT, load
from kiosk.startup.context_factory import create_store, open_context
from tests.backup.conftest import overwrite_pages
from tests.faults.submitting import submit_form


@pytest.fixture
def settings(tmp_path: Path, backup_folder: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[backup]\npath = "{backup_folder}"\n')
    create_store(load(file))
    context = open_context(load(file))
    submit_form(context)
    context.store.close()
    return file


def run(settings: Path, *args: str) -> int:
    return main(["--config", str(settings), *args])


def test_a_copy_is_taken_tried_and_put_back(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(settings, "backup") == 0
    assert run(settings, "backup", "--list") == 0
    output = capsys.readouterr().out
    assert "Đã sao lưu" in output
    assert output.count("bản      1") == 2
    assert run(settings, "restore", "--drill") == 0
    output = capsys.readouterr().out
    assert "1 tờ khai" in output
    assert "1 tờ đúng nguyên văn" in output
    config = load(settings)
    assert not (config.folder / "aside").exists()
    with closing(open_context(config).store):
        assert run(settings, "restore") == 2
    assert "Máy đang chạy" in capsys.readouterr().err
    assert run(settings, "restore") == 2
    assert "--replace" in capsys.readouterr().err
    assert run(settings, "restore", "--replace") == 0
    output = capsys.readouterr().out
    assert "Không thiếu số phiếu nào" in output
    assert "aside" in output
    overwrite_pages(config.store_path)
    assert run(settings, "restore", "--copy", "1") == 0
    assert "Đã khôi phục" in capsys.readouterr().out


@pytest.mark.machine_date
def test_a_restore_prints_sentences_alone_and_is_in_the_log(settings: Path) -> None:
    assert run(settings, "backup") == 0
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "restore", "--replace"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    assert ended.stdout.startswith("Đã khôi phục.")
    assert '"event": "store restored"' in load(settings).log_path.read_text()


def lose_data(settings: Path) -> bytes:
    """Lose the machine's disk; return the key that lies in the safe."""
    config = load(settings)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    return key


def test_init_refuses_where_copies_of_this_kiosk_lie(
    settings: Path, backup_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "backup") == 0
    lose_data(settings)
    capsys.readouterr()
    assert run(settings, "init") == 2
    printed = capsys.readouterr().err
    assert "1 bản sao của máy PK03" in printed
    assert "kiosk restore" in printed
    assert not load(settings).store_path.exists()
    away = backup_folder.rename(backup_folder.with_name("away"))
    assert run(settings, "init") == 2
    assert "Cắm lại ổ sao lưu" in capsys.readouterr().err
    away.rename(backup_folder)
    assert run(settings, "init", "--new") == 0
    assert run(settings, "init") == 0


def test_init_refuses_beside_the_key_of_a_lost_store(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = lose_data(settings)
    config = load(settings)
    config.folder.mkdir()
    config.key_path.write_bytes(key)
    assert run(settings, "init", "--new") == 2
    assert "kho đã mất" in capsys.readouterr().err
    assert not config.store_path.exists()


def test_a_replaced_disk_never_hears_that_no_number_is_missing(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "backup") == 0
    context = open_context(load(settings))
    with closing(context.store):
        submit_form(context)
    key = lose_data(settings)
    assert run(settings, "init", "--new") == 0
    config = load(settings)
    config.key_path.write_bytes(key)
    capsys.readouterr()
    assert run(settings, "restore", "--replace") == 0
    printed = capsys.readouterr().out
    assert "Không thiếu" not in printed
    assert "sau số 0001, chưa rõ đến số nào" in printed


def test_a_renamed_copy_is_named_and_not_restored(
    settings: Path, backup_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "backup") == 0
    assert run(settings, "backup") == 0
    (backup_folder / "PK03-000001.copy").rename(backup_folder / "PK03-000900.copy")
    assert run(settings, "backup", "--list") == 0
    assert "PK03-000900.copy: tệp bị đổi tên" in capsys.readouterr().out
    assert run(settings, "restore", "--replace", "--copy", "900") == 2
    assert "K-06" not in capsys.readouterr().out
    assert run(settings, "restore", "--replace") == 0
    assert "Bản 2" in capsys.readouterr().out


def test_without_a_folder_for_copies_the_command_names_the_setting(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text("")
    assert run(settings, "backup") == 2
    assert "[backup] path" in capsys.readouterr().err
    assert run(settings, "restore", "--drill") == 2
    assert "bản sao" in capsys.readouterr().err
