"""The staff table: who works at the ward, in which role; and behind which session each of them sits, at which counter.

A person is known everywhere else by a code (CB01) that is never given to another. Nobody is deleted, so that the trail
keeps its people; who has left is disabled. Here lie the argon2id hashes of password and PIN, and no function shows them
but ``secret`` and ``pin``. A sitting belongs to the workstation where it was opened, and ends with its session: the
store takes it along.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk import clock

Role = Literal["officer", "lead", "technician", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)
MOST_MISSES = 5
_SHOWN = "code, login, name, role, is_active, is_temporary, pin is not null as has_pin"


@dataclass(frozen=True)
class Person:
    """Somebody who works at the ward."""

    code: str
    login: str
    name: str
    role: Role
    is_active: bool = True
    is_temporary: bool = False
    has_pin: bool = False
    """`is_temporary`: the password was given by somebody else, and is changed before anything else."""


@dataclass(frozen=True)
class Sitting:
    """A person behind a session; ``counter`` is None before one was chosen."""

    session: str
    person: Person
    counter: int | None
    since: datetime
    seen: datetime
    workstation: str
    is_locked: bool = False
    misses: int = 0


def enlist(
    db: Database, person: tuple[str, str, Role], password: str, now: datetime, *, is_temporary: bool = False
) -> Person:
    """Write down (login, name, role) under the next code; ``password`` is its hash. The login must be free."""
    login, name, role = person
    sql = """insert into staff (code, login, name, role, password, created_at, is_temporary)
             select printf('CB%02d', count(*) + 1), ?, ?, ?, ?, ?, ? from staff returning code"""
    ((code,),) = db.execute(sql, [login, name, role, password, clock.stamp(now), int(is_temporary)]).fetchall()
    return Person(code, login, name, role, is_temporary=is_temporary)


def listed(db: Database) -> list[Person]:
    """List everybody, those who have left too, in the order of their codes."""
    return [_person(row) for row in db.query(f"select {_SHOWN} from staff order by rowid")]  # noqa: S608


def by_login(db: Database, login: str) -> Person | None:
    """Find a person by the name that is typed to sign in."""
    return next((_person(row) for row in db.query(f"select {_SHOWN} from staff where login = ?", [login])), None)  # noqa: S608


def find(db: Database, code: str) -> Person | None:
    """Find a person by code."""
    return next((_person(row) for row in db.query(f"select {_SHOWN} from staff where code = ?", [code])), None)  # noqa: S608


def names(db: Database) -> dict[str, str]:
    """Return everybody's name by code."""
    return {one.code: one.name for one in listed(db)}


def secret(db: Database, code: str) -> str:
    """Return the hash of a password, for signing in alone."""
    return str(db.execute("select password from staff where code = ?", [code]).fetchone()[0])


def pin(db: Database, code: str) -> str | None:
    """Return the hash of a PIN, for unlocking alone; None when the person has none."""
    found = db.execute("select pin from staff where code = ?", [code]).fetchone()[0]
    return str(found) if found else None


def set_password(db: Database, code: str, password: str, *, is_temporary: bool = False, but: str | None = None) -> None:
    """Put the hash of a new password; every sitting ends, `but` one. A temporary password takes the PIN away."""
    sql = "update staff set password = ?, is_temporary = ?, pin = iif(?, null, pin) where code = ?"
    db.execute(sql, [password, int(is_temporary), int(is_temporary), code])
    _end_all(db, code, but)


def set_pin(db: Database, code: str, pin: str) -> None:
    """Put the hash of a PIN."""
    db.execute("update staff set pin = ? where code = ?", [pin, code])


def set_role(db: Database, code: str, role: Role) -> None:
    """Give a person another role; every sitting ends, because it was opened for the old one."""
    db.execute("update staff set role = ? where code = ?", [role, code])
    _end_all(db, code)


def disable(db: Database, code: str) -> None:
    """Let a person sign in no more; every sitting ends."""
    db.execute("update staff set is_active = 0 where code = ?", [code])
    _end_all(db, code)


def enable(db: Database, code: str) -> None:
    """Let a person sign in again."""
    db.execute("update staff set is_active = 1 where code = ?", [code])


def is_last_lead(db: Database, code: str) -> bool:
    """Tell whether nobody else could look after the staff."""
    leads = db.execute("select code from staff where role = 'lead' and is_active").fetchall()
    return leads == [(code,)]


def sit(db: Database, session: str, code: str, workstation: str = "") -> None:
    """Put a person behind a session that was opened at a workstation."""
    db.execute("insert into sittings (session, person, workstation) values (?, ?, ?)", [session, code, workstation])


def lock(db: Database, session: str) -> bool:
    """Lock a sitting; False when it was locked, or is gone."""
    return db.execute("update sittings set is_locked = 1 where session = ? and not is_locked", [session]).rowcount > 0


def unlock(db: Database, session: str) -> None:
    """Open a locked sitting, and forget the misses."""
    db.execute("update sittings set is_locked = 0, misses = 0 where session = ?", [session])


def miss(db: Database, session: str) -> int:
    """Count a wrong PIN; return how many tries are left, and end the session with the last."""
    sql = "update sittings set misses = misses + 1 where session = ? and misses < ? returning misses"
    found = db.execute(sql, [session, MOST_MISSES]).fetchall()
    left = MOST_MISSES - found[0][0] if found else 0
    if left == 0:
        db.execute("delete from sessions where id = ?", [session])
    return left


def take_counter(db: Database, session: str, counter: int | None) -> bool:
    """Say at which counter a session sits; False when the session is gone."""
    return db.execute("update sittings set counter = ? where session = ?", [counter, session]).rowcount > 0


def sitting(db: Database, session: str, audience: str | None = None) -> Sitting | None:
    """Return who sits behind a session, of one audience where it is named; None once it ended or they have left."""
    where = "sittings.session = ? and sessions.audience = coalesce(?, sessions.audience)"
    return next(iter(_sittings(db, where, [session, audience])), None)


def at_counter(db: Database, counter: int) -> list[Sitting]:
    """List who has chosen a counter, the latest first."""
    return _sittings(db, "sittings.counter = ?", [counter])


def of_person(db: Database, code: str) -> list[Sitting]:
    """List where a person is signed in, the latest first."""
    return _sittings(db, "sittings.person = ?", [code])


def _sittings(db: Database, where: str, told: list[Any]) -> list[Sitting]:
    sql = f"""select session, counter, workstation, is_locked, misses, sessions.created_at as since,
                sessions.seen_at as seen, {_SHOWN} from sittings
              join sessions on sessions.id = sittings.session join staff on staff.code = sittings.person
              where {where} and is_active order by sessions.created_at desc, sessions.rowid desc"""  # noqa: S608
    return [_sitting(row) for row in db.query(sql, told)]


def _sitting(row: dict[str, Any]) -> Sitting:
    since, seen = clock.read(row["since"]), clock.read(row["seen"])
    locked = bool(row["is_locked"])
    return Sitting(row["session"], _person(row), row["counter"], since, seen, row["workstation"], locked, row["misses"])


def _person(row: dict[str, Any]) -> Person:
    flags = [bool(row[name]) for name in ("is_active", "is_temporary", "has_pin")]
    return Person(row["code"], row["login"], row["name"], row["role"], *flags)


def _end_all(db: Database, code: str, but: str | None = None) -> None:
    sql = "delete from sessions where id in (select session from sittings where person = ?) and id is not ?"
    db.execute(sql, [code, but])
