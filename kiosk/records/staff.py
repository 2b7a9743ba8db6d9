"""The staff table: who works at the ward, in which role; and behind which session each of them sits, at which counter.

A person is known everywhere else by a code (CB01) that is never given to another. Nobody is deleted, so that the trail
keeps its people; who has left is disabled. Here lies the argon2id hash of a password, and no function shows it but
``secret``. A sitting ends with its session: the store takes it along.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk import clock

Role = Literal["officer", "lead", "technician"]
ROLES: tuple[Role, ...] = get_args(Role)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)


@dataclass(frozen=True)
class Person:
    """Somebody who works at the ward."""

    code: str
    login: str
    name: str
    role: Role
    is_active: bool = True


@dataclass(frozen=True)
class Sitting:
    """A person behind a session; ``counter`` is None before one was chosen."""

    session: str
    person: Person
    counter: int | None
    since: datetime


def enlist(db: Database, person: tuple[str, str, Role], password: str, now: datetime) -> Person:
    """Write down (login, name, role) under the next code; ``password`` is its hash. The login must be free."""
    login, name, role = person
    sql = """insert into staff (code, login, name, role, password, created_at)
             select printf('CB%02d', count(*) + 1), ?, ?, ?, ?, ? from staff returning code"""
    ((code,),) = db.execute(sql, [login, name, role, password, clock.stamp(now)]).fetchall()
    return Person(code, login, name, role)


def listed(db: Database) -> list[Person]:
    """List everybody, those who have left too, in the order of their codes."""
    return [_person(row) for row in db.query("select code, login, name, role, is_active from staff order by rowid")]


def by_login(db: Database, login: str) -> Person | None:
    """Find a person by the name that is typed to sign in."""
    sql = "select code, login, name, role, is_active from staff where login = ?"
    return next((_person(row) for row in db.query(sql, [login])), None)


def names(db: Database) -> dict[str, str]:
    """Return everybody's name by code."""
    return {one.code: one.name for one in listed(db)}


def secret(db: Database, code: str) -> str:
    """Return the hash of a password, for signing in alone."""
    return str(db.execute("select password from staff where code = ?", [code]).fetchone()[0])


def set_password(db: Database, code: str, password: str) -> None:
    """Put the hash of a new password; every sitting of the person ends."""
    db.execute("update staff set password = ? where code = ?", [password, code])
    _end_all(db, code)


def disable(db: Database, code: str) -> None:
    """Let a person sign in no more; every sitting ends."""
    db.execute("update staff set is_active = 0 where code = ?", [code])
    _end_all(db, code)


def sit(db: Database, session: str, code: str) -> None:
    """Put a person behind a session."""
    db.execute("insert into sittings (session, person) values (?, ?)", [session, code])


def take_counter(db: Database, session: str, counter: int | None) -> bool:
    """Say at which counter a session sits; False when the session is gone."""
    return db.execute("update sittings set counter = ? where session = ?", [counter, session]).rowcount > 0


def sitting(db: Database, session: str) -> Sitting | None:
    """Return who sits behind a session; None once it ended or the person has left."""
    return next(iter(_sittings(db, "sittings.session = ?", [session])), None)


def at_counter(db: Database, counter: int) -> list[Sitting]:
    """List who has chosen a counter, the latest first."""
    return _sittings(db, "sittings.counter = ?", [counter])


def _sittings(db: Database, where: str, told: list[Any]) -> list[Sitting]:
    sql = f"""select session, counter, sessions.created_at as since, code, login, name, role, is_active from sittings
              join sessions on sessions.id = sittings.session join staff on staff.code = sittings.person
              where {where} and is_active order by sessions.created_at desc, session"""  # noqa: S608
    return [
        Sitting(row["session"], _person(row), row["counter"], clock.read(row["since"])) for row in db.query(sql, told)
    ]


def _person(row: dict[str, Any]) -> Person:
    return Person(row["code"], row["login"], row["name"], row["role"], bool(row["is_active"]))


def _end_all(db: Database, code: str) -> None:
    db.execute("delete from sessions where id in (select session from sittings where person = ?)", [code])
