"""A practice gateway on a real socket, and kiosks that send to it: a store on disk, a key, made-up submissions."""

import itertools
import json
import random
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy
from argon2 import PasswordHasher
from sqlalchemy import delete, insert, select
from sqlite_utils import Database

from kiosk.base import clock
from sync import link, outbox, status_feed
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.gateway import Enrolment, FormVersion, GatewaySettings, serve_in_thread
from sync.gateway.tables import metadata
from sync.link import Link
from sync.parcel import Event, Outcome, Parcel, Payload, Receipt, Subject
from sync.portals.http_client import HttpClient, HttpResponse
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from sync.schema import migrations
from tests.gateway_routes import share_routes
from tests.sync.outbox_counts import count_by_state

share_routes()
CODE = "ABCDE-FGHJK-MNPQR"
PATIENCE = 100.0  # seconds: only a hang takes so long
PASSWORD = "cau-truong-tien-6-vai"
_TABLES = metadata.sorted_tables
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
UNIT = "H57.99.01"
PERSON_NAMES = ["Tôn Nữ Hạ Chi", "Lê Văn Thử", "Hồ Thị Mẫu", "Nguyễn Phước Đồ", "Trần Thị Nháp"]


def make_body(subject: str, n: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the body of a made-up birth registration."""
    return {
        "submissionId": subject,
        "kioskId": "PK03",
        "receiptNo": f"PK03-261124-{n:04d}-F",
        "revision": 1,
        "supersedes": None,
        "unitCode": UNIT,
        "procedureCode": "1.001193",
        "channel": "counter",
        "mode": "practice",
        "completedAt": "2026-11-24T08:31:00+07:00",
        "clockTrusted": True,
        "applicant": {"fullName": PERSON_NAMES[n % len(PERSON_NAMES)], "idType": "cccd", "idNumber": f"0460{n:08d}"},
        "form": {
            "formId": "khai-sinh",
            "formVersion": "1",
            "answers": {
                "ho_ten": PERSON_NAMES[n % len(PERSON_NAMES)],
                "ngay_sinh": "2026-11-12",
                "noi_cu_tru": {"detail": f"Tổ {n}"},
            },
        },
        **changes,
    }


class DiskStore:
    """Minimal store on disk for the engine; each block has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.write() as db:
            db.execute("create table desk (subject text primary key, delivery text, code int, note text) strict")
        db = self._open()
        migrations.apply(db)
        db.close()

    def _open(self) -> Database:
        return Database(sqlite3.connect(self.path, isolation_level=None))

    @contextmanager
    def read(self) -> Iterator[Database]:
        db = self._open()
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def write(self) -> Iterator[Database]:
        db = self._open()
        try:
            db.execute("begin immediate")
            yield db
            db.execute("commit")
        finally:
            db.rollback()
            db.close()


class Clock:
    """Clock of the gateway; a test may change its `offset`."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.offset


class Kiosk:
    """A kiosk: its submissions and events, an engine, and the portal's adapter."""

    def __init__(
        self, url: str, folder: Path, *, seconds: float = 60.0, seed: bytes | None = None, ca: Path | None = None
    ) -> None:
        self.loads: dict[str, Payload] = {}
        self.outcomes: list[tuple[str, Outcome]] = []
        self.store = DiskStore(folder / f"kiosk-{secrets.token_hex(4)}.db")
        self.identity = KioskIdentity("PK03", seed or secrets.token_bytes(32), lambda: secrets.token_urlsafe(12))
        self.http = HttpClient(ca=ca, seconds=seconds)
        self.portal = KioskSync(url, self.identity, self.http)
        self._numbers = itertools.count(1)
        self.boot()

    def boot(self) -> None:
        pace = BackoffSettings(first=0.2, longest=0.6, spread=0, pause=0.2, longest_pause=1.0, greeting=60)
        self.link = Link(random.Random(3), pace)
        self.engine = Engine(
            self.store, self.portal, self.link, open_subject=self.open_load, apply_outcome=self.record_outcome
        )

    def open_load(self, subject: Subject) -> Payload | None:
        return self.loads.get(subject.id)

    def record_outcome(self, db: Database, subject: Subject, outcome: Outcome) -> None:
        delivery = "sent" if outcome.is_taken else "quarantined" if outcome.is_refused else "queued"
        db.execute("insert or replace into desk (subject, delivery) values (?, ?)", [subject.id, delivery])
        if outcome.receipt is not None:
            self.apply_receipt(db, outcome.receipt)
        self.outcomes.append((subject.id, outcome))

    def apply_receipt(self, db: Database, receipt: Receipt) -> None:
        db.execute(
            "update desk set code = ?, note = ? where subject = ?",
            [receipt.status_code, receipt.note, receipt.submission_id],
        )

    def next_number(self) -> int:
        """Return the sequence of the next receipt number."""
        return next(self._numbers)

    def submit(self, **changes: Any) -> str:
        subject = str(uuid.uuid4())
        parcel = self.freeze(subject, self.next_number(), **changes)
        self.loads[subject] = parcel
        with self.store.write() as db:
            outbox.enqueue(db, subject, clock.now(), parent=parcel.supersedes)
        return subject

    def freeze(self, subject: str, n: int, **changes: Any) -> Parcel:
        body = json.dumps(make_body(subject, n, **changes), ensure_ascii=False).encode()
        return Parcel(
            submission_id=subject,
            digest=sha256_hex(body),
            body=body,
            receipt_no=f"PK03-261124-{n:04d}-F",
            supersedes=changes.get("supersedes"),
        )

    def add_event(self, submission: str, seq: int, kind: str = "accepted", **members: Any) -> str:
        subject = str(uuid.uuid4())
        event = {
            "eventId": subject,
            "submissionId": submission,
            "seq": seq,
            "kind": kind,
            "officer": "CB01",
            "at": "2026-11-24T09:00:00+07:00",
            **members,
        }
        body = json.dumps(event, ensure_ascii=False).encode()
        self.loads[subject] = Event(
            event_id=subject, submission_id=submission, seq=seq, digest=sha256_hex(body), body=body
        )
        with self.store.write() as db:
            outbox.enqueue(db, subject, clock.now(), kind="event", parent=submission, seq=seq)
        return subject

    def round(self) -> bool:
        return self.engine.round(clock.now())

    def run_rounds(self) -> None:
        while self.round():
            pass

    def pull_feed(self) -> None:
        while status_feed.pull(self.store, self.portal, self.link, self.apply_receipt, clock.now()):
            pass

    def run_until_failed(self, times: int) -> None:
        """Run rounds until the link has failed this often in a row; between two failures the kiosk waits."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.run_rounds()
            with self.store.read() as db:
                if link.state(db).failures >= times:
                    return
            time.sleep(0.02)
        raise AssertionError(f"the link did not fail {times} times")

    def drain(self) -> None:
        """Run rounds until nothing is open."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.run_rounds()
            counts = self.count_by_state()
            if not counts["todo"] + counts["unknown"]:
                return
            time.sleep(0.02)

    def count_by_state(self) -> dict[str, int]:
        with self.store.read() as db:
            return dict(count_by_state(db))

    def outbox_state(self, subject: str) -> str:
        with self.store.read() as db:
            row = outbox.status_of(db, subject)
        assert row is not None
        return row.state

    def desk_row(self, subject: str) -> dict[str, Any]:
        with self.store.read() as db:
            rows = list(db.query("select * from desk where subject = ?", [subject]))
        return rows[0] if rows else {}

    def send_request(self, method: str, path: str, content: object | None = None) -> HttpResponse:
        """Send a signed request; return the response as it is."""
        response, _ = self.portal._exchange_json(method, path, content)
        return response


class PracticeGateway:
    """A practice gateway with one enrolment code, and its kiosks; `ca` is the certificate that they trust."""

    ca: Path | None = None

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.folder = folder
        self.clock = Clock()
        self.settings = GatewaySettings(
            database=str(folder / "gateway.db"),
            operator_password=_PASSWORD_HASH,
            now=self.clock,
            token=lambda: secrets.token_urlsafe(24),
            practice=True,
            key_file=str(folder / "gateway.key"),
            enrolment=(Enrolment(CODE, "PK03", UNIT),),
            catalogue=(
                FormVersion(
                    procedure_code="1.001193", form_id="khai-sinh", form_version="1", effective_from="2026-07-01"
                ),
            ),
        )
        self.settings = replace(self.settings, **changes)
        self.kiosks: list[Kiosk] = []
        self.start()

    def start(self) -> None:
        self.gateway, self.thread = serve_in_thread(self.settings)
        self.settings = replace(self.settings, port=self.gateway.port)
        self.url = self.gateway.url

    def stop(self) -> None:
        self.gateway.close()
        self.thread.join(60)

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.portal.close()
        self.stop()

    def new_kiosk(self, **options: Any) -> Kiosk:
        kiosk = Kiosk(self.url, self.folder, ca=self.ca, **options)
        self.kiosks.append(kiosk)
        return kiosk

    def enrolled_kiosk(self, **options: Any) -> Kiosk:
        kiosk = self.new_kiosk(**options)
        kiosk.portal.enrol(CODE, UNIT)
        return kiosk

    @property
    def engine(self) -> sqlalchemy.Engine:
        engine: sqlalchemy.Engine = self.gateway.app.extensions["gateway"].engine
        return engine

    def back_up(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of all tables."""
        with self.engine.begin() as db:
            return {table.name: [dict(row) for row in db.execute(select(table)).mappings()] for table in _TABLES}

    def restore(self, copy: dict[str, list[dict[str, Any]]]) -> None:
        """Restore the rows of all tables from a copy."""
        with self.engine.begin() as db:
            for table in reversed(_TABLES):
                db.execute(delete(table))
            for table in _TABLES:
                if copy[table.name]:
                    db.execute(insert(table), copy[table.name])

    def submission_ids(self) -> list[str]:
        """Return the ids of all submissions in the gateway, oldest first."""
        return [row[0] for row in self.sql("select submission_id from submissions order by received_at")]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in the gateway's database; return its rows."""
        with self.engine.begin() as db:
            result = db.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []
