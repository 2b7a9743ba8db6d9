"""Bank accounts of wards: which ward a notice is for, and the secret that its bank signs with.

The secret is shown once. The database has it sealed, bound to the account's id.
"""

import base64
import os
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from sync.encoding import timestamp
from sync.gateway import sealing
from sync.gateway.tables import payment_accounts, payment_notices

_SEALED_KIND = "payment secret"
_ACCOUNT_NO = re.compile(r"[0-9A-Z]{4,19}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class BankAccount:
    """A bank account of a ward; `account_id` is in the address of its web hook."""

    account_id: str
    unit_code: str
    account_no: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AccountState:
    """An account as lists show it: the time of its last notice and of its last statement, and counts of notices."""

    account_id: str
    unit_code: str
    account_no: str
    noticed_at: str | None
    stated_at: str | None
    notices: int
    unclear: int


def is_account_no(text: str) -> bool:
    """Return whether a text may be the number of an account."""
    return _ACCOUNT_NO.fullmatch(text) is not None


def set_account(db: Connection, unit_code: str, account_no: str, now: datetime) -> BankAccount:
    """Add an account of a ward, or replace the secret of one that is or was there: its notices stay known."""
    is_account = (payment_accounts.c.unit_code == unit_code) & (payment_accounts.c.account_no == account_no)
    known = db.execute(select(payment_accounts.c.account_id).where(is_account)).scalar()
    account = BankAccount(
        account_id=known or base64.b32encode(os.urandom(10)).decode().lower(),
        unit_code=unit_code,
        account_no=account_no,
        secret=base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("="),
    )
    sealed = sealing.sealer(db).seal(_SEALED_KIND, account.account_id, account.secret.encode())
    if known:
        changed = update(payment_accounts).where(payment_accounts.c.account_id == known)
        db.execute(changed.values(sealed_secret=sealed, ended_at=None))
        return account
    db.execute(
        insert(payment_accounts).values(
            account_id=account.account_id,
            unit_code=unit_code,
            account_no=account_no,
            sealed_secret=sealed,
            added_at=timestamp(now),
        )
    )
    return account


def find_account(db: Connection, account_id: str) -> BankAccount | None:
    """Return an account that is in use; None for an unknown or an ended one."""
    is_account = (payment_accounts.c.account_id == account_id) & payment_accounts.c.ended_at.is_(None)
    row = db.execute(select(payment_accounts).where(is_account)).one_or_none()
    return None if row is None else _account(db, row)


def end_account(db: Connection, account_id: str, now: datetime) -> bool:
    """End an account: its notices stay, and no more are taken; return False when no such account is in use."""
    is_account = (payment_accounts.c.account_id == account_id) & payment_accounts.c.ended_at.is_(None)
    return db.execute(update(payment_accounts).where(is_account).values(ended_at=timestamp(now))).rowcount == 1


def list_accounts(db: Connection) -> list[AccountState]:
    """Return the accounts in use, by unit."""
    columns = payment_notices.c
    counts = (
        select(
            columns.account_id,
            func.max(columns.received_at).filter(columns.source == "notice").label("noticed_at"),
            func.max(columns.stated_at).label("stated_at"),
            func.count().label("notices"),
            func.count().filter(columns.payment_key.is_(None)).label("unclear"),
        )
        .group_by(columns.account_id)
        .subquery()
    )
    accounts = payment_accounts.c
    joined = select(payment_accounts, counts.c.noticed_at, counts.c.stated_at, counts.c.notices, counts.c.unclear)
    rows = db.execute(
        joined.outerjoin(counts, counts.c.account_id == accounts.account_id)
        .where(accounts.ended_at.is_(None))
        .order_by(accounts.unit_code, accounts.account_no)
    )
    return [
        AccountState(
            account_id=row.account_id,
            unit_code=row.unit_code,
            account_no=row.account_no,
            noticed_at=row.noticed_at,
            stated_at=row.stated_at,
            notices=row.notices or 0,
            unclear=row.unclear or 0,
        )
        for row in rows
    ]


def _account(db: Connection, row: Row[Any]) -> BankAccount:
    return BankAccount(
        account_id=row.account_id,
        unit_code=row.unit_code,
        account_no=row.account_no,
        secret=sealing.sealer(db).open(_SEALED_KIND, row.account_id, row.sealed_secret).decode(),
    )
