"""Row 27: the store is corrupt at boot: it is set aside, a backup is restored, and missing numbers are reported."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.config import ROOT, load
from kiosk.startup.context_factory import open_context
from tests.backup.conftest import overwrite_pages
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import wait_until
from tests.faults.table import RowResult

pytestmark = pytest.mark.faults


def run_command(kiosk: Kiosk, *args: str) -> str:
    command = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings), *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.row(27)
def test_a_store_that_is_corrupt_at_boot_is_restored_from_a_backup(tmp_path: Path, row: RowResult) -> None:
    medium = tmp_path / "second-disk"
    medium.mkdir()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        url = f"http://127.0.0.1:{portal.port}"
        more = f'[backup]\npath = "{medium}"'
        with closing(Kiosk(tmp_path / "kiosk", url, more=more)) as kiosk:
            kiosk.enrol(portal.make_code(kiosk.id))
            early = kiosk.submit(3)
            assert "Đã sao lưu" in run_command(kiosk, "backup")
            kiosk.start()
            late = kiosk.submit(2)
            kiosk.wait_until_confirmed(early + late)
            frozen = kiosk.digests(early + late)
            kiosk.worker.stop()
            kiosk.context.store.close()

            store = kiosk.context.store.path
            overwrite_pages(store)
            damaged = store.read_bytes()
            kiosk.worker.start()
            aside = store.parent / "aside" / "001" / store.name
            wait_until(lambda: aside.exists() and store.exists(), what=f"set aside\n{kiosk.worker.output()}")
            wait_until(
                lambda: "sync run begun" in kiosk.context.config.log_path.read_text().rpartition("store restored")[2]
            )
            kiosk.context = open_context(load(kiosk.settings))

            assert aside.read_bytes() == damaged, "set aside without a change"
            assert kiosk.digests(early + late).keys() == set(early)
            row.expect_text(kiosk.read_page(), "thiếu số phiếu ngày")
            kiosk.wait_until_confirmed(early)
            fresh = kiosk.submit(1)
            kiosk.wait_until_confirmed(fresh)
            with kiosk.context.store.read() as db:
                number = db.execute("select receipt_no from submissions where id = ?", fresh).fetchone()[0]
            assert "-9001-" in number, "no receipt number is repeated"
            assert portal.digests() == frozen | kiosk.digests(fresh), "a submission that is sent again is a duplicate"
    row.observe(kiosk="5 forms, 3 restored, 2 numbers reported missing, the next is 9001", portal="6 stored, each once")
