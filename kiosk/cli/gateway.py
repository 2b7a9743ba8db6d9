"""`kiosk gateway`: serve it; manage its accounts and kiosks.

The gateway's database is not the kiosk's store: of the ward's settings only ports and the catalogue are used.
SQLAlchemy is an optional extra, so it is imported inside the commands.
"""

import argparse
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.base import codes
from kiosk.base.clock import SYSTEM, local
from kiosk.base.errors import BadSettings
from kiosk.cli import gateway_message, gateway_payment, gateway_target, gateway_trail, gateway_usb
from kiosk.cli.gateway_database import CONSOLE, DATABASE, KEY, open_database, place, plain_errors
from kiosk.cli.password_prompt import ask_new_password
from kiosk.cli.process import PRACTICE_CODE, PRACTICE_PASSWORD, add_practice, exit_on_sigterm
from kiosk.config import Config
from kiosk.security.password_strength import require_strong
from kiosk.startup.context_factory import open_catalogue
from sync.versions import parse_version

if TYPE_CHECKING:
    from sync.gateway import FormVersion

URL = "KIOSK_GATEWAY_URL"
RELEASES = "KIOSK_GATEWAY_RELEASES"
STANDBY = "KIOSK_GATEWAY_STANDBY"
REQUIRED = "required"
MINIMUM = "KIOSK_GATEWAY_MINIMUM_VERSION"
SECOND_FACTOR = "KIOSK_GATEWAY_SECOND_FACTOR"
ROLES = ("viewer", "operator", "editor", "approver", "administrator")
SECOND_FACTOR_ROLES = "approver administrator"
VOLUNTARY = "voluntary"


def serve(config: Config, args: argparse.Namespace) -> int:
    """Serve kiosks and the pages of operators until SIGTERM."""
    from sync.gateway import Enrolment, GatewaySettings, serve

    if args.data:
        config = replace(config, kiosk=replace(config.kiosk, data=args.data))
    if args.minimum_version and parse_version(args.minimum_version) is None:
        raise BadSettings(
            f"Bản cũ nhất mà cổng nhận phải viết như 0.3.0; đang là {args.minimum_version}.",
            f"The oldest release is written such as 0.3.0; it is {args.minimum_version}.",
        )
    if args.standby not in ("", REQUIRED):
        raise BadSettings(
            f"{STANDBY} chỉ nhận “{REQUIRED}”, hoặc để trống; đang là {args.standby}.",
            f"{STANDBY} is “{REQUIRED}” or empty; it is {args.standby}.",
        )
    factor_roles = _second_factor_roles(config, args)
    database = place(config, args)
    signal.signal(signal.SIGTERM, exit_on_sigterm)
    code = os.environ.get(PRACTICE_CODE, "")
    enrolment = Enrolment(code, config.kiosk.id, config.ward.unit_code)
    is_own = database == str(config.gateway_path)
    with plain_errors():
        settings = GatewaySettings(
            database=database,
            operator_password=os.environ.get(PRACTICE_PASSWORD) or (codes.token() if is_own else ""),
            now=SYSTEM.now,
            token=codes.token,
            port=args.listen or config.gateway_port,
            public_urls=_public_urls(config, args),
            practice=config.kiosk.practice,
            enrolment=(enrolment,) if code else (),
            catalogue=() if config.kiosk.practice else _catalogue(config),
            forward_to=args.forward,
            forward_interval=args.forward_every,
            send_messages=args.messages,
            metrics_port=args.metrics_port,
            key_file=os.environ.get(KEY, ""),
            keep_days=args.keep_days,
            minimum_version=args.minimum_version,
            releases=str(Path(args.releases).resolve()) if args.releases else "",
            needs_standby=args.standby == REQUIRED,
            second_factor_roles=factor_roles,
        )
    if config.kiosk.practice and is_own:
        _write_practice_stick_key(config, args)
        _write_practice_account(config, args)
    with plain_errors():
        serve(settings, ready=lambda address: print(f"Gateway ready at {address}", flush=True))
    return 0


