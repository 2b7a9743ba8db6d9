"""The touchscreens table: which browsers on the LAN show the citizens' pages.

A technician makes a one-time code; the browser that tells it gets a cookie, and the store knows the hashes of both.
Nobody can say whose code a wrong one was meant to be, so it counts against every open code: five, and they are spent.
A code is good for a day; one whose making lies in the future was made under a wrong clock and is spent too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk import clock, codes

CODE_HOURS = 24
MOST_MISSES = 5


@dataclass(frozen=True)
class Touchscreen:
    """A browser that was, or is to be, enrolled; `waits` says that its code may still be told."""

    id: str
    name: str
    made_by: str
    made_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    waits: bool

    @property
    def is_open(self) -> bool:
        """Whether it shows the citizens' pages."""
        return self.enrolled_at is not None and self.revoked_at is None


def prepare(db: Database, name: str, code: str, made_by: str, now: datetime) -> str:
    """Write down a touchscreen to be, under the hash of its code; return its id."""
    found = codes.new_id()
    sql = "insert into touchscreens (id, name, made_by, made_at, code) values (?, ?, ?, ?, ?)"
    db.execute(sql, [found, name, made_by, clock.stamp(now), code])
    return found


def enrol(db: Database, code: str, token: str, now: datetime) -> Touchscreen | None:
    """Give the touchscreen of a code the hash of its cookie; None when no open code is this one: that is counted."""
    since, at = clock.stamp(now - timedelta(hours=CODE_HOURS)), clock.stamp(now)
    is_open = "code is not null and revoked_at is null and misses < ? and made_at > ? and made_at <= ?"
    sql = f"update touchscreens set token = ?, enrolled_at = ?, code = null where code = ? and {is_open} returning id"  # noqa: S608
    found = db.execute(sql, [token, at, code, MOST_MISSES, since, at]).fetchall()
    if not found:
        db.execute("update touchscreens set misses = min(misses + 1, ?) where code is not null", [MOST_MISSES])
        return None
    return next((one for one in listed(db, now) if one.id == found[0][0]), None)


def is_enrolled(db: Database, token: str) -> bool:
    """Tell whether a cookie's hash is that of a touchscreen that was not revoked."""
    return bool(db.execute("select 1 from touchscreens where token = ? and revoked_at is null", [token]).fetchall())


def revoke(db: Database, screen_id: str, now: datetime) -> bool:
    """Let a touchscreen, or its code, open nothing any more; False when that was so."""
    sql = "update touchscreens set revoked_at = ?, code = null where id = ? and revoked_at is null"
    return db.execute(sql, [clock.stamp(now), screen_id]).rowcount > 0


def listed(db: Database, now: datetime) -> list[Touchscreen]:
    """List all, the latest first."""
    sql = "select id, name, made_by, made_at, code, misses, enrolled_at, revoked_at from touchscreens order by id desc"
    return [_touchscreen(row, now) for row in db.query(sql)]


def _touchscreen(row: dict[str, Any], now: datetime) -> Touchscreen:
    made = clock.read(row["made_at"])
    is_fresh = made <= now < made + timedelta(hours=CODE_HOURS)
    waits = row["code"] is not None and row["misses"] < MOST_MISSES and is_fresh and row["revoked_at"] is None
    times = [clock.read(row[name]) if row[name] else None for name in ("enrolled_at", "revoked_at")]
    return Touchscreen(row["id"], row["name"], row["made_by"], made, times[0], times[1], waits)
