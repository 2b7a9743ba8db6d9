"""How the gateway's database is opened and brought up to date: SQLite for practice, PostgreSQL for a province.

On SQLite every transaction begins IMMEDIATE, so that what is read inside it still holds when it is written. PostgreSQL
runs READ COMMITTED: there whoever decides on what was read takes the row's lock first (``kiosks.hold``). A
transaction that met another's fresh row, or lost in a deadlock, is simply done again (``done_once``).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError


class BadDatabase(Exception):  # noqa: N818 - read as "raise BadDatabase"
    """A database that cannot be opened as a gateway's; the words name no address and no password."""


ResultT = TypeVar("Found")

_MIGRATIONS = Path(__file__).with_name("migrations")
_PRAGMAS = ("busy_timeout = 10000", "journal_mode = wal", "synchronous = full", "foreign_keys = on")
# Any number, as long as every process of the gateway takes the same one.
_SCHEMA_LOCK = 4_702_611
_MAX_ATTEMPTS = 4


def open_engine(url: str, connections: int = 12) -> Engine:
    """Open the database at a URL (a plain path is a SQLite file) and bring its tables up to date."""
    try:
        place = make_url(url if "://" in url else f"sqlite:///{url}")
    except (ArgumentError, ValueError):
        raise BadDatabase("this is no address of a database") from None
    if place.get_backend_name() == "postgresql":
        place = place.set(drivername="postgresql+psycopg")
        engine = create_engine(place, pool_size=connections, max_overflow=4)
    elif place.get_backend_name() != "sqlite":
        raise BadDatabase("only postgresql:// and files of SQLite are understood")
    else:
        engine = create_engine(place)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_immediate)
    try:
        with engine.begin() as db:
            migrate(db)
    except (DBAPIError, CommandError) as error:
        engine.dispose()
        raise BadDatabase(_reason(error)) from error
    return engine


def open_auth_engine(engine: Engine, connections: int = 12) -> Engine:
    """Give what callers are recognised by: on PostgreSQL connections that commit each statement by itself.

    There a mark or a last-seen time does not wait for the disk: the next commit that does (the answer to a hand-over)
    takes it along, and a mark lost in a power cut lets in a repetition that is answered with "duplicate".
    """
    if engine.dialect.name != "postgresql":
        return engine
    gate = create_engine(engine.url, pool_size=connections, max_overflow=4, isolation_level="AUTOCOMMIT")
    event.listen(gate, "connect", _commit_asynchronously)
    return gate


def _commit_asynchronously(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute("set synchronous_commit = off")


def migrate(db: Connection, to: str = "head") -> None:
    """Bring the tables up to date, all steps in one transaction; of several processes one does it, the others wait."""
    lock_schema(db)
    script = ScriptDirectory(str(_MIGRATIONS))
    if _predates_migrations(db):
        _run_migrations(db, script, lambda at, _context: script._stamp_revs("v0001", at))
    _run_migrations(db, script, lambda at, _context: script._upgrade_revs(to, at))


def lock_schema(db: Connection) -> None:
    """Wait until no other process is growing or furnishing this database; SQLite's IMMEDIATE has waited already."""
    if db.dialect.name == "postgresql":
        db.execute(text("select pg_advisory_xact_lock(:mark)"), {"mark": _SCHEMA_LOCK})


def run_transaction(engine: Engine, work: Callable[[Connection], ResultT]) -> ResultT:
    """Do a piece of work as one transaction; when another one came between, do it again on what that one left."""
    for turn in range(1, _MAX_ATTEMPTS + 1):
        try:
            with engine.begin() as db:
                return work(db)
        except DBAPIError as error:
            if turn == _MAX_ATTEMPTS or not _is_retryable(error):
                raise
    raise AssertionError("unreachable")


def _reason(error: DBAPIError | CommandError) -> str:
    """Give the first line of what the database said; a step that we do not know was made by a newer release."""
    if isinstance(error, CommandError):
        return "it was made by a newer release of the gateway"
    return str(error.orig).strip().partition("\n")[0]


def _is_retryable(error: DBAPIError) -> bool:
    """Tell whether it may go well another time: a fresh row of another's, a deadlock, a line that was cut.

    After a cut nobody knows whether it was committed; all that is done here finds out by itself (``duplicate``).
    """
    if error.connection_invalidated:
        return True
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


def _predates_migrations(db: Connection) -> bool:
    """Tell whether this is a practice file from the time before migrations: it has the tables of the first."""
    names = set(inspect(db).get_table_names())
    return "submissions" in names and "alembic_version" not in names


def _run_migrations(db: Connection, script: ScriptDirectory, steps: Callable[..., Any]) -> None:
    with EnvironmentContext(Config(), script, fn=steps) as around:
        around.configure(connection=db, transactional_ddl=True)
        around.run_migrations()


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("begin immediate")
