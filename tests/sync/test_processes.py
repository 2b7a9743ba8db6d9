"""Two processes of the gateway on one PostgreSQL: nothing twice, nothing lost, no gap in the feed."""

import itertools
import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy

from kiosk.base import codes
from kiosk.config import ROOT
from sync import errors
from sync.encoding import sha256_hex
from sync.gateway import Enrolment, database, files, kiosks
from sync.gateway.tables import nonces
from sync.parcel import FileChunk, Parcel
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import KioskIdentity, KioskSync
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import UNIT, Clock, make_body

BATCHES = 12
BATCH_SIZE = 5
THREADS = 4
KIOSKS = ("PK03", "PK04")
OTHER_KIOSK = "PK06"
"""Its submissions are not those that a test counts."""


class GatewayPair:
    """Two gateway processes on one database, and the keys of the kiosks."""

    def __init__(self, url: str, key_file: Path) -> None:
        self.url = url
        self.engine = database.open_engine(url, key_file=str(key_file))
        self.codes = {kiosk: codes.token() for kiosk in (*KIOSKS, OTHER_KIOSK, "PK05")}
        with self.engine.begin() as db:
            for kiosk, code in self.codes.items():
                kiosks.add_code(db, Enrolment(code, kiosk, UNIT), Clock()(), may_replace=False)
        self.seeds = {kiosk: os.urandom(32) for kiosk in (*KIOSKS, OTHER_KIOSK)}
        self.processes = [_start(url, key_file) for _ in range(2)]
        self.addresses = [_address(process) for process in self.processes]

    def open_portal(self, kiosk: str, side: int) -> KioskSync:
        identity = KioskIdentity(kiosk, self.seeds[kiosk], codes.nonce)
        return KioskSync(self.addresses[side], identity, HttpClient(seconds=30))

    def rows(self, statement: str) -> list[Any]:
        with self.engine.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(statement)]

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)
            assert process.stdout is not None
            process.stdout.close()
        self.engine.dispose()


