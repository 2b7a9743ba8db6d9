"""Defects planted into a kiosk, to show that the matrix fails: `WARD_DEFECT` names one for a process."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Any

from sqlite_utils import Database

from kiosk import papers
from kiosk.acts import desk_posts, kept_forms
from kiosk.base import clock
from kiosk.context import clock_trust
from kiosk.records import receipts, submissions, tickets
from kiosk.store import db, disk_reserve
from kiosk.store.expired_rows import ExpiredRows
from kiosk.worker import Worker, log
from kiosk.worker.task import Task
from printers import spool
from sync import deadline, errors
from sync.engine import _NOT_READ, Engine
from sync.link import Link
from sync.parcel import Hello, Outcome, Payload, Receipt, Sent
from sync.portals import kiosk_sync
from sync.portals.kiosk_sync import KioskSync


def replace(owner: Any, name: str, value: Any) -> None:
    """Replace an attribute that exists: a renamed one would plant nothing."""
    assert hasattr(owner, name), f"{owner} has no {name}"
    setattr(owner, name, value)


def any_answer_is_success() -> None:
    """Count every answer as the portal's acknowledgement."""
    real_hello = KioskSync.hello
    real_send = KioskSync.send

    def hello(self: KioskSync) -> Hello:
        try:
            return real_hello(self)
        except errors.Unsure:
            return Hello(epoch="e", server_time=clock.now(), is_maintenance=False, batch_limit=50, bytes_limit=1 << 20)

    def send(self: KioskSync, payloads: Sequence[Payload]) -> Sent:
        self._anchor = self._anchor or (clock.now(), self._clock())
        try:
            return real_send(self, payloads)
        except errors.Unsure:
            return Sent("e", {payload.subject.id: _created(payload) for payload in payloads})

    replace(KioskSync, "hello", hello)
    replace(KioskSync, "send", send)


def results_by_position() -> None:
    """Match the first result with the first submission, whatever id it names."""
    real_send = KioskSync.send
    real_outcomes = kiosk_sync.kiosk_sync_decode.outcomes
    sent_ids: list[str] = []

    def send(self: KioskSync, payloads: Sequence[Payload]) -> Sent:
        sent_ids[:] = [payload.subject.id for payload in payloads]
        return real_send(self, payloads)

    def outcomes(body: dict[str, Any], id_name: str) -> dict[str, Outcome]:
        results = [result | {id_name: sent_id} for sent_id, result in zip(sent_ids, body["results"], strict=True)]
        return real_outcomes({"results": results}, id_name)

    replace(KioskSync, "send", send)
    replace(kiosk_sync.kiosk_sync_decode, "outcomes", outcomes)


def no_deadline() -> None:
    """Wait for an answer as long as bytes arrive."""
    replace(deadline.Deadline, "__enter__", lambda self: self)


def no_bisection() -> None:
    """Set a whole batch aside because of one bad submission."""

    def split(self: Engine, db: Any, rows: list[Any], error: errors.BatchRefused, *, now: datetime) -> None:
        for row in rows:
            self._set_aside(db, row.subject, error.reason, error=_NOT_READ, now=now)

    replace(Engine, "_split", split)


def no_audit() -> None:
    """End an audit without asking the portal."""

    def audit(self: Engine, _span: tuple[int, int], now: datetime) -> bool:
        with self._store.write() as db:
            self._finish_audit(db, now)
        return True

    replace(Engine, "_audit", audit)


def wiped_by_the_wall_clock() -> None:
    """Trust the wall clock, and wipe old bodies whether they were sent or not."""
    expired_bodies = submissions.expired_bodies

    def expired_or_not_sent(closed_before: datetime, untouched_since: datetime) -> ExpiredRows:
        expired = expired_bodies(closed_before, untouched_since)
        old = "body is not null and (closed_at < :closed or touched_at < :touched)"
        return dataclasses.replace(expired, change="update submissions set body = null", where=old)

    replace(clock_trust, "doubt", lambda _context: None)
    replace(submissions, "expired_bodies", expired_or_not_sent)


def a_401_is_final() -> None:
    """Hold delivery after a 401 until a technician acts."""
    replace(errors.NotKnown, "is_held", True)


def a_lost_connection_counts_as_an_attempt() -> None:
    """Count an attempt of every open submission when the connection is down, whichever request notices it."""
    real_record_failure = Link.record_failure

    def record_failure(self: Link, db: Database, error: errors.SyncError, now: datetime) -> None:
        real_record_failure(self, db, error, now)
        db.execute("update outbox set attempts = attempts + 1 where state in ('todo', 'unknown')")

    replace(Link, "record_failure", record_failure)


