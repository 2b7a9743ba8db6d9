"""Ballast: there while the disk has room, let go when it is full, and no form is begun on a disk without room."""

from collections import namedtuple
from pathlib import Path

import pytest
from flask import Flask

from kiosk.errors import StoreFull
from kiosk.store import disk_reserve
from tests.faults.filing import hand_in
from tests.journeys.walker import Walker

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes that are free, which a test may change."""
    free = [disk_reserve.PLENTY]
    monkeypatch.setattr(disk_reserve.shutil, "disk_usage", lambda _path: Usage(0, 0, free[0]))
    monkeypatch.setattr(disk_reserve, "BYTES", 8192)
    return free


def test_ballast_is_laid_down_let_go_and_laid_down_again(tmp_path: Path, disk: list[int]) -> None:
    assert not disk_reserve.tend(tmp_path)
    laid = tmp_path / "ballast"
    assert (laid.stat().st_size, laid.stat().st_mode & 0o777) == (8192, 0o600)
    assert laid.stat().st_blocks * 512 >= 8192, "a file with holes would keep no room"
    disk[0] = disk_reserve.NEED
    assert not disk_reserve.tend(tmp_path)
    disk[0] -= 1
    assert disk_reserve.tend(tmp_path)
    assert not laid.exists()
    disk[0] = disk_reserve.PLENTY - 1
    assert not disk_reserve.tend(tmp_path)
    assert not laid.exists(), "not before there is plenty of room"
    disk[0] = disk_reserve.PLENTY
    disk_reserve.tend(tmp_path)
    assert laid.exists()


def test_no_form_is_begun_on_a_disk_without_room_and_numbers_go_on(app: Flask, walker: Walker, disk: list[int]) -> None:
    context = app.extensions["context"]
    hand_in(context)
    disk[0] = disk_reserve.FORMS_NEED - 1
    with pytest.raises(StoreFull, match="mẫu giấy"):
        hand_in(context)
    answer = walker.browser.get("/")
    assert answer.status_code == 200, "numbers and look-ups go on"
    disk[0] = disk_reserve.FORMS_NEED
    hand_in(context)
