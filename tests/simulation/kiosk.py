"""A kiosk of the simulation: the engine as it is, a store in memory, a desk, two clocks and a plug.

The store holds what a kiosk's store holds for sync: outbox, line, the frozen bytes, and the word of the portal. It can
be copied and put back. The power may go at every labelled point: before, inside and after each write, in the desk's
answers to the engine, and on both sides of a request.
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

from sync import engine, link, outbox, status_feed
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.engine import Engine
from sync.link import Link
from sync.parcel import Event, Load, Outcome, Parcel, Receipt, Subject
from sync.portals.base import Portal
from sync.schema import migrations
from tests.simulation.gateway import UNIT, copied
from tests.sync.practice_gateway import make_body

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = 3600.0
MOST_ROUNDS = 2000
REST = 0.25

_TABLES = """
    create table safe (subject text primary key, kind text not null, digest text not null, body blob not null,
                       receipt_no text, supersedes text, submission text, seq integer) strict;
    create table desk (subject text primary key, delivery text, code integer, revision integer, epoch text) strict;
"""


class PowerCut(BaseException):
    """The kiosk is gone at this very line."""


class World(Protocol):
    """What a kiosk sees of the world around it."""

    at: float
    lot: random.Random

    def later(self, seconds: float, do: Callable[[], object]) -> None:
        """Let something happen later."""

    def fate(self, kiosk: "Kiosk", call: str) -> tuple[str, float]:
        """Say what becomes of a request, and how many seconds that takes."""

    def note(self, who: str, *words: object) -> None:
        """Write a line of the trace."""

    def told(self, kiosk: "Kiosk", subject: Subject, outcome: Outcome) -> None:
        """Hear what the engine told a desk."""


@dataclass
class Form:
    """What the world knows of a form or an act; ``flaw`` says why it can never be taken, empty when it can."""

    id: str
    digest: str
    flaw: str = ""
    receipt_no: str = ""
    revision: int = 1
    before: str | None = None
    seq: int = 0
    of: str = ""
    heir: str | None = None
    is_forgotten: bool = False


class MemoryStore:
    """A store that can lose its power, be copied and be put back."""

    def __init__(self, point: Callable[[str], None], empty: sqlite3.Connection) -> None:
        self._point = point
        self.db = Database(copied(empty))

    @contextmanager
    def read(self) -> Iterator[Database]:
        yield self.db

    @contextmanager
    def write(self) -> Iterator[Database]:
        self._point("before a write")
        with self.db.atomic():
            yield self.db
            self._point("in a write")
        self._point("after a write")

    def copy(self) -> sqlite3.Connection:
        return copied(self.db.conn)

    def put_back(self, copy: sqlite3.Connection) -> None:
        copy.backup(self.db.conn)


def grown() -> sqlite3.Connection:
    """Give an empty store with its tables."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    migrations.apply(db)
    db.executescript(_TABLES)
    found: sqlite3.Connection = db.conn
    return found


