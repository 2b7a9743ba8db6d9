"""The outbox: which subjects still have to leave, in which state, and when to try next.

    todo -> sending -> done | refused | unknown | todo      unknown -> sending      done -> todo (only by an audit)

``sending`` is committed **before** the request, and what is found ``sending`` later is ``unknown``, never ``todo``: the
portal may have it. A lease is the number of the run that sends, not a time: whoever holds the drainer's file lock
knows that every other lease has ended. Functions take ``db`` inside the caller's write and never commit. Nothing is
deleted here: a portal that was restored from a copy must be able to get everything again. Every end of a step is
noted in ``attempts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from sync.attempts import note
from sync.errors import Reason
from sync.parcel import Kind, Load, Parcel, Receipt, Subject, stamp

State = Literal["todo", "sending", "unknown", "done", "refused"]
Refusal = Literal["record", "size", "poison"]


@dataclass(frozen=True)
class Row:
    """A subject that is due: ``state`` is what it was before this round, ``cut`` how many may go with it at most."""

    subject: Subject
    state: State
    attempts: int
    cut: int | None


@dataclass(frozen=True)
class Again:
    """How a subject goes back: the state it takes, and from when on (seconds of run ``run``) it is due."""

    state: Literal["todo", "unknown"]
    run: int
    next_at: float
    reason: Reason | Literal["later"]
    code: str
    is_attempt: bool = False
    cut: int | None = None


@dataclass(frozen=True)
class Carried:
    """A subject that went in a parcel on a stick: the digest that it had, the epoch in which it was heard of since."""

    subject: Subject
    digest: str
    epoch: str | None


@dataclass(frozen=True)
class Standing:
    """What a technician may know of a subject that belongs to ``parent``; ``behind`` is the one that it waits for."""

    subject: Subject
    state: State
    attempts: int
    last_class: str | None
    last_code: str | None
    created: str
    updated: str
    parent: str | None = None
    behind: str | None = None


# A correction may leave when its predecessor was refused (the portal knows of that); an event may not.
_NOT_BLOCKED = """
    not exists (select 1 from outbox p where p.subject = o.parent and p.state <> 'done'
                                         and (p.state <> 'refused' or o.kind = 'event'))
"""

_DUE = f"""
    from outbox o
    where state in ('todo', 'unknown') and (run <> :run or next_at <= :at) and {_NOT_BLOCKED}
      and (kind = 'submission' or not exists (
            select 1 from outbox e where e.parent = o.parent and e.kind = 'event' and e.seq < o.seq
                                     and e.state in ('todo', 'unknown') and e.run = :run and e.next_at > :at))