def _second_factor_roles(config: Config, args: argparse.Namespace) -> Any:
    """Return the roles that need a second factor; none in practice, where one account does everything."""
    words = args.second_factor.split()
    if words != [VOLUNTARY] and not set(words) <= set(ROLES):
        raise BadSettings(
            f"{SECOND_FACTOR} là tên các vai trò ({', '.join(ROLES)}), hoặc {VOLUNTARY}; đang là {args.second_factor}.",
            f"{SECOND_FACTOR} names roles ({', '.join(ROLES)}), or is {VOLUNTARY}; it is {args.second_factor}.",
        )
    return () if config.kiosk.practice or words == [VOLUNTARY] else tuple(words)


def _public_urls(config: Config, args: argparse.Namespace) -> tuple[str, ...]:
    """Return what kiosks and browsers call the gateway: `--public-url`, else the words of the environment variable."""
    urls = tuple(args.public_url or os.environ.get(URL, "").split())
    if not urls and not config.kiosk.practice:
        raise BadSettings(
            f"Chưa có địa chỉ mà các máy và trình duyệt gọi cổng: đặt {URL} hoặc --public-url https://...",
            f"The gateway's public address is missing: set {URL} or --public-url https://...",
        )
    return urls


def _write_practice_stick_key(config: Config, args: argparse.Namespace) -> None:
    """Write the stick key where the practice kiosk reads it; a real ward gets the key from its province."""
    from sync.gateway import usb

    with open_database(config, args) as db:
        key = usb.stick_public_key(db, SYSTEM.now())
    config.practice_stick_path.write_text(f"{key}\n", encoding="ascii")


def _write_practice_account(config: Config, args: argparse.Namespace) -> None:
    """Make the bank account of practice, and write its id and secret where the practice kiosk reads them."""
    from kiosk.papers.fee import PRACTICE_ACCOUNT
    from sync.gateway.payments import bank_accounts

    with open_database(config, args) as db:
        account = bank_accounts.set_account(db, config.ward.unit_code, PRACTICE_ACCOUNT.account, SYSTEM.now())
    config.practice_bank_path.touch(mode=0o600)
    config.practice_bank_path.write_text(f"{account.account_id} {account.secret}\n", encoding="ascii")


def add_person(config: Config, args: argparse.Namespace) -> int:
    """Add an account of the gateway."""
    from sync.gateway import accounts

    if not accounts.is_login(args.login):
        raise BadSettings(
            "Tên đăng nhập: 3 đến 32 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối.",
            "A login has 3 to 32 small letters, digits, dots or hyphens.",
        )
    _require_units(args.units)
    secret = accounts.hash_password(_new_password(args.login, args.name))
    with open_database(config, args) as db:
        accounts.save_account(
            db, login=args.login, name=args.name, role=args.role, password_hash=secret, now=SYSTEM.now()
        )
        accounts.set_units(db, args.login, args.units)
        reason = " ".join((args.role, *args.units))
        accounts.record(db, login=CONSOLE, act="added", subject=args.login, now=SYSTEM.now(), reason=reason)
    print(f"{args.name} vào cổng bằng tên {args.login}.")
    return 0


def set_units(config: Config, args: argparse.Namespace) -> int:
    """Set the units that an account sees; none: all."""
    from sync.gateway import accounts

    _require_units(args.units)
    with open_database(config, args) as db:
        row = accounts.find_account(db, args.login)
        if row is None:
            raise _nobody(args.login)
        accounts.set_units(db, args.login, args.units)
        units = " ".join(args.units)
        accounts.record(db, login=CONSOLE, act="units", subject=args.login, now=SYSTEM.now(), reason=units)
    print(f"{args.login} xem {', '.join(args.units) or 'mọi đơn vị'}.")
    return 0


