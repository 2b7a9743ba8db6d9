"""From Submit to the last byte at the printer on each transport, and from a press to the last sheet by IPP.

Pages and worker run in one process, as in `kiosk run`; the client that submits has its own. USB and serial are pseudo
terminals that lead to the virtual printer, which prints at once: the figures are the kiosk's share, without paper. A
serial port of 115,200 baud adds 0.09 ms a byte, 4 s for a slip of 45 kB.
"""

import statistics
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from bench._figures import Figures, p99
from bench._serving import serving
from bench.paper import TimedPrinter, time_papers
from bench.submit import submits
from kiosk.config import load
from kiosk.config.list_sections import PrinterSection
from kiosk.config.sections import PortalSettings
from kiosk.context import Context
from kiosk.startup.wiring import open_printers
from kiosk.web.app import create_app
from kiosk.worker import Worker
from printers import PrinterSettings, open_printer
from printers.sheet import PaperSet
from printers.virtual.office import VirtualOfficePrinter
from tests.printers.samples_sheets import acceptance, declaration
from tests.printers.wirings import WIRINGS

PAPERS = 40
TRANSPORTS = ("network", "usb", "libusb", "serial")


def run() -> Figures:
    """Measure each transport, with one client."""
    figures: Figures = []
    with ProcessPoolExecutor(1, get_context("spawn")) as client:
        for name in TRANSPORTS:
            figures += _named(f"Submit to paper, {name}", _time_transport(name, client))
    return figures + _named("press to two sheets, ipp", _time_office())


def _named(name: str, times: list[float]) -> Figures:
    return [
        (f"{name}: median, ms", statistics.median(times) * 1000, ""),
        (f"{name}: p99, ms", p99(times) * 1000, ""),
    ]


def _time_transport(name: str, client: ProcessPoolExecutor) -> list[float]:
    """Submit one form after another; return the seconds until each paper was complete."""
    with tempfile.TemporaryDirectory() as folder, TimedPrinter() as printer:
        wiring = Path(folder) / "wiring"
        wiring.mkdir()
        with WIRINGS[name](printer, wiring) as settings:
            section = PrinterSection(kind=settings.kind, address=settings.address)  # type: ignore[arg-type]
            config = replace(load(), root=Path(folder)).practising()
            config = replace(config, printers=(section,), portal=PortalSettings())
            app = create_app(config)
            context: Context = app.extensions["context"]
            stop = threading.Event()
            worker = Worker(context, None, open_printers(config))
            thread = threading.Thread(target=worker.run, args=[stop])
            thread.start()
            try:
                with serving(app) as address:
                    posts = [post for turn in range(2) for post in submits(context, turn)][: PAPERS + 1]
                    return time_papers(address, client, printer, posts)[1:]  # the first warms everything up
            finally:
                stop.set()
                thread.join(60)
                context.store.close()


def _time_office() -> list[float]:
    """Return the seconds until the printer says that two papers are printed; it is asked each half second."""
    papers = PaperSet((acceptance(), declaration()), title="Giấy một cửa")
    times = []
    with VirtualOfficePrinter() as printer:
        device = open_printer(PrinterSettings(kind="ipp", address=printer.address))
        for _ in range(PAPERS // 2):
            begun = time.perf_counter()
            device.send(papers)
            times.append(time.perf_counter() - begun)
    return times
