"""A province comes back after a flood: 1,020 kiosks with 180 forms each, by simulation.

The simulated kiosks are the real engine, line and back-off on a virtual clock; the gateway is one queue that takes a
batch in a constant time. That time is set so that 50 simulated kiosks take as long as 50 real ones (two gateway
processes on PostgreSQL, kiosks with keys and signatures over HTTP); then 200 of each are compared, which is what the
simulation is worth, and 1,020 follow at a ward's own pace. Here kiosks and gateway share one machine, so the time of a
batch has both in it: a province whose kiosks have machines of their own is faster.
"""

import heapq
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from kiosk.config import ROOT
from sync import errors
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Audit, FeedPage, Hello, Load, Outcome, Parcel, Presence, Receipt, Sent
from tests.faults import herd
from tests.faults.herd import Told
from tests.faults.portal import Portal
from tests.sync.postgres import Postgres

FORMS = 180
SMALL = 50
LARGE = 200
PROVINCE = 1020
SCALE = 0.1
REST = 0.1
TURNS = 6
BEGIN = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
Figures = list[tuple[str, float, str]]


# --- simulated


class Queue:
    """A gateway that takes one batch after the other, each in so many seconds; it takes a form once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.free_at = 0.0
        self.held: set[str] = set()
        self.late = 0


class Simulated(herd.Kiosk):
    """A kiosk on a virtual clock; it is its own line to the queue."""

    is_repeatable = True

    def __init__(self, kiosk_id: str, queue: Queue, pace: BackoffSettings) -> None:
        super().__init__(kiosk_id, Told(url="http://127.0.0.1:1", codes={}, forms=FORMS, scale=1.0, results=""))
        self.portal.close()
        self.at = 0.0
        self._queue = queue
        self._pace = pace
        line = Link(random.Random(kiosk_id), pace, lambda: self.at)
        self.engine = Engine(self.store, self, line, open_subject=self.pack, apply_outcome=self.settle)

    @property
    def is_through(self) -> bool:
        """Tell whether every form has its receipt."""
        return not self._left and len(self.receipts) == len(self.safe)

    def step(self) -> bool:
        """Hand in what has its turn, and let the engine do one thing; say whether it did."""
        self.hand_in()
        return self.engine.round(BEGIN + timedelta(seconds=self.at))

    def hello(self) -> Hello:
        return Hello("e", BEGIN + timedelta(seconds=self.at), is_maintenance=False, batch_limit=50, bytes_limit=8 << 20)

    def send(self, loads: Sequence[Load]) -> Sent:
        ends = max(self.at, self._queue.free_at) + self._queue.seconds
        self._queue.free_at = ends
        taken = {load.subject.id: self._take(load) for load in loads if isinstance(load, Parcel)}
        if ends - self.at > self._pace.exchange:
            # The kiosk has hung up by then; what it sent is taken all the same.
            self.at += self._pace.exchange
            self._queue.late += 1
            raise errors.Unsure("timeout")
        self.at = ends
        return Sent("e", taken)

    def _take(self, load: Parcel) -> Outcome:
        is_new = load.submission_id not in self._queue.held
        self._queue.held.add(load.submission_id)
        receipt = Receipt(
            submission_id=load.submission_id,
            digest=load.digest,
            received_at="2026-11-24T01:30:00.000Z",
            revision=1,
            status_code=1,
        )
        return Outcome("created" if is_new else "duplicate", receipt)

    def verify(self, load: Load) -> Presence:
        return "present" if load.subject.id in self._queue.held else "absent"

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        return Audit("e", frozenset(subject for subject, _ in known if subject not in self._queue.held), frozenset())

    def changes(self, cursor: str | None) -> FeedPage:
        return FeedPage("e", (), cursor or "", has_more=False)

    def close(self) -> None:
        """Nothing is open."""


def simulated(kiosks: int, seconds: float, scale: float) -> tuple[float, Queue]:
    """Let so many kiosks come back at second 0; give when the last form had its receipt, and the queue."""
    queue = Queue(seconds)
    order = count()
    pace = BackoffSettings().scaled(scale)
    turns = [(0.0, next(order), Simulated(f"PK{1000 + n}", queue, pace)) for n in range(kiosks)]
    last = 0.0
    while turns:
        at, _, kiosk = heapq.heappop(turns)
        kiosk.at = at
        did = kiosk.step()
        last = max(last, kiosk.at)
        if not kiosk.is_through:
            heapq.heappush(turns, (kiosk.at if did else kiosk.at + REST, next(order), kiosk))
    if len(queue.held) != kiosks * FORMS:
        raise RuntimeError("a form was lost or doubled")
    return last, queue


def fitted(wanted: float) -> float:
    """Find the seconds of a batch with which the small herd takes as long as it really did."""
    low = 0.0
    high = wanted / (SMALL * FORMS / herd.AT_ONCE)  # more would fill more than the whole time
    for _ in range(TURNS):
        middle = (low + high) / 2
        low, high = (middle, high) if simulated(SMALL, middle, SCALE)[0] < wanted else (low, middle)
    return (low + high) / 2


# --- real


def real(kiosks: int, folder: Path, database: str) -> float:
    """Seconds until so many real kiosks, in two processes, have a receipt for every form."""
    names = [f"PK{1000 + n}" for n in range(kiosks)]
    with closing(Portal(folder / "portal", database, processes=2)) as portal:
        portal.start()
        halves = [_started(folder / f"told-{side}.json", portal, side, names[side::2]) for side in (0, 1)]
        for half in halves:
            _hear(half, "ready")
        begun = time.perf_counter()
        for half in halves:
            assert half.stdin is not None
            half.stdin.write("\n")
            half.stdin.flush()
        for half in halves:
            _hear(half, "over")
        seconds = time.perf_counter() - begun
        for half in halves:
            half.communicate()
        if portal.rows("select count(*), count(distinct receipt_no) from submissions") != [(kiosks * FORMS,) * 2]:
            raise RuntimeError("a form was lost or doubled")
    return seconds


def _started(path: Path, portal: Portal, side: int, names: list[str]) -> "subprocess.Popen[str]":
    codes = {name: portal.code(name) for name in names}
    told = Told(
        url=f"http://127.0.0.1:{portal.ports[side]}",
        codes=codes,
        forms=FORMS,
        scale=SCALE,
        results=str(path.with_suffix(".out")),
    )
    pipe = subprocess.PIPE
    return subprocess.Popen(herd.tell(path, told), cwd=ROOT, env=dict(os.environ), stdin=pipe, stdout=pipe, text=True)


def _hear(half: "subprocess.Popen[str]", word: str) -> None:
    assert half.stdout is not None
    if half.stdout.readline() != f"{word}\n":
        raise RuntimeError("a process of the herd ended")


def run() -> Figures:
    """Fit on the small herd, compare on the large one, then let the province come back."""
    postgres = Postgres()
    try:
        postgres.run("alter system reset fsync", "select pg_reload_conf()")
        with tempfile.TemporaryDirectory() as folder:
            small = real(SMALL, Path(folder) / "small", postgres.fresh())
            large = real(LARGE, Path(folder) / "large", postgres.fresh())
    finally:
        postgres.close()
    seconds = fitted(small)
    guessed, _ = simulated(LARGE, seconds, SCALE)
    whole, queue = simulated(PROVINCE, seconds, 1.0)
    return [
        (f"{LARGE} kiosks x {FORMS}: simulated / real, % apart", abs(guessed / large - 1) * 100, "<= 25"),
        ("  real, s", large, ""),
        ("  simulated, s", guessed, ""),
        (f"  {PROVINCE:,} kiosks x {FORMS} at a ward's pace, simulated, s", whole, ""),
        ("  of these, batches whose kiosk had hung up", queue.late, ""),
        (f"  seconds of a batch of {herd.AT_ONCE}, fitted on {SMALL} kiosks", seconds, ""),
    ]
