"""From Submit to the last byte at the printer, while the portal is well, and in faults 3 and 7 and with a hanging name.

Pages and worker run in one process, as in `kiosk run`; gateway and proxy, and the client that submits, have their own.
The conditions come in turns, in short rounds, so that a change of the machine's load meets all of them. The figure is
the ratio of the 99th percentiles. With one thread for printing and delivery it was 140.
"""

import logging
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from bench._figures import Figures, p99
from bench._serving import serving
from bench.submit import Post, submits
from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.config import Config, load
from kiosk.config.list_sections import PrinterSection
from kiosk.context import Context
from kiosk.startup.wiring import enrol, open_printers
from kiosk.web.app import create_app
from kiosk.worker import Worker
from sync import open_portal
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, GatewaySettings, serve_in_thread
from sync.portals.base import PortalOptions
from tests.faults import network_faults
from tests.faults.proxy import ChaosProxy
from tests.printers.wirings import WiredPrinter

if TYPE_CHECKING:
    from sync.portals.base import EnrollingPortal

ROUNDS = 8
EACH = 20
CODE = "BENCH-BENCH-BENCH"
HOST = "localhost"
"""The portal's host, whose look-up can be made to hang."""
CONDITIONS = {
    "quiet": "",
    "fault 3, no answer": "never_answer",
    "fault 7, a byte a second": "answer_slowly",
    "a name look-up that hangs": "",
}
HANGING = "a name look-up that hangs"
LIMIT = 120.0
"""Seconds after which a paper counts as never printed."""


class TimedPrinter(WiredPrinter):
    """A virtual printer that remembers when each paper was complete."""

    def __init__(self) -> None:
        super().__init__(speed=0)
        self.ends: list[float] = []

    def _execute(self) -> int | None:
        rows = super()._execute()
        new_papers = len(self._mechanism.papers) - len(self.ends)
        self.ends += [time.perf_counter()] * new_papers
        return rows


def serve_gateway(folder: str, kiosk: Config, pipe: Connection) -> None:
    """Serve a gateway behind a proxy: send its port, then set each fault that comes; "end" ends it."""
    settings = GatewaySettings(
        database=str(Path(folder) / "gateway.db"),
        operator_password=codes.token(),
        now=SYSTEM.now,
        token=codes.token,
        practice=True,
        enrolment=(Enrolment(CODE, kiosk.kiosk.id, kiosk.ward.unit_code),),
    )
    served, thread = serve_in_thread(settings)
    proxy = ChaosProxy(("127.0.0.1", served.inner_port))
    pipe.send(proxy.port)
    while (fault := pipe.recv()) != "end":
        proxy.end_fault()
        if fault:
            proxy.inject(getattr(network_faults, fault))
        proxy.close_connections()
        pipe.send("set")
    proxy.close()
    served.close()
    thread.join(10)


def submit_at(address: str, post: Post) -> float:
    """Submit one form; return when it began, on the clock of all processes."""
    from bench.submit import timed

    begun = time.perf_counter()
    timed(address, [post], 1)
    return begun


class HangingNames:
    """Look-ups of `HOST` that hang inside `hanging()`."""

    def __init__(self) -> None:
        self._real = socket.getaddrinfo
        self._may = threading.Event()
        self._may.set()

    def __call__(self, host: Any, *args: Any, **options: Any) -> Any:
        """Look up a name."""
        if host == HOST:
            self._may.wait()
        return self._real("127.0.0.1" if host == HOST else host, *args, **options)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let the look-ups hang inside the block."""
        self._may.clear()
        yield
        self._may.set()


def run() -> Figures:
    """Measure every condition in turns."""
    for name in ("waitress", "sync"):
        logging.getLogger(name).setLevel(logging.ERROR)
    pipe, gateway_pipe = Pipe()
    names = HangingNames()
    with tempfile.TemporaryDirectory() as folder, TimedPrinter() as printer, patch("socket.getaddrinfo", names):
        section = PrinterSection(kind="network", address=printer.address)
        config = replace(load(), root=Path(folder)).practising()
        config = replace(config, printers=(section,))
        process = get_context("spawn").Process(target=serve_gateway, args=(folder, config, gateway_pipe))
        process.start()
        portal = _portal(config, f"http://{HOST}:{pipe.recv()}")
        app = create_app(config)
        context: Context = app.extensions["context"]
        enrol(portal, CODE, config.ward.unit_code, threading.Event())
        pace = BackoffSettings(first=0.1, longest=0.2, spread=0.0, greeting=1.0)
        worker = Worker(context, portal, open_printers(config), pace)
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=[stop])
        thread.start()
        try:
            with serving(app) as address, ProcessPoolExecutor(1, get_context("spawn")) as client:
                return _measured(context, address, client, printer, pipe, names)
        finally:
            stop.set()
            thread.join(60)
            context.store.close()
            pipe.send("end")
            process.join(30)


def _portal(config: Config, url: str) -> "EnrollingPortal":
    seed = codes.random_bytes(32)
    options = PortalOptions(
        url=url, kiosk_id=config.kiosk.id, key=lambda: seed, nonce=codes.nonce, ca=None, seconds=60.0
    )
    return cast("EnrollingPortal", open_portal("kiosk-sync", options))


def _measured(
    context: Context,
    address: str,
    client: ProcessPoolExecutor,
    printer: TimedPrinter,
    pipe: Connection,
    names: HangingNames,
) -> Figures:
    times: dict[str, list[float]] = {name: [] for name in CONDITIONS}
    for turn in range(-1, ROUNDS):  # the first warms everything up
        for index, (name, fault) in enumerate(CONDITIONS.items()):
            posts = submits(context, (turn + 1) * len(CONDITIONS) + index)[:EACH]
            pipe.send(fault)
            pipe.recv()
            if name == HANGING:
                with names.hanging():
                    measured = time_papers(address, client, printer, posts)
            else:
                measured = time_papers(address, client, printer, posts)
            times[name] += measured if turn >= 0 else []
    return _figures(times)


def time_papers(address: str, client: ProcessPoolExecutor, printer: TimedPrinter, posts: list[Post]) -> list[float]:
    """Submit one form after another; return the seconds from each Submit until its paper was complete."""
    taken = []
    for post in posts:
        count = len(printer.ends)
        begun = client.submit(submit_at, address, post).result()
        give_up = time.perf_counter() + LIMIT
        while len(printer.ends) == count:
            if time.perf_counter() > give_up:
                raise RuntimeError("a paper did not come out")
            time.sleep(0.002)
        taken.append(printer.ends[-1] - begun)
    return taken


def _figures(times: dict[str, list[float]]) -> Figures:
    quiet = times["quiet"]
    figures: Figures = [
        (f"Submit to paper, p99: {name} / quiet", p99(times[name]) / p99(quiet), "at most 1.1")
        for name in CONDITIONS
        if name != "quiet"
    ]
    for name, values in times.items():
        figures.append((f"  {name}: median, ms", statistics.median(values) * 1000, ""))
        figures.append((f"  {name}: p99, ms", p99(values) * 1000, ""))
    return figures
