"""The queue of one printer: prints its papers, and stores its status while nothing is printed."""

from functools import partial

from kiosk import health, papers
from kiosk.context import Context
from kiosk.records import marks
from kiosk.worker.task import Task
from printers import spool
from printers.devices.base import Printer

CHECK_SECONDS = 20.0
"""Interval of the status check."""
IDLE_SECONDS = 0.1
LIMIT_SECONDS = 240.0
"""An office printer that answers late may take 200 seconds for a paper (printers/devices/ipp.py)."""


class PrinterQueue:
    """Prints on one printer; a printer that hangs delays only its own papers."""

    def __init__(self, context: Context, printer: Printer, printers_by_kind: spool.PrintersByKind) -> None:
        self._context = context
        self._printer = printer
        self._routes = spool.routes_of(printer, printers_by_kind)
        self._check_at = context.clock.monotonic()
        self._last_advice = ""

    def step(self) -> bool:
        """Print one paper, or check the status; return whether there was a paper."""
        self._check_status()
        job = spool.print_next(
            self._context.store,
            printer=self._printer,
            routes=self._routes,
            compose=partial(papers.compose, self._context),
            now=self._context.clock.now,
        )
        return job is not None

    def _check_status(self) -> None:
        """Store the status when it has changed; the pages read it from the store."""
        now = self._context.clock.monotonic()
        if now < self._check_at:
            return
        self._check_at = now + CHECK_SECONDS
        advice = self._printer.read_status().advice_key or "ok"
        if advice != self._last_advice:
            with self._context.store.write() as db:
                marks.put(db, health.PRINTER + self._printer.settings.name, advice)
            self._last_advice = advice


def tasks(context: Context, printers_by_kind: spool.PrintersByKind) -> list[Task]:
    """Return a task for each printer."""
    by_id = {id(printer): printer for printers in printers_by_kind.values() for printer in printers}
    return [
        Task(
            name=health.PRINTER + printer.settings.name,
            step=PrinterQueue(context, printer, printers_by_kind).step,
            idle=IDLE_SECONDS,
            limit=LIMIT_SECONDS,
        )
        for printer in by_id.values()
    ]
