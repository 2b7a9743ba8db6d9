"""The refusals table: what the portal said against a form or an act of the desk, one row each time that it did.

The words may quote an answer: they are sealed, for officers alone, and go when the body goes. ``fields`` are keys of
the form and codes, which a technician may see; whoever writes them lets nothing else in.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk import clock

WORDS = "portal-refusal"
"""The kind of record that the sealed words are, for the vault."""


@dataclass(frozen=True)
class Objection:
    """A field that the portal objects to, by its key ("" for none in particular), and the portal's code for why."""

    key: str
    code: str


@dataclass(frozen=True)
class Refusal:
    """One refusal; ``attempt`` is the number of sync's attempt that met it, ``words`` None once they were wiped."""

    no: int
    subject: str
    attempt: int | None
    at: datetime
    fields: tuple[Objection, ...]
    words: bytes | None


def keep(
    db: Database, subject: str, attempt: int | None, now: datetime, fields: Sequence[Objection], words: bytes
) -> None:
    """Write a refusal down, its words sealed."""
    told = json.dumps([[one.key, one.code] for one in fields])
    sql = "insert into refusals (subject, attempt, at, fields, words) values (?, ?, ?, ?, ?)"
    db.execute(sql, [subject, attempt, clock.stamp(now), told, words])


def of(db: Database, subject: str) -> list[Refusal]:
    """List the refusals of a form or an act, in the order in which they were."""
    sql = "select no, subject, attempt, at, fields, words from refusals where subject = ? order by no"
    return [_refusal(row) for row in db.query(sql, [subject])]


def last(db: Database, subject: str) -> Refusal | None:
    """Find the latest refusal of a form or an act; None where there was none."""
    sql = "select no, subject, attempt, at, fields, words from refusals where subject = ? order by no desc limit 1"
    return next((_refusal(row) for row in db.query(sql, [subject])), None)


def wipe(db: Database) -> int:
    """Wipe the words about forms that have no body left, and about their acts; say how many."""
    sql = """update refusals set words = null where words is not null
               and subject not in (select id from submissions where body is not null)
               and subject not in (select id from decisions where event is not null)"""
    return db.execute(sql).rowcount


def _refusal(row: dict[str, Any]) -> Refusal:
    fields = tuple(Objection(*pair) for pair in json.loads(row["fields"]))
    return Refusal(**{**row, "at": clock.read(row["at"]), "fields": fields})
