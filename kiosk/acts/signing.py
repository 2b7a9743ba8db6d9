"""A technician signs in and out.

The password is never in the settings: its argon2id hash is a mark in the store. Wrong tries are counted for the whole
machine and wait on the monotonic clock.
"""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kiosk import codes
from kiosk.errors import NotAllowed, TooManyTries
from kiosk.records import audit, marks, sessions
from kiosk.room import Room

MARK = "technician.password"
LEAST_LETTERS = 8
FREE_TRIES = 5
FIRST_WAIT = 15.0
_tries: dict[int, tuple[int, float]] = {}


def set_password(room: Room, password: str) -> None:
    """Set the technician's password, at least 8 letters."""
    if len(password) < LEAST_LETTERS:
        raise NotAllowed("Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters.")
    known = PasswordHasher().hash(password)
    with room.store.write() as db:
        marks.put(db, MARK, known)
        audit.note(db, room.audit_key(), room.clock.now(), audit.Line("password", "cli", "technician"))


def sign_in(room: Room, password: str, session: str) -> None:
    """Open a technician's session under the hash of a cookie; NotAllowed, or TooManyTries after five wrong ones."""
    wrong, until = _tries.get(id(room.store), (0, 0.0))
    if room.clock.monotonic() < until:
        raise TooManyTries
    with room.store.read() as db:
        known = marks.get(db, MARK)
    if not known or not _fits(known, password):
        wrong += 1
        wait = FIRST_WAIT * 2.0 ** (wrong - FREE_TRIES) if wrong >= FREE_TRIES else 0.0
        _tries[id(room.store)] = (wrong, room.clock.monotonic() + wait)
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")
    _tries.pop(id(room.store), None)
    with room.store.write() as db:
        sessions.open(db, session, "technician", room.clock.now())
        audit.note(db, room.audit_key(), room.clock.now(), audit.Line("sign_in", "technician", "technician"))


def sign_out(room: Room, session: str) -> None:
    """End a technician's session for good."""
    with room.store.write() as db:
        sessions.close(db, session)
        audit.note(db, room.audit_key(), room.clock.now(), audit.Line("sign_out", "technician", "technician"))


def demo_password(room: Room) -> str:
    """Give the technician of a practice kiosk a new password and return it."""
    password = codes.claim_code()
    set_password(room, password)
    return password


def _fits(known: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(known, password)
    except VerifyMismatchError:
        return False
