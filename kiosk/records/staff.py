"""The staff and sittings tables: the ward's officers, and their signed-in sessions (sittings) with counters.

Elsewhere a person is known only by a code (CB01), which is never given to another. Nobody is deleted, so that the audit
trail keeps its actors; people who have left are disabled. Only `password_hash` and `pin_hash` return the argon2id
hashes. A sitting belongs to the workstation where it was opened, and is deleted with its session by a foreign key.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk.base import clock

Role = Literal["officer", "lead", "technician", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)
MAX_MISSES = 5
_COLUMNS = "code, login, name, role, is_active, is_temporary, pin is not null as has_pin"


@dataclass(frozen=True)
class StaffMember:
    """A person who works at the ward; a temporary password must be changed before anything else."""

    code: str
    login: str
    name: str
    role: Role
    is_active: bool = True
    is_temporary: bool = False
    has_pin: bool = False


@dataclass(frozen=True)
class NewStaffMember:
    """A person before the first sign-in, with an argon2id hash."""

    login: str
    name: str
    role: Role
    password_hash: str
    is_temporary: bool = False


@dataclass(frozen=True)
class Sitting:
    """A person's signed-in session; `counter` is None before one was chosen."""

    session: str
    person: StaffMember
    counter: int | None
    since: datetime
    seen: datetime
    workstation: str
    is_locked: bool = False
    misses: int = 0


def insert(db: Database, new: NewStaffMember, now: datetime) -> StaffMember:
    """Insert a person under the next code; the login must be free."""
    sql = """insert into staff (code, login, name, role, password, created_at, is_temporary)
             select printf('CB%02d', count(*) + 1), ?, ?, ?, ?, ?, ? from staff returning code"""
    args = [new.login, new.name, new.role, new.password_hash, clock.timestamp(now), int(new.is_temporary)]
    ((code,),) = db.execute(sql, args).fetchall()
    return StaffMember(code=code, login=new.login, name=new.name, role=new.role, is_temporary=new.is_temporary)


def list_all(db: Database) -> list[StaffMember]:
    """Return everybody, disabled people too, in the order of their codes."""
    return _members(db, "order by rowid")


def by_login(db: Database, login: str) -> StaffMember | None:
    """Return a person by login."""
    return next(iter(_members(db, "where login = ?", login)), None)


def find(db: Database, code: str) -> StaffMember | None:
    """Return a person by code."""
    return next(iter(_members(db, "where code = ?", code)), None)


def names(db: Database) -> dict[str, str]:
    """Return everybody's name by code."""
    return {member.code: member.name for member in list_all(db)}


def password_hash(db: Database, code: str) -> str:
    """Return the hash of a password; only for signing in."""
    return str(db.execute("select password from staff where code = ?", [code]).fetchone()[0])


def pin_hash(db: Database, code: str) -> str | None:
    """Return the hash of a PIN, only for unlocking; None when the person has none."""
    (pin,) = db.execute("select pin from staff where code = ?", [code]).fetchone()
    return str(pin) if pin else None


def set_password(
    db: Database, code: str, password_hash: str, *, is_temporary: bool = False, keep_session: str | None = None
) -> None:
    """Set a password and end the person's other sessions than `keep_session`; a temporary one deletes the PIN."""
    sql = "update staff set password = ?, is_temporary = ?, pin = iif(?, null, pin) where code = ?"
    db.execute(sql, [password_hash, int(is_temporary), int(is_temporary), code])
    _end_sessions(db, code, keep_session)


def set_pin(db: Database, code: str, pin_hash: str) -> None:
    """Set a PIN."""
    db.execute("update staff set pin = ? where code = ?", [pin_hash, code])


def set_role(db: Database, code: str, role: Role) -> None:
    """Set a person's role and end their sessions, which were opened for the old role."""
    db.execute("update staff set role = ? where code = ?", [role, code])
    _end_sessions(db, code)


def disable(db: Database, code: str) -> None:
    """Disable a person's sign-in and end their sessions."""
    db.execute("update staff set is_active = 0 where code = ?", [code])
    _end_sessions(db, code)


def enable(db: Database, code: str) -> None:
    """Enable a person's sign-in."""
    db.execute("update staff set is_active = 1 where code = ?", [code])


def is_last_lead(db: Database, code: str) -> bool:
    """Return whether a person is the only active lead."""
    leads = db.execute("select code from staff where role = 'lead' and is_active").fetchall()
    return leads == [(code,)]