def _start(url: str, key_file: Path) -> "subprocess.Popen[str]":
    env = {**os.environ, "KIOSK_GATEWAY_DATABASE": url, "KIOSK_GATEWAY_KEY": str(key_file)}
    command = [sys.executable, "-m", "tests.sync.gateway_process"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture(scope="module")
def pair(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayPair]:
    """Return two processes with two enrolled kiosks; each test makes its own submissions."""
    pair = GatewayPair(postgres.new_url(), tmp_path_factory.mktemp("gateway") / "gateway.key")
    for kiosk in pair.seeds:
        with closing(pair.open_portal(kiosk, 0)) as portal:
            portal.enrol(pair.codes[kiosk], UNIT)
    yield pair
    pair.close()


def make_parcel(kiosk: str, n: int) -> Parcel:
    subject = str(uuid.uuid4())
    number = f"{kiosk}-261124-{n:04d}-F"
    body = json.dumps(make_body(subject, n, kioskId=kiosk, receiptNo=number), ensure_ascii=False).encode()
    return Parcel(submission_id=subject, digest=sha256_hex(body), body=body, receipt_no=number)


def follow_feed(portal: KioskSync, is_over: Event) -> list[str]:
    """Read the feed while others write, and then to its end; return the ids in order."""
    seen: list[str] = []
    cursor = None
    while True:
        was_over = is_over.is_set()
        page = portal.changes(cursor)
        seen += [receipt.submission_id for receipt in page.receipts]
        cursor = page.cursor
        if was_over and not page.has_more:
            return seen


def test_two_processes_under_load_store_each_submission_once_and_leave_no_gap(pair: GatewayPair) -> None:
    numbers = itertools.count(1)
    batches = [
        (kiosk, [make_parcel(kiosk, next(numbers)) for _ in range(BATCH_SIZE)])
        for _ in range(BATCHES)
        for kiosk in KIOSKS
    ]
    outcomes: Counter[str] = Counter()

    def send_batch(turn: int) -> list[str]:
        kiosk, parcels = batches[turn // 2]
        with closing(pair.open_portal(kiosk, turn % 2)) as portal:
            return [outcome.kind for outcome in portal.send(parcels).outcomes.values()]

    is_over = Event()
    with closing(pair.open_portal(KIOSKS[0], 1)) as reader, ThreadPoolExecutor(THREADS + 1) as threads:
        reading = threads.submit(follow_feed, reader, is_over)
        for kinds in threads.map(send_batch, range(2 * len(batches))):
            outcomes.update(kinds)
        is_over.set()
        seen = reading.result(60)
    total = len(batches) * BATCH_SIZE
    assert outcomes == {"created": total, "duplicate": total}
    counted = f"select count(*), count(distinct submission_id) from submissions where kiosk_id <> '{OTHER_KIOSK}'"
    assert pair.rows(counted) == [(total, total)]
    for kiosk in KIOSKS:
        statement = f"select taken_seq from submissions where kiosk_id = '{kiosk}' order by taken_seq"
        seqs = [row[0] for row in pair.rows(statement)]
        assert seqs == list(range(1, total // len(KIOSKS) + 1))
    sent = [parcel.submission_id for owner, parcels in batches if owner == KIOSKS[0] for parcel in parcels]
    assert sorted(seen) == sorted(sent)


def test_a_request_to_one_process_is_a_replay_to_the_other(pair: GatewayPair) -> None:
    nonce = codes.nonce()
    identity = KioskIdentity(KIOSKS[0], pair.seeds[KIOSKS[0]], lambda: nonce)
    with closing(KioskSync(pair.addresses[0], identity, HttpClient(seconds=30))) as first:
        first.changes(None)
    with (
        closing(KioskSync(pair.addresses[1], identity, HttpClient(seconds=30))) as second,
        pytest.raises(errors.SyncError),
    ):
        second.changes(None)
    assert pair.rows(f"select count(*) from nonces where nonce = '{nonce}'") == [(1,)]


def test_a_code_used_at_both_processes_at_once_enrols_one_key(pair: GatewayPair) -> None:
    def enrol(side: int) -> str:
        identity = KioskIdentity("PK05", os.urandom(32), codes.nonce)
        with closing(KioskSync(pair.addresses[side], identity, HttpClient(seconds=30))) as portal:
            try:
                portal.enrol(pair.codes["PK05"], UNIT)
            except errors.EnrolmentRefused as error:
                return str(error)
            return "enrolled"

    with ThreadPoolExecutor(THREADS) as threads:
        results = list(threads.map(enrol, (0, 1, 0, 1)))
    assert results.count("enrolled") == 1
    assert pair.rows("select count(*) from kiosks where kiosk_id = 'PK05'") == [(1,)]


def test_two_processes_that_start_at_once_make_one_epoch(pair: GatewayPair) -> None:
    assert pair.rows("select count(*) from epochs") == [(1,)]
    assert pair.rows("select count(*) from alembic_version") == [(1,)]


def test_one_file_sent_to_both_processes_at_once_is_stored_once_and_complete(pair: GatewayPair) -> None:
    content = os.urandom(64 * 1024)
    name = sha256_hex(content)
    length = 8 * 1024

    def upload(side: int) -> None:
        """Upload the file as a kiosk does, continuing where the other process has stored more."""
        with closing(pair.open_portal(KIOSKS[0], side)) as portal:
            progress = portal.held(name)
            while not progress.is_whole:
                part = content[progress.offset : progress.offset + length]
                piece = FileChunk(progress.offset, part, is_last=progress.offset + length >= len(content))
                after = portal.append(name, piece)
                progress = after if after.is_whole else portal.held(name)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(upload, (0, 1, 0, 1)))
    with pair.engine.begin() as db:
        assert files.read_content(db, files.FileKey(KIOSKS[0], name)) == content


def test_a_revision_that_is_written_with_a_point_is_stored(pair: GatewayPair) -> None:
    parcel = make_parcel(OTHER_KIOSK, 1)
    body = parcel.body.replace(b'"revision": 1,', b'"revision": 1.0,')
    assert body != parcel.body
    parcel = replace(parcel, body=body, digest=sha256_hex(body))
    with closing(pair.open_portal(OTHER_KIOSK, 0)) as portal:
        assert portal.send([parcel]).outcomes[parcel.submission_id].kind == "created"
    assert pair.rows(f"select form_revision from submissions where submission_id = '{parcel.submission_id}'") == [(1,)]


def test_rows_that_another_transaction_has_inserted_are_retried(pair: GatewayPair) -> None:
    attempts: list[int] = []

    def work(db: sqlalchemy.Connection) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            with pair.engine.begin() as rival:
                database.insert_rows(rival, nonces, [_nonce("copied", "n1")])
            database.insert_rows(db, nonces, [_nonce("copied", "n0"), _nonce("copied", "n1")])
        return len(attempts)

    assert database.run_transaction(pair.engine, work) == 2
    with pair.engine.begin() as db:
        stored = db.execute(sqlalchemy.select(nonces.c.nonce).where(nonces.c.key_id == "copied"))
        assert list(stored.scalars()) == ["n1"], "n0 was rolled back"


def test_a_connection_that_is_lost_while_rows_are_inserted_is_opened_again(pair: GatewayPair) -> None:
    attempts: list[int] = []

    def work(db: sqlalchemy.Connection) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            (pid,) = db.exec_driver_sql("select pg_backend_pid()").one()
            with pair.engine.begin() as rival:
                rival.exec_driver_sql(f"select pg_terminate_backend({pid}, 60000)")
        database.insert_rows(db, nonces, [_nonce("lost", "n1")])
        return len(attempts)

    assert database.run_transaction(pair.engine, work) == 2


def _nonce(key_id: str, nonce: str) -> dict[str, str]:
    return {"key_id": key_id, "nonce": nonce, "seen_at": "x"}


def test_a_transaction_that_conflicts_with_another_is_retried(pair: GatewayPair) -> None:
    attempts: list[int] = []

    def work(db: sqlalchemy.Connection) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            with pair.engine.begin() as rival:
                rival.exec_driver_sql("insert into meter (id, next_at, slow_tries) values (1, 'x', 0)")
            db.exec_driver_sql("insert into meter (id, next_at, slow_tries) values (1, 'y', 0)")
        return len(attempts)

    with pair.engine.begin() as db:
        db.exec_driver_sql("delete from meter")
    assert database.run_transaction(pair.engine, work) == 2
