"""Simulated kiosk: the real engine with a store in memory, a desk, two clocks and power cuts.

The store contains what sync needs of a kiosk's store: outbox, link, frozen bodies, and the portal's status. It can be
backed up and restored. The power may fail at every labelled point: before, inside and after each write, in the
callbacks of the engine, and on both sides of a request.
"""

import hashlib
import json
import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlite_utils import Database

from sync import engine, outbox, status_feed
from sync import link as links
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Event, Outcome, Parcel, Payload, Receipt, Subject
from sync.portals.base import Portal
from sync.schema import migrations
from tests.simulation.gateway import UNIT, copy_database
from tests.sync.practice_gateway import make_body

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = 3600.0
MAX_ROUNDS = 2000
ROUND_MARGIN = 0.25
"""Seconds after a due time until the next round."""

_TABLES = """
    create table bodies (subject text primary key, kind text not null, digest text not null, body blob not null,
                         receipt_no text, supersedes text, submission text, seq integer) strict;
    create table desk (subject text primary key, delivery text, code integer, revision integer, epoch text) strict;
"""


class SimulatedPowerCut(BaseException):
    """The kiosk loses its power at this line."""


class Environment(Protocol):
    """The world as a kiosk sees it."""

    at: float
    rng: random.Random

    def schedule(self, seconds: float, action: Callable[[], object]) -> None:
        """Run an action after so many seconds."""

    def draw_fault(self, kiosk: "SimulatedKiosk", call: str) -> tuple[str, float]:
        """Return the network fault of a request, and its duration in seconds."""

    def note(self, who: str, *words: object) -> None:
        """Add a line to the trace."""

    def check_outcome(self, kiosk: "SimulatedKiosk", subject: Subject, outcome: Outcome) -> None:
        """Check an outcome that the engine has reported to the desk."""


@dataclass
class MadeSubject:
    """A submission or event as it was made.

    Attributes:
        id: id of the submission or event.
        digest: SHA-256 of its body in hex.
        flaw: why the portal can never accept it; "" when it can.
        receipt_no: receipt number of the dossier.
        revision: revision of the form.
        predecessor: id of the submission that it corrects.
        seq: number of the event; 0 for a submission.
        submission_id: submission of the event; "" for a submission.
        successor: id of its correction.
        is_lost: a restore of the kiosk has lost it.
    """

    id: str
    digest: str
    flaw: str = ""
    receipt_no: str = ""
    revision: int = 1
    predecessor: str | None = None
    seq: int = 0
    submission_id: str = ""
    successor: str | None = None
    is_lost: bool = False


class MemoryStore:
    """Store in memory that can lose its power, be backed up and be restored."""

    def __init__(self, pass_point: Callable[[str], None], empty: sqlite3.Connection) -> None:
        self._pass_point = pass_point
        self.db = Database(copy_database(empty))

    @contextmanager
    def read(self) -> Iterator[Database]:
        yield self.db

    @contextmanager
    def write(self) -> Iterator[Database]:
        self._pass_point("before a write")
        with self.db.atomic():
            yield self.db
            self._pass_point("in a write")
        self._pass_point("after a write")

    def back_up(self) -> sqlite3.Connection:
        return copy_database(self.db.conn)

    def restore(self, backup: sqlite3.Connection) -> None:
        backup.backup(self.db.conn)


