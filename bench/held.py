"""The highest rate that a gateway on PostgreSQL takes for a minute with nothing refused and nobody kept waiting.

Kiosks hand over signed batches of 20 by the clock, not when the gateway is ready. A rate is held when every form is
taken and no batch is answered later than a second after its time; the first try is a little below what the gateway
takes when it is asked as fast as it answers, and each further one a tenth lower.
"""

import random
import statistics
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import chain
from multiprocessing import get_context

from bench._serving import serving
from bench.gateway import BATCH, CALLERS, EACH, Ask, Callers, gateway, port_of, post_in_threads, quiet, taken_by
from tests.sync.postgres import Postgres

SECONDS = 60
LATE = 1.0
FIRST = 0.8
LOWER = 0.9
LEAST = 0.3
Figures = list[tuple[str, float, str]]


def run() -> Figures:
    """Find what is taken at most, then the rate below it that holds."""
    quiet()
    postgres = Postgres()
    try:
        postgres.run("alter system reset fsync", "select pg_reload_conf()")
        callers = Callers(random.Random(7), [random.Random(n).randbytes(32) for n in range(CALLERS)])
        with (
            gateway(postgres.fresh(), callers) as app,
            serving(app) as address,
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as outside,
        ):
            return _found(callers, port_of(address), outside)
    finally:
        postgres.close()


def _found(callers: Callers, port: int, outside: ProcessPoolExecutor) -> Figures:
    spent = []
    for _ in range(4):  # the first warms up
        asks = callers.signed(port)
        begun = time.perf_counter()
        outside.submit(post_in_threads, port, asks).result()
        spent.append(time.perf_counter() - begun)
    most = CALLERS * EACH * BATCH / statistics.median(spent[1:])
    share = FIRST
    while share >= LEAST:
        rate = most * share
        count = int(rate * SECONDS / BATCH / CALLERS)
        asks = [list(chain.from_iterable(rounds))[:count] for rounds in _enough(callers, port, count)]
        late, taken = outside.submit(post_by_the_clock, port, asks, SECONDS).result()
        if taken == count * CALLERS * BATCH and late <= LATE:
            return [
                ("forms a second, taken for a minute, none refused", rate, ""),
                ("  latest answer after its time, s", late, ""),
                ("  forms a second when asked without a pause", most, ""),
            ]
        share *= LOWER
    raise RuntimeError("no rate was held")


def _enough(callers: Callers, port: int, count: int) -> list[list[list[Ask]]]:
    """Signed batches of each caller, at least so many."""
    rounds = [callers.signed(port) for _ in range(count // EACH + 1)]
    return [list(one) for one in zip(*rounds, strict=True)]


def post_by_the_clock(port: int, asks: list[list[Ask]], seconds: float) -> tuple[float, int]:
    """Post each caller's batches evenly over some seconds; give the latest answer after its time, and forms taken."""

    def call(mine: list[Ask]) -> tuple[float, int]:
        line = HTTPConnection("127.0.0.1", port)
        latest = 0.0
        taken = 0
        begun = time.perf_counter()
        for n, (path, headers, content) in enumerate(mine):
            at = begun + n * seconds / len(mine)
            time.sleep(max(0.0, at - time.perf_counter()))
            line.request("POST", path, content, headers)
            taken += taken_by(line.getresponse(), path)
            latest = max(latest, time.perf_counter() - at)
        line.close()
        return latest, taken

    with ThreadPoolExecutor(len(asks)) as threads:
        found = list(threads.map(call, asks))
    return max(late for late, _ in found), sum(taken for _, taken in found)
