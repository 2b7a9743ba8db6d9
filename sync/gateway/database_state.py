"""State of the gateway's database: whether a server takes writes, only standbys answer, or none."""

from typing import Any, Literal

from sqlalchemy import Connection, text

from sync.gateway.database_address import DatabaseAddress

DatabaseState = Literal["writable", "alone", "standby", "away"]
"""`alone`: the primary has no synchronous standby, and one is needed; `standby`: no server takes writes yet."""

_CONNECT_SECONDS = "5"
_READ_ONLY = "show transaction_read_only"


def is_read_only(db: Connection) -> bool:
    """Return whether a server takes no writes: a standby, or one with `default_transaction_read_only`."""
    return db.dialect.name == "postgresql" and db.execute(text(_READ_ONLY)).scalar_one() == "on"


def find_state(address: DatabaseAddress | None) -> DatabaseState:
    """Ask each server of an address; None: a file of SQLite that does not open."""
    if address is None:
        return "away"
    parameters = [address.parameters_of(server) for server in address.servers]
    states = [_state_of({"connect_timeout": _CONNECT_SECONDS} | each) for each in parameters]
    if "writable" in states:
        return "writable"
    return "standby" if "standby" in states else "away"


def _state_of(parameters: dict[str, Any]) -> DatabaseState:
    """Return the state of one server; one that starts or recovers counts as a standby."""
    import psycopg
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    try:
        # The answer of a server that takes no connection yet has no code, and its words are in the server's language.
        ping = PGconn.ping(make_conninfo("", **parameters).encode())
        if ping == Ping.REJECT:
            return "standby"
        if ping != Ping.OK:
            return "away"
        with psycopg.connect(**parameters, autocommit=True) as db:
            return "standby" if db.execute(_READ_ONLY).fetchone() == ("on",) else "writable"
    except psycopg.Error:
        return "away"
