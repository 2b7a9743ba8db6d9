"""A store with 100,000 submissions with their bodies: a copy, a restore of it, and a take-over by a stand-by.

The times are those of one machine. Each body is opened and compared with its digest before a store is replaced.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from bench._figures import Figures
from bench.archived import open_kiosk
from kiosk.acts import backups
from kiosk.backup import create, restore, take_over
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.recovery import RecoveryPaper
from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.records import submissions
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive

FORMS = 100_000
A_DAY = 400
BODY_BYTES = 2500
PAPER = RecoveryPaper(bytes(16))
INSERT = """insert into submissions (id, receipt_no, revision, procedure, version, unit, day, seq, completed_at,
  clock_trusted, digest, applicant_hash, lookup_hash, delivery, desk, portal_code, portal_revision, touched_at,
  closed_at, body)
  values (?, ?, 1, '1.001193', '1', 'H57.99.01', ?, ?, ?, 1, ?, ?, ?, 'confirmed', 'handed_out', 10, 3, ?, ?, ?)"""


def add_forms(context: Context) -> None:
    """Write submissions with sealed bodies into a store."""
    first = context.clock.today() - timedelta(days=FORMS // A_DAY + 10)
    for start in range(0, FORMS, 10_000):
        rows = [_row(context, first + timedelta(days=n // A_DAY), n) for n in range(start, start + 10_000)]
        with context.store.write() as db:
            db.conn.executemany(INSERT, rows)


def _row(context: Context, day: object, n: int) -> tuple[object, ...]:
    submission_id = codes.new_id()
    body = f"{n:06d}".encode() * (BODY_BYTES // 6)
    at = f"{day}T01:00:00.000Z"
    number = f"PK03-{str(day)[2:].replace('-', '')}-{n % A_DAY + 1:04d}-X"
    name = f"{n:064x}"
    sealed = context.vault.seal(submissions.BODY, submission_id, body)
    digest = sha256(body).hexdigest()
    return submission_id, number, str(day), n % A_DAY + 1, at, digest, name, name, at, at, sealed


def _seconds(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def _take_over(config: Config) -> None:
    take_over.newest_copy(config, PAPER)
    with exclusive(config.store_path):
        restore.restore(config, SYSTEM, paper=PAPER)


def run() -> Figures:
    """Measure a copy and a restore, and a take-over from minute copies by the paper."""
    with tempfile.TemporaryDirectory() as folder, open_kiosk(Path(folder)) as kiosk:
        for name in ("copies", "second"):
            (Path(folder) / name).mkdir()
        config = replace(kiosk.context.config, backup=BackupSettings(path=f"{folder}/copies"))
        context = replace(kiosk.context, config=config)
        backups.save_paper(context, PAPER)
        add_forms(context)
        context.store.close()
        size = config.store_path.stat().st_size / 1e6
        again = open_context(config)
        with closing(again.store):
            copying = _seconds(lambda: create.create(again))
            minute_config = replace(config, backup=BackupSettings(second=f"{folder}/second"))
            copies = MinuteCopies(replace(again, config=minute_config))
            whole = _seconds(copies.create)
            change = _seconds(copies.create)
        with exclusive(config.store_path):
            restoring = _seconds(lambda: restore.restore(config, SYSTEM))
        stand_by = replace(minute_config, root=Path(folder) / "stand-by")
        stand_by.folder.mkdir(parents=True)
        taking_over = _seconds(lambda: _take_over(stand_by))
    return [
        (f"restore of {FORMS:,} submissions, seconds", restoring, f"of {size:.0f} MB"),
        ("take-over from minute copies by the paper, seconds", taking_over, ""),
        ("  a copy, seconds", copying, "paced"),
        ("  a whole minute copy, seconds", whole, "paced"),
        ("  a minute copy without changes, seconds", change, "paced"),
    ]
