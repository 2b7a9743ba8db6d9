"""Payments page: the bank accounts of the wards, and the import of a statement."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from sync.gateway import accounts
from sync.gateway.context import context
from sync.gateway.pages import access, labels
from sync.gateway.payments import bank_accounts, payment_notices
from sync.gateway.payments.bank_accounts import BankAccount
from sync.gateway.payments.payment_notices import NoKiosk, NoticeCounts
from sync.gateway.payments.statement import BadStatement, Statement, parse_statement


@dataclass(frozen=True)
class ImportedStatement:
    """A statement that was imported: its account, its counts, and the numbers of lines that could not be read."""

    account: BankAccount
    counts: NoticeCounts
    broken: list[int]


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/payments", view_func=show_payments)
    pages.add_url_rule("/payments", view_func=import_statement, methods=["POST"])


def show_payments() -> str:
    """Show the accounts with their last notices, and the form for a statement."""
    return _render_page()


def import_statement() -> str:
    """Import the statement of an account; a file that is no statement changes nothing."""
    upload = request.files.get("statement")
    with context().engine.begin() as db:
        account = bank_accounts.find_account(db, request.form.get("account", ""))
    if account is None or not access.current_wards().has(account.unit_code):
        return _render_page(error=labels.STATEMENT_ERRORS["account"])
    try:
        statement = parse_statement(upload.read() if upload else b"")
        counts = _record(account, statement)
    except BadStatement as error:
        return _render_page(error=labels.STATEMENT_ERRORS[str(error)])
    except NoKiosk:
        return _render_page(error=labels.STATEMENT_ERRORS["kiosk"])
    return _render_page(imported=ImportedStatement(account=account, counts=counts, broken=statement.broken))


def _record(account: BankAccount, statement: Statement) -> NoticeCounts:
    """Store the movements, and record who has imported them."""
    now = context().settings.now()
    with context().engine.begin() as db:
        counts = payment_notices.record_lines(db, account, statement.lines, "statement", now)
        accounts.record(
            db,
            login=access.current_session().login,
            act="imported_statement",
            subject=account.account_no,
            now=now,
            reason=account.unit_code,
        )
    return counts


def _render_page(*, imported: ImportedStatement | None = None, error: str = "") -> str:
    wards = access.current_wards()
    with context().engine.begin() as db:
        known = [account for account in bank_accounts.list_accounts(db) if wards.has(account.unit_code)]
    return render_template("payments.html", accounts=known, imported=imported, error=error)