"""  # noqa: S608 - a constant of this module

# Each is read from an index of its own, so that ten thousand that wait are not sorted for a batch.
_ORDERS = ("and due is not null order by due, no", "and due is null order by no")


def put(  # noqa: PLR0913 - a column each, told by name
    db: Database,
    subject: str,
    now: datetime,
    *,
    kind: Kind = "submission",
    parent: str | None = None,
    seq: int = 0,
    due: str | None = None,
) -> None:
    """Put a subject in line; ``parent``: the submission of an event, or the one that a correction supersedes.

    ``due``: the last day (2026-12-31) of a term that the law sets; such subjects leave before all others.
    """
    at = stamp(now)
    db.execute(
        "insert into outbox (subject, kind, parent, seq, due, created, updated) values (?, ?, ?, ?, ?, ?, ?)",
        [subject, kind, parent, seq, due, at, at],
    )


def follow(db: Database, parent: str, heir: str) -> None:
    """Let the events of a refused submission that have not left, or only on a stick, go with its correction instead."""
    sql = """update outbox set parent = ? where parent = ? and kind = 'event'
               and (state = 'todo' or (state = 'unknown' and carried is not null))"""
    db.execute(sql, [heir, parent])


def hurry(db: Database) -> None:
    """Make everything that is open due at once."""
    db.execute("update outbox set run = 0, next_at = 0, attempts = 0 where state in ('todo', 'unknown')")


def hurry_one(db: Database, subject: str) -> bool:
    """Make one open subject due at once; False when it is not open."""
    sql = "update outbox set run = 0, next_at = 0, attempts = 0 where subject = ? and state in ('todo', 'unknown')"
    return db.execute(sql, [subject]).rowcount == 1


def release(db: Database, subject: str, now: datetime) -> bool:
    """Send a refused subject again, because somebody has mended the cause; False when it is not refused."""
    done = db.execute(
        "update outbox set state = 'todo', run = 0, next_at = 0, attempts = 0, cut = null, updated = ?"
        " where subject = ? and state = 'refused'",
        [stamp(now), subject],
    )
    if done.rowcount == 1:
        note(db, subject, now, "todo", code="released")
    return done.rowcount == 1


def standing(db: Database, subject: str) -> Standing | None:
    """Tell how a subject stands; None when it was never put in line."""
    row = db.execute(f"select {_STANDING} from outbox where subject = ?", [subject]).fetchone()  # noqa: S608
    return _standing(row) if row else None


def underway(db: Database, limit: int, skip: int = 0) -> list[Standing]:
    """List what still has to leave, the oldest first."""
    sql = f"select {_STANDING} from outbox where {_UNDERWAY} order by no limit ? offset ?"  # noqa: S608
    return [_standing(row) for row in db.execute(sql, [limit, skip])]


def waiting(db: Database) -> int:
    """Count what still has to leave."""
    return int(db.execute(f"select count(*) from outbox where {_UNDERWAY}").fetchone()[0])  # noqa: S608


def returned(db: Database, limit: int) -> list[Standing]:
    """List what the portal did not take, the oldest first; neither what was corrected since, nor what was withdrawn."""
    sql = f"""select {_STANDING} from outbox
              where state <> 'done' and state = 'refused' and last_code is not 'withdrawn'
                and not exists (select 1 from outbox h where h.parent = outbox.subject and h.kind = 'submission')
              order by no limit ?"""  # noqa: S608
    return [_standing(row) for row in db.execute(sql, [limit])]


def behind(db: Database, subject: str) -> list[Standing]:
    """List what belongs to a subject and has not left."""
    sql = f"select {_STANDING} from outbox where parent = ? and state <> 'done' order by seq"  # noqa: S608
    return [_standing(row) for row in db.execute(sql, [subject])]


def oldest(db: Database) -> str | None:
    """Tell since when (UTC text) the oldest open subject waits that nothing but the line holds up."""
    sql = f"select min(created) from outbox o where state in ('todo', 'unknown') and {_NOT_BLOCKED}"  # noqa: S608
    found: str | None = db.execute(sql).fetchone()[0]
    return found


def due(db: Database, run: int, at: float, limit: int) -> list[Row]:
    """Choose a batch: whose legal term ends soonest, then the oldest; of one kind, no more than any may go with."""
    facts: dict[str, object] = {"run": run, "at": at, "limit": limit}
    kinds = (db.execute(f"select kind {_DUE} {order} limit 1", facts).fetchone() for order in _ORDERS)
    first = next((row for row in kinds if row), None)
    if first is None:
        return []
    batch: list[Row] = []
    sql = f"select subject, kind, state, attempts, cut {_DUE} and kind = :kind"
    rows = (row for order in _ORDERS for row in db.execute(f"{sql} {order} limit :limit", facts | {"kind": first[0]}))
    for subject, kind, state, attempts, cut in rows:
        if batch and len(batch) >= min(row_cut for row_cut in (cut, *(row.cut for row in batch), limit) if row_cut):
            break
        batch.append(Row(Subject(subject, kind), state, attempts, cut))
    return batch


def tell_gone(db: Database, load: Load) -> Load:
    """Say with a load what comes before it and was set aside here, so that no portal waits for that."""
    if isinstance(load, Parcel):
        if load.supersedes is None:
            return load
        sql = "select 1 from outbox where subject = ? and state = 'refused'"
        return replace(load, is_heir=db.execute(sql, [load.supersedes]).fetchone() is not None)
    return replace(load, gone=tuple(seq for (seq,) in db.execute(_GONE, {"subject": load.event_id})))


def has_sending(db: Database) -> bool:
    """Tell whether something is left over from a round that did not end."""
    return db.execute("select 1 from outbox where state = 'sending' limit 1").fetchone() is not None


def recover(db: Database, now: datetime) -> int:
    """Turn what a dead round left ``sending`` into ``unknown``; give how many."""
    for (subject,) in db.execute("select subject from outbox where state = 'sending'").fetchall():
        note(db, subject, now, "unknown", "unknown", "interrupted")
    return db.execute(
        "update outbox set state = 'unknown', lease = null, last_class = 'unknown', last_code = 'interrupted',"
        " updated = ? where state = 'sending'",
        [stamp(now)],
    ).rowcount


def begin(db: Database, subject: Subject, digest: str, run: int, now: datetime) -> None:
    """Say, before the request, that this subject may reach the portal from now on."""
    db.execute(
        "update outbox set state = 'sending', lease = ?, digest = ?, updated = ? where subject = ?",
        [run, digest, stamp(now), subject.id],
    )


def finish(db: Database, subject: Subject, now: datetime, *, is_created: bool) -> None:
    """Note that the portal has it; ``is_created``: it was taken in this very exchange, not in an earlier one."""
    number = db.execute("update link set done_no = done_no + 1 where id = 1 returning done_no").fetchone()[0]
    db.execute(
        "update outbox set state = 'done', lease = null, cut = null, last_class = null, last_code = null,"
        " carried = null, done_no = ?, is_created = ?, updated = ? where subject = ?",
        [number, int(is_created), stamp(now), subject.id],
    )
    note(db, subject.id, now, "done", code="created" if is_created else "duplicate")


def refuse(db: Database, subject: Subject, reason: Refusal, code: str, now: datetime) -> None:
    """Set a subject aside: the portal will not take it as it is."""
    db.execute(
        "update outbox set state = 'refused', lease = null, cut = null, done_no = null, last_class = ?, last_code = ?,"
        " carried = null, updated = ? where subject = ?",
        [reason, code, stamp(now), subject.id],
    )
    note(db, subject.id, now, "refused", reason, code)


def again(db: Database, subject: Subject, how: Again, now: datetime) -> None:
    """Put a subject back in line."""
    db.execute(
        "update outbox set state = :state, lease = null, run = :run, next_at = :next_at,"
        " attempts = attempts + :attempt, cut = coalesce(:cut, cut), last_class = :reason, last_code = :code,"
        " updated = :now where subject = :subject",
        {
            "state": how.state,
            "run": how.run,
            "next_at": how.next_at,
            "attempt": int(how.is_attempt),
            "cut": how.cut,
            "reason": how.reason,
            "code": how.code,
            "now": stamp(now),
            "subject": subject.id,
        },
    )
    note(db, subject.id, now, how.state, how.reason, how.code)


def is_newer(db: Database, receipt: Receipt, epoch: str) -> bool:
    """Remember a receipt's revision; True only when it is greater than any seen in this epoch of the portal."""
    done = db.execute(
        "update outbox set revision = :revision, epoch = :epoch"
        " where subject = :subject and (revision < :revision or epoch is not :epoch)",
        {"revision": receipt.revision, "epoch": epoch, "subject": receipt.submission_id},
    )
    return done.rowcount == 1


