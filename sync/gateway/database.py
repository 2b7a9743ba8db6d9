"""Open and migrate the gateway's database: SQLite for practice, PostgreSQL for a province.

On SQLite every transaction begins IMMEDIATE, so that a row cannot change between reading and writing. PostgreSQL runs
READ COMMITTED: code that decides by a row locks it first (`kiosks.lock_kiosk`). A transaction that conflicts with
another one, or loses in a deadlock, is retried (`run_transaction`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from sync.gateway import database_state, sealing
from sync.gateway.database_address import SCHEMES, BadDatabase, parse_address
from sync.gateway.tables import metadata


class OldDatabase(BadDatabase):
    """A database of an earlier release, which a command must not migrate while that release may be running."""


class TrialDatabase(BadDatabase):
    """A database of a trial build that was not the last one: this release cannot migrate it."""


class StandbyDatabase(BadDatabase):
    """Servers of which none takes writes yet: a standby before its promotion, or a primary that starts."""


class WeakCommits(BadDatabase):
    """A server whose commits need not be on two machines, although a standby is needed."""


ResultT = TypeVar("ResultT")


_POSTGRESQL = "postgresql+psycopg://"
_MIGRATIONS = Path(__file__).with_name("migrations")
_TRIAL_STEPS = {f"v{number:04}" for number in range(1, 17)}
"""Migrations of the trial builds before the last one."""
_PRAGMAS = ("busy_timeout = 10000", "journal_mode = wal", "synchronous = full", "foreign_keys = on")
# Key of an advisory lock: any number, the same in every process of the gateway.
_SCHEMA_LOCK = 4_702_611
_MAX_ATTEMPTS = 4
_STANDBY_PAUSE = 0.2
"""Seconds between two attempts to find the server that takes writes."""
_SET_SYNCHRONOUS_COMMIT = """
    select set_config('synchronous_commit', case when setting = any(%s) then 'on' else setting end, false)
    from pg_settings where name = 'synchronous_commit'
"""
_WEAK_ALONE = ("off",)
_WEAK_WITH_STANDBY = ("off", "local", "remote_write")
"""Values with which a commit does not wait for the disk, or for the disk of the standby."""
_COMMIT_DEFAULT = text(
    "select reset_val, pg_has_role('pg_read_all_stats', 'usage') from pg_settings where name = 'synchronous_commit'"
)


def open_engine(
    url: str, connections: int = 12, key_file: str = "", *, migrates: bool = True, needs_standby: bool = False
) -> Engine:
    """Open a database, and migrate it or create its tables.

    Args:
        url: a `postgresql://` URL (`database_address`), or the path of a SQLite file.
        connections: size of the connection pool on PostgreSQL.
        key_file: the key that seals bodies and files (`sealing`), read at the first record; "" for a file beside an
            SQLite database.
        migrates: also migrate the tables of an earlier release; an empty database always gets its tables.
        needs_standby: every commit waits for the disk of a synchronous standby (`replication`).

    Raises:
        StandbyDatabase: only servers that take no writes answer.
        WeakCommits: a standby is needed, and the server's settings do not wait for one, or do not show it.
        BadDatabase: the URL is wrong, the server refuses, or a newer release has migrated the database.
        OldDatabase: it is of an earlier release, and `migrates` is false.
        TrialDatabase: it is of a trial build that was not the last one; nothing is changed.
    """
    if url.partition("://")[0] in SCHEMES:
        engine = _open_postgresql(url, connections, weak=_WEAK_WITH_STANDBY if needs_standby else _WEAK_ALONE)
    else:
        engine = _open_sqlite(url)
    try:
        with engine.begin() as db:
            if database_state.is_read_only(db):
                raise StandbyDatabase("only a standby answers, which takes no writes")
            if needs_standby:
                _require_strong_commits(db)
            if not migrates and _is_old(db):
                raise OldDatabase("it is of an earlier release of the gateway")
            migrate(db)
    except (DBAPIError, CommandError) as error:
        engine.dispose()
        if database_state.find_state(engine.get_execution_options().get("address")) == "standby":
            raise StandbyDatabase("only a standby answers, which takes no writes") from error
        raise BadDatabase(_reason(error)) from error
    except BadDatabase:
        engine.dispose()
        raise
    engine.update_execution_options(sealer=sealing.Sealer(_key_path(engine.url, key_file)))
    return engine


def _open_postgresql(url: str, connections: int, weak: Sequence[str]) -> Engine:
    """Open PostgreSQL; connections commit synchronously also where the server's default is a `weak` value."""
    try:
        address = parse_address(url)
    except ValueError:
        raise BadDatabase("this is no address of a database") from None
    engine = create_engine(_POSTGRESQL, connect_args=address.parameters, pool_size=connections, max_overflow=4)
    engine.update_execution_options(address=address)
    event.listen(engine, "do_connect", _connect_replicated)
    event.listen(engine, "connect", partial(_commit_synchronously, weak))
    return engine