def has_lead(db: Database) -> bool:
    """Return whether there is an active lead."""
    return db.execute("select 1 from staff where role = 'lead' and is_active").fetchone() is not None


def is_empty(db: Database) -> bool:
    """Return whether nobody was ever added."""
    return db.execute("select 1 from staff").fetchone() is None


def insert_sitting(db: Database, session: str, code: str, workstation: str = "") -> None:
    """Insert the sitting of a person in a session that was opened at a workstation."""
    db.execute("insert into sittings (session, person, workstation) values (?, ?, ?)", [session, code, workstation])


def lock(db: Database, session: str) -> bool:
    """Lock a sitting; return False when it was locked before or is gone."""
    return db.execute("update sittings set is_locked = 1 where session = ? and not is_locked", [session]).rowcount > 0


def unlock(db: Database, session: str) -> None:
    """Unlock a sitting and reset its count of wrong PINs."""
    db.execute("update sittings set is_locked = 0, misses = 0 where session = ?", [session])


def count_wrong_pin(db: Database, session: str) -> int:
    """Count a wrong PIN and return the tries left; the session ends when none is left."""
    sql = "update sittings set misses = misses + 1 where session = ? and misses < ? returning misses"
    rows = db.execute(sql, [session, MAX_MISSES]).fetchall()
    left = MAX_MISSES - rows[0][0] if rows else 0
    if left == 0:
        db.execute("delete from sessions where id = ?", [session])
    return left


def set_counter(db: Database, session: str, counter: int | None) -> bool:
    """Set the counter of a sitting; return False when the session is gone."""
    return db.execute("update sittings set counter = ? where session = ?", [counter, session]).rowcount > 0


def find_sitting(db: Database, session: str, audience: str | None = None) -> Sitting | None:
    """Return a session's sitting, if it is of the audience and the person is active."""
    where = "sittings.session = ? and sessions.audience = coalesce(?, sessions.audience)"
    return next(iter(_sittings(db, where, [session, audience])), None)


def sittings_at(db: Database, counter: int) -> list[Sitting]:
    """Return the sittings at a counter, newest first."""
    return _sittings(db, "sittings.counter = ?", [counter])


def sittings_of(db: Database, code: str) -> list[Sitting]:
    """Return a person's sittings, newest first."""
    return _sittings(db, "sittings.person = ?", [code])


def end_machine_sessions(db: Database, keep_session: str | None = None) -> None:
    """End the technician's sessions without a sitting, which the machine's own password opened, but `keep_session`."""
    sql = """delete from sessions where audience = 'technician' and id not in (select session from sittings)
             and id is not ?"""
    db.execute(sql, [keep_session])


def _members(db: Database, where: str, *args: str) -> list[StaffMember]:
    rows = db.query(f"select {_COLUMNS} from staff {where}", args)  # noqa: S608  # nosec B608 # constants of this module
    return [_member(row) for row in rows]


def _sittings(db: Database, where: str, args: list[Any]) -> list[Sitting]:
    sql = f"""select session, counter, workstation, is_locked, misses, sessions.created_at as since,
                sessions.seen_at as seen, {_COLUMNS} from sittings
              join sessions on sessions.id = sittings.session join staff on staff.code = sittings.person
              where {where} and is_active order by sessions.created_at desc, sessions.rowid desc"""  # noqa: S608  # nosec B608 # constants of this module
    return [_sitting(row) for row in db.query(sql, args)]


def _sitting(row: dict[str, Any]) -> Sitting:
    return Sitting(
        session=row["session"],
        person=_member(row),
        counter=row["counter"],
        since=clock.parse_timestamp(row["since"]),
        seen=clock.parse_timestamp(row["seen"]),
        workstation=row["workstation"],
        is_locked=bool(row["is_locked"]),
        misses=row["misses"],
    )


def _member(row: dict[str, Any]) -> StaffMember:
    return StaffMember(
        code=row["code"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        is_active=bool(row["is_active"]),
        is_temporary=bool(row["is_temporary"]),
        has_pin=bool(row["has_pin"]),
    )


def _end_sessions(db: Database, code: str, keep_session: str | None = None) -> None:
    sql = "delete from sessions where id in (select session from sittings where person = ?) and id is not ?"
    db.execute(sql, [code, keep_session])
