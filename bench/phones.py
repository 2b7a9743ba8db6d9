"""Phones that ask for status pages beside kiosks that send batches: what the pages cost the forms.

One gateway process on PostgreSQL under waitress. Two kiosks send a batch of 20 forms each half second, 80 forms a
second, which is three and a half times a province's busiest hour. In every second round 500 phones of one ward ask for
200 pages a second, at times that do not wait for answers: their forms wait for a counter at eight o'clock, and a fifth
of them finds its place among the 100 of a post. The figure is the ratio of the 99th percentiles of a batch's time, over
all rounds of each kind.

The target was missed on two cores, where the requests of kiosks and phones come from two other processes of the same
machine: 1.4 to 1.6, with a median of 1.1. Before a page asked the database one question instead of ten it was 9.5, and
a page took 1.3 seconds.
"""

import json
import random
import statistics
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from itertools import chain
from multiprocessing import get_context

from bench._figures import Figures, p99
from bench._postgres import durable_postgres
from bench._serving import serving
from bench.drain import batch_json, make_parcel
from bench.gateway import Callers, SignedPost, created_by, gateway, kiosk_id, port_of, prepare_process
from kiosk.base.codes import nonce
from kiosk.portal.queue_feed import MAX_TICKETS
from sync import signature
from sync.encoding import sha256_hex
from sync.parcel import Parcel
from sync.portals.http_client import HttpClient
from sync.portals.kiosk_sync import BASE

KIOSKS = 2
"""Kiosks that send; the third is the ward of the phones."""
PAUSE = 0.5
"""Seconds from a batch of a kiosk to its next."""
BATCHES = 20
"""Batches of a kiosk in a round of ten seconds."""
PAGES = 200
"""Pages a second."""
PHONES = 500
CONNECTIONS = 16
"""Connections of the proxy in front."""
ROUNDS = 6
"""Rounds of each kind."""


class Ward:
    """A ward whose forms wait for a counter, each with the key of its status page."""

    def __init__(self, rng: random.Random, seed: bytes) -> None:
        self._rng = rng
        self._seed = seed
        self.kiosk = kiosk_id(KIOSKS)
        self.keys = [f"{n:016d}" for n in range(PHONES)]

    def posts(self, port: int) -> list[SignedPost]:
        """Return the signed posts of its forms, 20 each, and of its queue."""
        parcels = [self._parcel(n, key) for n, key in enumerate(self.keys, 1)]
        batches = [batch_json(parcels[begin : begin + 20]) for begin in range(0, PHONES, 20)]
        tickets = [
            {"label": f"C{n:03d}", "receiptNo": parcel.receipt_no, "state": "waiting", "ahead": n, "counters": [2]}
            for n, parcel in enumerate(parcels[:MAX_TICKETS])
        ]
        queue = json.dumps({"calls": [{"label": "C000", "counter": 2}], "tickets": tickets}).encode()
        posts = [self._signed(port, "POST", "/submissions", batch) for batch in batches]
        return [*posts, self._signed(port, "PUT", "/queue", queue)]

    def _parcel(self, n: int, key: str) -> Parcel:
        parcel = make_parcel(n, self._rng, self.kiosk)
        body = json.loads(parcel.body)
        body["statusPage"] = {"keyHash": sha256_hex(key.encode()), "digitsHash": sha256_hex(f"{key} 4719".encode())}
        content = json.dumps(body, ensure_ascii=False).encode()
        return Parcel(parcel.submission_id, sha256_hex(content), content, parcel.receipt_no)

    def _signed(self, port: int, method: str, path: str, content: bytes) -> SignedPost:
        url = f"http://127.0.0.1:{port}{BASE}{path}"
        prepared = HttpClient().prepare(method, url, {"Content-Type": "application/json"}, content)
        signature.sign(prepared, self._seed, content=content, created=datetime.now(UTC), nonce=nonce())
        return f"{method} {BASE}{path}", dict(prepared.headers), content


