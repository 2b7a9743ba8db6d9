"""The operator's door: password, sessions, and the log of looked-at bodies.

A session lives in the store under the hash of its token, so that signing out ends it for whoever copied the cookie.
Five wrong words close the door for 15 seconds, doubling; that runs on the monotonic clock. The password is hashed
outside any transaction, because argon2 takes its time.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from sync.gateway.tables import sessions, views
from sync.parcel import stamp

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FREE_TRIES = 5
FIRST_LOCK = 15.0


@dataclass(frozen=True)
class Session:
    """Who is signed in; ``csrf`` stands in every form."""

    token_hash: str
    csrf: str


class Door:
    """The password and the wrong tries; one for the whole process."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._hasher = PasswordHasher()
        self._hash = password if password.startswith("$argon2") else self._hasher.hash(password)
        self._clock = clock
        self._wrong = 0
        self._closed_until = 0.0

    def opens(self, password: str) -> bool:
        """Tell whether this is the password; never while the door is closed."""
        if self.seconds_closed > 0:
            return False
        try:
            self._hasher.verify(self._hash, password)
        except (VerificationError, InvalidHashError):
            self._wrong += 1
            if self._wrong >= FREE_TRIES:
                self._closed_until = self._clock() + FIRST_LOCK * 2.0 ** min(self._wrong - FREE_TRIES, 10)
            return False
        self._wrong = 0
        return True

    @property
    def seconds_closed(self) -> float:
        """Tell how long the door stays closed, in seconds."""
        return max(0.0, self._closed_until - self._clock())


def sign_in(db: Connection, token: str, csrf: str, now: datetime) -> None:
    """Open a session."""
    db.execute(delete(sessions).where(sessions.c.seen_at < stamp(now - IDLE)))
    at = stamp(now)
    db.execute(insert(sessions).values(token_hash=_hashed(token), csrf=csrf, opened_at=at, seen_at=at))


def who(db: Connection, token: str, now: datetime) -> Session | None:
    """Tell whose session a token is, and keep it awake."""
    mine = sessions.c.token_hash == _hashed(token)
    row = db.execute(select(sessions).where(mine)).one_or_none()
    if row is None or row.seen_at < stamp(now - IDLE) or row.opened_at < stamp(now - LONGEST):
        return None
    db.execute(update(sessions).where(mine).values(seen_at=stamp(now)))
    return Session(row.token_hash, row.csrf)


def sign_out(db: Connection, session: Session) -> None:
    """End a session."""
    db.execute(delete(sessions).where(sessions.c.token_hash == session.token_hash))


def is_meant(session: Session, csrf: str) -> bool:
    """Tell whether a form came from our own page."""
    return hmac.compare_digest(session.csrf.encode(), csrf.encode())


def note_view(db: Connection, submission_id: str, reason: str, now: datetime) -> None:
    """Write down that a body was looked at, and why."""
    db.execute(insert(views).values(viewed_at=stamp(now), submission_id=submission_id, reason=reason))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
