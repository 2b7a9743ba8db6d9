"""Lock a session of the staff, by a button or when it is idle, and unlock it by a PIN.

A PIN unlocks only a session that was signed in by password at the same workstation; five wrong ones end it. Idle time
is measured by the monotonic clock. After a restart it is measured from when the store last saw the session; a wall
clock that was set back before that time locks too. PIN hashes are computed outside the write.
"""

from datetime import datetime, timedelta
from typing import Literal

from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.records import audit, sessions, staff
from kiosk.records.staff import Sitting
from kiosk.security import passwords

UnlockOutcome = Literal["open", "wrong", "ended"]
PIN_LENGTH = 6
EASY_ROWS = ("0123456789", "9876543210")
SEEN_EVERY = 60.0
"""Seconds: how often at most the store is told that a session is active."""
MAX_KNOWN_SESSIONS = 1000
_last_active: dict[tuple[int, str], tuple[float, float]] = {}
"""(store, session) -> time of the last activity, and of its last write to the store; both monotonic."""


def is_idle(context: Context, session: str, seen: datetime) -> bool:
    """Return whether a session was idle for so long that it locks; `seen` is its last time in the store."""
    limit = context.config.lock.minutes * 60
    times = _last_active.get((context.store.instance_no, session))
    if times is not None:
        return context.clock.monotonic() - times[0] >= limit
    idle = context.clock.now() - seen
    return not timedelta(seconds=-60) <= idle < timedelta(seconds=limit)


def record_activity(context: Context, session: str) -> None:
    """Record that a session is active."""
    key = (context.store.instance_no, session)
    now = context.clock.monotonic()
    _, written_at = _last_active.pop(key, (now, now - SEEN_EVERY - 1))
    is_due = now - written_at > SEEN_EVERY
    while len(_last_active) >= MAX_KNOWN_SESSIONS:
        _last_active.pop(next(iter(_last_active)))
    _last_active[key] = (now, now if is_due else written_at)
    if is_due:
        with context.store.write() as db:
            sessions.touch(db, session, context.clock.now())


def lock(context: Context, session: str, why: Literal["touch", "idle"]) -> bool:
    """Lock a session; False when it is locked already, or has ended."""
    with context.store.write() as db:
        sitting = staff.find_sitting(db, session)
        if sitting is None or not staff.lock(db, session):
            return False
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=_line("lock", sitting, why))
    return True


def unlock(context: Context, session: str, pin: str, workstation: str) -> tuple[UnlockOutcome, int]:
    """Unlock a session by its person's PIN (the password, while they have no PIN).

    Returns:
        The outcome, and how many tries are left.
    """
    with context.store.read() as db:
        sitting = staff.find_sitting(db, session)
        known_hash = ""
        if sitting:
            known_hash = staff.pin_hash(db, sitting.person.code) or staff.password_hash(db, sitting.person.code)
    if sitting is None or sitting.workstation != workstation:
        return "ended", 0
    is_right = passwords.verify_password(known_hash, pin)
    with context.store.write() as db:
        left = staff.MAX_MISSES
        if is_right and staff.find_sitting(db, session):
            staff.unlock(db, session)
        else:
            is_right = False
            left = staff.count_wrong_pin(db, session)
        act = "unlock" if is_right else "unlock_failed"
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=_line(act, sitting, str(left)))
    now = context.clock.monotonic()
    _last_active[(context.store.instance_no, session)] = (now, now - SEEN_EVERY - 1)
    if is_right:
        return "open", left
    return ("wrong", left) if left else ("ended", 0)


def set_pin(context: Context, sitting: Sitting, password: str, pin: str, again: str) -> None:
    """Set one's own PIN.

    Raises:
        NotAllowed: the password is wrong, or the PIN is easy to guess.
        NotFound: the session has ended.
    """
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_LENGTH):
        raise NotAllowed("Mã mở khóa là 6 chữ số.", "A PIN is six digits.")
    if len(set(pin)) < 3 or any(pin in row for row in EASY_ROWS):
        raise NotAllowed(
            "Mã này dễ đoán. Chọn 6 số khác, không phải số lặp hay số liền nhau.",
            "This PIN is easy to guess. Choose six other digits, not repeated and not in a row.",
        )
    if pin != again:
        raise NotAllowed("Hai lần gõ mã chưa giống nhau.", "The two PINs differ.")
    with context.store.read() as db:
        known_hash = staff.password_hash(db, sitting.person.code)
    if not passwords.verify_password(known_hash, password):
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")
    pin_hash = passwords.hash_password(pin)
    with context.store.write() as db:
        if staff.find_sitting(db, sitting.session) is None:
            raise NotFound
        staff.set_pin(db, sitting.person.code, pin_hash)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=_line("pin", sitting, ""))


def _line(act: str, sitting: Sitting, detail: str) -> audit.AuditLine:
    code = sitting.person.code
    facts = {"counter": sitting.counter, "detail": detail}
    return audit.AuditLine(act=act, actor=code, subject=code, facts=facts)
