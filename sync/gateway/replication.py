"""Replication of the gateway's PostgreSQL: whether an answer is on two machines, and what the primary says of them.

With `needs_standby` a process answers a kiosk only after a commit that a synchronous standby has confirmed. While none
is connected it does no work at all, so that nothing is on one machine only.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from sync.gateway import database, database_state
from sync.gateway.database import ResultT
from sync.gateway.database_state import DatabaseState

_CHECK_INTERVAL = 1.0
_SYNCHRONOUS = ("sync", "quorum")
_NAMES = text("select current_setting('synchronous_standby_names')")
_MAY_READ = text("select pg_has_role('pg_read_all_stats', 'usage')")
_STARTED_AT = text("select pg_postmaster_start_time()")
_STANDBYS = text(
    "select coalesce(application_name, '') as name, coalesce(state, '') as state,"
    " coalesce(sync_state, '') as sync_state, extract(epoch from flush_lag)::float as lag_seconds,"
    " pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)::float as lag_bytes"
    " from pg_stat_replication order by sync_state desc, name"
)
_MARK = text("select pg_logical_emit_message(true, 'gateway', '')")
"""Writes a record of some bytes, so that the commit of a transaction that only read waits for the standby too.

What it has read may be of a commit whose wait was cancelled.
"""


class StandbyAway(Exception):  # noqa: N818 - read as "raise StandbyAway"
    """No synchronous standby is connected, so nothing may be acknowledged."""


@dataclass(frozen=True)
class Standby:
    """A standby that is connected to the primary, as `pg_stat_replication` has it.

    Attributes:
        name: its `application_name`.
        is_streaming: it has caught up and receives each commit.
        is_synchronous: commits wait for it.
        lag_seconds: time until the last commits were on its disk; None while nothing is written.
        lag_bytes: bytes of WAL that are not on its disk.
    """

    name: str
    is_streaming: bool
    is_synchronous: bool
    lag_seconds: float | None
    lag_bytes: float | None


@dataclass(frozen=True)
class Primary:
    """The server that takes writes: its host in the address ("": the gateway's own machine), and since when it runs."""

    name: str
    since: datetime | None


@dataclass(frozen=True)
class Replication:
    """Standbys of the primary, and its `synchronous_standby_names` ("": commits wait for none).

    `is_shown`: the account may read the state of standbys; otherwise they have no names and no lag.
    """

    names: str
    standbys: tuple[Standby, ...]
    is_shown: bool

    @property
    def is_synchronous(self) -> bool:
        """Return whether a standby confirms each commit now."""
        return bool(self.names) and any(standby.is_synchronous for standby in self.standbys)


def read_replication(db: Connection) -> Replication:
    """Read the state of replication from the primary; a file of SQLite has none."""
    if db.dialect.name != "postgresql":
        return Replication(names="", standbys=(), is_shown=True)
    names = str(db.execute(_NAMES).scalar_one())
    standbys = tuple(
        Standby(
            name=row.name,
            is_streaming=row.state == "streaming",
            is_synchronous=row.state == "streaming" and row.sync_state in _SYNCHRONOUS,
            lag_seconds=row.lag_seconds,
            lag_bytes=row.lag_bytes,
        )
        for row in db.execute(_STANDBYS)
    )
    is_shown = bool(db.execute(_MAY_READ).scalar_one())
    return Replication(names=names, standbys=standbys, is_shown=is_shown)


def read_primary(db: Connection) -> Primary:
    """Return the server of a connection; a file of SQLite is on the gateway's own machine."""
    if db.dialect.name != "postgresql":
        return Primary(name="", since=None)
    driver: Any = db.connection.driver_connection
    host = str(driver.info.host)
    return Primary(name="" if host.startswith("/") else host, since=db.execute(_STARTED_AT).scalar_one())


class ReplicationCheck:
    """Whether commits are on two machines; without `is_required` it checks nothing.

    Args:
        engine: the database.
        auth_engine: the database, with commits that wait for nothing (`database.open_auth_engine`).
        is_required: nothing is acknowledged that is on one machine.
    """

    def __init__(self, engine: Engine, auth_engine: Engine, *, is_required: bool) -> None:
        self._engine = engine
        self._auth_engine = auth_engine
        self._is_required = is_required
        self._checked_at = 0.0
        self._is_synchronous = False

    def require(self) -> None:
        """Require a synchronous standby, asked for at most once a second.

        Raises:
            StandbyAway: none is connected.
            DBAPIError: the database is unavailable.
        """
        if not self._is_required:
            return
        now = time.monotonic()
        if not self._is_synchronous or now - self._checked_at > _CHECK_INTERVAL:
            with self._auth_engine.begin() as db:
                self._is_synchronous = read_replication(db).is_synchronous
            self._checked_at = now
        if not self._is_synchronous:
            raise StandbyAway

    def run_transaction(self, work: Callable[[Connection], ResultT]) -> ResultT:
        """Run `work` in one transaction; what it has read and written is on two machines when this returns.

        Raises:
            StandbyAway: no synchronous standby is connected, or an administrator ended the wait for it.
            DBAPIError: the database is unavailable, or the commit is on one machine only.
        """
        if not self._is_required:
            return database.run_transaction(self._engine, work)
        self.require()

        def work_and_mark(db: Connection) -> ResultT:
            result = work(db)
            db.execute(_MARK)
            return result

        try:
            result = database.run_transaction(self._engine, work_and_mark)
        except DBAPIError:
            self._is_synchronous = False  # the next caller asks before it waits
            raise
        self._require_names()
        return result

    def is_alone(self) -> bool:
        """Return whether a standby is needed and none confirms; False while the database is unavailable."""
        try:
            self.require()
        except StandbyAway:
            return True
        except DBAPIError:
            return False
        return False

    def read_state(self) -> DatabaseState:
        """Return the state of the database that this process sees."""
        try:
            with self._auth_engine.begin() as db:
                if database_state.is_read_only(db):
                    return "standby"
            self.require()
        except StandbyAway:
            return "alone"
        except DBAPIError:
            return database_state.find_state(self._auth_engine.get_execution_options().get("address"))
        return "writable"

    def _require_names(self) -> None:
        """Require that commits still wait: emptied names let every waiting commit go, without a warning."""
        with self._auth_engine.begin() as db:
            if db.execute(_NAMES).scalar_one():
                return
        self._is_synchronous = False
        raise StandbyAway
