"""The background worker: prints, delivers, reads the changes feed, sends files, and cleans up.

`Worker.step` does one due thing; `run` repeats it until it is stopped, and nothing else here sleeps. One worker drains
one store: a file lock keeps a second process out.
"""

import fcntl
import logging
from functools import partial
from threading import Event
from typing import IO, TYPE_CHECKING, cast

import sync
import sync.status_feed
from kiosk import clock_trust, codes, health, papers
from kiosk.acts import applying, delivering
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import delivery, key_renewal, scan_files
from kiosk.portal.signing_key import portal_key
from kiosk.records import marks
from kiosk.store import disk_reserve
from kiosk.store.db import checkpoint
from kiosk.wiring import file_limits, open_enrolling_portal, open_portal, open_printers
from printers import spool
from printers.devices.base import Printer
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.file_transfer import FileTransfer
from sync.link import Link
from sync.portals.base import EnrollingPortal, TakesFiles

if TYPE_CHECKING:
    from sync.portals.base import Portal

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.25
"""Sleep between two steps when nothing was due."""
CLEANUP_SECONDS = 600.0
"""Interval of the clean-up."""
AUDIT_PROBABILITY = 1 / 12
"""Probability of starting a due audit in one clean-up: spreads the kiosks of a province over some hours."""
PRINTER_CHECK_SECONDS = 20.0
"""Interval of the printer check."""
KEY_RENEWAL_SECONDS = 5.0
"""Interval of the check for a requested key renewal."""


class WorkerBusy(Exception):  # noqa: N818 - reads well in "except WorkerBusy"
    """Another worker drains this store."""


