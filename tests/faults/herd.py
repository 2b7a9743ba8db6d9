"""Many kiosks in one process: each a thread with the real engine, the real wire and a key of its own.

    python -m tests.faults.herd told.json     reads what it is told, waits for a line, delivers, writes its results

Only the store is small (SQLite in memory) and the forms are made up at once: kills are for the other side.
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
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from sync import outbox
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Load, Outcome, Parcel, Subject
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from sync.schema import migrations
from tests.sync.practice_gateway import UNIT, make_body

AT_ONCE = 20
"""Forms that wait at a kiosk at a time: when they have left, the next come."""


@dataclass(frozen=True)
class Told:
    """What a process is told: where the portal is, its kiosks with their codes, how many forms each, how fast."""

    url: str
    codes: dict[str, str]
    forms: int
    scale: float
    results: str


class Store:
    """A store in memory, for one thread after another."""

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
    """A kiosk of the herd; ``receipts`` holds the digest that the portal's receipt names, by form."""

    def __init__(self, kiosk_id: str, told: Told) -> None:
        self.id = kiosk_id
        self.safe: dict[str, Parcel] = {}
        self.receipts: dict[str, str] = {}
        self.kinds: dict[str, int] = {}
        self.store = Store()
        identity = KioskIdentity(kiosk_id, secrets.token_bytes(32), lambda: secrets.token_urlsafe(12))
        self.portal = KioskSync(told.url, identity, HttpClient(seconds=20))
        line = Link(random.Random(kiosk_id), BackoffSettings().scaled(told.scale))
        self.engine = Engine(self.store, self.portal, line, open_subject=self.pack, apply_outcome=self.settle)
        self._left = told.forms

    def pack(self, subject: Subject) -> Load | None:
        return self.safe.get(subject.id)

    def settle(self, _db: Database, subject: Subject, outcome: Outcome) -> None:
        self.kinds[outcome.kind] = self.kinds.get(outcome.kind, 0) + 1
        if outcome.is_taken and outcome.receipt is not None:
            self.receipts[subject.id] = outcome.receipt.digest

    def hand_in(self) -> None:
        """Hand in the next forms, when those before have left."""
        with self.store.write() as db:
            if outbox.count_open(db):
                return
            for _ in range(min(AT_ONCE, self._left)):
                subject = str(uuid.uuid4())
                n = len(self.safe) + 1
                number = f"{self.id}-261124-{n:04d}-F"
                said = make_body(subject, n, kioskId=self.id, receiptNo=number, mode="live")
                body = json.dumps(said, ensure_ascii=False).encode()
                self.safe[subject] = Parcel(
                    submission_id=subject, digest=sha256_hex(body), body=body, receipt_no=number
                )
                outbox.enqueue(db, subject, datetime.now(UTC))
                self._left -= 1

    def deliver(self) -> None:
        """Hand in and deliver until nothing is left."""
        while self._left or len(self.receipts) < len(self.safe):
            self.hand_in()
            assert set(self.kinds) <= {"created", "duplicate"}, self.kinds
            if not self.engine.round(datetime.now(UTC)):
                time.sleep(0.05)
        self.portal.close()


def main(path: Path) -> None:
    logging.disable()  # hundreds of kiosks meet every kill
    told = Told(**json.loads(path.read_text()))
    herd = [Kiosk(kiosk_id, told) for kiosk_id in told.codes]
    for kiosk in herd:
        kiosk.portal.enrol(told.codes[kiosk.id], UNIT)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(len(herd)) as threads:
        list(threads.map(Kiosk.deliver, herd))
    digests = {form: parcel.digest for kiosk in herd for form, parcel in kiosk.safe.items()}
    receipts = {form: digest for kiosk in herd for form, digest in kiosk.receipts.items()}
    kinds = [kiosk.kinds for kiosk in herd]
    Path(told.results).write_text(json.dumps({"digests": digests, "receipts": receipts, "kinds": kinds}))
    print("over", flush=True)


def tell(path: Path, told: Told) -> list[str]:
    """Write down what a process is told; give the words that start it."""
    path.write_text(json.dumps(asdict(told)))
    return [sys.executable, "-m", "tests.faults.herd", str(path)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
