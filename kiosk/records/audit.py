"""The audit trail: one line an act, each sealed to the one before it.

A line's mac is an HMAC over the last mac and its own content, so an edit, a line taken out or put in shows. Lines cut
off at the end, or a whole trail written anew with today's key, show only against a head that was told elsewhere (with
each sync, on the day's print). Facts are codes and numbers; a name has no place here.
"""

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk import clock

Fact = str | int | bool | None
_START = "0" * 64
_BACK = 5000
# An encoder each, made once: json.dumps makes one for every line.
_FACTS = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class AuditLine:
    """What was done, by whom (an officer's code, "citizen", "worker"), to what."""

    act: str
    actor: str
    subject: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditHead:
    """The end of the trail: what another place remembers of it."""

    seq: int
    mac: str


@dataclass(frozen=True)
class AuditEntry:
    """A line of the trail in its place."""

    seq: int
    at: datetime
    line: AuditLine


def note(db: Database, key: bytes, now: datetime, line: AuditLine) -> AuditHead:
    """Write a line at the end of the trail; ``key`` is the vault's for the audit."""
    last = head(db)
    facts = _FACTS(dict(line.facts))
    row = [last.seq + 1, clock.stamp(now), line.act, line.actor, line.subject, facts]
    mac = _mac(key, last.mac, row)
    sql = "insert into audit (seq, at, act, actor, subject, facts, mac) values (?, ?, ?, ?, ?, ?, ?)"
    db.execute(sql, [*row, mac])
    return AuditHead(last.seq + 1, mac)


def head(db: Database) -> AuditHead:
    """Tell the end of the trail; seq 0 when nothing was written yet."""
    row = db.execute("select seq, mac from audit order by seq desc limit 1").fetchone()
    return AuditHead(*row) if row else AuditHead(0, _START)


def verify(db: Database, key: bytes, known: AuditHead | None = None) -> int | None:
    """Walk the trail; return the first seq that is not as it was written, or None when all is sound."""
    last = AuditHead(0, _START)
    for row in db.query("select seq, at, act, actor, subject, facts, mac from audit order by seq"):
        *content, mac = row.values()
        is_sound = hmac.compare_digest(mac, _mac(key, last.mac, content))
        last = AuditHead(row["seq"], mac)
        if not is_sound or (known and known.seq == last.seq and known.mac != mac):
            return last.seq
    return last.seq + 1 if known and known.seq > last.seq else None


def of_day(
    db: Database, span: tuple[datetime, datetime], subject: str = "", actor: str = "", most: int = 500
) -> list[AuditEntry]:
    """List what was done from one time to another, the latest first; of one subject or actor where it is named."""
    sql = """select seq, at, act, actor, subject, facts from audit where at >= ? and at < ?
             and (? = '' or subject = ?) and (? = '' or actor = ?) order by seq desc limit ?"""
    told = [clock.stamp(span[0]), clock.stamp(span[1]), subject, subject, actor, actor, most]
    return [AuditEntry(row["seq"], clock.read(row["at"]), _line(row)) for row in db.query(sql, told)]


def latest(db: Database, acts: Collection[str], most: int) -> list[AuditEntry]:
    """List the latest of some acts, the latest first, as far back as a page is read in no time."""
    marks = ", ".join("?" * len(acts))
    sql = f"""select seq, at, act, actor, subject, facts from audit
              where seq > (select max(seq) from audit) - {_BACK} and act in ({marks}) order by seq desc limit ?"""  # noqa: S608
    return [AuditEntry(row["seq"], clock.read(row["at"]), _line(row)) for row in db.query(sql, [*acts, most])]


def of_subject(db: Database, subject: str) -> list[tuple[datetime, AuditLine]]:
    """List what was done to a subject, in order."""
    rows = db.query("select at, act, actor, subject, facts from audit where subject = ? order by seq", [subject])
    return [(clock.read(row["at"]), _line(row)) for row in rows]


def _line(row: dict[str, Any]) -> AuditLine:
    return AuditLine(row["act"], row["actor"], row["subject"], json.loads(row["facts"]))


def _mac(key: bytes, before: str, content: list[Any]) -> str:
    return hmac.digest(key, _LINE([before, *content]).encode(), "sha256").hex()
