"""Simulated gateway: the real gateway on SQLite in memory, with answers on demand, backups and crashes.

A behaviour is an answer that the gateway gives instead of doing its work. Faults are made only here and in `network`;
everything else is the product's own code.
"""

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from sync import signature
from sync.gateway import app as gateway_app
from sync.gateway import database, epochs, kiosks, status_changes
from sync.gateway.context import GatewayContext
from sync.gateway.kiosks import Kiosk
from sync.gateway.settings import Enrolment, FormVersion, GatewaySettings
from sync.gateway.tables import events as events_table
from sync.gateway.tables import submissions as submissions_table
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import PROTOCOL
from tests.sync.practice_gateway import UNIT

ResultT = TypeVar("ResultT")

REFUSALS: dict[str, tuple[int, str, str | None]] = {
    "401": (401, "unknown-key", None),
    "403": (403, "revoked", None),
    "clock": (401, "clock", None),
    "426": (426, "version", None),
    "429": (429, "busy", "90"),
    "500": (500, "http-500", None),
    "503": (503, "away", "45"),
}
"""Status, problem and Retry-After of the answer to everything but a greeting, by behaviour."""

SMALL_BATCH = 3
"""The largest batch that the behaviour `small` accepts."""


class SimulatedGateway:
    """The gateway, its faults and its operator."""

    def __init__(self, now: Callable[[], datetime], rng: random.Random) -> None:
        self._rng = rng
        self.now = now
        self.settings = GatewaySettings(
            database="sqlite://",
            now=now,
            token=lambda: f"{rng.getrandbits(128):032x}",
            practice=True,
            catalogue=(
                FormVersion(
                    procedure_code="1.001193", form_id="khai-sinh", form_version="1", effective_from="2026-07-01"
                ),
            ),
        )
        self.app = gateway_app.create_app(self.settings)
        self.context: GatewayContext = self.app.extensions["gateway"]
        self.behaviour = ""
        self.commits_until_crash = 0
        self._is_serving = False
        self.last_restored = -1.0
        event.listen(self.context.engine, "commit", self._crash_at_commit)

    def close(self) -> None:
        self.context.close()

    # --- requests

    def enrol(self, name: str, seed: bytes) -> None:
        """Enrol a kiosk with a one-time code."""
        enrolment = Enrolment(code=f"{self._rng.getrandbits(80):020x}", kiosk_id=name, unit_code=UNIT)
        with self.context.engine.begin() as db:
            kiosks.add_code(db, enrolment, self.now(), may_replace=True)
            assert kiosks.enrol(db, enrolment, signature.public_key(seed), self.now()) == "created"

    def serve(self, work: Callable[[], ResultT]) -> ResultT:
        """Run the work of a request; the gateway may crash at its commit."""
        self._is_serving = True
        try:
            return work()
        finally:
            self._is_serving = False

    def transaction(self, work: Callable[[Any], ResultT]) -> ResultT:
        """Run work in a transaction, as the gateway does."""
        return database.run_transaction(self.context.engine, work)

    def epoch(self) -> str:
        with self.context.engine.begin() as db:
            return epochs.current_epoch(db)

    def refusal(self, call: str, count: int, bodies: Sequence[bytes]) -> HttpResponse | None:
        """Return the answer that replaces the work, or None.

        Args:
            call: name of the request.
            count: submissions or events in it.
            bodies: its bodies; "(huge)" or "(poison)" in one makes the whole request refused.
        """
        if call == "hello":
            return None
        if self.behaviour in REFUSALS:
            return self._problem(*REFUSALS[self.behaviour])
        if (self.behaviour == "small" and count > SMALL_BATCH) or any(b"(huge)" in body for body in bodies):
            return self._problem(413, "too-large")
        return self._problem(422, "shape") if any(b"(poison)" in body for body in bodies) else None

    def _problem(self, status: int, problem: str, retry_after: str | None = None) -> HttpResponse:
        content = {"type": f"/problems/{problem}", "status": status, "serverTime": self.now().isoformat()}
        headers = {"Sync-Protocol": PROTOCOL, "Sync-Epoch": self.epoch()}
        if retry_after:
            headers["Retry-After"] = retry_after
        return HttpResponse(status, headers, json.dumps(content).encode())

    # --- faults and restores

    def _crash_at_commit(self, _connection: object) -> None:
        """Fail a commit, as a crash or a failed disk does."""
        if self.commits_until_crash and self._is_serving:
            self.commits_until_crash -= 1
            if not self.commits_until_crash:
                raise OperationalError("commit", {}, sqlite3.OperationalError("disk I/O error"))

    def back_up(self) -> sqlite3.Connection:
        return copy_database(self._raw_connection())

    def restore(self, backup: sqlite3.Connection, at: float, *, is_announced: bool) -> None:
        """Restore a backup; the operator begins a new epoch only if `is_announced`, else a cursor has to prove it."""
        backup.backup(self._raw_connection())
        self.last_restored = at
        if is_announced:
            with self.context.engine.begin() as db:
                epochs.renew_epoch(db, epochs.current_epoch(db), self.now(), self.settings.token)

    def renew_epoch(self, known_epoch: str) -> None:
        """Begin a new epoch, because a cursor has proved a restore."""
        with self.context.engine.begin() as db:
            epochs.renew_epoch(db, known_epoch, self.now(), self.settings.token)

    def _raw_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self.context.engine.raw_connection().driver_connection
        return connection

    def set_any_status(self, kiosk: str, code: int) -> str | None:
        """Set the status of a random submission of a kiosk, as the operator does; return its id."""
        with self.context.engine.begin() as db:
            of_kiosk = select(submissions_table).where(submissions_table.c.kiosk_id == kiosk)
            rows = db.execute(of_kiosk.order_by(submissions_table.c.submission_id)).all()
            if not rows:
                return None
            row = self._rng.choice(rows)
            status_changes.set_status(db, row, self.now(), status_code=code)
        submission_id: str = row.submission_id
        return submission_id

    # --- stored rows, for the invariants

    def digest(self, submission_id: str) -> str | None:
        is_submission = submissions_table.c.submission_id == submission_id
        with self.context.engine.begin() as db:
            return db.execute(select(submissions_table.c.digest).where(is_submission)).scalar()

    def submissions(self) -> dict[str, Any]:
        """Return the stored submissions by id, without their bodies."""
        columns = [column for column in submissions_table.c if column.name != "body"]
        with self.context.engine.begin() as db:
            return {row.submission_id: row for row in db.execute(select(*columns))}

    def events(self) -> dict[str, Any]:
        """Return the stored events of the desk by id."""
        with self.context.engine.begin() as db:
            return {row.event_id: row for row in db.execute(select(events_table))}


def copy_database(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy of a database in memory."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    db.backup(copy)
    return copy


def gateway_kiosk(name: str) -> Kiosk:
    """Return a kiosk as the gateway knows it."""
    return Kiosk(name, UNIT)
