"""The province of the simulation: the gateway as it is, on SQLite in memory, with its moods, its copies and its deaths.

A mood is an answer that the portal gives instead of doing its work. What is broken on purpose stands here and in
``weather``; everything else is the product's own code.
"""

import json
import random
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from sync import signature
from sync.gateway import app as gateway_app
from sync.gateway import database, epochs, kiosks, submissions
from sync.gateway.kiosks import Kiosk
from sync.gateway.settings import Enrolment, FormVersion, GatewaySettings
from sync.gateway.tables import events as kept_events
from sync.gateway.tables import submissions as kept
from sync.portals.http_client import HttpResponse
from sync.portals.kiosk_sync import PROTOCOL
from tests.sync.practice_gateway import UNIT

Found = TypeVar("Found")

MOODS: dict[str, tuple[int, str, str | None]] = {
    "401": (401, "unknown-key", None),
    "403": (403, "revoked", None),
    "clock": (401, "clock", None),
    "426": (426, "version", None),
    "429": (429, "busy", "90"),
    "500": (500, "http-500", None),
    "503": (503, "away", "45"),
}
"""Status, problem and Retry-After of an answer to anything but a greeting."""

MOST_WHEN_SMALL = 3


class Province:
    """The gateway, and whoever looks after it."""

    def __init__(self, now: Callable[[], datetime], lot: random.Random) -> None:
        self._lot = lot
        self.now = now
        self.settings = GatewaySettings(
            database="sqlite://",
            now=now,
            token=lambda: f"{lot.getrandbits(128):032x}",
            practice=True,
            catalogue=(
                FormVersion(procedure_code="1.001193", form_id="khai-sinh", form_version="1", effective_from="2026-07-01"),
            ),
        )
        self.app = gateway_app.create_app(self.settings)
        self.context = self.app.extensions["gateway"]
        self.mood = ""
        self.dies_in = 0
        self._is_serving = False
        self.last_restored = -1.0
        event.listen(self.context.engine, "commit", self._at_commit)

    def close(self) -> None:
        self.context.close()

    # --- what its callers need

    def enrol(self, name: str, seed: bytes) -> None:
        """Make a kiosk known with a one-time code."""
        asked = Enrolment(f"{self._lot.getrandbits(80):020x}", name, UNIT)
        with self.context.engine.begin() as db:
            kiosks.add_code(db, asked, self.now(), may_replace=True)
            assert kiosks.enrol(db, asked, signature.public_key(seed), self.now()) == "created"

    def serve(self, work: Callable[[], Found]) -> Found:
        """Answer a kiosk; the gateway may die of it."""
        self._is_serving = True
        try:
            return work()
        finally:
            self._is_serving = False

    def done(self, work: Callable[[Any], Found]) -> Found:
        """Do a piece of work as the gateway does it."""
        return database.run_transaction(self.context.engine, work)

    def epoch(self) -> str:
        with self.context.engine.begin() as db:
            return epochs.current_epoch(db)

    def refusal(self, call: str, count: int, words: Iterable[bytes]) -> HttpResponse | None:
        """Give the answer that stands in the way of the work, if any does."""
        if call == "hello":
            return None
        if self.mood in MOODS:
            return self._answer(*MOODS[self.mood])
        said = list(words)
        if (self.mood == "small" and count > MOST_WHEN_SMALL) or any(b"(huge)" in word for word in said):
            return self._answer(413, "too-large")
        return self._answer(422, "shape") if any(b"(poison)" in word for word in said) else None

    def _answer(self, status: int, problem: str, retry_after: str | None = None) -> HttpResponse:
        said = {"type": f"/problems/{problem}", "status": status, "serverTime": self.now().isoformat()}
        headers = {"Sync-Protocol": PROTOCOL, "Sync-Epoch": self.epoch()}
        if retry_after:
            headers["Retry-After"] = retry_after
        return HttpResponse(status, headers, json.dumps(said).encode())

    # --- what happens to it

    def _at_commit(self, _connection: object) -> None:
        """Die, or lose the disk, at the moment in which the work would become true."""
        if self.dies_in and self._is_serving:
            self.dies_in -= 1
            if not self.dies_in:
                raise OperationalError("commit", {}, sqlite3.OperationalError("disk I/O error"))

    def copy(self) -> sqlite3.Connection:
        return copied(self._raw())

    def put_back(self, copy: sqlite3.Connection, at: float, *, is_told: bool) -> None:
        """Put a copy back; ``is_told``: the operator begins a new epoch, otherwise a cursor has to prove it."""
        copy.backup(self._raw())
        self.last_restored = at
        if is_told:
            with self.context.engine.begin() as db:
                epochs.renew_epoch(db, epochs.current_epoch(db), self.now(), self.settings.token)

    def forgot(self, known: str) -> None:
        """Begin a new epoch, because a cursor has proved that this store forgot something."""
        with self.context.engine.begin() as db:
            epochs.renew_epoch(db, known, self.now(), self.settings.token)

    def _raw(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self.context.engine.raw_connection().driver_connection
        return connection

    def speak(self, kiosk: str, code: int) -> str | None:
        """Let the province's own people say something new about a submission of a kiosk."""
        with self.context.engine.begin() as db:
            mine = select(kept).where(kept.c.kiosk_id == kiosk).order_by(kept.c.submission_id)
            rows = db.execute(mine).all()
            if not rows:
                return None
            row = self._lot.choice(rows)
            submissions.set_status(db, row, self.now(), status_code=code)
        found: str = row.submission_id
        return found

    # --- what a judge asks it

    def digest(self, submission: str) -> str | None:
        with self.context.engine.begin() as db:
            return db.execute(select(kept.c.digest).where(kept.c.submission_id == submission)).scalar()

    def held(self) -> dict[str, Any]:
        """Give every submission that is kept, without its body."""
        columns = [column for column in kept.c if column.name != "body"]
        with self.context.engine.begin() as db:
            return {row.submission_id: row for row in db.execute(select(*columns))}

    def acts(self) -> dict[str, Any]:
        """Give every act of a desk that is kept."""
        with self.context.engine.begin() as db:
            return {row.event_id: row for row in db.execute(select(kept_events))}


def copied(db: sqlite3.Connection) -> sqlite3.Connection:
    """Give a copy of a database in memory."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    db.backup(copy)
    return copy


def kiosk_of(name: str) -> Kiosk:
    return Kiosk(name, UNIT)
