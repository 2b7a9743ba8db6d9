"""The files that go behind a form: which still have to leave, how far each has come, and when to try next.

    todo -> done | refused | dropped      done -> todo (the portal was restored, or an audit asks)      refused -> todo

A file is known by the caller's id and goes **after** its parent, an outbox row, has been taken. Its content is named
by its SHA-256, so the portal is asked what it holds before a byte is sent, and a file that is there already costs one
question. What is ``sending`` needs no state of its own: a piece that may have arrived is found by asking. Functions
take ``db`` inside the caller's write and never commit; nothing is deleted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from sync import attempts
from sync.errors import Reason
from sync.parcel import stamp

State = Literal["todo", "done", "refused", "dropped"]
Refusal = Literal["record", "size", "poison"]

LATEST, ALL = 500, -1
"""So many files a plain audit asks about, those that went last; after a restore all are asked about."""


@dataclass(frozen=True)
class Row:
    """A file that is due; ``was_kept``: the portal said once that it holds it."""

    file: str
    sha256: str
    size: int
    attempts: int
    was_kept: bool


@dataclass(frozen=True)
class Again:
    """How a file goes back in line: from when on (seconds of run ``run``), and why."""

    run: int
    next_at: float
    reason: Reason
    code: str
    is_attempt: bool = True


@dataclass(frozen=True)
class Standing:
    """What a technician may know of a file; ``sent`` of its ``size`` bytes are at the portal."""

    file: str
    state: State
    size: int
    sent: int
    attempts: int
    last_class: str | None
    last_code: str | None
    created: str
    updated: str


@dataclass(frozen=True)
class Waiting:
    """How many files have not reached the portal, of how many bytes, of which it has so many; how many are refused."""

    count: int
    size: int
    sent: int
    refused: int


def put(db: Database, file: str, parent: str, sha256: str, size: int, now: datetime) -> None:
    """Put a file in line behind its parent, a subject of the outbox; ``size`` in bytes."""
    sql = "insert into files (file, parent, sha256, size, created, updated) values (?, ?, ?, ?, ?, ?)"
    db.execute(sql, [file, parent, sha256, size, stamp(now), stamp(now)])


def drop(db: Database, file: str, now: datetime) -> None:
    """Send a file no more: its owner has taken it away."""
    db.execute("update files set state = 'dropped', updated = ? where file = ?", [stamp(now), file])


def drop_behind(db: Database, parent: str, now: datetime) -> None:
    """Send no more what goes behind a subject that will never leave."""
    sql = "update files set state = 'dropped', updated = ? where parent = ? and state in ('todo', 'refused')"
    db.execute(sql, [stamp(now), parent])


def due(db: Database, run: int, at: float) -> Row | None:
    """Choose the oldest file that is due and whose parent the portal has."""
    sql = """select file, sha256, size, attempts, epoch is not null from files f
             where state = 'todo' and (run <> :run or next_at <= :at)
               and exists (select 1 from outbox p where p.subject = f.parent and p.state = 'done')
             order by no limit 1"""
    row = db.execute(sql, {"run": run, "at": at}).fetchone()
    return Row(row[0], row[1], row[2], row[3], was_kept=bool(row[4])) if row else None


def came(db: Database, file: str, sent: int, now: datetime) -> None:
    """Note how many bytes of a file the portal holds; as soon as they are more, its tries are counted anew."""
    sql = """update files set attempts = case when :sent > sent then 0 else attempts end, sent = :sent, updated = :now
             where file = :file and state = 'todo'"""
    db.execute(sql, {"sent": sent, "now": stamp(now), "file": file})


def finish(db: Database, file: str, epoch: str, now: datetime) -> None:
    """Note that the portal holds the whole file, and has found its hash right."""
    sql = """update files set state = 'done', sent = size, epoch = ?, last_class = null, last_code = null, updated = ?
             where file = ? and state = 'todo'"""
    db.execute(sql, [epoch, stamp(now), file])
    attempts.note(db, file, now, "done")


def lose(db: Database, file: str, now: datetime) -> None:
    """Note that the portal no longer holds what it held: it goes again from the start."""
    sql = "update files set epoch = null, sent = 0, last_code = 'lost', updated = ? where file = ?"
    db.execute(sql, [stamp(now), file])
    attempts.note(db, file, now, "todo", "unknown", "lost")


def refuse(db: Database, file: str, reason: Refusal, code: str, now: datetime) -> None:
    """Set a file aside: it cannot be read here, or the portal will not take it."""
    sql = """update files set state = 'refused', last_class = ?, last_code = ?, updated = ?
             where file = ? and state = 'todo'"""
    db.execute(sql, [reason, code, stamp(now), file])
    attempts.note(db, file, now, "refused", reason, code)


def again(db: Database, file: str, how: Again, now: datetime) -> None:
    """Put a file back in line."""
    sql = """update files set run = ?, next_at = ?, attempts = attempts + ?, last_class = ?, last_code = ?, updated = ?
             where file = ? and state = 'todo'"""
    db.execute(sql, [how.run, how.next_at, int(how.is_attempt), how.reason, how.code, stamp(now), file])
    attempts.note(db, file, now, "todo", how.reason, how.code)


def release(db: Database, file: str, now: datetime) -> bool:
    """Send a refused file again, because somebody has mended the cause; False when it is not refused."""
    sql = """update files set state = 'todo', run = 0, next_at = 0, attempts = 0, updated = ?
             where file = ? and state = 'refused'"""
    return db.execute(sql, [stamp(now), file]).rowcount == 1


def hurry(db: Database) -> None:
    """Make every file in line due at once."""
    db.execute("update files set run = 0, next_at = 0, attempts = 0 where state = 'todo'")


def release_all(db: Database) -> None:
    """Send every refused file again: what is still not as it should be is set aside again."""
    db.execute("update files set state = 'todo', run = 0, next_at = 0, attempts = 0 where state = 'refused'")


def doubt(db: Database, count: int) -> None:
    """Ask again about the files that went last: what a portal forgets is what it heard last.

    Each is asked about before anything of it is sent, so that what is still there costs one question.
    """
    newest = "select no from files where state = 'done' order by no desc limit ?"
    db.execute(f"{_DOUBTED} where no in ({newest})", [count])


def want(db: Database, hashes: Sequence[str]) -> None:
    """Send again what a receipt names as missing although the portal said that it holds it."""
    for sha256 in hashes:
        db.execute(f"{_DOUBTED}, epoch = null where state = 'done' and sha256 = ?", [sha256])


def are_open(db: Database, files: Sequence[str]) -> bool:
    """Tell whether any of these files has not reached the portal; what was never put in line does not count.

    What the portal said that it holds counts as there until it was asked again and has said no.
    """
    marks = ", ".join("?" * len(files))
    sql = f"select 1 from files where file in ({marks}) and {_IS_OPEN} limit 1"  # noqa: S608
    return db.execute(sql, list(files)).fetchone() is not None


def standing(db: Database, file: str) -> Standing | None:
    """Tell how a file stands; None when it was never put in line."""
    row = db.execute(f"select {_STANDING} from files where file = ?", [file]).fetchone()  # noqa: S608
    return Standing(*row) if row else None


def standings(db: Database, states: Sequence[State], limit: int = 100) -> list[Standing]:
    """List the files in these states, the oldest first."""
    marks = ", ".join("?" * len(states))
    sql = f"select {_STANDING} from files where state in ({marks}) order by no limit ?"  # noqa: S608
    return [Standing(*row) for row in db.execute(sql, [*states, limit])]


def waiting(db: Database) -> Waiting:
    """Count what has not reached the portal; what is only asked about again does not count."""
    sql = f"""select coalesce(sum(state = 'todo'), 0), coalesce(sum((state = 'todo') * size), 0),
                coalesce(sum((state = 'todo') * sent), 0), coalesce(sum(state = 'refused'), 0)
              from files where {_IS_OPEN}"""  # noqa: S608 - a constant of this module
    return Waiting(*db.execute(sql).fetchone())


_IS_OPEN = "state in ('todo', 'refused') and (state = 'refused' or epoch is null)"
_DOUBTED = "update files set state = 'todo', run = 0, next_at = 0, attempts = 0"
_STANDING = "file, state, size, sent, attempts, last_class, last_code, created, updated"
