"""Row 22: processes are killed, at each labelled point and at moments drawn by lot; nothing is lost or doubled."""

import random
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import dying
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import Process, until
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive
from tests.faults.writing import SCAN, Writer

pytestmark = pytest.mark.faults
KILLS = 100
AT_SUBMIT = list(dying.POINTS)[:5]
IN_DELIVERY = list(dying.POINTS)[5:]


def dies(kiosk: Kiosk, words: list[str], label: str) -> None:
    """Start a process that dies at a point, and wait until it did."""
    process = Process(words, kiosk.folder / "dying.log", {**kiosk.worker.env, "WARD_DIES": label})
    process.start()
    until(lambda: not process.is_alive, what=f"dead: {label}\n{process.said()}")
    process.kill()


def rows(kiosk: Kiosk, table: str) -> int:
    with kiosk.context.store.read() as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.mark.row(22)
def test_killed_at_each_point_of_submit_a_form_is_there_wholly_or_as_a_draft(own_ward: Ward, row: Seen) -> None:
    kiosk = own_ward.kiosk
    forms = 0
    for count, label in enumerate(AT_SUBMIT, 1):
        dies(kiosk, ["file", "1", "0"], label)
        forms += label == "Submit is committed"
        for table in ("submissions", "outbox", "tickets", "jobs"):
            assert rows(kiosk, table) == forms, label
        assert rows(kiosk, "drafts") == count - forms, f"what was typed is still there: {label}"
    with kiosk.context.store.read() as db:
        handed_in = [one[0] for one in db.execute("select id from submissions")]
    arrive(own_ward, handed_in, row)


@pytest.mark.row(22)
def test_killed_at_each_point_of_a_delivery_a_form_goes_on_where_it_was(own_ward: Ward, row: Seen) -> None:
    kiosk = own_ward.kiosk
    forms: list[str] = []
    for label in IN_DELIVERY:
        kiosk.worker.kill()
        forms += kiosk.file(3)
        dies(kiosk, ["worker"], label)
        kiosk.start()
        kiosk.until_confirmed(forms)
        assert own_ward.portal.held() == kiosk.digests(forms), label
    row.read(kiosk.reads(), "Đường truyền Tốt")
    row.saw(kiosk=f"{len(forms)} confirmed, killed at {len(IN_DELIVERY)} points", portal="each once, the same bytes")


@pytest.mark.row(22)
def test_100_kills_while_forms_are_handed_in_and_delivered(tmp_path: Path, row: Seen) -> None:
    chance = random.Random(22)
    said = set()
    with closing(Portal(tmp_path / "portal")) as portal:
        portal.start()
        with closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.code(kiosk.id))
            with closing(Writer(kiosk.settings, 0.05, "working")) as writer:
                for _ in range(KILLS):
                    said.add(writer.begin())
                    time.sleep(chance.uniform(0.0, 0.4))
                    said.update(writer.end())
            forms = sorted(one for one in said if SCAN not in one)
            at_work = len(portal.held())
            assert at_work > KILLS / 4, "it was killed while it delivered"
            with kiosk.context.store.read() as db:
                everything = [one[0] for one in db.execute("select id from submissions")]
                assert db.execute("select count(distinct receipt_no) from submissions").fetchone() == (len(everything),)
            assert set(forms) <= set(everything)
            kiosk.start()
            kiosk.until_confirmed(everything, 300)
            row.read(kiosk.reads(), "Đường truyền Tốt")
            assert portal.held() == kiosk.digests(everything)
    row.saw(
        kiosk=f"{KILLS} kills, {len(forms)} acknowledged, 0 lost",
        portal=f"{at_work} held during the kills, {len(everything)} in the end, each once",
    )
