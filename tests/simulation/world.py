"""World of the simulation: virtual time, one random seed, a queue of scheduled actions, and a trace.

Nothing waits: the time jumps to the next scheduled action. All randomness comes from one seed, so the same seed gives
the same trace line by line; `python -m tests.simulation SEED` shows it.
"""

import hashlib
import heapq
import itertools
import random
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sync.errors import SyncError
from sync.parcel import Outcome, Subject
from sync.portals.base import Portal
from tests.simulation import invariants, portals
from tests.simulation.gateway import SimulatedGateway
from tests.simulation.kiosk import START, SimulatedKiosk, make_empty_store
from tests.simulation.network import Network

EMPTY_STORE = make_empty_store()
LAST_LINES = 60


class World:
    """One gateway, some kiosks, and the network between them.

    `uses_http`: with HTTP and signatures; `is_repeatable`: the portal answers `duplicate`, so sending again settles an
    unknown outcome; otherwise the engine asks first.
    """

    def __init__(self, seed: int, *, kiosks: int = 2, uses_http: bool = False, is_repeatable: bool = True) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.at = 0.0
        self.network = Network()
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self.lines = 0
        self.requests = 0
        self.is_verbose = False
        self.backups: list[sqlite3.Connection] = []
        self._hash = hashlib.sha256()
        self._actions: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self.gateway = SimulatedGateway(self.now, random.Random(self.rng.getrandbits(64)))
        self._uses_http = uses_http
        self._is_repeatable = is_repeatable
        self.kiosks = [
            SimulatedKiosk(self, f"PK{number:02d}", EMPTY_STORE, self._open_portal) for number in range(1, kiosks + 1)
        ]

    def close(self) -> None:
        self.gateway.close()
        for kiosk in self.kiosks:
            kiosk.store.db.close()
        for backup in self.backups:
            backup.close()

    def keep(self, backup: sqlite3.Connection) -> sqlite3.Connection:
        """Close a backup of a store together with the world; return it."""
        self.backups.append(backup)
        return backup

    def _open_portal(self, kiosk: SimulatedKiosk) -> Portal:
        self.gateway.enrol(kiosk.name, kiosk.seed)
        if self._uses_http:
            return portals.open_http_portal(
                self.gateway, kiosk, kiosk_id=kiosk.name, seed=kiosk.seed, clock=kiosk.monotonic
            )
        return portals.DirectPortal(self.gateway, kiosk, kiosk.name, is_repeatable=self._is_repeatable)

    # --- time

    def now(self) -> datetime:
        """Return the true time, which the gateway's clock shows."""
        return START + timedelta(seconds=self.at)

    def schedule(self, seconds: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._actions, (self.at + max(seconds, 0.0), next(self._order), action))

    def run(self, until: float) -> None:
        """Run the scheduled actions until a time, in their order."""
        while self._actions and self._actions[0][0] <= until:
            at, _, action = heapq.heappop(self._actions)
            self.at = max(self.at, at)
            with suppress(SyncError):
                action()
        self.at = max(self.at, until)

    # --- the environment of a kiosk

    def draw_fault(self, kiosk: SimulatedKiosk, call: str) -> tuple[str, float]:
        fault, seconds = self.network.draw_fault(self.rng)
        self.requests += 1
        self.note(kiosk.name, call, fault)
        if self.network.condition == "down":
            invariants.check_attempts(kiosk)
        else:
            kiosk.request_times.clear()
        return fault, seconds

    def check_outcome(self, kiosk: SimulatedKiosk, subject: Subject, outcome: Outcome) -> None:
        self.note(kiosk.name, "outcome", subject.id[-6:], outcome.kind)
        invariants.check_outcome(self, kiosk, subject, outcome)

    # --- the trace

    def note(self, who: str, *words: object) -> None:
        line = f"{self.at:.3f} {who} {' '.join(map(str, words))}"
        self.lines += 1
        self._hash.update(line.encode() + b"\n")
        self.last_lines.append(line)
        if self.is_verbose:
            print(line)

    @property
    def trace(self) -> str:
        """Return a hash of the whole trace."""
        return self._hash.hexdigest()