def _open_sqlite(url: str) -> Engine:
    try:
        database_url = make_url(url if "://" in url else f"sqlite:///{url}")
    except (ArgumentError, ValueError):
        raise BadDatabase("this is no address of a database") from None
    if database_url.get_backend_name() != "sqlite":
        raise BadDatabase("only postgresql:// and files of SQLite are understood")
    engine = create_engine(database_url)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _key_path(url: URL, key_file: str) -> Path | None:
    """Return the key file; None for a database in memory, and where none is named for PostgreSQL."""
    if key_file:
        return Path(key_file)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(str(url.database)).with_suffix(".key") if is_file else None


def open_auth_engine(engine: Engine, connections: int = 12) -> Engine:
    """Open the engine that authenticates requests; on PostgreSQL its commits do not wait for the disk.

    The next synchronous commit (of the submissions themselves) also makes nonces and last-seen times durable. A nonce
    that is lost in a power cut lets a repeated request in, which is answered with "duplicate".
    """
    if engine.dialect.name != "postgresql":
        return engine
    parameters = engine.get_execution_options()["address"].parameters
    auth_engine = create_engine(
        _POSTGRESQL, connect_args=parameters, pool_size=connections, max_overflow=4, isolation_level="AUTOCOMMIT"
    )
    event.listen(auth_engine, "do_connect", _connect_replicated)
    auth_engine.update_execution_options(address=engine.get_execution_options()["address"])
    event.listen(auth_engine, "connect", _commit_asynchronously)
    return auth_engine


def _connect_replicated(_dialect: object, _record: object, args: Sequence[Any], parameters: dict[str, Any]) -> Any:
    """Connect so that a commit which is on one machine only is an error."""
    from sync.gateway.replicated_connection import ReplicatedConnection

    return ReplicatedConnection.connect(*args, **parameters)


def _commit_synchronously(weak: Sequence[str], connection: Any, _record: object) -> None:
    """Let a commit wait for the disk, also where the server's default is weak: a receipt is given after the commit.

    Stronger defaults (`remote_apply`) stay as they are, and without a standby `local`, which still waits for this
    server's disk. The connection keeps the value when the server's settings are read again.
    """
    connection.execute(_SET_SYNCHRONOUS_COMMIT, [list(weak)])
    connection.commit()


def _require_strong_commits(db: Connection) -> None:
    """Require a server whose default commits wait for the standby's disk, and which shows its standbys."""
    value, may_read = db.execute(_COMMIT_DEFAULT).one()
    if value in _WEAK_WITH_STANDBY:
        raise WeakCommits(f"synchronous_commit is {value}: set it to on for the server, the database and the account")
    if not may_read:
        raise WeakCommits("the account may not read pg_stat_replication: grant it pg_read_all_stats")


