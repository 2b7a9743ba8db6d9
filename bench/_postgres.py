"""PostgreSQL for a measurement: with the writes to disk that a province has."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.sync.postgres import Postgres


@contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """Start a server whose commits wait for the disk, which a test's do not, and stop it afterwards."""
    postgres = Postgres()
    try:
        postgres.run("alter system reset fsync", "select pg_reload_conf()")
        yield postgres
    finally:
        postgres.close()
