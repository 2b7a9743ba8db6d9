"""Test harness of sync: a store in memory, a manual clock, the desk's callbacks, a model portal.

The model portal keeps the contract exactly; a fault is set by name and lasts until `heal`.
"""

import itertools
import json
import random
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from sync import errors, outbox, status_feed
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.link import Link
from sync.parcel import (
    Audit,
    Event,
    FeedPage,
    FieldError,
    Hello,
    Outcome,
    Parcel,
    Payload,
    Presence,
    Receipt,
    Sent,
    Subject,
    sha256_hex,
)
from sync.schema import migrations


class PowerCut(BaseException):
    """Simulated power cut: the process ends at this line."""


class SyncMemoryStore:
    """A store on one connection in memory; a write is one transaction."""

    def __init__(self) -> None:
        self.db = Database(sqlite3.connect(":memory:", isolation_level=None))
        migrations.apply(self.db)
        self.db.execute("create table desk (subject text primary key, delivery text, code int, revision int) strict")
        self.is_writing = False

    @contextmanager
    def read(self) -> Iterator[Database]:
        yield self.db

    @contextmanager
    def write(self) -> Iterator[Database]:
        assert not self.is_writing, "a write inside a write"
        self.is_writing = True
        try:
            with self.db.atomic():
                yield self.db
        finally:
            self.is_writing = False


class Time:
    """A wall clock and a monotonic clock that can be moved apart."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class DeskCallbacks:
    """The kiosk's callbacks: loads from a dict, outcomes into a table of its own."""

    loads: dict[str, Payload] = field(default_factory=dict)
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    power_cut_in: str | None = None

    def open_subject(self, subject: Subject) -> Payload | None:
        if self.power_cut_in == "pack":
            raise PowerCut
        return self.loads.get(subject.id)

    def apply_outcome(self, db: Database, subject: Subject, outcome: Outcome) -> None:
        delivery = "sent" if outcome.is_taken else "quarantined" if outcome.is_refused else "queued"
        db.execute(
            "insert into desk (subject, delivery) values (?, ?)"
            " on conflict (subject) do update set delivery = excluded.delivery",
            [subject.id, delivery],
        )
        if outcome.receipt is not None:
            self.apply_receipt(db, outcome.receipt)
        if self.power_cut_in == "settle":
            raise PowerCut
        self.outcomes.append((subject.id, outcome))

    def apply_receipt(self, db: Database, receipt: Receipt) -> None:
        db.execute(
            "insert into desk (subject, code, revision) values (?, ?, ?)"
            " on conflict (subject) do update set code = excluded.code, revision = excluded.revision",
            [receipt.submission_id, receipt.status_code, receipt.revision],
        )

    def delivery(self, db: Database, subject: str) -> str | None:
        row = db.execute("select delivery from desk where subject = ?", [subject]).fetchone()
        return row[0] if row else None


