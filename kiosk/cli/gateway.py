"""Commands of the gateway: serve, and who may sign in there, and which kiosks it knows.

The gateway's database is not the kiosk's store: these commands know nothing of a ward but its ports and its shelf.
SQLAlchemy is an extra, so it is imported where a gateway is really meant.
"""

import argparse
import getpass
import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kiosk import codes
from kiosk.app import open_catalogue
from kiosk.cli import gateway_usb
from kiosk.cli.gateway_database import CONSOLE, open_database, place, plain_errors
from kiosk.cli.run import add_practice, leave
from kiosk.clock import SYSTEM, local
from kiosk.config import Config
from kiosk.errors import BadSettings

if TYPE_CHECKING:
    from sync.gateway import Form

DATABASE = "KIOSK_GATEWAY_DATABASE"
ROLES = ("operator", "auditor")


def serve(config: Config, asked: argparse.Namespace) -> int:
    """Serve kiosks and the gateway's people until told to stop."""
    from sync.gateway import Enrolment, Settings, serve

    if asked.data:
        config = replace(config, kiosk=replace(config.kiosk, data=asked.data))
    database = place(config, asked)
    signal.signal(signal.SIGTERM, leave)
    here = Enrolment(asked.code, config.kiosk.id, config.ward.unit_code)
    is_own = database == str(config.gateway_path)
    settings = Settings(
        database=database,
        operator_password=asked.password or (codes.token() if is_own else ""),
        now=SYSTEM.now,
        token=codes.token,
        port=asked.listen or config.gateway_port,
        practice=config.kiosk.practice,
        enrolment=(here,) if asked.code else (),
        catalogue=() if config.kiosk.practice else _catalogue(config),
        forward_to=asked.forward,
        forward_interval=asked.forward_every,
        metrics_port=asked.metrics_port,
    )
    if config.kiosk.practice and is_own:
        _lay_out_stick_key(config, asked)
    with plain_errors():
        serve(settings, ready=lambda address: print(f"Gateway ready at {address}", flush=True))
    return 0


def _lay_out_stick_key(config: Config, asked: argparse.Namespace) -> None:
    """Let the kiosk of this practice write sticks at once; a ward asks its province for the key."""
    from sync.gateway import usb

    with open_database(config, asked) as db:
        key = usb.public_key(db, SYSTEM.now())
    config.practice_stick_path.write_text(f"{key}\n", encoding="ascii")


def add_person(config: Config, asked: argparse.Namespace) -> int:
    """Let somebody sign in to the gateway from now on."""
    from sync.gateway import accounts

    if not accounts.is_login(asked.login):
        raise BadSettings(
            "Tên đăng nhập: 3 đến 32 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối.",
            "A login has 3 to 32 small letters, digits, dots or hyphens.",
        )
    secret = accounts.hashed_password(_password())
    with open_database(config, asked) as db:
        accounts.put(db, asked.login, asked.name, asked.role, secret, SYSTEM.now())
        accounts.note(db, CONSOLE, "added", asked.login, SYSTEM.now(), asked.role)
    print(f"{asked.name} vào cổng bằng tên {asked.login}.")
    return 0


def list_people(config: Config, asked: argparse.Namespace) -> int:
    """Say who signs in to the gateway, those who have left too."""
    from sync.gateway import accounts

    with open_database(config, asked) as db:
        found = accounts.listed(db)
    for one in found:
        print(f"{one.login:20} {one.role:10} {one.name}{'' if one.is_active else '  (đã nghỉ)'}")
    return 0


def set_password(config: Config, asked: argparse.Namespace) -> int:
    """Give somebody a new password; wherever the person is signed in, they are out."""
    from sync.gateway import accounts

    secret = accounts.hashed_password(_password())
    with open_database(config, asked) as db:
        row = accounts.find(db, asked.login)
        if row is None:
            raise _nobody(asked.login)
        accounts.put(db, row.login, row.name, row.role, secret, SYSTEM.now())
        accounts.note(db, CONSOLE, "password", row.login, SYSTEM.now())
    print("Đã đặt mật khẩu.")
    return 0


def disable_person(config: Config, asked: argparse.Namespace) -> int:
    """Let somebody sign in to the gateway no more."""
    from sync.gateway import accounts

    with open_database(config, asked) as db:
        if not accounts.disable(db, asked.login):
            raise _nobody(asked.login)
        accounts.note(db, CONSOLE, "disabled", asked.login, SYSTEM.now())
    print(f"{asked.login} không vào được nữa.")
    return 0


def give_code(config: Config, asked: argparse.Namespace) -> int:
    """Make a one-time code for a kiosk."""
    from sync.gateway import Enrolment, contract_schema, kiosks

    if contract_schema.faults("KioskId", asked.kiosk_id) or contract_schema.faults("UnitCode", asked.unit_code):
        raise BadSettings(
            "Mã máy là hai chữ in và hai đến bốn số (PK03); mã đơn vị ví dụ H57.99.01.",
            "A kiosk is two capitals and two to four digits (PK03); a unit is such as H57.99.01.",
        )
    code = kiosks.code_from(codes.token())
    with open_database(config, asked) as db:
        kiosks.add_code(db, Enrolment(code, asked.kiosk_id, asked.unit_code), SYSTEM.now(), may_replace=asked.renewal)
        _note(db, "gave_renewal" if asked.renewal else "gave_code", asked.kiosk_id, asked.unit_code)
    print(f"Mã {'đổi khóa' if asked.renewal else 'ghi danh'} của {asked.kiosk_id}, dùng một lần trong 24 giờ: {code}")
    return 0


