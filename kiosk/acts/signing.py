"""People of the ward sign in and out; who may is written down by the technician on the machine.

Passwords are argon2id hashes in the store, never in the settings; hashing takes its time, so it is done before a write
begins. Wrong tries are counted by account and workstation, so that nobody locks an officer out from another browser,
and wait on the monotonic clock. The maintenance page also opens by the machine's own password, which is a mark.
"""

from dataclasses import dataclass
from datetime import timedelta

from kiosk import codes, passwords
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound, TooManyTries
from kiosk.records import audit, counters, marks, sessions, staff
from kiosk.records.staff import Person, Role, Sitting

MARK = "technician.password"
LEAST_LETTERS = 8
FREE_TRIES = 5
FIRST_WAIT = 15.0
MOST_COUNTED = 1000
SHIFT = timedelta(hours=14)
"""A session of the staff ends after this, however busy it was."""
DEMO = (
    ("hoaian", "Lê Hoài An", "officer"),
    ("minhtam", "Nguyễn Minh Tâm", "officer"),
    ("thuytrang", "Hồ Thùy Trang", "lead"),
)
"""The made-up people of a practice kiosk: login, name, role."""
WRONG = ("Tên hoặc mật khẩu chưa đúng. Mời gõ lại.", "This name or password is not right. Please try again.")


@dataclass(frozen=True)
class Seat:
    """A counter that somebody sat down at, and who had to rise for it."""

    counter: int
    displaced: tuple[Sitting, ...]


_tries: dict[tuple[int, str, str], tuple[int, float]] = {}


def enlist(context: Context, login: str, name: str, role: str, password: str) -> Person:
    """Let somebody sign in from now on; NotAllowed when the login, role or password cannot be."""
    name = " ".join(name.split())
    if not staff.LOGIN.fullmatch(login) or not 1 <= len(name) <= 80 or not name.isprintable():
        raise NotAllowed(
            "Tên đăng nhập viết 3 đến 32 chữ thường, số; kèm họ tên.",
            "A login is 3 to 32 small letters and digits; a name goes with it.",
        )
    known, now, as_role = _hash(password), context.clock.now(), _role(role)
    with context.store.write() as db:
        if staff.by_login(db, login):
            raise NotAllowed(f"Đã có người tên đăng nhập {login}.", f"Somebody already signs in as {login}.")
        person = staff.enlist(db, (login, name, as_role), known, now)
        audit.note(db, context.audit_key(), now, audit.AuditLine("enlist", "cli", person.code, {"role": role}))
    return person


def change_password(context: Context, login: str, password: str) -> Person:
    """Give somebody a new password; wherever they are signed in, they are out."""
    known = _hash(password)
    with context.store.write() as db:
        person = _named(staff.by_login(db, login))
        staff.set_password(db, person.code, known)
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("password", "cli", person.code))
    return person


def disable(context: Context, login: str) -> Person:
    """Let somebody sign in no more; wherever they are signed in, they are out."""
    with context.store.write() as db:
        person = _named(staff.by_login(db, login))
        staff.disable(db, person.code)
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("disable", "cli", person.code))
    return person


def enter(context: Context, login: str, password: str, session: str, workstation: str) -> Person:
    """Open a session of a person's own under the hash of a cookie; NotAllowed, or TooManyTries after five wrong ones.

    An unknown name takes as long as a wrong password and says the same, so that nobody learns who works here.
    """
    count_as = (context.store.no, login[:32], workstation)
    _refuse_hasty(context, count_as)
    with context.store.read() as db:
        person = staff.by_login(db, login)
        known = staff.secret(db, person.code) if person and person.is_active else passwords.nobodys()
    if not passwords.fits(known, password) or person is None or not person.is_active:
        _count(context, count_as)
        raise NotAllowed(*WRONG)
    _tries.pop(count_as, None)
    now = context.clock.now()
    audience: sessions.Audience = "technician" if person.role == "technician" else "officer"
    with context.store.write() as db:
        sessions.open(db, session, audience, now)
        staff.sit(db, session, person.code, workstation)
        audit.note(db, context.audit_key(), now, audit.AuditLine("sign_in", person.code, person.code))
    return person


