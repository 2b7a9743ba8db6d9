"""Disks for the copies: found among the mounts; the system's, the store's and a read-only one are left out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.health import backup_media

Mount = Callable[..., str]


def line(path: Path | str, kind: str = "ext4", options: str = "rw,relatime") -> str:
    escaped = str(path).replace(" ", "\\040")
    return f"36 35 8:17 / {escaped} {options} shared:1 - {kind} /dev/sdb1 rw"


@pytest.fixture
def stick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder that the system reports as another disk than the rest."""
    path = tmp_path / "ổ sao lưu"
    path.mkdir()
    real = Path.stat

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        result = real(self, follow_symlinks=follow_symlinks)
        return os.stat_result((*result[:2], 4711, *result[3:])) if self == path else result

    monkeypatch.setattr(Path, "stat", stat)
    return path


def test_a_stick_is_found_with_its_free_space_and_its_folder(stick: Path, tmp_path: Path) -> None:
    (medium,) = backup_media.find_media(tmp_path, [line(stick), line("/"), line("/proc", "proc")])
    assert (medium.path, medium.folder) == (stick, stick / "ward-kiosk")
    assert medium.free > 0


@pytest.mark.parametrize("wrong", [{"kind": "tmpfs"}, {"options": "ro,relatime"}])
def test_memory_and_a_stick_that_is_write_protected_are_left_out(
    stick: Path, tmp_path: Path, wrong: dict[str, str]
) -> None:
    assert backup_media.find_media(tmp_path, [line(stick, **wrong)]) == []


def test_the_disk_of_the_store_and_a_mount_that_is_gone_are_left_out(tmp_path: Path) -> None:
    other = tmp_path / "cùng ổ"
    other.mkdir()
    assert backup_media.find_media(tmp_path, [line(other), line("/media/rút ra"), "no mount", ""]) == []


def test_the_mounts_of_this_machine_are_read(tmp_path: Path) -> None:
    assert all(medium.path.is_dir() for medium in backup_media.find_media(tmp_path))
