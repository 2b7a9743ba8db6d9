"""Print spool: a queue of papers to print, and the state machine of each.

    queued | waiting -> sending -> printed | unknown | waiting      unknown -> printed | cancelled
    queued | waiting | unknown -> cancelled

    function           from                       to                          caller, reason
    enqueue            -                          queued                      the application; `key` is idempotent
    reprint            -                          queued                      the application: a copy, a row of its own
    mark_sending       queued, waiting            sending                     print_next, before the device is called
    record_result      sending                    printed, unknown, waiting   print_next: as the device has answered
    mark_interrupted   sending                    unknown                     the application, when its worker starts;
                                                                              print_next, after an error in mid-print
    resolve_unknown    unknown                    printed, cancelled          the application: as a person has seen
    cancel             queued, waiting, unknown   cancelled                   print_next: its subject is deleted;
                                                                              the application: a person discards it
    move               queued, waiting            queued                      the application: to other printers

Only a paper that was not sent is retried automatically. A job that is `unknown`, or was `sending` when the worker
started, is not printed until a person has answered "Phiếu đã ra chưa?". The answer "no" queues a copy, because the
printer may still print what it has in its buffer: of two papers one always says that it is a reprint. A reprint is a
new row with its parent, who asked and why.

Each printer has a thread of its own, and is offered only the jobs whose `turn` it is: the place of a printer among
those of its kind of paper. A job that a printer did not take goes to the next one at once, and waits after the last
one.

Functions take the `db` of the caller's transaction and never commit; only `print_next` and `mark_without_printer` open
transactions, and none is open while a device prints.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlite_utils import Database

from printers.devices.base import Printable, Printer
from printers.errors import NotSent, Reason, Unknown, WrongState
from printers.routes import Routes, offers_of, route_of
from printers.schema import timestamp

JobState = Literal["queued", "sending", "printed", "unknown", "waiting", "cancelled"]
PENDING = ("queued", "sending", "waiting")
ENDED = {"printed", "cancelled"}
RETRY_SECONDS = (2, 5, 10, 20, 30, 60)  # after the first, second, ... time that no printer took a job
ALL = -1
"""SQLite's limit for all rows."""
# The words of the partial index jobs_left: a released migration has the state 'pdf', which nothing sets.
_NOT_ENDED = "state not in ('cancelled', 'pdf', 'printed')"
_SENDING = "select id, device from jobs where state = 'sending'"

Compose = Callable[[str, str, Mapping[str, Any]], Printable | None]


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
class PrintedPaper:
    """A paper that a printer printed; `name` is its fact `paper`, empty for none."""

    at: datetime
    name: str


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


def next_due(db: Database, routes: Routes, now: datetime) -> Job | None:
    """Return the next job to print on a printer with these routes, if any.

    That is also a job whose `next_at` is farther ahead than the longest wait: the clock was set back.
    """
    latest = timestamp(now + timedelta(seconds=RETRY_SECONDS[-1]))
    return _select_one(
        db,
        "state in ('queued', 'waiting') and (next_at <= ? or next_at > ?)"
        " and exists (select 1 from json_each(?) as offer where json_extract(offer.value, '$[0]') = jobs.kind"
        " and jobs.turn % json_extract(offer.value, '$[2]') = json_extract(offer.value, '$[1]')"
        " and case json_extract(offer.value, '$[3]')"
        " when '' then coalesce(json_extract(jobs.facts, '$.screen'), '')"
        " not in (select value from json_each(offer.value, '$[4]'))"
        " else json_extract(offer.value, '$[3]') = json_extract(jobs.facts, '$.screen') end)"
        " order by next_at, id limit 1",
        [timestamp(now), latest, json.dumps(offers_of(routes))],
    )


def mark_sending(db: Database, job_id: int, now: datetime, device: str | None = None) -> Job:
    """Mark a due job as being sent to a device.

    Raises:
        WrongState: another caller has marked it already.
    """
    event = JobEvent(timestamp(now), "sending", device=device)
    _change_state(db, job_id, sources=("queued", "waiting"), event=event)
    db.execute("update jobs set tries = tries + 1 where id = ?", [job_id])
    return get(db, job_id)