def delivered(db: Database, span: tuple[int, int], limit: int) -> list[tuple[int, str, str, bool]]:
    """List submissions acknowledged within a span (after, up to), in order: (number, id, digest, is created)."""
    sql = (
        "select done_no, subject, digest, is_created from outbox"
        " where state = 'done' and kind = 'submission' and done_no > ? and done_no <= ? order by done_no limit ?"
    )
    return db.execute(sql, [*span, limit]).fetchall()


def reopen(db: Database, submission: str, now: datetime) -> None:
    """Send a delivered submission and its events again: the portal has lost it."""
    db.execute(
        f"update outbox set {_REOPENED} where state = 'done' and (subject = ? or (parent = ? and kind = 'event'))",  # noqa: S608
        [stamp(now), submission, submission],
    )
    note(db, submission, now, "todo", "unknown", "lost")


def reopen_events(db: Database, span: tuple[int, int], now: datetime) -> None:
    """Send again the events that were acknowledged within a span: the portal may have lost them."""
    sql = f"update outbox set {_REOPENED} where state = 'done' and kind = 'event' and done_no > ? and done_no <= ?"  # noqa: S608
    db.execute(sql, [stamp(now), *span])


def ask_before(db: Database, subject: str, now: datetime) -> list[Subject]:
    """Send again what a subject has to wait for, because the portal says that it lacks it; give what that is.

    That is the one before a correction, and the submission and the earlier acts of an act of the desk, those of earlier
    revisions too: what of it was delivered. What was set aside is told with the subject itself (``tell_gone``).
    """
    lost = [Subject(before, kind) for before, kind in db.execute(_BEFORE, {"subject": subject})]
    for before in lost:
        db.execute(f"update outbox set {_REOPENED} where subject = ?", [stamp(now), before.id])  # noqa: S608
        note(db, before.id, now, "todo", "unknown", "lost")
    return lost