class ModelPortal:
    """A portal in memory that keeps the contract; `bodies` has every copy that it ever accepted."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.epoch = "e1"
        self.is_repeatable = True
        self.answers_about_events = True
        self.batch_limit = 50
        self.bytes_limit = 1 << 20
        self.bodies: dict[str, list[bytes]] = {}
        self.receipts: dict[str, Receipt] = {}
        self.feed: list[Receipt] = []
        self.events: dict[str, bytes] = {}
        self.accepted: list[str] = []
        self.refused: set[str] = set()
        self.fault = ""
        self.retry_after: float | None = None
        self.calls: list[str] = []
        self.sizes: list[int] = []

    # --- interface

    def hello(self) -> Hello:
        self._connect("hello")
        return Hello(
            epoch=self.epoch,
            server_time=self.time.now,
            is_maintenance=self.fault == "maintenance",
            batch_limit=self.batch_limit,
            bytes_limit=self.bytes_limit,
        )

    def send(self, loads: Sequence[Payload]) -> Sent:
        self.sizes.append(len(loads))
        self._connect("send")
        self._check_pause()
        if self.fault == "cut before":
            raise PowerCut
        if any(b"poison" in load.body for load in loads):
            raise errors.BadRequestBody("422")
        if (self.fault == "large" and len(loads) > 3) or any(b"huge" in load.body for load in loads):
            raise errors.TooLarge("413")
        outcomes = {load.subject.id: self._accept(load) for load in loads}
        if self.fault == "cut after":
            raise PowerCut
        if self.fault in ("answer lost", "captive"):
            raise errors.Unsure(self.fault)
        if self.fault == "forgetful":
            outcomes.pop(loads[0].subject.id)
        return Sent(self.epoch, self._shuffled(outcomes))

    def verify(self, load: Payload) -> Presence:
        self._connect("verify")
        self._check_pause()
        body = (self.bodies.get(load.subject.id) or [self.events.get(load.subject.id)])[0]
        return "absent" if body is None else "present" if sha256_hex(body) == load.digest else "different"

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:
        self._connect("missing")
        self._check_pause()
        assert 1 <= len(known) <= 1000
        missing = {subject for subject, _ in known if subject not in self.bodies}
        if self.answers_about_events:
            missing |= {event for event in events if event not in self.events}
        different = {s for s, digest in known if s in self.bodies and sha256_hex(self.bodies[s][0]) != digest}
        return Audit(self.epoch, frozenset(missing), frozenset(different))

    def changes(self, cursor: str | None) -> FeedPage:
        self._connect("changes")
        self._check_pause()
        epoch, _, offset = (cursor or f"{self.epoch}:0").partition(":")
        if epoch != self.epoch or int(offset) > len(self.feed):
            raise errors.Restored("410", self.epoch)
        page = self.feed[int(offset) : int(offset) + 3]
        end = int(offset) + len(page)
        return FeedPage(
            epoch=self.epoch, receipts=tuple(page), cursor=f"{self.epoch}:{end}", has_more=end < len(self.feed)
        )

    def close(self) -> None:
        pass

    # --- events at the portal

    def change_status(self, subject: str, code: int) -> None:
        """Change the status of a submission, as the portal's staff does."""
        receipt = self.receipts[subject]
        self._add_receipt(replace(receipt, status_code=code, revision=receipt.revision + 1))

    def restore(self, keep: int, epoch: str) -> None:
        """Restore a copy with only the first `keep` accepted subjects."""
        kept = self.accepted[:keep]
        self.accepted = kept
        self.epoch = epoch
        self.bodies = {subject: self.bodies[subject][:1] for subject in kept if subject in self.bodies}
        self.feed = [receipt for receipt in self.feed if receipt.submission_id in kept and receipt.revision == 1]
        self.receipts = {receipt.submission_id: receipt for receipt in self.feed}
        self.events = {subject: self.events[subject] for subject in kept if subject in self.events}

    def heal(self) -> None:
        self.fault = ""

    # --- internals

    def _connect(self, call: str) -> None:
        self.calls.append(call)
        if self.fault == "down":
            raise errors.NotSent("refused")
        if self.fault == "captive" and call == "hello":
            raise errors.Unsure("foreign")
        if self.fault == "500" and call != "hello":
            raise errors.Unsure("500")

    def _check_pause(self) -> None:
        pauses: dict[str, errors.Pause] = {
            "401": errors.NotKnown("401"),
            "403": errors.NotAllowed("403"),
            "429": errors.TooFast("429", self.retry_after),
            "clock": errors.WrongClock("clock"),
            "426": errors.WrongVersion("426"),
        }
        if self.fault in pauses:
            raise pauses[self.fault]
        if self.fault == "captive":
            raise errors.Unsure("foreign")

    def _accept(self, load: Payload) -> Outcome:
        if isinstance(load, Event):
            return self._accept_event(load)
        if b"invalid" in load.body:
            self.refused.add(load.submission_id)
            return Outcome("invalid", errors=(FieldError("/form", "x", "Thiếu họ tên."),))
        bodies = self.bodies.get(load.submission_id)
        if bodies:
            is_same = sha256_hex(bodies[0]) == load.digest
            return Outcome("duplicate", self.receipts[load.submission_id]) if is_same else _conflict()
        if self.fault == "retry":
            return Outcome("retry", retry_after=120)
        is_early = load.supersedes is not None and load.supersedes not in {*self.bodies, *self.refused}
        if is_early and not load.is_predecessor_refused:
            return Outcome("wait", retry_after=60)
        self.bodies.setdefault(load.submission_id, []).append(load.body)
        self.accepted.append(load.submission_id)
        self._add_receipt(
            Receipt(
                submission_id=load.submission_id,
                digest=load.digest,
                received_at="2026-11-24T01:30:00Z",
                revision=1,
                status_code=1,
            )
        )
        return Outcome("created", self.receipts[load.submission_id])

    def _accept_event(self, event: Event) -> Outcome:
        if event.event_id in self.events:
            return Outcome("duplicate") if self.events[event.event_id] == event.body else _conflict()
        before = {json.loads(body)["seq"] for body in self.events.values() if _is_of(body, event.submission_id)}
        if event.submission_id not in self.bodies or not before | set(event.skipped_seqs) >= set(range(1, event.seq)):
            return Outcome("wait", retry_after=60)
        self.events[event.event_id] = event.body
        self.accepted.append(event.event_id)
        return Outcome("created")

    def _add_receipt(self, receipt: Receipt) -> None:
        self.receipts[receipt.submission_id] = receipt
        self.feed.append(receipt)

    def _shuffled(self, outcomes: dict[str, Outcome]) -> dict[str, Outcome]:
        return dict(sorted(outcomes.items(), key=lambda item: item[0][::-1]))


