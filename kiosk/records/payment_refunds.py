"""The payment_refunds table: money of transfers that the ward has to pay back. The accountant pays; no machine does."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock


@dataclass(frozen=True, kw_only=True)
class PaymentRefund:
    """Money to pay back; `subject` is that of the notices, or of one notice that leads nowhere."""

    id: str
    subject: str
    amount: int
    day: date
    actor: str
    at: datetime


def insert(db: Database, refund: PaymentRefund) -> None:
    """Insert money to pay back."""
    sql = """insert into payment_refunds (id, subject, amount, day, actor, at)
             values (:id, :subject, :amount, :day, :actor, :at)"""
    db.execute(sql, vars(refund) | {"day": refund.day.isoformat(), "at": clock.timestamp(refund.at)})


def undo(db: Database, refund_id: str, now: datetime) -> bool:
    """Take back that money has to be paid back; return False where it was undone before or is unknown."""
    sql = "update payment_refunds set undone_at = ? where id = ? and undone_at is null"
    return db.execute(sql, [clock.timestamp(now), refund_id]).rowcount > 0


def find(db: Database, refund_id: str) -> PaymentRefund | None:
    """Return a refund that was not undone."""
    return next(iter(_all(db, "where id = ? and undone_at is null", [refund_id])), None)


def of_subject(db: Database, subject: str) -> list[PaymentRefund]:
    """Return the refunds of a subject that were not undone, oldest first."""
    return _all(db, "where subject = ? and undone_at is null order by at, rowid", [subject])


def of_day(db: Database, day: date) -> list[PaymentRefund]:
    """Return the refunds that were written on a day and not undone."""
    return _all(db, "where day = ? and undone_at is null order by at, rowid", [day.isoformat()])


def _all(db: Database, where: str, args: list[Any]) -> list[PaymentRefund]:
    rows = db.query(f"select id, subject, amount, day, actor, at from payment_refunds {where}", args)  # noqa: S608  # nosec B608 # constants of this module
    return [_refund(row) for row in rows]


def _refund(row: dict[str, Any]) -> PaymentRefund:
    return PaymentRefund(**{**row, "day": date.fromisoformat(row["day"]), "at": clock.parse_timestamp(row["at"])})
