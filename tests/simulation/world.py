"""The world of the simulation: one time, one lot, a list of what happens next, and the trace of what happened.

Nothing here waits: the time jumps to the next thing that happens. All chance comes from one seed, so that the same seed
gives the same trace, line by line; ``python -m tests.simulation SEED`` shows it.
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
from tests.simulation import doors, judge
from tests.simulation.gateway import Province
from tests.simulation.kiosk import BEGIN, Kiosk, grown
from tests.simulation.weather import Weather

EMPTY = grown()
TAIL = 60


class World:
    """A province with one gateway and a few kiosks.

    ``is_whole``: with HTTP and signatures between them; ``is_repeatable`` False: what is unknown is asked about first.
    """

    def __init__(self, seed: int, *, kiosks: int = 2, is_whole: bool = False, is_repeatable: bool = True) -> None:
        self.seed = seed
        self.lot = random.Random(seed)
        self.at = 0.0
        self.weather = Weather()
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.lines = 0
        self.requests = 0
        self.is_loud = False
        self.copies: list[sqlite3.Connection] = []
        self._hash = hashlib.sha256()
        self._next: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self.province = Province(self.now, random.Random(self.lot.getrandbits(64)))
        self._is_whole = is_whole
        self._is_repeatable = is_repeatable
        self.kiosks = [Kiosk(self, f"PK{n:02d}", EMPTY, self._open) for n in range(1, kiosks + 1)]

    def close(self) -> None:
        self.province.close()
        for kiosk in self.kiosks:
            kiosk.store.db.close()
        for copy in self.copies:
            copy.close()

    def keep(self, copy: sqlite3.Connection) -> sqlite3.Connection:
        """Keep a copy of a store until the world ends."""
        self.copies.append(copy)
        return copy

    def _open(self, kiosk: Kiosk) -> Portal:
        self.province.enrol(kiosk.name, kiosk.seed)
        if self._is_whole:
            return doors.whole_way(self.province, kiosk, kiosk.name, kiosk.seed, kiosk.monotonic)
        return doors.Direct(self.province, kiosk, kiosk.name, is_repeatable=self._is_repeatable)

    # --- time

    def now(self) -> datetime:
        """Tell the true time: the province's clock is right."""
        return BEGIN + timedelta(seconds=self.at)

    def later(self, seconds: float, do: Callable[[], object]) -> None:
        heapq.heappush(self._next, (self.at + max(seconds, 0.0), next(self._order), do))

    def run(self, until: float) -> None:
        """Let everything happen that happens before a moment, in its order."""
        while self._next and self._next[0][0] <= until:
            at, _, do = heapq.heappop(self._next)
            self.at = max(self.at, at)
            with suppress(SyncError):
                do()
        self.at = max(self.at, until)

    # --- what a kiosk sees of it

    def fate(self, kiosk: Kiosk, call: str) -> tuple[str, float]:
        fate, seconds = self.weather.fate(self.lot)
        self.requests += 1
        self.note(kiosk.name, call, fate)
        if self.weather.name == "down":
            judge.attempts_are_bounded(kiosk)
        else:
            kiosk.calls.clear()
        return fate, seconds

    def told(self, kiosk: Kiosk, subject: Subject, outcome: Outcome) -> None:
        self.note(kiosk.name, "hears", subject.id[-6:], outcome.kind)
        judge.heard(self, kiosk, subject, outcome)

    # --- the trace

    def note(self, who: str, *words: object) -> None:
        line = f"{self.at:.3f} {who} {' '.join(map(str, words))}"
        self.lines += 1
        self._hash.update(line.encode() + b"\n")
        self.tail.append(line)
        if self.is_loud:
            print(line)

    @property
    def trace(self) -> str:
        """The whole trace as one short mark."""
        return self._hash.hexdigest()