def _require_units(units: list[str]) -> None:
    from sync.gateway import wards

    wrong = [unit for unit in units if not wards.is_unit(unit)]
    if wrong:
        raise BadSettings(
            f"Mã đơn vị ví dụ H57.99.01; viết H57.99 là mọi đơn vị bắt đầu bằng mã đó. Đang là {wrong[0]}.",
            f"A unit is such as H57.99.01; H57.99 is every unit below it. It is {wrong[0]}.",
        )


def set_role(config: Config, args: argparse.Namespace) -> int:
    """Set the role of an account and end its sessions."""
    from sync.gateway import accounts

    with open_database(config, args) as db:
        if not accounts.set_role(db, args.login, args.role):
            raise _nobody(args.login)
        accounts.record(db, login=CONSOLE, act="role", subject=args.login, now=SYSTEM.now(), reason=args.role)
    print(f"{args.login}: {args.role}.")
    return 0


def list_people(config: Config, args: argparse.Namespace) -> int:
    """List the accounts of the gateway, disabled ones too."""
    from sync.gateway import accounts, second_factors

    with open_database(config, args) as db:
        people = accounts.list_accounts(db)
        with_factor = second_factors.with_factor(db)
    for person in people:
        factor = "  (hai bước)" if person.login in with_factor else ""
        units = f"  {person.units}" if person.units else ""
        state = "" if person.is_active else "  (đã khóa)"
        print(f"{person.login:20} {person.role:13} {person.name}{units}{factor}{state}")
    return 0


def set_password(config: Config, args: argparse.Namespace) -> int:
    """Set the password of an account and end its sessions."""
    from sync.gateway import accounts

    secret = accounts.hash_password(_new_password(args.login))
    with open_database(config, args) as db:
        row = accounts.find_account(db, args.login)
        if row is None:
            raise _nobody(args.login)
        accounts.save_account(db, login=row.login, name=row.name, role=row.role, password_hash=secret, now=SYSTEM.now())
        accounts.record(db, login=CONSOLE, act="password", subject=row.login, now=SYSTEM.now())
    print("Đã đặt mật khẩu.")
    return 0


def forget_second_factor(config: Config, args: argparse.Namespace) -> int:
    """Turn the second factor of an account off: its phone and its recovery codes are lost."""
    from sync.gateway import accounts, second_factors

    with open_database(config, args) as db:
        if accounts.find_account(db, args.login) is None:
            raise _nobody(args.login)
        if not second_factors.turn_off(db, args.login):
            raise BadSettings(
                f"{args.login} chưa bật xác nhận hai bước.",
                f"{args.login} has no second factor.",
            )
        accounts.end_sessions(db, args.login)
        accounts.record(db, login=CONSOLE, act="second_off", subject=args.login, now=SYSTEM.now())
    print(f"{args.login} đăng nhập bằng mật khẩu. Xin nhắc người này bật lại xác nhận hai bước.")
    return 0


def disable_person(config: Config, args: argparse.Namespace) -> int:
    """Disable an account of the gateway."""
    from sync.gateway import accounts

    with open_database(config, args) as db:
        if not accounts.disable_account(db, args.login):
            raise _nobody(args.login)
        accounts.record(db, login=CONSOLE, act="disabled", subject=args.login, now=SYSTEM.now())
    print(f"{args.login} tài khoản đã khóa.")
    return 0


def give_code(config: Config, args: argparse.Namespace) -> int:
    """Make a one-time code for a kiosk."""
    from sync.gateway import Enrolment, contract_schema, kiosks

    if contract_schema.validate("KioskId", args.kiosk_id) or contract_schema.validate("UnitCode", args.unit_code):
        raise BadSettings(
            "Mã máy là hai chữ in và hai đến bốn số (PK03); mã đơn vị ví dụ H57.99.01.",
            "A kiosk is two capitals and two to four digits (PK03); a unit is such as H57.99.01.",
        )
    code = kiosks.make_code(codes.token())
    with open_database(config, args) as db:
        kiosks.add_code(db, Enrolment(code, args.kiosk_id, args.unit_code), SYSTEM.now(), may_replace=args.renewal)
        _note(db, act="gave_renewal" if args.renewal else "gave_code", subject=args.kiosk_id, reason=args.unit_code)
    print(f"Mã {'đổi khóa' if args.renewal else 'ghi danh'} của {args.kiosk_id}, dùng một lần trong 24 giờ: {code}")
    return 0


