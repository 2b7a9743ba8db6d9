"""One delivery round: what is due goes out, and what comes back is settled.

``round`` makes at most one exchange with the portal and says whether it did something; who calls it decides about
loops, sleep and the time of day. No transaction is open while the line is in use: ``sending`` is committed before it,
and afterwards the outbox and the caller's record settle in one write. There is one drainer: the caller holds a file
lock. What a failure costs whom is decided in ``_failed`` and nowhere else: a fault of the line is never a form's.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from sqlite_utils import Database

from sync import backoff, errors, file_outbox, link, outbox
from sync.link import Link, Store
from sync.outbox import Again, Row
from sync.parcel import FieldError, Hello, Load, Outcome, Parcel, Presence, Sent, Subject, is_whole
from sync.portals.base import Portal

log = logging.getLogger(__name__)

MOST = 50
_UNREADABLE = FieldError("", "unreadable", "Không mở được bản ghi này trong máy; các hồ sơ khác vẫn được gửi.")
_TOO_LARGE = FieldError("", "too-large", "Hồ sơ này lớn hơn mức mà cổng nhận.")
_NOT_READ = FieldError("", "not-read", "Cổng không đọc được hồ sơ này.")


class Pack(Protocol):
    """The caller's way to open a subject."""

    def __call__(self, subject: Subject, /) -> Load | None:
        """Give what is to be sent; None when it cannot be read any more (it is set aside, the others go on)."""


class Settle(Protocol):
    """The caller's way to take note of an outcome."""

    def __call__(self, db: Database, subject: Subject, outcome: Outcome, /) -> None:
        """Note it in the write that settles the outbox: created, duplicate, conflict, invalid, lost; no others come."""


