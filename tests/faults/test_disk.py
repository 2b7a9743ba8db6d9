"""Rows 24 to 26: the disk fails, is full, or the store is held by another; no number is given for what is not there."""

import shutil
import sqlite3
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from kiosk.acts import applying
from kiosk.errors import StoreBusy, StoreFull, StoreUnavailable
from kiosk.store import disk_reserve, files
from tests.faults.disks import Disk
from tests.faults.filing import hand_in
from tests.faults.machine import Kiosk, words_of
from tests.faults.portal import Portal
from tests.faults.processes import until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive
from tests.faults.writing import attach

pytestmark = pytest.mark.faults
LOOK = 40.0
"""Seconds within which the worker looks at its disk."""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        yield portal


@contextmanager
def kiosk_on(disk: Disk, portal: Portal) -> Iterator[Kiosk]:
    """A kiosk whose data lie on a disk of their own."""
    with closing(Kiosk(disk.path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
        yield kiosk


def fill(disk: Disk, leaving: int) -> Path:
    """Fill a disk but for so many bytes; give the file that fills it."""
    filler = disk.path / "film.mp4"
    filler.unlink(missing_ok=True)
    free = shutil.disk_usage(disk.path).free - leaving
    subprocess.run(["fallocate", "-l", str(free), str(filler)], check=False)
    if leaving == 0:
        with suppress(OSError), filler.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        assert shutil.disk_usage(disk.path).free < 65536
    return filler


def forms_of(kiosk: Kiosk) -> list[str]:
    """Give every form that has a number, each of which is whole."""
    with kiosk.context.store.read() as db:
        forms = [row[0] for row in db.execute("select id from submissions")]
        whole = db.execute("select count(*) from submissions s join outbox o on o.subject = s.id").fetchone()[0]
    assert whole == len(forms)
    return forms


def hand_in_until_refused(kiosk: Kiosk, forms: list[str]) -> None:
    """Hand in forms: the store's file has some room left, and the first that does not fit is refused."""
    while True:
        forms.append(hand_in(kiosk.context)[0])


@pytest.mark.row(24)
def test_a_disk_that_fails_under_the_log_gives_no_number(tmp_path: Path, portal: Portal, row: Seen) -> None:
    with Disk(tmp_path) as disk:
        with kiosk_on(disk, portal) as kiosk:
            kiosk.enrol(portal.code(kiosk.id))
            kiosk.open_pages()
            forms = kiosk.file(3)
            disk.cut()
            with pytest.raises(StoreUnavailable) as refused:
                hand_in(kiosk.context)
            assert "mẫu giấy" in refused.value.vi
            with pytest.raises(urllib.error.HTTPError, match="503") as page:
                kiosk.reads()
            row.read(words_of(page.value.read().decode()), "Máy tạm nghỉ")
            page.value.close()
            assert kiosk.web.is_alive, "the pages go on saying so"
        disk.unmount()
        disk.mount()
        with kiosk_on(disk, portal) as kiosk:
            assert forms_of(kiosk) == forms
            kiosk.start()
            kiosk.until_confirmed(forms)
            row.read(kiosk.reads(), "Đường truyền Tốt")
            assert portal.held() == kiosk.digests(forms)
    row.saw(kiosk="3 of 3 numbers there, none given while it failed", portal="3 held, the same bytes")


@pytest.mark.row(25)
def test_a_disk_that_is_full_at_submit_gives_no_number(tmp_path: Path, portal: Portal, row: Seen) -> None:
    with Disk(tmp_path) as disk, kiosk_on(disk, portal) as kiosk:
        kiosk.enrol(portal.code(kiosk.id))
        kiosk.start()
        until((kiosk.context.config.folder / "ballast").exists, LOOK)
        forms = kiosk.file(2)
        kiosk.until_confirmed(forms)
        submitted = applying.submit
        filler = fill(disk, disk_reserve.FORM_MIN_FREE + 5_000_000)

        def full_before_submit(*told: object, **named: object) -> object:
            fill(disk, 0)
            return submitted(*told, **named)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(applying, "submit", full_before_submit)
            with pytest.raises(StoreFull, match="mẫu giấy"):
                hand_in_until_refused(kiosk, forms)
        assert sorted(forms_of(kiosk)) == sorted(forms)
        until(lambda: not (kiosk.context.config.folder / "ballast").exists(), LOOK, "the ballast let go")
        row.read(kiosk.reads(), "Tạm dùng mẫu giấy")
        with pytest.raises(StoreFull):
            hand_in(kiosk.context)
        kiosk.until_confirmed(forms)
        filler.unlink()
        forms += kiosk.file(1)
        kiosk.until_confirmed(forms)
        assert portal.held() == kiosk.digests(forms)
    row.saw(kiosk=f"{len(forms)} numbers, {len(forms)} forms; none begun on a full disk", portal=f"{len(forms)} held")


@pytest.mark.row(25)
def test_a_disk_that_is_full_at_a_scan_keeps_no_half_of_it(tmp_path: Path, portal: Portal, row: Seen) -> None:
    with Disk(tmp_path) as disk, kiosk_on(disk, portal) as kiosk:
        form = kiosk.file(1)[0]
        filler = fill(disk, files.MIN_FREE_BYTES - 1_000_000)
        with pytest.raises(StoreFull, match="bản chụp"):
            attach(kiosk.context, form)
        fill(disk, 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "MIN_FREE_BYTES", 0)  # the last bytes went while it was written
            with pytest.raises(StoreUnavailable):
                attach(kiosk.context, form)
        assert [path.name for path in kiosk.context.config.scans_folder.glob("*")] == []
        filler.unlink()
        attach(kiosk.context, form)
        assert len(list(kiosk.context.config.scans_folder.iterdir())) == 1
        kiosk.enrol(portal.code(kiosk.id))
        kiosk.start()
        kiosk.until_confirmed([form])
    row.saw(kiosk="no scan and no half of one; taken when there is room", portal="the form and its scan")


@pytest.mark.row(25)
def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, portal: Portal, row: Seen) -> None:
    with Disk(tmp_path, 300) as disk, closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
        kiosk.enrol(portal.code(kiosk.id))
        kiosk.context.config.log_path.parent.symlink_to(disk.path)
        fill(disk, 0)
        forms = kiosk.file(3)
        kiosk.start()
        kiosk.until_confirmed(forms)
        row.read(kiosk.reads(), "Đường truyền Tốt")
        assert portal.held() == kiosk.digests(forms)
    row.saw(kiosk="3 confirmed without a log", portal="3 held, the same bytes")


@pytest.mark.row(26)
def test_a_store_that_is_held_too_long_asks_to_touch_again(own_ward: Ward, row: Seen) -> None:
    kiosk = own_ward.kiosk
    forms = kiosk.file(2)
    with closing(sqlite3.connect(kiosk.context.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="chạm lại"):
            hand_in(kiosk.context)
        assert time.monotonic() - began > 5
        until(lambda: "StoreBusy" in kiosk.context.config.log_path.read_text(), 60, "the worker met it too")
        assert kiosk.worker.is_alive
        other.execute("rollback")
    assert forms_of(kiosk) == forms
    forms += kiosk.file(1)
    arrive(own_ward, forms, row)
    row.read(kiosk.reads(), "Đường truyền Tốt")
