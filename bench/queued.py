"""Submit's 99th percentile on a kiosk with 10,000 queued forms: while they drain, and while the worker rests.

The kiosk is as `kiosk run` makes it: pages and worker in one process. The gateway, behind a ward's line of 100 ms there
and back and 500 kbit/s (bench/drain.py), and the client that hands in stand in processes of their own. Short rounds in
turns, ten of each; the figure is the ratio of the two percentiles over all of them.
"""

import logging
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bench._serving import serving
from bench.drain import WardLine
from bench.submit import answers, submits, timed
from kiosk import codes
from kiosk.app import create_app
from kiosk.clock import FixedClock
from kiosk.config import Config, load
from kiosk.config.sections import PortalSettings
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.wiring import enrol, open_enrolling_portal
from kiosk.worker import Worker
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Settings, serve_in_thread
from tests.sync.counting import count_by_state

QUEUED = 10_000
A_DAY = 1000
ROUNDS = 10
PASSES = 4
CODE = "BENCH-BENCH-BENCH"
Figures = list[tuple[str, float, str]]


def gateway(folder: str, kiosk: Config, tell: Connection) -> None:
    """Serve a gateway behind a ward's line, in a process of its own, until told to end; says its port."""
    settings = Settings(
        database=str(Path(folder) / "gateway.db"),
        operator_password=codes.token(),
        now=lambda: datetime.now(UTC),
        token=codes.token,
        practice=True,
        enrolment=(Enrolment(CODE, kiosk.kiosk.id, kiosk.ward.unit_code),),
    )
    served, thread = serve_in_thread(settings)
    line = WardLine(served.inner_port)
    tell.send(line.port)
    tell.recv()
    line.close()
    served.close()
    thread.join(10)


def queue(context: Context) -> None:
    """File forms as a Submit files them, a day's worth in one transaction; a day does not number so many."""
    procedure = context.catalogue.in_force("1.001193", context.clock.today())
    assert procedure is not None
    procedure = replace(procedure, queue=False)  # a series of tickets ends at 999 a day
    for first in range(0, QUEUED, A_DAY):
        then = replace(context, clock=FixedClock(context.clock.now() - timedelta(days=first // A_DAY + 1)))
        with context.store.write() as db:
            for number in range(first, first + A_DAY):
                filing.file_submission(
                    db, then, submission_id=codes.new_id(), procedure=procedure, answers=answers(number)
                )


class Deliverer(Worker):
    """A worker that delivers and does no more: slips are drawn one after the other, with a line or without."""

    def step(self) -> bool:
        """Deliver."""
        return self._deliver()


class Draining:
    """The worker of the kiosk, in a thread that rests when told to."""

    def __init__(self, context: Context) -> None:
        portal = open_enrolling_portal(context.config)
        assert portal is not None
        enrol(portal, CODE, context.config.ward.unit_code, threading.Event())
        self._worker = Deliverer(context, portal, {}, BackoffSettings(spread=0))
        self._may = threading.Event()
        self._ended = threading.Event()
        self._resting = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            if not self._may.wait(0.05):
                self._resting.set()
                continue
            self._resting.clear()
            if not self._worker.step():
                time.sleep(0.05)

    @contextmanager
    def going(self) -> Iterator[None]:
        """Let the worker drain for a while."""
        self._may.set()
        yield
        self._may.clear()
        self._resting.wait(60)

    def close(self) -> None:
        """End the worker."""
        self._ended.set()
        self._may.set()
        self._thread.join(60)
        self._worker.close()


def run() -> Figures:
    """Fill the queue, then hand in while it drains and while it rests."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    here, there = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        config = replace(load(), root=Path(folder)).practising()
        far = get_context("spawn").Process(target=gateway, args=(folder, config, there))
        far.start()
        config = replace(config, portal=PortalSettings("kiosk-sync", f"http://127.0.0.1:{here.recv()}"))
        app = create_app(config)
        context: Context = app.extensions["context"]
        queue(context)
        try:
            with serving(app) as address, ProcessPoolExecutor(1, get_context("spawn")) as client:
                return _measured(context, address, client)
        finally:
            context.store.close()
            here.send("end")
            far.join(30)


def _measured(context: Context, address: str, client: ProcessPoolExecutor) -> Figures:
    draining = Draining(context)
    idle: list[float] = []
    busy: list[float] = []
    drained = 0
    for turn in range(ROUNDS):
        rounds = [
            [post for at in range(PASSES) for post in submits(context, PASSES * n + at)]
            for n in (2 * turn, 2 * turn + 1)
        ]
        before = _done(context)
        idle += client.submit(timed, address, rounds[0], 1).result()[1]
        with draining.going():
            time.sleep(0.3)  # the first request is under way
            busy += client.submit(timed, address, rounds[1], 1).result()[1]
        drained += _done(context) - before
    draining.close()
    if not drained:
        raise RuntimeError("nothing was drained meanwhile")
    return [
        (f"Submit's p99 while {QUEUED:,} queued forms drain / at rest", _p99(busy) / _p99(idle), "<= 2.0"),
        ("  p99 at rest, ms", _p99(idle) * 1000, ""),
        ("  p99 while draining, ms", _p99(busy) * 1000, ""),
        ("  median while draining / at rest", statistics.median(busy) / statistics.median(idle), ""),
        ("  forms that left meanwhile", drained, ""),
    ]


def _done(context: Context) -> int:
    with context.store.read() as db:
        return count_by_state(db)["done"]


def _p99(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=100, method="inclusive")[98]
