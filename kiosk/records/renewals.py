"""The key_renewals table: requests for a new key for the portal, one open at a time; finished ones stay.

The one-time code is stored sealed until the renewal ends. `key_id` names the new key before the portal gets it, so
after a power cut the kiosk can compare the key on disk with the requested one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock

CODE = "key-renewal"
"""Vault purpose and record id of the sealed code."""

RenewalState = Literal["asked", "done", "refused"]


@dataclass(frozen=True)
class Renewal:
    """A requested key; `last_code` is the error code of the last attempt."""

    no: int
    asked_at: datetime
    actor: str
    code: bytes | None
    key_id: str | None
    state: RenewalState
    last_code: str | None
    ended_at: datetime | None


def has_succeeded(db: Database) -> bool:
    """Return whether the portal took a key that was asked for here."""
    return bool(db.execute("select exists (select 1 from key_renewals where state = 'done')").fetchone()[0])


def done_at(db: Database) -> datetime | None:
    """Return when the portal last took a key that was asked for here; None for never."""
    row = db.execute("select max(ended_at) from key_renewals where state = 'done'").fetchone()
    return clock.parse_timestamp(row[0]) if row[0] else None


def request(db: Database, code: bytes, actor: str, now: datetime) -> None:
    """Request a new key with a sealed code; an open request gets the new code instead."""
    if db.execute("update key_renewals set code = ?, last_code = null where state = 'asked'", [code]).rowcount == 0:
        sql = "insert into key_renewals (asked_at, actor, code) values (?, ?, ?)"
        db.execute(sql, [clock.timestamp(now), actor, code])


def pending(db: Database) -> Renewal | None:
    """Return the open renewal."""
    return _first(db, "where state = 'asked'")


def latest(db: Database) -> Renewal | None:
    """Return the newest renewal in any state."""
    return _first(db, "order by no desc limit 1")


def set_key_id(db: Database, no: int, key_id: str) -> None:
    """Store the id of the new key, before the portal gets the key."""
    db.execute("update key_renewals set key_id = ? where no = ?", [key_id, no])


def set_failure(db: Database, no: int, code: str) -> None:
    """Store the error code of a failed attempt; the renewal stays open."""
    db.execute("update key_renewals set last_code = ? where no = ?", [code, no])


def mark_done(db: Database, no: int, now: datetime) -> None:
    """Set a renewal to `done` and delete its code."""
    sql = "update key_renewals set state = 'done', code = null, last_code = null, ended_at = ? where no = ?"
    db.execute(sql, [clock.timestamp(now), no])


def mark_refused(db: Database, no: int, tried_code: bytes | None, code: str, now: datetime) -> None:
    """Set a renewal to `refused`, unless a new one-time code was entered since `tried_code` was sent."""
    sql = """update key_renewals set state = 'refused', code = null, last_code = ?, ended_at = ?
             where no = ? and code is ?"""
    db.execute(sql, [code, clock.timestamp(now), no, tried_code])


def _first(db: Database, where: str) -> Renewal | None:
    sql = f"select no, asked_at, actor, code, key_id, state, last_code, ended_at from key_renewals {where}"  # noqa: S608  # nosec B608 # constants of this module
    return next((_renewal(row) for row in db.query(sql)), None)


def _renewal(row: dict[str, Any]) -> Renewal:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in ("asked_at", "ended_at")}
    return Renewal(**{**row, **times})
