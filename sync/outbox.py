"""Outbox: a state machine for each subject to deliver, and the time of its next attempt.

    enqueue -> todo <-> sending <-> unknown        todo -> unknown (USB stick)      unknown -> todo
    todo | sending | unknown -> done | refused     done -> todo | refused           refused -> todo

    function              from                      to              caller, reason
    enqueue               -                         todo            the application, at Submit and at a desk event
    mark_sending          todo, unknown             sending         engine, before the request
    mark_done             sending                   done            engine: the portal has it
                          todo, unknown             done            usb: an answer file confirms it
    put_back              sending                   todo, unknown   engine: a failure, or the portal wants it later
                          unknown                   todo, unknown   engine: `verify` found it absent, or cannot tell
                          todo, unknown             todo            usb: an answer file wants it later
    recover_interrupted   sending                   unknown         engine: the worker stopped during an exchange
    mark_carried          todo                      unknown         usb: it is in a parcel on a USB stick
    mark_refused          sending                   refused         engine: the portal refuses it
                          todo, unknown             refused         engine: unreadable here, or another digest there
                          todo, unknown             refused         usb: an answer file refuses it
                          done                      refused         engine: an audit found another digest at the portal
                          all but done              refused         the application: an officer withdraws it
    release               refused                   todo            the application: an officer sends it again
    reopen                done                      todo            engine: an audit found it missing, or its submission
    reopen_events         done                      todo            engine: an audit ended after a loss
    requeue_predecessors  done                      todo            engine: the portal waits for what it should have

`make_due` and `make_one_due` change the time of the next attempt, not the state. Neither ends a hold: a subject with
`hold_until` is not sent before that time, so that an officer can still undo what it tells.

`sending` is committed **before** the request. A row found in `sending` later becomes `unknown`, never `todo`: the
portal may have it. The subject's id is the idempotency key: an `is_repeatable` portal answers a repeated request with
`duplicate`. `refused` is the dead letter state; texts also say "set aside". Only an officer's `release` ends it. It
blocks no other subject than its own events, which wait for its correction.

The column `lease` is the number of the run that sends, for the check constraint of the table only; nothing reads it.
There is no time limit: one process sends (it holds a file lock), so at its start every row in `sending` is interrupted.

Functions take `db` inside the caller's write and never commit. Nothing is deleted here: a portal that was restored from
a copy must be able to get everything again. The end of every attempt is logged in `attempts`, in the same write; events
that an audit queues again are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from sync import attempts
from sync.encoding import timestamp
from sync.errors import Reason, RefusalReason
from sync.parcel import Parcel, Payload, Receipt, Subject, SubjectKind

OutboxState = Literal["todo", "sending", "unknown", "done", "refused"]
LONGEST_HOLD = 60
"""Seconds. A hold that would last longer was written before a restart of the machine, and has ended."""


@dataclass(frozen=True)
class OutboxRow:
    """A subject that is due: its state before this round, and the greatest batch that it may be in (column `cut`)."""

    subject: Subject
    state: OutboxState
    attempts: int
    max_batch: int | None


@dataclass(frozen=True, kw_only=True)
class DeliveredSubmission:
    """A submission that the portal has acknowledged under the number `done_no`, and its acknowledged events."""

    done_no: int
    id: str
    digest: str
    is_created: bool
    events: tuple[str, ...]


@dataclass(frozen=True)
class OutboxRetry:
    """A subject put back into the queue: its new state and due time (`next_at` seconds of run `run`, else now)."""

    state: Literal["todo", "unknown"]
    reason: Reason | Literal["later"]
    code: str
    run: int = 0
    next_at: float = 0.0
    is_attempt: bool = False
    max_batch: int | None = None


@dataclass(frozen=True)
class CarriedSubject:
    """A subject in a parcel on a USB stick: its digest then, and the epoch of its latest receipt."""

    subject: Subject
    digest: str
    epoch: str | None


@dataclass(frozen=True)
class OutboxStatus:
    """Delivery status of a subject, for technicians; `waits_for` is the subject that must be delivered first."""

    subject: Subject
    state: OutboxState
    attempts: int
    last_class: str | None
    last_code: str | None
    created: str
    updated: str
    parent: str | None = None
    waits_for: str | None = None


# A correction may be sent when its predecessor was refused (the portal knows of that); an event may not.
_NOT_BLOCKED = """
    not exists (select 1 from outbox p where p.subject = o.parent and p.state <> 'done'
                                         and (p.state <> 'refused' or o.kind = 'event'))
