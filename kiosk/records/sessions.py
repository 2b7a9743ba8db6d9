"""The sessions table: who sits at which screen, known only by the hash of a random cookie.

A session holds settings and what is in hand, never an answer: the four settings below are all that it takes. To close
a session is to delete its row, so that a copied cookie is worth nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk import clock

Audience = Literal["citizen", "officer", "technician", "display"]
SETTINGS = ("lang", "size", "theme", "aloud")


@dataclass(frozen=True)
class Session:
    """A sitting; ``submission_id`` is what the done page may show."""

    id: str
    audience: Audience
    settings: dict[str, str | bool]
    created_at: datetime
    seen_at: datetime
    draft_id: str | None
    submission_id: str | None


def open(db: Database, session_id: str, audience: Audience, now: datetime) -> None:
    """Begin a session under the hash of its cookie."""
    sql = "insert into sessions (id, audience, created_at, seen_at) values (?, ?, ?, ?)"
    db.execute(sql, [session_id, audience, clock.stamp(now), clock.stamp(now)])


def read(db: Database, session_id: str, audience: Audience) -> Session | None:
    """Read a session of one audience; another's cookie opens nothing."""
    sql = """select id, audience, settings, created_at, seen_at, draft_id, submission_id from sessions
             where id = ? and audience = ?"""
    row = db.execute(sql, [session_id, audience]).fetchone()
    return _session(row) if row else None


def change(db: Database, session_id: str, **settings: str | bool) -> bool:
    """Change settings; ValueError for anything but a short word under a known name. False when the session is gone."""
    for name, value in settings.items():
        if name not in SETTINGS or (isinstance(value, str) and not (value.isascii() and len(value) <= 16)):
            raise ValueError(f"a session holds no {name}")
    sql = "update sessions set settings = json_patch(settings, ?) where id = ?"
    return db.execute(sql, [json.dumps(settings), session_id]).rowcount > 0


def hold(db: Database, session_id: str, draft_id: str | None = None, submission_id: str | None = None) -> bool:
    """Say what is in hand now, and only that; False when the session is gone."""
    sql = "update sessions set draft_id = ?, submission_id = ? where id = ?"
    return db.execute(sql, [draft_id, submission_id, session_id]).rowcount > 0


def follow(db: Database, before: str, heir: str) -> None:
    """Let who looks at what was handed in see its correction."""
    db.execute("update sessions set submission_id = ? where submission_id = ?", [heir, before])


def seen(db: Database, session_id: str, now: datetime) -> None:
    """Note that the session is alive; callers do so at most once a minute."""
    db.execute("update sessions set seen_at = ? where id = ?", [clock.stamp(now), session_id])


def close(db: Database, session_id: str) -> None:
    """End a session for good."""
    db.execute("delete from sessions where id = ?", [session_id])


def end_all(db: Database) -> None:
    """End every session: after a restore some of them had been ended, and the copy does not know which."""
    db.execute("delete from sessions")


def forget_unseen(db: Database, since: datetime) -> int:
    """End the sessions not seen since a time; say how many."""
    return db.execute("delete from sessions where seen_at < ?", [clock.stamp(since)]).rowcount


def _session(row: tuple[Any, ...]) -> Session:
    session_id, audience, settings, created, seen, *in_hand = row
    return Session(session_id, audience, json.loads(settings), clock.read(created), clock.read(seen), *in_hand)
