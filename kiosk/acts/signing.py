"""Sign-in and sign-out of the staff; a technician adds people on the machine.

Passwords are stored as argon2id hashes, never in the settings. Hashing is slow, so it is done before a write begins.
Wrong passwords are counted by account and workstation, so that nobody can lock out an officer from another browser, and
each leaves an audit line; the typed name does not, because it may be a password. Technicians sign in like officers. On
the machine itself the maintenance page also opens by the machine's own password, which is a mark.
"""

from datetime import timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context, rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.dossiers import counter_closing
from kiosk.health import first_run
from kiosk.health.first_run import FirstRunState
from kiosk.records import audit, marks, sessions, staff, unsent_posts
from kiosk.records.staff import Role, StaffMember
from kiosk.security import passwords
from kiosk.security.password_strength import random_password, require_strong

PASSWORD_MARK = "technician.password"  # noqa: S105  # nosec B105 # the name of a mark
MACHINE = "technician"
"""Actor of the machine's own password, which belongs to no person."""
UNKNOWN = "unknown"
"""Actor of a sign-in under a name that nobody has."""
SignOutReason = Literal["", "idle", "start"]
"""Why a session ends: by its button, after idle minutes, by the citizens' start page in the same browser."""
SHIFT = timedelta(hours=14)
"""A session of the staff ends after this time, also while it is used."""
DEMO_STAFF = (
    ("hoaian", "Lê Hoài An", "officer"),
    ("minhtam", "Nguyễn Minh Tâm", "officer"),
    ("thuytrang", "Hồ Thùy Trang", "lead"),
)
"""Invented people of a practice kiosk: login, name, role."""
WRONG = ("Tên hoặc mật khẩu chưa đúng. Mời gõ lại.", "This name or password is not right. Please try again.")


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
    require_strong(password, (login, name, context.config.ward.name))
    password_hash = passwords.hash_password(password)
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
    """Set a person's password and end all their sessions.

    Raises:
        NotAllowed: the password is easy to guess.
    """
    require_strong(password, (login, context.config.ward.name))
    password_hash = passwords.hash_password(password)
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
    """Set the machine's own password for the maintenance page and end all sessions that it opened.

    Raises:
        NotAllowed: the password is easy to guess.
    """
    require_strong(password, (context.config.ward.name,))
    password_hash = passwords.hash_password(password)
    with context.store.write() as db:
        marks.put(db, PASSWORD_MARK, password_hash)
        staff.end_machine_sessions(db)
        line = audit.AuditLine(act="password", actor="cli", subject="technician")
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def change_machine_password(context: Context, *, session: str, actor: str, old: str, new: str, again: str) -> None:
    """Change the machine's own password on a page, and end the other sessions that it opened.

    Args:
        session: the session that goes on.
        actor: who changes it. A technician with an account need not know the present password: it may be forgotten.

    Raises:
        NotAllowed: the present password is wrong, or the new one is easy to guess or typed differently.
    """
    require_strong(new, (context.config.ward.name,))
    if new != again:
        raise NotAllowed("Hai lần gõ mật khẩu mới chưa giống nhau.", "The two new passwords differ.")
    with context.store.read() as db:
        known_hash = marks.get(db, PASSWORD_MARK) or ""
    if actor == MACHINE and not passwords.verify_password(known_hash, old):
        raise NotAllowed("Mật khẩu đang dùng chưa đúng. Mời gõ lại.", "The present password is not right.")
    password_hash = passwords.hash_password(new)
    with context.store.write() as db:
        marks.put(db, PASSWORD_MARK, password_hash)
        staff.end_machine_sessions(db, session)
        line = audit.AuditLine(act="password", actor=actor, subject=MACHINE, facts={"detail": "own"})
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def may_claim(context: Context) -> bool:
    """Return whether the machine is new: nobody was added, and its own password was never set."""
    with context.store.read() as db:
        return _may_claim(db)


