"""Row 23: the power fails during work; nothing acknowledged is lost, unless the store does not wait for the disk."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from kiosk.base.errors import SealBroken
from kiosk.config import load
from kiosk.records import audit, scans, submissions
from kiosk.startup.context_factory import create_store, open_context
from kiosk.store import files
from kiosk.store.db import is_sound
from tests.faults.disk import Disk
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.table import RowResult
from tests.faults.writer import SCAN, Writer

pytestmark = pytest.mark.faults
CUTS = 25
CUTS_WITH_DEFECT = 5


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path) as disk:
        (disk.path / "kiosk.toml").write_text('[portal]\nkind = "kiosk-sync"\nurl = "https://portal.example"\n')
        create_store(load(disk.path / "kiosk.toml"))
        os.sync()  # the installation is not cut
        yield disk


def cut_power(disk: Disk, cuts: int, interval: float, mode: str) -> tuple[set[str], set[str]]:
    """Cut the power at random times after one to four forms; return what was acknowledged, and what of it is lost."""
    settings = disk.path / "kiosk.toml"
    rng = random.Random(23)
    acknowledged: set[str] = set()
    lost: set[str] = set()
    with closing(Writer(settings, interval, mode)) as writer:
        for _ in range(cuts):
            acknowledged.update(writer.begin(forms=rng.randint(1, 4)))
            time.sleep(rng.uniform(0.0, 0.3))
            before = time.monotonic()
            disk.cut_power()
            acknowledged.update(writer.end(before))
            disk.unmount()
            disk.mount()
            lost |= acknowledged - read_complete(settings)
    return acknowledged, lost


def read_complete(settings: Path) -> set[str]:
    """Return the complete submissions (body, number, outbox row, print job, audit line) and scans."""
    config = load(settings)
    assert is_sound(config.store_path)
    context = open_context(config)
    with closing(context.store), context.store.read() as db:
        assert audit.verify(db, context.audit_key()) is None
        rows = db.execute(
            """select s.id, s.digest, s.body from submissions s join outbox o on o.subject = s.id
               join jobs j on j.subject = s.id join tickets t on t.submission_id = s.id
               join audit a on a.subject = s.id and a.act = 'submit'"""
        ).fetchall()
        assert len(rows) == db.execute("select count(*) from submissions").fetchone()[0]
        assert len(rows) == db.execute("select count(distinct receipt_no) from submissions").fetchone()[0]
        scan_rows = db.execute(
            "select s.id, c.id, c.name, c.key, c.sha256 from scans c join submissions s on s.receipt_no = c.receipt_no"
        ).fetchall()
    for submission_id, digest, sealed in rows:
        assert sha256(context.vault.open(submissions.BODY, submission_id, sealed)).hexdigest() == digest
    for _, scan_id, name, key, digest in scan_rows:
        content = files.read(config.scans_folder, name)
        assert content is not None, "a row never names a missing file"
        assert sha256(context.vault.open(scans.FILE, scan_id, key + content)).hexdigest() == digest
    return {row[0] for row in rows} | {f"{row[0]} {SCAN}" for row in scan_rows}


@pytest.mark.row(23)
def test_25_power_cuts_lose_no_acknowledged_submission_or_scan(disk: Disk, tmp_path: Path, row: RowResult) -> None:
    acknowledged, lost = cut_power(disk, CUTS, interval=0.02, mode="full")
    assert lost == set()
    assert len([text for text in acknowledged if SCAN in text]) > CUTS, "some runs stored a second scan"
    forms = sorted(text for text in read_complete(disk.path / "kiosk.toml") if SCAN not in text)
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with closing(Kiosk(disk.path, f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.make_code(kiosk.id))
            kiosk.start()
            kiosk.wait_until_confirmed(forms, 300)
            row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
            assert portal.digests() == kiosk.digests(forms)
    row.observe(
        kiosk=f"{CUTS} cuts, {len(acknowledged)} acknowledged, {len(lost)} lost",
        portal=f"{len(forms)} stored, the same bytes",
    )


def test_a_store_that_does_not_wait_for_the_disk_loses_submissions(disk: Disk) -> None:
    acknowledged, lost = cut_power(disk, CUTS_WITH_DEFECT, interval=0.05, mode="normal")
    assert 0 < len(lost) <= len(acknowledged)


def test_a_scan_that_was_not_synced_is_missing_or_empty(disk: Disk) -> None:
    with pytest.raises((AssertionError, SealBroken), match=r"missing file|K-16"):
        cut_power(disk, CUTS_WITH_DEFECT, interval=0.05, mode="hasty")
