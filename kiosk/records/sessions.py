"""The sessions table: browser sessions, each identified by the hash of a random cookie.

A session holds the settings below and the ids of its draft and submission, never an answer. Closing a session
deletes its row, so that a copied cookie is useless.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.store.expired_rows import ExpiredRows

Audience = Literal["citizen", "officer", "technician", "display"]
SETTINGS = ("lang", "size", "theme", "aloud", "speed", "volume", "typing", "opinion")


@dataclass(frozen=True)
class SessionRow:
    """A session; the done page may show its `submission_id`."""

    id: str
    audience: Audience
    settings: dict[str, str | bool]
    created_at: datetime
    seen_at: datetime
    draft_id: str | None
    submission_id: str | None


@dataclass(frozen=True)
class ScreenUse:
    """The newest form in progress at a touchscreen: its procedure, and when it was last saved."""

    screen: str
    procedure: str
    version: str
    touched_at: datetime


def insert(db: Database, session_id: str, audience: Audience, now: datetime, screen: str = "") -> None:
    """Insert a session under the hash of its cookie; `screen` is the name of a citizen's touchscreen."""
    sql = "insert into sessions (id, audience, created_at, seen_at, screen) values (?, ?, ?, ?, ?)"
    db.execute(sql, [session_id, audience, clock.timestamp(now), clock.timestamp(now), screen])


def screen_of(db: Database, session_id: str) -> str:
    """Return the name of a session's touchscreen; empty for none."""
    row = db.execute("select screen from sessions where id = ?", [session_id]).fetchone()
    return str(row[0]) if row else ""


def screens_in_use(db: Database) -> list[ScreenUse]:
    """Return the touchscreens with a form in progress, each once, by name."""
    sql = """select screen, procedure, version, max(touched_at) from sessions join drafts on drafts.id = draft_id
             where audience = 'citizen' and screen <> '' group by screen order by screen"""
    return [
        ScreenUse(screen=screen, procedure=procedure, version=version, touched_at=clock.parse_timestamp(touched_at))
        for screen, procedure, version, touched_at in db.execute(sql).fetchall()
    ]


def find(db: Database, session_id: str, audience: Audience) -> SessionRow | None:
    """Return a session of one audience; a cookie of another audience finds nothing."""
    sql = """select id, audience, settings, created_at, seen_at, draft_id, submission_id from sessions
             where id = ? and audience = ?"""
    row = db.execute(sql, [session_id, audience]).fetchone()
    return _session(row) if row else None


def of_draft(db: Database, draft_id: str) -> SessionRow | None:
    """Return the citizen's session that a draft is open in; None where its screen has left it."""
    sql = """select id, audience, settings, created_at, seen_at, draft_id, submission_id from sessions
             where draft_id = ? and audience = 'citizen'"""
    row = db.execute(sql, [draft_id]).fetchone()
    return _session(row) if row else None


def change_settings(db: Database, session_id: str, **settings: str | bool) -> bool:
    """Change settings; return False when the session is gone.

    Raises:
        ValueError: a name is unknown, or a value is no short ASCII word.
    """
    for name, value in settings.items():
        if name not in SETTINGS or (isinstance(value, str) and not (value.isascii() and len(value) <= 16)):
            raise ValueError(f"a session holds no {name}")
    sql = "update sessions set settings = json_patch(settings, ?) where id = ?"
    return db.execute(sql, [json.dumps(settings), session_id]).rowcount > 0


def set_current(db: Database, session_id: str, draft_id: str | None = None, submission_id: str | None = None) -> bool:
    """Set the session's draft and submission, None for an omitted one; return False when the session is gone."""
    sql = "update sessions set draft_id = ?, submission_id = ? where id = ?"
    return db.execute(sql, [draft_id, submission_id, session_id]).rowcount > 0


def submitted(db: Database, submission_id: str) -> None:
    """Show the submission in the session whose draft became it; the desk may have submitted it."""
    sql = "update sessions set draft_id = null, submission_id = ? where draft_id = ?"
    db.execute(sql, [submission_id, submission_id])


def release_draft(db: Database, draft_id: str) -> None:
    """Take a draft away from the session that has it open: it is opened at another screen, or kept."""
    db.execute("update sessions set draft_id = null where draft_id = ?", [draft_id])


def reassign(db: Database, old_id: str, new_id: str) -> None:
    """Point the sessions of a submission to its correction."""
    db.execute("update sessions set submission_id = ? where submission_id = ?", [new_id, old_id])


def touch(db: Database, session_id: str, now: datetime) -> None:
    """Set the session's last-seen time; callers do so at most once a minute."""
    db.execute("update sessions set seen_at = ? where id = ?", [clock.timestamp(now), session_id])


def delete(db: Database, session_id: str) -> None:
    """Delete a session."""
    db.execute("delete from sessions where id = ?", [session_id])


def delete_all(db: Database) -> None:
    """Delete all sessions, after a restore: the copy does not know which of them have ended."""
    db.execute("delete from sessions")


def unseen(since: datetime) -> ExpiredRows:
    """Return the sessions not seen since a time."""
    args = {"since": clock.timestamp(since)}
    return ExpiredRows(table="sessions", change="delete from sessions", where="seen_at < :since", args=args)


def _session(row: tuple[Any, ...]) -> SessionRow:
    session_id, audience, settings, created_at, seen_at, draft_id, submission_id = row
    return SessionRow(
        id=session_id,
        audience=audience,
        settings=json.loads(settings),
        created_at=clock.parse_timestamp(created_at),
        seen_at=clock.parse_timestamp(seen_at),
        draft_id=draft_id,
        submission_id=submission_id,
    )