def claim_machine(context: Context, *, session: str, password: str, again: str) -> None:
    """Set the machine's own password on a new machine, and open the first session; the page refuses it on the LAN.

    Raises:
        NotAllowed: the machine is not new, or the password is easy to guess or typed differently.
    """
    require_strong(password, (context.config.ward.name,))
    if password != again:
        raise NotAllowed("Hai lần gõ mật khẩu chưa giống nhau.", "The two passwords differ.")
    password_hash = passwords.hash_password(password)
    now = context.clock.now()
    with context.store.write() as db:
        if not _may_claim(db):
            raise NotAllowed("Máy đã có mật khẩu. Mời vào bằng mật khẩu đó.", "This machine has a password already.")
        marks.put(db, PASSWORD_MARK, password_hash)
        first_run.save(db, FirstRunState(begun_at=first_run.timestamp(context)))
        sessions.insert(db, session, audience="technician", now=now)
        line = audit.AuditLine(act="password", actor=MACHINE, subject=MACHINE, facts={"detail": "own"})
        audit.append(db, key=context.audit_key(), now=now, line=line)


def _may_claim(db: Database) -> bool:
    return marks.get(db, PASSWORD_MARK) is None and staff.is_empty(db)


def reset_demo_technician(context: Context) -> str:
    """Set a new technician password of a practice kiosk and return it."""
    password = random_password((context.config.ward.name,))
    set_technician_password(context, password)
    return password


def reset_demo_staff(context: Context) -> tuple[list[StaffMember], str]:
    """Set one new password for the invented people of a practice kiosk; return the people and the password."""
    people_names = [word for login, name, _role in DEMO_STAFF for word in (login, name)]
    password = random_password((*people_names, context.config.ward.name))
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
        SignInsBusy: others are signing in; nothing is counted.
        TooManyTries: after five wrong passwords.
    """
    guess = Guess(f"login {login[:32]}", workstation)
    rate_limit.check_address(context, workstation)
    rate_limit.check(context, guess)
    with context.store.read() as db:
        person = staff.by_login(db, login)
        known_hash = staff.password_hash(db, person.code) if person and person.is_active else passwords.dummy_hash()
    with passwords.place_for_sign_in():
        is_right = passwords.verify_password(known_hash, password) and person is not None and person.is_active
    code = person.code if person else UNKNOWN
    now = context.clock.now()
    with context.store.write() as db:
        if person is not None and is_right:
            rate_limit.clear(db, context, guess)
            audience: sessions.Audience = "technician" if person.role == "technician" else "officer"
            sessions.insert(db, session, audience=audience, now=now)
            staff.insert_sitting(db, session, code=code, workstation=workstation)
            opened = unsent_posts.OpenedSession(person=code, workstation=workstation)
            unsent_posts.record_session(db, session, opened, now)
            line = audit.AuditLine(act="sign_in", actor=code, subject=code)
        else:
            rate_limit.count_at_address(db, context, workstation)
            line = _failure_line(code, guess, rate_limit.count(db, context, guess))
        audit.append(db, key=context.audit_key(), now=now, line=line)
    if person is None or not is_right:
        raise NotAllowed(*WRONG)
    return person


def sign_in_technician(context: Context, password: str, session: str, address: str) -> None:
    """Open a technician's session by the machine's own password; the page refuses it on the LAN.

    Raises:
        NotAllowed: the password is wrong.
        TooManyTries: after five wrong passwords.
    """
    guess = Guess(MACHINE, address)
    rate_limit.check(context, guess)
    with context.store.read() as db:
        known_hash = marks.get(db, PASSWORD_MARK)
    is_right = bool(known_hash) and passwords.verify_password(known_hash or "", password)
    now = context.clock.now()
    with context.store.write() as db:
        if is_right:
            rate_limit.clear(db, context, guess)
            sessions.insert(db, session, audience="technician", now=now)
            line = audit.AuditLine(act="sign_in", actor=MACHINE, subject=MACHINE)
        else:
            line = _failure_line(MACHINE, guess, rate_limit.count(db, context, guess))
        audit.append(db, key=context.audit_key(), now=now, line=line)
    if not is_right:
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")


def sign_out(
    context: Context, session: str, actor: str = MACHINE, why: SignOutReason = "", counter: int | None = None
) -> None:
    """End a session of the staff, and close its counter, so that waiting times do not count it.

    A counter where a ticket is stays open.
    """
    with context.store.write() as db:
        if counter is not None:
            counter_closing.close(db, context, counter, actor)
        sessions.delete(db, session)
        facts = {"detail": why} if why else {}
        line = audit.AuditLine(act="sign_out", actor=actor, subject=actor, facts=facts)
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _failure_line(code: str, guess: Guess, count: int) -> audit.AuditLine:
    """Return the audit line of a wrong password; the actor is the account that was tried."""
    return audit.AuditLine(
        act="sign_in_failed", actor=code, subject=code, facts={"count": count, "workstation": guess.address}
    )


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
