"""The disk reserve exists while the disk has space, and no form is begun on a disk without."""

from collections import namedtuple
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.errors import StoreFull
from kiosk.store import disk_reserve
from tests.faults.submitting import submit_form
from tests.journeys.walker import Walker

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list with the number of free bytes, which a test may change."""
    free = [disk_reserve.CREATE_ABOVE]
    monkeypatch.setattr(disk_reserve.shutil, "disk_usage", lambda _path: Usage(0, 0, free[0]))
    monkeypatch.setattr(disk_reserve, "BYTES", 8192)
    return free


def test_the_reserve_is_created_deleted_and_created_again(tmp_path: Path, disk: list[int]) -> None:
    assert not disk_reserve.maintain(tmp_path)
    reserve = tmp_path / "ballast"
    assert (reserve.stat().st_size, reserve.stat().st_mode & 0o777) == (8192, 0o600)
    assert reserve.stat().st_blocks * 512 >= 8192, "a file with holes would keep no room"
    disk[0] = disk_reserve.DELETE_BELOW
    assert not disk_reserve.maintain(tmp_path)
    disk[0] -= 1
    assert disk_reserve.maintain(tmp_path)
    assert not reserve.exists()
    disk[0] = disk_reserve.CREATE_ABOVE - 1
    assert not disk_reserve.maintain(tmp_path)
    assert not reserve.exists(), "not before there is plenty of room"
    disk[0] = disk_reserve.CREATE_ABOVE
    disk_reserve.maintain(tmp_path)
    assert reserve.exists()


def test_no_form_is_begun_on_a_full_disk_and_tickets_continue(app: Flask, walker: Walker, disk: list[int]) -> None:
    context = app.extensions["context"]
    submit_form(context)
    disk[0] = disk_reserve.FORM_MIN_FREE - 1
    with pytest.raises(StoreFull, match="mẫu giấy"):
        submit_form(context)
    answer = walker.browser.get("/")
    assert answer.status_code == 200, "numbers and look-ups go on"
    disk[0] = disk_reserve.FORM_MIN_FREE
    submit_form(context)
