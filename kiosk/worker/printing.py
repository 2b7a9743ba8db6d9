"""Queues of the printers: each prints its papers, and stores its status while nothing is printed.

`PrinterQueues.reload` follows kiosk.toml while the worker runs: a printer whose settings are the same keeps its queue,
and a paper that is being printed on one that is gone is printed to its end.
"""

from collections.abc import Collection
from functools import partial

from kiosk import papers
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.records import marks
from kiosk.startup.wiring import open_printers
from kiosk.worker.task import Task
from printers import spool
from printers.devices.base import Printer
from printers.routes import PrintersByKind, Routes, kinds_of, routes_of
from printers.settings import PrinterSettings

CHECK_SECONDS = 20.0
"""Interval of the status check."""
IDLE_SECONDS = 0.1
LIMIT_SECONDS = 240.0
"""An office printer that answers late may take 200 seconds for a paper (printers/devices/ipp.py)."""


class PrinterQueue:
    """Prints on one printer; a printer that hangs delays only its own papers."""

    def __init__(self, context: Context, printer: Printer) -> None:
        self._context = context
        self.printer = printer
        self.is_gone = False
        """The printer is no longer in the settings; its last paper is printed to the end."""
        self.routes: Routes = {}
        self.task = Task(
            name=heartbeat.PRINTER + printer.settings.name, step=self.step, idle=IDLE_SECONDS, limit=LIMIT_SECONDS
        )
        self._check_at = context.clock.monotonic()
        self._last_advice = ""

    def step(self) -> bool:
        """Print one paper, or check the status; return whether there was a paper."""
        self._check_status()
        job = spool.print_next(
            self._context.store,
            printer=self.printer,
            routes=self.routes,
            compose=partial(papers.compose, self._context),
            now=self._context.clock.now,
        )
        if self.is_gone:
            # The paper that it could not print waits for the printer in its place, which need not wait.
            with self._context.store.write() as db:
                spool.retry_waiting(db, self._context.clock.now())
        return job is not None

    def _check_status(self) -> None:
        """Store the status when it has changed; the pages read it from the store."""
        now = self._context.clock.monotonic()
        if now < self._check_at:
            return
        self._check_at = now + CHECK_SECONDS
        advice = self.printer.read_status().advice_key or "ok"
        if advice != self._last_advice:
            with self._context.store.write() as db:
                marks.put(db, heartbeat.PRINTER + self.printer.settings.name, advice)
            self._last_advice = advice


class PrinterQueues:
    """The queues of all printers of this kiosk."""

    def __init__(self, context: Context, printers_by_kind: PrintersByKind) -> None:
        self._context = context
        self._queues: list[PrinterQueue] = []
        self._sections = (context.config.printers, context.config.office_printers)
        self._use(printers_by_kind)

    @property
    def tasks(self) -> list[Task]:
        """The task of each printer."""
        return [queue.task for queue in self._queues]

    def printed_kinds(self) -> Collection[str]:
        """Return the kinds of paper that have a printer."""
        return self._kinds

    def reload(self) -> bool:
        """Open the printers of the settings of now, and try all waiting papers again; return whether some changed."""
        config = self._context.config
        sections = (config.printers, config.office_printers)
        if sections == self._sections:
            return False
        self._use(open_printers(config))
        self._sections = sections
        with self._context.store.write() as db:
            spool.retry_waiting(db, self._context.clock.now())
        return True

    def _use(self, opened: PrintersByKind) -> None:
        """Use these printers; one with the same settings as before stays the object that it was, with its queue."""
        queues = {queue.printer.settings: queue for queue in self._queues}
        printers_by_kind = {
            kind: [_known(queues, printer) for printer in printers] for kind, printers in opened.items()
        }
        by_id = {id(printer): printer for printers in printers_by_kind.values() for printer in printers}
        kept = [self._queue(queues, printer) for printer in by_id.values()]
        for queue in self._queues:
            queue.is_gone = queue not in kept
        self._queues = kept
        for queue in self._queues:
            queue.routes = routes_of(queue.printer, printers_by_kind)
        self._kinds = kinds_of(printers_by_kind)

    def _queue(self, queues: dict[PrinterSettings, PrinterQueue], printer: Printer) -> PrinterQueue:
        queue = queues.get(printer.settings)
        return queue if queue is not None and queue.printer is printer else PrinterQueue(self._context, printer)


def _known(queues: dict[PrinterSettings, PrinterQueue], printer: Printer) -> Printer:
    queue = queues.get(printer.settings)
    return queue.printer if queue is not None else printer
