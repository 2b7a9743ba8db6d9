"""The thread of each process that hands dossiers on and sweeps what has expired; ``step`` does one thing when asked.

Far side and database are asked in turns, never inside one transaction.
"""

import logging
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sync.gateway import files, forwarding, kiosks
from sync.gateway.context import GatewayContext
from sync.gateway.database import run_transaction
from sync.gateway.forward_targets import Dossier, FarSide
from sync.gateway.forwarding import ForwardPace

IDLE = 1.0
TROUBLE = 5.0
SWEEP_EVERY = timedelta(minutes=1)

_log = logging.getLogger(__name__)


class Courier:
    """Hands on what is due; ``far`` may be missing, then it only sweeps."""

    def __init__(self, context: GatewayContext, far: FarSide | None, pace: ForwardPace | None = None) -> None:
        self._context = context
        self._far = far
        self._pace = pace or ForwardPace()
        self._swept_at: datetime | None = None

    def step(self) -> bool:
        """Hand one dossier over; False when none is due or may go now."""
        self._sweep()
        if self._far is None:
            return False
        dossier = run_transaction(self._context.engine, self._claim)
        if dossier is None:
            return False
        began = self._context.settings.now()
        answer = self._far.deliver(replace(dossier, read=partial(self._read, dossier.kiosk_id)))
        ended = self._context.settings.now()
        run_transaction(self._context.engine, lambda db: forwarding.settle(db, dossier, answer, began, ended, self._pace))
        _log.info("forwarded", extra={"receipt_no": dossier.receipt_no, "word": answer.word, "code": answer.code})
        return True

    def run(self, stop: threading.Event) -> None:
        """Step until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            try:
                wait = 0.0 if self.step() else min(IDLE, self._pace.interval)
            except DBAPIError:
                _log.warning("database is away")
                wait = TROUBLE
            stop.wait(wait)

    def _claim(self, db: Connection) -> Dossier | None:
        return forwarding.claim(db, self._context.settings.now(), self._pace)

    def _read(self, kiosk_id: str, sha256: str) -> bytes | None:
        return run_transaction(self._context.engine, lambda db: files.content(db, files.Name(kiosk_id, sha256)))

    def _sweep(self) -> None:
        now = self._context.settings.now()
        if self._swept_at is not None and abs(now - self._swept_at) < SWEEP_EVERY:
            return
        self._swept_at = now
        with self._context.engine.begin() as db:
            kiosks.sweep(db, now)
            files.sweep(db, now)