def retry_after_is_ignored() -> None:
    """Retry after three seconds, whatever the portal asks for."""
    replace(kiosk_sync, "retry_after_seconds", lambda _response: 3.0)


def commits_do_not_wait_for_the_disk() -> None:
    """Commit without an fsync."""
    pragmas = tuple(pragma.replace("synchronous = full", "synchronous = off") for pragma in db._PRAGMAS)
    assert pragmas != db._PRAGMAS
    replace(db, "_PRAGMAS", pragmas)


def forms_are_begun_on_a_full_disk() -> None:
    """Begin a form without checking the free space."""
    replace(disk_reserve, "has_room_for_form", lambda _folder: True)


def a_busy_store_ends_the_worker() -> None:
    """End the worker at its first error."""

    def run_task(_worker: Worker, task: Task, stop: Event) -> None:
        try:
            while not stop.is_set():
                if not task.step():
                    stop.wait(task.idle)
        except Exception:
            log.exception("worker")
            stop.set()
            raise

    replace(Worker, "run_task", run_task)


def receipt_numbers_repeat_after_a_restore() -> None:
    """Continue the receipt numbers of the backup after a restore."""
    replace(receipts, "start_restore_block", lambda _db, _day, _restores: None)


def a_paper_is_marked_after_it_was_sent() -> None:
    """Mark a job as sending only when the printer has answered."""
    mark = spool.mark_sending
    record = spool.record_result

    def mark_sending(db: Database, job_id: int, _now: datetime, _device: str | None = None) -> spool.Job:
        return spool.get(db, job_id)

    def record_result(
        db: Database, job_id: int, result: spool.SendResult, now: datetime, printers: int = 1
    ) -> spool.Job:
        mark(db, job_id, now, result.device)
        return record(db, job_id, result, now, printers)

    replace(spool, "mark_sending", mark_sending)
    replace(spool, "record_result", record_result)


def an_interrupted_paper_is_printed_again() -> None:
    """Queue what was being printed at a crash, without asking."""

    def mark_interrupted(db: Database, _now: datetime, reason: str, device: str | None = None) -> int:
        return int(db.execute("update jobs set state = 'queued' where state = 'sending'").rowcount)

    replace(spool, "mark_interrupted", mark_interrupted)


def half_a_paper_is_not_cut_off() -> None:
    """Believe after each start that the printer's last paper ended well."""
    replace(spool, "is_torn", lambda _db, _device: False)


def a_second_print_is_not_marked() -> None:
    """Print a copy without saying so."""
    replace(papers, "mark_as_reprint", lambda document, _copy, _when: document)


def a_post_of_the_desk_has_no_key() -> None:
    """Store no idempotency key with the write of a post."""
    replace(desk_posts, "begin", lambda _context, _key, _session: None)


def a_kept_form_forgets_its_post() -> None:
    """Keep a form without the key of the post."""
    replace(kept_forms, "_save_post", lambda *_args, **_options: None)


def a_moved_number_has_no_nonce() -> None:
    """Store what happened to a number without the nonce of the press."""
    add_event = tickets.add_event

    def add_without_nonce(db: Database, ticket: tickets.Ticket, change: tickets.TicketChange) -> None:
        add_event(db, ticket, dataclasses.replace(change, nonce=None))

    replace(tickets, "add_event", add_without_nonce)


def a_drawn_number_is_not_looked_for() -> None:
    """Draw a number at a repeated touch too."""
    replace(tickets, "by_nonce", lambda _db, _nonce: None)


_DEFECTS: tuple[Callable[[], None], ...] = (
    any_answer_is_success,
    results_by_position,
    no_deadline,
    no_bisection,
    no_audit,
    wiped_by_the_wall_clock,
    a_401_is_final,
    a_lost_connection_counts_as_an_attempt,
    retry_after_is_ignored,
    commits_do_not_wait_for_the_disk,
    forms_are_begun_on_a_full_disk,
    a_busy_store_ends_the_worker,
    receipt_numbers_repeat_after_a_restore,
    a_paper_is_marked_after_it_was_sent,
    an_interrupted_paper_is_printed_again,
    half_a_paper_is_not_cut_off,
    a_second_print_is_not_marked,
    a_post_of_the_desk_has_no_key,
    a_kept_form_forgets_its_post,
    a_moved_number_has_no_nonce,
    a_drawn_number_is_not_looked_for,
)
DEFECTS = {defect.__name__.replace("_", " "): defect for defect in _DEFECTS}


def _created(payload: Payload) -> Outcome:
    receipt = Receipt(
        submission_id=payload.subject.id,
        digest=payload.digest,
        received_at="2026-11-24T01:30:00Z",
        revision=1,
        status_code=1,
    )
    return Outcome("created", receipt if payload.subject.kind == "submission" else None)
