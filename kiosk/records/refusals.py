"""The refusals table: the portal's objections to a form or a desk event, one row a refusal.

The messages (column `words`) may quote an answer: they are sealed, readable by officers alone, and wiped with the body.
`fields` are keys of the form and codes, which technicians may see; callers must put nothing else into them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

MESSAGES = "portal-refusal"
"""Vault purpose of the sealed messages."""


NUMBER_TAKEN = "number"
"""The contract's code for a receipt number that belongs to another dossier at the portal."""


@dataclass(frozen=True)
class RefusedField:
    """A field that the portal objects to: its key ("" for the whole form) and the portal's code."""

    key: str
    code: str


@dataclass(frozen=True)
class Refusal:
    """A refusal; `attempt` is the number of sync's attempt, `words` (the sealed messages) is None after the wipe."""

    no: int
    subject: str
    attempt: int | None
    at: datetime
    fields: tuple[RefusedField, ...]
    words: bytes | None


def insert(
    db: Database, subject: str, attempt: int | None, now: datetime, fields: Sequence[RefusedField], messages: bytes
) -> None:
    """Insert a refusal with sealed messages."""
    pairs = json.dumps([[field.key, field.code] for field in fields])
    sql = "insert into refusals (subject, attempt, at, fields, words) values (?, ?, ?, ?, ?)"
    db.execute(sql, [subject, attempt, clock.timestamp(now), pairs, messages])


def of(db: Database, subject: str) -> list[Refusal]:
    """Return the refusals of a form or a desk event, oldest first."""
    sql = "select no, subject, attempt, at, fields, words from refusals where subject = ? order by no"
    return [_refusal(row) for row in db.query(sql, [subject])]


def last(db: Database, subject: str) -> Refusal | None:
    """Return the newest refusal of a form or a desk event."""
    sql = "select no, subject, attempt, at, fields, words from refusals where subject = ? order by no desc limit 1"
    return next((_refusal(row) for row in db.query(sql, [subject])), None)


def count_number_taken(db: Database) -> int:
    """Count the forms that the portal refused, and nobody has settled, because their receipt number is another's."""
    taken = json.dumps([["receiptNo", NUMBER_TAKEN]])
    sql = """select count(*) from submissions where delivery = 'quarantined'
               and not exists (select 1 from submissions later where later.supersedes = submissions.id)
               and (select fields from refusals where subject = submissions.id order by no desc limit 1) = ?"""
    return int(db.execute(sql, [taken]).fetchone()[0])


def without_subject() -> ExpiredRows:
    """Return the messages about forms without a body and decisions without an event; their words are wiped."""
    where = """words is not null
               and not exists (select 1 from submissions s where s.id = refusals.subject and s.body is not null)
               and not exists (select 1 from decisions d where d.id = refusals.subject and d.event is not null)"""
    return ExpiredRows(table="refusals", change="update refusals set words = null", where=where)


def _refusal(row: dict[str, Any]) -> Refusal:
    fields = tuple(RefusedField(key, code) for key, code in json.loads(row["fields"]))
    return Refusal(**{**row, "at": clock.parse_timestamp(row["at"]), "fields": fields})
