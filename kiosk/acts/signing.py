"""Sign-in and sign-out of the staff; a technician adds people on the machine.

Passwords are stored as argon2id hashes, never in the settings. Hashing is slow, so it is done before a write begins.
Wrong passwords are counted by account and workstation, so that nobody can lock out an officer from another browser. The
waits use the monotonic clock. The maintenance page also opens by the machine's own password, which is a mark.
"""

from dataclasses import dataclass
from datetime import timedelta

from kiosk import codes, passwords
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound, TooManyTries
from kiosk.records import audit, counters, marks, sessions, staff
from kiosk.records.staff import Role, Sitting, StaffMember

PASSWORD_MARK = "technician.password"  # noqa: S105 - the name of a mark
MIN_PASSWORD_LENGTH = 8
FREE_TRIES = 5
FIRST_WAIT = 15.0
"""Seconds to wait after the fifth wrong password; doubled with each further one."""
MAX_COUNTED = 1000
SHIFT = timedelta(hours=14)
"""A session of the staff ends after this time, also while it is used."""
DEMO_STAFF = (
    ("hoaian", "Lê Hoài An", "officer"),
    ("minhtam", "Nguyễn Minh Tâm", "officer"),
    ("thuytrang", "Hồ Thùy Trang", "lead"),
)
"""Invented people of a practice kiosk: login, name, role."""
WRONG = ("Tên hoặc mật khẩu chưa đúng. Mời gõ lại.", "This name or password is not right. Please try again.")


@dataclass(frozen=True)
class CounterAssignment:
    """A counter that an officer sat down at, and the sittings that lost their counter by it."""

    counter: int
    displaced: tuple[Sitting, ...]


_FailureKey = tuple[int, str, str]
"""Store, account or other subject, workstation."""
_failures: dict[_FailureKey, tuple[int, float]] = {}
"""The number of wrong guesses, and the monotonic time until which the next one is refused."""


# --- people, by the technician on the machine


def add_person(context: Context, login: str, name: str, role: str, password: str) -> StaffMember:
    """Add a person who may sign in.

    Raises:
        NotAllowed: the login, name, role or password is not valid, or the login is in use.
    """
    name = " ".join(name.split())
    if not staff.LOGIN.fullmatch(login) or not 1 <= len(name) <= 80 or not name.isprintable():
        raise NotAllowed(
            "Tên đăng nhập viết 3 đến 32 chữ thường, số; kèm họ tên.",
            "A login is 3 to 32 small letters and digits; a name goes with it.",
        )
    password_hash = _hash(password)
    valid_role = _role(role)
    now = context.clock.now()
    with context.store.write() as db:
        if staff.by_login(db, login):
            raise NotAllowed(f"Đã có người tên đăng nhập {login}.", f"Somebody already signs in as {login}.")
        new_member = staff.NewStaffMember(login=login, name=name, role=valid_role, password_hash=password_hash)
        person = staff.insert(db, new_member, now)
        line = audit.AuditLine(act="enlist", actor="cli", subject=person.code, facts={"role": role})
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return person


def reset_password(context: Context, login: str, password: str) -> StaffMember:
    """Set a person's password and end all their sessions."""
    password_hash = _hash(password)
    with context.store.write() as db:
        person = _require_person(staff.by_login(db, login))
        staff.set_password(db, person.code, password_hash)
        line = audit.AuditLine(act="password", actor="cli", subject=person.code)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return person


def disable_person(context: Context, login: str) -> StaffMember:
    """Disable a person's sign-in and end all their sessions."""
    with context.store.write() as db:
        person = _require_person(staff.by_login(db, login))
        staff.disable(db, person.code)
        line = audit.AuditLine(act="disable", actor="cli", subject=person.code)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
    return person


def set_technician_password(context: Context, password: str) -> None:
    """Set the machine's own password for the maintenance page, at least 8 characters."""
    password_hash = _hash(password)
    with context.store.write() as db:
        marks.put(db, PASSWORD_MARK, password_hash)
        line = audit.AuditLine(act="password", actor="cli", subject="technician")
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def reset_demo_technician(context: Context) -> str:
    """Set a new technician password of a practice kiosk and return it."""
    password = codes.random_password()
    set_technician_password(context, password)
    return password


def reset_demo_staff(context: Context) -> tuple[list[StaffMember], str]:
    """Set one new password for the invented people of a practice kiosk; return the people and the password."""
    password = codes.random_password()
    people = []
    for login, name, role in DEMO_STAFF:
        with context.store.read() as db:
            is_known = staff.by_login(db, login) is not None
        if is_known:
            people.append(reset_password(context, login, password))
        else:
            people.append(add_person(context, login=login, name=name, role=role, password=password))
    return people, password


# --- sessions


