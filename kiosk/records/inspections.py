"""What officers saw of the papers of a submission, and what they noted: two tables.

A paper is named by its id on the shelf; only how it stands now is kept here, who changed what is in the audit trail.
A note may quote a person, so it is sealed, and goes when the body goes.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk import clock

NOTE = "desk note"
"""The kind of record that a sealed note is, for the vault."""


@dataclass(frozen=True)
class Inspection:
    """How a paper stands: the original was seen, a copy was taken; by whom (a code of the staff) and when."""

    paper: str
    is_seen: bool
    is_copied: bool
    actor: str
    at: datetime


@dataclass(frozen=True)
class Note:
    """A sealed note of the counter."""

    id: str
    text: bytes
    actor: str
    at: datetime


def mark(db: Database, submission_id: str, found: Inspection) -> bool:
    """Write how a paper stands; False when it stood so already."""
    sql = """insert into inspections (submission_id, paper, is_seen, is_copied, actor, at) values (?, ?, ?, ?, ?, ?)
             on conflict (submission_id, paper) do update set is_seen = excluded.is_seen,
               is_copied = excluded.is_copied, actor = excluded.actor, at = excluded.at
             where is_seen <> excluded.is_seen or is_copied <> excluded.is_copied"""
    told = [submission_id, found.paper, found.is_seen, found.is_copied, found.actor, clock.stamp(found.at)]
    return db.execute(sql, told).rowcount > 0


def marked(db: Database, submission_id: str) -> dict[str, Inspection]:
    """Return how the papers of a submission stand, by paper; one that nobody looked at is not there."""
    sql = "select paper, is_seen, is_copied, actor, at from inspections where submission_id = ?"
    return {
        row["paper"]: Inspection(
            row["paper"], bool(row["is_seen"]), bool(row["is_copied"]), row["actor"], clock.read(row["at"])
        )
        for row in db.query(sql, [submission_id])
    }


def note(db: Database, submission_id: str, one: Note) -> None:
    """Keep a note."""
    sql = "insert into desk_notes (id, submission_id, text, actor, at) values (?, ?, ?, ?, ?)"
    db.execute(sql, [one.id, submission_id, one.text, one.actor, clock.stamp(one.at)])


def notes(db: Database, submission_id: str) -> list[Note]:
    """List the notes of a submission, the first first."""
    sql = "select id, text, actor, at from desk_notes where submission_id = ? order by rowid"
    return [Note(row["id"], row["text"], row["actor"], clock.read(row["at"])) for row in db.query(sql, [submission_id])]


def follow(db: Database, before: str, heir: str) -> None:
    """Let what was seen and noted of a submission stand with its correction."""
    for table in ("inspections", "desk_notes"):
        db.execute(f"update {table} set submission_id = ? where submission_id = ?", [heir, before])  # noqa: S608


def wipe(db: Database) -> int:
    """Delete the notes of submissions whose body is gone; say how many."""
    sql = "delete from desk_notes where submission_id in (select id from submissions where body is null)"
    return db.execute(sql).rowcount
