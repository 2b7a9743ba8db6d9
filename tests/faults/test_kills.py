"""Row 22: processes are killed, at each labelled point and at random times; nothing is lost or doubled."""

import random
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.kill_points import DELIVERY_POINTS, SUBMIT_POINTS
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery
from tests.faults.writer import SCAN, Writer

pytestmark = pytest.mark.faults
KILLS = 100


def count_rows(kiosk: Kiosk, table: str) -> int:
    with kiosk.context.store.read() as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.mark.row(22)
def test_killed_at_each_point_of_submit_a_form_is_complete_or_a_draft(own_ward: Ward, row: RowResult) -> None:
    kiosk = own_ward.kiosk
    forms = 0
    for count, label in enumerate(SUBMIT_POINTS, 1):
        kiosk.run_until_killed(["submit", "1", "0"], label)
        forms += label == "Submit is committed"
        for table in ("submissions", "outbox", "tickets", "jobs"):
            assert count_rows(kiosk, table) == forms, label
        assert count_rows(kiosk, "drafts") == count - forms, f"the draft is kept: {label}"
    with kiosk.context.store.read() as db:
        submitted = [submission_id for (submission_id,) in db.execute("select id from submissions")]
    expect_delivery(own_ward, submitted, row)


@pytest.mark.row(22)
def test_killed_at_each_point_of_a_delivery_a_submission_is_resumed(own_ward: Ward, row: RowResult) -> None:
    kiosk = own_ward.kiosk
    forms: list[str] = []
    for label in DELIVERY_POINTS:
        kiosk.worker.kill()
        forms += kiosk.submit(3)
        kiosk.run_until_killed(["worker"], label)
        kiosk.start()
        kiosk.wait_until_confirmed(forms)
        assert own_ward.portal.digests() == kiosk.digests(forms), label
    row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
    row.observe(
        kiosk=f"{len(forms)} confirmed, killed at {len(DELIVERY_POINTS)} points", portal="each once, the same bytes"
    )


@pytest.mark.row(22)
def test_100_kills_while_forms_are_submitted_and_delivered(tmp_path: Path, row: RowResult) -> None:
    rng = random.Random(22)
    acknowledged = set()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.make_code(kiosk.id))
            with closing(Writer(kiosk.settings, 0.05, "working")) as writer:
                for _ in range(KILLS):
                    acknowledged.update(writer.begin())
                    time.sleep(rng.uniform(0.0, 0.4))
                    acknowledged.update(writer.end())
            forms = sorted(text for text in acknowledged if SCAN not in text)
            delivered = len(portal.digests())
            assert delivered > KILLS / 4, "it was killed while it delivered"
            with kiosk.context.store.read() as db:
                stored = [submission_id for (submission_id,) in db.execute("select id from submissions")]
                assert db.execute("select count(distinct receipt_no) from submissions").fetchone() == (len(stored),)
            assert set(forms) <= set(stored)
            kiosk.start()
            kiosk.wait_until_confirmed(stored, 300)
            row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
            assert portal.digests() == kiosk.digests(stored)
    row.observe(
        kiosk=f"{KILLS} kills, {len(forms)} acknowledged, 0 lost",
        portal=f"{delivered} stored during the kills, {len(stored)} in the end, each once",
    )
