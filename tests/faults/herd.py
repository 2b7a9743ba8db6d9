"""Many kiosks in one process: each a thread with the real engine, the real HTTP client and its own key.

    python -m tests.faults.herd config.json     reads its configuration, waits for a line, delivers, writes its results

Only the store is small (SQLite in memory), and the submissions are made up when they are needed: this process is never
killed.
"""

import json
import logging
import random
import secrets
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

from kiosk.base import clock
from sync import outbox
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Outcome, Parcel, Payload, Subject
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from sync.schema import migrations
from tests.sync.practice_gateway import UNIT, make_body

QUEUE_SIZE = 20
"""Submissions that a kiosk queues at a time; the next follow when these are sent."""

IDLE_SECONDS = 0.3
"""A hundred kiosks share a processor: at 0.05 s, asking whether something is due was most of what the herd did."""


@dataclass(frozen=True)
class HerdConfig:
    """Configuration of a process.

    Attributes:
        url: the portal.
        codes: one-time codes by kiosk.
        submissions: submissions of each kiosk.
        scale: factor of all waits of sync.
        results: path of the results file.
    """

    url: str
    codes: dict[str, str]
    submissions: int
    scale: float
    results: str


class Store:
    """Store in memory that several threads may use one after another."""

    def __init__(self) -> None:
        self.db = Database(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
        migrations.apply(self.db)

    @contextmanager
    def read(self) -> Iterator[Database]:
        yield self.db

    @contextmanager
    def write(self) -> Iterator[Database]:
        self.db.execute("begin immediate")
        try:
            yield self.db
            self.db.execute("commit")
        finally:
            self.db.conn.rollback()


class Kiosk:
    """A kiosk of the herd.

    Attributes:
        parcels: its submissions by id.
        receipts: the digest in the portal's receipt, by submission.
        outcome_counts: number of outcomes of each kind.
    """

    def __init__(self, kiosk_id: str, config: HerdConfig) -> None:
        self.id = kiosk_id
        self.parcels: dict[str, Parcel] = {}
        self.receipts: dict[str, str] = {}
        self.outcome_counts: dict[str, int] = {}
        self.store = Store()
        identity = KioskIdentity(kiosk_id, secrets.token_bytes(32), lambda: secrets.token_urlsafe(12))
        self.portal = KioskSync(config.url, identity, HttpClient(seconds=20))
        link = Link(random.Random(kiosk_id), BackoffSettings().scaled(config.scale))
        self.engine = Engine(
            self.store, self.portal, link, open_subject=self.open_payload, apply_outcome=self.record_outcome
        )
        self._left = config.submissions

    def open_payload(self, subject: Subject) -> Payload | None:
        return self.parcels.get(subject.id)

    def record_outcome(self, _db: Database, subject: Subject, outcome: Outcome) -> None:
        self.outcome_counts[outcome.kind] = self.outcome_counts.get(outcome.kind, 0) + 1
        if outcome.is_taken and outcome.receipt is not None:
            self.receipts[subject.id] = outcome.receipt.digest

    def submit_next(self) -> None:
        """Queue the next submissions when those before are sent."""
        with self.store.write() as db:
            if outbox.count_open(db):
                return
            for _ in range(min(QUEUE_SIZE, self._left)):
                submission_id = str(uuid.uuid4())
                number = len(self.parcels) + 1
                receipt_no = f"{self.id}-261124-{number:04d}-F"
                content = make_body(submission_id, number, kioskId=self.id, receiptNo=receipt_no, mode="live")
                body = json.dumps(content, ensure_ascii=False).encode()
                self.parcels[submission_id] = Parcel(
                    submission_id=submission_id, digest=sha256_hex(body), body=body, receipt_no=receipt_no
                )
                outbox.enqueue(db, submission_id, clock.now())
                self._left -= 1

    def deliver_all(self) -> None:
        """Submit and deliver until nothing is left."""
        while self._left or len(self.receipts) < len(self.parcels):
            self.submit_next()
            assert set(self.outcome_counts) <= {"created", "duplicate"}, self.outcome_counts
            if not self.engine.round(clock.now()):
                time.sleep(IDLE_SECONDS)
        self.portal.close()


def main(path: Path) -> None:
    logging.disable()  # hundreds of kiosks log each kill
    config = HerdConfig(**json.loads(path.read_text()))
    kiosks = [Kiosk(kiosk_id, config) for kiosk_id in config.codes]
    for kiosk in kiosks:
        kiosk.portal.enrol(config.codes[kiosk.id], UNIT)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(len(kiosks)) as threads:
        list(threads.map(Kiosk.deliver_all, kiosks))
    digests = {}
    receipts = {}
    for kiosk in kiosks:
        digests.update({submission_id: parcel.digest for submission_id, parcel in kiosk.parcels.items()})
        receipts.update(kiosk.receipts)
    results = {
        "digests": digests,
        "receipts": receipts,
        "outcome_counts": [kiosk.outcome_counts for kiosk in kiosks],
    }
    Path(config.results).write_text(json.dumps(results))
    print("over", flush=True)


def write_config(path: Path, config: HerdConfig) -> list[str]:
    """Write the configuration of a process; return the command that starts it."""
    path.write_text(json.dumps(asdict(config)))
    return [sys.executable, "-m", "tests.faults.herd", str(path)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
