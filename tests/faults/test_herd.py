"""Row 32 for a province: kiosks come back at once while processes of the gateway and PostgreSQL are killed."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import ROOT
from tests.faults import herd
from tests.faults.herd import HerdConfig
from tests.faults.killable_postgres import KillablePostgres
from tests.faults.portal import Portal
from tests.faults.processes import SCALE, wait_until
from tests.faults.table import RowResult

pytestmark = pytest.mark.faults
KIOSKS = 200
FORMS = 60
KILLS = 9
"""One of the three processes is killed each time that another tenth of the forms has arrived."""
MAX_SECONDS = 3000.0


@pytest.fixture
def postgres_server() -> Iterator[KillablePostgres]:
    server = KillablePostgres()
    yield server
    server.close()


class Herd:
    """Two processes, each with half of the kiosks and its own gateway process."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        names = [f"PK{number}" for number in range(1000, 1000 + KIOSKS)]
        self._results = [folder / f"results-{side}.json" for side in (0, 1)]
        self._processes = [self._start(folder / f"config-{side}.json", portal, side, names[side::2]) for side in (0, 1)]
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"

    def _start(self, path: Path, portal: Portal, side: int, names: list[str]) -> "subprocess.Popen[str]":
        config = HerdConfig(
            url=f"http://127.0.0.1:{portal.ports[side]}",
            codes={name: portal.make_code(name) for name in names},
            submissions=FORMS,
            scale=SCALE,
            results=str(self._results[side]),
        )
        command = herd.write_config(path, config)
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdin=pipe, stdout=pipe, text=True)

    def begin(self) -> None:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

    @property
    def is_over(self) -> bool:
        exit_codes = [process.poll() for process in self._processes]
        assert set(exit_codes) <= {None, 0}, "a process of the herd died"
        return None not in exit_codes

    def results(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in self._results]

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.mark.row(32)
@pytest.mark.timeout(MAX_SECONDS + 120)
def test_a_herd_comes_back_while_gateway_and_postgresql_are_killed(
    tmp_path: Path, postgres_server: KillablePostgres, row: RowResult
) -> None:
    with closing(Portal(tmp_path / "portal", postgres_server.new_url(), processes=2)) as portal:
        portal.start()
        with closing(Herd(tmp_path, portal)) as kiosks:
            portal.engine.dispose()
            total = KIOSKS * FORMS
            kills = Counter[str]()
            kiosks.begin()
            for turn in range(KILLS):
                wanted = total * (turn + 1) // (KILLS + 1)
                wait_until(lambda: kiosks.is_over or count_stored(portal, postgres_server) >= wanted, MAX_SECONDS)  # noqa: B023
                kill(portal, postgres_server, turn)
                kills["PostgreSQL" if turn % 3 == 2 else "gateway"] += 1
            wait_until(lambda: kiosks.is_over, MAX_SECONDS, "each kiosk has delivered all of its forms")
            results = kiosks.results()
        portal.start()
        digests = results[0]["digests"] | results[1]["digests"]
        receipts = results[0]["receipts"] | results[1]["receipts"]
        wait_until(lambda: portal.sql("select 1"), what="PostgreSQL answers again")
        count = portal.sql(
            "select count(*), count(distinct submission_id), count(distinct receipt_no) from submissions"
        )
        assert count == [(total, total, total)]
        assert receipts == digests, "each has a receipt for its bytes"
        assert portal.digests() == digests
        assert portal.feed_gaps() == [], "no kiosk's feed has a gap"
        outcomes = Counter[str]()
        for counts in results[0]["outcome_counts"] + results[1]["outcome_counts"]:
            outcomes.update(counts)
        assert set(outcomes) <= {"created", "duplicate"}, "a network fault is never a fault of a submission"
    row.observe(
        kiosk=f"{KIOSKS} kiosks, {total} forms, {outcomes['created']} created, {outcomes['duplicate']} duplicate",
        portal=f"{total} stored, {total} distinct, {total} receipts; killed {dict(kills)}",
    )


def count_stored(portal: Portal, postgres_server: KillablePostgres) -> int:
    """Return how many forms have arrived."""
    ((count,),) = postgres_server.run("select count(*) from submissions", url=portal.url)
    return int(count)


def kill(portal: Portal, postgres_server: KillablePostgres, turn: int) -> None:
    """Kill one gateway process, the other, or the database, in turn; start it again, as systemd does."""
    if turn % 3 == 2:
        postgres_server.kill()
        postgres_server.start()
    else:
        portal.processes[turn % 3].kill()
    for process in portal.processes:
        if not process.is_alive:
            process.start()
