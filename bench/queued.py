"""Submit's 99th percentile on a kiosk with 10,000 queued forms: while they drain, and while the worker rests.

Pages and worker run in one process, as in `kiosk run`. The gateway, behind a slow connection (bench/drain.py), and the
client that submits run in their own processes. Short rounds in turns, ten of each; the figure is the ratio of the two
percentiles over all of them.
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
from itertools import chain
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bench._figures import Figures, p99
from bench._serving import serving
from bench.drain import SlowLink
from bench.submit import Post, birth_answers, submits, timed
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config, load
from kiosk.config.sections import PortalSettings
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.startup.wiring import enrol, open_enrolling_portal
from kiosk.web.app import create_app
from kiosk.worker.delivery import Delivery
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, GatewaySettings, serve_in_thread
from tests.sync.outbox_counts import count_by_state

QUEUED = 10_000
A_DAY = 1000
ROUNDS = 10
PASSES = 4
CODE = "BENCH-BENCH-BENCH"


def serve_gateway(folder: str, kiosk: Config, pipe: Connection) -> None:
    """Serve a gateway behind a slow connection: send the port to the pipe, and end at the first word from it."""
    settings = GatewaySettings(
        database=str(Path(folder) / "gateway.db"),
        operator_password=codes.token(),
        now=lambda: datetime.now(UTC),
        token=codes.token,
        practice=True,
        enrolment=(Enrolment(CODE, kiosk.kiosk.id, kiosk.ward.unit_code),),
    )
    served, thread = serve_in_thread(settings)
    link = SlowLink(served.inner_port)
    pipe.send(link.port)
    pipe.recv()
    link.close()
    served.close()
    thread.join(10)


def fill_queue(context: Context, count: int) -> None:
    """File forms as Submit does, a day's forms in one transaction; one day has no numbers for so many."""
    procedure = context.catalogue.in_force("1.001193", context.clock.today())
    assert procedure is not None
    procedure = replace(procedure, queue=False)  # a series of tickets ends at 999 a day
    for first in range(0, count, A_DAY):
        past = replace(context, clock=FixedClock(context.clock.now() - timedelta(days=first // A_DAY + 1)))
        with context.store.write() as db:
            for number in range(first, first + A_DAY):
                filing.file_submission(
                    db, past, submission_id=codes.new_id(), procedure=procedure, answers=birth_answers(number)
                )


class DrainThread:
    """The kiosk's delivery in a thread that runs only inside `going()`; without printing, clean-up and feed."""

    def __init__(self, context: Context) -> None:
        portal = open_enrolling_portal(context.config)
        assert portal is not None
        enrol(portal=portal, code=CODE, unit=context.config.ward.unit_code, stop=threading.Event())
        self._delivery = Delivery(context, portal, BackoffSettings(spread=0))
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
            if not self._delivery.deliver():
                time.sleep(0.05)

    @contextmanager
    def going(self) -> Iterator[None]:
        """Run the worker inside the block."""
        self._may.set()
        yield
        self._may.clear()
        self._resting.wait(60)

    def close(self) -> None:
        """End the worker."""
        self._ended.set()
        self._may.set()
        self._thread.join(60)
        self._delivery.close()


def run() -> Figures:
    """Fill the queue, then submit while it drains and while the worker rests."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    pipe, gateway_pipe = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        config = replace(load(), root=Path(folder)).practising()
        process = get_context("spawn").Process(target=serve_gateway, args=(folder, config, gateway_pipe))
        process.start()
        config = replace(config, portal=PortalSettings(kind="kiosk-sync", url=f"http://127.0.0.1:{pipe.recv()}"))
        app = create_app(config)
        context: Context = app.extensions["context"]
        fill_queue(context, QUEUED)
        try:
            with serving(app) as address, ProcessPoolExecutor(1, get_context("spawn")) as client:
                return _measured(context, address, client)
        finally:
            context.store.close()
            pipe.send("end")
            process.join(30)


def _measured(context: Context, address: str, client: ProcessPoolExecutor) -> Figures:
    drain_thread = DrainThread(context)
    idle: list[float] = []
    busy: list[float] = []
    drained = 0
    for turn in range(ROUNDS):
        idle_posts = _make_posts(context, 2 * turn)
        busy_posts = _make_posts(context, 2 * turn + 1)
        before = _count_done(context)
        idle += client.submit(timed, address, idle_posts, 1).result()[1]
        with drain_thread.going():
            time.sleep(0.3)  # the first request is under way
            busy += client.submit(timed, address, busy_posts, 1).result()[1]
        drained += _count_done(context) - before
    drain_thread.close()
    if not drained:
        raise RuntimeError("nothing was drained meanwhile")
    return [
        (f"Submit's p99 while {QUEUED:,} queued forms drain / at rest", p99(busy) / p99(idle), "<= 2.0"),
        ("  p99 at rest, ms", p99(idle) * 1000, ""),
        ("  p99 while draining, ms", p99(busy) * 1000, ""),
        ("  median while draining / at rest", statistics.median(busy) / statistics.median(idle), ""),
        ("  forms that left meanwhile", drained, ""),
    ]


def _make_posts(context: Context, round_no: int) -> list[Post]:
    return list(chain.from_iterable(submits(context, PASSES * round_no + at) for at in range(PASSES)))


def _count_done(context: Context) -> int:
    with context.store.read() as db:
        return count_by_state(db)["done"]