"""

_IS_HELD = f"hold_until > :at and hold_until <= :at + {LONGEST_HOLD}"
_IS_HELD_BEFORE = f"e.hold_until > :at and e.hold_until <= :at + {LONGEST_HOLD}"
_DUE = f"""
    from outbox o
    where state in ('todo', 'unknown') and (run <> :run or next_at <= :at) and {_NOT_BLOCKED}
      and ({_IS_HELD}) is not true
      and (kind = 'submission' or not exists (
            select 1 from outbox e where e.parent = o.parent and e.kind = 'event' and e.seq < o.seq
                                     and e.state in ('todo', 'unknown')
                                     and ((e.run = :run and e.next_at > :at) or ({_IS_HELD_BEFORE}))))
"""  # noqa: S608  # nosec B608 # a constant of this module

# Each order has its own index, so that ten thousand waiting rows are not sorted for a batch. The column `due` is the
# legal deadline.
_ORDERS = ("and due is not null order by due, no", "and due is null order by no")


def enqueue(  # noqa: PLR0913 - a column each, passed by keyword
    db: Database,
    subject: str,
    now: datetime,
    *,
    kind: SubjectKind = "submission",
    parent: str | None = None,
    seq: int = 0,
    legal_deadline: str | None = None,
    hold_until: float | None = None,
) -> None:
    """Add a subject to the outbox.

    Args:
        db: the store, inside a write.
        subject: id of the subject.
        now: the time.
        kind: submission or event.
        parent: the submission of an event, or the one that a correction supersedes.
        seq: number of an event within its receipt, from 1.
        legal_deadline: its last day (2026-12-31), stored in the column `due`; such subjects are sent before all others.
        hold_until: it is not sent before this time of the monotonic clock, at most `LONGEST_HOLD` from now.
    """
    at = timestamp(now)
    db.execute(
        "insert into outbox (subject, kind, parent, seq, due, hold_until, created, updated)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [subject, kind, parent, seq, legal_deadline, hold_until, at, at],
    )


def move_events(db: Database, parent: str, correction: str) -> None:
    """Attach the unsent events of a refused submission to its correction; one that is on a USB stick counts too."""
    sql = """update outbox set parent = ? where parent = ? and kind = 'event'
               and (state = 'todo' or (state = 'unknown' and carried is not null))"""
    db.execute(sql, [correction, parent])


def withdraw_unsent(db: Database, subject: str, now: datetime) -> bool:
    """Withdraw a subject that never left this machine; return False when it may have left."""
    status = status_of(db, subject)
    if status is None or status.state != "todo":
        return False
    mark_refused(db, status.subject, reason="record", code="withdrawn", now=now)
    return True


def make_due(db: Database) -> None:
    """Make every open subject due at once."""
    db.execute("update outbox set run = 0, next_at = 0, attempts = 0 where state in ('todo', 'unknown')")


def make_one_due(db: Database, subject: str) -> bool:
    """Make one open subject due at once; return False when it is not open."""
    sql = "update outbox set run = 0, next_at = 0, attempts = 0 where subject = ? and state in ('todo', 'unknown')"
    return db.execute(sql, [subject]).rowcount == 1


def release(db: Database, subject: str, now: datetime) -> bool:
    """Queue a refused subject again, because an officer asks for it; return False when it is not refused."""
    done = db.execute(
        "update outbox set state = 'todo', run = 0, next_at = 0, attempts = 0, cut = null, updated = ?"
        " where subject = ? and state = 'refused'",
        [timestamp(now), subject],
    )
    if done.rowcount == 1:
        attempts.add(db, subject=subject, now=now, result="todo", code="released")
    return done.rowcount == 1


def status_of(db: Database, subject: str) -> OutboxStatus | None:
    """Return the delivery status of a subject; None when it was never enqueued."""
    row = db.execute(f"select {_STATUS} from outbox where subject = ?", [subject]).fetchone()  # noqa: S608  # nosec B608 # constants of this module
    return _status(row) if row else None


def list_open(db: Database, limit: int, skip: int = 0) -> list[OutboxStatus]:
    """Return the subjects that are not delivered yet, oldest first."""
    sql = f"select {_STATUS} from outbox where {_OPEN} order by no limit ? offset ?"  # noqa: S608  # nosec B608 # constants of this module
    return [_status(row) for row in db.execute(sql, [limit, skip])]


def count_open(db: Database) -> int:
    """Count the subjects that are not delivered yet."""
    return int(db.execute(f"select count(*) from outbox where {_OPEN}").fetchone()[0])  # noqa: S608  # nosec B608 # constants of this module


def list_refused(db: Database, limit: int) -> list[OutboxStatus]:
    """Return the subjects that the portal refused, oldest first, without those corrected since or withdrawn."""
    sql = f"""select {_STATUS} from outbox
              where state <> 'done' and state = 'refused' and last_code is not 'withdrawn'
                and not exists (select 1 from outbox h where h.parent = outbox.subject and h.kind = 'submission')
              order by no limit ?"""  # noqa: S608  # nosec B608 # constants of this module
    return [_status(row) for row in db.execute(sql, [limit])]


def list_children(db: Database, subject: str) -> list[OutboxStatus]:
    """Return the undelivered subjects whose parent is this one."""
    sql = f"select {_STATUS} from outbox where parent = ? and state <> 'done' order by seq"  # noqa: S608  # nosec B608 # constants of this module
    return [_status(row) for row in db.execute(sql, [subject])]


def oldest_open(db: Database) -> str | None:
    """Return the creation time (UTC text) of the oldest open subject that waits for the connection only."""
    sql = f"""select created from outbox o where state in ('todo', 'unknown') and {_NOT_BLOCKED}
              order by no limit 1"""  # noqa: S608  # nosec B608 # constants of this module
    row = db.execute(sql).fetchone()
    return str(row[0]) if row else None


def next_batch(db: Database, run: int, monotonic_now: float, limit: int) -> list[OutboxRow]:
    """Return the next batch to send: the earliest legal deadline first, then the oldest.

    All are of one kind, and the batch is no longer than the smallest `max_batch` in it. `monotonic_now` is in seconds.
    """
    values: dict[str, object] = {"run": run, "at": monotonic_now, "limit": limit}
    kinds = (db.execute(f"select kind {_DUE} {order} limit 1", values).fetchone() for order in _ORDERS)
    first = next((row for row in kinds if row), None)
    if first is None:
        return []
    batch: list[OutboxRow] = []
    sql = f"select subject, kind, state, attempts, cut {_DUE} and kind = :kind"
    rows = (row for order in _ORDERS for row in db.execute(f"{sql} {order} limit :limit", values | {"kind": first[0]}))
    most = limit
    for subject, kind, state, tries, cut in rows:
        most = min(most, cut or most)
        if batch and len(batch) >= most:
            break
        batch.append(OutboxRow(subject=Subject(subject, kind), state=state, attempts=tries, max_batch=cut))
        # The next row may be of the other order, and to find that there is none reads the whole queue.
        if len(batch) >= most:
            break
    return batch


def with_set_aside(db: Database, payload: Payload) -> Payload:
    """Return a payload that names its refused predecessors, so that no portal waits for them."""
    if isinstance(payload, Parcel):
        if payload.supersedes is None:
            return payload
        sql = "select 1 from outbox where subject = ? and state = 'refused'"
        return replace(payload, is_predecessor_refused=db.execute(sql, [payload.supersedes]).fetchone() is not None)
    return replace(payload, skipped_seqs=tuple(seq for (seq,) in db.execute(_GONE, {"subject": payload.event_id})))


def has_sending(db: Database) -> bool:
    """Return whether a row is left in `sending` from an interrupted round."""
    return db.execute("select 1 from outbox where state = 'sending' limit 1").fetchone() is not None


def recover_interrupted(db: Database, now: datetime) -> int:
    """Set the rows that an interrupted round left in `sending` to `unknown`; return how many."""
    for (subject,) in db.execute("select subject from outbox where state = 'sending'").fetchall():
        attempts.add(db, subject=subject, now=now, result="unknown", reason="unknown", code="interrupted")
    return db.execute(
        "update outbox set state = 'unknown', lease = null, last_class = 'unknown', last_code = 'interrupted',"
        " updated = ? where state = 'sending'",
        [timestamp(now)],
    ).rowcount


def mark_sending(db: Database, subject: Subject, digest: str, run: int, now: datetime) -> None:
    """Record, before the request, that this subject may reach the portal from now on."""
    db.execute(
        "update outbox set state = 'sending', lease = ?, digest = ?, updated = ? where subject = ?",
        [run, digest, timestamp(now), subject.id],
    )


def mark_done(db: Database, subject: Subject, now: datetime, *, is_created: bool) -> None:
    """Record that the portal has a subject; `is_created`: taken in this very exchange, not in an earlier one."""
    number = db.execute("update link set done_no = done_no + 1 where id = 1 returning done_no").fetchone()[0]
    db.execute(
        "update outbox set state = 'done', lease = null, cut = null, last_class = null, last_code = null,"
        " carried = null, done_no = ?, is_created = ?, updated = ? where subject = ?",
        [number, int(is_created), timestamp(now), subject.id],
    )
    attempts.add(db, subject=subject.id, now=now, result="done", code="created" if is_created else "duplicate")


def mark_refused(db: Database, subject: Subject, reason: RefusalReason, code: str, now: datetime) -> None:
    """Set a subject to `refused` (dead letter): the portal will not take it as it is, or it cannot be read here."""
    db.execute(
        "update outbox set state = 'refused', lease = null, cut = null, done_no = null, last_class = ?, last_code = ?,"
        " carried = null, updated = ? where subject = ?",
        [reason, code, timestamp(now), subject.id],
    )
    attempts.add(db, subject=subject.id, now=now, result="refused", reason=reason, code=code)


def put_back(db: Database, subject: Subject, retry: OutboxRetry, now: datetime) -> None:
    """Set a subject to `todo` or `unknown`, with the time of its next attempt."""
    db.execute(
        "update outbox set state = :state, lease = null, run = :run, next_at = :next_at,"
        " attempts = attempts + :attempt, cut = coalesce(:cut, cut), last_class = :reason, last_code = :code,"
        " updated = :now where subject = :subject",
        {
            "state": retry.state,
            "run": retry.run,
            "next_at": retry.next_at,
            "attempt": int(retry.is_attempt),
            "cut": retry.max_batch,
            "reason": retry.reason,
            "code": retry.code,
            "now": timestamp(now),
            "subject": subject.id,
        },
    )
    attempts.add(db, subject=subject.id, now=now, result=retry.state, reason=retry.reason, code=retry.code)


def record_revision(db: Database, receipt: Receipt, epoch: str) -> bool:
    """Store a receipt's revision; return True only when it is greater than any seen in this epoch of the portal."""
    done = db.execute(
        "update outbox set revision = :revision, epoch = :epoch"
        " where subject = :subject and (revision < :revision or epoch is not :epoch)",
        {"revision": receipt.revision, "epoch": epoch, "subject": receipt.submission_id},
    )
    return done.rowcount == 1


