"""The change_requests table: changes of what decides who can read forms, and what a lead answered.

The content is what will be written, sealed: a whole kiosk.toml, or the public half of a recovery paper. It is deleted
with the answer. `changes` has names and hashes for the trail, and the values that a lead reads.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock, codes

CONTENT = "change request"
"""Vault purpose of the sealed content."""
RequestKind = Literal["settings", "recovery", "standby", "found"]
RequestState = Literal["open", "agreed", "refused", "replaced", "seen"]


@dataclass(frozen=True)
class ReadingChange:
    """A place or key that is new: its name, the value before (empty: none), the value now."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeRequest:
    """A change that was asked for or, `found`, made past the pages; `content` is sealed, None after the answer."""

    id: str
    kind: RequestKind
    actor: str
    made_at: datetime
    changes: tuple[ReadingChange, ...]
    content: bytes | None = None
    state: RequestState = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None


def new_request(kind: RequestKind, actor: str, changes: Sequence[ReadingChange], now: datetime) -> ChangeRequest:
    """Return a request that is not stored yet; its content is sealed with its id."""
    return ChangeRequest(id=codes.new_id(), kind=kind, actor=actor, made_at=now, changes=tuple(changes))


def insert(db: Database, request: ChangeRequest, content: bytes | None) -> None:
    """Insert a request with its sealed content; an open one of the same kind is replaced."""
    sql = """update change_requests set state = 'replaced', content = null, decided_at = ?
             where kind = ? and state = 'open'"""
    db.execute(sql, [clock.timestamp(request.made_at), request.kind])
    texts = json.dumps([asdict(change) for change in request.changes], ensure_ascii=False)
    db.execute(
        "insert into change_requests (id, kind, actor, made_at, changes, content) values (?, ?, ?, ?, ?, ?)",
        [request.id, request.kind, request.actor, clock.timestamp(request.made_at), texts, content],
    )


def find_open(db: Database, request_id: str) -> ChangeRequest | None:
    """Return an open request; None when it is unknown or was answered."""
    return next((request for request in list_open(db) if request.id == request_id), None)


def list_open(db: Database) -> list[ChangeRequest]:
    """Return the open requests, oldest first."""
    return [_request(row) for row in db.query("select * from change_requests where state = 'open' order by id")]


def latest(db: Database, limit: int) -> list[ChangeRequest]:
    """Return the requests that were answered, newest first."""
    sql = "select * from change_requests where state <> 'open' order by id desc limit ?"
    return [_request(row) for row in db.query(sql, [limit])]


def count_open(db: Database) -> int:
    """Count the open requests."""
    return int(db.execute("select count(*) from change_requests where state = 'open'").fetchone()[0])


def decide(db: Database, request_id: str, *, state: RequestState, by: str, now: datetime) -> bool:
    """Store the answer and delete the content; return False when there was an answer already."""
    sql = """update change_requests set state = ?, decided_by = ?, decided_at = ?, content = null
             where id = ? and state = 'open'"""
    return db.execute(sql, [state, by, clock.timestamp(now), request_id]).rowcount > 0


def _request(row: dict[str, Any]) -> ChangeRequest:
    changes = tuple(ReadingChange(**change) for change in json.loads(row["changes"]))
    decided_at = clock.parse_timestamp(row["decided_at"]) if row["decided_at"] else None
    made_at = clock.parse_timestamp(row["made_at"])
    return ChangeRequest(**{**row, "changes": changes, "made_at": made_at, "decided_at": decided_at})
