"""Return of a province after a flood: 1,020 kiosks with 180 forms each, simulated.

Simulated kiosks run the real engine, link and back-off on a virtual clock; the gateway is one queue with a constant
time for each batch. That time is fitted so that 50 simulated kiosks need as long as 50 real ones (two gateway processes
on PostgreSQL, kiosks with keys and signatures over HTTP). Then 200 of each are compared, which shows how good the
simulation is, and 1,020 follow with a ward's own pauses. Kiosks and gateway share one machine here, so the time of a
batch contains both: a province whose kiosks have their own machines is faster.
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

from bench._figures import Figures
from bench._postgres import durable_postgres
from kiosk.config import ROOT
from sync import errors
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Audit, FeedPage, Hello, Outcome, Parcel, Payload, Presence, Receipt, Sent
from tests.faults import herd
from tests.faults.herd import HerdConfig
from tests.faults.portal import Portal

FORMS = 180
SMALL = 50
LARGE = 200
PROVINCE = 1020
SCALE = 0.1
REST = 0.1
TURNS = 6
BEGIN = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


# --- simulated


class GatewayQueue:
    """Simulated gateway: accepts one batch after the other, each in `seconds`, and each form once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.free_at = 0.0
        self.accepted: set[str] = set()
        self.timeouts = 0


class SimulatedKiosk(herd.Kiosk):
    """A kiosk on a virtual clock; it is also the engine's portal adapter."""

    is_repeatable = True

    def __init__(self, kiosk_id: str, queue: GatewayQueue, backoff: BackoffSettings) -> None:
        super().__init__(
            kiosk_id, HerdConfig(url="http://127.0.0.1:1", codes={}, submissions=FORMS, scale=1.0, results="")
        )
        self.portal.close()
        self.at = 0.0
        self._queue = queue
        self._backoff = backoff
        link = Link(random.Random(kiosk_id), backoff, lambda: self.at)
        self.engine = Engine(self.store, self, link, open_subject=self.open_payload, apply_outcome=self.record_outcome)

    @property
    def is_done(self) -> bool:
        """Check whether every form has its receipt."""
        return not self._left and len(self.receipts) == len(self.parcels)

    def step(self) -> bool:
        """Submit the next forms, and run one round of the engine; return whether it did something."""
        self.submit_next()
        return self.engine.round(BEGIN + timedelta(seconds=self.at))

    def hello(self) -> Hello:
        return Hello("e", BEGIN + timedelta(seconds=self.at), is_maintenance=False, batch_limit=50, bytes_limit=8 << 20)

    def send(self, loads: Sequence[Payload]) -> Sent:
        ends = max(self.at, self._queue.free_at) + self._queue.seconds
        self._queue.free_at = ends
        outcomes = {load.subject.id: self._accept(load) for load in loads if isinstance(load, Parcel)}
        if ends - self.at > self._backoff.exchange:
            # The kiosk has closed the connection by then; the gateway accepts the batch all the same.
            self.at += self._backoff.exchange
            self._queue.timeouts += 1
            raise errors.Unsure("timeout")
        self.at = ends
        return Sent("e", outcomes)

    def _accept(self, load: Parcel) -> Outcome:
        is_new = load.submission_id not in self._queue.accepted
        self._queue.accepted.add(load.submission_id)
        receipt = Receipt(
            submission_id=load.submission_id,
            digest=load.digest,
            received_at="2026-11-24T01:30:00.000Z",
            revision=1,
            status_code=1,
        )
        return Outcome("created" if is_new else "duplicate", receipt)

    def verify(self, load: Payload) -> Presence:
        return "present" if load.subject.id in self._queue.accepted else "absent"

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:  # noqa: ARG002
        missing = frozenset(subject for subject, _ in known if subject not in self._queue.accepted)
        return Audit("e", missing, frozenset())

    def changes(self, cursor: str | None) -> FeedPage:
        return FeedPage("e", (), cursor or "", has_more=False)

    def close(self) -> None:
        """Nothing is open."""


