"""`kiosk staff`: add, list and disable staff, set passwords."""

import argparse

from kiosk.acts import signing
from kiosk.cli.password_prompt import ask_new_password
from kiosk.config import Config
from kiosk.records.staff import ROLES, list_all
from kiosk.startup.context_factory import use_context


def add_staff(staff: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk staff`."""
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


def add(config: Config, args: argparse.Namespace) -> int:
    """Add a member of staff."""
    new_password = ask_new_password()
    with use_context(config) as context:
        person = signing.add_person(context, args.login, args.name, role=args.role, password=new_password)
    print(f"{person.code}: {person.name} vào bằng tên {person.login}.")
    return 0


def listing(config: Config, args: argparse.Namespace) -> int:
    """List the staff, those who have left too."""
    with use_context(config) as context, context.store.read() as db:
        people = list_all(db)
    for person in people:
        left = "" if person.is_active else "  (đã khóa)"
        print(f"{person.code:6} {person.login:20} {person.role:11} {person.name}{left}")
    return 0


def password(config: Config, args: argparse.Namespace) -> int:
    """Set the password of a member of staff, or the technician's."""
    new_password = ask_new_password()
    with use_context(config) as context:
        if args.login:
            signing.reset_password(context, args.login, new_password)
        else:
            signing.set_technician_password(context, new_password)
    print("Đã đặt mật khẩu.")
    return 0


def disable(config: Config, args: argparse.Namespace) -> int:
    """Disable a member of staff."""
    with use_context(config) as context:
        person = signing.disable_person(context, args.login)
    print(f"{person.code}: {person.name} tài khoản đã khóa.")
    return 0
