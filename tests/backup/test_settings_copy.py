"""kiosk.toml in the copies: a machine that replaces a lost one gets the ward's settings back."""

import io
import os
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.acts import backups
from kiosk.backup import create
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.rotation import list_copies, read_head
from kiosk.backup.unpack import CopyKeys, read_parts
from kiosk.base import clock
from kiosk.base.errors import SealBroken
from kiosk.cli import main
from kiosk.config import load
from kiosk.startup.context_factory import create_store, open_context
from kiosk.store.vault import read_vault
from tests.backup.test_recovery import PAPER
from tests.faults.submitting import submit_form

WARD = """# the counters of our ward
[kiosk]
id = "PK07"  # beside the door
data = "old-data"
[ward]
name = "phường Mẫu"
[backup]
path = "/media/old/kiosk"
copies = 30
"""


@pytest.fixture
def lost(tmp_path: Path, backup_folder: Path) -> Path:
    """Return the settings of a machine with a form, a recovery paper and a copy; the machine itself is gone."""
    file = tmp_path / "lost" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text(WARD.replace("/media/old/kiosk", str(backup_folder)), "utf-8")
    create_store(load(file))
    context = open_context(load(file))
    backups.save_paper(context, PAPER)
    submit_form(context)
    context.store.close()
    assert main(["--config", str(file), "backup"]) == 0
    return file


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Return the settings of a new machine, which has made an empty store."""
    file = tmp_path / "new" / "kiosk.toml"
    file.parent.mkdir()
    file.write_text('[kiosk]\nid = "PK01"\ndata = "here"\n', "utf-8")
    create_store(load(file))
    return file


def restore(file: Path, *args: str, monkeypatch: pytest.MonkeyPatch, paper: RecoveryPaper = PAPER) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(" ".join(paper.words) + "\n"))
    return main(["--config", str(file), "restore", "--replace", "--paper", *args])


def test_a_new_machine_gets_settings_and_store_back_in_one_command(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = backup_folder.rename(backup_folder.with_name("mounted-elsewhere"))
    shutil.rmtree(lost.parent)
    before = fresh.read_text("utf-8")
    capsys.readouterr()
    assert restore(fresh, "--settings", str(moved), monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "Lấy lại kiosk.toml của máy PK07 từ bản 1" in printed
    assert "1 tờ khai" in printed
    text = fresh.read_text("utf-8")
    assert text == WARD.replace("old-data", "here").replace("/media/old/kiosk", str(moved))
    assert fresh.with_name("kiosk.toml.1").read_text("utf-8") == before
    config = load(fresh)
    assert not (config.folder / "kiosk.toml").exists()
    assert (config.kiosk.id, config.ward.name, config.backup.copies) == ("PK07", "phường Mẫu", 30)
    context = open_context(config)
    with closing(context.store):
        with context.store.read() as db:
            assert db.execute("select count(*) from submissions").fetchone()[0] == 1
        assert submit_form(context)[1][:4] == "PK07"
        assert submit_form(context)[1][12:16] == "9002"


def test_the_wrong_paper_changes_nothing(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fresh.read_bytes()
    other = RecoveryPaper(b"\x07" * 16)
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch, paper=other) == 2
    assert "Giấy khôi phục" in capsys.readouterr().err
    assert fresh.read_bytes() == before


def test_copies_of_several_machines_are_not_mixed_up(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = next(backup_folder.glob("PK07-*.copy"))
    shutil.copy(copy, copy.with_name("PK08-000001.copy"))
    before = fresh.read_bytes()
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 2
    said = capsys.readouterr().err
    assert f"PK07 {clock.local(list_copies(backup_folder, 'PK07')[0].made_at):%H:%M, %d/%m/%Y}; PK08." in said
    assert "thường là máy có bản mới nhất: --kiosk PK07" in said
    assert fresh.read_bytes() == before
    assert restore(fresh, "--settings", str(backup_folder), "--kiosk", "PK09", monkeypatch=monkeypatch) == 2
    assert "của máy PK09. Xem" in capsys.readouterr().err
    assert restore(fresh, "--settings", str(backup_folder), "--kiosk", "PK07", monkeypatch=monkeypatch) == 0
    assert load(fresh).kiosk.id == "PK07"


def test_a_folder_without_copies_is_named(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    assert restore(fresh, "--settings", str(empty), monkeypatch=monkeypatch) == 2
    empty.mkdir()
    capsys.readouterr()
    assert restore(fresh, "--settings", str(empty), monkeypatch=monkeypatch) == 2
    assert f"Thư mục {empty} không có bản sao nào" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"), [(WARD.replace("copies = 30", "copies = -1").encode(), "copies"), (b"\xff = 1", "UTF-8")]
)
def test_settings_that_this_release_does_not_take_give_way_to_those_of_an_older_copy(
    lost: Path,
    fresh: Path,
    content: bytes,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    context = open_context(load(lost))
    lost.write_bytes(content)  # by hand, while the machine runs with the former ones
    create.create(context)
    context.store.close()
    backup_folder = context.config.backup_folder
    assert backup_folder
    oldest = next(backup_folder.glob("*-000001.copy"))
    aside = oldest.rename(oldest.with_suffix(".aside"))
    before = fresh.read_bytes()
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 2
    printed = capsys.readouterr().err
    assert words in printed
    assert "PK07-000002.copy" in printed
    assert fresh.read_bytes() == before
    aside.rename(oldest)
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 0
    assert load(fresh).kiosk.id == "PK07"


def test_a_restore_that_fails_leaves_the_settings_of_the_machine(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fresh.read_bytes()
    assert restore(fresh, "--settings", str(backup_folder), "--copy", "9", monkeypatch=monkeypatch) == 2
    assert fresh.read_bytes() == before
    assert "bản sao" in capsys.readouterr().err


def test_nothing_is_restored_where_the_settings_cannot_be_written(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != fresh and access(path, mode))  # root may write it
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 2
    assert "chưa đổi gì" in capsys.readouterr().err
    with closing(open_context(load(fresh)).store) as store, store.read() as db:
        assert db.execute("select count(*) from submissions").fetchone()[0] == 0


def test_the_key_of_a_new_machine_opens_nothing_and_the_paper_is_named(
    lost: Path, fresh: Path, backup_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--config", str(fresh), "restore", "--replace", "--settings", str(backup_folder)]
    assert main(words) == 2
    assert "thêm --paper" in capsys.readouterr().err
    assert main([*words[:4], "--kiosk", "PK07"]) == 2
    assert "--settings" in capsys.readouterr().err


def test_copies_without_settings_say_so(
    lost: Path, fresh: Path, backup_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(backup_folder)
    backup_folder.mkdir()
    context = open_context(load(lost))
    context.config = replace(context.config, file=None)  # as earlier releases made them
    create.create(context)
    context.store.close()
    before = fresh.read_bytes()
    assert restore(fresh, "--settings", str(backup_folder), monkeypatch=monkeypatch) == 2
    assert "bản phần mềm cũ" in capsys.readouterr().err
    assert fresh.read_bytes() == before


def test_the_machines_own_key_opens_the_settings_too_and_a_cut_copy_gives_none(lost: Path, backup_folder: Path) -> None:
    keys = CopyKeys(vault=read_vault(load(lost).key_path))
    path = list_copies(backup_folder, "PK07")[0].path
    assert read_parts(path, keys, "kiosk.toml".__eq__) == {"kiosk.toml": lost.read_bytes()}
    assert read_parts(path, keys, "nothing".__eq__) == {}
    assert "phường Mẫu".encode() not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SealBroken):
        read_parts(path, keys, "kiosk.toml".__eq__)


def test_copies_of_each_minute_give_settings_too_and_do_not_repeat_them(
    lost: Path, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    config = load(lost)
    context = open_context(replace(config, backup=replace(config.backup, second=str(second))))
    with closing(context.store):
        copies = MinuteCopies(context)
        copies.create()
        submit_form(context)
        copies.create()
    parts = [[name for name, _size in read_head(path)["parts"]] for path in sorted(second.iterdir()) if path.is_file()]
    assert [("kiosk.toml" in names) for names in parts] == [True, False]
    shutil.rmtree(config.backup.path)
    assert restore(fresh, "--settings", str(second), monkeypatch=monkeypatch) == 0
    restored = load(fresh)
    assert (restored.kiosk.id, restored.backup.second) == ("PK07", str(second))
    with closing(open_context(restored).store) as store, store.read() as db:
        assert db.execute("select count(*) from submissions").fetchone()[0] == 2


def minute_chain(lost: Path, second: Path) -> tuple[Path, MinuteCopies]:
    """Let the lost machine serve on with copies of each minute, two of them; its hourly copy is older."""
    second.mkdir()
    text = lost.read_text("utf-8").replace("copies = 30", f'copies = 30\nsecond = "{second}"')
    lost.write_text(text, "utf-8")
    context = open_context(load(lost))
    copies = MinuteCopies(context)
    copies.create()
    submit_form(context)
    copies.create()
    return second, copies


def test_settings_that_were_changed_a_minute_ago_come_back_and_the_time_is_said(
    lost: Path, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second, copies = minute_chain(lost, tmp_path / "second")
    lost.write_text(lost.read_text("utf-8").replace("phường Mẫu", "phường Mới"), "utf-8")
    before = copies.create()
    after = copies.create()
    context = copies._context
    keys = CopyKeys(vault=context.vault)
    assert set(read_parts(before, keys, lambda name: name == "kiosk.toml")) == {"kiosk.toml"}
    assert read_parts(after, keys, lambda name: name == "kiosk.toml") == {}, "only what was changed"
    at = clock.local(clock.parse_timestamp(read_head(before)["made_at"]))
    context.store.close()
    shutil.rmtree(lost.parent)
    capsys.readouterr()
    assert restore(fresh, "--settings", str(second), monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert f"từ bản từng phút, ghi lúc {at:%H:%M:%S, %d/%m/%Y}" in printed
    assert "2 tờ khai" in printed
    assert load(fresh).ward.name == "phường Mới"


def test_the_newer_settings_of_the_other_place_are_taken(
    lost: Path, fresh: Path, backup_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, copies = minute_chain(lost, tmp_path / "second")
    assert main(["--config", str(lost), "backup"]) == 0
    lost.write_text(lost.read_text("utf-8").replace("phường Mẫu", "phường Mới"), "utf-8")
    copies.create()
    copies._context.store.close()
    shutil.rmtree(lost.parent)
    moved = backup_folder.rename(backup_folder.with_name("mounted-elsewhere"))
    assert restore(fresh, "--settings", str(moved), monkeypatch=monkeypatch) == 0
    restored = load(fresh)
    assert restored.ward.name == "phường Mới"
    assert (restored.backup.path, restored.backup.second) == (str(moved), str(second))