class Worker:
    """Everything that is done outside of requests."""

    def __init__(
        self,
        context: Context,
        portal: "Portal | None",
        routes: spool.PrintersByKind,
        pace: BackoffSettings | None = None,
    ) -> None:
        self.context = context
        self._routes = routes
        self._portal = portal
        self._capabilities = context.config.portal.capabilities
        self._pace = pace or BackoffSettings()
        self._link = Link(codes.random_source(), self._pace, context.clock.monotonic)
        open_subject, apply_outcome, apply_receipt = delivery.sync_callbacks(context)
        self._apply_receipt = apply_receipt
        self._make_engine = partial(
            Engine, context.store, link=self._link, open_subject=open_subject, apply_outcome=apply_outcome
        )
        self._engine = self._make_engine(portal=portal) if portal is not None else None
        self._file_transfer = self._make_file_transfer()
        self._renew_at = self._pull_at = self._cleanup_at = self._check_printers_at = context.clock.monotonic()
        self._is_new = True

    def step(self) -> bool:
        """Do one due thing; return whether there was one."""
        if self._is_new:
            self._begin()
        if self._check_printers() or self._print() or self._renew_key() or self._deliver() or self._pull():
            return True
        return self._send_files() or self._clean_up()

    def _begin(self) -> None:
        with self.context.store.write() as db:
            spool.mark_interrupted(db, self.context.clock.now())
        self._is_new = False

    def _print(self) -> bool:
        compose = partial(papers.compose, self.context)
        return (
            spool.print_next(
                self.context.store, printers_by_kind=self._routes, compose=compose, now=self.context.clock.now
            )
            is not None
        )

    def _renew_key(self) -> bool:
        """Continue the key renewal that a technician requested; afterwards the portal is opened with the new key."""
        now = self.context.clock.monotonic()
        if self._portal is None or not self._capabilities.can_be_enrolled or now < self._renew_at:
            return False
        self._renew_at = now + KEY_RENEWAL_SECONDS
        if not key_renewal.step(self.context, self._open_with):
            return False
        self._portal.close()
        self._portal = self._open_with(portal_key(self.context.config.portal_key_path))
        self._engine = self._make_engine(portal=self._portal)
        self._file_transfer = self._make_file_transfer()
        return True

    def _open_with(self, seed: bytes) -> EnrollingPortal:
        portal = open_enrolling_portal(self.context.config, seed, self._pace.exchange)
        return cast("EnrollingPortal", portal)

    def _deliver(self) -> bool:
        return self._engine is not None and self._engine.round(self.context.clock.now())

    def _make_file_transfer(self) -> FileTransfer | None:
        if self._portal is None or not self._capabilities.takes_files:
            return None
        return FileTransfer(
            self.context.store,
            cast("TakesFiles", self._portal),
            self._link,
            open_file=partial(scan_files.open_scan, self.context),
            apply_result=partial(scan_files.apply_result, self.context),
            limits=file_limits(self.context.config),
        )

    def _send_files(self) -> bool:
        """Send a piece of a scan, when no form is due."""
        return self._file_transfer is not None and self._file_transfer.round(self.context.clock.now())

    def _pull(self) -> bool:
        now = self.context.clock.monotonic()
        if self._portal is None or not self._capabilities.has_feed or now < self._pull_at:
            return False
        self._pull_at = now + self._pace.pull
        has_more = sync.status_feed.pull(
            self.context.store,
            portal=self._portal,
            link=self._link,
            apply_receipt=self._apply_receipt,
            now=self.context.clock.now(),
        )
        if has_more:
            self._pull_at = now
        return has_more

    def _check_printers(self) -> bool:
        """Store the state of the printers while nothing is printed; the pages read it from the store."""
        now = self.context.clock.monotonic()
        if now < self._check_printers_at:
            return False
        self._check_printers_at = now + PRINTER_CHECK_SECONDS
        if not self.context.config.kiosk.practice and disk_reserve.maintain(self.context.config.folder):
            log.error("disk reserve deleted")
        advice = {printer.settings.name: printer.read_status().advice_key or "ok" for printer in self._printers()}
        with self.context.store.write() as db:
            for name, text in advice.items():
                marks.put(db, health.PRINTER + name, text)
        return False

    def _printers(self) -> list[Printer]:
        by_id = {id(printer): printer for printers in self._routes.values() for printer in printers}
        return list(by_id.values())

    def _clean_up(self) -> bool:
        now = self.context.clock.monotonic()
        if now < self._cleanup_at:
            return False
        self._cleanup_at = now + CLEANUP_SECONDS
        has_wiped = self._wipe_expired()
        self._start_audit()
        checkpoint(self.context.store)
        return has_wiped

    def _start_audit(self) -> None:
        """Start the nightly audit of everything delivered, at random, so that kiosks do not all ask at once."""
        if self._portal is None or not self._capabilities.has_feed or not delivering.is_audit_due(self.context):
            return
        if codes.random_source().random() < AUDIT_PROBABILITY:
            delivering.request_audit(self.context, "worker")

    def _wipe_expired(self) -> bool:
        """Wipe expired data, unless the clock is in doubt: a clock that jumps by years must not wipe a form."""
        if clock_trust.doubt(self.context) is not None:
            log.warning("nothing wiped", extra={"reason": "clock"})
            self._link.request_time()
            return False
        with self.context.store.write() as db:
            clock_trust.mark_trusted(db, self.context)
        return applying.wipe_expired(self.context) > 0

    def run(self, stop: Event) -> None:
        """Step until `stop` is set; after an error the next thing is tried."""
        while not stop.is_set():
            try:
                was_due = self.step()
            except Exception:  # the worker survives every error; the log has it
                log.exception("worker")
                was_due = False
            if not was_due:
                stop.wait(IDLE_SECONDS)
        self.close()

    def close(self) -> None:
        """Close the connection to the portal."""
        if self._portal is not None:
            self._portal.close()


def open_worker(context: Context, pace: BackoffSettings | None = None) -> Worker:
    """Return the worker of a kiosk, with the portal and printers of its settings."""
    pace = pace or BackoffSettings()
    return Worker(context, open_portal(context, pace.exchange), open_printers(context.config), pace)


def lock_worker(config: Config) -> "IO[bytes]":
    """Take the lock of this store's worker; it is held until the file is closed.

    Raises:
        WorkerBusy: another process has the lock.
    """
    path = config.lock_path("worker")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        file.close()
        raise WorkerBusy from cause
    return file