def delivered_between(db: Database, span: tuple[int, int], limit: int) -> list[DeliveredSubmission]:
    """Return the submissions acknowledged within a span (after, up to), in order, with their acknowledged events.

    It is the first one, and as many more as keep submissions and events within `limit`.
    """
    sql = """select done_no, subject, digest, is_created,
               (select group_concat(e.subject) from outbox e
                where e.parent = o.subject and e.kind = 'event' and e.state = 'done')
             from outbox o
             where state = 'done' and kind = 'submission' and done_no > ? and done_no <= ? order by done_no limit ?"""
    delivered: list[DeliveredSubmission] = []
    count = 0
    for done_no, subject, digest, is_created, events in db.execute(sql, [*span, limit]):
        names = tuple(events.split(",")) if events else ()
        count += 1 + len(names)
        if delivered and count > limit:
            break
        delivered.append(
            DeliveredSubmission(
                done_no=done_no, id=subject, digest=digest, is_created=bool(is_created), events=names[:limit]
            )
        )
    return delivered


def reopen(db: Database, subject: str, now: datetime) -> None:
    """Queue a delivered submission and its events, or one event, again: the portal has lost it."""
    db.execute(
        f"update outbox set {_REOPENED} where state = 'done' and (subject = ? or (parent = ? and kind = 'event'))",  # noqa: S608  # nosec B608 # constants of this module
        [timestamp(now), subject, subject],
    )
    attempts.add(db, subject=subject, now=now, result="todo", reason="unknown", code="lost")