def _is_of(event: bytes, submission: str) -> bool:
    return bool(json.loads(event)["submissionId"] == submission)


def _conflict() -> Outcome:
    return Outcome("conflict", errors=(FieldError("", "conflict", "Cùng mã, khác nội dung."),))


class Harness:
    """Store, clock, desk, portal, link and engine; `boot` restarts link and engine as after a power cut."""

    def __init__(self, seed: int = 1, pace: BackoffSettings | None = None) -> None:
        self.time = Time()
        self.store = SyncMemoryStore()
        self.desk = DeskCallbacks()
        self.portal = ModelPortal(self.time)
        self.pace = pace or BackoffSettings(spread=0)
        self.rng = random.Random(seed)
        self._ids = (str(uuid.UUID(int=(0x0199 << 112) | (7 << 76) | (2 << 62) | n)) for n in itertools.count(0x1000))
        self.boot()

    def close(self) -> None:
        self.store.db.close()

    def boot(self) -> None:
        self.desk.power_cut_in = None
        self.link = Link(self.rng, self.pace, self.time.monotonic)
        self.engine = Engine(
            self.store,
            self.portal,
            self.link,
            open_subject=self.desk.open_subject,
            apply_outcome=self.desk.apply_outcome,
        )

    def submit(self, text: str = "", supersedes: str | None = None, due: str | None = None) -> str:
        """Enqueue a frozen form; return its id."""
        subject = next(self._ids)
        body = json.dumps({"submissionId": subject, "text": text}).encode()
        self.desk.loads[subject] = Parcel(
            submission_id=subject,
            digest=sha256_hex(body),
            body=body,
            receipt_no="PK03-261124-0017-F",
            supersedes=supersedes,
        )
        with self.store.write() as db:
            outbox.enqueue(db, subject, self.time.now, parent=supersedes, legal_deadline=due)
        return subject

    def add_event(self, submission: str, seq: int) -> str:
        """Enqueue an event of the desk on a submission; return the event's id."""
        subject = next(self._ids)
        body = json.dumps({"eventId": subject, "submissionId": submission, "seq": seq}).encode()
        self.desk.loads[subject] = Event(
            event_id=subject, submission_id=submission, seq=seq, digest=sha256_hex(body), body=body
        )
        with self.store.write() as db:
            outbox.enqueue(db, subject, self.time.now, kind="event", parent=submission, seq=seq)
        return subject

    def round(self) -> bool:
        return self.engine.round(self.time.now)

    def pull(self) -> bool:
        return status_feed.pull(self.store, self.portal, self.link, self.desk.apply_receipt, self.time.now)

    def run_until_idle(self, max_rounds: int = 200) -> int:
        """Do rounds until nothing is due now; return the number of rounds."""
        for count in range(max_rounds):
            if not self.round():
                return count
        raise AssertionError("the engine does not become idle")

    def drain(self, hours: float = 2.0) -> None:
        """Advance the clock until nothing is open, at most this many hours."""
        for _ in range(int(hours * 60)):
            self.run_until_idle()
            if not outbox.count_open(self.store.db):
                return
            self.time.advance(60)

    def state(self, subject: str) -> str:
        status = outbox.status_of(self.store.db, subject)
        assert status is not None
        return status.state

    def attempts(self, subject: str) -> int:
        status = outbox.status_of(self.store.db, subject)
        assert status is not None
        return status.attempts

    def delivery(self, subject: str) -> str | None:
        return self.desk.delivery(self.store.db, subject)
