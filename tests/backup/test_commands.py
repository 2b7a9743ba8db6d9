"""`kiosk backup` and `kiosk restore`: what a technician types, and what is said."""

from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import open_context
from kiosk.cli import main
from kiosk.config import load
from tests.backup.conftest import spoil
from tests.faults.filing import hand_in


@pytest.fixture
def settings(tmp_path: Path, medium: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[backup]\npath = "{medium}"\n')
    context = open_context(load(file))
    hand_in(context)
    context.store.close()
    return file


def say(settings: Path, *words: str) -> int:
    return main(["--config", str(settings), *words])


def test_a_copy_is_taken_tried_and_put_back(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(settings, "backup") == 0
    assert say(settings, "backup", "--list") == 0
    told = capsys.readouterr().out
    assert "Đã sao lưu" in told
    assert told.count("bản      1") == 2
    assert say(settings, "restore", "--drill") == 0
    told = capsys.readouterr().out
    assert "1 tờ khai" in told
    assert "1 tờ đúng nguyên văn" in told
    config = load(settings)
    assert not (config.folder / "aside").exists()
    with closing(open_context(config).store):
        assert say(settings, "restore") == 2
    assert "Máy đang chạy" in capsys.readouterr().err
    assert say(settings, "restore") == 2
    assert "--replace" in capsys.readouterr().err
    assert say(settings, "restore", "--replace") == 0
    told = capsys.readouterr().out
    assert "Không thiếu số phiếu nào" in told
    assert "aside" in told
    spoil(config.store_path)
    assert say(settings, "restore", "--copy", "1") == 0
    assert "Đã khôi phục" in capsys.readouterr().out


def test_without_a_place_for_copies_the_command_says_where_to_write_one(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text("")
    assert say(settings, "backup") == 2
    assert "[backup] path" in capsys.readouterr().err
    assert say(settings, "restore", "--drill") == 2
    assert "bản sao" in capsys.readouterr().err