def simulate(kiosks: int, seconds: float, scale: float) -> tuple[float, GatewayQueue]:
    """Simulate kiosks that all come back at second 0; return the second of the last receipt, and the queue."""
    queue = GatewayQueue(seconds)
    order = count()
    backoff = BackoffSettings().scaled(scale)
    turns = [(0.0, next(order), SimulatedKiosk(f"PK{1000 + n}", queue, backoff)) for n in range(kiosks)]
    last = 0.0
    while turns:
        at, _, kiosk = heapq.heappop(turns)
        kiosk.at = at
        did_something = kiosk.step()
        last = max(last, kiosk.at)
        if not kiosk.is_done:
            heapq.heappush(turns, (kiosk.at if did_something else kiosk.at + REST, next(order), kiosk))
    if len(queue.accepted) != kiosks * FORMS:
        raise RuntimeError("a form was lost or doubled")
    return last, queue


def fit(wanted: float) -> float:
    """Return the seconds of a batch with which the simulated small herd needs `wanted` seconds."""
    low = 0.0
    high = wanted / (SMALL * FORMS / herd.QUEUE_SIZE)  # more would fill more than the whole time
    for _ in range(TURNS):
        middle = (low + high) / 2
        if simulate(SMALL, middle, SCALE)[0] < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


# --- real


def run_real(kiosks: int, folder: Path, database: str) -> float:
    """Run real kiosks in two processes; return the seconds until every form has a receipt."""
    names = [f"PK{1000 + n}" for n in range(kiosks)]
    with closing(Portal(folder / "portal", database, processes=2)) as portal:
        portal.start()
        halves = [
            _start(path=folder / f"config-{side}.json", portal=portal, side=side, names=names[side::2])
            for side in (0, 1)
        ]
        for half in halves:
            _wait_for(half, "ready")
        begun = time.perf_counter()
        for half in halves:
            assert half.stdin is not None
            half.stdin.write("\n")
            half.stdin.flush()
        for half in halves:
            _wait_for(half, "over")
        seconds = time.perf_counter() - begun
        for half in halves:
            half.communicate()
        if portal.sql("select count(*), count(distinct receipt_no) from submissions") != [(kiosks * FORMS,) * 2]:
            raise RuntimeError("a form was lost or doubled")
    return seconds


def _start(path: Path, portal: Portal, side: int, names: list[str]) -> "subprocess.Popen[str]":
    codes = {name: portal.make_code(name) for name in names}
    config = HerdConfig(
        url=f"http://127.0.0.1:{portal.ports[side]}",
        codes=codes,
        submissions=FORMS,
        scale=SCALE,
        results=str(path.with_suffix(".out")),
    )
    pipe = subprocess.PIPE
    return subprocess.Popen(
        herd.write_config(path, config), cwd=ROOT, env=dict(os.environ), stdin=pipe, stdout=pipe, text=True
    )


def _wait_for(half: "subprocess.Popen[str]", word: str) -> None:
    """Read the next line of a process, and check that it is `word`."""
    assert half.stdout is not None
    if half.stdout.readline() != f"{word}\n":
        raise RuntimeError("a process of the herd ended")


def run() -> Figures:
    """Fit on the small herd, compare on the large one, then simulate the province."""
    with durable_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        small = run_real(SMALL, Path(folder) / "small", postgres.new_url())
        large = run_real(LARGE, Path(folder) / "large", postgres.new_url())
    seconds = fit(small)
    simulated, _ = simulate(LARGE, seconds, SCALE)
    province, queue = simulate(PROVINCE, seconds, 1.0)
    return [
        (f"{LARGE} kiosks x {FORMS}: simulated / real, % apart", abs(simulated / large - 1) * 100, "<= 25"),
        ("  real, s", large, ""),
        ("  simulated, s", simulated, ""),
        (f"  {PROVINCE:,} kiosks x {FORMS} at a ward's pace, simulated, s", province, ""),
        ("  of these, batches whose kiosk timed out", queue.timeouts, ""),
        (f"  seconds of a batch of {herd.QUEUE_SIZE}, fitted on {SMALL} kiosks", seconds, ""),
    ]
