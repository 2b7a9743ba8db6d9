"""The touchscreens table: browsers on the LAN that may show the citizens' pages.

A technician makes a one-time code; the browser that sends it gets a cookie. The store holds only the hashes of both. A
wrong code changes no row here: a code has 54 bits, and guesses are rate-limited by address. A code is valid for a day;
a code made in the future was made under a wrong clock and is invalid too. A cookie is valid at the address that sent
the code: a copy of it on another computer opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.base.screen_size import ScreenSize

CODE_HOURS = 24
_COLUMNS = (
    "id, name, made_by, made_at, code, enrolled_at, revoked_at, counter, width, height, diagonal_mm, address, refused"
)


@dataclass(frozen=True)
class Touchscreen:
    """A browser that is enrolled or to be enrolled; `waits` means that its code is still valid.

    One with a `counter` shows only the faces of that counter, no citizens' pages. Without a `size` it has that of the
    settings. `address` is where its cookie is valid, None until its next request; `refused` is the last other address
    that sent the cookie.
    """

    id: str
    name: str
    made_by: str
    made_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    waits: bool
    counter: int | None = None
    size: ScreenSize | None = None
    address: str | None = None
    refused: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may show its pages."""
        return self.enrolled_at is not None and self.revoked_at is None


def insert(db: Database, name: str, code: str, *, made_by: str, now: datetime, counter: int | None = None) -> str:
    """Insert a touchscreen to be enrolled, under the hash of its code; return its id."""
    screen_id = codes.new_id()
    sql = "insert into touchscreens (id, name, made_by, made_at, code, counter) values (?, ?, ?, ?, ?, ?)"
    db.execute(sql, [screen_id, name, made_by, clock.timestamp(now), code, counter])
    return screen_id


def renew_code(db: Database, screen_id: str, code: str, *, now: datetime) -> bool:
    """Give an enrolled touchscreen a new code, for another address; return False when it is unknown or revoked.

    Its cookie opens nothing from now on, here or anywhere.
    """
    sql = """update touchscreens set code = ?, made_at = ?, token = null, enrolled_at = null
             where id = ? and revoked_at is null"""
    return db.execute(sql, [code, clock.timestamp(now), screen_id]).rowcount > 0


def enrol(db: Database, code: str, token: str, *, address: str, now: datetime) -> Touchscreen | None:
    """Enrol the touchscreen of a valid code with the hash of its cookie, at an address; None for a wrong code."""
    is_valid = "code is not null and revoked_at is null and made_at > ? and made_at <= ?"
    given = "token = ?, enrolled_at = ?, address = ?, refused = null, code = null"
    sql = f"update touchscreens set {given} where code = ? and {is_valid} returning id"  # noqa: S608  # nosec B608 # constants of this module
    since = clock.timestamp(now - timedelta(hours=CODE_HOURS))
    at = clock.timestamp(now)
    rows = db.execute(sql, [token, at, address, code, since, at]).fetchall()
    return next((screen for screen in list_all(db, now) if rows and screen.id == rows[0][0]), None)


def find_open(db: Database, token: str, now: datetime) -> Touchscreen | None:
    """Return the touchscreen with a cookie's hash; None for an unknown and for a revoked one."""
    sql = f"select {_COLUMNS} from touchscreens where token = ? and revoked_at is null"  # noqa: S608  # nosec B608 # a constant of this module
    return next((_touchscreen(row, now) for row in db.query(sql, [token])), None)


def bind(db: Database, screen_id: str, address: str) -> None:
    """Set the address of a touchscreen that has none."""
    db.execute("update touchscreens set address = ? where id = ? and address is null", [address, screen_id])


def note_refused(db: Database, screen_id: str, address: str) -> None:
    """Save that the cookie of a touchscreen was refused at another address."""
    db.execute("update touchscreens set refused = ? where id = ?", [address, screen_id])


def resize(db: Database, screen_id: str, size: ScreenSize) -> bool:
    """Set the size of a touchscreen; return False when it is unknown or revoked."""
    sql = "update touchscreens set width = ?, height = ?, diagonal_mm = ? where id = ? and revoked_at is null"
    return db.execute(sql, [size.width, size.height, size.mm, screen_id]).rowcount > 0


def revoke(db: Database, screen_id: str, now: datetime) -> bool:
    """Revoke a touchscreen and its code; return False when it was revoked before."""
    sql = "update touchscreens set revoked_at = ?, code = null where id = ? and revoked_at is null"
    return db.execute(sql, [clock.timestamp(now), screen_id]).rowcount > 0


def list_all(db: Database, now: datetime) -> list[Touchscreen]:
    """Return all touchscreens, newest first."""
    sql = f"select {_COLUMNS} from touchscreens order by id desc"  # noqa: S608  # nosec B608 # a constant of this module
    return [_touchscreen(row, now) for row in db.query(sql)]


def list_named(db: Database, name: str, now: datetime) -> list[Touchscreen]:
    """Return the touchscreens of a name that are not revoked."""
    key = name.casefold()
    return [screen for screen in list_all(db, now) if screen.revoked_at is None and screen.name.casefold() == key]


def _touchscreen(row: dict[str, Any], now: datetime) -> Touchscreen:
    made_at = clock.parse_timestamp(row["made_at"])
    is_fresh = made_at <= now < made_at + timedelta(hours=CODE_HOURS)
    has_code = row["code"] is not None and row["revoked_at"] is None
    return Touchscreen(
        id=row["id"],
        name=row["name"],
        made_by=row["made_by"],
        made_at=made_at,
        enrolled_at=clock.parse_timestamp(row["enrolled_at"]) if row["enrolled_at"] else None,
        revoked_at=clock.parse_timestamp(row["revoked_at"]) if row["revoked_at"] else None,
        waits=has_code and is_fresh,
        counter=row["counter"],
        size=ScreenSize(row["width"], row["height"], row["diagonal_mm"]) if row["diagonal_mm"] else None,
        address=row["address"],
        refused=row["refused"],
    )
