"""`kiosk backup` and `kiosk restore`: what a technician types, and what is said."""

from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import open_context
from kiosk.cli import main
from kiosk.config import load
from tests.backup.conftest import overwrite_pages
from tests.faults.submitting import submit_form


@pytest.fixture
def settings(tmp_path: Path, backup_folder: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[backup]\npath = "{backup_folder}"\n')
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


def test_without_a_folder_for_copies_the_command_names_the_setting(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text("")
    assert run(settings, "backup") == 2
    assert "[backup] path" in capsys.readouterr().err
    assert run(settings, "restore", "--drill") == 2
    assert "bản sao" in capsys.readouterr().err
