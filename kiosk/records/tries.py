"""The tries table: rate limit for status look-ups, so that the last 4 digits of an id number cannot be guessed.

A try is counted before the answer is given, in a write of its own that no failure rolls back. A receipt number allows
5 tries in 24 hours, a screen 20 in an hour.
"""

from datetime import datetime, timedelta

from sqlite_utils import Database

from kiosk import clock

SUBJECT_LIMIT = 5
SUBJECT_SPAN = timedelta(hours=24)
SCREEN_LIMIT = 20
SCREEN_SPAN = timedelta(hours=1)
_PURPOSE = "lookup"


def insert(db: Database, subject: str, screen: str, now: datetime) -> None:
    """Count a try on a subject (a keyed hash) at a screen."""
    sql = "insert into tries (purpose, subject, screen, at) values (?, ?, ?, ?)"
    db.execute(sql, [_PURPOSE, subject, screen, clock.timestamp(now)])


def seconds_to_wait(db: Database, subject: str, screen: str, now: datetime) -> int:
    """Return the seconds until the next try is allowed; 0 when it is allowed now."""
    of_subject = _wait(db, "subject", subject, limit=SUBJECT_LIMIT, span=SUBJECT_SPAN, now=now)
    of_screen = _wait(db, "screen", screen, limit=SCREEN_LIMIT, span=SCREEN_SPAN, now=now)
    return max(of_subject, of_screen)


def delete(db: Database, subject: str) -> None:
    """Delete the tries on a subject after a correct one."""
    db.execute("delete from tries where purpose = ? and subject = ?", [_PURPOSE, subject])


def delete_before(db: Database, since: datetime) -> int:
    """Delete the tries before a time; return how many."""
    return db.execute("delete from tries where at < ?", [clock.timestamp(since)]).rowcount


def _wait(db: Database, column: str, value: str, *, limit: int, span: timedelta, now: datetime) -> int:
    """Return the seconds until the `limit`-th newest try is older than the span."""
    sql = f"select at from tries where purpose = ? and {column} = ? and at > ? order by seq desc limit 1 offset ?"  # noqa: S608  # nosec B608 # constants of this module
    for row in db.query(sql, [_PURPOSE, value, clock.timestamp(now - span), limit - 1]):
        return max(1, round((clock.parse_timestamp(row["at"]) + span - now).total_seconds()))
    return 0