def to_carry(db: Database, kind: Kind, after: int, limit: int) -> list[tuple[int, Subject]]:
    """List what is open of a kind behind a place, with its place; an event whose submission was refused stays."""
    sql = f"select no, subject {_CARRIED} and no > ? order by no limit ?"
    return [(no, Subject(subject, kind)) for no, subject in db.execute(sql, [kind, after, limit])]


def count_to_carry(db: Database, kind: Kind) -> int:
    """Count what is open of a kind and may be carried."""
    return int(db.execute(f"select count(*) {_CARRIED}", [kind]).fetchone()[0])


def carry(db: Database, subject: Subject, digest: str, parcel: str, now: datetime) -> None:
    """Say, before its file is written, that a subject may reach the portal in a parcel; what is done stays done."""
    sql = """update outbox set carried = ?, digest = ?, state = case state when 'todo' then 'unknown' else state end
             where subject = ? and state in ('todo', 'sending', 'unknown')"""
    if db.execute(sql, [parcel, digest, subject.id]).rowcount == 1:
        note(db, subject.id, now, "unknown", code="carried")


def carried(db: Database, parcel: str) -> list[Carried]:
    """List what went in a parcel and is still open, forms first; what is being sent just now is left to the line."""
    sql = """select subject, kind, digest, epoch from outbox where carried = ? and state in ('todo', 'unknown')
             order by kind = 'event', no"""
    rows = db.execute(sql, [parcel])
    return [Carried(Subject(subject, kind), digest, epoch) for subject, kind, digest, epoch in rows]


def unanswered(db: Database) -> tuple[int, str | None]:
    """Count what was carried and has no answer yet, and name the first parcel of it."""
    found = db.execute("select count(*), min(carried) from outbox where carried is not null").fetchone()
    return int(found[0]), found[1]


_CARRIED = """
    from outbox o where state <> 'done' and state in ('todo', 'sending', 'unknown') and kind = ?
      and not exists (select 1 from outbox p where p.subject = o.parent and p.state = 'refused' and o.kind = 'event')
"""
_UNDERWAY = "state <> 'done' and state in ('todo', 'sending', 'unknown')"
_BEHIND = """(select p.subject from outbox p where p.subject = outbox.parent and p.state <> 'done'
                                              and (p.state <> 'refused' or outbox.kind = 'event'))"""
_STANDING = f"subject, kind, state, attempts, last_class, last_code, created, updated, parent, {_BEHIND}"
_EARLIER = """
    with recursive mine as (select * from outbox where subject = :subject),
    earlier(subject) as (select parent from mine union select o.parent from outbox o join earlier using (subject)
                                                      where o.kind = 'submission' and o.parent is not null)
"""
_EARLIER_ACTS = """parent in (select subject from earlier) and kind = 'event'
    and (select kind from mine) = 'event' and seq < (select seq from mine)"""
_BEFORE = f"""{_EARLIER} select subject, kind from outbox
    where state = 'done' and (subject = (select parent from mine) or ({_EARLIER_ACTS})) order by no"""  # noqa: S608
_GONE = f"{_EARLIER} select seq from outbox where {_EARLIER_ACTS} and state = 'refused' order by seq"  # noqa: S608
_REOPENED = (
    "state = 'todo', done_no = null, run = 0, next_at = 0, attempts = 0, revision = 0, last_code = 'lost', updated = ?"
)


def _standing(row: Sequence[Any]) -> Standing:
    subject, kind, *facts = row
    return Standing(Subject(subject, kind), *facts)
