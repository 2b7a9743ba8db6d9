"""The drafts table: forms in progress, each under the id that its submission will have.

The body is sealed with a key inside it, so to delete the row is to destroy the key. No history is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.base.errors import DraftGone
from kiosk.store.expired_rows import ExpiredRows


@dataclass(frozen=True)
class DraftRow:
    """A form in progress; `session` is the hash of its session's cookie."""

    id: str
    session: str
    procedure: str
    version: str
    body: bytes
    created_at: datetime
    touched_at: datetime


def insert(db: Database, draft: DraftRow) -> None:
    """Insert a draft."""
    sql = """insert into drafts (id, session, procedure, version, body, created_at, touched_at)
             values (:id, :session, :procedure, :version, :body, :created_at, :touched_at)"""
    times = {"created_at": clock.timestamp(draft.created_at), "touched_at": clock.timestamp(draft.touched_at)}
    db.execute(sql, vars(draft) | times)


def read(db: Database, draft_id: str) -> DraftRow:
    """Return a draft.

    Raises:
        DraftGone: the draft was deleted or submitted.
    """
    sql = "select id, session, procedure, version, body, created_at, touched_at from drafts where id = ?"
    row = db.execute(sql, [draft_id]).fetchone()
    if row is None:
        raise DraftGone
    return _draft_row(row)


def list_all(db: Database) -> list[DraftRow]:
    """Return all drafts, the newest change first."""
    sql = """select id, session, procedure, version, body, created_at, touched_at from drafts
             order by touched_at desc, id"""
    return [_draft_row(row) for row in db.execute(sql).fetchall()]


def count_touched(db: Database, since: datetime) -> int:
    """Return how many forms were worked at since a time."""
    return int(db.execute("select count(*) from drafts where touched_at >= ?", [clock.timestamp(since)]).fetchone()[0])


def _draft_row(row: tuple[Any, ...]) -> DraftRow:
    draft_id, session, procedure, version, body, created_at, touched_at = row
    return DraftRow(
        id=draft_id,
        session=session,
        procedure=procedure,
        version=version,
        body=body,
        created_at=clock.parse_timestamp(created_at),
        touched_at=clock.parse_timestamp(touched_at),
    )


def exists(db: Database, draft_id: str) -> bool:
    """Return whether a draft is still there."""
    return bool(db.execute("select 1 from drafts where id = ?", [draft_id]).fetchall())


def save(db: Database, draft_id: str, body: bytes, now: datetime) -> None:
    """Replace the body of a draft.

    Raises:
        DraftGone: the draft was deleted or submitted.
    """
    sql = "update drafts set body = ?, touched_at = ? where id = ?"
    if db.execute(sql, [body, clock.timestamp(now), draft_id]).rowcount != 1:
        raise DraftGone


def save_version(db: Database, draft_id: str, *, version: str, body: bytes, now: datetime) -> None:
    """Replace the body of a draft that was migrated to another version of its procedure."""
    sql = "update drafts set version = ?, body = ?, touched_at = ? where id = ?"
    db.execute(sql, [version, body, clock.timestamp(now), draft_id])


def pop(db: Database, draft_id: str) -> DraftRow | None:
    """Return and delete a draft that becomes a submission; None when it is gone, so only one caller gets it."""
    try:
        draft = read(db, draft_id)
    except DraftGone:
        return None
    delete(db, draft_id)
    return draft


def delete(db: Database, draft_id: str) -> bool:
    """Delete a draft; return False when it was gone."""
    return db.execute("delete from drafts where id = ?", [draft_id]).rowcount > 0


def untouched(since: datetime, today: date) -> ExpiredRows:
    """Return the drafts that were not saved since a time, without those that are kept until a later day."""
    where = """touched_at < :since
               and not exists (select 1 from kept_drafts where draft_id = drafts.id and kept_until >= :today)"""
    args = {"since": clock.timestamp(since), "today": today.isoformat()}
    return ExpiredRows(table="drafts", change="delete from drafts", where=where, args=args)
