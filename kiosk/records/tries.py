"""The tries table: how often a secret was guessed at, so that guessing ends before it succeeds.

A try is written before the answer is given, in a write of its own that no failure undoes. A receipt number allows
5 tries in 24 hours and a screen 20 an hour (claim codes have no subject of their own: 5 an hour a screen).
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk import clock

Purpose = Literal["lookup", "claim"]

SUBJECT_LIMIT, SUBJECT_SPAN = 5, timedelta(hours=24)
SCREEN_LIMIT: dict[Purpose, int] = {"lookup": 20, "claim": 5}
SCREEN_SPAN = timedelta(hours=1)


def note(db: Database, purpose: Purpose, subject: str, screen: str, now: datetime) -> None:
    """Count a try on a subject (a keyed hash) at a screen."""
    sql = "insert into tries (purpose, subject, screen, at) values (?, ?, ?, ?)"
    db.execute(sql, [purpose, subject, screen, clock.stamp(now)])


def wait(db: Database, purpose: Purpose, subject: str, screen: str, now: datetime) -> int:
    """Tell how many seconds to wait before the next try, 0 for none."""
    of_subject = _wait(db, ("subject", purpose, subject), SUBJECT_LIMIT, SUBJECT_SPAN, now)
    return max(of_subject, _wait(db, ("screen", purpose, screen), SCREEN_LIMIT[purpose], SCREEN_SPAN, now))


def clear(db: Database, purpose: Purpose, subject: str) -> None:
    """Forget the tries on a subject whose secret was told rightly."""
    db.execute("delete from tries where purpose = ? and subject = ?", [purpose, subject])


def forget_before(db: Database, since: datetime) -> int:
    """Delete tries older than a time; say how many."""
    return db.execute("delete from tries where at < ?", [clock.stamp(since)]).rowcount


def _wait(db: Database, place: tuple[str, str, str], limit: int, span: timedelta, now: datetime) -> int:
    """Wait until the ``limit``-th try back is out of the span."""
    column, purpose, value = place
    sql = f"select at from tries where purpose = ? and {column} = ? and at > ? order by seq desc limit 1 offset ?"  # noqa: S608
    for row in db.query(sql, [purpose, value, clock.stamp(now - span), limit - 1]):
        return max(1, round((clock.read(row["at"]) + span - now).total_seconds()))
    return 0
