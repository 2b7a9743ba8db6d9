"""Chain of the gateway's trail: each line is sealed to the one before it, as in the trail of a kiosk.

A line's MAC is an HMAC over the last MAC and its own content, with a key of the key file, which is not in the database.
An edited, deleted or inserted line is found. Lines cut off at the end, and a trail whose seals were all removed, are
found only against a head that was kept elsewhere: each kiosk keeps one (`trail_reports`). Lines of before the chain are
sealed as they are at the first use.
"""

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from sync.encoding import canonical_json, sha256_hex
from sync.gateway import sealing
from sync.gateway.tables import trail

FIRST_MAC = "0" * 64
"""MAC before the first line."""
_MAC = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LOCK = 7_261_127
"""One process writes a line at a time (`pg_advisory_xact_lock`); a transaction of SQLite is alone anyway."""


@dataclass(frozen=True)
class TrailHead:
    """The last line's number and MAC, to keep outside the database."""

    no: int
    mac: str


@dataclass(frozen=True)
class TrailCheck:
    """Result of a verification: lines read, the last one, and the first changed one, None where all are as written."""

    lines: int
    head: TrailHead
    changed_no: int | None


def append(db: Connection, **line: str) -> None:
    """Append a line: `at`, `login`, `act`, `subject` and `reason`.

    Raises:
        BadKey: the key file is missing or damaged.
    """
    _lock(db)
    seal_earlier(db)
    last_mac = db.execute(select(trail.c.mac).order_by(trail.c.no.desc()).limit(1)).scalar()
    mac = _mac(sealing.sealer(db).trail_key, FIRST_MAC if last_mac is None else last_mac, line)
    db.execute(insert(trail).values(mac=mac, **line))


def seal_earlier(db: Connection) -> None:
    """Seal the lines of before the chain as they are; nothing is done once a line is sealed."""
    last_mac = db.execute(select(trail.c.mac).order_by(trail.c.no.desc()).limit(1)).scalar()
    if last_mac != "":
        return
    _lock(db)
    if db.execute(select(trail.c.no).where(trail.c.mac != "").limit(1)).scalar() is not None:
        return
    key = sealing.sealer(db).trail_key
    mac = FIRST_MAC
    for row in list(_rows(db)):
        mac = _mac(key, mac, _content(row))
        db.execute(update(trail).where(trail.c.no == row.no).values(mac=mac))


def find_changed(db: Connection, rows: Sequence[Row[Any]]) -> set[int]:
    """Return the numbers of lines that do not follow the line before; `rows` are without a gap, latest first."""
    if not rows:
        return set()
    key = sealing.sealer(db).trail_key
    is_before = trail.c.no < rows[-1].no
    mac = db.execute(select(trail.c.mac).where(is_before).order_by(trail.c.no.desc()).limit(1)).scalar()
    changed = set()
    for row in reversed(rows):
        if not hmac.compare_digest(row.mac, _mac(key, FIRST_MAC if mac is None else mac, _content(row))):
            changed.add(row.no)
        mac = row.mac
    return changed


def find_digest(db: Connection, no: int) -> str | None:
    """Return the digest of a line for those who keep it away from here: its MAC; None when there is no such line.

    A line whose MAC was overwritten by anything else has a digest, which is another one than before.
    """
    if no == 0:
        return FIRST_MAC
    mac = db.execute(select(trail.c.mac).where(trail.c.no == no)).scalar()
    return mac if mac is None or _MAC.fullmatch(mac) else sha256_hex(mac.encode())


def verify(db: Connection, known: TrailHead | None = None) -> TrailCheck:
    """Verify the whole trail; `known` is a head that was kept elsewhere, and must still be in it."""
    seal_earlier(db)
    key = sealing.sealer(db).trail_key
    last = TrailHead(no=0, mac=FIRST_MAC)
    lines = 0
    was_seen = known is None
    for row in _rows(db):
        lines += 1
        is_line = hmac.compare_digest(row.mac, _mac(key, last.mac, _content(row)))
        is_known = known is not None and known.no == row.no
        last = TrailHead(no=row.no, mac=row.mac)
        if not is_line or (is_known and known != last):
            return TrailCheck(lines=lines, head=last, changed_no=row.no)
        was_seen = was_seen or is_known
    return TrailCheck(lines=lines, head=last, changed_no=None if was_seen else last.no + 1)


def _lock(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _rows(db: Connection) -> Iterator[Row[Any]]:
    return iter(db.execute(select(trail).order_by(trail.c.no)))


def _content(row: Row[Any]) -> dict[str, str]:
    return {"at": row.at, "login": row.login, "act": row.act, "subject": row.subject, "reason": row.reason}


def _mac(key: bytes, previous_mac: str, line: dict[str, str]) -> str:
    return hmac.digest(key, canonical_json([previous_mac, line]), "sha256").hex()
