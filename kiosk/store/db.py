"""The store: one SQLite file, many readers, one writer at a time.

`read` is a snapshot that refuses writes. `write` is one transaction, begun IMMEDIATE under one lock (a deferred one
fails at once with "database is locked" when four threads read and then write). It commits at the end of the block, or
is rolled back. Records never commit. Inside `write` call no portal or device, do not sleep, render no template.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from kiosk.base.errors import KioskRunning, StoreBusy, StoreDamaged, StoreFull, StoreUnavailable
from kiosk.store import files

BUSY_SECONDS = 10
_CHECKPOINT_MS = 50
"""As long a checkpoint waits for readers: all writers wait behind it, and a copy reads for seconds."""

_PRAGMAS = (
    f"pragma busy_timeout = {BUSY_SECONDS * 1000}",
    "pragma journal_mode = wal",
    # NORMAL lost acknowledged records in every simulated power cut; FULL lost none.
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma secure_delete = on",
    # In pages. At 200, every fifth Submit waited for two more syncs; the worker checkpoints while nobody waits.
    "pragma wal_autocheckpoint = 1000",
    "pragma temp_store = memory",
)

_ERRORS: dict[int, type[StoreUnavailable]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
    sqlite3.SQLITE_READONLY: StoreUnavailable,
    sqlite3.SQLITE_CANTOPEN: StoreUnavailable,
    sqlite3.SQLITE_PERM: StoreUnavailable,
}


_COPY_PAGES = 256


class StoreDatabase(Database):
    """A connection of the store, whose `query` is one statement.

    sqlite-utils sets and releases a savepoint around each query, for SQL that returns no rows. Records query only what
    returns rows, and those two statements were half of the statements of a desk page.
    """

    def query(
        self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Execute SQL that returns rows; return each row by the names of its columns."""
        cursor = self.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)


def _go_on() -> None:
    """Begin the next step at once."""


@dataclass
class _ThreadConnection:
    """A thread's own read-only connection, and the block that the thread is inside: "read", "write" or ""."""

    db: Database
    thread: threading.Thread
    inside: str = ""
    before_commit: Callable[[Database], None] | None = None
    """Called once, at the end of the thread's next write."""


_INSTANCE_NUMBERS = count()


