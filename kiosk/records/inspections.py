"""The inspections and desk_notes tables: papers that officers checked, and their notes on a submission.

A paper is named by its id in the procedure. Only its current state is kept here; the changes are in the audit trail. A
note may quote a person, so it is sealed, and is deleted with the body.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

NOTE = "desk note"
"""Vault purpose of a sealed note."""


@dataclass(frozen=True)
class Inspection:
    """A paper's state: whether the original was seen and a copy taken, by whom (officer's code) and when.

    `count` is the number of sheets of a paper that is submitted, 1 to 99.
    """

    paper: str
    is_seen: bool
    is_copied: bool
    actor: str
    at: datetime
    count: int = 1


@dataclass(frozen=True)
class DeskNote:
    """An officer's sealed note."""

    id: str
    text: bytes
    actor: str
    at: datetime


def save(db: Database, submission_id: str, inspection: Inspection) -> bool:
    """Save the state of a paper; return False when it did not change."""
    sql = """insert into inspections (submission_id, paper, is_seen, is_copied, count, actor, at)
             values (:submission_id, :paper, :is_seen, :is_copied, :count, :actor, :at)
             on conflict (submission_id, paper) do update set is_seen = excluded.is_seen,
               is_copied = excluded.is_copied, count = excluded.count, actor = excluded.actor, at = excluded.at
             where is_seen <> excluded.is_seen or is_copied <> excluded.is_copied or count <> excluded.count"""
    texts = {"submission_id": submission_id, "at": clock.timestamp(inspection.at)}
    return db.execute(sql, vars(inspection) | texts).rowcount > 0


def by_paper(db: Database, submission_id: str) -> dict[str, Inspection]:
    """Return the inspected papers of a submission by their ids."""
    sql = "select paper, is_seen, is_copied, count, actor, at from inspections where submission_id = ?"
    return {row["paper"]: _inspection(row) for row in db.query(sql, [submission_id])}


def insert_note(db: Database, submission_id: str, note: DeskNote) -> None:
    """Insert a note."""
    sql = "insert into desk_notes (id, submission_id, text, actor, at) values (?, ?, ?, ?, ?)"
    db.execute(sql, [note.id, submission_id, note.text, note.actor, clock.timestamp(note.at)])


def notes(db: Database, submission_id: str) -> list[DeskNote]:
    """Return the notes of a submission, oldest first."""
    sql = "select id, text, actor, at from desk_notes where submission_id = ? order by rowid"
    rows = db.query(sql, [submission_id])
    return [DeskNote(**{**row, "at": clock.parse_timestamp(row["at"])}) for row in rows]


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Move inspections and notes from a submission to its correction."""
    for table in ("inspections", "desk_notes"):
        db.execute(f"update {table} set submission_id = ? where submission_id = ?", [new_id, old_id])  # noqa: S608  # nosec B608 # constants of this module


def without_body() -> ExpiredRows:
    """Return the notes of submissions without a body."""
    where = "exists (select 1 from submissions s where s.id = desk_notes.submission_id and s.body is null)"
    return ExpiredRows(table="desk_notes", change="delete from desk_notes", where=where)


def _inspection(row: dict[str, Any]) -> Inspection:
    flags = {name: bool(row[name]) for name in ("is_seen", "is_copied")}
    return Inspection(**{**row, **flags, "at": clock.parse_timestamp(row["at"])})
