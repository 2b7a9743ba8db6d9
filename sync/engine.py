"""Delivery engine: one round sends what is due and settles the results.

`Engine.round` makes at most one exchange with the portal and returns whether it did something; its caller decides about
loops, sleep and the time of day. No transaction is open during an exchange: `sending` is committed before it, and
afterwards the outbox and the caller's records are settled in one write. There is one sender: the caller holds a file
lock. `_handle_failure` alone decides how a failure of a delivery counts: a fault of the connection never counts against
a form. Other exchanges (greeting, audit, `verify`) record their failures with the connection only.

A subject that is set aside is in the state `refused` of the outbox, the dead letter; the kiosk's records call the same
state `quarantined`. The state machine is drawn in `outbox`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from sqlite_utils import Database

from sync import backoff, errors, file_outbox, outbox
from sync import link as links
from sync.link import Link, Store
from sync.outbox import DeliveredSubmission, OutboxRetry, OutboxRow
from sync.parcel import FieldError, Hello, Outcome, Parcel, Payload, Presence, Sent, Subject, is_whole
from sync.portals.base import Portal

log = logging.getLogger(__name__)

MAX_BATCH = 50
_UNREADABLE = FieldError("", "unreadable", "Không mở được bản ghi này trong máy; các hồ sơ khác vẫn được gửi.")
_TOO_LARGE = FieldError("", "too-large", "Hồ sơ này lớn hơn mức mà cổng nhận.")
_NOT_READ = FieldError("", "not-read", "Cổng không đọc được hồ sơ này.")


class OpenSubject(Protocol):
    """Callback that opens the frozen bytes of a subject."""

    def __call__(self, subject: Subject, /) -> Payload | None:
        """Return the payload to send; None when it cannot be read any more (it is set aside, others are sent)."""


class ApplyOutcome(Protocol):
    """Callback that records an outcome."""

    def __call__(self, db: Database, subject: Subject, outcome: Outcome, /) -> None:
        """Record the outcome in the write that settles the outbox.

        Only these kinds are passed: created, duplicate, conflict, invalid, lost.
        """


class Engine:
    """The sender of one outbox to one portal; `status_feed.pull` and `FileTransfer` use the same `link`."""

    def __init__(
        self, store: Store, portal: Portal, link: Link, *, open_subject: OpenSubject, apply_outcome: ApplyOutcome
    ) -> None:
        self.link = link
        self._store = store
        self._portal = portal
        self._open_subject = open_subject
        self._apply_outcome = apply_outcome
        self._batch_limit = MAX_BATCH
        self._bytes_limit = 1 << 20
        self._audit_limit = 1

    def round(self, now: datetime) -> bool:
        """Do one thing, if anything is due and the connection may be used; return whether it did."""
        if not self.link.run:
            self._begin_run(now)
        with self._store.read() as db:
            is_interrupted = outbox.has_sending(db)
            is_open = self.link.is_open(db)
            audit = links.audit_span(db)
            rows = outbox.next_batch(db, run=self.link.run, monotonic_now=self.link.clock(), limit=self._batch_limit)
        if is_interrupted:
            return self._recover(now)
        if not is_open:
            return False
        if audit is None and not rows:
            # Nothing is due: only the portal's time is requested now and then, to notice that a clock was corrected.
            return self.link.wants_greeting and self._greet(now)
        return self._exchange(audit, rows, now)

    def _begin_run(self, now: datetime) -> None:
        """Begin a run: interrupted rows become unknown, and everything is due after the first spread."""
        with self._store.write() as db:
            self.link.begin_run(db)
            outbox.recover_interrupted(db, now)
            outbox.make_due(db)

    def _recover(self, now: datetime) -> bool:
        with self._store.write() as db:
            return outbox.recover_interrupted(db, now) > 0

    def _exchange(self, audit: tuple[int, int] | None, rows: list[OutboxRow], now: datetime) -> bool:
        if not self.link.is_greeted:
            return self._greet(now)
        if audit is not None and not rows:
            # After everything that is due, so that a portal that cannot answer an audit blocks no delivery.
            return self._audit(audit, now)
        if rows[0].state == "unknown" and not self._portal.is_repeatable:
            return self._verify(rows[0], now)
        sendable = [row for row in rows if row.state == "todo" or self._portal.is_repeatable]
        return self._deliver(sendable, now)

    # --- greeting

    def _greet(self, now: datetime) -> bool:
        try:
            hello = self._portal.hello()
            if hello.is_maintenance:
                raise errors.Maintenance("hello")
        except errors.Unsure as error:
            # Nothing was sent, and another machine has answered: the connection does not lead to the portal.
            self._record_failure(errors.NotSent(error.code), now)
        except errors.SyncError as error:
            self._record_failure(error, now)
        else:
            self._record_greeting(hello, now)
        return True

    def _record_greeting(self, hello: Hello, now: datetime) -> None:
        self._batch_limit = min(MAX_BATCH, hello.batch_limit)
        self._bytes_limit = hello.bytes_limit
        self._audit_limit = hello.audit_limit
        with self._store.write() as db:
            if self.link.record_greeting(db, hello, now):
                outbox.make_due(db)

    def _record_failure(self, error: errors.SyncError, now: datetime) -> None:
        with self._store.write() as db:
            self.link.record_failure(db, error, now)

    # --- delivery

    def _deliver(self, rows: list[OutboxRow], now: datetime) -> bool:
        batch = self._open_batch(rows, now)
        if not batch:
            return True
        with self._store.write() as db:
            for _, payload in batch:
                outbox.mark_sending(db, payload.subject, payload.digest, run=self.link.run, now=now)
            payloads = [outbox.with_set_aside(db, payload) for _, payload in batch]
        try:
            sent = self._portal.send(payloads)
        except errors.SyncError as error:
            with self._store.write() as db:
                self._handle_failure(db, [row for row, _ in batch], error, now)
        else:
            self._settle_all(batch, sent, now)
        return True

    def _open_batch(self, rows: list[OutboxRow], now: datetime) -> list[tuple[OutboxRow, Payload]]:
        """Open as many rows as fit into one request; unreadable ones are set aside at once."""
        batch: list[tuple[OutboxRow, Payload]] = []
        bytes_left = self._bytes_limit
        for row in rows:
            payload = self._open_subject(row.subject)
            if payload is None or not is_whole(payload) or payload.subject != row.subject:
                with self._store.write() as db:
                    self._set_aside(db, row.subject, "record", error=_UNREADABLE, now=now)
                continue
            bytes_left -= _size(payload)
            if batch and bytes_left < 0:
                break
            batch.append((row, payload))
        return batch

    def _settle_all(self, batch: list[tuple[OutboxRow, Payload]], sent: Sent, now: datetime) -> None:
        with self._store.write() as db:
            # The connection first: in a new epoch an audit asks about everything acknowledged before this batch.
            if self.link.record_success(db, sent.epoch, now):
                outbox.make_due(db)
            for row, payload in batch:
                self._settle_one(db, row, payload, sent=sent, now=now)
        log.info("sync sent", extra={"count": len(batch), "answered": len(sent.outcomes)})

    def _settle_one(self, db: Database, row: OutboxRow, payload: Payload, *, sent: Sent, now: datetime) -> None:
        outcome = sent.outcomes.get(payload.subject.id)
        if outcome is None or not _is_about(outcome, payload):
            self._mark_unknown(db, row, "no result", now=now)
        elif outcome.is_taken:
            self._settle_taken(db, payload.subject, outcome, epoch=sent.epoch, now=now)
        elif outcome.is_refused:
            outbox.mark_refused(db, payload.subject, "record", code=outcome.kind, now=now)
            self._apply_outcome(db, payload.subject, outcome)
        else:
            self._postpone(db, row, outcome, now=now)

    def _settle_taken(self, db: Database, subject: Subject, outcome: Outcome, *, epoch: str, now: datetime) -> None:
        outbox.mark_done(db, subject, now, is_created=outcome.kind == "created")
        file_outbox.resend_missing(db, outcome.receipt.missing_files if outcome.receipt else ())
        if outcome.receipt is not None and not outbox.record_revision(db, outcome.receipt, epoch):
            # Drop the receipt: it is not newer than the one that the caller has.
            outcome = Outcome(outcome.kind)
        self._apply_outcome(db, subject, outcome)

    def _postpone(self, db: Database, row: OutboxRow, outcome: Outcome, *, now: datetime) -> None:
        wait = backoff.pause_seconds(outcome.retry_after, self.link.backoff_settings, self.link.rng)
        if outcome.kind == "wait":
            # Its predecessors were acknowledged, otherwise it would not have been sent: the portal has lost them.
            for subject in outbox.requeue_predecessors(db, row.subject.id, now):
                self._apply_outcome(db, subject, Outcome("lost"))
            wait = max(wait, backoff.retry_delay(row.attempts + 1, self.link.backoff_settings, self.link.rng))
        retry = OutboxRetry(
            state="todo",
            run=self.link.run,
            next_at=self.link.clock() + wait,
            reason="later",
            code=outcome.kind,
            is_attempt=True,
        )
        outbox.put_back(db, row.subject, retry, now=now)

    # --- failures

    def _handle_failure(self, db: Database, rows: list[OutboxRow], error: errors.SyncError, now: datetime) -> None:
        if isinstance(error, errors.BatchRefused):
            self._split(db, rows, error, now=now)
            return
        for row in rows:
            if isinstance(error, errors.NotSent | errors.Pause):
                self._restore(db, row, error, now=now)
            else:
                self._mark_unknown(db, row, error.code, now=now, max_batch=max(1, len(rows) // 2))
        self.link.record_failure(db, error, now)

    def _restore(self, db: Database, row: OutboxRow, error: errors.SyncError, *, now: datetime) -> None:
        """Give a row the state that it had before: it costs no attempt, the connection itself waits."""
        retry = OutboxRetry(state=_state_before(row), reason=error.reason, code=error.code)
        outbox.put_back(db, row.subject, retry, now=now)

    def _mark_unknown(
        self, db: Database, row: OutboxRow, code: str, *, now: datetime, max_batch: int | None = None
    ) -> None:
        """Set a row to `unknown`: it may be at the portal.

        It waits one doubling longer than the connection does after as many failures (`attempts + 2`), so that other
        rows are sent first.
        """
        wait = backoff.retry_delay(row.attempts + 2, self.link.backoff_settings, self.link.rng)
        retry = OutboxRetry(
            state="unknown",
            run=self.link.run,
            next_at=self.link.clock() + wait,
            reason="unknown",
            code=code,
            is_attempt=True,
            max_batch=max_batch,
        )
        outbox.put_back(db, row.subject, retry, now=now)

    def _split(self, db: Database, rows: list[OutboxRow], error: errors.BatchRefused, *, now: datetime) -> None:
        """Halve a batch that was refused as a whole, down to the bad row; that one is set aside."""
        log.warning("sync batch refused", extra={"class": error.reason, "code": error.fact, "count": len(rows)})
        if len(rows) == 1:
            field_error = _TOO_LARGE if isinstance(error, errors.TooLarge) else _NOT_READ
            self._set_aside(db, rows[0].subject, error.reason, error=field_error, now=now)
            return
        for row in rows:
            retry = OutboxRetry(
                state=_state_before(row), reason=error.reason, code=error.code, max_batch=len(rows) // 2
            )
            outbox.put_back(db, row.subject, retry, now=now)

    def _set_aside(
        self, db: Database, subject: Subject, reason: errors.RefusalReason, *, error: FieldError, now: datetime
    ) -> None:
        outbox.mark_refused(db, subject, reason, code=error.code, now=now)
        self._apply_outcome(db, subject, Outcome("invalid", errors=(error,)))

    # --- verification, for portals that must not be sent anything twice

    def _verify(self, row: OutboxRow, now: datetime) -> bool:
        batch = self._open_batch([row], now)
        if not batch:
            return True
        payload = batch[0][1]
        try:
            presence = self._portal.verify(payload)
        except errors.SyncError as error:
            self._record_failure(error, now)
            return True
        with self._store.write() as db:
            self._settle_verified(db, row, payload, presence=presence, now=now)
        return True

    def _settle_verified(
        self, db: Database, row: OutboxRow, payload: Payload, *, presence: Presence, now: datetime
    ) -> None:
        if presence == "present":
            outbox.mark_sending(db, payload.subject, payload.digest, run=self.link.run, now=now)
            outbox.mark_done(db, payload.subject, now, is_created=False)
            self._apply_outcome(db, payload.subject, Outcome("duplicate"))
        elif presence == "absent":
            retry = OutboxRetry(state="todo", reason="unknown", code="absent")
            outbox.put_back(db, row.subject, retry, now=now)
        elif presence == "different":
            outbox.mark_refused(db, payload.subject, "record", code="conflict", now=now)
            self._apply_outcome(db, payload.subject, Outcome("conflict"))
        else:
            self._mark_unknown(db, row, "cannot tell", now=now)

    # --- audit of everything delivered, after the portal was restored

    def _audit(self, span: tuple[int, int], now: datetime) -> bool:
        with self._store.read() as db:
            delivered = outbox.delivered_between(db, span, self._audit_limit)
        if not delivered:
            with self._store.write() as db:
                self._finish_audit(db, now)
            return True
        events = [event for submission in delivered for event in submission.events]
        try:
            audit = self._portal.missing([(submission.id, submission.digest) for submission in delivered], events)
        except errors.SyncError as error:
            self._record_failure(error, now)
            return True
        with self._store.write() as db:
            # The portal took them in the order of our acknowledgements; a duplicate it took some time before its own.
            lost = min((each.done_no for each in delivered if each.id in audit.missing), default=None)
            gone = audit.missing | audit.different
            kept = [each.done_no for each in delivered if each.is_created and each.id not in gone]
            kept = [no for no in kept if lost is None or no < lost]
            links.save_audit_progress(
                db,
                after=delivered[-1].done_no,
                kept=max(kept, default=0),
                lost=lost,
                is_doubted=lost is not None or not audit.missing.isdisjoint(events),
            )
            self._requeue(db, delivered, audit.missing, now)
            for subject in [Subject(each.id, "submission") for each in delivered if each.id in audit.different]:
                outbox.mark_refused(db, subject, "record", code="conflict", now=now)
                self._apply_outcome(db, subject, Outcome("conflict"))
            self.link.record_success(db, audit.epoch, now)
        return True

    def _requeue(
        self, db: Database, delivered: Sequence[DeliveredSubmission], missing: frozenset[str], now: datetime
    ) -> None:
        """Queue what the portal has lost again; the events of a lost submission go with it."""
        lost: list[Subject] = []
        for each in delivered:
            if each.id in missing:
                lost.append(Subject(each.id, "submission"))
            else:
                lost += [Subject(event, "event") for event in each.events if event in missing]
        for subject in lost:
            outbox.reopen(db, subject.id, now)
            self._apply_outcome(db, subject, Outcome("lost"))
        if lost:
            log.warning("portal lost submissions", extra={"count": len(lost)})

    def _finish_audit(self, db: Database, now: datetime) -> None:
        """End an audit and reopen the events acknowledged after the last submission that the portal still has.

        An audit does not cover files: the portal is asked about them one by one, after everything else.
        """
        lost = links.finish_audit(db)
        file_outbox.recheck_latest(db, file_outbox.AUDIT_LATEST if lost is None else file_outbox.AUDIT_ALL)
        if lost is not None:
            outbox.reopen_events(db, lost, now)


def send_now(db: Database) -> None:
    """End every pause and wait, and make everything due, because a technician asks for it."""
    links.resume(db)
    outbox.make_due(db)
    file_outbox.release_all(db)
    file_outbox.make_due(db)


def _state_before(row: OutboxRow) -> Literal["todo", "unknown"]:
    return "unknown" if row.state == "unknown" else "todo"


def _is_about(outcome: Outcome, payload: Payload) -> bool:
    """Return whether an outcome is about these very bytes: the receipt of a taken submission has its digest."""
    if not outcome.is_taken or not isinstance(payload, Parcel):
        return True
    return outcome.receipt is not None and outcome.receipt.digest == payload.digest


def _size(payload: Payload) -> int:
    """Estimate the bytes of a payload inside a request: its text, escaped once more, and the envelope."""
    return len(payload.body) + payload.body.count(b'"') + payload.body.count(b"\\") + 200
