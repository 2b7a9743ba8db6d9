"""`kiosk gateway payment`: bank accounts of the wards, and statements."""

import argparse
from pathlib import Path
from typing import Any

from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings
from kiosk.cli.gateway_database import CONSOLE, open_database
from kiosk.config import Config


def add_to(commands: Any) -> None:
    """Add `kiosk gateway payment`."""
    payment = commands.add_parser("payment", help="payments that banks tell: account, list, end, statement")
    acts = payment.add_subparsers(dest="verb", required=True, metavar="verb")
    account = acts.add_parser("account", help="a ward's bank account; prints address and secret of its web hook, once")
    account.add_argument("unit_code", help="such as H57.99.01")
    account.add_argument("account_no", help="the number of the account, as kiosks have it in [fees]")
    account.set_defaults(act=set_account)
    acts.add_parser("list", help="every account and when its bank was heard last").set_defaults(act=list_accounts)
    end = acts.add_parser("end", help="take no more notices of an account")
    end.add_argument("account_id", help="from the list")
    end.set_defaults(act=end_account)
    statement = acts.add_parser("statement", help="import a statement of the bank (CSV); what is known changes nothing")
    statement.add_argument("account_id", help="from the list")
    statement.add_argument("file", type=Path)
    statement.set_defaults(act=import_statement)


def set_account(config: Config, args: argparse.Namespace) -> int:
    """Add an account, or replace its secret; print what its bank needs."""
    from sync.gateway import accounts, wards
    from sync.gateway.payments import bank_accounts

    if not wards.is_unit(args.unit_code) or not bank_accounts.is_account_no(args.account_no):
        raise BadSettings(
            "Mã đơn vị ví dụ H57.99.01; số tài khoản là 4 đến 19 chữ số hoặc chữ in, viết liền.",
            "A unit is such as H57.99.01; an account has 4 to 19 digits or capitals without spaces.",
        )
    with open_database(config, args) as db:
        account = bank_accounts.set_account(db, args.unit_code, args.account_no, SYSTEM.now())
        accounts.record(
            db, login=CONSOLE, act="set_account", subject=args.account_no, now=SYSTEM.now(), reason=args.unit_code
        )
    print(f"Địa chỉ nhận báo có: /payments/{account.account_id}")
    print(f"Khóa ký, chỉ hiện một lần: {account.secret}")
    return 0


def list_accounts(config: Config, args: argparse.Namespace) -> int:
    """List the accounts, with the time of the last notice and of the last statement."""
    from sync.gateway.payments import bank_accounts

    with open_database(config, args) as db:
        known = bank_accounts.list_accounts(db)
    for account in known:
        noticed = account.noticed_at or "chưa lần nào"
        stated = account.stated_at or "chưa lần nào"
        print(f"{account.account_id}  {account.unit_code:20} {account.account_no:19} {noticed:27} {stated}")
    return 0


def end_account(config: Config, args: argparse.Namespace) -> int:
    """End an account: its bank is answered with 401 from now on."""
    from sync.gateway import accounts
    from sync.gateway.payments import bank_accounts

    with open_database(config, args) as db:
        if not bank_accounts.end_account(db, args.account_id, SYSTEM.now()):
            raise _unknown(args.account_id)
        accounts.record(db, login=CONSOLE, act="ended_account", subject=args.account_id, now=SYSTEM.now())
    print(f"Cổng thôi nhận báo có của {args.account_id}.")
    return 0


def import_statement(config: Config, args: argparse.Namespace) -> int:
    """Import a statement; 1 when lines of it could not be read or differ from what is known."""
    from sync.gateway import accounts
    from sync.gateway.pages.labels import STATEMENT_ERRORS
    from sync.gateway.payments import bank_accounts, payment_notices
    from sync.gateway.payments.statement import BadStatement, parse_statement

    try:
        statement = parse_statement(args.file.read_bytes())
    except OSError:
        raise BadSettings(f"Không đọc được tệp {args.file}.", f"The file {args.file} cannot be read.") from None
    except BadStatement as error:
        raise BadSettings(STATEMENT_ERRORS[str(error)], f"This is no statement: {error}.") from None
    with open_database(config, args) as db:
        account = bank_accounts.find_account(db, args.account_id)
        if account is None:
            raise _unknown(args.account_id)
        try:
            counts = payment_notices.record_lines(db, account, statement.lines, "statement", SYSTEM.now())
        except payment_notices.NoKiosk:
            raise BadSettings(STATEMENT_ERRORS["kiosk"], "The ward of this account has no kiosk.") from None
        accounts.record(
            db,
            login=CONSOLE,
            act="imported_statement",
            subject=account.account_no,
            now=SYSTEM.now(),
            reason=account.unit_code,
        )
    print(f"{counts.new} mới ({counts.unclear} không có mã), {counts.known} đã có, {counts.other} khoản chi khác.")
    if counts.conflicts:
        print(f"Khác với điều đã biết, giữ như cũ: {', '.join(counts.conflicts[:20])}.")
    if statement.broken:
        print(f"{len(statement.broken)} dòng không đọc được: {', '.join(map(str, statement.broken[:20]))}.")
    return 1 if counts.conflicts or statement.broken else 0


def _unknown(account_id: str) -> BadSettings:
    return BadSettings(f"Không có tài khoản {account_id}.", f"There is no account {account_id}.")
