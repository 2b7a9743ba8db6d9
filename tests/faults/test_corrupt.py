"""Row 27: the store is corrupt at boot. It is set aside, a copy takes its place, and the missing numbers are told."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import open_context
from kiosk.config import ROOT, load
from tests.backup.conftest import spoil
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import until
from tests.faults.table import Seen

pytestmark = pytest.mark.faults


def command(kiosk: Kiosk, *words: str) -> str:
    told = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings), *words]
    return subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.row(27)
def test_a_store_that_is_corrupt_at_boot_is_put_back_from_a_copy(tmp_path: Path, row: Seen) -> None:
    medium = tmp_path / "second-disk"
    medium.mkdir()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        url = f"http://127.0.0.1:{portal.port}"
        more = f'[backup]\npath = "{medium}"'
        with closing(Kiosk(tmp_path / "kiosk", url, more=more)) as kiosk:
            kiosk.enrol(portal.code(kiosk.id))
            early = kiosk.file(3)
            assert "Đã sao lưu" in command(kiosk, "backup")
            kiosk.start()
            late = kiosk.file(2)
            kiosk.until_confirmed(early + late)
            frozen = kiosk.digests(early + late)
            kiosk.worker.stop()
            kiosk.context.store.close()

            store = kiosk.context.store.path
            spoil(store)
            damaged = store.read_bytes()
            kiosk.worker.start()
            aside = store.parent / "aside" / "001" / store.name
            until(lambda: aside.exists() and store.exists(), what=f"set aside\n{kiosk.worker.said()}")
            until(lambda: "sync run begun" in kiosk.context.config.log_path.read_text().rpartition("store restored")[2])
            kiosk.context = open_context(load(kiosk.settings))

            assert aside.read_bytes() == damaged, "set aside as it was"
            assert kiosk.digests(early + late).keys() == set(early)
            row.read(kiosk.reads(), "thiếu số phiếu ngày")
            kiosk.until_confirmed(early)
            fresh = kiosk.file(1)
            kiosk.until_confirmed(fresh)
            with kiosk.context.store.read() as db:
                number = db.execute("select receipt_no from submissions where id = ?", fresh).fetchone()[0]
            assert "-9001-" in number, "no number is given twice"
            assert portal.held() == frozen | kiosk.digests(fresh), "what is sent again is a duplicate, not a second one"
    row.saw(kiosk="5 forms, 3 put back, 2 numbers told missing, the next is 9001", portal="6 held, each once")
