"""What a lead does with the staff: take up, new password, other role, let go, take back; the last lead stays.

A password that somebody else gives is shown once and changed at the first sign-in. The technician does the same on the
machine (``kiosk staff``), where the last lead may go too.
"""

from sqlite_utils import Database

from kiosk import codes, passwords
from kiosk.context import Context
from kiosk.errors import NotAllowed, NotFound
from kiosk.records import audit, staff
from kiosk.records.staff import Person, Role, Sitting

LEAST_LETTERS = 8
LAST_LEAD = (
    "Đây là người phụ trách cuối cùng. Cho một người khác làm phụ trách trước.",
    "This is the last lead. Make somebody else a lead first.",
)


def take_up(context: Context, told: tuple[str, str, str], actor: str) -> tuple[Person, str]:
    """Let somebody (login, name, role) sign in from now on; also return the password to be handed over."""
    login, name, role = told[0].strip().lower(), " ".join(told[1].split()), _role(told[2])
    if not staff.LOGIN.fullmatch(login):
        raise NotAllowed(
            "Tên đăng nhập viết 3 đến 32 chữ thường không dấu, số.", "A login is 3 to 32 small letters and digits."
        )
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise NotAllowed("Mời gõ họ tên, không quá 80 chữ.", "A name goes with it, of 80 letters at most.")
    password = codes.claim_code()
    known = passwords.hashed(password)
    with context.store.write() as db:
        if staff.by_login(db, login):
            raise NotAllowed(f"Đã có người tên đăng nhập {login}.", f"Somebody already signs in as {login}.")
        person = staff.enlist(db, (login, name, role), known, context.clock.now(), is_temporary=True)
        _note(db, context, "enlist", actor, person.code, role)
    return person, password


def give_password(context: Context, code: str, actor: str) -> tuple[Person, str]:
    """Give somebody a new password, and return it; wherever they are signed in, they are out."""
    password = codes.claim_code()
    known = passwords.hashed(password)
    with context.store.write() as db:
        person = _known(db, code)
        staff.set_password(db, code, known, is_temporary=True)
        _note(db, context, "password", actor, code, "given")
    return person, password


def set_role(context: Context, code: str, role: str, actor: str) -> Person:
    """Give somebody another role; wherever they are signed in, they are out."""
    wanted = _role(role)
    with context.store.write() as db:
        person = _known(db, code)
        if wanted != "lead" and staff.is_last_lead(db, code):
            raise NotAllowed(*LAST_LEAD)
        if person.role != wanted:
            staff.set_role(db, code, wanted)
            _note(db, context, "role", actor, code, f"{person.role}/{wanted}")
    return person


def let_go(context: Context, code: str, actor: str) -> Person:
    """Let somebody sign in no more; wherever they are signed in, they are out."""
    with context.store.write() as db:
        person = _known(db, code)
        if staff.is_last_lead(db, code):
            raise NotAllowed(*LAST_LEAD)
        staff.disable(db, code)
        _note(db, context, "disable", actor, code, "")
    return person


def take_back(context: Context, code: str, actor: str) -> Person:
    """Let somebody who had left sign in again."""
    with context.store.write() as db:
        person = _known(db, code)
        staff.enable(db, code)
        _note(db, context, "enable", actor, code, "")
    return person


def change_own_password(context: Context, sitting: Sitting, old: str, new: str, again: str) -> None:
    """Choose another password oneself; every other session of the person ends."""
    if len(new) < LEAST_LETTERS:
        raise NotAllowed("Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters.")
    if new != again:
        raise NotAllowed("Hai lần gõ mật khẩu mới chưa giống nhau.", "The two new passwords differ.")
    if new == old:
        raise NotAllowed("Mật khẩu mới phải khác mật khẩu cũ.", "The new password must differ from the old one.")
    with context.store.read() as db:
        current = staff.secret(db, sitting.person.code)
    if not passwords.fits(current, old):
        raise NotAllowed("Mật khẩu đang dùng chưa đúng. Mời gõ lại.", "The present password is not right.")
    known = passwords.hashed(new)
    with context.store.write() as db:
        staff.set_password(db, sitting.person.code, known, but=sitting.session)
        _note(db, context, "password", sitting.person.code, sitting.person.code, "own")


def _known(db: Database, code: str) -> Person:
    found = staff.find(db, code)
    if found is None:
        raise NotFound("Không có người này trong danh sách.", "Nobody on the list has this code.")
    return found


def _role(told: str) -> Role:
    for role in staff.ROLES:
        if role == told:
            return role
    raise NotAllowed("Mời chọn vai trò trong danh sách.", "Choose a role from the list.")


def _note(db: Database, context: Context, act: str, actor: str, code: str, detail: str) -> None:
    line = audit.AuditLine(act, actor, code, {"detail": detail})
    audit.note(db, context.audit_key(), context.clock.now(), line)
