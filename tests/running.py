"""A worker with its threads, for tests that wait for events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from kiosk.worker import Worker
from printers.devices.base import Status
from printers.document import Document
from printers.settings import PrinterSettings


@contextmanager
def run_worker(worker: Worker) -> Iterator[None]:
    """Run a worker with its threads, and stop it at the end."""
    stop = Event()
    thread = Thread(target=worker.run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until something holds; only a hang takes so long."""
    for _ in range(1200):
        if condition():
            return
        Event().wait(0.05)
    raise AssertionError("not within 60 seconds")


class BlockedPrinter:
    """A printer whose first paper takes until `release`."""

    def __init__(self, settings: PrinterSettings) -> None:
        self.settings = settings
        self.is_printing = Event()
        self.release = Event()

    def read_status(self) -> Status:
        return Status("ok")

    def send(self, document: Document, *, cut_first: bool = False) -> bool:
        self.is_printing.set()
        self.release.wait(60)
        return True
