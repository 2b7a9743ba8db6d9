"""The audit trail: one line an act, each sealed to the one before it.

A line's MAC is an HMAC over the last MAC and its own content, so an edited, deleted or inserted line is detected. Lines
cut off at the end, or a whole trail rewritten with today's key, are detected only against a head that was stored
elsewhere (at the portal with each batch, in each backup copy and its ledger, on the day's print). Facts are codes and
numbers, never names.
"""

import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from sync.encoding import canonical_json

AuditFact = str | int | bool | None
_FIRST_MAC = "0" * 64
_NEWEST_LINES = 5000
# The encoder is made once: json.dumps makes one for every line.
_encode_facts = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True)
class AuditLine:
    """An act, its actor (an officer's code, "citizen" or "worker"), its subject and its facts."""

    act: str
    actor: str
    subject: str
    facts: Mapping[str, AuditFact] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditHead:
    """The last line's number and MAC, as they are stored outside this trail."""

    seq: int
    mac: str


EMPTY = AuditHead(0, _FIRST_MAC)
"""Head of a trail without a line."""


@dataclass(frozen=True)
class AuditEntry:
    """A line of the trail with its number and time."""

    seq: int
    at: datetime
    line: AuditLine


def append(db: Database, key: bytes, now: datetime, line: AuditLine) -> AuditHead:
    """Append a line and return the new head; `key` is the vault's key for the audit trail."""
    return append_all(db, key, now, lines=[line])


def append_all(db: Database, key: bytes, now: datetime, *, lines: Sequence[AuditLine]) -> AuditHead:
    """Append the lines of one act, in their order, by one insert; return the new head."""
    last = head(db)
    at = clock.timestamp(now)
    values: list[Any] = []
    for line in lines:
        row = [last.seq + 1, at, line.act, line.actor, line.subject, _encode_facts(dict(line.facts))]
        last = AuditHead(seq=last.seq + 1, mac=_mac(key, last.mac, row))
        values += [*row, last.mac]
    marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(lines))
    sql = f"insert into audit (seq, at, act, actor, subject, facts, mac) values {marks}"  # noqa: S608  # nosec B608 # only question marks are inserted
    db.execute(sql, values)
    return last


def head(db: Database) -> AuditHead:
    """Return the head of the trail; its seq is 0 while the trail is empty."""
    row = db.execute("select seq, mac from audit order by seq desc limit 1").fetchone()
    return AuditHead(seq=row[0], mac=row[1]) if row else EMPTY


def head_at(db: Database, seq: int) -> AuditHead | None:
    """Return the number and MAC of a line; None when there is no such line."""
    row = db.execute("select seq, mac from audit where seq = ?", [seq]).fetchone()
    return AuditHead(seq=row[0], mac=row[1]) if row else None


def verify(db: Database, key: bytes, known: AuditHead | None = None) -> int | None:
    """Return the first seq whose line was changed, or None when the whole trail verifies.

    Args:
        known: a head stored elsewhere; the trail must still contain it.
    """
    last = EMPTY
    for row in db.query("select seq, at, act, actor, subject, facts, mac from audit order by seq"):
        *content, mac = row.values()
        is_unchanged = hmac.compare_digest(mac, _mac(key, last.mac, content))
        last = AuditHead(row["seq"], mac)
        if not is_unchanged or (known and known.seq == last.seq and known.mac != mac):
            return last.seq
    return last.seq + 1 if known and known.seq > last.seq else None


def verify_piece(db: Database, key: bytes, after: AuditHead, limit: int) -> tuple[AuditHead, int | None]:
    """Verify the next lines after a verified head.

    Returns:
        The last verified head, which is `after` when no line follows; and the first changed seq, None for none.
    """
    sql = "select seq, at, act, actor, subject, facts, mac from audit where seq > ? order by seq limit ?"
    last = after
    for row in db.query(sql, [after.seq, limit]):
        *content, mac = row.values()
        if not hmac.compare_digest(mac, _mac(key, last.mac, content)):
            return last, int(row["seq"])
        last = AuditHead(row["seq"], mac)
    return last, None


def contains(db: Database, head: AuditHead) -> bool:
    """Return whether the trail still contains a head that was stored elsewhere."""
    if head.seq == 0:
        return True
    row = db.execute("select mac from audit where seq = ?", [head.seq]).fetchone()
    return row is not None and hmac.compare_digest(str(row[0]), head.mac)


@dataclass(frozen=True)
class EntryFilter:
    """Entries to find: with one of `about` as subject or in their facts, of an actor, of an act; empty for all."""

    about: Collection[str] = ()
    actor: str = ""
    act: str = ""


ALL_ENTRIES = EntryFilter()


def between(
    db: Database, start: datetime, end: datetime, *, chosen: EntryFilter = ALL_ENTRIES, limit: int = 500
) -> list[AuditEntry]:
    """Return the entries of a filter from `start` until before `end`, newest first."""
    sql = """select seq, at, act, actor, subject, facts from audit
             where at >= :start and at < :end and (:actor = '' or actor = :actor) and (:act = '' or act = :act)
             and (:wanted = '[]' or exists (select 1 from json_each(:wanted) as wanted
               where subject = wanted.value or instr(facts, '"' || wanted.value || '"')
                 or instr(' ' || json_extract(facts, '$.cases') || ' ', ' ' || wanted.value || ' ')))
             order by seq desc limit :limit"""
    args = {
        "start": clock.timestamp(start),
        "end": clock.timestamp(end),
        "actor": chosen.actor,
        "act": chosen.act,
        "wanted": json.dumps(list(chosen.about)),
        "limit": limit,
    }
    return [_entry(row) for row in db.query(sql, args)]


def latest(db: Database, acts: Collection[str], limit: int) -> list[AuditEntry]:
    """Return the newest entries of some acts, newest first; only the last 5,000 lines are read, to stay fast."""
    marks = ", ".join("?" * len(acts))
    sql = f"""select seq, at, act, actor, subject, facts from audit
              where seq > (select max(seq) from audit) - {_NEWEST_LINES} and act in ({marks})
              order by seq desc limit ?"""  # noqa: S608  # nosec B608 # question marks and constants
    return [_entry(row) for row in db.query(sql, [*acts, limit])]


def of_subject(db: Database, subject: str) -> list[tuple[datetime, AuditLine]]:
    """Return the times and lines of a subject, oldest first."""
    rows = db.query("select at, act, actor, subject, facts from audit where subject = ? order by seq", [subject])
    return [(clock.parse_timestamp(row["at"]), _line(row)) for row in rows]


def _entry(row: dict[str, Any]) -> AuditEntry:
    return AuditEntry(row["seq"], clock.parse_timestamp(row["at"]), _line(row))


def _line(row: dict[str, Any]) -> AuditLine:
    return AuditLine(act=row["act"], actor=row["actor"], subject=row["subject"], facts=json.loads(row["facts"]))


def _mac(key: bytes, previous_mac: str, content: list[Any]) -> str:
    return hmac.digest(key, canonical_json([previous_mac, *content]), "sha256").hex()
