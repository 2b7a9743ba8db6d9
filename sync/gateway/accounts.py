"""Accounts of the gateway: roles, sign-in, sessions, and the trail of what people did.

The store keeps a session under the hash of its token, so a sign-out ends it for a copied cookie too. An attempt is
counted before its password is checked, in the store, because several processes serve one sign-in. Five wrong passwords
from one address lock the account for that address for 15 seconds, doubling up to 15 minutes. Other addresses stay
open, so that no stranger can lock an operator out. Argon2 runs outside any transaction, because it takes its time.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, select, update

from sync.encoding import timestamp
from sync.gateway import second_factors, trail_chain
from sync.gateway.roles import Role
from sync.gateway.tables import people, sessions, trail, tries
from sync.gateway.wards import ALL, Wards, parse_units, units_text

OPERATOR = "operator"
OPENED = "looked"
"""The act of a line of the trail: an operator has opened a body."""

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
    """A signed-in account; every form contains the token `csrf`."""

    token_hash: str
    csrf: str
    login: str
    name: str
    role: Role
    has_second_factor: bool
    wards: Wards = ALL


def is_login(text: str) -> bool:
    """Return whether a text may be the name of an account."""
    return _LOGIN.fullmatch(text) is not None


def hash_password(password: str) -> str:
    """Return the hash of a password; a text that is an argon2 hash already is returned as it is."""
    return password if password.startswith("$argon2") else _HASHER.hash(password)


def save_account(db: Connection, login: str, name: str, role: Role, password_hash: str, now: datetime) -> None:
    """Add an account, or update it and end its sessions and locks; the account is active afterwards."""
    values: dict[str, Any] = {"name": name, "role": role, "password_hash": password_hash, "is_active": True}
    if db.execute(update(people).where(people.c.login == login).values(**values)).rowcount == 0:
        db.execute(insert(people).values(login=login, added_at=timestamp(now), **values))
    db.execute(delete(tries).where(tries.c.login == login))
    end_sessions(db, login)


def set_units(db: Connection, login: str, units: Sequence[str]) -> bool:
    """Set the units that an account sees (none: all); return False when there is no such account."""
    change = update(people).where(people.c.login == login).values(units=units_text(units))
    return db.execute(change).rowcount == 1


def set_role(db: Connection, login: str, role: Role) -> bool:
    """Set the role of an account and end its sessions; return False when there is no such account."""
    end_sessions(db, login)
    return db.execute(update(people).where(people.c.login == login).values(role=role)).rowcount == 1


def find_account(db: Connection, login: str) -> Row[Any] | None:
    """Return an account, or None."""
    return db.execute(select(people).where(people.c.login == login)).one_or_none()


def list_accounts(db: Connection) -> list[Row[Any]]:
    """Return all accounts by login, disabled ones too."""
    return list(db.execute(select(people).order_by(people.c.login)))


def disable_account(db: Connection, login: str) -> bool:
    """Disable an account and end its sessions; return False when there is no such account."""
    end_sessions(db, login)
    return db.execute(update(people).where(people.c.login == login).values(is_active=False)).rowcount == 1


def end_sessions(db: Connection, login: str) -> None:
    """End every session of an account, in all browsers."""
    db.execute(delete(sessions).where(sessions.c.login == login))


def check_password(engine: Engine, login: str, password: str, address: str, now: datetime, *, code: str = "") -> bool:
    """Return whether an account may sign in with this password, and this code where it has a second factor.

    A wrong one of either stays counted for the address; one that locks the account for it is recorded in the trail.
    """
    with engine.begin() as db:
        password_hash = _count_attempt(db, login=login, address=address, now=now)
    try:
        _HASHER.verify(password_hash or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        if password_hash is not None:
            _record_lock(engine, login=login, address=address, now=now)
        return False
    if password_hash is None:
        return False
    with engine.begin() as db:
        is_right = second_factors.check(db, login, code, now)
        if is_right:
            db.execute(delete(tries).where(_is_attempt_from(login, address)))
    if not is_right:
        _record_lock(engine, login=login, address=address, now=now)
    return is_right


def _record_lock(engine: Engine, login: str, address: str, now: datetime) -> None:
    with engine.begin() as db:
        if lock_seconds(db, login=login, address=address, now=now) > 0:
            record(db, login=login, act="locked", subject=login, now=now, reason=address)


def lock_seconds(db: Connection, login: str, address: str, now: datetime) -> float:
    """Return how long an account stays locked for an address, in seconds."""
    until = db.execute(select(tries.c.closed_until).where(_is_attempt_from(login, address))).scalar()
    return 0.0 if until is None else max(0.0, (datetime.fromisoformat(until) - now).total_seconds())


@cache
def _dummy_hash() -> str:
    """Return a hash to check for an unknown account, so that it takes as long as a known one."""
    return _HASHER.hash("nobody")


def _count_attempt(db: Connection, login: str, address: str, now: datetime) -> str | None:
    """Count an attempt and return the account's password hash; None when it is unknown, disabled or locked."""
    account = db.execute(select(people).where(people.c.login == login).with_for_update()).one_or_none()
    if account is None or not account.is_active:
        return None
    is_old = tries.c.tried_at < timestamp(now - ATTEMPT_RETENTION)
    db.execute(delete(tries).where((tries.c.login == login) & is_old))
    before = db.execute(select(tries).where(_is_attempt_from(login, address))).one_or_none()
    if before is not None and before.closed_until is not None and before.closed_until > timestamp(now):
        return None
    wrong = 1 if before is None else before.wrong + 1
    closed_until = None
    if wrong >= FREE_ATTEMPTS:
        seconds = min(FIRST_LOCK_SECONDS * 2.0 ** min(wrong - FREE_ATTEMPTS, 10), MAX_LOCK_SECONDS)
        closed_until = timestamp(now + timedelta(seconds=seconds))
    db.execute(delete(tries).where(_is_attempt_from(login, address)))
    db.execute(
        insert(tries).values(
            login=login, address=address, wrong=wrong, closed_until=closed_until, tried_at=timestamp(now)
        )
    )
    return str(account.password_hash)


