"""Highest rate that a gateway on PostgreSQL sustains for a minute, with nothing refused and no late answer.

Kiosks send signed batches of 20 at fixed times, whether or not the gateway is ready. A rate is sustained if every form
is created and no batch is answered later than a second after its time. The first try is 0.8 of the rate that the
gateway reaches without pauses; each further try is a tenth lower. Where a third is not sustained, the figure is 0.
"""

import random
import statistics
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import chain
from multiprocessing import get_context

from bench._figures import Figures
from bench._postgres import durable_postgres
from bench._serving import serving
from bench.gateway import (
    BATCH,
    CALLERS,
    EACH,
    Callers,
    SignedPost,
    created_by,
    gateway,
    port_of,
    post_in_threads,
    prepare_process,
)

SECONDS = 60
LATE = 1.0
FIRST = 0.8
LOWER = 0.9
LEAST = 0.3


def run() -> Figures:
    """Measure the rate without pauses, then find the sustained rate below it."""
    prepare_process()
    with durable_postgres() as postgres:
        callers = Callers(random.Random(7), [random.Random(n).randbytes(32) for n in range(CALLERS)])
        with (
            gateway(postgres.new_url(), callers) as app,
            serving(app) as address,
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        ):
            return _sustained(callers, port_of(address), pool)


def _rate_without_pauses(callers: Callers, port: int, pool: ProcessPoolExecutor) -> float:
    times = []
    for _ in range(4):  # the first warms up
        posts = callers.signed(port)
        begun = time.perf_counter()
        pool.submit(post_in_threads, port, posts).result()
        times.append(time.perf_counter() - begun)
    return CALLERS * EACH * BATCH / statistics.median(times[1:])


def _sustained(callers: Callers, port: int, pool: ProcessPoolExecutor) -> Figures:
    most = _rate_without_pauses(callers, port, pool)
    share = FIRST
    while share >= LEAST:
        rate = most * share
        count = int(rate * SECONDS / BATCH / CALLERS)
        posts = _signed_posts(callers, port, count)
        late, created = pool.submit(post_by_the_clock, port, posts, SECONDS).result()
        if created == count * CALLERS * BATCH and late <= LATE:
            return [
                ("forms a second, taken for a minute, none refused", rate, ""),
                ("  latest answer after its time, s", late, ""),
                ("  forms a second when asked without a pause", most, ""),
            ]
        share *= LOWER
    return [
        (
            "forms a second, taken for a minute, none refused",
            0.0,
            f"not even {share / LOWER:.2f} of those without a pause",
        ),
        ("  forms a second when asked without a pause", most, ""),
    ]


def _signed_posts(callers: Callers, port: int, count: int) -> list[list[SignedPost]]:
    """Return `count` signed batches of each caller."""
    rounds = [callers.signed(port) for _ in range(count // EACH + 1)]
    return [list(chain.from_iterable(parts))[:count] for parts in zip(*rounds, strict=True)]


def post_by_the_clock(port: int, posts: list[list[SignedPost]], seconds: float) -> tuple[float, int]:
    """Spread each caller's posts evenly over some seconds; return the greatest delay and the forms created."""

    def send(own_posts: list[SignedPost]) -> tuple[float, int]:
        connection = HTTPConnection("127.0.0.1", port)
        latest = 0.0
        created = 0
        begun = time.perf_counter()
        for n, (path, headers, content) in enumerate(own_posts):
            at = begun + n * seconds / len(own_posts)
            time.sleep(max(0.0, at - time.perf_counter()))
            connection.request("POST", path, content, headers)
            created += created_by(connection.getresponse(), path)
            latest = max(latest, time.perf_counter() - at)
        connection.close()
        return latest, created

    with ThreadPoolExecutor(len(posts)) as threads:
        results = list(threads.map(send, posts))
    return max(late for late, _ in results), sum(created for _, created in results)