def reopen_events(db: Database, span: tuple[int, int], now: datetime) -> None:
    """Queue the events acknowledged within a span (after, up to) again: the portal may have lost them."""
    sql = f"update outbox set {_REOPENED} where state = 'done' and kind = 'event' and done_no > ? and done_no <= ?"  # noqa: S608  # nosec B608 # constants of this module
    db.execute(sql, [timestamp(now), *span])


def requeue_predecessors(db: Database, subject: str, now: datetime) -> list[Subject]:
    """Queue the predecessors of a subject again, because the portal reports that it lacks them; return them.

    These are the submission that a correction supersedes; for an event its submission and the earlier events, also of
    earlier revisions. Only delivered ones count: `with_set_aside` names the others in the payload itself.
    """
    lost = [Subject(before, kind) for before, kind in db.execute(_BEFORE, {"subject": subject})]
    for before in lost:
        db.execute(f"update outbox set {_REOPENED} where subject = ?", [timestamp(now), before.id])  # noqa: S608  # nosec B608 # constants of this module
        attempts.add(db, subject=before.id, now=now, result="todo", reason="unknown", code="lost")
    return lost


def list_to_carry(db: Database, kind: SubjectKind, after: int, limit: int) -> list[tuple[int, Subject]]:
    """Return open subjects of a kind after a row number, with their row numbers; no event of a refused submission."""
    sql = f"select no, subject {_TO_CARRY} and no > ? order by no limit ?"
    return [(no, Subject(subject, kind)) for no, subject in db.execute(sql, [kind, after, limit])]