def take_counter(context: Context, session: str, counter: int) -> Seat | None:
    """Sit down at a counter of the settings and open it; None when the session is gone.

    Who sat there, or the same person at another browser, has no counter from now on: the newer one calls.
    """
    if context.config.counter(counter) is None:
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    with context.store.write() as db:
        found = staff.sitting(db, session)
        if found is None:
            return None
        now, code = context.clock.now(), found.person.code
        there = [*staff.at_counter(db, counter), *staff.of_person(db, code)]
        others = {one.session: one for one in there if one.session != session and one.counter is not None}
        for other in others:
            staff.take_counter(db, other, None)
        staff.take_counter(db, session, counter)
        counters.open(db, context.clock.today(), counter, now, code)
        facts = {"displaced": len(others)}
        audit.note(db, context.audit_key(), now, audit.AuditLine("take_counter", code, str(counter), facts))
    return Seat(counter, tuple(others.values()))


def set_password(context: Context, password: str) -> None:
    """Set the machine's own password for the maintenance page, at least 8 letters."""
    known = _hash(password)
    with context.store.write() as db:
        marks.put(db, MARK, known)
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("password", "cli", "technician"))


def sign_in(context: Context, password: str, session: str) -> None:
    """Open a technician's session by the machine's own password; NotAllowed, or TooManyTries after five wrong ones."""
    count_as = (context.store.no, "", "")
    _refuse_hasty(context, count_as)
    with context.store.read() as db:
        known = marks.get(db, MARK)
    if not known or not passwords.fits(known, password):
        _count(context, count_as)
        raise NotAllowed("Mật khẩu chưa đúng. Mời gõ lại.", "This password is not right. Please try again.")
    _tries.pop(count_as, None)
    with context.store.write() as db:
        sessions.open(db, session, "technician", context.clock.now())
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("sign_in", "technician", "technician"))


def sign_out(context: Context, session: str, actor: str = "technician") -> None:
    """End a session of the staff for good."""
    with context.store.write() as db:
        sessions.close(db, session)
        audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine("sign_out", actor, actor))


def demo_password(context: Context) -> str:
    """Give the technician of a practice kiosk a new password and return it."""
    password = codes.claim_code()
    set_password(context, password)
    return password


def demo_staff(context: Context) -> tuple[list[Person], str]:
    """Give the made-up people of a practice kiosk one new password; return them and it."""
    password, people = codes.claim_code(), []
    for login, name, role in DEMO:
        with context.store.read() as db:
            is_known = staff.by_login(db, login) is not None
        people.append(
            change_password(context, login, password) if is_known else enlist(context, login, name, role, password)
        )
    return people, password


def refuse_hasty(context: Context, what: str, workstation: str) -> None:
    """Refuse who guessed five times at something, from one workstation; TooManyTries."""
    _refuse_hasty(context, (context.store.no, what, workstation))


def count_wrong(context: Context, what: str, workstation: str) -> None:
    """Count a wrong guess at something, from one workstation."""
    _count(context, (context.store.no, what, workstation))


def _refuse_hasty(context: Context, count_as: tuple[int, str, str]) -> None:
    _wrong, until = _tries.get(count_as, (0, 0.0))
    left = until - context.clock.monotonic()
    if left > 0:
        raise TooManyTries(max(1, round(left)))


def _count(context: Context, count_as: tuple[int, str, str]) -> None:
    wrong = _tries.pop(count_as, (0, 0.0))[0] + 1
    wait = FIRST_WAIT * 2.0 ** (wrong - FREE_TRIES) if wrong >= FREE_TRIES else 0.0
    while len(_tries) >= MOST_COUNTED:
        _tries.pop(next(iter(_tries)))
    _tries[count_as] = (wrong, context.clock.monotonic() + wait)


def _hash(password: str) -> str:
    if len(password) < LEAST_LETTERS:
        raise NotAllowed("Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters.")
    return passwords.hashed(password)


def _role(told: str) -> Role:
    for role in staff.ROLES:
        if role == told:
            return role
    raise NotAllowed(
        "Vai trò là officer, lead, technician hoặc auditor.", "A role is officer, lead, technician or auditor."
    )


def _named(person: Person | None) -> Person:
    if person is None:
        raise NotFound("Không có ai tên đăng nhập này.", "Nobody signs in by this name.")
    return person
