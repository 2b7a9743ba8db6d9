"""Row 23, exhaustively: every state in which a crash can leave the store while 40 forms are submitted.

strace records the system calls of the writer. They are replayed; after each call, every possible state of the disk is
opened as a kiosk opens it after a power failure.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.config import ROOT, Config, load
from kiosk.startup.context_factory import create_store
from tests.faults import crash_states
from tests.faults.crash_states import CrashStates
from tests.faults.table import RowResult

pytestmark = pytest.mark.faults
FORMS = 40
STORE = "kiosk.db"
LOG = "kiosk.db-wal"
COMPLETE_SQL = """select s.id from submissions s join outbox o on o.subject = s.id join jobs j on j.subject = s.id
           join tickets t on t.submission_id = s.id join audit a on a.subject = s.id and a.act = 'submit'"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "kiosk.toml"
    file.write_text('[portal]\nkind = "kiosk-sync"\nurl = "https://portal.example"\n')
    config = load(file)
    create_store(config)
    return config


def record_trace(config: Config, synchronous: str) -> Path:
    """Submit forms under strace, with a checkpoint now and then; return the trace."""
    trace = config.root / "trace"
    writer = [sys.executable, "-m", "tests.faults.traced_writer", str(FORMS), synchronous]
    command = [*crash_states.STRACE, "-o", str(trace), *writer]
    env = {**os.environ, "KIOSK_CONFIG": str(config.root / "kiosk.toml"), "PYTHONUNBUFFERED": "1"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=300)
    return trace


@dataclass
class ReplayResult:
    """Checked states, acknowledged submissions, and the most that were lost in one state."""

    states: int = 0
    acknowledged: int = 0
    lost: int = 0


def replay(config: Config, base: bytes, trace: Path) -> ReplayResult:
    """Replay a trace on the store; stop at the first state that has lost an acknowledged submission."""
    states = CrashStates(config.root, {STORE: base})
    acknowledged: set[str] = set()
    result = ReplayResult()
    for step in crash_states.read_steps(trace, {STORE, LOG}):
        if step.kind == "print":
            acknowledged.update(step.data.decode().split())
            result.acknowledged = len(acknowledged)
        for folder in states.after(step):
            result.states += 1
            result.lost = len(acknowledged - read_submissions(folder))
            if result.lost:
                return result
    return result


def read_submissions(folder: Path) -> set[str]:
    """Open a store as a start after a crash does; return its submissions, each of which must be complete."""
    (folder / f"{STORE}-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{(folder / STORE).as_uri()}?mode=ro", uri=True)) as db:
        ids = {row[0] for row in db.execute(COMPLETE_SQL)}
        count = db.execute("select count(*), count(distinct receipt_no) from submissions").fetchone()
        assert count == (len(ids), len(ids)), "a submission is stored completely or not at all"
        return ids


@pytest.mark.row(23)
def test_no_crash_at_any_step_of_40_forms_loses_what_was_acknowledged(config: Config, row: RowResult) -> None:
    base = config.store_path.read_bytes()
    result = replay(config, base, record_trace(config, "full"))
    assert (result.acknowledged, result.lost) == (FORMS, 0)
    assert result.states > 50 * FORMS
    row.observe(
        kiosk=f"{result.states} states after a crash, {result.acknowledged} acknowledged, {result.lost} lost",
        portal="",
    )


def test_a_store_that_does_not_wait_for_the_disk_loses_submissions(config: Config) -> None:
    base = config.store_path.read_bytes()
    result = replay(config, base, record_trace(config, "normal"))
    assert result.acknowledged > 0
    assert result.lost > 0
