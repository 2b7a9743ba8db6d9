"""The screen_covers table: sessions whose screen is covered while their form stays open.

The page behind a cover is not sent to the browser, so a cover is a state of the session and not of the page. A session
whose form was deleted or submitted at the desk meanwhile has nothing to cover: its row counts no more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kiosk.base import clock

MAX_MISSES = 5
_HAS_FORM = "session in (select id from sessions where draft_id is not null)"


@dataclass(frozen=True)
class ScreenCover:
    """A covered session: since when, the page behind, the hash of the four chosen digits, and the wrong tries."""

    session: str
    since: datetime
    place: str
    digits: str | None
    misses: int

    @property
    def is_for_officer(self) -> bool:
        """True if only an officer can open it."""
        return self.misses >= MAX_MISSES


def insert(db: Database, session: str, place: str, digits: str | None, now: datetime) -> bool:
    """Cover a session's screen; return False when it is covered."""
    sql = "insert into screen_covers (session, since, place, digits) values (?, ?, ?, ?) on conflict do nothing"
    return db.execute(sql, [session, clock.timestamp(now), place, digits]).rowcount > 0


def find(db: Database, session: str) -> ScreenCover | None:
    """Return the cover of a session."""
    return next(iter(_covers(db, "session = ?", session)), None)


def made_before(db: Database, since: datetime) -> list[ScreenCover]:
    """Return the covers made before a time, oldest first."""
    return _covers(db, "since < ?", clock.timestamp(since))


def covered_sessions(db: Database) -> frozenset[str]:
    """Return the sessions whose screen is covered."""
    return frozenset(cover.session for cover in _covers(db, "since > ?", ""))


def count_miss(db: Database, session: str) -> None:
    """Count a wrong try of the person; after `MAX_MISSES` only an officer can open the screen."""
    db.execute("update screen_covers set misses = min(misses + 1, ?) where session = ?", [MAX_MISSES, session])


def delete(db: Database, session: str) -> bool:
    """Uncover a session's screen; return False when it was not covered."""
    return db.execute("delete from screen_covers where session = ?", [session]).rowcount > 0


def _covers(db: Database, where: str, value: str) -> list[ScreenCover]:
    sql = (
        f"select session, since, place, digits, misses from screen_covers where {_HAS_FORM} and {where} order by since"  # noqa: S608  # nosec B608 # texts of this module
    )
    return [
        ScreenCover(session=session, since=clock.parse_timestamp(since), place=place, digits=digits, misses=misses)
        for session, since, place, digits, misses in db.execute(sql, [value]).fetchall()
    ]
