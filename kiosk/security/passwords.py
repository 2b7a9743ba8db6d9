"""Password and PIN hashes: argon2id (RFC 9106).

Hashing is slow on purpose, so no hash is made or checked inside a write transaction. It takes 64 MB, so one is made at
a time: sixteen threads with strangers' sign-ins would take a gigabyte.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kiosk.base import codes
from kiosk.base.errors import SignInsBusy

hasher = PasswordHasher()
_one_at_a_time = Lock()
_sign_ins = BoundedSemaphore(3)
"""One sign-in is checked and two wait: strangers' sign-ins leave five of the eight threads of the LAN to pages."""


@contextmanager
def place_for_sign_in() -> Iterator[None]:
    """Hold one of the few places in which a sign-in may wait for its check.

    Raises:
        SignInsBusy: all are taken.
    """
    if not _sign_ins.acquire(blocking=False):
        raise SignInsBusy
    try:
        yield
    finally:
        _sign_ins.release()


def hash_password(password: str) -> str:
    """Return the hash that the store keeps of a password."""
    with _one_at_a_time:
        return hasher.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Return whether a password has this hash."""
    try:
        with _one_at_a_time:
            return hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False


@cache
def dummy_hash() -> str:
    """Return a hash that no password has, so that an unknown login takes as long as a wrong password."""
    return hash_password(codes.token())
