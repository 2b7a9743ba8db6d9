"""Row 32 for a province: kiosks come back at once, and every few seconds something of the gateway is killed."""

import itertools
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import ROOT
from tests.faults import herd
from tests.faults.herd import Told
from tests.faults.portal import Portal
from tests.faults.processes import SCALE, until
from tests.faults.province import Mortal
from tests.faults.table import Seen

pytestmark = pytest.mark.faults
KIOSKS = 200
FORMS = 180
EVERY = 5.0
"""Seconds from one kill to the next."""
LONGEST = 540.0 if SCALE < 1 else 3600.0


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    server = Mortal()
    yield server
    server.close()


class Herd:
    """Two processes, each with half of the kiosks and a gateway of its own to call."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        names = [f"PK{number}" for number in range(1000, 1000 + KIOSKS)]
        self._results = [folder / f"results-{side}.json" for side in (0, 1)]
        self._processes = [self._start(folder / f"told-{side}.json", portal, side, names[side::2]) for side in (0, 1)]
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"

    def _start(self, path: Path, portal: Portal, side: int, names: list[str]) -> "subprocess.Popen[str]":
        codes = {name: portal.code(name) for name in names}
        url = f"http://127.0.0.1:{portal.ports[side]}"
        words = herd.tell(path, Told(url=url, codes=codes, forms=FORMS, scale=SCALE, results=str(self._results[side])))
        pipe = subprocess.PIPE
        return subprocess.Popen(words, cwd=ROOT, env=dict(os.environ), stdin=pipe, stdout=pipe, text=True)

    def begin(self) -> None:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

    @property
    def is_over(self) -> bool:
        ended = [process.poll() for process in self._processes]
        assert set(ended) <= {None, 0}, "a process of the herd died"
        return None not in ended

    def results(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in self._results]

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.mark.row(32)
@pytest.mark.timeout(LONGEST + 120)
def test_a_herd_comes_back_while_gateway_and_postgresql_are_killed(tmp_path: Path, mortal: Mortal, row: Seen) -> None:
    with closing(Portal(tmp_path / "portal", mortal.new_url(), processes=2)) as portal:
        portal.start()
        with closing(Herd(tmp_path, portal)) as kiosks:
            portal.engine.dispose()
            began = time.monotonic()
            kills = Counter[str]()
            kiosks.begin()
            for turn in itertools.count():
                ends = time.monotonic() + EVERY
                while time.monotonic() < ends and not kiosks.is_over:
                    time.sleep(0.1)
                if kiosks.is_over:
                    break
                assert time.monotonic() - began < LONGEST, f"not over: {kills}"
                kill(portal, mortal, turn)
                kills["PostgreSQL" if turn % 3 == 2 else "gateway"] += 1
            results = kiosks.results()
        portal.start()
        digests = results[0]["digests"] | results[1]["digests"]
        receipts = results[0]["receipts"] | results[1]["receipts"]
        total = KIOSKS * FORMS
        until(lambda: portal.rows("select 1"), what="PostgreSQL answers again")
        count = portal.rows(
            "select count(*), count(distinct submission_id), count(distinct receipt_no) from submissions"
        )
        assert count == [(total, total, total)]
        assert receipts == digests, "a receipt each, for the very bytes"
        assert portal.held() == digests
        assert portal.gaps() == [], "no kiosk's feed has a gap"
        kinds = Counter[str]()
        for one in results[0]["kinds"] + results[1]["kinds"]:
            kinds.update(one)
        assert set(kinds) <= {"created", "duplicate"}, "no fault of the line is a form's"
        assert kills.total() >= 3
    row.saw(
        kiosk=f"{KIOSKS} kiosks, {total} forms, {kinds['created']} created, {kinds['duplicate']} duplicate",
        portal=f"{total} held, {total} distinct, {total} receipts; killed {dict(kills)}",
    )


def kill(portal: Portal, mortal: Mortal, turn: int) -> None:
    """Kill one gateway, the other, or the database, in turn; what is down is started again, as systemd does."""
    if turn % 3 == 2:
        mortal.kill()
        mortal.start()
    else:
        portal.processes[turn % 3].kill()
    for process in portal.processes:
        if not process.is_alive:
            process.start()