def sign_in(context: Context, login: str, password: str, session: str, workstation: str) -> StaffMember:
    """Open a person's session.

    An unknown login takes as long as a wrong password and gets the same message, so that nobody learns who works here.

    Args:
        session: the hash of the session's cookie.

    Raises:
        NotAllowed: login or password is wrong.
        TooManyTries: after five wrong passwords.
    """
    failure_key = (context.store.instance_no, login[:32], workstation)
    _check_rate_limit(context, failure_key)
    with context.store.read() as db:
        person = staff.by_login(db, login)
        known_hash = staff.password_hash(db, person.code) if person and person.is_active else passwords.dummy_hash()
    if not passwords.verify_password(known_hash, password) or person is None or not person.is_active:
        _count_failure(context, failure_key)
        raise NotAllowed(*WRONG)
    _failures.pop(failure_key, None)
    now = context.clock.now()
    audience: sessions.Audience = "technician" if person.role == "technician" else "officer"
    with context.store.write() as db:
        sessions.insert(db, session, audience=audience, now=now)
        staff.insert_sitting(db, session, code=person.code, workstation=workstation)
        line = audit.AuditLine(act="sign_in", actor=person.code, subject=person.code)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return person


def sign_in_technician(context: Context, password: str, session: str) -> None:
    """Open a technician's session by the machine's own password.

    Raises:
        NotAllowed: the password is wrong.
        TooManyTries: after five wrong passwords.
    """
    failure_key = (context.store.instance_no, "", "")
    _check_rate_limit(context, failure_key)
    with context.store.read() as db:
        known_hash = marks.get(db, PASSWORD_MARK)
    if not known_hash or not passwords.verify_password(known_hash, password):
        _count_failure(context, failure_key)
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")
    _failures.pop(failure_key, None)
    now = context.clock.now()
    with context.store.write() as db:
        sessions.insert(db, session, audience="technician", now=now)
        line = audit.AuditLine(act="sign_in", actor="technician", subject="technician")
        audit.append(db, key=context.audit_key(), now=now, line=line)


def sit_at_counter(context: Context, session: str, counter: int) -> CounterAssignment | None:
    """Assign a counter to a session and open the counter; None when the session has ended.

    Any other session at this counter, or of the same person, loses its counter: the newest one calls.

    Raises:
        NotFound: the settings have no such counter.
    """
    if context.config.counter(counter) is None:
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    with context.store.write() as db:
        sitting = staff.find_sitting(db, session)
        if sitting is None:
            return None
        now = context.clock.now()
        code = sitting.person.code
        rivals = [*staff.sittings_at(db, counter), *staff.sittings_of(db, code)]
        displaced = {rival.session: rival for rival in rivals if rival.session != session and rival.counter is not None}
        for other_session in displaced:
            staff.set_counter(db, other_session, None)
        staff.set_counter(db, session, counter)
        counters.open(db, context.clock.today(), counter=counter, now=now, actor=code)
        facts = {"displaced": len(displaced)}
        line = audit.AuditLine(act="take_counter", actor=code, subject=str(counter), facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return CounterAssignment(counter, tuple(displaced.values()))


def sign_out(context: Context, session: str, actor: str = "technician") -> None:
    """End a session of the staff."""
    with context.store.write() as db:
        sessions.delete(db, session)
        line = audit.AuditLine(act="sign_out", actor=actor, subject=actor)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


# --- rate limit


def check_rate_limit(context: Context, what: str, workstation: str) -> None:
    """Raise TooManyTries after five wrong guesses at something from one workstation."""
    _check_rate_limit(context, (context.store.instance_no, what, workstation))


def count_failure(context: Context, what: str, workstation: str) -> None:
    """Count a wrong guess at something from one workstation."""
    _count_failure(context, (context.store.instance_no, what, workstation))


def _check_rate_limit(context: Context, key: _FailureKey) -> None:
    _count, until = _failures.get(key, (0, 0.0))
    seconds_left = until - context.clock.monotonic()
    if seconds_left > 0:
        raise TooManyTries(max(1, round(seconds_left)))


def _count_failure(context: Context, key: _FailureKey) -> None:
    count = _failures.pop(key, (0, 0.0))[0] + 1
    wait = FIRST_WAIT * 2.0 ** (count - FREE_TRIES) if count >= FREE_TRIES else 0.0
    while len(_failures) >= MAX_COUNTED:
        _failures.pop(next(iter(_failures)))
    _failures[key] = (count, context.clock.monotonic() + wait)


def _hash(password: str) -> str:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise NotAllowed("Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters.")
    return passwords.hash_password(password)


def _role(text: str) -> Role:
    for role in staff.ROLES:
        if role == text:
            return role
    raise NotAllowed(
        "Vai trò là officer, lead, technician hoặc auditor.", "A role is officer, lead, technician or auditor."
    )


def _require_person(person: StaffMember | None) -> StaffMember:
    if person is None:
        raise NotFound("Không có ai tên đăng nhập này.", "Nobody signs in by this name.")
    return person
