"""Rows 24 to 26: the disk fails or is full, or the store is locked; only a stored submission gets a number."""

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
from kiosk.base.errors import StoreBusy, StoreFull, StoreUnavailable
from kiosk.store import disk_reserve, files
from tests.faults.disk import Disk
from tests.faults.machine import Kiosk, page_text
from tests.faults.portal import Portal
from tests.faults.processes import wait_until
from tests.faults.submitting import submit_form
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery
from tests.faults.writer import attach_scan

pytestmark = pytest.mark.faults
DISK_CHECK_SECONDS = 40.0
"""The worker checks its disk within this time."""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        yield portal


@contextmanager
def kiosk_on(disk: Disk, portal: Portal) -> Iterator[Kiosk]:
    """Return a kiosk whose data are on a separate disk."""
    with closing(Kiosk(disk.path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
        yield kiosk


def fill(disk: Disk, leaving: int) -> Path:
    """Fill a disk except for so many bytes; return the file that fills it."""
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


def stored_submissions(kiosk: Kiosk) -> list[str]:
    """Return the ids of all submissions, each of which must be complete."""
    with kiosk.context.store.read() as db:
        ids = [row[0] for row in db.execute("select id from submissions")]
        complete = db.execute("select count(*) from submissions s join outbox o on o.subject = s.id").fetchone()[0]
    assert complete == len(ids)
    return ids


def submit_until_refused(kiosk: Kiosk, forms: list[str]) -> None:
    """Submit forms until one is refused: the store's file has some free pages left."""
    while True:
        forms.append(submit_form(kiosk.context)[0])


@pytest.mark.row(24)
def test_no_number_is_given_when_the_disk_fails_under_the_log(tmp_path: Path, portal: Portal, row: RowResult) -> None:
    with Disk(tmp_path) as disk:
        with kiosk_on(disk, portal) as kiosk:
            kiosk.enrol(portal.make_code(kiosk.id))
            kiosk.open_pages()
            forms = kiosk.submit(3)
            disk.cut_power()
            with pytest.raises(StoreUnavailable) as refused:
                submit_form(kiosk.context)
            assert "mẫu giấy" in refused.value.vi
            with pytest.raises(urllib.error.HTTPError, match="503") as page:
                kiosk.read_page()
            row.expect_text(page_text(page.value.read().decode()), "Máy tạm nghỉ")
            page.value.close()
            assert kiosk.web.is_alive, "the pages still run"
        disk.unmount()
        disk.mount()
        with kiosk_on(disk, portal) as kiosk:
            assert stored_submissions(kiosk) == forms
            kiosk.start()
            kiosk.wait_until_confirmed(forms)
            row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
            assert portal.digests() == kiosk.digests(forms)
    row.observe(kiosk="3 of 3 numbers stored, none given while the disk failed", portal="3 stored, the same bytes")


@pytest.mark.row(25)
def test_no_number_is_given_when_the_disk_is_full_at_submit(tmp_path: Path, portal: Portal, row: RowResult) -> None:
    with Disk(tmp_path) as disk, kiosk_on(disk, portal) as kiosk:
        kiosk.enrol(portal.make_code(kiosk.id))
        kiosk.start()
        wait_until((kiosk.context.config.folder / "ballast").exists, DISK_CHECK_SECONDS)
        forms = kiosk.submit(2)
        kiosk.wait_until_confirmed(forms)
        real_submit = applying.submit
        filler = fill(disk, disk_reserve.FORM_MIN_FREE + 5_000_000)

        def fill_then_submit(*args: object, **options: object) -> object:
            fill(disk, 0)
            return real_submit(*args, **options)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(applying, "submit", fill_then_submit)
            with pytest.raises(StoreFull, match="mẫu giấy"):
                submit_until_refused(kiosk, forms)
        assert sorted(stored_submissions(kiosk)) == sorted(forms)
        reserve = kiosk.context.config.folder / "ballast"
        wait_until(lambda: not reserve.exists(), DISK_CHECK_SECONDS, "the disk reserve is deleted")
        row.expect_text(kiosk.read_page(), "Tạm dùng mẫu giấy")
        with pytest.raises(StoreFull):
            submit_form(kiosk.context)
        kiosk.wait_until_confirmed(forms)
        filler.unlink()
        forms += kiosk.submit(1)
        kiosk.wait_until_confirmed(forms)
        assert portal.digests() == kiosk.digests(forms)
    row.observe(
        kiosk=f"{len(forms)} numbers, {len(forms)} forms; none begun on a full disk", portal=f"{len(forms)} stored"
    )


@pytest.mark.row(25)
def test_no_part_of_a_scan_is_kept_when_the_disk_is_full(tmp_path: Path, portal: Portal, row: RowResult) -> None:
    with Disk(tmp_path) as disk, kiosk_on(disk, portal) as kiosk:
        form = kiosk.submit(1)[0]
        filler = fill(disk, files.MIN_FREE_BYTES - 1_000_000)
        with pytest.raises(StoreFull, match="bản chụp"):
            attach_scan(kiosk.context, form)
        fill(disk, 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "MIN_FREE_BYTES", 0)  # the disk becomes full during the write
            with pytest.raises(StoreUnavailable):
                attach_scan(kiosk.context, form)
        assert [path.name for path in kiosk.context.config.scans_folder.glob("*")] == []
        filler.unlink()
        attach_scan(kiosk.context, form)
        assert len(list(kiosk.context.config.scans_folder.iterdir())) == 1
        kiosk.enrol(portal.make_code(kiosk.id))
        kiosk.start()
        kiosk.wait_until_confirmed([form])
    row.observe(kiosk="no part of the scan; attached when there is space", portal="the submission and its scan")


@pytest.mark.row(25)
def test_a_log_that_cannot_be_written_blocks_nothing(tmp_path: Path, portal: Portal, row: RowResult) -> None:
    with Disk(tmp_path, 300) as disk, closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
        kiosk.enrol(portal.make_code(kiosk.id))
        kiosk.context.config.log_path.parent.symlink_to(disk.path)
        fill(disk, 0)
        forms = kiosk.submit(3)
        kiosk.start()
        kiosk.wait_until_confirmed(forms)
        row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
        assert portal.digests() == kiosk.digests(forms)
    row.observe(kiosk="3 confirmed without a log", portal="3 stored, the same bytes")


@pytest.mark.row(26)
def test_a_store_that_is_locked_too_long_asks_to_touch_again(own_ward: Ward, row: RowResult) -> None:
    kiosk = own_ward.kiosk
    forms = kiosk.submit(2)
    with closing(sqlite3.connect(kiosk.context.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="chạm lại"):
            submit_form(kiosk.context)
        assert time.monotonic() - began > 5
        wait_until(lambda: "StoreBusy" in kiosk.context.config.log_path.read_text(), 60, "the worker fails too")
        assert kiosk.worker.is_alive
        other.execute("rollback")
    assert stored_submissions(kiosk) == forms
    forms += kiosk.submit(1)
    expect_delivery(own_ward, forms, row)
    row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
