"""The store: one SQLite file, many readers, one writer at a time.

``read`` gives a steady view that refuses writing; ``write`` is one transaction, begun IMMEDIATE under one lock
(a deferred one fails at once with "database is locked" when four threads read and then write), and it commits
at the end of the block or not at all. Records never commit. No portal, device, sleep or template inside ``write``.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from kiosk.errors import Running, StoreBusy, StoreDamaged, StoreFull, StoreUnavailable

BUSY_SECONDS = 10

_PRAGMAS = (
    f"pragma busy_timeout = {BUSY_SECONDS * 1000}",
    "pragma journal_mode = wal",
    # NORMAL lost acknowledged records in every simulated power cut; FULL lost none.
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma secure_delete = on",
    # At 200 every fifth Submit waited for two more syncs; the worker empties the log while nobody waits.
    "pragma wal_autocheckpoint = 1000",
    "pragma temp_store = memory",
)

_FAULTS: dict[int, type[StoreUnavailable]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
    sqlite3.SQLITE_READONLY: StoreUnavailable,
    sqlite3.SQLITE_CANTOPEN: StoreUnavailable,
    sqlite3.SQLITE_PERM: StoreUnavailable,
}


@dataclass
class _Line:
    """A thread's own connection, which only reads, and what the thread is doing: with it, or with the writer."""

    db: Database
    thread: threading.Thread
    inside: str = ""


_NUMBERS = count()


class Store:
    """A store at a path: made with its folder when absent (700, files 600), and open at once or StoreUnavailable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.no = next(_NUMBERS)
        """Which store of this process it is: unlike its address in memory, no later one has the same."""
        self._writing = threading.Lock()
        self._mine = threading.local()
        self._lines: list[_Line] = []
        self._listing = threading.Lock()
        self._closed = False
        _prepare(path)
        self._hold = _held(path.parent, fcntl.LOCK_SH)
        # One for all threads: only who has the lock touches it. A connection of each thread that turns `query_only` off
        # and on would compile all its statements anew at each turn, and read again what another thread has written.
        try:
            self._writer = _connect(path)
        except BaseException:
            os.close(self._hold)
            raise

    @contextmanager
    def read(self) -> Iterator[Database]:
        """Give a steady view of the store; writing is refused."""
        line = self._line()
        if line.inside:
            yield self._writer if line.inside == "write" else line.db
            return
        with _translated(may_write=False):
            line.db.execute("begin")
            line.inside = "read"
            try:
                yield line.db
            finally:
                line.inside = ""
                line.db.rollback()

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Open the one transaction of an act: all of it happens, or none."""
        line = self._line()
        if line.inside:
            raise RuntimeError(f"a write cannot begin inside a {line.inside}")
        with self._turn(), _translated(may_write=True):
            try:
                self._writer.execute("begin immediate")
                line.inside = "write"
                yield self._writer
                if not self._writer.conn.in_transaction:
                    raise RuntimeError("the transaction was ended inside a write: records never commit")
                self._writer.execute("commit")
            finally:
                line.inside = ""
                self._writer.rollback()

    def copy_to(self, path: Path) -> None:
        """Write an exact copy of the store as it stands at this moment, one file, where an empty one lies."""
        with self.read() as db, closing(sqlite3.connect(path)) as copy:
            copy.execute("pragma synchronous = off")  # a copy that a power cut spoils is taken again
            db.conn.backup(copy)
            copy.execute("pragma journal_mode = delete")

    def close(self) -> None:
        """Close every connection; the store answers no more."""
        with self._turn(), self._listing:
            if not self._closed:
                os.close(self._hold)
            self._closed = True
            self._writer.close()
            for line in self._lines:
                line.db.close()
            self._lines.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise StoreBusy
        try:
            yield
        finally:
            self._writing.release()

    def _line(self) -> _Line:
        if self._closed:
            raise StoreUnavailable
        line: _Line | None = getattr(self._mine, "line", None)
        if line is None:
            line = self._mine.line = _Line(_reader(self.path), threading.current_thread())
            with self._listing:
                self._close_lines_of_dead_threads()
                self._lines.append(line)
        return line

    def _close_lines_of_dead_threads(self) -> None:
        for line in [line for line in self._lines if not line.thread.is_alive()]:
            line.db.close()
            self._lines.remove(line)


def checkpoint(store: Store) -> bool:
    """Empty the write-ahead log, where deleted rows live on; False when a reader or writer was in the way."""
    line = store._line()
    if line.inside:
        raise RuntimeError(f"a checkpoint cannot begin inside a {line.inside}")
    with store._turn(), _translated(may_write=True):
        busy, _, _ = line.db.execute("pragma wal_checkpoint(truncate)").fetchone()
        return not busy


def is_sound(path: Path) -> bool:
    """Look a store's file over without writing into it; False when SQLite finds it damaged. StoreUnavailable."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            db.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
            return bool(db.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error as error:
        fault = _fault(error, path)
        if isinstance(fault, StoreDamaged):
            return False
        raise fault or error from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process from opening the store at a path; Running when one has it open."""
    try:
        hold = _held(path.parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Running from error
    try:
        yield
    finally:
        os.close(hold)


def _held(folder: Path, how: int) -> int:
    """Hold the lock of a store's folder: shared by all who have it open, alone for who puts another in its place."""
    hold = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(hold, how)
    except BaseException:
        os.close(hold)
        raise
    return hold


def _prepare(path: Path) -> None:
    """Make folder and file for the owner's eyes only; SQLite gives its log files the mode of the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        _keep_private(path.parent, 0o700)
        _keep_private(path, 0o600)
    except OSError as error:
        raise _refused(path) from error


def _keep_private(path: Path, mode: int) -> None:
    standing = path.stat().st_mode
    is_shared = standing & 0o1000  # a sticky folder such as /tmp belongs to everybody
    if standing & 0o077 and not is_shared:
        path.chmod(mode)


def _connect(path: Path) -> Database:
    try:
        # Another thread may only close it: see Store.close.
        conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise _refused(path) from error
    try:
        for pragma in _PRAGMAS:
            conn.execute(pragma)
        return Database(conn, execute_plugins=False)
    except sqlite3.Error as error:
        conn.close()
        raise _fault(error, path) or error from error


def _reader(path: Path) -> Database:
    db = _connect(path)
    db.execute("pragma query_only = on")
    return db


@contextmanager
def _translated(*, may_write: bool) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        fault = _fault(error, None)
        is_stray_write = not may_write and error.sqlite_errorcode == sqlite3.SQLITE_READONLY
        if fault is None or is_stray_write:
            raise
        raise fault from error


def _fault(error: sqlite3.Error, path: Path | None) -> StoreUnavailable | None:
    code = getattr(error, "sqlite_errorcode", None)
    kind = _FAULTS.get(code & 0xFF) if code is not None else None
    if kind is StoreUnavailable and path is not None:
        return _refused(path)
    return kind() if kind else None


def _refused(path: Path) -> StoreUnavailable:
    return StoreUnavailable(
        f"Máy không mở được nơi lưu {path}: thư mục phải có, ghi được, và thuộc về người chạy máy.",
        f"The store {path} cannot be opened: its folder must exist, be writable, and belong to the kiosk's user.",
    )
