"""A session of the desk locks, by a touch or because nobody touched anything, and is opened by a PIN.

A PIN opens nothing but a session that was opened by password at the same workstation; five wrong ones end it. How long
nobody touched anything is told by the monotonic clock; after a restart, by when the store last saw the session, and a
wall clock that stands before that locks too. The hash of a PIN is reckoned outside the write.
"""

from datetime import timedelta
from typing import Literal

from kiosk import passwords
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound
from kiosk.records import audit, sessions, staff
from kiosk.records.staff import Sitting

Outcome = Literal["open", "wrong", "ended"]
PIN_LENGTH = 6
EASY = ("0123456789", "9876543210")
SEEN_EVERY = 60.0
"""Seconds: the store hears that a session is alive no more often than this."""
MOST_KEPT = 1000
_touched: dict[tuple[int, str], tuple[float, float]] = {}
"""Session -> when it was last touched, and when the store last heard of it; both monotonic."""


def is_idle(context: Context, sitting: Sitting) -> bool:
    """Tell whether nobody touched a session for so long that it locks."""
    most = context.config.lock.minutes * 60
    known = _touched.get((context.store.no, sitting.session))
    if known is not None:
        return context.clock.monotonic() - known[0] >= most
    passed = context.clock.now() - sitting.seen
    return not timedelta(seconds=-60) <= passed < timedelta(seconds=most)


def touch(context: Context, sitting: Sitting) -> None:
    """Note that somebody is there."""
    key, now = (context.store.no, sitting.session), context.clock.monotonic()
    told = _touched.pop(key, (now, now - SEEN_EVERY - 1))[1]
    is_due = now - told > SEEN_EVERY
    while len(_touched) >= MOST_KEPT:
        _touched.pop(next(iter(_touched)))
    _touched[key] = (now, now if is_due else told)
    if is_due:
        with context.store.write() as db:
            sessions.seen(db, sitting.session, context.clock.now())


def lock(context: Context, session: str, why: Literal["touch", "idle"]) -> bool:
    """Lock a session; False when it was locked, or is gone."""
    with context.store.write() as db:
        found = staff.sitting(db, session)
        if found is None or not staff.lock(db, session):
            return False
        audit.note(db, context.audit_key(), context.clock.now(), _line("lock", found, why))
    return True


def unlock(context: Context, session: str, told: str, workstation: str) -> tuple[Outcome, int]:
    """Open a locked session by its person's PIN (the password, while there is none); also how many tries are left."""
    with context.store.read() as db:
        found = staff.sitting(db, session)
        known = (staff.pin(db, found.person.code) or staff.secret(db, found.person.code)) if found else ""
    if found is None or found.workstation != workstation:
        return "ended", 0
    is_right = passwords.fits(known, told)
    with context.store.write() as db:
        left = staff.MOST_MISSES
        if is_right and staff.sitting(db, session):
            staff.unlock(db, session)
        else:
            is_right, left = False, staff.miss(db, session)
        act = "unlock" if is_right else "unlock_failed"
        audit.note(db, context.audit_key(), context.clock.now(), _line(act, found, str(left)))
    _touched[(context.store.no, session)] = (context.clock.monotonic(), context.clock.monotonic() - SEEN_EVERY - 1)
    if is_right:
        return "open", left
    return ("wrong", left) if left else ("ended", 0)


def set_pin(context: Context, sitting: Sitting, password: str, pin: str, again: str) -> None:
    """Give oneself a PIN; NotAllowed when the password is wrong or the PIN is easy to guess."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_LENGTH):
        raise NotAllowed("Mã mở khóa là 6 chữ số.", "A PIN is six digits.")
    if len(set(pin)) < 3 or any(pin in row for row in EASY):
        raise NotAllowed(
            "Mã này dễ đoán. Chọn 6 số khác, không phải số lặp hay số liền nhau.",
            "This PIN is easy to guess. Choose six other digits, not repeated and not in a row.",
        )
    if pin != again:
        raise NotAllowed("Hai lần gõ mã chưa giống nhau.", "The two PINs differ.")
    with context.store.read() as db:
        known = staff.secret(db, sitting.person.code)
    if not passwords.fits(known, password):
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")
    hashed = passwords.hashed(pin)
    with context.store.write() as db:
        if staff.sitting(db, sitting.session) is None:
            raise NotFound
        staff.set_pin(db, sitting.person.code, hashed)
        audit.note(db, context.audit_key(), context.clock.now(), _line("pin", sitting, ""))


def _line(act: str, sitting: Sitting, detail: str) -> audit.AuditLine:
    return audit.AuditLine(
        act, sitting.person.code, sitting.person.code, {"counter": sitting.counter, "detail": detail}
    )
