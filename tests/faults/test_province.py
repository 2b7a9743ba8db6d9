"""Row 20, in numbers: gateway and PostgreSQL are killed 20 times each while a kiosk hands in and delivers."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.machine import Kiosk
from tests.faults.portal import Portal
from tests.faults.province import Mortal
from tests.faults.table import Seen
from tests.faults.writing import SCAN, Writer

pytestmark = pytest.mark.faults
KILLS = 20


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    server = Mortal()
    yield server
    server.close()


@pytest.mark.row(20)
def test_20_kills_of_the_gateway_and_20_of_postgresql(tmp_path: Path, mortal: Mortal, row: Seen) -> None:
    chance = random.Random(20)
    with closing(Portal(tmp_path / "portal", mortal.new_url())) as portal:
        portal.start()
        with closing(Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{portal.port}")) as kiosk:
            kiosk.enrol(portal.code(kiosk.id))
            with closing(Writer(kiosk.settings, 0.1, "working")) as writer:
                said = {writer.begin()}
                for _ in range(KILLS):
                    time.sleep(chance.uniform(0.1, 0.6))
                    portal.kill()
                    portal.start()
                    time.sleep(chance.uniform(0.1, 0.6))
                    mortal.kill()
                    mortal.start()
                said.update(writer.end())
            forms = sorted(one for one in said if SCAN not in one)
            portal.engine.dispose()
            at_work = len(portal.held())
            assert at_work > KILLS, "it took forms between the kills"
            kiosk.start()
            with kiosk.context.store.read() as db:
                everything = [one[0] for one in db.execute("select id from submissions")]
            kiosk.until_confirmed(everything, 300)
            row.read(kiosk.reads(), "Đường truyền Tốt")
            assert set(forms) <= set(everything)
            assert portal.held() == kiosk.digests(everything)
            assert portal.rows("select count(*), count(distinct submission_id) from submissions") == [
                (len(everything), len(everything))
            ]
            assert portal.gaps() == [], "the feed has no gap"
    row.saw(
        kiosk=f"{len(forms)} acknowledged, {len(everything)} confirmed, 0 lost",
        portal=f"{KILLS} kills of each, {at_work} held meanwhile, {len(everything)} in the end, each once",
    )