def list_kiosks(config: Config, args: argparse.Namespace) -> int:
    """List the kiosks that the gateway knows, with the time each was last seen."""
    from sync.gateway import kiosks

    with open_database(config, args) as db:
        known = kiosks.list_kiosks(db)
    for kiosk in known:
        state = "  (đã thu hồi)" if kiosk.revoked_at else ""
        print(f"{kiosk.kiosk_id:6} {kiosk.unit_code:20} {kiosk.seen_at or 'chưa lần nào':24} {kiosk.last_seq}{state}")
    return 0


def revoke(config: Config, args: argparse.Namespace) -> int:
    """Revoke the key of a kiosk."""
    from sync.gateway import kiosks

    with open_database(config, args) as db:
        if not kiosks.revoke(db, args.kiosk_id, SYSTEM.now()):
            raise BadSettings(f"Không có máy nào đang dùng mã {args.kiosk_id}.", f"No live kiosk {args.kiosk_id}.")
        _note(db, act="revoked", subject=args.kiosk_id, reason=args.reason)
    print(f"Đã thu hồi khóa của {args.kiosk_id}.")
    return 0


def add_gateway(gateway: argparse.ArgumentParser) -> None:
    """Add the options and subcommands of `kiosk gateway`."""
    gateway.set_defaults(act=serve)
    gateway.add_argument("--data", default="", help="another folder than kiosk.toml names")
    gateway.add_argument(
        "--database",
        default=os.environ.get(DATABASE, ""),
        help=f"postgresql://...; in practice a file (also: {DATABASE})",
    )
    gateway.add_argument("--listen", type=int, default=0, metavar="PORT", help="the gateway's own port")
    gateway.add_argument(
        "--public-url",
        action="append",
        metavar="URL",
        help=f"what kiosks and browsers call it, such as https://gateway.example; also older names (also: {URL})",
    )
    gateway.add_argument(
        "--forward",
        default="",
        metavar="PLACE",
        help="the far side: target:/etc/kiosk-gateway/dvcqg.toml, or folder:/var/lib/noted for trials",
    )
    gateway.add_argument(
        "--forward-every", type=float, default=0.2, metavar="SECONDS", help="the shortest time between two hand-overs"
    )
    gateway.add_argument(
        "--messages",
        default="none",
        metavar="PLACE",
        help="who sends messages: none, file:/var/lib/noted for trials, zalo:/etc/kiosk-gateway/zalo.toml, or sms:...",
    )
    gateway.add_argument("--metrics-port", type=int, default=0, metavar="PORT", help="Prometheus figures, on loopback")
    gateway.add_argument(
        "--keep-days", type=int, default=90, metavar="DAYS", help="content is deleted so long after the last change"
    )
    gateway.add_argument(
        "--minimum-version",
        default=os.environ.get(MINIMUM, ""),
        metavar="VERSION",
        help=f"older kiosks keep their forms until they are updated (also: {MINIMUM})",
    )
    gateway.add_argument(
        "--releases",
        default=os.environ.get(RELEASES, ""),
        metavar="FOLDER",
        help=f"the repository of signed releases that kiosks fetch (also: {RELEASES})",
    )
    gateway.add_argument(
        "--standby",
        default=os.environ.get(STANDBY, ""),
        metavar=REQUIRED,
        help=f"'{REQUIRED}': acknowledge only what a synchronous standby has on its disk (also: {STANDBY})",
    )
    gateway.add_argument(
        "--second-factor",
        default=os.environ.get(SECOND_FACTOR, "") or SECOND_FACTOR_ROLES,
        metavar="ROLES",
        help=f"roles that need a second factor, between spaces, or '{VOLUNTARY}' (also: {SECOND_FACTOR})",
    )
    kinds = gateway.add_subparsers(dest="what", metavar="what")
    _add_people(
        kinds.add_parser(
            "staff", help="who signs in to the gateway: add, list, role, units, password, no-second-factor, disable"
        )
    )
    _add_kiosks(kinds.add_parser("kiosk", help="which kiosks it knows: code, list, revoke"))
    gateway_usb.add_to(kinds)
    gateway_trail.add_to(kinds)
    gateway_target.add_to(kinds)
    gateway_payment.add_to(kinds)
    gateway_message.add_to(kinds)
    add_practice(gateway)


