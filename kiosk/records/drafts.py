"""The drafts table: forms that are being filled in, each under the id that its submission will have.

The body is sealed with a key inside it: to delete the row is to destroy the key. Nothing here is kept for history.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kiosk import clock
from kiosk.errors import DraftGone

_ALL = "id, session, procedure, version, body, created_at, touched_at, claim"


@dataclass(frozen=True)
class DraftRow:
    """A form in hand; ``session`` is the hash of who holds it, ``claim`` the hash of the code that fetches it."""

    id: str
    session: str
    procedure: str
    version: str
    body: bytes
    created_at: datetime
    touched_at: datetime
    claim: str | None = None


def begin(db: Database, draft: DraftRow) -> None:
    """Lay down a new draft."""
    sql = """insert into drafts (id, session, procedure, version, body, created_at, touched_at)
             values (:id, :session, :procedure, :version, :body, :created_at, :touched_at)"""
    times = {"created_at": clock.stamp(draft.created_at), "touched_at": clock.stamp(draft.touched_at)}
    db.execute(sql, vars(draft) | times)


def read(db: Database, draft_id: str) -> DraftRow:
    """Read a draft; DraftGone when it was wiped or submitted."""
    for row in db.execute(f"select {_ALL} from drafts where id = ?", [draft_id]).fetchall():  # noqa: S608
        return _draft(row)
    raise DraftGone


def save(db: Database, draft_id: str, body: bytes, now: datetime) -> None:
    """Keep new answers; DraftGone when there is nothing to keep them in."""
    sql = "update drafts set body = ?, touched_at = ? where id = ?"
    _one(db.execute(sql, [body, clock.stamp(now), draft_id]).rowcount)


def take(db: Database, draft_id: str) -> DraftRow | None:
    """Wipe a draft that becomes a submission; only the first to ask gets it."""
    try:
        found = read(db, draft_id)
    except DraftGone:
        return None
    drop(db, draft_id)
    return found


def drop(db: Database, draft_id: str) -> bool:
    """Wipe a draft that nobody wants; False when it was gone."""
    return db.execute("delete from drafts where id = ?", [draft_id]).rowcount > 0


def park(db: Database, draft_id: str, claim: str, now: datetime) -> None:
    """Set a draft aside under the hash of a claim code; DraftGone."""
    sql = "update drafts set claim = ?, touched_at = ? where id = ?"
    _one(db.execute(sql, [claim, clock.stamp(now), draft_id]).rowcount)


def resume(db: Database, claim: str, session: str, now: datetime) -> DraftRow:
    """Hand a parked draft to another session; the claim code works once. DraftGone."""
    sql = f"update drafts set claim = null, session = ?, touched_at = ? where claim = ? returning {_ALL}"  # noqa: S608
    for row in db.execute(sql, [session, clock.stamp(now), claim]).fetchall():
        return _draft(row)
    raise DraftGone


def parked(db: Database) -> list[DraftRow]:
    """List what waits to be fetched, the oldest first."""
    sql = f"select {_ALL} from drafts where claim is not null order by touched_at, id"  # noqa: S608
    return [_draft(row) for row in db.execute(sql).fetchall()]


def forget_untouched(db: Database, since: datetime) -> int:
    """Wipe the drafts that nobody touched since a time; say how many."""
    return db.execute("delete from drafts where touched_at < ?", [clock.stamp(since)]).rowcount


def _one(changed: int) -> None:
    if changed != 1:
        raise DraftGone


def _draft(row: tuple[Any, ...]) -> DraftRow:
    draft_id, session, procedure, version, body, created, touched, claim = row
    return DraftRow(draft_id, session, procedure, version, body, clock.read(created), clock.read(touched), claim)