class Store:
    """The store at a path; a missing one is created with its folder (mode 700, files 600).

    Args:
        path: the store's file.
        has_marker: keep a marker file while it is open (`is_log_lost`).

    Raises:
        StoreUnavailable: the store cannot be opened.
    """

    def __init__(self, path: Path, *, has_marker: bool = False) -> None:
        self.path = path
        self.instance_no = next(_INSTANCE_NUMBERS)
        """Number of this store in the process, for state that acts keep in memory (`acts.signing`, `acts.locking`).

        Unlike its id(), no later store gets it again.
        """
        self._writer_lock = threading.Lock()
        self._of_thread = threading.local()
        self._connections: list[_ThreadConnection] = []
        self._connections_lock = threading.Lock()
        self._closed = False
        _prepare(path)
        self._folder_lock = _lock_folder(path.parent, fcntl.LOCK_SH)
        # SQLite deletes the log when its last user closes the store, also the log of a crash: the marker goes with it.
        # A marker whose log was lost before stays, for `kiosk.backup.lost_log`.
        self._deletes_marker = has_marker or not is_log_lost(path)
        # One for all threads, used only under the lock. A writing connection for each thread, with `query_only` turned
        # off and on, would compile its statements again and reload pages that another thread has written.
        try:
            self._writer = _connect(path)
            if has_marker:
                _write_marker(path, self._writer)
        except BaseException:
            os.close(self._folder_lock)
            raise

    @contextmanager
    def read(self) -> Iterator[Database]:
        """Open a snapshot of the store, which refuses writes.

        Inside a read of the same thread it is the same snapshot. Inside a write it is the writing connection: it shows
        the uncommitted changes and does not refuse writes.
        """
        connection = self._connection()
        if connection.inside:
            yield self._writer if connection.inside == "write" else connection.db
            return
        with _translated(may_write=False):
            connection.db.execute("begin")
            connection.inside = "read"
            try:
                yield connection.db
            finally:
                connection.inside = ""
                connection.db.rollback()

    @contextmanager
    def write(self) -> Iterator[Database]:
        """Open the one write transaction of an act.

        Raises:
            StoreBusy: another writer held the lock for `BUSY_SECONDS`.
            StoreFull: the disk is full.
        """
        connection = self._connection()
        if connection.inside:
            raise RuntimeError(f"a write cannot begin inside a {connection.inside}")
        with self._writing(), _translated(may_write=True):
            try:
                self._writer.execute("begin immediate")
                connection.inside = "write"
                yield self._writer
                if connection.before_commit is not None:
                    connection.before_commit(self._writer)
                if not self._writer.conn.in_transaction:
                    raise RuntimeError("the transaction was ended inside a write: records never commit")
                self._writer.execute("commit")
                connection.before_commit = None
            finally:
                connection.inside = ""
                self._writer.rollback()

    def before_next_commit(self, change: Callable[[Database], None] | None) -> Callable[[Database], None] | None:
        """Let the next write of this thread end with a change of its own; None forgets it. Return the one before.

        The change and the write are one transaction: an error of the change rolls both back.
        """
        connection = self._connection()
        former = connection.before_commit
        connection.before_commit = change
        return former

    def copy_to(self, path: Path, after_step: Callable[[], None] = _go_on) -> None:
        """Write a snapshot of the store to an empty file, in steps of 1 MB; it shows the moment of the first step.

        Args:
            after_step: called after each step.
        """
        with self.read() as db, closing(sqlite3.connect(path)) as copy:
            copy.execute("pragma synchronous = off")  # after a power cut the copy is made again
            # The first read takes the snapshot: without it, each write of another connection begins the copy again.
            db.execute("select count(*) from sqlite_schema").fetchone()
            db.conn.backup(copy, pages=_COPY_PAGES, progress=lambda _status, _left, _total: after_step())
            copy.execute("pragma journal_mode = delete")

    def close(self) -> None:
        """Close every connection."""
        with self._writing(), self._connections_lock:
            if self._closed:
                return
            self._closed = True
            if self._deletes_marker:
                _delete_marker(self.path, self._folder_lock)
            self._writer.close()
            for connection in self._connections:
                connection.db.close()
            self._connections.clear()
            os.close(self._folder_lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._writer_lock.acquire(timeout=BUSY_SECONDS):
            raise StoreBusy
        try:
            yield
        finally:
            self._writer_lock.release()

    def _connection(self) -> _ThreadConnection:
        if self._closed:
            raise StoreUnavailable
        connection: _ThreadConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = _ThreadConnection(_connect_reader(self.path), threading.current_thread())
            self._of_thread.connection = connection
            with self._connections_lock:
                self._close_connections_of_dead_threads()
                self._connections.append(connection)
        return connection

    def _close_connections_of_dead_threads(self) -> None:
        ended = [connection for connection in self._connections if not connection.thread.is_alive()]
        for connection in ended:
            connection.db.close()
            self._connections.remove(connection)


def checkpoint(store: Store) -> bool:
    """Empty the write-ahead log, which still holds deleted rows; return False when a reader or writer blocked it."""
    connection = store._connection()
    if connection.inside:
        raise RuntimeError(f"a checkpoint cannot begin inside a {connection.inside}")
    with store._writing(), _translated(may_write=True):
        connection.db.execute(f"pragma busy_timeout = {_CHECKPOINT_MS}")
        try:
            busy, _, _ = connection.db.execute("pragma wal_checkpoint(truncate)").fetchone()
        finally:
            connection.db.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
        return not busy


def copy_log(store: Store) -> None:
    """Copy the write-ahead log into the store's file as far as readers allow, without holding up writers.

    After many writes in a row, the commit that fills the log would copy all of it while others wait.
    """
    connection = store._connection()
    if connection.inside:
        raise RuntimeError(f"a checkpoint cannot begin inside a {connection.inside}")
    with _translated(may_write=True):
        connection.db.execute("pragma wal_checkpoint(passive)").fetchone()


def is_sound(path: Path) -> bool:
    """Return whether SQLite finds a store's file undamaged; nothing is written.

    Raises:
        StoreUnavailable: the file cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            db.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
            return bool(db.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error as error:
        store_error = _store_error(error, path)
        if isinstance(store_error, StoreDamaged):
            return False
        raise store_error or error from error


def marker_path(store: Path) -> Path:
    """Return the path of the marker that a store is open, or was when its process was killed."""
    return store.with_name(f"{store.name}-open")


def is_log_lost(store: Path) -> bool:
    """Return whether the write-ahead log is gone although the store was not closed."""
    return marker_path(store).exists() and not store.with_name(f"{store.name}-wal").exists()


def _write_marker(path: Path, db: Database) -> None:
    """Write the marker, when the log exists; both names are durable together."""
    db.execute("select count(*) from sqlite_schema").fetchone()
    marker = marker_path(path)
    if not marker.exists():
        marker.touch(mode=0o600)
        files.sync_folder(path.parent)


def _delete_marker(path: Path, folder_lock: int) -> None:
    """Delete the marker, unless another process has the store open.

    It is gone before SQLite deletes the log: a power cut between them leaves a log without a marker, which is harmless.
    """
    with suppress(OSError):
        fcntl.flock(folder_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        marker_path(path).unlink()
        files.sync_folder(path.parent)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on a store's folder, so that no other process opens the store.

    Raises:
        KioskRunning: another process has it open.
    """
    try:
        handle = _lock_folder(path.parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise KioskRunning from error
    try:
        yield
    finally:
        os.close(handle)


def _lock_folder(folder: Path, operation: int) -> int:
    """Lock a store's folder: shared while the store is open, exclusive to replace it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, operation)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _prepare(path: Path) -> None:
    """Create folder and file with access for the owner only; SQLite gives its log files the mode of the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        _keep_private(path.parent, 0o700)
        _keep_private(path, 0o600)
    except OSError as error:
        raise _unavailable(path) from error


def _keep_private(path: Path, mode: int) -> None:
    current = path.stat().st_mode
    is_shared = current & 0o1000  # a sticky folder such as /tmp belongs to everybody
    if current & 0o077 and not is_shared:
        path.chmod(mode)


def _connect(path: Path) -> Database:
    try:
        # Not checked: every thread uses the writer (under the lock), and Store closes the readers of other threads.
        conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise _unavailable(path) from error
    try:
        for pragma in _PRAGMAS:
            conn.execute(pragma)
        return StoreDatabase(conn, execute_plugins=False)
    except sqlite3.Error as error:
        conn.close()
        raise _store_error(error, path) or error from error


def _connect_reader(path: Path) -> Database:
    db = _connect(path)
    db.execute("pragma query_only = on")
    return db


@contextmanager
def _translated(*, may_write: bool) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        store_error = _store_error(error, None)
        is_stray_write = not may_write and error.sqlite_errorcode == sqlite3.SQLITE_READONLY
        if store_error is None or is_stray_write:
            raise
        raise store_error from error


def _store_error(error: sqlite3.Error, path: Path | None) -> StoreUnavailable | None:
    code = getattr(error, "sqlite_errorcode", None)
    kind = _ERRORS.get(code & 0xFF) if code is not None else None
    if kind is StoreUnavailable and path is not None:
        return _unavailable(path)
    return kind() if kind else None


def _unavailable(path: Path) -> StoreUnavailable:
    return StoreUnavailable(
        f"Máy không mở được nơi lưu {path}: thư mục phải có, ghi được, và thuộc về người chạy máy.",
        f"The store {path} cannot be opened: its folder must exist, be writable, and belong to the kiosk's user.",
    )
