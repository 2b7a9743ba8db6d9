"""Row 23: the power is cut in the middle of work. Nothing acknowledged is lost; a store that waits less loses some."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from kiosk.app import open_context
from kiosk.config import load
from kiosk.errors import SealBroken
from kiosk.records import audit, scans, submissions
from kiosk.store import files
from kiosk.store.db import is_sound
from tests.faults.disks import Disk
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.table import Seen
from tests.faults.writing import SCAN, Writer

pytestmark = pytest.mark.faults
CUTS = 25
CUTS_OF_LESS = 5


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk(tmp_path) as disk:
        (disk.path / "kiosk.toml").write_text('[portal]\nkind = "kiosk-sync"\nurl = "https://portal.example"\n')
        open_context(load(disk.path / "kiosk.toml")).store.close()
        os.sync()  # who installs a kiosk does not pull the plug
        yield disk


def cut_again_and_again(disk: Disk, cuts: int, every: float, sync: str) -> tuple[set[str], set[str]]:
    """Cut the power at moments drawn by lot; give what was acknowledged, and what of it is not there."""
    settings = disk.path / "kiosk.toml"
    chance = random.Random(23)
    said: set[str] = set()
    lost: set[str] = set()
    with closing(Writer(settings, every, sync)) as writer:
        for _ in range(cuts):
            said.add(writer.begin())
            time.sleep(chance.uniform(0.1, 0.6))
            before = time.monotonic()
            disk.cut()
            said.update(writer.end(before))
            disk.unmount()
            disk.mount()
            lost |= said - whole(settings)
    return said, lost


def whole(settings: Path) -> set[str]:
    """Give the forms that are wholly there: body as frozen, number, outbox, slip, a line of the trail."""
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
        photos = db.execute(
            "select s.id, c.id, c.name, c.key, c.sha256 from scans c join submissions s on s.receipt_no = c.receipt_no"
        ).fetchall()
    for form, digest, sealed in rows:
        assert sha256(context.vault.open(submissions.BODY, form, sealed)).hexdigest() == digest
    for _, scan, name, key, digest in photos:
        content = files.read(config.scans_folder, name)
        assert content is not None, "a row never names a file that is not there"
        assert sha256(context.vault.open(scans.FILE, scan, key + content)).hexdigest() == digest
    return {row[0] for row in rows} | {f"{row[0]} {SCAN}" for row in photos}


@pytest.mark.row(23)
def test_25_power_cuts_lose_no_acknowledged_form_or_photo(disk: Disk, tmp_path: Path, row: Seen) -> None:
    said, lost = cut_again_and_again(disk, CUTS, 0.02, "full")
    assert lost == set()
    assert len([one for one in said if SCAN in one]) > CUTS, "it wrote while the power went"
    forms = sorted(one for one in whole(disk.path / "kiosk.toml") if SCAN not in one)
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with closing(Kiosk(disk.path, f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.code(kiosk.id))
            kiosk.start()
            kiosk.until_confirmed(forms, 300)
            row.read(kiosk.reads(), "Đường truyền Tốt")
            assert portal.held() == kiosk.digests(forms)
    row.saw(
        kiosk=f"{CUTS} cuts, {len(said)} acknowledged, {len(lost)} lost", portal=f"{len(forms)} held, the same bytes"
    )


def test_the_harness_bites_a_store_that_does_not_wait_for_the_disk_loses(disk: Disk) -> None:
    said, lost = cut_again_and_again(disk, CUTS_OF_LESS, 0.05, "normal")
    assert 0 < len(lost) <= len(said), "some of it in sum"


def test_the_harness_bites_a_photo_that_was_not_synced_is_empty(disk: Disk) -> None:
    with pytest.raises((AssertionError, SealBroken), match=r"is not there|K-16"):
        cut_again_and_again(disk, CUTS_OF_LESS, 0.05, "hasty")