class Engine:
    """The drainer of one outbox to one portal; ``line`` is shared with ``statuses.pull``."""

    def __init__(self, store: Store, portal: Portal, line: Link, *, pack: Pack, settle: Settle) -> None:
        self.line = line
        self._store = store
        self._portal = portal
        self._pack = pack
        self._settle = settle
        self._limits = (MOST, 1 << 20)
        self._most_audited = 1

    def round(self, now: datetime) -> bool:
        """Do one thing, if anything is due and the line may be used; say whether it did."""
        if not self.line.run:
            self._begin(now)
        with self._store.read() as db:
            is_interrupted = outbox.has_sending(db)
            is_open = self.line.is_open(db)
            audit = link.audit_span(db)
            rows = outbox.due(db, self.line.run, self.line.clock(), self._limits[0])
        if is_interrupted:
            return self._recover(now)
        if not is_open:
            return False
        if audit is None and not rows:
            # Nothing waits: only the portal's time is asked now and then, for a clock that somebody has set right.
            return self.line.wants_greeting and self._greet(now)
        return self._exchange(audit, rows, now)

    def _begin(self, now: datetime) -> None:
        """Begin a run: what an earlier one was sending is unknown, and everything is due behind a first spread."""
        with self._store.write() as db:
            self.line.begin(db)
            outbox.recover(db, now)
            outbox.hurry(db)

    def _recover(self, now: datetime) -> bool:
        with self._store.write() as db:
            return outbox.recover(db, now) > 0

    def _exchange(self, audit: tuple[int, int] | None, rows: list[Row], now: datetime) -> bool:
        if not self.line.is_greeted:
            return self._greet(now)
        if audit is not None and not rows:
            # After all that is due, so that a portal which cannot answer an audit holds up nobody.
            return self._audit(audit, now)
        if rows[0].state == "unknown" and not self._portal.is_repeatable:
            return self._verify(rows[0], now)
        certain = [row for row in rows if row.state == "todo" or self._portal.is_repeatable]
        return self._deliver(certain, now)

    # --- is anybody there

    def _greet(self, now: datetime) -> bool:
        try:
            hello = self._portal.hello()
            if hello.is_maintenance:
                raise errors.Maintenance("hello")
        except errors.Unsure as error:
            # Nothing was handed over, and whoever answered is not the portal: the line leads elsewhere.
            self._note(errors.NotSent(error.code), now)
        except errors.SyncError as error:
            self._note(error, now)
        else:
            self._welcome(hello, now)
        return True

    def _welcome(self, hello: Hello, now: datetime) -> None:
        self._limits = (min(MOST, hello.batch_limit), hello.bytes_limit)
        self._most_audited = hello.audit_limit
        with self._store.write() as db:
            if self.line.greeted(db, hello, now):
                outbox.hurry(db)

    def _note(self, error: errors.SyncError, now: datetime) -> None:
        with self._store.write() as db:
            self.line.failed(db, error, now)

    # --- handing over

    def _deliver(self, rows: list[Row], now: datetime) -> bool:
        batch = self._open(rows, now)
        if not batch:
            return True
        with self._store.write() as db:
            for _, load in batch:
                outbox.begin(db, load.subject, load.digest, self.line.run, now)
            loads = [outbox.tell_gone(db, load) for _, load in batch]
        try:
            sent = self._portal.send(loads)
        except errors.SyncError as error:
            with self._store.write() as db:
                self._failed(db, [row for row, _ in batch], error, now)
        else:
            self._settle_all(batch, sent, now)
        return True

    def _open(self, rows: list[Row], now: datetime) -> list[tuple[Row, Load]]:
        """Open what fits into one request; what cannot be read is set aside at once."""
        batch: list[tuple[Row, Load]] = []
        room = self._limits[1]
        for row in rows:
            load = self._pack(row.subject)
            if load is None or not is_whole(load) or load.subject != row.subject:
                with self._store.write() as db:
                    self._set_aside(db, row.subject, "record", _UNREADABLE, now)
                continue
            room -= _size(load)
            if batch and room < 0:
                break
            batch.append((row, load))
        return batch

    def _settle_all(self, batch: list[tuple[Row, Load]], sent: Sent, now: datetime) -> None:
        with self._store.write() as db:
            # First the line: in a new epoch an audit asks about what was acknowledged before this batch.
            if self.line.worked(db, sent.epoch, now):
                outbox.hurry(db)
            for row, load in batch:
                self._settle_one(db, row, load, sent, now)
        log.info("sync sent", extra={"count": len(batch), "answered": len(sent.outcomes)})

    def _settle_one(self, db: Database, row: Row, load: Load, sent: Sent, now: datetime) -> None:
        outcome = sent.outcomes.get(load.subject.id)
        if outcome is None or not _is_about(outcome, load):
            self._unsure(db, row, "no result", now)
        elif outcome.is_taken:
            self._taken(db, load.subject, outcome, sent.epoch, now)
        elif outcome.is_refused:
            outbox.refuse(db, load.subject, "record", outcome.kind, now)
            self._settle(db, load.subject, outcome)
        else:
            self._later(db, row, outcome, now)

    def _taken(self, db: Database, subject: Subject, outcome: Outcome, epoch: str, now: datetime) -> None:
        outbox.finish(db, subject, now, is_created=outcome.kind == "created")
        file_outbox.want(db, outcome.receipt.missing_files if outcome.receipt else ())
        if outcome.receipt is not None and not outbox.is_newer(db, outcome.receipt, epoch):
            outcome = Outcome(outcome.kind)
        self._settle(db, subject, outcome)

    def _later(self, db: Database, row: Row, outcome: Outcome, now: datetime) -> None:
        asked = backoff.for_pause(outcome.retry_after, self.line.pace, self.line.chance)
        if outcome.kind == "wait":
            # What it waits for had its answer, else it would not have left: the portal has lost it.
            for subject in outbox.ask_before(db, row.subject.id, now):
                self._settle(db, subject, Outcome("lost"))
            asked = max(asked, backoff.after(row.attempts + 1, self.line.pace, self.line.chance))
        how = Again("todo", *self._from(asked), "later", outcome.kind, is_attempt=True)
        outbox.again(db, row.subject, how, now)

    # --- what a failure costs whom

    def _failed(self, db: Database, rows: list[Row], error: errors.SyncError, now: datetime) -> None:
        if isinstance(error, errors.Smaller):
            self._cut(db, rows, error, now)
            return
        for row in rows:
            if isinstance(error, errors.NotSent | errors.Pause):
                self._put_back(db, row, error, now)
            else:
                self._unsure(db, row, error.code, now, cut=max(1, len(rows) // 2))
        self.line.failed(db, error, now)

    def _put_back(self, db: Database, row: Row, error: errors.SyncError, now: datetime) -> None:
        """Put a row back as it was: it costs no attempt, the line itself waits."""
        outbox.again(db, row.subject, Again(_before(row), 0, 0.0, error.reason, error.code), now)

    def _unsure(self, db: Database, row: Row, code: str, now: datetime, *, cut: int | None = None) -> None:
        """Keep a row that may be at the portal; it waits longer than the line does, so that others go first."""
        wait = backoff.after(row.attempts + 2, self.line.pace, self.line.chance)
        how = Again("unknown", *self._from(wait), "unknown", code, is_attempt=True, cut=cut)
        outbox.again(db, row.subject, how, now)

    def _cut(self, db: Database, rows: list[Row], error: errors.Smaller, now: datetime) -> None:
        """Halve a batch that was refused as a whole, down to the one that is meant; that one is set aside."""
        log.warning("sync batch refused", extra={"class": error.reason, "code": error.code, "count": len(rows)})
        if len(rows) == 1:
            is_large = isinstance(error, errors.TooLarge)
            self._set_aside(db, rows[0].subject, error.reason, _TOO_LARGE if is_large else _NOT_READ, now)
            return
        for row in rows:
            how = Again(_before(row), 0, 0.0, error.reason, error.code, cut=len(rows) // 2)
            outbox.again(db, row.subject, how, now)

    def _set_aside(
        self, db: Database, subject: Subject, reason: outbox.Refusal, error: FieldError, now: datetime
    ) -> None:
        outbox.refuse(db, subject, reason, error.code, now)
        self._settle(db, subject, Outcome("invalid", errors=(error,)))

    def _from(self, wait: float) -> tuple[int, float]:
        return self.line.run, self.line.clock() + wait

    # --- asking instead of repeating

    def _verify(self, row: Row, now: datetime) -> bool:
        batch = self._open([row], now)
        if not batch:
            return True
        load = batch[0][1]
        try:
            presence = self._portal.verify(load)
        except errors.SyncError as error:
            self._note(error, now)
            return True
        with self._store.write() as db:
            self._verified(db, row, load, presence, now)
        return True

    def _verified(self, db: Database, row: Row, load: Load, presence: Presence, now: datetime) -> None:
        if presence == "present":
            outbox.begin(db, load.subject, load.digest, self.line.run, now)
            outbox.finish(db, load.subject, now, is_created=False)
            self._settle(db, load.subject, Outcome("duplicate"))
        elif presence == "absent":
            outbox.again(db, row.subject, Again("todo", 0, 0.0, "unknown", "absent"), now)
        elif presence == "different":
            outbox.refuse(db, load.subject, "record", "conflict", now)
            self._settle(db, load.subject, Outcome("conflict"))
        else:
            self._unsure(db, row, "cannot tell", now)

    # --- asking about everything, because the portal was restored

    def _audit(self, span: tuple[int, int], now: datetime) -> bool:
        with self._store.read() as db:
            asked = outbox.delivered(db, span, self._most_audited)
        if not asked:
            with self._store.write() as db:
                self._audited(db, now)
            return True
        try:
            found = self._portal.missing([(subject, digest) for _, subject, digest, _ in asked])
        except errors.SyncError as error:
            self._note(error, now)
            return True
        with self._store.write() as db:
            # Of what it took in the order of our acknowledgements; a duplicate was taken some time before its own.
            lost = min((no for no, subject, _, _ in asked if subject in found.missing), default=None)
            gone = found.missing | found.different
            kept = [no for no, subject, _, is_created in asked if is_created and subject not in gone]
            kept = [no for no in kept if lost is None or no < lost]
            link.audited(db, after=asked[-1][0], kept=max(kept, default=0), lost=lost)
            self._requeue(db, {subject: no for no, subject, _, _ in asked}, found.missing, now)
            for subject in sorted(found.different & {subject for _, subject, _, _ in asked}):
                outbox.refuse(db, Subject(subject, "submission"), "record", "conflict", now)
                self._settle(db, Subject(subject, "submission"), Outcome("conflict"))
            self.line.worked(db, found.epoch, now)
        return True

    def _requeue(self, db: Database, asked: Mapping[str, int], missing: frozenset[str], now: datetime) -> None:
        lost = sorted(missing & asked.keys(), key=lambda subject: asked[subject])
        for subject in lost:
            outbox.reopen(db, subject, now)
            self._settle(db, Subject(subject, "submission"), Outcome("lost"))
        if lost:
            log.warning("portal lost submissions", extra={"count": len(lost)})

    def _audited(self, db: Database, now: datetime) -> None:
        """End an audit: events acknowledged after the last thing that the portal still has may be lost too.

        Of files an audit tells nothing: they are asked about one by one, behind everything else.
        """
        lost = link.end_audit(db)
        file_outbox.doubt(db, file_outbox.LATEST if lost is None else file_outbox.ALL)
        if lost is not None:
            outbox.reopen_events(db, lost, now)


def send_now(db: Database) -> None:
    """End every pause and wait: a technician has mended the cause, or does not want to wait."""
    link.resume(db)
    outbox.hurry(db)
    file_outbox.release_all(db)
    file_outbox.hurry(db)


def _before(row: Row) -> Literal["todo", "unknown"]:
    return "unknown" if row.state == "unknown" else "todo"


def _is_about(outcome: Outcome, load: Load) -> bool:
    """Tell whether a result speaks of these very bytes; a submission that was taken has a receipt with its digest."""
    if not outcome.is_taken or not isinstance(load, Parcel):
        return True
    return outcome.receipt is not None and outcome.receipt.digest == load.digest


def _size(load: Load) -> int:
    """Estimate the bytes of a load inside a request: its text, escaped once more, and the envelope."""
    return len(load.body) + load.body.count(b'"') + load.body.count(b"\\") + 200
