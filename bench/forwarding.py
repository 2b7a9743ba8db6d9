"""Receive rate of the gateway on PostgreSQL while it forwards to a system that does not answer, against without.

Four hundred accepted dossiers wait. Two threads forward as two processes do, to the dvcqg adapter with a port that
takes connections and says nothing, so that each attempt lasts until its time is over. Rounds with and without them take
turns on one database; a round's figure is the ratio of the rates. Pauses after "later" are left out: forwarding tries
on and on, which is harder on receiving than what a gateway does. Measured: 1.08 (0.95 to 1.14), 105 attempts.
"""

import json
import random
import socket
import statistics
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import update

from bench._figures import Figures
from bench._postgres import durable_postgres
from bench._serving import serving
from bench.gateway import UNIT, Callers, gateway, kiosk_id, port_of, prepare_process, rate
from kiosk.base.codes import new_id
from sync.gateway.context import GatewayContext
from sync.gateway.events import receive_events
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from sync.gateway.kiosks import Kiosk
from sync.gateway.submissions import BatchContext, receive_submissions
from sync.gateway.tables import meter
from sync.gateway.targets import open_mapped_target

WAITING = 400
ROUNDS = 5
WORKERS = 2
SECONDS = 0.5
PACE = ForwardPace(interval=0.02, first=1.0, longest=1.0, slow_first=0.01, slow_longest=0.01)
TARGET = ">= 0.95 (ratio of rates)"


def accept_waiting(context: GatewayContext, callers: Callers) -> None:
    """Receive dossiers and accept them, so that they wait to be forwarded."""
    batch = BatchContext(Kiosk(kiosk_id(0), UNIT), datetime.now(UTC), "practice")
    received = 0
    while received < WAITING:
        envelopes = json.loads(callers.batch(kiosk_id(0)))["submissions"]
        with context.engine.begin() as db:
            receive_submissions(db, batch, envelopes)
            receive_events(db, batch, [_accepted(envelope["submissionId"]) for envelope in envelopes])
        received += len(envelopes)


def _accepted(submission_id: str) -> dict[str, object]:
    return {
        "eventId": new_id(),
        "submissionId": submission_id,
        "seq": 1,
        "kind": "accepted",
        "officer": "CB01",
        "at": "2026-11-24T09:00:00+07:00",
        "officialNo": f"{UNIT}-{submission_id[-12:]}",
    }


@contextmanager
def forwarding(context: GatewayContext, folder: Path) -> Iterator[None]:
    """Forward in threads to a system that does not answer."""
    password = folder / "password"
    password.write_text("bench")
    with socket.create_server(("127.0.0.1", 0), backlog=200) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = {"url": url, "login": "/login", "integration": "/x", "account": "bench", "dstcode": "x"}
        mapping = {
            "kind": "dvcqg",
            "service": {**service, "password_file": str(password), "seconds": SECONDS},
            "units": {UNIT: {"code": "000.99.01.H57"}},
            "procedures": {"1.001193": {"name": "Đăng ký khai sinh"}},
        }
        stop = threading.Event()
        targets = [open_mapped_target(mapping) for _ in range(WORKERS)]
        threads = [
            threading.Thread(target=ForwardWorker(context, target, PACE).run, args=[stop], daemon=True)
            for target in targets
        ]
        for thread in threads:
            thread.start()
        yield
        stop.set()
        for thread in threads:
            thread.join()
        for target in targets:
            target.close()


def run() -> Figures:
    """Measure five rounds of each in turns."""
    prepare_process()
    with durable_postgres() as postgres:
        rng = random.Random(7)
        callers = Callers(rng, [rng.randbytes(32) for _ in range(4)])
        with gateway(postgres.new_url(), callers) as app, serving(app) as address, TemporaryDirectory() as folder:
            context = app.extensions["gateway"]
            accept_waiting(context, callers)
            ratios = _rounds(app, callers, port_of(address), Path(folder), count_rows=partial(postgres.run, "analyze"))
            with context.engine.begin() as db:
                tried = db.exec_driver_sql("select count(*) from forward_attempts").scalar_one()
    name = f"receiving while a dead system is tried {tried} times ({min(ratios):.2f}-{max(ratios):.2f})"
    return [(name, statistics.median(ratios), TARGET)]


def _rounds(app: Flask, callers: Callers, port: int, folder: Path, *, count_rows: partial[object]) -> list[float]:
    context = app.extensions["gateway"]
    ratios = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for turn in range(ROUNDS + 1):
            without = rate(pool, port, callers.signed(port))
            with context.engine.begin() as db:
                db.execute(update(meter).values(slow_tries=0))
            with forwarding(context, folder):
                beside = rate(pool, port, callers.signed(port))
            if not turn:  # the first warms both up
                count_rows()
                continue
            ratios.append(beside / without)
            print(f"    {beside:.0f}/s beside forwarding, {without:.0f}/s without", flush=True)
    return ratios