def _commit_asynchronously(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute("set synchronous_commit = off")


def migrate(db: Connection) -> None:
    """Create or migrate the tables in one transaction; of several processes one does it, the others wait.

    Raises:
        TrialDatabase: the database is of a trial build that was not the last one.
    """
    lock_schema(db)
    script = _revisions(_MIGRATIONS)
    if _is_empty(db):
        metadata.create_all(db)
        _run_migrations(db, script, lambda at, _context: script._stamp_revs("head", at))
        return
    if _revision(db) in {None, *_TRIAL_STEPS}:
        raise TrialDatabase("it was made by a trial build; start the last 0.1.0 of the gateway once, then this release")
    _run_migrations(db, script, lambda at, _context: script._upgrade_revs("head", at))


def lock_schema(db: Connection) -> None:
    """Wait until no other process migrates or prepares this database; on SQLite BEGIN IMMEDIATE has done so."""
    if db.dialect.name == "postgresql":
        db.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})


def run_transaction(engine: Engine, work: Callable[[Connection], ResultT]) -> ResultT:
    """Run `work` in one transaction; retry it after a conflict with another transaction, or on another server.

    Raises:
        DBAPIError: the database is unavailable, or refuses.
    """
    for attempt in range(1, _MAX_ATTEMPTS + 1):
        try:
            with engine.begin() as db:
                return work(db)
        except DBAPIError as error:
            if is_standby_error(error):
                engine.dispose()  # its connections lead to a server that takes no writes any more
            if attempt == _MAX_ATTEMPTS or not _is_retryable(error):
                raise
            if is_standby_error(error):
                time.sleep(_STANDBY_PAUSE)
    raise AssertionError("unreachable")


def insert_rows(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns.

    PostgreSQL gets them by COPY: INSERTs, also of one pipeline, take twice the app's time and 1.4 times the server's.

    Raises:
        DBAPIError: the database refuses a row, or is gone.
    """
    if db.dialect.name != "postgresql":
        db.execute(insert(table), rows)
        return
    names = list(rows[0])
    statement = f"copy {table.name} ({', '.join(names)}) from stdin"
    error_class = db.dialect.loaded_dbapi.Error
    driver: Any = db.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    except error_class as error:
        if driver.closed:
            db.invalidate(error)
        is_lost = bool(driver.closed)
        raise DBAPIError.instance(
            statement, None, error, error_class, connection_invalidated=is_lost, dialect=db.dialect
        ) from error


def _reason(error: DBAPIError | CommandError) -> str:
    """Return the first line of the database's message; an unknown migration belongs to a newer release."""
    if isinstance(error, CommandError):
        return "it was made by a newer release of the gateway"
    return str(error.orig).strip().partition("\n")[0]


def is_standby_error(error: DBAPIError) -> bool:
    """Return whether a server refused to write because it is a standby (25006, `read_only_sql_transaction`)."""
    return getattr(error.orig, "sqlstate", None) == "25006"


def _is_retryable(error: DBAPIError) -> bool:
    """Return whether a retry may succeed: after a row that another process inserted, a deadlock, a lost connection.

    After a lost connection the commit may have succeeded; the work then finds its own rows (`duplicate`).
    """
    if error.connection_invalidated or is_standby_error(error):
        return True
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


def _is_empty(db: Connection) -> bool:
    """Return whether the database has no tables of a gateway."""
    return not {"submissions", "alembic_version"} & set(inspect(db).get_table_names())


def _revision(db: Connection) -> str | None:
    return MigrationContext.configure(db).get_current_revision()


def _is_old(db: Connection) -> bool:
    """Return whether the database has tables of an earlier release."""
    script = _revisions(_MIGRATIONS)
    known = {each.revision for each in script.walk_revisions()}
    return _revision(db) in known - {script.get_current_head()}


@cache
def _revisions(folder: Path) -> ScriptDirectory:
    """Return the revisions of a folder, whose files are read once."""
    return ScriptDirectory(str(folder))


def _run_migrations(db: Connection, script: ScriptDirectory, steps: Callable[..., Any]) -> None:
    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=db, transactional_ddl=True)
        environment.run_migrations()


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("begin immediate")