def make_empty_store() -> sqlite3.Connection:
    """Return an empty store with its tables."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    migrations.apply(db)
    db.executescript(_TABLES)
    connection: sqlite3.Connection = db.conn
    return connection


class SimulatedKiosk:
    """One kiosk; its time `at` runs ahead of the world's time while it waits for an answer."""

    def __init__(
        self,
        world: Environment,
        name: str,
        empty: sqlite3.Connection,
        open_portal: Callable[["SimulatedKiosk"], Portal],
    ) -> None:
        self.world = world
        self.name = name
        self.seed = hashlib.sha256(name.encode()).digest()
        self.rng = random.Random(world.rng.getrandbits(64))
        self.pace = BackoffSettings()
        self.store = MemoryStore(self.pass_point, empty)
        self.portal = open_portal(self)
        self.subjects: dict[str, MadeSubject] = {}
        self.last_number = 0
        self.is_on = False
        self.points_until_power_cut = 0
        self.wall_offset = 0.0
        self.booted_at = 0.0
        self.busy_until = 0.0
        self.request_times: list[float] = []
        self.asked_at = -1.0
        """Time of the latest request, or of the latest answer on a USB stick."""
        self.may_request = True
        self._wake_no = 0
        self._rounds_without_time = 0

    # --- clocks

    @property
    def at(self) -> float:
        return max(self.world.at, self.busy_until)

    def now(self) -> datetime:
        """Return the time of the wall clock, which may be wrong."""
        return START + timedelta(seconds=self.at + self.wall_offset)

    def monotonic(self) -> float:
        """Return the seconds since the boot."""
        return self.at - self.booted_at

    # --- power

    def pass_point(self, label: str) -> None:
        """Pass a labelled point, where the power may fail."""
        if self.points_until_power_cut:
            self.points_until_power_cut -= 1
            if not self.points_until_power_cut:
                self.world.note(self.name, "power cut", label)
                raise SimulatedPowerCut

    def boot(self) -> None:
        self.is_on = True
        self.booted_at = self.at
        self.link = Link(self.rng, self.pace, self.monotonic)
        self.engine = Engine(
            self.store, self.portal, self.link, open_subject=self.open_load, apply_outcome=self.record_outcome
        )
        self.request_times.clear()
        self.world.note(self.name, "boot")
        self.schedule_round(0.0)

    def switch_off(self) -> None:
        self.is_on = False
        self.points_until_power_cut = 0
        self._wake_no += 1

    def until_power_cut(self, action: Callable[[], Any]) -> Any:
        """Run an action; after a power cut return False and boot again later."""
        try:
            return action()
        except SimulatedPowerCut:
            self.switch_off()
            self.world.schedule(self.rng.uniform(20, 600), self._boot_again)
            return False

    def _boot_again(self) -> None:
        if not self.is_on:
            self.boot()

    # --- rounds of the engine

    def schedule_round(self, seconds: float) -> None:
        """Run a round after so many seconds, instead of the one that was scheduled before."""
        self._wake_no += 1
        number = self._wake_no
        self.world.schedule(
            self.at - self.world.at + seconds, lambda: self._step() if number == self._wake_no else None
        )

    def _step(self) -> None:
        if not self.is_on:
            return
        before = self.at
        did_something = self.until_power_cut(self._round)
        if not self.is_on:
            return
        self._rounds_without_time = self._rounds_without_time + 1 if did_something and self.at == before else 0
        assert self._rounds_without_time < MAX_ROUNDS, f"{self.name} runs rounds without an end"
        if did_something:
            self.schedule_round(0.0)
            return
        seconds = self.seconds_until_due()
        if seconds is not None:
            self.schedule_round(seconds + ROUND_MARGIN)

    def _round(self) -> bool:
        is_first = not self.link.run
        self.may_request = is_first or self.link.is_open(self.store.db)
        return self.engine.round(self.now())

    def pull(self) -> None:
        """Read the feed of changes."""
        if self.is_on and self.link.run:
            self.until_power_cut(self._pull)
            if self.is_on:
                self.schedule_round(0.0)

    def _pull(self) -> None:
        for _ in range(MAX_ROUNDS):
            self.may_request = self.link.is_open(self.store.db)
            if not status_feed.pull(self.store, self.portal, self.link, self.apply_receipt, self.now()):
                return
        raise AssertionError("the feed does not end")

    def seconds_until_due(self) -> float | None:
        """Return the seconds until something may be due; None when nothing will be."""
        db = self.store.db
        now = self.monotonic()
        is_held, run, wait_until = db.execute("select is_held, run, wait_until from link where id = 1").fetchone()
        if is_held:
            return None
        if run == self.link.run and wait_until > now:
            return float(wait_until - now)
        sql = "select min(next_at) from outbox where state in ('todo', 'unknown') and run = ? and next_at > ?"
        next_at = db.execute(sql, [self.link.run, now]).fetchone()[0]
        return None if next_at is None else float(next_at - now)

    # --- citizens, officers and the technician

    def submit(self, flaw: str = "", corrected: MadeSubject | None = None) -> MadeSubject | None:
        """Store a new submission, or a correction of one; None when a power cut prevented it."""
        if corrected is None:
            self.last_number += 1
            receipt_no = f"{self.name}-261124-{self.last_number:04d}-F"
        else:
            receipt_no = corrected.receipt_no
        made = MadeSubject(
            id=self._new_id(),
            digest="",
            flaw=flaw,
            receipt_no=receipt_no,
            revision=corrected.revision + 1 if corrected else 1,
            predecessor=corrected.id if corrected else None,
        )
        body = self._body(made)
        made.digest = sha256_hex(body)
        parcel = Parcel(
            submission_id=made.id,
            digest=made.digest,
            body=body,
            receipt_no=receipt_no,
            supersedes=made.predecessor,
        )

        def store() -> None:
            with self.store.write() as db:
                self._insert_body(db, parcel)
                if flaw == "unreadable":
                    db.execute("update bodies set body = x'00' where subject = ?", [made.id])
                outbox.enqueue(db, made.id, self.now(), parent=made.predecessor)
                if corrected:
                    outbox.move_events(db, corrected.id, made.id)

        return self._store(made, store, corrected)

    def _store(
        self, made: MadeSubject, store: Callable[[], None], corrected: MadeSubject | None = None
    ) -> MadeSubject | None:
        self.until_power_cut(store)
        is_stored = self.store.db.execute("select 1 from bodies where subject = ?", [made.id]).fetchone()
        if not is_stored:
            return None
        self.subjects[made.id] = made
        if corrected:
            corrected.successor = made.id
        self.world.note(self.name, "stores", made.id[-6:], made.flaw, f"#{made.seq}" if made.seq else "")
        if self.is_on:
            self.schedule_round(0.0)
        return made

    def add_event(self, submission: MadeSubject, kind: str, flaw: str = "") -> MadeSubject | None:
        """Store an event of the desk; None when a power cut prevented it."""
        sql = "select max(seq) from bodies where kind = 'event' and receipt_no = ?"
        seq = (self.store.db.execute(sql, [submission.receipt_no]).fetchone()[0] or 0) + 1
        event_id = self._new_id()
        content = {
            "eventId": event_id,
            "submissionId": submission.id,
            "seq": seq,
            "kind": flaw or kind,
            "officer": "CB01",
            "at": "2026-11-24T09:00:00+07:00",
        }
        if kind == "accepted":
            content |= {"officialNo": f"H57.99.01-261124-{seq:04d}", "dueAt": "2026-12-01T17:00:00+07:00"}
        body = json.dumps(content).encode()
        event = Event(event_id=event_id, submission_id=submission.id, seq=seq, digest=sha256_hex(body), body=body)
        made = MadeSubject(
            id=event_id,
            digest=event.digest,
            flaw=flaw,
            receipt_no=submission.receipt_no,
            revision=submission.revision,
            seq=seq,
            submission_id=submission.id,
        )

        def store() -> None:
            with self.store.write() as db:
                self._insert_body(db, event, submission.receipt_no)
                outbox.enqueue(db, event_id, self.now(), kind="event", parent=submission.id, seq=seq)

        return self._store(made, store)

    @property
    def held_reason(self) -> str:
        """Return why only a technician can resume delivery; "" when nobody is needed."""
        is_held, code = self.store.db.execute("select is_held, last_code from link where id = 1").fetchone()
        return str(code) if is_held else ""

    def send_now(self) -> None:
        """End every pause and wait, as the technician does."""
        with self.store.write() as db:
            engine.send_now(db)
        self.request_times.clear()
        self.schedule_round(0.0)

    def request_audit(self) -> None:
        """Start an audit, as every night."""
        with self.store.write() as db:
            links.request_audit(db)
        self.schedule_round(0.0)

    def back_up(self) -> sqlite3.Connection:
        return self.store.back_up()

    def restore(self, backup: sqlite3.Connection) -> None:
        """Restore a backup on a kiosk that is switched off; later submissions exist only on paper."""
        self.store.restore(backup)
        stored = {row[0] for row in self.store.db.execute("select subject from bodies")}
        for made in self.subjects.values():
            made.is_lost = made.is_lost or made.id not in stored
            if made.successor and made.successor not in stored:
                made.successor = None

    # --- callbacks of the engine

    def open_load(self, subject: Subject) -> Payload | None:
        self.pass_point("in open_load")
        sql = "select digest, body, receipt_no, supersedes, submission, seq from bodies where subject = ?"
        row = self.store.db.execute(sql, [subject.id]).fetchone()
        if row is None:
            return None
        digest, body, receipt_no, supersedes, submission, seq = row
        if subject.kind == "submission":
            return Parcel(
                submission_id=subject.id, digest=digest, body=body, receipt_no=receipt_no, supersedes=supersedes
            )
        event = Event(event_id=subject.id, submission_id=submission, seq=seq, digest=digest, body=body)
        return self._move_to_correction(event)

    def _move_to_correction(self, event: Event) -> Event:
        """Move an event from a refused submission to its correction, as `kiosk.portal.delivery` does."""
        submission = self.subjects[event.submission_id]
        while submission.successor and self.delivery(submission.id) == "quarantined":
            submission = self.subjects[submission.successor]
        if submission.id == event.submission_id:
            return event
        body = json.dumps(json.loads(event.body) | {"submissionId": submission.id}).encode()
        return Event(
            event_id=event.event_id, submission_id=submission.id, seq=event.seq, digest=sha256_hex(body), body=body
        )

    def record_outcome(self, db: Database, subject: Subject, outcome: Outcome) -> None:
        delivery = "sent" if outcome.is_taken else "quarantined" if outcome.is_refused else "queued"
        db.execute(
            "insert into desk (subject, delivery) values (?, ?)"
            " on conflict (subject) do update set delivery = excluded.delivery",
            [subject.id, delivery],
        )
        if outcome.receipt is not None:
            self.apply_receipt(db, outcome.receipt)
        if outcome.kind == "lost":
            # The portal counts the revisions from 1 again.
            db.execute("update desk set epoch = null where subject = ?", [subject.id])
        self.pass_point("in record_outcome")
        self.world.check_outcome(self, subject, outcome)

    def apply_receipt(self, db: Database, receipt: Receipt) -> None:
        epoch = links.state(db).epoch
        row = db.execute("select epoch, revision from desk where subject = ?", [receipt.submission_id]).fetchone()
        if row and row[0] == epoch:
            assert row[1] < receipt.revision, f"I11: revision {row[1]} then {receipt.revision}"
        db.execute(
            "insert into desk (subject, code, revision, epoch) values (?, ?, ?, ?) on conflict (subject)"
            " do update set code = excluded.code, revision = excluded.revision, epoch = excluded.epoch",
            [receipt.submission_id, receipt.status_code, receipt.revision, epoch],
        )

    def delivery(self, subject_id: str) -> str | None:
        row = self.store.db.execute("select delivery from desk where subject = ?", [subject_id]).fetchone()
        return row[0] if row else None

    # --- the kiosk's side of the connection

    def begin_request(self, call: str) -> str:
        assert self.may_request, f"I9: {self.name} requests {call} while paused"
        self.request_times.append(self.at)
        self.asked_at = self.at
        fault, seconds = self.world.draw_fault(self, call)
        self.busy_until = self.at + seconds
        self.pass_point("before a request")
        return fault

    def deliver_late(self, work: Callable[[], object]) -> None:
        self.world.schedule(self.rng.uniform(1, 400), work)

    def end_request(self) -> None:
        self.pass_point("after a request")

    # --- bodies

    def _new_id(self) -> str:
        milliseconds = int((START.timestamp() + self.at) * 1000)
        return str(uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | self.rng.getrandbits(60)))

    def _body(self, made: MadeSubject) -> bytes:
        content = make_body(
            made.id,
            self.last_number,
            kioskId=self.name,
            receiptNo=made.receipt_no,
            revision=made.revision,
            supersedes=made.predecessor,
            unitCode=UNIT,
        )
        if made.flaw == "invalid":
            content["procedureCode"] = 7
        if made.flaw in ("poison", "huge"):
            content["form"]["answers"]["ho_ten"] = f"({made.flaw})"
        return json.dumps(content, ensure_ascii=False).encode()

    def _insert_body(self, db: Database, load: Payload, receipt_no: str = "") -> None:
        if isinstance(load, Parcel):
            row = [load.submission_id, "submission", load.digest, load.body, load.receipt_no, load.supersedes, None, 0]
        else:
            row = [load.event_id, "event", load.digest, load.body, receipt_no, None, load.submission_id, load.seq]
        db.execute("insert into bodies values (?, ?, ?, ?, ?, ?, ?, ?)", row)
