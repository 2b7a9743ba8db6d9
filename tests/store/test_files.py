"""Files are written atomically, for the owner only; files without a record are deleted."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.base.errors import StoreUnavailable
from kiosk.store import files

NAME = "ab" * 32
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def _save_dated(folder: Path, name: str, written_at: datetime) -> None:
    """Save a file and date it; the system dates files by its own clock."""
    files.save(folder, name, b"x")
    os.utime(folder / name, (written_at.timestamp(), written_at.timestamp()))


def test_of_two_writers_the_first_file_is_kept(tmp_path: Path) -> None:
    files.write_once(tmp_path / "key", b"first")
    files.write_once(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("key", 0o600)]


def test_an_atomic_write_replaces_a_file_with_its_mode(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "server.crt", b"first", mode=0o644)
    files.write_atomic(tmp_path / "server.crt", b"second")
    assert (tmp_path / "server.crt").read_bytes() == b"second"
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("server.crt", 0o600)]


def test_an_atomic_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_atomic(tmp_path / "key", b"first")

    def disk_full(_handle: int) -> None:
        assert {path.name for path in tmp_path.iterdir()} > {"key"}
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", disk_full)
        with pytest.raises(OSError, match="No space"):
            files.write_atomic(tmp_path / "key", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("key", b"first")]


@pytest.mark.parametrize("write", [files.write_atomic, files.write_once])
def test_the_folder_is_synced_when_it_has_the_name_of_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], None]
) -> None:
    """Check that a power cut takes no name away that the caller believes durable."""
    durable: list[set[str]] = []
    sync = os.fsync

    def note_names(handle: int) -> None:
        sync(handle)
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            durable.append({path.name for path in tmp_path.iterdir()})

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", note_names)
        write(tmp_path / "key", b"first")
    assert durable[-1:] == [{"key"}]


def test_a_file_is_there_whole_for_its_owner_alone(tmp_path: Path) -> None:
    files.save(tmp_path / "scans", NAME, b"sealed")
    assert files.read(tmp_path / "scans", NAME) == b"sealed"
    assert (tmp_path / "scans").stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "scans").iterdir()] == [0o600]


def test_what_is_gone_is_none_and_may_be_taken_away_twice(tmp_path: Path) -> None:
    files.save(tmp_path, NAME, b"sealed")
    for _ in range(2):
        files.delete(tmp_path, NAME)
    assert files.read(tmp_path, NAME) is None
    assert files.delete_unnamed(tmp_path / "never made", (), NOW) == 0


def test_only_old_files_that_no_record_names_are_swept(tmp_path: Path) -> None:
    _save_dated(tmp_path, "fresh", NOW)
    for name in ("named", "stray", ".draft"):
        _save_dated(tmp_path, name, NOW - timedelta(days=2))
    assert files.delete_unnamed(tmp_path, {"named"}, NOW) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "named"]


def test_a_clock_that_was_set_back_sweeps_nothing_away(tmp_path: Path) -> None:
    """A new file is kept, whatever its age by the clock: its record follows soon."""
    _save_dated(tmp_path, "fresh", NOW)
    assert files.delete_unnamed(tmp_path, (), NOW - timedelta(days=3650)) == 0


def test_a_folder_that_cannot_be_is_a_fault_with_words(tmp_path: Path) -> None:
    (tmp_path / "scans").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        files.save(tmp_path / "scans", NAME, b"sealed")
    assert list(tmp_path.iterdir()) == [tmp_path / "scans"]


def test_a_medium_without_links_gets_the_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", refuse)
    files.write_once(tmp_path / "kiosk.key", b"first")
    files.write_once(tmp_path / "kiosk.key", b"second")
    assert (tmp_path / "kiosk.key").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["kiosk.key"]
