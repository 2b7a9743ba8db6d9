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


class StatementWatch:
    """Ends what waits longer than `seconds`, in one thread for all connections of the process.

    A server that lets nobody in any more (it is frozen) loses its connections. A commit that waits for the standby is
    cancelled: otherwise every thread of the gateway would wait while no standby is connected, and no page would be
    served. Any other statement may take long.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadlines: dict[psycopg.Connection[Any], float] = {}
        self._commits: set[psycopg.Connection[Any]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watch(self, connection: psycopg.Connection[Any], *, is_commit: bool = False) -> Iterator[None]:
        """End a statement or commit of this connection that the block waits for too long."""
        with self._lock:
            is_inner = connection in self._deadlines  # the statement of a commit
            if not is_inner:
                self._deadlines[connection] = time.monotonic() + self.seconds
            if is_commit:
                self._commits.add(connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="statement watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            if not is_inner:
                with self._lock:
                    del self._deadlines[connection]
                    self._commits.discard(connection)

    def _run(self) -> None:
        while True:
            time.sleep(min(_WATCH_INTERVAL, self.seconds))
            answers: dict[str, bool] = {}
            for connection, is_commit in self._take_late():
                with suppress(psycopg.Error):
                    server = f"{connection.info.host}:{connection.info.port}"
                    if server not in answers:  # each is asked once, whatever waits for it
                        answers[server] = _answers(connection)
                    if not answers[server]:
                        _shut(connection)
                    elif is_commit:
                        connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def _take_late(self) -> list[tuple[psycopg.Connection[Any], bool]]:
        """Return the connections that have waited too long, and whether for a commit."""
        now = time.monotonic()
        with self._lock:
            late = [connection for connection, deadline in self._deadlines.items() if deadline < now]
            for connection in late:
                self._deadlines[connection] = now + self.seconds
            return [(connection, connection in self._commits) for connection in late]


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


WATCH = StatementWatch(_COMMIT_SECONDS)


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