def count_to_carry(db: Database, kind: SubjectKind) -> int:
    """Count the open subjects of a kind that may go onto a USB stick."""
    return int(db.execute(f"select count(*) {_TO_CARRY}", [kind]).fetchone()[0])


def mark_carried(db: Database, subject: Subject, digest: str, parcel: str, now: datetime) -> None:
    """Record, before its file is written, that a subject may reach the portal in a parcel on a USB stick.

    A row in `sending` or `unknown` keeps its state; a row in `done` or `refused` is not changed.
    """
    sql = """update outbox set carried = ?, digest = ?, state = case state when 'todo' then 'unknown' else state end
             where subject = ? and state in ('todo', 'sending', 'unknown')"""
    if db.execute(sql, [parcel, digest, subject.id]).rowcount == 1:
        attempts.add(db, subject=subject.id, now=now, result="unknown", code="carried")


def list_carried(db: Database, parcel: str) -> list[CarriedSubject]:
    """Return the open subjects of a parcel, submissions first; a row that is being sent just now is left out."""
    sql = """select subject, kind, digest, epoch from outbox where carried = ? and state in ('todo', 'unknown')
             order by kind = 'event', no"""
    rows = db.execute(sql, [parcel])
    return [CarriedSubject(Subject(subject, kind), digest, epoch) for subject, kind, digest, epoch in rows]


def count_unanswered(db: Database) -> tuple[int, str | None]:
    """Return the number of subjects on USB sticks without an answer, and the name of the first parcel of them."""
    count, parcel = db.execute("select count(*), min(carried) from outbox where carried is not null").fetchone()
    return int(count), parcel


# `state <> 'done'` is implied, but SQLite uses the partial index `outbox_left` only where a query repeats its
# condition.
_TO_CARRY = """
    from outbox o where state <> 'done' and state in ('todo', 'sending', 'unknown') and kind = ?
      and not exists (select 1 from outbox p where p.subject = o.parent and p.state = 'refused' and o.kind = 'event')
"""
_OPEN = "state <> 'done' and state in ('todo', 'sending', 'unknown')"
_WAITS_FOR = """(select p.subject from outbox p where p.subject = outbox.parent and p.state <> 'done'
                                              and (p.state <> 'refused' or outbox.kind = 'event'))"""
_STATUS = f"subject, kind, state, attempts, last_class, last_code, created, updated, parent, {_WAITS_FOR}"
_EARLIER = """
    with recursive mine as (select * from outbox where subject = :subject),
    earlier(subject) as (select parent from mine union select o.parent from outbox o join earlier using (subject)
                                                      where o.kind = 'submission' and o.parent is not null)
"""
_EARLIER_ACTS = """parent in (select subject from earlier) and kind = 'event'
    and (select kind from mine) = 'event' and seq < (select seq from mine)"""
_BEFORE = f"""{_EARLIER} select subject, kind from outbox
    where state = 'done' and (subject = (select parent from mine) or ({_EARLIER_ACTS})) order by no"""  # noqa: S608  # nosec B608 # constants of this module
_GONE = f"{_EARLIER} select seq from outbox where {_EARLIER_ACTS} and state = 'refused' order by seq"  # noqa: S608  # nosec B608 # constants of this module
_REOPENED = (
    "state = 'todo', done_no = null, run = 0, next_at = 0, attempts = 0, revision = 0, last_code = 'lost', updated = ?"
)


def _status(row: Sequence[Any]) -> OutboxStatus:
    subject, kind, state, tries, last_class, last_code, created, updated, parent, waits_for = row
    return OutboxStatus(
        subject=Subject(subject, kind),
        state=state,
        attempts=tries,
        last_class=last_class,
        last_code=last_code,
        created=created,
        updated=updated,
        parent=parent,
        waits_for=waits_for,
    )
