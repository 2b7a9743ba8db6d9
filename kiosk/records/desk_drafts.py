"""The draft_desk table: drafts that an officer fills in at the desk, with the officer and the citizen's number.

The row is deleted together with its draft. It names an officer and a number, never the citizen.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock

Begun = Literal["desk", "screen", "kept"]
"""Origin of a draft: begun by an officer, by the citizen at a touchscreen, or kept for later there."""
_COLUMNS = "draft_id, actor, ticket_id, begun, origin, opened_at"


@dataclass(frozen=True)
class DeskDraft:
    """A draft at the desk; `actor` is the officer who may change it now."""

    draft_id: str
    actor: str
    ticket_id: str | None
    begun: Begun
    opened_at: datetime
    origin: str = ""
    """Words for the place where the draft was begun; empty at the desk."""


@dataclass(frozen=True)
class UnfinishedDraft:
    """A draft at the desk in a list: its procedure, and when it was last changed."""

    desk: DeskDraft
    procedure: str
    version: str
    touched_at: datetime


def insert(db: Database, draft: DeskDraft) -> None:
    """Insert a draft at the desk; one that is there gets the officer, and the number if there is one."""
    sql = f"""insert into draft_desk ({_COLUMNS})
              values (:draft_id, :actor, :ticket_id, :begun, :origin, :opened_at)
              on conflict (draft_id) do update set actor = excluded.actor,
                ticket_id = coalesce(excluded.ticket_id, ticket_id), opened_at = excluded.opened_at"""  # noqa: S608  # nosec B608 # columns of this module
    db.execute(sql, vars(draft) | {"opened_at": clock.timestamp(draft.opened_at)})


def find(db: Database, draft_id: str) -> DeskDraft | None:
    """Return a draft at the desk."""
    sql = f"select {_COLUMNS} from draft_desk where draft_id = ?"  # noqa: S608  # nosec B608 # columns of this module
    row = db.execute(sql, [draft_id]).fetchone()
    return _desk_draft(row) if row else None


def set_actor(db: Database, draft_id: str, actor: str, now: datetime) -> None:
    """Set the officer who may change a draft."""
    sql = "update draft_desk set actor = ?, opened_at = ? where draft_id = ?"
    db.execute(sql, [actor, clock.timestamp(now), draft_id])


def delete(db: Database, draft_id: str) -> None:
    """Delete the row of a draft that goes back to its screen; the draft stays."""
    db.execute("delete from draft_desk where draft_id = ?", [draft_id])


def of_officer(db: Database, actor: str) -> list[UnfinishedDraft]:
    """Return the drafts of an officer, the newest change first."""
    return _unfinished(db, "draft_desk.actor = ?", actor)


def of_ticket(db: Database, ticket_id: str) -> list[UnfinishedDraft]:
    """Return the drafts for a number, the newest change first."""
    return _unfinished(db, "draft_desk.ticket_id = ?", ticket_id)


def _unfinished(db: Database, where: str, value: str) -> list[UnfinishedDraft]:
    sql = f"""select {_COLUMNS}, drafts.procedure, drafts.version, drafts.touched_at
              from draft_desk join drafts on drafts.id = draft_desk.draft_id
              where {where} order by drafts.touched_at desc, drafts.id"""  # noqa: S608  # nosec B608 # of this module
    return [
        UnfinishedDraft(
            desk=_desk_draft(row[:6]), procedure=row[6], version=row[7], touched_at=clock.parse_timestamp(row[8])
        )
        for row in db.execute(sql, [value]).fetchall()
    ]


def _desk_draft(row: tuple[Any, ...]) -> DeskDraft:
    draft_id, actor, ticket_id, begun, origin, opened_at = row
    return DeskDraft(
        draft_id=draft_id,
        actor=actor,
        ticket_id=ticket_id,
        begun=begun,
        origin=origin,
        opened_at=clock.parse_timestamp(opened_at),
    )
