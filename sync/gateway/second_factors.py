"""Second factor of an account: a code of six digits that changes every 30 seconds (TOTP, RFC 6238, SHA-1).

An app on the person's phone makes it from a secret. The secret is sealed with the key that is not in the database. A
code counts once. Eight recovery codes for a lost phone are kept as hashes, and each counts once too.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, select, update

from sync.gateway import sealing
from sync.gateway.tables import second_factors

STEP_SECONDS = 30
SECRET_BYTES = 20
SEALED = "second-factor"
RECOVERY_CODES = 8
ISSUER = "Cong tiep nhan"
"""Name that the app shows; some apps show no letters with marks."""
_DRIFT_STEPS = (0, -1, 1)
"""A phone's clock may be half a minute off."""
_DIGITS = 6


def new_secret() -> str:
    """Return a new secret in the form that apps take: 32 letters and digits of base32."""
    return base64.b32encode(os.urandom(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Return whether a text is a secret of this form."""
    try:
        return len(base64.b32decode(text)) == SECRET_BYTES
    except ValueError:
        return False


def address(login: str, secret: str) -> str:
    """Return what an app reads from a QR code (Key Uri Format, https://github.com/google/google-authenticator)."""
    members = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{ISSUER}:{login}')}?{members}"


def code_at(secret: str, at: datetime, drift: int = 0) -> str:
    """Return the code of a secret at a time, or some steps later."""
    return _code(secret, _step(at) + drift)


def is_on(db: Connection, login: str) -> bool:
    """Return whether an account needs a code."""
    return _find(db, login) is not None


def of_login(login: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a column of logins has one that needs a code."""
    return exists().where(second_factors.c.login == login)


def with_factor(db: Connection) -> frozenset[str]:
    """Return the logins of all accounts that need a code."""
    return frozenset(db.execute(select(second_factors.c.login)).scalars())


def turn_on(
    db: Connection, login: str, secret: str, typed: str, now: datetime, make_code: Callable[[], str]
) -> list[str] | None:
    """Turn the second factor on, if the code is right; return the recovery codes, which are shown once."""
    step = _matching_step(secret, typed, now)
    if step is None:
        return None
    codes = [make_code() for _ in range(RECOVERY_CODES)]
    turn_off(db, login)
    sealed = sealing.sealer(db).seal(SEALED, login, secret.encode())
    hashes = json.dumps([_hash(login, code) for code in codes])
    db.execute(insert(second_factors).values(login=login, sealed=sealed, used_step=step, recovery=hashes))
    return codes


def turn_off(db: Connection, login: str) -> bool:
    """Turn the second factor off; return False where there was none."""
    return db.execute(delete(second_factors).where(second_factors.c.login == login)).rowcount == 1


def check(db: Connection, login: str, typed: str, now: datetime) -> bool:
    """Return whether a typed code is right and was not used before; an account without a second factor needs none."""
    row = _find(db, login)
    if row is None:
        return True
    secret = sealing.sealer(db).open(SEALED, login, row.sealed).decode()
    step = _matching_step(secret, typed, now)
    is_login = second_factors.c.login == login
    if step is not None:
        later = update(second_factors).where(is_login & (second_factors.c.used_step < step))
        return db.execute(later.values(used_step=step)).rowcount == 1
    return _use_recovery_code(db, row, typed)


def recovery_left(db: Connection, login: str) -> int:
    """Return how many recovery codes an account has left."""
    row = _find(db, login)
    return len(json.loads(row.recovery)) if row is not None else 0


def _use_recovery_code(db: Connection, row: Row[Any], typed: str) -> bool:
    hashes: list[str] = json.loads(row.recovery)
    used = _hash(row.login, typed)
    if used not in hashes:
        return False
    left = json.dumps([code_hash for code_hash in hashes if code_hash != used])
    is_same = (second_factors.c.login == row.login) & (second_factors.c.recovery == row.recovery)
    return db.execute(update(second_factors).where(is_same).values(recovery=left)).rowcount == 1


def _find(db: Connection, login: str) -> Row[Any] | None:
    return db.execute(select(second_factors).where(second_factors.c.login == login)).one_or_none()


def _matching_step(secret: str, typed: str, now: datetime) -> int | None:
    digits = "".join(typed.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    steps = [_step(now) + drift for drift in _DRIFT_STEPS]
    return next((step for step in steps if hmac.compare_digest(_code(secret, step), digits)), None)


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _code(secret: str, step: int) -> str:
    """Return the digits of a step (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def _hash(login: str, code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"{login} {letters}".encode()).hexdigest()
