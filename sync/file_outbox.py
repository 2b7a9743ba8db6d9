"""File outbox: a state machine for each file to deliver after its form, its progress and its next attempt.

    todo -> done | refused      done | refused -> todo      todo | done | refused -> dropped

    function         from             to        caller, reason
    enqueue          -                todo      the application, with the event of a scan
    mark_done        todo             done      file transfer: the portal has the whole file
    mark_refused     todo             refused   file transfer: unreadable here, or the portal refuses it
    recheck_latest   done             todo      engine: an audit ended, so the portal is asked again
    resend_missing   done             todo      engine, status feed, usb: a receipt names it as missing
    release_all      refused          todo      engine: a technician asks to send now
    drop             any              dropped   the application, file transfer: its owner has removed it
    drop_of_parent   todo, refused    dropped   the application: its form is withdrawn

`put_back`, `mark_lost` and `make_due` keep the state. `refused` is the dead letter state; texts also say "set aside".

A file has the caller's id and is sent **after** its parent, an outbox row, was delivered. Its content is named by its
SHA-256, so the portal is asked how much it holds before a byte is sent, and a file that is there already costs one
request. There is no state `sending`: the same request shows whether a chunk has arrived. Functions take `db` inside the
caller's write and never commit; nothing is deleted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from sync import attempts
from sync.encoding import timestamp
from sync.errors import Reason, RefusalReason

FileState = Literal["todo", "done", "refused", "dropped"]

AUDIT_LATEST = 500
"""A plain audit asks about so many files, those delivered last."""
AUDIT_ALL = -1
"""After a restore of the portal all files are asked about."""


@dataclass(frozen=True)
class FileRow:
    """A file that is due; `was_confirmed`: the portal confirmed once that it holds the file."""

    file: str
    sha256: str
    size: int
    attempts: int
    was_confirmed: bool


@dataclass(frozen=True)
class FileRetry:
    """A file put back into the queue: the reason, and its due time (`next_at` seconds of run `run`, else now)."""

    reason: Reason
    code: str
    run: int = 0
    next_at: float = 0.0
    is_attempt: bool = True


@dataclass(frozen=True)
class FileStatus:
    """Delivery status of a file, for technicians; `sent` of its `size` bytes are at the portal."""

    file: str
    state: FileState
    size: int
    sent: int
    attempts: int
    last_class: str | None
    last_code: str | None
    created: str
    updated: str


@dataclass(frozen=True)
class FileBacklog:
    """The undelivered files: how many, their bytes, how many bytes of them are at the portal; and the refused ones."""

    count: int
    size: int
    sent: int
    refused: int


def enqueue(db: Database, file: str, parent: str, sha256: str, size: int, now: datetime) -> None:
    """Add a file to the outbox, to be sent after its parent, a subject of the outbox; `size` in bytes."""
    sql = "insert into files (file, parent, sha256, size, created, updated) values (?, ?, ?, ?, ?, ?)"
    db.execute(sql, [file, parent, sha256, size, timestamp(now), timestamp(now)])


def drop(db: Database, file: str, now: datetime) -> None:
    """Stop sending a file, because its owner has removed it."""
    db.execute("update files set state = 'dropped', updated = ? where file = ?", [timestamp(now), file])


def drop_of_parent(db: Database, parent: str, now: datetime) -> None:
    """Stop sending the files of a subject that will never be delivered."""
    sql = "update files set state = 'dropped', updated = ? where parent = ? and state in ('todo', 'refused')"
    db.execute(sql, [timestamp(now), parent])


def next_due(db: Database, run: int, monotonic_now: float) -> FileRow | None:
    """Return the oldest file that is due and whose parent is delivered; `monotonic_now` is in seconds."""
    sql = """select file, sha256, size, attempts, epoch is not null from files f
             where state = 'todo' and (run <> :run or next_at <= :at)
               and exists (select 1 from outbox p where p.subject = f.parent and p.state = 'done')
             order by no limit 1"""
    row = db.execute(sql, {"run": run, "at": monotonic_now}).fetchone()
    if row is None:
        return None
    file, sha256, size, tries, was_confirmed = row
    return FileRow(file=file, sha256=sha256, size=size, attempts=tries, was_confirmed=bool(was_confirmed))


def set_progress(db: Database, file: str, sent: int, now: datetime) -> None:
    """Store how many bytes of a file the portal holds; when they have grown, its attempts are reset to 0."""
    sql = """update files set attempts = case when :sent > sent then 0 else attempts end, sent = :sent, updated = :now
             where file = :file and state = 'todo'"""
    db.execute(sql, {"sent": sent, "now": timestamp(now), "file": file})


def mark_done(db: Database, file: str, epoch: str, now: datetime) -> None:
    """Record that the portal has the whole file and has verified its hash."""
    sql = """update files set state = 'done', sent = size, epoch = ?, last_class = null, last_code = null, updated = ?
             where file = ? and state = 'todo'"""
    db.execute(sql, [epoch, timestamp(now), file])
    attempts.add(db, subject=file, now=now, result="done")


def mark_lost(db: Database, file: str, now: datetime) -> None:
    """Record that the portal no longer holds a file: it is sent again from the start."""
    sql = "update files set epoch = null, sent = 0, last_code = 'lost', updated = ? where file = ?"
    db.execute(sql, [timestamp(now), file])
    attempts.add(db, subject=file, now=now, result="todo", reason="unknown", code="lost")


def mark_refused(db: Database, file: str, reason: RefusalReason, code: str, now: datetime) -> None:
    """Set a file to `refused` (dead letter): it cannot be read here, or the portal will not take it."""
    sql = """update files set state = 'refused', last_class = ?, last_code = ?, updated = ?
             where file = ? and state = 'todo'"""
    db.execute(sql, [reason, code, timestamp(now), file])
    attempts.add(db, subject=file, now=now, result="refused", reason=reason, code=code)


def put_back(db: Database, file: str, retry: FileRetry, now: datetime) -> None:
    """Put a file back into the queue."""
    sql = """update files set run = ?, next_at = ?, attempts = attempts + ?, last_class = ?, last_code = ?, updated = ?
             where file = ? and state = 'todo'"""
    values = [retry.run, retry.next_at, int(retry.is_attempt), retry.reason, retry.code, timestamp(now), file]
    db.execute(sql, values)
    attempts.add(db, subject=file, now=now, result="todo", reason=retry.reason, code=retry.code)


def release(db: Database, file: str, now: datetime) -> bool:
    """Queue a refused file again, because the cause was corrected; return False when it is not refused."""
    sql = """update files set state = 'todo', run = 0, next_at = 0, attempts = 0, updated = ?
             where file = ? and state = 'refused'"""
    return db.execute(sql, [timestamp(now), file]).rowcount == 1


def make_due(db: Database) -> None:
    """Make every waiting file due at once."""
    db.execute("update files set run = 0, next_at = 0, attempts = 0 where state = 'todo'")


def release_all(db: Database) -> None:
    """Queue every refused file again; those that are still wrong will be refused again."""
    db.execute("update files set state = 'todo', run = 0, next_at = 0, attempts = 0 where state = 'refused'")


def recheck_latest(db: Database, count: int) -> None:
    """Ask again about the `count` files delivered last: a restored portal has forgotten the latest.

    The portal is asked about each before anything of it is sent, so that a file that is still there costs one request.
    """
    newest = "select no from files where state = 'done' order by no desc limit ?"
    db.execute(f"{_DOUBTED} where no in ({newest})", [count])


def resend_missing(db: Database, hashes: Sequence[str]) -> None:
    """Queue the files that a receipt names as missing, although the portal had confirmed them."""
    for sha256 in hashes:
        db.execute(f"{_DOUBTED}, epoch = null where state = 'done' and sha256 = ?", [sha256])


def any_open(db: Database, files: Sequence[str]) -> bool:
    """Return whether any of these files is undelivered; a file that was never enqueued does not count.

    A confirmed file counts as delivered until the portal was asked again and has denied it.
    """
    marks = ", ".join("?" * len(files))
    sql = f"select 1 from files where file in ({marks}) and {_IS_OPEN} limit 1"  # noqa: S608  # nosec B608 # question marks and constants
    return db.execute(sql, list(files)).fetchone() is not None


def status_of(db: Database, file: str) -> FileStatus | None:
    """Return the delivery status of a file; None when it was never enqueued."""
    row = db.execute(f"select {_STATUS} from files where file = ?", [file]).fetchone()  # noqa: S608  # nosec B608 # constants of this module
    return _status(row) if row else None


def list_statuses(db: Database, states: Sequence[FileState], limit: int = 100) -> list[FileStatus]:
    """Return the files in these states, oldest first."""
    marks = ", ".join("?" * len(states))
    sql = f"select {_STATUS} from files where state in ({marks}) order by no limit ?"  # noqa: S608  # nosec B608 # question marks and constants
    return [_status(row) for row in db.execute(sql, [*states, limit])]


def backlog(db: Database) -> FileBacklog:
    """Count the undelivered files; those that are only asked about again do not count."""
    sql = f"""select coalesce(sum(state = 'todo'), 0), coalesce(sum((state = 'todo') * size), 0),
                coalesce(sum((state = 'todo') * sent), 0), coalesce(sum(state = 'refused'), 0)
              from files where {_IS_OPEN}"""  # noqa: S608  # nosec B608 # a constant of this module
    count, size, sent, refused = db.execute(sql).fetchone()
    return FileBacklog(count=count, size=size, sent=sent, refused=refused)


def _status(row: Sequence[Any]) -> FileStatus:
    file, state, size, sent, tries, last_class, last_code, created, updated = row
    return FileStatus(
        file=file,
        state=state,
        size=size,
        sent=sent,
        attempts=tries,
        last_class=last_class,
        last_code=last_code,
        created=created,
        updated=updated,
    )


_IS_OPEN = "state in ('todo', 'refused') and (state = 'refused' or epoch is null)"
_DOUBTED = "update files set state = 'todo', run = 0, next_at = 0, attempts = 0"
_STATUS = "file, state, size, sent, attempts, last_class, last_code, created, updated"
