"""Connection to PostgreSQL on which a commit either is confirmed by the synchronous standby, or fails.

No statement waits for a server that is frozen: its requests would hang while another server is the primary.

PostgreSQL reports a commit that it did not wait for to the end as a warning: it is on the primary alone. Here it is an
error, so that nobody gets a receipt for it. Rows of such a commit stay; the sender tries again, finds them
("duplicate"), and that commit waits for the standby too.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.errors import Diagnostic

_COMMIT_SECONDS = 10.0
_CANCEL_SECONDS = 5.0
_CONNECT_SECONDS = 5
_WATCH_INTERVAL = 1.0


class NotReplicated(psycopg.OperationalError):
    """A commit that is on the primary, and of which the standby has confirmed nothing."""


class Watch:
    """Ends what waits longer than `seconds`, in one thread for all connections of the process.

    A commit that waits for the standby is cancelled. Otherwise every thread of the gateway would wait, while no standby
    is connected, and no page would be served. A server that does not react to the cancellation either (it is frozen)
    loses the connection after as many seconds. Another statement may take long: it loses its connection only when the
    server does not answer a new one either.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadlines: dict[psycopg.Connection[Any], float] = {}
        self._commits: set[psycopg.Connection[Any]] = set()
        self._cancelled: set[psycopg.Connection[Any]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, connection: psycopg.Connection[Any], *, is_commit: bool = False) -> Iterator[None]:
        """End a statement or commit of this connection that the block waits for too long."""
        with self._lock:
            is_watched = connection in self._deadlines
        if is_watched:  # the statement of a commit
            yield
            return
        with self._lock:
            if is_commit:
                self._commits.add(connection)
            self._deadlines[connection] = time.monotonic() + self.seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="commit watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._deadlines[connection]
                self._commits.discard(connection)
                self._cancelled.discard(connection)

    def _run(self) -> None:
        while True:
            time.sleep(min(_WATCH_INTERVAL, self.seconds))
            for connection in self._take_late_statements():
                if not _answers(connection):
                    _shut(connection)
            for connection, is_frozen in self._take_late_commits():
                if is_frozen:
                    _shut(connection)
                else:
                    with suppress(psycopg.Error):
                        connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def _take_late_statements(self) -> list[psycopg.Connection[Any]]:
        """Return the connections that have waited long for another statement than a commit."""
        now = time.monotonic()
        with self._lock:
            late = [each for each, deadline in self._deadlines.items() if deadline < now and each not in self._commits]
            for connection in late:
                self._deadlines[connection] = now + self.seconds
        return late

    def _take_late_commits(self) -> list[tuple[psycopg.Connection[Any], bool]]:
        """Return the connections whose commit is late, and whether it was cancelled before."""
        now = time.monotonic()
        with self._lock:
            late = [connection for connection in self._commits if self._deadlines[connection] < now]
            found = [(connection, connection in self._cancelled) for connection in late]
            for connection in late:
                self._deadlines[connection] = now + self.seconds
                self._cancelled.add(connection)
        return found


def _answers(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the server of a connection lets somebody in; any refusal is an answer too."""
    with suppress(psycopg.OperationalError):
        try:
            at = connection.info
            psycopg.connect(host=at.host, port=at.port, user=at.user, connect_timeout=_CONNECT_SECONDS).close()
        except psycopg.errors.ConnectionTimeout:
            return False
    return True


def _shut(connection: psycopg.Connection[Any]) -> None:
    """Shut the socket of a connection; the thread that waits for it gets an error."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as own:
        own.shutdown(socket.SHUT_RDWR)


WATCH = Watch(_COMMIT_SECONDS)


class ReplicatedConnection(psycopg.Connection[Any]):
    """A connection whose `commit` raises `NotReplicated` for a commit that is on one machine only."""

    def wait(self, *args: Any, **named: Any) -> Any:
        """Wait for an answer of the server, watched."""
        with WATCH.watch(self):
            return super().wait(*args, **named)

    def commit(self) -> None:
        """Commit.

        Raises:
            NotReplicated: the wait for the standby was cancelled, by an administrator or after `WATCH.seconds`.
        """
        warnings: list[str] = []

        def record_warning(diagnostic: Diagnostic) -> None:
            # Any warning of a commit: its text is in the server's language, and its code is the general one, 01000.
            if diagnostic.severity_nonlocalized == "WARNING":
                warnings.append(diagnostic.sqlstate or "")

        self.add_notice_handler(record_warning)
        try:
            with WATCH.watch(self, is_commit=True):
                super().commit()
        finally:
            self.remove_notice_handler(record_warning)
        if warnings:
            raise NotReplicated("the commit is on one machine only")
