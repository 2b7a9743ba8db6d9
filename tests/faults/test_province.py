"""Row 20, repeated: gateway and PostgreSQL are killed 20 times each while a kiosk submits and delivers."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.killable_postgres import KillablePostgres
from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.processes import wait_until
from tests.faults.table import RowResult
from tests.faults.writer import SCAN, Writer

pytestmark = pytest.mark.faults
KILLS = 20
PATIENCE = 300.0  # seconds: only a hang takes so long


@pytest.fixture
def postgres_server() -> Iterator[KillablePostgres]:
    server = KillablePostgres()
    yield server
    server.close()


def _wait_for_more(portal: Portal, before: int) -> int:
    """Wait until the portal has stored more submissions; return how many."""

    def stored() -> int:
        return int(portal.sql("select count(*) from submissions")[0][0])

    portal.engine.dispose()  # the server behind its connections was killed
    wait_until(lambda: stored() > before, PATIENCE)
    return stored()


@pytest.mark.row(20)
def test_20_kills_of_the_gateway_and_20_of_postgresql(
    tmp_path: Path, postgres_server: KillablePostgres, row: RowResult
) -> None:
    rng = random.Random(20)
    with closing(Portal(tmp_path / "portal", postgres_server.new_url())) as portal:
        portal.start()
        with closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.make_code(kiosk.id))
            with closing(Writer(kiosk.settings, 0.1, "working")) as writer:
                acknowledged = set(writer.begin())
                delivered = 0
                for _ in range(KILLS):
                    delivered = _wait_for_more(portal, delivered)  # however slow this machine is
                    time.sleep(rng.uniform(0.1, 0.6))
                    portal.kill()
                    portal.start()
                    time.sleep(rng.uniform(0.1, 0.6))
                    postgres_server.kill()
                    postgres_server.start()
                acknowledged.update(writer.end())
            forms = sorted(text for text in acknowledged if SCAN not in text)
            portal.engine.dispose()
            delivered = len(portal.digests())
            kiosk.start()
            with kiosk.context.store.read() as db:
                stored = [submission_id for (submission_id,) in db.execute("select id from submissions")]
            kiosk.wait_until_confirmed(stored, 300)
            row.expect_text(kiosk.read_page(), "Đường truyền Tốt")
            assert set(forms) <= set(stored)
            assert portal.digests() == kiosk.digests(stored)
            assert portal.sql("select count(*), count(distinct submission_id) from submissions") == [
                (len(stored), len(stored))
            ]
            assert portal.feed_gaps() == [], "the feed has no gap"
    row.observe(
        kiosk=f"{len(forms)} acknowledged, {len(stored)} confirmed, 0 lost",
        portal=f"{KILLS} kills of each, {delivered} stored meanwhile, {len(stored)} in the end, each once",
    )
