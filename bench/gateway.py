"""The gateway on PostgreSQL against a bare Flask that inserts the same rows with psycopg, in batches of 20.

Both stand under waitress in one process, on one server, and are asked in turns by callers in another process. The
requests of the gateway are made and signed before the clock runs; it checks each signature, digest and shape. The bare
one is handed the same JSON without gzip and inserts twenty rows in one transaction, `synchronous_commit` on in both. A
round's figure is the ratio of the rates.
"""

import gzip
import json
import logging
import random
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from multiprocessing import get_context
from typing import Any

import psycopg
from flask import Flask, request

from bench._serving import serving
from bench.drain import form
from kiosk.codes import nonce, token
from sync import signature
from sync.gateway import Enrolment, Settings, create_app, kiosks
from sync.gateway.server import share_out
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import BASE
from tests.sync.postgres import Postgres

BATCH = 20
EACH = 60
CALLERS = 4
ROUNDS = 5
UNIT = "H57.99.01"
TARGET = ">= 0.4 (ratio of rates, signatures checked)"
Ask = tuple[str, dict[str, str], bytes]


def bare(url: str) -> Flask:
    """The least that keeps the same rows: JSON in, twenty rows, one commit."""
    app = Flask("bare")
    local = threading.local()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table rows (id text primary key, digest text, body bytea)")

    @app.post("/rows")
    def rows() -> str:
        if not hasattr(local, "db"):
            local.db = psycopg.connect(url)
        said = json.loads(request.get_data())["submissions"]
        made = [(one["submissionId"], one["digest"], one["body"].encode()) for one in said]
        with local.db.cursor() as cursor:
            cursor.executemany("insert into rows values (%s, %s, %s)", made)
        local.db.commit()
        return json.dumps([one[0] for one in made])

    return app


def post_all(port: int, asks: list[Ask]) -> int:
    """Post from one caller after the other; give how many forms were taken."""
    line = HTTPConnection("127.0.0.1", port)
    taken = 0
    for path, headers, content in asks:
        line.request("POST", path, content, headers)
        taken += taken_by(line.getresponse(), path)
    line.close()
    return taken


def taken_by(answer: HTTPResponse, path: str) -> int:
    """How many forms an answer says were taken for the first time."""
    told = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {told[:200]!r}")
    if answer.headers["Content-Encoding"] == "gzip":
        told = gzip.decompress(told)
    return BATCH if path == "/rows" else told.count(b'"created"')


class Callers:
    """Kiosks that hand over batches; every batch is used once."""

    def __init__(self, rng: random.Random, seeds: list[bytes]) -> None:
        self._rng = rng
        self.seeds = seeds
        self._n = 0

    def batch(self, kiosk: str) -> bytes:
        made = []
        for _ in range(BATCH):
            self._n += 1
            made.append(form(1 + self._n % 9000, self._rng, kiosk))
        said = [{"submissionId": one.submission_id, "digest": one.digest, "body": one.body.decode()} for one in made]
        return json.dumps({"submissions": said}, ensure_ascii=False).encode()

    def plain(self) -> list[list[Ask]]:
        headers = {"Content-Type": "application/json"}
        return [[("/rows", headers, self.batch(name(n))) for _ in range(EACH)] for n in range(CALLERS)]

    def signed(self, port: int) -> list[list[Ask]]:
        return [[self._sign(port, n) for _ in range(EACH)] for n in range(CALLERS)]

    def _sign(self, port: int, n: int) -> Ask:
        content = self.batch(name(n))
        url = f"http://127.0.0.1:{port}{BASE}/submissions"
        asked = HttpClient().prepare("POST", url, {"Content-Type": "application/json"}, content)
        signature.sign(asked, self.seeds[n], content=content, created=datetime.now(UTC), nonce=nonce())
        return BASE + "/submissions", dict(asked.headers), content


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def name(n: int) -> str:
    return f"PK{n + 10}"


def quiet() -> None:
    """Let waitress keep its warnings, and threads share the processor as the gateway's own server lets them."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    share_out()


@contextmanager
def gateway(database: str, callers: Callers) -> Iterator[Flask]:
    """A gateway that knows the callers."""
    app = create_app(Settings(database=database, now=lambda: datetime.now(UTC), token=token, practice=True))
    with app.extensions["gateway"].engine.begin() as db:
        for n, seed in enumerate(callers.seeds):
            asked = Enrolment(token(), name(n), UNIT)
            kiosks.add_code(db, asked, datetime.now(UTC), may_replace=False)
            kiosks.enrol(db, asked, signature.public_key(seed), datetime.now(UTC))
    yield app
    app.extensions["gateway"].close()


def run() -> list[tuple[str, float, str]]:
    """Five rounds of each in turns."""
    quiet()
    postgres = Postgres()
    try:
        postgres.run("alter system reset fsync", "select pg_reload_conf()")
        rng = random.Random(7)
        callers = Callers(rng, [rng.randbytes(32) for _ in range(CALLERS)])
        with (
            gateway(postgres.fresh(), callers) as app,
            serving(app) as ours,
            serving(bare(postgres.fresh())) as least,
        ):
            ratios = _rounds(callers, port_of(ours), port_of(least))
    finally:
        postgres.close()
    said = f"gateway on PostgreSQL / bare insert, batches of 20 ({min(ratios):.2f}-{max(ratios):.2f})"
    return [(said, statistics.median(ratios), TARGET)]


def _rounds(callers: Callers, ours: int, least: int) -> list[float]:
    ratios = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as outside:
        for turn in range(ROUNDS + 1):
            rates = {port: _rate(outside, port, asks) for port, asks in
                     ((least, callers.plain()), (ours, callers.signed(ours)))}  # fmt: skip
            if turn:
                ratios.append(rates[ours] / rates[least])
                print(f"    {rates[ours]:.0f}/s against {rates[least]:.0f}/s", flush=True)
    return ratios


def _rate(outside: Any, port: int, asks: list[list[Ask]]) -> float:
    began = time.perf_counter()
    taken = outside.submit(post_in_threads, port, asks).result()
    seconds = time.perf_counter() - began
    if taken != CALLERS * EACH * BATCH:
        raise RuntimeError(f"{taken} taken")
    return float(taken / seconds)


def post_in_threads(port: int, asks: list[list[Ask]]) -> int:
    with ThreadPoolExecutor(len(asks)) as threads:
        return sum(threads.map(lambda mine: post_all(port, mine), asks))
