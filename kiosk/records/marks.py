"""The marks table: single values of this store by name, such as the key's check value."""

from sqlite_utils import Database


def put(db: Database, key: str, value: str) -> None:
    """Set a mark."""
    sql = "insert into marks (key, value) values (?, ?) on conflict (key) do update set value = excluded.value"
    db.execute(sql, [key, value])


def get(db: Database, key: str) -> str | None:
    """Return a mark's value; None when it is not set."""
    row = db.execute("select value from marks where key = ?", [key]).fetchone()
    return str(row[0]) if row else None