def _is_attempt_from(login: str, address: str) -> ColumnElement[bool]:
    return (tries.c.login == login) & (tries.c.address == address)


def sign_in(db: Connection, login: str, token: str, csrf: str, now: datetime) -> None:
    """Open a session, and delete those that have been idle too long."""
    db.execute(delete(sessions).where(sessions.c.seen_at < timestamp(now - IDLE_TIMEOUT)))
    at = timestamp(now)
    db.execute(insert(sessions).values(token_hash=_hash_token(token), login=login, csrf=csrf, opened_at=at, seen_at=at))
    record(db, login=login, act="signed_in", subject=login, now=now)


def find_session(db: Connection, token: str, now: datetime) -> Session | None:
    """Return the valid session of a token and update its last use; None when there is none."""
    is_token = sessions.c.token_hash == _hash_token(token)
    has_factor = second_factors.of_login(sessions.c.login).label("has_second_factor")
    columns = select(sessions, people.c.name, people.c.role, people.c.units, has_factor)
    joined = columns.join(people, people.c.login == sessions.c.login)
    row = db.execute(joined.where(is_token & people.c.is_active)).one_or_none()
    if row is None or row.seen_at < timestamp(now - IDLE_TIMEOUT) or row.opened_at < timestamp(now - SESSION_LIFETIME):
        return None
    db.execute(update(sessions).where(is_token).values(seen_at=timestamp(now)))
    return Session(
        token_hash=row.token_hash,
        csrf=row.csrf,
        login=row.login,
        name=row.name,
        role=row.role,
        has_second_factor=row.has_second_factor,
        wards=parse_units(row.units),
    )


def sign_out(db: Connection, session: Session, now: datetime) -> None:
    """End a session."""
    db.execute(delete(sessions).where(sessions.c.token_hash == session.token_hash))
    record(db, login=session.login, act="signed_out", subject=session.login, now=now)


def is_valid_csrf(session: Session, csrf: str) -> bool:
    """Return whether a form came from our own page."""
    return hmac.compare_digest(session.csrf.encode(), csrf.encode())


def record(db: Connection, login: str, act: str, subject: str, now: datetime, reason: str = "") -> None:
    """Add an act to the trail; `subject` is a reference, never a citizen's name."""
    trail_chain.append(db, at=timestamp(now), login=login, act=act, subject=subject, reason=reason)


def list_views(db: Connection, submission_id: str) -> list[Row[Any]]:
    """Return the entries of the trail about opening this submission's body, oldest first."""
    is_view = (trail.c.subject == submission_id) & (trail.c.act == OPENED)
    return list(db.execute(select(trail).where(is_view).order_by(trail.c.no)))


def list_trail(db: Connection, before: int | None, limit: int) -> list[Row[Any]]:
    """Return entries of the trail before a number (None: from the end), latest first."""
    rows = select(trail).order_by(trail.c.no.desc()).limit(limit)
    return list(db.execute(rows if before is None else rows.where(trail.c.no < before)))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
