"""Print spool: a queue of papers to print, and the state machine of each.

    queued | waiting -> sending -> printed | unknown | waiting      unknown -> printed | queued
    queued | waiting | unknown -> cancelled

    function           from                       to                          caller, reason
    enqueue            -                          queued                      the application; `key` is idempotent
    reprint            -                          queued                      the application: a copy, a row of its own
    mark_sending       queued, waiting            sending                     print_next, before the device is called
    record_result      sending                    printed, unknown, waiting   print_next: as the device has answered
    mark_interrupted   sending                    unknown                     the application, when its worker starts
    resolve_unknown    unknown                    printed, queued             the application: as a person has seen
    cancel             queued, waiting, unknown   cancelled                   print_next: its subject is deleted

Only a paper that was not sent is retried automatically. A job that is `unknown`, or was `sending` when the worker
started, is not printed until a person has answered "Phiếu đã ra chưa?". A reprint is a new row with its parent, who
asked and why. Functions take the `db` of the caller's transaction and never commit; only `print_next` opens
transactions, and none is open while a device prints.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlite_utils import Database

from printers.devices.base import Printer
from printers.document import Document
from printers.errors import NotSent, Unknown, WrongState
from printers.schema import timestamp

JobState = Literal["queued", "sending", "printed", "unknown", "waiting", "cancelled"]
PENDING = ("queued", "sending", "waiting")
ENDED = {"printed", "cancelled"}
RETRY_SECONDS = (2, 5, 10, 20, 30, 60)  # after the first, second, ... try that sent nothing

Compose = Callable[[str, str, Mapping[str, Any]], Document | None]
PrintersByKind = Mapping[str, Sequence[Printer]]


class Store(Protocol):
    """A store with transactions."""

    def read(self) -> AbstractContextManager[Database]:
        """Open a read transaction: a consistent view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a write transaction."""


@dataclass(frozen=True)
class Job:
    """A row of `jobs`: one paper to print. Times are UTC texts."""

    id: int
    key: str
    kind: str
    subject: str
    facts: Mapping[str, Any]
    state: JobState
    reason: str | None
    device: str | None
    tries: int
    copy: int
    parent: int | None
    asked_by: str | None
    why: str | None
    created: str
    updated: str


@dataclass(frozen=True)
class JobEvent:
    """A row of `job_events`: a new state, and the actor if a person caused it."""

    at: str
    state: JobState
    reason: str | None = None
    device: str | None = None
    actor: str | None = None


@dataclass(frozen=True)
class SendResult:
    """Result of an attempt to print: the new state, the reason and the device."""

    outcome: Literal["printed", "unknown", "waiting"]
    reason: str | None = None
    device: str | None = None


def enqueue(db: Database, key: str, kind: str, subject: str, facts: Mapping[str, Any], now: datetime) -> int:
    """Queue a paper and return its job id; `key` is the idempotency key: the same key again is the same job."""
    at = timestamp(now)
    cursor = db.execute(
        "insert into jobs (key, kind, subject, facts, next_at, created, updated) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (key) do nothing",
        [key, kind, subject, json.dumps(dict(facts), ensure_ascii=False), at, at, at],
    )
    if not cursor.rowcount:
        return int(db.execute("select id from jobs where key = ?", [key]).fetchone()[0])
    job_id = int(cursor.lastrowid or 0)
    _add_event(db, job_id, JobEvent(at, "queued"))
    return job_id


def next_due(db: Database, now: datetime) -> Job | None:
    """Return the next job to print, if any.

    That is also a job whose `next_at` is farther ahead than the longest wait: the clock was set back.
    """
    latest = timestamp(now + timedelta(seconds=RETRY_SECONDS[-1]))
    return _select_one(
        db,
        "state in ('queued', 'waiting') and (next_at <= ? or next_at > ?) order by next_at, id limit 1",
        [timestamp(now), latest],
    )


def mark_sending(db: Database, job_id: int, now: datetime) -> Job:
    """Mark a due job as being sent.

    Raises:
        WrongState: another caller has marked it already.
    """
    _change_state(db, job_id, sources=("queued", "waiting"), event=JobEvent(timestamp(now), "sending"))
    db.execute("update jobs set tries = tries + 1 where id = ?", [job_id])
    return get(db, job_id)


def record_result(db: Database, job_id: int, result: SendResult, now: datetime) -> Job:
    """Store the result of sending; `waiting` is for what was not sent, and is retried with growing waits."""
    event = JobEvent(at=timestamp(now), state=result.outcome, reason=result.reason, device=result.device)
    _change_state(db, job_id, sources=("sending",), event=event)
    tries = get(db, job_id).tries
    next_at = now + timedelta(seconds=RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1])
    db.execute("update jobs set next_at = ? where id = ?", [timestamp(next_at), job_id])
    return get(db, job_id)


def mark_interrupted(db: Database, now: datetime) -> int:
    """Mark jobs that were being sent at a crash as unknown: they may be on paper.

    Returns:
        The number of jobs.
    """
    job_ids = [row[0] for row in db.execute("select id from jobs where state = 'sending'").fetchall()]
    for job_id in job_ids:
        _change_state(db, job_id, sources=("sending",), event=JobEvent(timestamp(now), "unknown", "restart"))
    return len(job_ids)


def resolve_unknown(db: Database, job_id: int, now: datetime, *, is_printed: bool, by: str) -> Job:
    """Resolve an unknown job as a person saw it: it is set to printed, or queued again."""
    event = JobEvent(timestamp(now), "printed" if is_printed else "queued", actor=by)
    _change_state(db, job_id, sources=("unknown",), event=event)
    db.execute("update jobs set next_at = ? where id = ?", [timestamp(now), job_id])
    return get(db, job_id)


def cancel(db: Database, job_id: int, by: str, now: datetime, reason: str | None = None) -> Job:
    """Cancel a job that has not been printed."""
    event = JobEvent(timestamp(now), "cancelled", reason, actor=by or None)
    _change_state(db, job_id, sources=("queued", "waiting", "unknown"), event=event)
    return get(db, job_id)


def reprint(db: Database, job_id: int, by: str, why: str, now: datetime) -> Job:
    """Queue another copy of a paper.

    Returns:
        The new job; a copy that is still pending instead, so that a double touch is one copy.
    """
    if not by.strip() or not why.strip():
        raise ValueError("a reprint names who asked and why")
    job = get(db, job_id)
    first = get(db, job.parent) if job.parent else job
    if first.state in PENDING:
        return first
    pending = _select_one(db, "parent = ? and state in ('queued', 'sending', 'waiting')", [first.id])
    return pending or _enqueue_copy(db, first, by=by, why=why, now=now)


def _enqueue_copy(db: Database, first: Job, *, by: str, why: str, now: datetime) -> Job:
    copy = int(db.execute("select 1 + max(copy) from jobs where id = ? or parent = ?", [first.id] * 2).fetchone()[0])
    at = timestamp(now)
    facts = json.dumps(dict(first.facts), ensure_ascii=False)
    rows = db.execute(
        "insert into jobs (key, kind, subject, facts, copy, parent, asked_by, why, next_at, created, updated)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
        [f"{first.key}/{copy}", first.kind, first.subject, facts, copy, first.id, by, why, at, at, at],
    ).fetchall()
    _add_event(db, rows[0][0], JobEvent(at, "queued", actor=by))
    return get(db, rows[0][0])


def get(db: Database, job_id: int) -> Job:
    """Return the job of an id.

    Raises:
        WrongState: there is none.
    """
    job = _select_one(db, "id = ?", [job_id])
    if job is None:
        raise WrongState(f"no job {job_id}")
    return job


def find(db: Database, key: str) -> Job | None:
    """Return the job of a key, or None."""
    return _select_one(db, "key = ?", [key])


def of_subject(db: Database, subject: str) -> list[Job]:
    """Return all jobs of a subject, oldest first."""
    return _select(db, "subject = ? order by id", [subject])


def list_jobs(db: Database, states: Sequence[JobState], limit: int = 50) -> list[Job]:
    """Return jobs in some states, newest first; jobs that have not ended are found by an index of their own."""
    # The words of the partial index jobs_left: a released migration has the state 'pdf', which nothing sets.
    not_ended = "" if ENDED & set(states) else "and state not in ('cancelled', 'pdf', 'printed')"
    where = f"state in (select value from json_each(?)) {not_ended} order by id desc limit ?"  # noqa: S608
    return _select(db, where, [json.dumps(list(states)), limit])


def events(db: Database, job_id: int) -> list[JobEvent]:
    """Return the events of a job, in order."""
    rows = db.execute("select at, state, reason, device, actor from job_events where job = ? order by id", [job_id])
    return [
        JobEvent(at=at, state=state, reason=reason, device=device, actor=actor)
        for at, state, reason, device, actor in rows.fetchall()
    ]


def delete_ended(db: Database, before: datetime) -> int:
    """Delete jobs that ended before a time, a first one only when its copies are deleted.

    Returns:
        The number of deleted jobs.
    """
    deleted = 0
    # Copies first: a first job is deleted only when no copy refers to it.
    for copies_only in (1, 0):
        deleted += db.execute(
            "delete from jobs where state in ('printed', 'cancelled') and updated < ?"
            " and (copy > 1 or not ?) and id not in (select parent from jobs where parent is not null)",
            [timestamp(before), copies_only],
        ).rowcount
    return deleted


def print_next(
    store: Store, printers_by_kind: PrintersByKind, compose: Compose, now: Callable[[], datetime]
) -> Job | None:
    """Print the next due job on the first printer of its kind that accepts it.

    Args:
        store: opens the transactions.
        printers_by_kind: printers of each kind of paper, in order of preference.
        compose: returns the document for kind, subject and facts (with "copy" and "asked_at" for a reprint), or None
            when the subject is deleted.
        now: the clock.

    Returns:
        The job with its new state, or None when nothing was due.
    """
    with store.read() as db:
        job = next_due(db, now())
    if job is None:
        return None
    document = _compose_document(store, job, compose=compose, now=now)
    with store.write() as db:
        if get(db, job.id).state not in ("queued", "waiting"):
            return None
        if document is None:
            return cancel(db, job.id, by="", now=now(), reason="gone")
        mark_sending(db, job.id, now())
    result = _send(document, printers_by_kind.get(job.kind, ()))
    with store.write() as db:
        return record_result(db, job.id, result=result, now=now())


def _compose_document(store: Store, job: Job, *, compose: Compose, now: Callable[[], datetime]) -> Document | None:
    """Compose the document of a job; an error is raised again after the job is set to wait, so that others pass it."""
    facts = {**job.facts, "copy": job.copy, "asked_at": job.created} if job.copy > 1 else job.facts
    is_composed = False
    try:
        document = compose(job.kind, job.subject, facts)
        is_composed = True
    finally:
        if not is_composed:
            with store.write() as db:
                mark_sending(db, job.id, now())
                record_result(db, job.id, result=SendResult("waiting", "not_composed"), now=now())
    return document


def _send(document: Document, printers: Sequence[Printer]) -> SendResult:
    """Try one printer after another, until one has printed the document or may have."""
    result = SendResult("waiting", "no_printer")
    for printer in printers:
        name = printer.settings.name
        try:
            printer.send(document)
        except NotSent as error:
            result = SendResult("waiting", error.reason, name)
        except Unknown as error:
            return SendResult("unknown", error.reason, name)
        else:
            return SendResult("printed", device=name)
    return result


def _change_state(db: Database, job_id: int, *, sources: Sequence[JobState], event: JobEvent) -> None:
    """Set the state of a job and add its event.

    Raises:
        WrongState: the job is in none of the states `sources`.
    """
    changed = db.execute(
        "update jobs set state = ?, reason = ?, device = coalesce(?, device), updated = ?"
        " where id = ? and state in (select value from json_each(?))",
        [event.state, event.reason, event.device, event.at, job_id, json.dumps(list(sources))],
    ).rowcount
    if changed != 1:
        raise WrongState(f"job {job_id} cannot become {event.state}")
    _add_event(db, job_id, event)


def _add_event(db: Database, job_id: int, event: JobEvent) -> None:
    db.execute(
        "insert into job_events (job, at, state, reason, device, actor) values (?, ?, ?, ?, ?, ?)",
        [job_id, event.at, event.state, event.reason, event.device, event.actor],
    )


def _select_one(db: Database, where: str, values: list[Any]) -> Job | None:
    jobs = _select(db, where, values)
    return jobs[0] if jobs else None


def _select(db: Database, where: str, values: list[Any]) -> list[Job]:
    columns = ", ".join(field.name for field in fields(Job))
    query = f"select {columns} from jobs where {where}"  # noqa: S608 - both come from this module
    rows = (dict(zip(columns.split(", "), row, strict=True)) for row in db.execute(query, values).fetchall())
    return [Job(**{**row, "facts": json.loads(row["facts"])}) for row in rows]
