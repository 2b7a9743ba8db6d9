"""The key_renewals table: a new key for the portal is asked for once at a time, and every end is kept.

The one-time code lies sealed for as long as it is needed. ``key_id`` names the new key before the portal hears of it,
so that after a power cut it can be told whether the key on disk is the one that was asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock

CODE = "key-renewal"
"""The kind of record that the sealed code is, for the vault, and its id."""
State = Literal["asked", "done", "refused"]


@dataclass(frozen=True)
class Renewal:
    """A key that was asked for; ``last_code`` says why the last try did not end it."""

    no: int
    asked_at: datetime
    actor: str
    code: bytes | None
    key_id: str | None
    state: State
    last_code: str | None
    ended_at: datetime | None


def ask(db: Database, code: bytes, actor: str, now: datetime) -> None:
    """Ask for a new key with a sealed code; while one is asked for, another code takes the place of the first."""
    if db.execute("update key_renewals set code = ?, last_code = null where state = 'asked'", [code]).rowcount == 0:
        sql = "insert into key_renewals (asked_at, actor, code) values (?, ?, ?)"
        db.execute(sql, [clock.stamp(now), actor, code])


def open(db: Database) -> Renewal | None:
    """Find the renewal that is under way."""
    return _first(db, "where state = 'asked'")


def latest(db: Database) -> Renewal | None:
    """Find the last renewal, however it stands."""
    return _first(db, "order by no desc limit 1")


def name(db: Database, no: int, key_id: str) -> None:
    """Name the new key, before the portal hears of it."""
    db.execute("update key_renewals set key_id = ? where no = ?", [key_id, no])


def missed(db: Database, no: int, code: str) -> None:
    """Note why a try came to nothing; another one follows."""
    db.execute("update key_renewals set last_code = ? where no = ?", [code, no])


def renewed(db: Database, no: int, now: datetime) -> None:
    """End a renewal; its code is forgotten."""
    sql = "update key_renewals set state = 'done', code = null, last_code = null, ended_at = ? where no = ?"
    db.execute(sql, [clock.stamp(now), no])


def refused(db: Database, no: int, tried: bytes | None, code: str, now: datetime) -> None:
    """End a renewal whose code was refused, unless another code than the one that was tried has come meanwhile."""
    sql = """update key_renewals set state = 'refused', code = null, last_code = ?, ended_at = ?
             where no = ? and code is ?"""
    db.execute(sql, [code, clock.stamp(now), no, tried])


def _first(db: Database, where: str) -> Renewal | None:
    sql = f"select no, asked_at, actor, code, key_id, state, last_code, ended_at from key_renewals {where}"  # noqa: S608
    return next((_renewal(row) for row in db.query(sql)), None)


def _renewal(row: dict[str, Any]) -> Renewal:
    times = {name: clock.read(row[name]) if row[name] else None for name in ("asked_at", "ended_at")}
    return Renewal(**{**row, **times})