class Kiosk:
    """One kiosk; ``at`` is its place in the world's time, which runs ahead of the world's while it waits."""

    def __init__(
        self, world: World, name: str, empty: sqlite3.Connection, open_portal: Callable[["Kiosk"], Portal]
    ) -> None:
        self.world = world
        self.name = name
        self.seed = hashlib.sha256(name.encode()).digest()
        self.lot = random.Random(world.lot.getrandbits(64))
        self.pace = BackoffSettings()
        self.store = MemoryStore(self.point, empty)
        self.portal = open_portal(self)
        self.forms: dict[str, Form] = {}
        self.numbers = 0
        self.is_on = False
        self.fuse = 0
        self.wall_offset = 0.0
        self.booted_at = 0.0
        self.busy_until = 0.0
        self.clean_since = 0.0
        self.audit_began: float | None = None
        self.calls: list[float] = []
        self.asked_at = -1.0
        self.may_call = True
        self._wake_no = 0
        self._rounds_here = 0

    # --- its clocks

    @property
    def at(self) -> float:
        return max(self.world.at, self.busy_until)

    def now(self) -> datetime:
        """Tell the time by the wall clock, which may be wrong."""
        return BEGIN + timedelta(seconds=self.at + self.wall_offset)

    def monotonic(self) -> float:
        """Tell the seconds since it was switched on."""
        return self.at - self.booted_at

    # --- its power

    def point(self, where: str) -> None:
        """Pass a labelled point; the power may go here."""
        if self.fuse:
            self.fuse -= 1
            if not self.fuse:
                self.world.note(self.name, "power cut", where)
                raise PowerCut

    def boot(self) -> None:
        self.is_on = True
        self.booted_at = self.at
        self.line = Link(self.lot, self.pace, self.monotonic)
        self.engine = Engine(self.store, self.portal, self.line, open_subject=self.pack, apply_outcome=self.settle)
        self.calls.clear()
        self.world.note(self.name, "boot")
        self.wake(0.0)

    def switch_off(self) -> None:
        self.is_on = False
        self.fuse = 0
        self._wake_no += 1

    # --- its work

    def wake(self, seconds: float) -> None:
        """Look for work in so many seconds; only the last such wish counts."""
        self._wake_no += 1
        number = self._wake_no
        self.world.later(self.at - self.world.at + seconds, lambda: self._step() if number == self._wake_no else None)

    def _step(self) -> None:
        if not self.is_on:
            return
        before = self.at
        did = self.guarded(self._round)
        if not self.is_on:
            return
        self._rounds_here = self._rounds_here + 1 if did and self.at == before else 0
        assert self._rounds_here < MOST_ROUNDS, f"{self.name} does not come to rest"
        seconds = 0.0 if did else self.until_due()
        if seconds is not None:
            self.wake(seconds if did else seconds + REST)

    def _round(self) -> bool:
        is_fresh = not self.line.run
        self.may_call = is_fresh or self.line.is_open(self.store.db)
        did = self.engine.round(self.now())
        self._watch_audit()
        return did

    def guarded(self, do: Callable[[], Any]) -> Any:
        """Do something that the power may cut short; then it comes back after a while."""
        try:
            return do()
        except PowerCut:
            self.switch_off()
            self.world.later(self.lot.uniform(20, 600), self._come_back)
            return False

    def _come_back(self) -> None:
        if not self.is_on:
            self.boot()

    def pull(self) -> None:
        """Read the portal's later word."""
        if self.is_on and self.line.run:
            self.guarded(self._pull)
            if self.is_on:
                self.wake(0.0)

    def _pull(self) -> None:
        for _ in range(MOST_ROUNDS):
            self.may_call = self.line.is_open(self.store.db)
            if not status_feed.pull(self.store, self.portal, self.line, self.apply, self.now()):
                return
        raise AssertionError("the feed does not end")

    def until_due(self) -> float | None:
        """Tell in how many seconds something may be due; None when nothing is to be waited for."""
        db = self.store.db
        now = self.monotonic()
        held, run, wait = db.execute("select is_held, run, wait_until from link where id = 1").fetchone()
        if held:
            return None
        if run == self.line.run and wait > now:
            return float(wait - now)
        sql = "select min(next_at) from outbox where state in ('todo', 'unknown') and run = ? and next_at > ?"
        found = db.execute(sql, [self.line.run, now]).fetchone()[0]
        return None if found is None else float(found - now)

    def _watch_audit(self) -> None:
        """Remember since when everything that was delivered has been asked about."""
        is_auditing = link.state(self.store.db).is_auditing
        if is_auditing and self.audit_began is None:
            self.audit_began = self.at
        elif not is_auditing and self.audit_began is not None:
            self.clean_since = self.audit_began
            self.audit_began = None

    # --- its people

    def submit(self, flaw: str = "", before: Form | None = None) -> Form | None:
        """File a form, or a correction of one; None when the power went first."""
        subject = self._id()
        if before is None:
            self.numbers += 1
        receipt_no = before.receipt_no if before else f"{self.name}-261124-{self.numbers:04d}-F"
        revision = before.revision + 1 if before else 1
        body = self._body(subject, flaw, receipt_no, revision, before.id if before else None)
        form = Form(
            id=subject,
            digest=sha256_hex(body),
            flaw=flaw,
            receipt_no=receipt_no,
            revision=revision,
            before=before.id if before else None,
        )

        def file() -> Form:
            with self.store.write() as db:
                self._keep(
                    db,
                    Parcel(
                        submission_id=subject,
                        digest=form.digest,
                        body=body,
                        receipt_no=receipt_no,
                        supersedes=form.before,
                    ),
                )
                if flaw == "unreadable":
                    db.execute("update safe set body = x'00' where subject = ?", [subject])
                outbox.enqueue(db, subject, self.now(), parent=form.before)
                if before:
                    outbox.move_events(db, before.id, subject)
            return form

        return self._filed(form, file, before)

    def _filed(self, form: Form, file: Callable[[], Form], before: Form | None) -> Form | None:
        self.guarded(file)
        is_kept = self.store.db.execute("select 1 from safe where subject = ?", [form.id]).fetchone()
        if not is_kept:
            return None
        self.forms[form.id] = form
        if before:
            before.heir = form.id
        self.world.note(self.name, "files", form.id[-6:], form.flaw, f"#{form.seq}" if form.seq else "")
        if self.is_on:
            self.wake(0.0)
        return form

    def act(self, form: Form, kind: str, flaw: str = "") -> Form | None:
        """Let the desk do something with a form; None when the power went first."""
        sql = "select max(seq) from safe where kind = 'event' and receipt_no = ?"
        seq = (self.store.db.execute(sql, [form.receipt_no]).fetchone()[0] or 0) + 1
        subject = self._id()
        said = {"eventId": subject, "submissionId": form.id, "seq": seq, "kind": flaw or kind, "officer": "CB01",
                "at": "2026-11-24T09:00:00+07:00"}  # fmt: skip
        if kind == "accepted":
            said |= {"officialNo": f"H57.99.01-261124-{seq:04d}", "dueAt": "2026-12-01T17:00:00+07:00"}
        body = json.dumps(said).encode()
        made = Form(
            id=subject,
            digest=sha256_hex(body),
            flaw=flaw,
            receipt_no=form.receipt_no,
            revision=form.revision,
            before=None,
            seq=seq,
            of=form.id,
        )

        def file() -> Form:
            with self.store.write() as db:
                self._keep(
                    db,
                    Event(event_id=subject, submission_id=form.id, seq=seq, digest=made.digest, body=body),
                    form.receipt_no,
                )
                outbox.enqueue(db, subject, self.now(), kind="event", parent=form.id, seq=seq)
            return made

        return self._filed(made, file, None)

    @property
    def held_by(self) -> str:
        """Say why only a technician can go on; empty when nobody is needed."""
        is_held, code = self.store.db.execute("select is_held, last_code from link where id = 1").fetchone()
        return str(code) if is_held else ""

    def send_now(self) -> None:
        """Let the technician end every pause and wait."""
        with self.store.write() as db:
            engine.send_now(db)
        self.calls.clear()
        self.wake(0.0)

    def ask_audit(self) -> None:
        """Let everything that was delivered be asked about, as every night."""
        with self.store.write() as db:
            link.request_audit(db)
        self.audit_began = self.at
        self.wake(0.0)

    def copy(self) -> sqlite3.Connection:
        return self.store.copy()

    def put_back(self, copy: sqlite3.Connection) -> None:
        """Put a copy of the store back, on a kiosk that is switched off: what was filed since is only on paper."""
        self.store.put_back(copy)
        kept = {row[0] for row in self.store.db.execute("select subject from safe")}
        for form in self.forms.values():
            form.is_forgotten = form.is_forgotten or form.id not in kept
            if form.heir and form.heir not in kept:
                form.heir = None
        self.clean_since = 0.0
        self.audit_began = None

    # --- what the engine asks of it

    def pack(self, subject: Subject) -> Load | None:
        self.point("in pack")
        sql = "select digest, body, receipt_no, supersedes, submission, seq from safe where subject = ?"
        row = self.store.db.execute(sql, [subject.id]).fetchone()
        if row is None:
            return None
        digest, body, receipt_no, supersedes, submission, seq = row
        if subject.kind == "submission":
            return Parcel(
                submission_id=subject.id, digest=digest, body=body, receipt_no=receipt_no, supersedes=supersedes
            )
        return self._moved(Event(event_id=subject.id, submission_id=submission, seq=seq, digest=digest, body=body))

    def _moved(self, event: Event) -> Event:
        """Let an act go with the correction of a form that the portal refused, as ``kiosk.delivery`` does."""
        form = self.forms[event.submission_id]
        while form.heir and self.word(form.id) == "quarantined":
            form = self.forms[form.heir]
        if form.id == event.submission_id:
            return event
        body = json.dumps(json.loads(event.body) | {"submissionId": form.id}).encode()
        return Event(event_id=event.event_id, submission_id=form.id, seq=event.seq, digest=sha256_hex(body), body=body)

    def settle(self, db: Database, subject: Subject, outcome: Outcome) -> None:
        word = "sent" if outcome.is_taken else "quarantined" if outcome.is_refused else "queued"
        db.execute(
            "insert into desk (subject, delivery) values (?, ?)"
            " on conflict (subject) do update set delivery = excluded.delivery",
            [subject.id, word],
        )
        if outcome.receipt is not None:
            self.apply(db, outcome.receipt)
        if outcome.kind == "lost":
            # The portal counts from the start again.
            db.execute("update desk set epoch = null where subject = ?", [subject.id])
        self.point("in settle")
        self.world.told(self, subject, outcome)

    def apply(self, db: Database, receipt: Receipt) -> None:
        epoch = link.state(db).epoch
        row = db.execute("select epoch, revision from desk where subject = ?", [receipt.submission_id]).fetchone()
        if row and row[0] == epoch:
            assert row[1] < receipt.revision, f"I11: revision {row[1]} then {receipt.revision}"
        db.execute(
            "insert into desk (subject, code, revision, epoch) values (?, ?, ?, ?) on conflict (subject)"
            " do update set code = excluded.code, revision = excluded.revision, epoch = excluded.epoch",
            [receipt.submission_id, receipt.status_code, receipt.revision, epoch],
        )

    def word(self, subject: str) -> str | None:
        row = self.store.db.execute("select delivery from desk where subject = ?", [subject]).fetchone()
        return row[0] if row else None

    # --- its end of the line

    def fate(self, call: str) -> str:
        assert self.may_call, f"I9: {self.name} asks {call} while paused"
        self.calls.append(self.at)
        self.asked_at = self.at
        fate, seconds = self.world.fate(self, call)
        self.busy_until = self.at + seconds
        self.point("before a request")
        return fate

    def late(self, do: Callable[[], object]) -> None:
        self.world.later(self.lot.uniform(1, 400), do)

    def answered(self) -> None:
        self.point("after a request")

    # --- inside

    def _id(self) -> str:
        milliseconds = int((BEGIN.timestamp() + self.at) * 1000)
        return str(uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | self.lot.getrandbits(60)))

    def _body(self, subject: str, flaw: str, receipt_no: str, revision: int, before: str | None) -> bytes:
        said = make_body(subject, self.numbers, kioskId=self.name, receiptNo=receipt_no, revision=revision,
                       supersedes=before, unitCode=UNIT)  # fmt: skip
        if flaw == "invalid":
            said["procedureCode"] = 7
        if flaw in ("poison", "huge"):
            said["form"]["answers"]["ho_ten"] = f"({flaw})"
        return json.dumps(said, ensure_ascii=False).encode()

    def _keep(self, db: Database, load: Load, receipt_no: str = "") -> None:
        if isinstance(load, Parcel):
            row = [load.submission_id, "submission", load.digest, load.body, load.receipt_no, load.supersedes, None, 0]
        else:
            row = [load.event_id, "event", load.digest, load.body, receipt_no, None, load.submission_id, load.seq]
        db.execute("insert into safe values (?, ?, ?, ?, ?, ?, ?, ?)", row)
