"""A lead manages the staff: add, reset a password, change a role, disable, enable. The last lead stays.

A technician manages the technicians on a page, and adds the first lead of a new machine; no other account, because
technicians see no form. `Scope` says whose accounts the actor manages.

A password that a lead sets is shown once and must be changed at the first sign-in. A technician does the same on the
machine (`kiosk staff`), where the last lead may be disabled too.
"""

from typing import Literal

from sqlite_utils import Database

from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.records import audit, desk_views, staff
from kiosk.records.desk_views import DeskView
from kiosk.records.staff import Role, Sitting, StaffMember
from kiosk.security import passwords
from kiosk.security.password_strength import random_password, require_strong

Scope = Literal["all", "technicians"]
NOT_YOURS = (
    "Tài khoản này do người phụ trách quản lý, ở trang Nhân sự và quầy.",
    "A lead manages this account, on the page of the staff.",
)
YOURSELF = (
    "Không tự khóa tài khoản đang dùng. Nhờ một cán bộ kỹ thuật khác.",
    "Nobody disables the account in use. Ask another technician.",
)
LAST_LEAD = (
    "Đây là người phụ trách cuối cùng. Cho một người khác làm phụ trách trước.",
    "This is the last lead. Make somebody else a lead first.",
)


def add_person(
    context: Context, *, login: str, name: str, role: str, actor: str, scope: Scope = "all"
) -> tuple[StaffMember, str]:
    """Add a person who may sign in; also return their temporary password.

    Raises:
        NotAllowed: the login, name or role is not valid, or the login is in use.
    """
    login = login.strip().lower()
    name = " ".join(name.split())
    valid_role = _role(role)
    if not staff.LOGIN.fullmatch(login):
        raise NotAllowed(
            "Tên đăng nhập viết 3 đến 32 chữ thường không dấu, số.", "A login is 3 to 32 small letters and digits."
        )
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise NotAllowed("Mời gõ họ tên, không quá 80 chữ.", "A name goes with it, of 80 letters at most.")
    password = random_password()
    password_hash = passwords.hash_password(password)
    with context.store.write() as db:
        is_first_lead = valid_role == "lead" and not staff.has_lead(db)
        if scope == "technicians" and valid_role != "technician" and not is_first_lead:
            raise NotAllowed(*NOT_YOURS)
        if staff.by_login(db, login):
            raise NotAllowed(f"Đã có người tên đăng nhập {login}.", f"Somebody already signs in as {login}.")
        new_member = staff.NewStaffMember(
            login=login, name=name, role=valid_role, password_hash=password_hash, is_temporary=True
        )
        person = staff.insert(db, new_member, context.clock.now())
        _note(db, context, act="enlist", actor=actor, code=person.code, detail=valid_role)
    return person, password


def reset_password(context: Context, code: str, actor: str, scope: Scope = "all") -> tuple[StaffMember, str]:
    """Set a temporary password and end all sessions of a person; return the person and the password."""
    password = random_password()
    password_hash = passwords.hash_password(password)
    with context.store.write() as db:
        person = _require_person(db, code, scope)
        staff.set_password(db, code, password_hash, is_temporary=True)
        _note(db, context, act="password", actor=actor, code=code, detail="given")
    return person, password


def set_role(context: Context, code: str, role: str, actor: str) -> StaffMember:
    """Change a person's role and end all their sessions; return the person as they were before."""
    valid_role = _role(role)
    with context.store.write() as db:
        person = _require_person(db, code)
        if valid_role != "lead" and staff.is_last_lead(db, code):
            raise NotAllowed(*LAST_LEAD)
        if person.role != valid_role:
            staff.set_role(db, code, valid_role)
            _note(db, context, act="role", actor=actor, code=code, detail=f"{person.role}/{valid_role}")
    return person


def disable_person(context: Context, code: str, actor: str, scope: Scope = "all") -> StaffMember:
    """Disable a person's sign-in and end all their sessions."""
    with context.store.write() as db:
        person = _require_person(db, code, scope)
        if scope == "technicians" and code == actor:
            raise NotAllowed(*YOURSELF)
        if staff.is_last_lead(db, code):
            raise NotAllowed(*LAST_LEAD)
        staff.disable(db, code)
        _note(db, context, act="disable", actor=actor, code=code, detail="")
    return person


def enable_person(context: Context, code: str, actor: str, scope: Scope = "all") -> StaffMember:
    """Enable the sign-in of a disabled person."""
    with context.store.write() as db:
        person = _require_person(db, code, scope)
        staff.enable(db, code)
        _note(db, context, act="enable", actor=actor, code=code, detail="")
    return person


def change_own_password(context: Context, sitting: Sitting, old: str, new: str, again: str) -> None:
    """Change one's own password and end the person's other sessions.

    Raises:
        NotAllowed: the old password is wrong, or the new one is easy to guess, the same, or typed differently.
    """
    require_strong(new, (sitting.person.login, sitting.person.name, context.config.ward.name))
    if new != again:
        raise NotAllowed("Hai lần gõ mật khẩu mới chưa giống nhau.", "The two new passwords differ.")
    if new == old:
        raise NotAllowed("Mật khẩu mới phải khác mật khẩu cũ.", "The new password must differ from the old one.")
    code = sitting.person.code
    with context.store.read() as db:
        known_hash = staff.password_hash(db, code)
    if not passwords.verify_password(known_hash, old):
        raise NotAllowed("Mật khẩu đang dùng chưa đúng. Mời gõ lại.", "The present password is not right.")
    password_hash = passwords.hash_password(new)
    with context.store.write() as db:
        staff.set_password(db, code, password_hash, keep_session=sitting.session)
        _note(db, context, act="password", actor=code, code=code, detail="own")


def set_view(context: Context, person: str, view: DeskView) -> None:
    """Set theme and text size of the desk pages for one member of the staff."""
    with context.store.write() as db:
        desk_views.put(db, person, view)


def _require_person(db: Database, code: str, scope: Scope = "all") -> StaffMember:
    person = staff.find(db, code)
    if person is None:
        raise NotFound("Không có người này trong danh sách.", "Nobody on the list has this code.")
    if scope == "technicians" and person.role != "technician":
        raise NotAllowed(*NOT_YOURS)
    return person


def _role(text: str) -> Role:
    for role in staff.ROLES:
        if role == text:
            return role
    raise NotAllowed("Mời chọn vai trò trong danh sách.", "Choose a role from the list.")


def _note(db: Database, context: Context, *, act: str, actor: str, code: str, detail: str) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=code, facts={"detail": detail})
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
