"""Small facts about this store, by name: the key's check, the technician's password hash."""

from sqlite_utils import Database


def put(db: Database, key: str, value: str) -> None:
    """Write a mark in the place of an earlier one."""
    db.execute("insert into marks (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
               [key, value])  # fmt: skip


def get(db: Database, key: str) -> str | None:
    """Read a mark; None when there is none."""
    row = db.execute("select value from marks where key = ?", [key]).fetchone()
    return str(row[0]) if row else None