def record_result(db: Database, job_id: int, result: SendResult, now: datetime, printers: int = 1) -> Job:
    """Store the result of sending.

    `waiting` is for what was not sent: the next one of `printers` has its turn at once, and after the last one the job
    waits, longer each time.
    """
    event = JobEvent(at=timestamp(now), state=result.outcome, reason=result.reason, device=result.device)
    _change_state(db, job_id, sources=("sending",), event=event)
    if result.outcome != "waiting":
        return get(db, job_id)
    tries, turn = db.execute("select tries, (turn + 1) % ? from jobs where id = ?", [printers, job_id]).fetchone()
    rounds = -(-tries // printers)
    seconds = 0 if turn else RETRY_SECONDS[min(rounds, len(RETRY_SECONDS)) - 1]
    next_at = timestamp(now + timedelta(seconds=seconds))
    db.execute("update jobs set next_at = ?, turn = ? where id = ?", [next_at, turn, job_id])
    return get(db, job_id)


def mark_without_printer(store: Store, kinds: Collection[str], now: datetime) -> int:
    """Let jobs wait whose kind of paper has no printer; return their number.

    Args:
        store: opens the transactions.
        kinds: kinds of paper that have a printer.
        now: the time.
    """
    query = "select id from jobs where state = 'queued' and kind not in (select value from json_each(?))"
    with store.read() as db:
        job_ids = [row[0] for row in db.execute(query, [json.dumps(list(kinds))]).fetchall()]
    for job_id in job_ids:
        with store.write() as db:
            event = JobEvent(timestamp(now), "waiting", "no_printer")
            if get(db, job_id).state == "queued":
                _change_state(db, job_id, sources=("queued",), event=event)
    return len(job_ids)


def mark_interrupted(db: Database, now: datetime, reason: Reason, device: str | None = None) -> int:
    """Mark jobs that were being sent when the worker ended as unknown: they may be on paper.

    Args:
        db: the store, inside a write.
        now: the time.
        reason: why they were interrupted.
        device: only jobs on this device; None: all.

    Returns:
        The number of jobs.
    """
    rows = db.execute(f"{_SENDING} and (? is null or device = ?)", [device, device]).fetchall()
    for job_id, job_device in rows:
        event = JobEvent(at=timestamp(now), state="unknown", reason=reason, device=job_device)
        _change_state(db, job_id, sources=("sending",), event=event)
    return len(rows)


def is_torn(db: Database, device: str) -> bool:
    """Return whether half a paper may hang from a device: its last job did not end as the device should confirm it."""
    row = db.execute(
        "select state from job_events where device = ? and state in ('printed', 'unknown') order by id desc limit 1",
        [device],
    ).fetchone()
    return bool(row) and row[0] == "unknown"


def resolve_unknown(db: Database, job_id: int, now: datetime, *, is_printed: bool, by: str) -> Job:
    """Resolve an unknown job as a person saw it.

    Returns:
        The job, which is printed; or the copy that is queued instead, which says that it is a reprint.
    """
    at = timestamp(now)
    if is_printed:
        _change_state(db, job_id, sources=("unknown",), event=JobEvent(at, "printed", actor=by))
        return get(db, job_id)
    _change_state(db, job_id, sources=("unknown",), event=JobEvent(at, "cancelled", "not_out", actor=by))
    return reprint(db, job_id=job_id, by=by, why="not out", now=now)


def cancel(db: Database, job_id: int, by: str, now: datetime, reason: str | None = None) -> Job:
    """Cancel a job that has not been printed."""
    event = JobEvent(timestamp(now), "cancelled", reason, actor=by or None)
    _change_state(db, job_id, sources=("queued", "waiting", "unknown"), event=event)
    return get(db, job_id)


def move(db: Database, job_id: int, kind: str, by: str, now: datetime) -> Job:
    """Queue a job that was not sent as another kind of paper: that of the printers it goes to."""
    at = timestamp(now)
    _change_state(db, job_id, sources=("queued", "waiting"), event=JobEvent(at, "queued", actor=by))
    db.execute("update jobs set kind = ?, turn = 0, next_at = ? where id = ?", [kind, at, job_id])
    return get(db, job_id)


def retry_waiting(db: Database, now: datetime) -> int:
    """Try all waiting jobs at once, because the printers have changed; return their number."""
    query = f"update jobs set next_at = ? where {_NOT_ENDED} and state = 'waiting'"  # noqa: S608  # nosec B608 # constants of this module
    return db.execute(query, [timestamp(now)]).rowcount


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


def find_by_id(db: Database, job_id: int) -> Job | None:
    """Return the job of an id, or None."""
    return _select_one(db, "id = ?", [job_id])


def get(db: Database, job_id: int) -> Job:
    """Return the job of an id.

    Raises:
        WrongState: there is none.
    """
    job = find_by_id(db, job_id)
    if job is None:
        raise WrongState(f"no job {job_id}")
    return job


def find(db: Database, key: str) -> Job | None:
    """Return the job of a key, or None."""
    return _select_one(db, "key = ?", [key])


def of_subject(db: Database, subject: str) -> list[Job]:
    """Return all jobs of a subject, oldest first."""
    return _select(db, "subject = ? order by id", [subject])


def count_jobs(db: Database, states: Sequence[JobState]) -> int:
    """Return the number of jobs in some states that have not ended."""
    query = f"select count(*) from jobs where {_NOT_ENDED} and state in (select value from json_each(?))"  # noqa: S608  # nosec B608 # constants of this module
    return int(db.execute(query, [json.dumps(list(states))]).fetchone()[0])


def list_jobs(db: Database, states: Sequence[JobState], limit: int = ALL) -> list[Job]:
    """Return jobs in some states, newest first; jobs that have not ended are found by an index of their own."""
    not_ended = "" if ENDED & set(states) else f"and {_NOT_ENDED}"
    where = f"state in (select value from json_each(?)) {not_ended} order by id desc limit ?"  # noqa: S608  # nosec B608 # constants of this module
    return _select(db, where, [json.dumps(list(states)), limit])


def last_printed(db: Database, device: str) -> str | None:
    """Return the time (UTC text) at which a device last finished a paper; None when it never did."""
    sql = "select at from job_events where device = ? and state = 'printed' order by id desc limit 1"
    row = db.execute(sql, [device]).fetchone()
    return str(row[0]) if row else None


def last_papers(db: Database, device: str, limit: int) -> list[PrintedPaper]:
    """Return the last papers of a printer, oldest first."""
    rows = db.execute(
        # `state in` lets SQLite use the index of the results of a device.
        "select event.at, json_extract(jobs.facts, '$.paper') from"
        " (select id, job, at from job_events where device = ? and state in ('printed', 'unknown')"
        " and state = 'printed' order by id desc limit ?) as event join jobs on jobs.id = event.job order by event.id",
        [device, limit],
    ).fetchall()
    return [PrintedPaper(at=datetime.fromisoformat(at), name=name or "") for at, name in rows]


def events(db: Database, job_id: int) -> list[JobEvent]:
    """Return the events of a job, in order."""
    rows = db.execute("select at, state, reason, device, actor from job_events where job = ? order by id", [job_id])
    return [
        JobEvent(at=at, state=state, reason=reason, device=device, actor=actor)
        for at, state, reason, device, actor in rows.fetchall()
    ]


_ENDED = """state in ('printed', 'cancelled') and updated < ?
            and not exists (select 1 from jobs copies where copies.parent = jobs.id)"""


def find_ended(db: Database, before: datetime, limit: int) -> list[int]:
    """Return the ids of some jobs that ended before a time; a first one only when its copies are deleted."""
    sql = f"select id from jobs where {_ENDED} limit ?"  # noqa: S608  # nosec B608 # constants of this module
    return [int(row[0]) for row in db.execute(sql, [timestamp(before), limit]).fetchall()]


def delete_ended(db: Database, before: datetime, ids: Sequence[int]) -> int:
    """Delete those of the jobs that ended before a time; return how many."""
    sql = f"delete from jobs where {_ENDED} and id in (select value from json_each(?))"  # noqa: S608  # nosec B608 # constants of this module
    return db.execute(sql, [timestamp(before), json.dumps(list(ids))]).rowcount


def print_next(
    store: Store, *, printer: Printer, routes: Routes, compose: Compose, now: Callable[[], datetime]
) -> Job | None:
    """Print the next job that is due on a printer.

    Args:
        store: opens the transactions.
        printer: the printer; only one caller at a time prints on it.
        routes: the kinds of paper that it prints, and its place among their printers.
        compose: returns the document for kind, subject and facts (with "copy" and "asked_at" for a reprint), or None
            when the subject is deleted.
        now: the clock.

    Returns:
        The job with its new state, or None when nothing was due.
    """
    device = printer.settings.name
    with store.read() as db:
        job = next_due(db, routes, now())
        is_interrupted = db.execute(f"{_SENDING} and device = ?", [device]).fetchone() is not None
    if is_interrupted:  # an error came between the device and the store
        with store.write() as db:
            mark_interrupted(db, now(), reason="error", device=device)
    if job is None:
        return None
    document = _compose_document(store, job, compose=compose, now=now)
    with store.write() as db:
        if get(db, job.id).state not in ("queued", "waiting"):
            return None
        if document is None:
            return cancel(db, job.id, by="", now=now(), reason="gone")
        mark_sending(db, job.id, now(), device)
        must_cut = is_torn(db, device)
    result = _send(printer, document, cut_first=must_cut)
    with store.write() as db:
        return record_result(db, job.id, result=result, now=now(), printers=route_of(routes, job.kind, job.facts).count)


def _compose_document(store: Store, job: Job, *, compose: Compose, now: Callable[[], datetime]) -> Printable | None:
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


def _send(printer: Printer, document: Printable, *, cut_first: bool) -> SendResult:
    name = printer.settings.name
    try:
        is_confirmed = printer.send(document, cut_first=cut_first)
    except NotSent as error:
        return SendResult("waiting", error.reason, name)
    except Unknown as error:
        return SendResult("unknown", error.reason, name)
    return SendResult("printed", None if is_confirmed else "no_status", name)


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
    query = f"select {columns} from jobs where {where}"  # noqa: S608  # nosec B608 # both come from this module
    rows = (dict(zip(columns.split(", "), row, strict=True)) for row in db.execute(query, values).fetchall())
    return [Job(**{**row, "facts": json.loads(row["facts"])}) for row in rows]
