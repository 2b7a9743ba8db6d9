"""Passwords and PINs, kept as argon2id hashes (RFC 9106): to hash and compare takes its time, so never in a write."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kiosk import codes

hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Return what the store keeps of a password."""
    return hasher.hash(password)


def fits(known: str, told: str) -> bool:
    """Tell whether a password is the one that was hashed."""
    try:
        return hasher.verify(known, told)
    except VerifyMismatchError:
        return False


@cache
def nobodys() -> str:
    """Return a hash that no password opens, so that an unknown name takes as long as a wrong password."""
    return hashed(codes.token())
