"""The gateway's people: accounts with a role, the door, their sessions, and the trail of what they did.

A session lives in the store under the hash of its token, so that signing out ends it for whoever copied the cookie. A
try is counted before it is judged, in the store, because several processes have one door; five wrong ones from one
address close it to that account there for 15 seconds, doubling up to a quarter of an hour: no stranger keeps an
operator out. Argon2 takes its time outside any transaction.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, select, update

from sync.encoding import timestamp
from sync.gateway.tables import people, sessions, trail, tries

Role = Literal["operator", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
OPERATOR = "operator"

IDLE_TIMEOUT = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)
FREE_ATTEMPTS = 5
FIRST_LOCK_SECONDS = 15.0
MAX_LOCK_SECONDS = 900.0
ATTEMPT_RETENTION = timedelta(days=1)
MIN_PASSWORD_LENGTH = 8

_LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{2,31}", re.ASCII)
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class Session:
    """Who is signed in; ``csrf`` stands in every form."""

    token_hash: str
    csrf: str
    login: str
    name: str
    role: Role


def is_login(text: str) -> bool:
    """Tell whether a text may be the name of an account."""
    return _LOGIN.fullmatch(text) is not None


def hash_password(password: str) -> str:
    """Hash a password, or keep it when it is a hash already."""
    return password if password.startswith("$argon2") else _HASHER.hash(password)


def save_account(db: Connection, login: str, name: str, role: Role, password_hash: str, now: datetime) -> None:
    """Let somebody sign in: a new account, or an old one with new facts, whose sessions end."""
    facts: dict[str, Any] = {"name": name, "role": role, "password_hash": password_hash, "is_active": True}
    if db.execute(update(people).where(people.c.login == login).values(**facts)).rowcount == 0:
        db.execute(insert(people).values(login=login, added_at=timestamp(now), **facts))
    db.execute(delete(tries).where(tries.c.login == login))
    end_sessions(db, login)


def find_account(db: Connection, login: str) -> Row[Any] | None:
    """Find an account."""
    return db.execute(select(people).where(people.c.login == login)).one_or_none()


def list_accounts(db: Connection) -> list[Row[Any]]:
    """List every account, those that are closed too."""
    return list(db.execute(select(people).order_by(people.c.login)))


def disable_account(db: Connection, login: str) -> bool:
    """Let somebody sign in no more; False when there is no such account."""
    end_sessions(db, login)
    return db.execute(update(people).where(people.c.login == login).values(is_active=False)).rowcount == 1


def end_sessions(db: Connection, login: str) -> None:
    """End every session of an account, wherever it is open."""
    db.execute(delete(sessions).where(sessions.c.login == login))


def check_password(engine: Engine, login: str, password: str, address: str, now: datetime) -> bool:
    """Tell whether this account may come in with this password; a wrong try stays counted for the address."""
    with engine.begin() as db:
        known = _count_attempt(db, login, address, now)
    try:
        _HASHER.verify(known or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    if known is None:
        return False
    with engine.begin() as db:
        db.execute(delete(tries).where(_is_attempt_from(login, address)))
    return True


def lock_seconds(db: Connection, login: str, address: str, now: datetime) -> float:
    """Tell how long the door stays closed to an account at an address, in seconds."""
    until = db.execute(select(tries.c.closed_until).where(_is_attempt_from(login, address))).scalar()
    return 0.0 if until is None else max(0.0, (datetime.fromisoformat(until) - now).total_seconds())


@cache
def _dummy_hash() -> str:
    """Give what an unknown account is compared with, so that it takes as long as a known one."""
    return _HASHER.hash("nobody")


def _count_attempt(db: Connection, login: str, address: str, now: datetime) -> str | None:
    """Count a try and give the hash to compare with; None when this account may not try from there now."""
    row = db.execute(select(people).where(people.c.login == login).with_for_update()).one_or_none()
    if row is None or not row.is_active:
        return None
    db.execute(delete(tries).where((tries.c.login == login) & (tries.c.tried_at < timestamp(now - ATTEMPT_RETENTION))))
    before = db.execute(select(tries).where(_is_attempt_from(login, address))).one_or_none()
    if before is not None and before.closed_until is not None and before.closed_until > timestamp(now):
        return None
    wrong = 1 if before is None else before.wrong + 1
    closed = None
    if wrong >= FREE_ATTEMPTS:
        lock = min(FIRST_LOCK_SECONDS * 2.0 ** min(wrong - FREE_ATTEMPTS, 10), MAX_LOCK_SECONDS)
        closed = timestamp(now + timedelta(seconds=lock))
    db.execute(delete(tries).where(_is_attempt_from(login, address)))
    facts = {"login": login, "address": address, "wrong": wrong, "closed_until": closed, "tried_at": timestamp(now)}
    db.execute(insert(tries).values(**facts))
    return str(row.password_hash)


def _is_attempt_from(login: str, address: str) -> ColumnElement[bool]:
    return (tries.c.login == login) & (tries.c.address == address)


def sign_in(db: Connection, login: str, token: str, csrf: str, now: datetime) -> None:
    """Open a session."""
    db.execute(delete(sessions).where(sessions.c.seen_at < timestamp(now - IDLE_TIMEOUT)))
    at = timestamp(now)
    db.execute(insert(sessions).values(token_hash=_hash_token(token), login=login, csrf=csrf, opened_at=at, seen_at=at))
    record(db, login, "signed_in", login, now)


def find_session(db: Connection, token: str, now: datetime) -> Session | None:
    """Tell whose session a token is, and keep it awake."""
    mine = sessions.c.token_hash == _hash_token(token)
    joined = select(sessions, people.c.name, people.c.role).join(people, people.c.login == sessions.c.login)
    row = db.execute(joined.where(mine & people.c.is_active)).one_or_none()
    if row is None or row.seen_at < timestamp(now - IDLE_TIMEOUT) or row.opened_at < timestamp(now - SESSION_LIFETIME):
        return None
    db.execute(update(sessions).where(mine).values(seen_at=timestamp(now)))
    return Session(token_hash=row.token_hash, csrf=row.csrf, login=row.login, name=row.name, role=row.role)


def sign_out(db: Connection, session: Session, now: datetime) -> None:
    """End a session."""
    db.execute(delete(sessions).where(sessions.c.token_hash == session.token_hash))
    record(db, session.login, "signed_out", session.login, now)


def is_valid_csrf(session: Session, csrf: str) -> bool:
    """Tell whether a form came from our own page."""
    return hmac.compare_digest(session.csrf.encode(), csrf.encode())


def record(db: Connection, login: str, act: str, subject: str, now: datetime, reason: str = "") -> None:
    """Write down what somebody did, with what, and why; ``subject`` is a reference, never a name of a citizen."""
    db.execute(insert(trail).values(at=timestamp(now), login=login, act=act, subject=subject, reason=reason))


def list_views(db: Connection, submission_id: str) -> list[Row[Any]]:
    """List who opened a body, and why."""
    mine = (trail.c.subject == submission_id) & (trail.c.act == "looked")
    return list(db.execute(select(trail).where(mine).order_by(trail.c.no)))


def list_trail(db: Connection, no: int | None, most: int) -> list[Row[Any]]:
    """List the trail, the latest first, from before a number."""
    rows = select(trail).order_by(trail.c.no.desc()).limit(most)
    return list(db.execute(rows if no is None else rows.where(trail.c.no < no)))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