def _add_people(staff: argparse.ArgumentParser) -> None:
    acts = staff.add_subparsers(dest="verb", required=True, metavar="verb")
    add = acts.add_parser("add", help="let somebody sign in; the password is asked for, or read from standard input")
    add.add_argument("login", help="3 to 32 small letters, digits, dots, hyphens")
    add.add_argument("name", help="first and last name")
    add.add_argument("--role", choices=ROLES, default=ROLES[0])
    add.add_argument("--units", nargs="+", default=[], metavar="UNIT", help="only these units: H57.99.01, or H57.99")
    add.set_defaults(act=add_person)
    acts.add_parser("list", help="everybody").set_defaults(act=list_people)
    role = acts.add_parser("role", help="what somebody may do; wherever the person is signed in, they are out")
    role.add_argument("login")
    role.add_argument("role", choices=ROLES)
    role.set_defaults(act=set_role)
    units = acts.add_parser("units", help="which units somebody sees; none: all")
    units.add_argument("login")
    units.add_argument("units", nargs="*", metavar="unit", help="H57.99.01, or H57.99 for every unit below it")
    units.set_defaults(act=set_units)
    for name, act, said in (
        ("password", set_password, "a new password; wherever the person is signed in, they are out"),
        ("no-second-factor", forget_second_factor, "after a lost phone: sign in by the password alone"),
        ("disable", disable_person, "let somebody sign in no more"),
    ):
        command = acts.add_parser(name, help=said)
        command.add_argument("login")
        command.set_defaults(act=act)


def _add_kiosks(kiosk: argparse.ArgumentParser) -> None:
    acts = kiosk.add_subparsers(dest="verb", required=True, metavar="verb")
    code = acts.add_parser("code", help="a one-time code for a kiosk and its unit, good for 24 hours")
    code.add_argument("kiosk_id", help="such as PK03")
    code.add_argument("unit_code", help="such as H57.99.01")
    code.add_argument("--renewal", action="store_true", help="for a kiosk that is live and gets another key")
    code.set_defaults(act=give_code)
    acts.add_parser("list", help="every kiosk and when it was last here").set_defaults(act=list_kiosks)
    revoking = acts.add_parser("revoke", help="take a kiosk's key away")
    revoking.add_argument("kiosk_id")
    revoking.add_argument("reason", help="why; it is kept")
    revoking.set_defaults(act=revoke)


def _catalogue(config: Config) -> tuple["FormVersion", ...]:
    """Return the forms in force on this machine, as the gateway announces them to kiosks."""
    from sync.gateway import FormVersion

    procedures = open_catalogue(config).all(local(SYSTEM.now()).date())
    return tuple(
        FormVersion(
            procedure_code=procedure.code,
            form_id=procedure.id,
            form_version=procedure.version,
            effective_from=procedure.effective_from.isoformat(),
        )
        for procedure in procedures
    )


def _note(db: Any, act: str, subject: str, reason: str) -> None:
    from sync.gateway import accounts

    accounts.record(db, login=CONSOLE, act=act, subject=subject, now=SYSTEM.now(), reason=reason)


def _nobody(login: str) -> BadSettings:
    return BadSettings(f"Không có tài khoản {login}.", f"There is no account {login}.")


def _new_password(*names: str) -> str:
    """Return a new password that is not easy to guess."""
    password = ask_new_password()
    require_strong(password, names)
    return password
