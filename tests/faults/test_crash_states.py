"""Row 23 once more, without luck: every state in which a crash can leave the store while 40 forms are handed in.

The writer's calls are recorded by strace and played back; after each of them every state that a disk may then hold is
opened as a kiosk would open it after a power cut.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import open_context
from kiosk.config import ROOT, Config, load
from tests.faults import tracing
from tests.faults.table import Seen
from tests.faults.tracing import Crashes

pytestmark = pytest.mark.faults
FORMS = 40
STORE = "kiosk.db"
LOG = "kiosk.db-wal"
WHOLE = """select s.id from submissions s join outbox o on o.subject = s.id join jobs j on j.subject = s.id
           join tickets t on t.submission_id = s.id join audit a on a.subject = s.id and a.act = 'submit'"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "kiosk.toml"
    file.write_text('[portal]\nkind = "kiosk-sync"\nurl = "https://portal.example"\n')
    config = load(file)
    open_context(config).store.close()
    return config


def traced(config: Config, sync: str) -> Path:
    """Hand in forms under strace, with an emptied log now and then; give the record."""
    trace = config.root / "trace"
    words = [*tracing.STRACE, "-o", str(trace), sys.executable, "-m", "tests.faults.tracing_writer", str(FORMS), sync]
    env = {**os.environ, "KIOSK_CONFIG": str(config.root / "kiosk.toml"), "PYTHONUNBUFFERED": "1"}
    subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True, timeout=300)
    return trace


def played(config: Config, base: bytes, trace: Path, most_lost: int) -> tuple[int, int, int]:
    """Play the record back on the store as it was; give the states looked at, the forms said, and the forms lost."""
    crashes = Crashes(config.root, {STORE: base})
    said: set[str] = set()
    looked = 0
    lost = 0
    for step in tracing.steps(trace, {STORE, LOG}):
        if step.call == "said":
            said.update(step.data.decode().split())
        for place in crashes.after(step):
            looked = looked + 1
            lost = max(lost, len(said - opened(place)))
            if lost > most_lost:
                return looked, len(said), lost
    return looked, len(said), lost


def opened(place: Path) -> set[str]:
    """Open a store as a start after a crash does; the forms in it are whole, or the state is none that may be."""
    (place / f"{STORE}-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{(place / STORE).as_uri()}?mode=ro", uri=True)) as db:
        found = {row[0] for row in db.execute(WHOLE)}
        count = db.execute("select count(*), count(distinct receipt_no) from submissions").fetchone()
        assert count == (len(found), len(found)), "a form is there wholly or not at all"
        return found


@pytest.mark.row(23)
def test_no_crash_at_any_step_of_40_forms_loses_what_was_acknowledged(config: Config, row: Seen) -> None:
    base = config.store_path.read_bytes()
    looked, said, lost = played(config, base, traced(config, "full"), 0)
    assert (said, lost) == (FORMS, 0)
    assert looked > 50 * FORMS
    row.saw(kiosk=f"{looked} states after a crash, {said} acknowledged, {lost} lost", portal="")


def test_the_harness_bites_a_store_that_does_not_wait_loses(config: Config) -> None:
    base = config.store_path.read_bytes()
    _, said, lost = played(config, base, traced(config, "normal"), 0)
    assert said > 0
    assert lost > 0