def fill(port: int, posts: list[SignedPost]) -> None:
    """Send the forms of the ward and its queue."""
    connection = HTTPConnection("127.0.0.1", port)
    for address, headers, content in posts:
        method, _, path = address.partition(" ")
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.read()[:200]!r}")
        answer.read()
    connection.close()


def send_batches(port: int, posts: list[list[SignedPost]]) -> list[float]:
    """Send the posts of each kiosk at their times; return the seconds of each, from its time to its answer."""
    with ThreadPoolExecutor(len(posts)) as threads:
        return list(chain.from_iterable(threads.map(partial(_send_in_time, port), range(len(posts)), posts)))


def _send_in_time(port: int, kiosk: int, posts: list[SignedPost]) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port)
    begin = time.perf_counter() + PAUSE * kiosk / KIOSKS
    seconds = []
    for n, (path, headers, content) in enumerate(posts):
        due = begin + n * PAUSE
        time.sleep(max(0.0, due - time.perf_counter()))
        connection.request("POST", path, content, headers)
        if created_by(connection.getresponse(), path) != 20:
            raise RuntimeError("not created")
        seconds.append(time.perf_counter() - due)
    connection.close()
    return seconds


def ask_pages(port: int, keys: list[str], seconds: float) -> list[float]:
    """Ask for pages at their times; return the seconds of each, from its time to the end of its answer."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        ask = partial(_ask_in_time, port, keys, begin, seconds)
        return list(chain.from_iterable(threads.map(ask, range(CONNECTIONS))))


def _ask_in_time(port: int, keys: list[str], begin: float, seconds: float, first: int) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port)
    waits = []
    for n in range(first, int(PAGES * seconds), CONNECTIONS):
        due = begin + n / PAGES
        time.sleep(max(0.0, due - time.perf_counter()))
        connection.request("GET", f"/h/{keys[n % len(keys)]}")
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or len(content) > 20_000:
            raise RuntimeError(f"{answer.status}, {len(content)} bytes")
        waits.append(time.perf_counter() - due)
    connection.close()
    return waits


def run() -> Figures:
    """Measure rounds with and without phones in turns."""
    prepare_process()
    with durable_postgres() as postgres:
        rng = random.Random(7)
        callers = Callers(rng, [rng.randbytes(32) for _ in range(KIOSKS + 1)])
        with gateway(postgres.new_url(), callers) as app, serving(app) as address:
            port = port_of(address)
            ward = Ward(rng, callers.seeds[KIOSKS])
            fill(port, ward.posts(port))
            postgres.run("analyze")
            alone, beside, pages = _rounds(port, callers, ward.keys)
    asked = ROUNDS * PAGES * PAUSE * BATCHES
    on_time = sum(wait < 1 for wait in pages) / asked
    return [
        ("batch beside phones / alone, 99th percentile", p99(beside) / p99(alone), "<= 1.1 (ratio)"),
        ("the same, median", statistics.median(beside) / statistics.median(alone), "ratio"),
        ("batch alone, 99th percentile", p99(alone) * 1000, "ms"),
        ("pages answered within a second", on_time, "share"),
        ("page, 99th percentile", p99(pages) * 1000, "ms"),
    ]


def _rounds(port: int, callers: Callers, keys: list[str]) -> tuple[list[float], list[float], list[float]]:
    """Return the seconds of batches alone, of batches beside phones, and of pages."""
    alone, beside, pages = list[float](), list[float](), list[float]()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for turn in range(2 * ROUNDS + 2):
            posts = [[callers.signed_post(port, kiosk) for _ in range(BATCHES)] for kiosk in range(KIOSKS)]
            asking = pool.submit(ask_pages, port, keys, PAUSE * BATCHES) if turn % 2 else None
            batches = pool.submit(send_batches, port, posts).result()
            waits = asking.result() if asking else []
            if turn > 1:  # the first two warm up
                (beside if asking else alone).extend(batches)
                pages.extend(waits)
    return alone, beside, pages
