"""Commands for who may sign in: add, list, password, disable."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kiosk.acts import signing
from kiosk.app import open_context
from kiosk.config import Config
from kiosk.context import Context
from kiosk.records.staff import ROLES, listed


def add_to(commands: Any) -> None:
    """Add `kiosk staff`."""
    staff = commands.add_parser("staff", help="people who sign in: add, list, password, disable")
    acts = staff.add_subparsers(dest="what", required=True, metavar="what")
    adding = acts.add_parser("add", help="let somebody sign in; the password is asked for, or read from standard input")
    adding.add_argument("login", help="3 to 32 small letters and digits")
    adding.add_argument("name", help="first and last name")
    adding.add_argument("--role", choices=ROLES, default="officer")
    adding.set_defaults(act=add)
    acts.add_parser("list", help="everybody: code, login, name, role").set_defaults(act=listing)
    changing = acts.add_parser("password", help="a new password; wherever the person is signed in, they are out")
    changing.add_argument("login", nargs="?", help="whose; left out: the machine's own, for the maintenance page")
    changing.set_defaults(act=password)
    disabling = acts.add_parser("disable", help="let somebody sign in no more")
    disabling.add_argument("login")
    disabling.set_defaults(act=disable)


def add(config: Config, asked: argparse.Namespace) -> int:
    """Let somebody sign in from now on."""
    told = _password()
    with _open(config) as context:
        person = signing.enlist(context, asked.login, asked.name, asked.role, told)
    print(f"{person.code}: {person.name} vào bằng tên {person.login}.")
    return 0


def listing(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001 - one signature
    """Say who signs in, those who have left too."""
    with _open(config) as context, context.store.read() as db:
        found = listed(db)
    for one in found:
        print(f"{one.code:6} {one.login:20} {one.role:11} {one.name}{'' if one.is_active else '  (đã nghỉ)'}")
    return 0


def password(config: Config, asked: argparse.Namespace) -> int:
    """Set somebody's password, or the machine's own for the maintenance page."""
    told = _password()
    with _open(config) as context:
        if asked.login:
            signing.change_password(context, asked.login, told)
        else:
            signing.set_password(context, told)
    print("Đã đặt mật khẩu.")
    return 0


def disable(config: Config, asked: argparse.Namespace) -> int:
    """Let somebody sign in no more."""
    with _open(config) as context:
        person = signing.disable(context, asked.login)
    print(f"{person.code}: {person.name} không vào được nữa.")
    return 0


def _password() -> str:
    return getpass.getpass("Mật khẩu mới: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


@contextmanager
def _open(config: Config) -> Iterator[Context]:
    context = open_context(config)
    try:
        yield context
    finally:
        context.store.close()
