"""The worker: `step` does one due thing (print, deliver, pull, wipe); `run` steps until it is told to stop.

Nothing here sleeps but `run`. One worker drains one store: a file lock keeps a second process out.
"""

import fcntl
import logging
from functools import partial
from threading import Event
from typing import IO, TYPE_CHECKING

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
from kiosk.wiring import file_limits, open_portal_of, open_portal_with, printer_routes
from printers import spool
from printers.devices.base import Printer
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.file_transfer import Carrier
from sync.link import Link
from sync.portals.base import TakesFiles

if TYPE_CHECKING:
    from sync.portals.base import Portal

log = logging.getLogger(__name__)

REST = 0.25
WIPE_EVERY = 600.0
ASKING = 1 / 12
"""In each turn of wiping one kiosk of twelve asks: a province is through in some hours."""
LOOK_EVERY = 20.0
RENEW_EVERY = 5.0


class Busy(Exception):  # noqa: N818 - read in a sentence
    """Another worker drains this store."""


class Worker:
    """Everything that is done when nobody waits for it."""

    def __init__(
        self, context: Context, portal: "Portal | None", routes: spool.Routes, pace: BackoffSettings | None = None
    ) -> None:
        self.context = context
        self._routes = routes
        self._portal = portal
        self._pace = pace or BackoffSettings()
        self._line = Link(codes.chance(), self._pace, context.clock.monotonic)
        pack, settle, heard = delivery.answers_for(context)
        self._heard = heard
        self._make_engine = partial(Engine, context.store, line=self._line, pack=pack, settle=settle)
        self._engine = self._make_engine(portal=portal) if portal is not None else None
        self._carrier = self._make_carrier(portal)
        self._renew_at = self._pull_at = self._wipe_at = self._look_at = context.clock.monotonic()
        self._is_new = True

    def step(self) -> bool:
        """Do one due thing; return whether there was one."""
        if self._is_new:
            self._begin()
        if self._look() or self._print() or self._renew() or self._deliver() or self._pull():
            return True
        return self._carry() or self._wipe()

    def _begin(self) -> None:
        with self.context.store.write() as db:
            spool.recover(db, self.context.clock.now())
        self._is_new = False

    def _print(self) -> bool:
        compose = partial(papers.compose, self.context)
        return spool.step(self.context.store, self._routes, compose, self.context.clock.now) is not None

    def _renew(self) -> bool:
        """Carry out the renewal of the key that a technician asked for; the portal is opened anew with the new key."""
        now, config = self.context.clock.monotonic(), self.context.config
        if self._portal is None or config.portal.kind != "kiosk-sync" or now < self._renew_at:
            return False
        self._renew_at = now + RENEW_EVERY
        open_with = partial(open_portal_with, config, seconds=self._pace.exchange)
        if not key_renewal.step(self.context, open_with):
            return False
        self._portal.close()
        self._portal = open_with(portal_key(config.portal_key_path))
        self._engine = self._make_engine(portal=self._portal)
        self._carrier = self._make_carrier(self._portal)
        return True

    def _deliver(self) -> bool:
        return self._engine is not None and self._engine.round(self.context.clock.now())

    def _make_carrier(self, portal: object) -> Carrier | None:
        if not isinstance(portal, TakesFiles):
            return None
        open_file, tell = partial(scan_files.open_scan, self.context), partial(scan_files.tell, self.context)
        allowed = file_limits(self.context.config)
        return Carrier(self.context.store, portal, self._line, open_file=open_file, tell=tell, leave=allowed)

    def _carry(self) -> bool:
        """Carry a scan on, when no form is due."""
        return self._carrier is not None and self._carrier.round(self.context.clock.now())

    def _pull(self) -> bool:
        now = self.context.clock.monotonic()
        if self._portal is None or not self._portal.has_feed or now < self._pull_at:
            return False
        self._pull_at = now + self._pace.pull
        has_more = sync.status_feed.pull(
            self.context.store, self._portal, self._line, self._heard, self.context.clock.now()
        )
        if has_more:
            self._pull_at = now
        return has_more

    def _look(self) -> bool:
        """Ask the printers how they are while nothing is printed; the pages read it from the store."""
        now = self.context.clock.monotonic()
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        if not self.context.config.kiosk.practice and disk_reserve.tend(self.context.config.folder):
            log.error("ballast let go")
        found = {device.settings.name: device.look().advice or "ok" for device in self._devices()}
        with self.context.store.write() as db:
            for name, advice in found.items():
                marks.put(db, health.PRINTER + name, advice)
        return False

    def _devices(self) -> list[Printer]:
        return list({id(one): one for listed in self._routes.values() for one in listed}.values())

    def _wipe(self) -> bool:
        now = self.context.clock.monotonic()
        if now < self._wipe_at:
            return False
        self._wipe_at = now + WIPE_EVERY
        has_wiped = self._forget()
        self._ask_city()
        checkpoint(self.context.store)
        return has_wiped

    def _ask_city(self) -> None:
        """Ask the city once a night whether it still has all that it took; by lot, so that no province asks as one."""
        if self._portal is None or not self._portal.has_feed or not delivering.is_audit_due(self.context):
            return
        if codes.chance().random() < ASKING:
            delivering.ask_audit(self.context, "worker")

    def _forget(self) -> bool:
        """Forget whose time is over, while nothing speaks against the clock: a leap of years must not wipe a form."""
        if clock_trust.doubt(self.context) is not None:
            log.warning("nothing wiped", extra={"reason": "clock"})
            self._line.ask_time()
            return False
        with self.context.store.write() as db:
            clock_trust.mark_trusted(db, self.context)
        return applying.forget_old(self.context) > 0

    def run(self, stop: Event) -> None:
        """Step until told to stop; whatever goes wrong with one thing, the next is tried."""
        while not stop.is_set():
            try:
                did = self.step()
            except Exception:  # the worker outlives every fault; the log has it
                log.exception("worker")
                did = False
            if not did:
                stop.wait(REST)
        self.close()

    def close(self) -> None:
        """Let go of the line to the portal."""
        if self._portal is not None:
            self._portal.close()


def open_worker(context: Context, pace: BackoffSettings | None = None) -> Worker:
    """Return the worker of a room, with the portal and printers of its settings."""
    pace = pace or BackoffSettings()
    return Worker(context, open_portal_of(context, pace.exchange), printer_routes(context.config), pace)


def only_one(config: Config) -> "IO[bytes]":
    """Hold the lock of this store's worker for as long as the file stays open; Busy when another process has it."""
    path = config.lock_path("worker")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        file.close()
        raise Busy from cause
    return file
