"""The spool: which papers still have to come out, and what became of each.

    queued -> sending -> printed | unknown | waiting(reason)      waiting -> sending      cancelled, pdf: ends

Only *not sent* is tried again by itself. From ``unknown``, or found ``sending`` at a start, nothing is printed until a
person has looked: "Phiếu đã ra chưa?". A reprint is a new row that names its parent, who asked and why. Functions take
``db`` inside the caller's write and never commit; only ``step`` opens its own, with no device inside.
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

JobState = Literal["queued", "sending", "printed", "unknown", "waiting", "cancelled", "pdf"]
ON_ITS_WAY = ("queued", "sending", "waiting")
ENDED = {"printed", "cancelled", "pdf"}
WAITS = (2, 5, 10, 20, 30, 60)  # seconds after the first, second, ... try that sent nothing

Compose = Callable[[str, str, Mapping[str, Any]], Document | None]
Routes = Mapping[str, Sequence[Printer]]


class Store(Protocol):
    """What the spool needs of a store."""

    def read(self) -> AbstractContextManager[Database]:
        """Give a steady view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open one transaction."""


@dataclass(frozen=True)
class Job:
    """A paper that has to come out, or has. Times are UTC texts."""

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
    """What happened to a job: the state it took, and by whom if a person did it."""

    at: str
    state: JobState
    reason: str | None = None
    device: str | None = None
    actor: str | None = None


@dataclass(frozen=True)
class SendResult:
    """How an attempt to send ended, why, and on which device."""

    outcome: Literal["printed", "unknown", "waiting"]
    reason: str | None = None
    device: str | None = None


def enqueue(db: Database, key: str, kind: str, subject: str, facts: Mapping[str, Any], now: datetime) -> int:
    """Queue a paper and give its number; the same key again is the same paper."""
    at = timestamp(now)
    done = db.execute(
        "insert into jobs (key, kind, subject, facts, next_at, created, updated) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (key) do nothing",
        [key, kind, subject, json.dumps(dict(facts), ensure_ascii=False), at, at, at],
    )
    if not done.rowcount:
        return int(db.execute("select id from jobs where key = ?", [key]).fetchone()[0])
    job = int(done.lastrowid or 0)
    _note(db, job, JobEvent(at, "queued"))
    return job


def next_due(db: Database, now: datetime) -> Job | None:
    """The next paper to print, if any; a wait longer than the longest means that the clock was set back."""
    latest = timestamp(now + timedelta(seconds=WAITS[-1]))
    return _one(
        db,
        "state in ('queued', 'waiting') and (next_at <= ? or next_at > ?) order by next_at, id limit 1",
        [timestamp(now), latest],
    )


def mark_sending(db: Database, job_id: int, now: datetime) -> Job:
    """Mark a due paper as being sent; only the first to ask gets it, others get WrongState."""
    _move(db, job_id, ("queued", "waiting"), JobEvent(timestamp(now), "sending"))
    db.execute("update jobs set tries = tries + 1 where id = ?", [job_id])
    return get(db, job_id)


def record_result(db: Database, job_id: int, ended: SendResult, now: datetime) -> Job:
    """Write down how sending ended; *waiting* is for what was not sent, and is tried again a little later each time."""
    _move(db, job_id, ("sending",), JobEvent(at=timestamp(now), state=ended.outcome, reason=ended.reason, device=ended.device))
    tries = get(db, job_id).tries
    again = now + timedelta(seconds=WAITS[min(tries, len(WAITS)) - 1])
    db.execute("update jobs set next_at = ? where id = ?", [timestamp(again), job_id])
    return get(db, job_id)


def mark_interrupted(db: Database, now: datetime) -> int:
    """At a start: what was being sent may be on paper. Gives how many."""
    jobs = [row[0] for row in db.execute("select id from jobs where state = 'sending'").fetchall()]
    for job_id in jobs:
        _move(db, job_id, ("sending",), JobEvent(timestamp(now), "unknown", "restart"))
    return len(jobs)


def resolve_unknown(db: Database, job_id: int, now: datetime, *, printed: bool, by: str) -> Job:
    """A person looked whether an unknown paper came out: it did, or it is queued again."""
    _move(db, job_id, ("unknown",), JobEvent(timestamp(now), "printed" if printed else "queued", actor=by))
    db.execute("update jobs set next_at = ? where id = ?", [timestamp(now), job_id])
    return get(db, job_id)


def cancel(db: Database, job_id: int, by: str, now: datetime, reason: str | None = None) -> Job:
    """Nobody needs this paper any more."""
    _move(db, job_id, ("queued", "waiting", "unknown"), JobEvent(timestamp(now), "cancelled", reason, actor=by or None))
    return get(db, job_id)


def wrote_pdf(db: Database, job_id: int, now: datetime) -> Job:
    """The paper was kept as a sealed PDF instead: the last way out."""
    _move(db, job_id, ("queued", "waiting"), JobEvent(timestamp(now), "pdf"))
    return get(db, job_id)


def reprint(db: Database, job_id: int, by: str, why: str, now: datetime) -> Job:
    """Queue another copy of a paper; while one is still on its way, that one is given (a double touch is one copy)."""
    if not by.strip() or not why.strip():
        raise ValueError("a reprint names who asked and why")
    asked = get(db, job_id)
    first = get(db, asked.parent) if asked.parent else asked
    if first.state in ON_ITS_WAY:
        return first
    under_way = _one(db, "parent = ? and state in ('queued', 'sending', 'waiting')", [first.id])
    return under_way or _copy(db, first, by, why, now)


def _copy(db: Database, first: Job, by: str, why: str, now: datetime) -> Job:
    copy = int(db.execute("select 1 + max(copy) from jobs where id = ? or parent = ?", [first.id] * 2).fetchone()[0])
    at = timestamp(now)
    facts = json.dumps(dict(first.facts), ensure_ascii=False)
    rows = db.execute(
        "insert into jobs (key, kind, subject, facts, copy, parent, asked_by, why, next_at, created, updated)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
        [f"{first.key}/{copy}", first.kind, first.subject, facts, copy, first.id, by, why, at, at, at],
    ).fetchall()
    _note(db, rows[0][0], JobEvent(at, "queued", actor=by))
    return get(db, rows[0][0])


def get(db: Database, job_id: int) -> Job:
    """The job of a number, or WrongState."""
    job = _one(db, "id = ?", [job_id])
    if job is None:
        raise WrongState(f"no job {job_id}")
    return job


def find(db: Database, key: str) -> Job | None:
    """The job of a key."""
    return _one(db, "key = ?", [key])


def of_subject(db: Database, subject: str) -> list[Job]:
    """All papers of a subject, the first first."""
    return _many(db, "subject = ? order by id", [subject])


def list_jobs(db: Database, states: Sequence[JobState], limit: int = 50) -> list[Job]:
    """Papers in some states, the newest first; what is left to do is found without what has ended."""
    left = "" if ENDED & set(states) else "and state not in ('cancelled', 'pdf', 'printed')"  # as the index jobs_left
    where = f"state in (select value from json_each(?)) {left} order by id desc limit ?"  # noqa: S608
    return _many(db, where, [json.dumps(list(states)), limit])


def events(db: Database, job_id: int) -> list[JobEvent]:
    """What happened to a job, in order."""
    rows = db.execute("select at, state, reason, device, actor from job_events where job = ? order by id", [job_id])
    return [JobEvent(*row) for row in rows.fetchall()]


def delete_ended(db: Database, before: datetime) -> int:
    """Delete papers that ended before a time, a first one only when its copies are gone. Gives how many."""
    gone = 0
    for copies_only in (1, 0):
        gone += db.execute(
            "delete from jobs where state in ('printed', 'cancelled', 'pdf') and updated < ?"
            " and (copy > 1 or not ?) and id not in (select parent from jobs where parent is not null)",
            [timestamp(before), copies_only],
        ).rowcount
    return gone


def print_next(store: Store, routes: Routes, compose: Compose, now: Callable[[], datetime]) -> Job | None:
    """Print the next due paper on the first printer of its kind that takes it; gives the job as it ended, or None.

    ``compose`` gets kind, subject and facts (a reprint's with "copy" and "asked_at") and gives the paper, or None if
    its subject is gone.
    """
    with store.read() as db:
        job = next_due(db, now())
    if job is None:
        return None
    document = _composed(store, job, compose, now)
    with store.write() as db:
        if get(db, job.id).state not in ("queued", "waiting"):
            return None
        if document is None:
            return cancel(db, job.id, "", now(), "gone")
        mark_sending(db, job.id, now())
    ended = _sent(document, routes.get(job.kind, ()))
    with store.write() as db:
        return record_result(db, job.id, ended, now())


def _composed(store: Store, job: Job, compose: Compose, now: Callable[[], datetime]) -> Document | None:
    """The paper; where composing breaks, the job steps back so that others pass, and the error goes on up."""
    facts = {**job.facts, "copy": job.copy, "asked_at": job.created} if job.copy > 1 else job.facts
    is_done = False
    try:
        document = compose(job.kind, job.subject, facts)
        is_done = True
    finally:
        if not is_done:
            with store.write() as db:
                mark_sending(db, job.id, now())
                record_result(db, job.id, SendResult("waiting", "not_composed"), now())
    return document


def _sent(document: Document, printers: Sequence[Printer]) -> SendResult:
    """Try one printer after another, until one took the paper or may have it."""
    ended = SendResult("waiting", "no_printer")
    for printer in printers:
        name = printer.settings.name
        try:
            printer.send(document)
        except NotSent as error:
            ended = SendResult("waiting", error.reason, name)
        except Unknown as error:
            return SendResult("unknown", error.reason, name)
        else:
            return SendResult("printed", device=name)
    return ended


def _move(db: Database, job_id: int, sources: Sequence[JobState], event: JobEvent) -> None:
    """One step of a job's life, with its event; WrongState if it stands elsewhere."""
    moved = db.execute(
        "update jobs set state = ?, reason = ?, device = coalesce(?, device), updated = ?"
        " where id = ? and state in (select value from json_each(?))",
        [event.state, event.reason, event.device, event.at, job_id, json.dumps(list(sources))],
    ).rowcount
    if moved != 1:
        raise WrongState(f"job {job_id} cannot become {event.state}")
    _note(db, job_id, event)


def _note(db: Database, job_id: int, event: JobEvent) -> None:
    db.execute(
        "insert into job_events (job, at, state, reason, device, actor) values (?, ?, ?, ?, ?, ?)",
        [job_id, event.at, event.state, event.reason, event.device, event.actor],
    )


def _one(db: Database, where: str, values: list[Any]) -> Job | None:
    found = _many(db, where, values)
    return found[0] if found else None


def _many(db: Database, where: str, values: list[Any]) -> list[Job]:
    columns = ", ".join(field.name for field in fields(Job))
    query = f"select {columns} from jobs where {where}"  # noqa: S608  # both are words of this module
    named = (dict(zip(columns.split(", "), row, strict=True)) for row in db.execute(query, values).fetchall())
    return [Job(**{**row, "facts": json.loads(row["facts"])}) for row in named]
