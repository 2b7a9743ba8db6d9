"""Row 41: the machine that a restored one has replaced comes back, and both run with one name and one key."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.records import submissions
from kiosk.startup.context_factory import open_context
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import wait_until
from tests.faults.table import RowResult
from tests.faults.test_corrupt import run_command

pytestmark = pytest.mark.faults


def numbers(kiosk: Kiosk, ids: list[str]) -> set[str]:
    with kiosk.context.store.read() as db:
        return {row.receipt_no for name in ids if (row := submissions.find(db, name))}


def restore_copy(kiosk: Kiosk, key: Path) -> None:
    """Make a machine that has never run the one of the newest copy."""
    kiosk.context.store.close()
    shutil.copy(key, kiosk.context.config.key_path)
    run_command(kiosk, "restore", "--replace")
    kiosk.context = open_context(load(kiosk.settings))


@pytest.mark.row(41)
def test_a_replaced_machine_that_comes_back_sends_nothing_and_says_so(tmp_path: Path, row: RowResult) -> None:
    medium = tmp_path / "second-disk"
    medium.mkdir(parents=True)
    more = f'[backup]\npath = "{medium}"'
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        url = f"http://127.0.0.1:{portal.port}"
        with closing(Kiosk(tmp_path / "old", url, more=more)) as old, closing(Kiosk(tmp_path / "new", url)) as new:
            old.enrol(portal.make_code(old.id))
            old.start()
            early = old.submit(2)
            old.wait_until_confirmed(early)
            run_command(old, "backup")
            old.worker.stop()
            new.write_settings(url, more)
            restore_copy(new, old.context.config.key_path)
            new.start()
            later = new.submit(2)
            new.wait_until_confirmed(early + later)

            old.start()
            stray = old.submit(2)
            wait_until(lambda: old.link_state().last_code == "replaced", what=f"fenced\n{old.worker.output()}")
            row.expect_text(old.read_page(), "một máy khác đã tiếp quản tên của máy này")
            assert old.delivery(stray) == {"queued": 2}, "what waits there is kept"
            assert not numbers(old, stray) & numbers(new, later), "no citizen has the number of another one"
            last = new.submit(1)
            new.wait_until_confirmed(last)
            assert "một máy khác đã tiếp quản tên của máy này" not in new.read_page()
            assert set(portal.digests()) == {*early, *later, *last}
            ((notice,),) = portal.sql("select text from notices")
            assert "được khôi phục từ bản sao, lần thứ 1. Máy cũ cùng tên, nếu còn chạy, từ nay bị từ chối" in notice
    row.observe(kiosk="old: 2 queued, fenced; new: 5 confirmed", portal="5 stored, each once")