def list_kiosks(config: Config, asked: argparse.Namespace) -> int:
    """Say which kiosks the gateway knows, and when each was last here."""
    from sync.gateway import kiosks

    with open_database(config, asked) as db:
        found = kiosks.listed(db)
    for one in found:
        state = "  (đã thu hồi)" if one.revoked_at else ""
        print(f"{one.kiosk_id:6} {one.unit_code:20} {one.seen_at or 'chưa lần nào':24} {one.last_seq}{state}")
    return 0


def revoke(config: Config, asked: argparse.Namespace) -> int:
    """Take a kiosk's key away."""
    from sync.gateway import kiosks

    with open_database(config, asked) as db:
        if not kiosks.revoke(db, asked.kiosk_id, SYSTEM.now()):
            raise BadSettings(f"Không có máy nào đang dùng mã {asked.kiosk_id}.", f"No live kiosk {asked.kiosk_id}.")
        _note(db, "revoked", asked.kiosk_id, asked.reason)
    print(f"Đã thu hồi khóa của {asked.kiosk_id}.")
    return 0


def add_to(commands: Any) -> None:
    """Add `kiosk gateway` with its options and subcommands."""
    gateway = commands.add_parser("gateway", help="the gateway: for practice here, on PostgreSQL for a province")
    gateway.set_defaults(act=serve)
    gateway.add_argument("--code", default="", help="a one-time code that enrols this kiosk")
    gateway.add_argument("--password", default="", help="the password of the account `operator`")
    gateway.add_argument("--data", default="", help="another folder than kiosk.toml names")
    gateway.add_argument(
        "--database", default=os.environ.get(DATABASE, ""), help=f"postgresql://...; default: a file (also: {DATABASE})"
    )
    gateway.add_argument("--listen", type=int, default=0, metavar="PORT", help="the gateway's own port")
    gateway.add_argument("--forward", default="", metavar="PLACE", help="the far side, such as folder:/var/lib/noted")
    gateway.add_argument(
        "--forward-every", type=float, default=0.2, metavar="SECONDS", help="the shortest time between two hand-overs"
    )
    gateway.add_argument("--metrics-port", type=int, default=0, metavar="PORT", help="Prometheus figures, on loopback")
    kinds = gateway.add_subparsers(dest="what", metavar="what")
    _add_people(kinds.add_parser("staff", help="who signs in to the gateway: add, list, password, disable"))
    _add_kiosks(kinds.add_parser("kiosk", help="which kiosks it knows: code, list, revoke"))
    gateway_usb.add_to(kinds)
    add_practice(gateway)


def _add_people(staff: argparse.ArgumentParser) -> None:
    acts = staff.add_subparsers(dest="verb", required=True, metavar="verb")
    add = acts.add_parser("add", help="let somebody sign in; the password is asked for, or read from standard input")
    add.add_argument("login", help="3 to 32 small letters, digits, dots, hyphens")
    add.add_argument("name", help="first and last name")
    add.add_argument("--role", choices=ROLES, default=ROLES[0])
    add.set_defaults(act=add_person)
    acts.add_parser("list", help="everybody").set_defaults(act=list_people)
    for name, act, said in (
        ("password", set_password, "a new password; wherever the person is signed in, they are out"),
        ("disable", disable_person, "let somebody sign in no more"),
    ):
        one = acts.add_parser(name, help=said)
        one.add_argument("login")
        one.set_defaults(act=act)


def _add_kiosks(kiosk: argparse.ArgumentParser) -> None:
    acts = kiosk.add_subparsers(dest="verb", required=True, metavar="verb")
    code = acts.add_parser("code", help="a one-time code for a kiosk and its unit, good for 24 hours")
    code.add_argument("kiosk_id", help="such as PK03")
    code.add_argument("unit_code", help="such as H57.99.01")
    code.add_argument("--renewal", action="store_true", help="for a kiosk that is live and gets another key")
    code.set_defaults(act=give_code)
    acts.add_parser("list", help="every kiosk and when it was last here").set_defaults(act=list_kiosks)
    gone = acts.add_parser("revoke", help="take a kiosk's key away")
    gone.add_argument("kiosk_id")
    gone.add_argument("reason", help="why; it is kept")
    gone.set_defaults(act=revoke)


def _catalogue(config: Config) -> tuple["Form", ...]:
    """Tell kiosks the forms of this machine's shelf."""
    from sync.gateway import Form

    found = open_catalogue(config).all(local(SYSTEM.now()).date())
    return tuple(Form(one.code, one.id, one.version, one.effective_from.isoformat()) for one in found)


def _note(db: Any, act: str, subject: str, reason: str) -> None:
    from sync.gateway import accounts

    accounts.note(db, CONSOLE, act, subject, SYSTEM.now(), reason)


def _nobody(login: str) -> BadSettings:
    return BadSettings(f"Không có tài khoản {login}.", f"There is no account {login}.")


def _password() -> str:
    told = getpass.getpass("Mật khẩu mới: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(told) < 8:
        raise BadSettings("Mật khẩu cần ít nhất 8 ký tự.", "A password needs at least 8 characters.")
    return told
